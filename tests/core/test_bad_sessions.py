"""Hostile and damaged sessions: one clear line that names the file, and the field if there is one.

What holds for files of every kind is in ``test_bad_files``.
"""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from PIL import Image
from samples import (
    latents_of,
    make_state,
    members,
    pack,
    pack_link,
    refused,
    safetensors_file,
    with_document,
)

from localedit_core.session.migrations import FORMAT_VERSION
from localedit_core.session.png import load_session_any, read_png_session
from localedit_core.session.storage import load_session, session_bytes


@pytest.fixture(scope="module")
def session() -> bytes:
    """The bytes of a sound session."""
    state = make_state()
    return session_bytes(state, latents_of(state), np.zeros((8, 8, 3), np.uint8))


# --- the ZIP ---


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "../session.json",
        "/etc/passwd",
        "C:\\evil.txt",
        "..\\evil.txt",
        "sub/session.json",
        "./session.json",
        "Session.json",
        "readme.txt",
        "folder/",
    ],
)
def test_names_that_do_not_belong(name: str, session: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    path = folder / "work.localedit"
    path.write_bytes(pack(members(session) | {name: b"evil"}))
    error = refused(load_session, path)
    assert "belong" in error.message
    assert [entry.name for entry in tmp_path.rglob("*")] == ["inner", "work.localedit"]


def test_name_given_twice(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    buffer = io.BytesIO(session)
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("session.json", b"{}")
    path.write_bytes(buffer.getvalue())
    assert "twice" in refused(load_session, path).message


def test_symbolic_link(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    path.write_bytes(
        pack_link(members(session) | {"thumbnail.png": b"/etc/passwd"}, "thumbnail.png")
    )
    assert "plain file" in refused(load_session, path).message


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression(method: int, session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    path.write_bytes(pack(members(session), method))
    assert "unusual" in refused(load_session, path).message


@pytest.mark.parametrize("missing", ["session.json", "latents.safetensors"])
def test_missing_member(missing: str, session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    contents = members(session)
    del contents[missing]
    path.write_bytes(pack(contents))
    assert missing in refused(load_session, path).message


def test_encrypted_member(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    data = bytearray(session)
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1  # general purpose flag, bit 0
    path.write_bytes(data)
    assert "encrypted" in refused(load_session, path).message


def test_bomb_that_declares_its_size(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    path.write_bytes(pack(members(session) | {"session.json": bytes(300 * 2**20)}))
    assert path.stat().st_size < 2**20
    assert str(300 * 2**20) in refused(load_session, path).message


@pytest.mark.parametrize("declared", [100, 2**20])
def test_bomb_that_hides_its_size(declared: int, session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    bomb = bytes(64 * 2**20)
    data = pack(members(session) | {"session.json": bomb})
    honest = struct.pack("<L", len(bomb))
    assert data.count(honest) >= 2  # in the local header and in the directory
    path.write_bytes(data.replace(honest, struct.pack("<L", declared)))
    refused(load_session, path)


def test_bomb_with_a_fitting_checksum_stops_at_its_declared_size(
    session: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "work.localedit"
    bomb = b'{"format": "localedit-session"}' + b" " * (64 * 2**20)
    data = pack(members(session) | {"session.json": bomb})
    for honest, lie in (
        (len(bomb), 40),
        (zlib.crc32(bomb), zlib.crc32(bomb[:40])),
    ):
        data = data.replace(struct.pack("<L", honest), struct.pack("<L", lie))
    path.write_bytes(data)
    refused(load_session, path)


def test_directory_of_very_many_entries(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    contents = members(session) | {f"{number}": b"" for number in range(2000)}
    path.write_bytes(pack(contents))
    assert "too many" in refused(load_session, path).message


def test_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(2**33)  # sparse
    for reader in (load_session, load_session_any, read_png_session):
        assert "larger than" in refused(reader, path).message


def test_broken_thumbnail_keeps_nobody_from_their_work(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    wide = io.BytesIO()
    Image.new("RGB", (5000, 1)).save(wide, "PNG")
    for thumbnail in (b"", b"no picture", members(session)["thumbnail.png"][:40], wide.getvalue()):
        path.write_bytes(pack(members(session) | {"thumbnail.png": thumbnail}))
        loaded = load_session(path)
        assert loaded.thumbnail is None
        assert loaded.state.target.seed == 4


# --- the JSON ---

NO_TEXT: tuple[Any, ...] = (None, 1, True, "", [], {}, "x" * 5000)
NO_FLAG: tuple[Any, ...] = (None, 0, 1, "true", [])
NO_NUMBER: tuple[Any, ...] = (None, True, "1", [], {}, -1e9, 1e9, 10**400)
NO_SEED: tuple[Any, ...] = (True, 1.0, "1", [], -1, 2**32, 10**400)
NO_CLASS: tuple[Any, ...] = (True, 1.0, "1", [], {}, -1, 8192, 10**400)
NO_OBJECT: tuple[Any, ...] = (None, 1, "x", [], True)
NO_LIST: tuple[Any, ...] = (None, 1, "x", {}, True)
EDIT = ("edits", 0)
SETTINGS = (*EDIT, "settings")
FIELDS: dict[tuple[str | int, ...], tuple[Any, ...]] = {
    ("format",): (*NO_TEXT, "localedit-catalog"),
    ("format_version",): (None, True, "1", 1.0, 0, -1, [], {}),
    ("created_with",): NO_TEXT,
    ("model",): NO_OBJECT,
    ("model", "name"): NO_TEXT,
    ("model", "path"): NO_TEXT[1:],
    ("model", "fingerprint"): NO_TEXT,
    ("model", "catalog_fingerprint"): NO_TEXT,
    ("target",): NO_OBJECT,
    ("target", "seed"): NO_SEED,
    ("target", "psi"): NO_NUMBER,
    ("target", "w_plus"): (*NO_TEXT, "w-other"),
    ("edits",): NO_LIST,
    EDIT: NO_OBJECT,
    (*EDIT, "id"): (*NO_TEXT, "second"),
    (*EDIT, "part"): NO_TEXT,
    (*EDIT, "muted"): NO_FLAG,
    (*EDIT, "strength"): (*NO_NUMBER, 1.01),
    (*EDIT, "reference"): NO_OBJECT,
    (*EDIT, "reference", "seed"): NO_SEED,
    (*EDIT, "reference", "psi"): NO_NUMBER,
    (*EDIT, "reference", "w_plus"): NO_TEXT,
    SETTINGS: NO_OBJECT,
    (*SETTINGS, "method"): (None, 1, [], {}, "other"),
    (*SETTINGS, "unit"): (None, 1, [], {}, "other"),
    (*SETTINGS, "epsilon"): (*NO_NUMBER, -0.1, 512.1),
    (*SETTINGS, "floor"): (*NO_NUMBER, -0.1, 1.1),
    (*SETTINGS, "lambda"): (*NO_NUMBER, -0.1, 100.1),
    (*SETTINGS, "blend_to"): (None, True, 32.0, "32", [], {}, 0, 16, 48, 128, -32, 10**400),
    (*SETTINGS, "guard"): (*NO_NUMBER, -0.1, 1.1),
    (*SETTINGS, "colour_layers"): NO_FLAG,
    (*SETTINGS, "bands"): NO_OBJECT,
    (*SETTINGS, "bands", "coarse"): NO_NUMBER,
    (*SETTINGS, "bands", "middle"): NO_NUMBER,
    (*SETTINGS, "bands", "fine"): NO_NUMBER,
    ("psi",): NO_NUMBER,
    ("noise_seed",): NO_SEED,
    ("favourites",): NO_LIST,
    ("favourites", 0): (None, *NO_SEED),
    ("own",): (*NO_LIST, [1], [{}]),
    ("budgets",): (*NO_LIST, [1], [{}]),
    ("target", "styles"): (*NO_TEXT[1:], "s-other"),
    (*EDIT, "reference", "styles"): (*NO_TEXT[1:], "s-other"),
    (*EDIT, "reference", "name"): tuple(value for value in NO_TEXT if value != ""),
    ("target", "name"): tuple(value for value in NO_TEXT if value != ""),
    ("class",): NO_CLASS,
    ("target", "class"): NO_CLASS,
    (*EDIT, "reference", "class"): NO_CLASS,
}


def place(document: Any, where: tuple[str | int, ...]) -> Any:
    """The container that the last step of ``where`` is looked up in."""
    for step in where[:-1]:
        document = document[step]
    return document


def said(where: tuple[str | int, ...]) -> str:
    """How a message calls a field: the last name on the way to it."""
    return next(str(step) for step in reversed(where) if isinstance(step, str))


@pytest.mark.parametrize("where", FIELDS, ids=lambda where: ".".join(map(str, where)))
def test_wrong_types_and_absurd_values(
    where: tuple[str | int, ...], session: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "work.localedit"
    for value in FIELDS[where]:
        document = json.loads(members(session)["session.json"])
        place(document, where)[where[-1]] = value
        path.write_bytes(with_document(session, document))
        error = refused(load_session, path)
        assert said(where).replace("_", " ") in error.message.replace("_", " ").lower()
        assert len(error.message) < 400


@pytest.mark.parametrize("where", FIELDS, ids=lambda where: ".".join(map(str, where)))
def test_numbers_that_are_none(
    where: tuple[str | int, ...], session: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "work.localedit"
    for text in ("NaN", "Infinity", "-Infinity", "1e999", "-1e999"):
        document = json.loads(members(session)["session.json"])
        place(document, where)[where[-1]] = "@"
        spoilt = json.dumps(document).replace('"@"', text)
        path.write_bytes(with_document(session, spoilt))
        refused(load_session, path)


NAMED = [where for where in FIELDS if isinstance(where[-1], str)]


@pytest.mark.parametrize("where", NAMED, ids=lambda where: ".".join(map(str, where)))
def test_missing_and_unknown_fields(
    where: tuple[str | int, ...], session: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "work.localedit"
    document = json.loads(members(session)["session.json"])
    del place(document, where)[where[-1]]
    path.write_bytes(with_document(session, document))
    error = refused(load_session, path)
    assert said(where).replace("_", " ") in error.message.replace("_", " ")

    document = json.loads(members(session)["session.json"])
    place(document, where)["extra"] = 1
    path.write_bytes(with_document(session, document))
    assert "extra" in refused(load_session, path).message


def test_every_field_of_the_format_is_in_the_table(session: bytes) -> None:
    found = set()

    def visit(value: Any, where: tuple[str | int, ...]) -> None:
        found.add(where)
        steps = value.items() if isinstance(value, dict) else ()
        if isinstance(value, list):
            steps = enumerate(value[:1])
        for step, inner in steps:
            visit(inner, (*where, step))

    visit(json.loads(members(session)["session.json"]), ())
    assert found - {()} == set(FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        '"text"',
        "{}",
        "[" * 100_000,
        '{"format": 1, "format": 2}',
        "\x00",
    ],
)
def test_json_that_is_no_session(text: str, session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    path.write_bytes(with_document(session, text))
    refused(load_session, path)


def test_json_in_another_encoding(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    contents = members(session)
    contents["session.json"] = contents["session.json"].decode().encode("utf-16")
    path.write_bytes(pack(contents))
    refused(load_session, path)


def test_newer_session(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    document = json.loads(members(session)["session.json"])
    document |= {"format_version": FORMAT_VERSION + 1, "something": "that only the newer one knows"}
    path.write_bytes(with_document(session, document))
    error = refused(load_session, path)
    assert "newer LocalEdit" in error.message
    assert "Update" in error.hint


def test_more_edits_than_a_session_takes(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    document = json.loads(members(session)["session.json"])
    document["edits"] = [document["edits"][0] | {"id": str(n)} for n in range(1001)]
    path.write_bytes(with_document(session, document))
    assert "edits" in refused(load_session, path).message


# --- the latents ---


def latents_file(session: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The session with other latents; ``change`` gets them as arrays."""
    contents = members(session)
    arrays = safetensors.numpy.load(contents["latents.safetensors"])
    change(arrays)
    contents["latents.safetensors"] = safetensors.numpy.save(arrays)
    return pack(contents)


def test_latents_that_are_wrong(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    document = json.loads(members(session)["session.json"])
    name = document["target"]["w_plus"]

    def put(value: Any) -> Callable[[dict[str, Any]], None]:
        return lambda arrays: arrays.update({name: value})

    for change, words in (
        (put(np.full((8, 16), np.nan, np.float32)), "finite"),
        (put(np.full((8, 16), np.inf, np.float32)), "finite"),
        (put(np.zeros((8, 16), np.float64)), "float64"),
        (put(np.zeros((8, 16), np.int32)), "int32"),
        (put(np.zeros(16, np.float32)), "axes"),
        (put(np.zeros((1, 8, 16), np.float32)), "axes"),
        (lambda arrays: arrays.pop(name), name),
        (lambda arrays: arrays.update(extra=np.zeros((8, 16), np.float32)), "unused"),
    ):
        path.write_bytes(latents_file(session, change))
        assert words in refused(load_session, path).message


def test_latents_that_are_no_tensors(session: bytes, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    strange = safetensors_file(
        {"a": {"dtype": "F8_E4M3", "shape": [2], "data_offsets": [0, 2]}}, bytes(2)
    )
    for data in (b"", b"text", b"\xff" * 64, pickle.dumps([1]), strange):
        path.write_bytes(pack(members(session) | {"latents.safetensors": data}))
        assert "latents.safetensors" in refused(load_session, path).message
