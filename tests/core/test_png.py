"""Exported pictures carry their session."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from samples import latents_of, make_state

from localedit_core.errors import LocalEditError
from localedit_core.session.png import export_png, load_session_any, read_png_session
from localedit_core.session.storage import save_session, session_bytes


@pytest.fixture
def image() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (24, 40, 3), dtype=np.uint8)


@pytest.fixture
def session() -> bytes:
    state = make_state()
    return session_bytes(state, latents_of(state))


def test_pixels_and_session_come_back(tmp_path: Path, image: np.ndarray, session: bytes) -> None:
    path = tmp_path / "out.png"
    export_png(path, image, session)
    with Image.open(path) as opened:
        assert opened.format == "PNG"
        np.testing.assert_array_equal(np.asarray(opened), image)
        texts = opened.info
    assert base64.b64decode(texts["localedit-session"]) == session
    assert texts["Software"] == "LocalEdit"
    assert texts["Description"].startswith("Synthetic composite")
    read = read_png_session(path).state
    assert session_bytes(read, {}) == session


def test_picture_without_session(tmp_path: Path, image: np.ndarray) -> None:
    path = tmp_path / "plain.png"
    export_png(path, image)
    with pytest.raises(LocalEditError, match="without a session") as caught:
        read_png_session(path)
    assert str(path) in caught.value.message
    foreign = tmp_path / "foreign.png"
    Image.fromarray(image).save(foreign)
    with pytest.raises(LocalEditError, match="without a session"):
        load_session_any(foreign)


def test_either_kind_is_told_by_content_not_by_name(
    tmp_path: Path, image: np.ndarray, session: bytes
) -> None:
    state = make_state()
    save_session(tmp_path / "session.png", state, latents_of(state))
    export_png(tmp_path / "picture.localedit", image, session)
    for name in ("session.png", "picture.localedit"):
        assert session_bytes(load_session_any(tmp_path / name).state, {}) == session


def test_large_session_fits(tmp_path: Path, image: np.ndarray) -> None:
    # Pillow reads at most 1 MiB of compressed text; sessions of many stored latents exceed that.
    rng = np.random.default_rng(2)
    state = make_state()
    values = {key: rng.standard_normal((18, 16384)).astype(np.float32) for key in latents_of(state)}
    data = session_bytes(state, values)
    assert len(data) > 2 * 2**20
    export_png(tmp_path / "large.png", image, data)
    assert session_bytes(read_png_session(tmp_path / "large.png").state, {}) == data


@pytest.mark.parametrize(
    "text", ["", "no base64!", "AAAA", base64.b64encode(b"PK\x03\x04 no zip").decode(), "é"]
)
def test_broken_session_in_a_sound_picture(tmp_path: Path, image: np.ndarray, text: str) -> None:
    path = tmp_path / "odd.png"
    texts = PngInfo()
    texts.add_text("localedit-session", text)
    Image.fromarray(image).save(path, pnginfo=texts)
    with pytest.raises(LocalEditError) as caught:
        read_png_session(path)
    assert str(path) in caught.value.message


def test_text_that_unpacks_to_much_more_is_not_unpacked(tmp_path: Path, image: np.ndarray) -> None:
    path = tmp_path / "bomb.png"
    texts = PngInfo()
    texts.add_text("localedit-session", "A" * (64 * 2**20), zip=True)
    Image.fromarray(image).save(path, pnginfo=texts)
    assert path.stat().st_size < 2**20
    with pytest.raises(LocalEditError, match="damaged PNG") as caught:
        read_png_session(path)
    assert str(path) in caught.value.message


@pytest.mark.parametrize("size", [(100_000, 100_000), (8193, 1), (0, 5), (2**31 - 1, 2**31 - 1)])
def test_absurd_declared_size_is_refused_before_decoding(
    tmp_path: Path, image: np.ndarray, session: bytes, size: tuple[int, int]
) -> None:
    path = tmp_path / "huge.png"
    export_png(path, image, session)
    data = bytearray(path.read_bytes())
    data[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
    path.write_bytes(data)
    with pytest.raises(LocalEditError, match=f"{size[0]} x {size[1]}") as caught:
        load_session_any(path)
    assert str(path) in caught.value.message


def test_session_is_read_without_decoding_pixels(
    tmp_path: Path, image: np.ndarray, session: bytes
) -> None:
    path = tmp_path / "out.png"
    export_png(path, image, session)
    data = path.read_bytes()
    start = data.index(b"IDAT") + 4
    path.write_bytes(data[:start] + bytes(len(data) - start))
    assert session_bytes(read_png_session(path).state, {}) == session


def test_exported_picture_replaces_only_when_whole(
    tmp_path: Path, image: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.png"
    path.write_bytes(b"earlier")

    def full(self: Path, *_: object) -> io.BytesIO:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(LocalEditError, match="disk is full"):
        export_png(path, image)
    monkeypatch.undo()
    assert path.read_bytes() == b"earlier"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.png"]
