"""Hostile, damaged and foreign files: one clear line that names the file, and nothing lost."""

from __future__ import annotations

import errno
import io
import os
import pickle
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from samples import (
    latents_of,
    make_state,
    pack,
    refused,
    safetensors_file,
)

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.session.png import export_png, load_session_any, read_png_session
from localedit_core.session.storage import load_session, save_session, session_bytes

READERS: dict[str, Callable[[Path], Any]] = {
    "generator": load_generator,
    "catalog": load_catalog,
    "session": load_session,
    "png": read_png_session,
    "any": load_session_any,
}


@pytest.fixture(scope="module")
def sound(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """The bytes of a sound file of each kind."""
    folder = tmp_path_factory.mktemp("sound")
    state = make_state()
    session = session_bytes(state, latents_of(state), np.zeros((8, 8, 3), np.uint8))
    save_generator(tiny_generator, folder / "generator", name="Tiny")
    save_catalog(tiny_catalog, folder / "catalog")
    save_session(folder / "session", state, latents_of(state), np.zeros((8, 8, 3), np.uint8))
    export_png(folder / "png", np.zeros((8, 8, 3), np.uint8), session)
    files = {entry.name: entry.read_bytes() for entry in folder.iterdir()}
    return files | {"any": files["session"]}


@pytest.mark.parametrize("kind", READERS)
def test_missing_file_folder_and_empty_file(kind: str, tmp_path: Path) -> None:
    assert "no file" in refused(READERS[kind], tmp_path / "nothing").message
    refused(READERS[kind], tmp_path)
    (tmp_path / "empty").write_bytes(b"")
    refused(READERS[kind], tmp_path / "empty")


@pytest.mark.parametrize("kind", READERS)
def test_truncated_at_many_places(kind: str, sound: dict[str, bytes], tmp_path: Path) -> None:
    data = sound[kind]
    path = tmp_path / "short"
    # What follows the text chunks of a PNG are pixels, which reading a session leaves alone.
    end = data.index(b"IDAT") if kind == "png" else len(data)
    for length in sorted({*range(1, 40), *range(40, end, max(1, end // 60)), end - 1}):
        path.write_bytes(data[:length])
        refused(READERS[kind], path)


@pytest.mark.parametrize("kind", READERS)
def test_flipped_bytes_never_raise_anything_else(
    kind: str, sound: dict[str, bytes], tmp_path: Path
) -> None:
    rng = random.Random(kind)
    path = tmp_path / "flipped"
    complaints = 0
    for _ in range(150):
        data = bytearray(sound[kind])
        for _ in range(rng.choice((1, 1, 3, 20))):
            # Structure is dense at both ends.
            place = rng.choice((rng.randrange(200), -rng.randrange(1, 200), rng.randrange(10**9)))
            data[place % len(data)] = rng.randrange(256)
        path.write_bytes(data)
        complaint = ""
        try:
            READERS[kind](path)
        except LocalEditError as error:
            complaint = error.message
            complaints += 1
        assert not complaint or str(path) in complaint
    assert complaints > 20


def foreign_files() -> dict[str, bytes]:
    picture = Image.fromarray(np.zeros((8, 8, 3), np.uint8))
    jpeg, png = io.BytesIO(), io.BytesIO()
    picture.save(jpeg, "JPEG")
    picture.save(png, "PNG")
    return {
        "text": b"Dear diary, this is no picture.\n" * 20,
        "jpeg": jpeg.getvalue(),
        "png": png.getvalue(),
        "zeros": bytes(4096),
        "ones": b"\xff" * 4096,
        "random": random.Random(0).randbytes(4096),
        "zip": pack({"readme.txt": b"hello"}),
        "tensors": safetensors_file(
            {"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)
        ),
    }


@pytest.mark.parametrize("content", foreign_files())
@pytest.mark.parametrize("kind", READERS)
def test_foreign_files(kind: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / "foreign"
    path.write_bytes(foreign_files()[content])
    refused(READERS[kind], path)


@pytest.mark.parametrize("kind", READERS)
def test_files_of_another_kind(kind: str, sound: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "other"
    fitting = {"any": {"session", "png"}, "session": {"any"}}.get(kind, set()) | {kind}
    for other, data in sound.items():
        if other not in fitting:
            path.write_bytes(data)
            refused(READERS[kind], path)


class Payload:
    """Unpickling it makes a folder."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"mkdir '{self.trace}'",)


@pytest.mark.parametrize("suffix", [".pkl", ".pt", ".safetensors", ".localedit", ".png"])
@pytest.mark.parametrize("kind", READERS)
def test_pickles_are_never_run(kind: str, suffix: str, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    path = tmp_path / f"model{suffix}"
    for protocol in (0, 2, 4):
        path.write_bytes(pickle.dumps({"G_ema": Payload(trace)}, protocol=protocol))
        refused(READERS[kind], path)
    torch.save({"G_ema": Payload(trace)}, path)
    refused(READERS[kind], path)
    assert not trace.exists()
    # The trap is set: what we refuse to do would have made the folder.
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        inner = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        pickle.loads(archive.read(inner))
    assert trace.exists()


def test_published_checkpoints_are_recognised(tmp_path: Path) -> None:
    pickled, zipped = tmp_path / "network.pkl", tmp_path / "network.pt"
    pickled.write_bytes(pickle.dumps({"G": 1}, protocol=4))
    torch.save({"G": torch.zeros(2)}, zipped)
    for path in (pickled, zipped):
        error = refused(load_generator, path)
        assert "published checkpoint" in error.message
        assert "localedit import" in error.hint


@pytest.mark.parametrize(
    ("header", "length"),
    [
        (b"{}", 2**63),
        (b"{}", 2**40),
        (b"{}", 100),
        (b"{" + b" " * 50, None),
        (b'{"a":' + b"[" * 50_000, None),
        ({"a": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 4]}}, None),
        ({"a": {"dtype": "F32", "shape": [2**30], "data_offsets": [0, 2**32]}}, None),
        ({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, None),
        ({"a": {"dtype": "F99", "shape": [1], "data_offsets": [0, 4]}}, None),
        ({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}, None),
        ({"__metadata__": {"format": 3}}, None),
        ({"__metadata__": {"format": "localedit-generator", "kind": "localedit-catalog"}}, None),
    ],
)
def test_lying_tensor_files(header: Any, length: int | None, tmp_path: Path) -> None:
    path = tmp_path / "lie.safetensors"
    path.write_bytes(safetensors_file(header, bytes(4), length))
    refused(load_generator, path)
    refused(load_catalog, path)


def test_catalog_of_another_generator(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog, tmp_path: Path
) -> None:
    path = tmp_path / "tiny.catalog.safetensors"
    save_catalog(tiny_catalog, path)
    load_catalog(path, tiny_generator.fingerprint)
    error = refused(lambda where: load_catalog(where, "0" * 64), path)
    assert "another generator" in error.message


# --- places that cannot be written or read ---


def writers(generator: StyleGAN2, catalog: Catalog) -> dict[str, Callable[[Path], None]]:
    state = make_state()
    return {
        "session": lambda path: save_session(path, state, latents_of(state)),
        "png": lambda path: export_png(path, np.zeros((8, 8, 3), np.uint8)),
        "generator": lambda path: save_generator(generator, path, name="G"),
        "catalog": lambda path: save_catalog(catalog, path),
    }


@pytest.mark.parametrize("kind", ["session", "png", "generator", "catalog"])
@pytest.mark.parametrize("step", ["create", "write", "flush", "replace"])
@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "permission"), (errno.EROFS, "permission")],
)
def test_failing_disk_loses_nothing(
    kind: str,
    step: str,
    number: int,
    words: str,
    tiny_generator: StyleGAN2,
    tiny_catalog: Catalog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "precious"
    path.write_bytes(b"what was there")

    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    class Half(io.FileIO):
        """A file on a disk that fills up after a few bytes."""

        def write(self, data: Any) -> int:
            super().write(bytes(data)[:7])
            fail()
            return 7

    plain_open = Path.open

    def opened(self: Path, mode: str = "r", *_: Any, **__: Any) -> Any:
        return Half(self, "w") if mode == "wb" else plain_open(self, mode)

    if step == "write":
        monkeypatch.setattr(Path, "open", opened)
    else:
        name = {"create": "open", "flush": "fsync", "replace": "replace"}[step]
        monkeypatch.setattr(os, name, fail)
    with pytest.raises(LocalEditError) as caught:
        writers(tiny_generator, tiny_catalog)[kind](path)
    monkeypatch.undo()
    assert words in caught.value.message
    assert str(path) in caught.value.message
    assert path.read_bytes() == b"what was there"
    assert [entry.name for entry in tmp_path.iterdir()] == ["precious"]


@pytest.mark.parametrize("kind", READERS)
def test_file_that_may_not_be_read(
    kind: str, tmp_path: Path, sound: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "closed"
    path.write_bytes(sound[kind])

    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "permission" in refused(READERS[kind], path).message.lower()


def test_stored_state_is_checked_before_the_earlier_file_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    state = make_state()
    save_session(path, state, latents_of(state))
    before = path.read_bytes()
    with pytest.raises(LocalEditError):
        save_session(path, replace(state, psi=float("inf")), latents_of(state))
    assert path.read_bytes() == before
