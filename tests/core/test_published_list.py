"""The list of published checkpoints: what ships is sound, what is not is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import refused

from localedit_core.errors import LocalEditError
from localedit_core.models.published_list import (
    find_published,
    parse_published,
    published_list_path,
    read_published,
)

GOOD: dict[str, Any] = {
    "name": "Cats",
    "family": "stylegan2",
    "publisher": "Somebody",
    "shows": "Cats",
    "resolution": 256,
    "page": "https://example.org/cats",
    "address": "https://example.org/cats.pkl",
    "file": "cats.pkl",
    "size": 1234,
    "sha256": "ab" * 32,
    "licence": "CC0",
    "licence_note": "Do what you like.",
}
# Where the publishers' own pages say that their files are.
DIRECT = {"nvlabs-fi-cdn.nvidia.com", "api.ngc.nvidia.com"}


def document(*checkpoints: Any, **more: Any) -> bytes:
    return json.dumps({"format_version": 1, "checkpoints": list(checkpoints)} | more).encode()


def test_every_field_is_read() -> None:
    (checkpoint,) = parse_published(document(GOOD), "list")
    assert {name: getattr(checkpoint, name) for name in GOOD} == GOOD
    unknown = {"address": None, "file": None, "size": None, "sha256": None}
    (checkpoint,) = parse_published(document(GOOD | unknown), "list")
    assert {name: getattr(checkpoint, name) for name in unknown} == unknown
    assert "https://example.org/cats" in checkpoint.how_to_get


def test_what_ships_is_sound() -> None:
    checkpoints = read_published()
    assert {c.family for c in checkpoints} == {"stylegan2", "stylegan", "progan"}
    for checkpoint in checkpoints:
        assert checkpoint.page.startswith("https://github.com/")
        assert checkpoint.licence_note.endswith(".")
        if checkpoint.address is not None:
            host = urlsplit(checkpoint.address).hostname
            assert host in DIRECT
            assert checkpoint.address.endswith(f"/{checkpoint.file}")
        if checkpoint.publisher == "NVIDIA":
            assert "Nvidia" in checkpoint.licence or checkpoint.licence == "CC BY-NC 4.0"
            assert "commercial" in checkpoint.licence_note


def test_the_sides_in_the_names_are_right() -> None:
    """A name says the side, and so does a file's name where it says one."""
    for checkpoint in read_published():
        assert str(checkpoint.resolution) in checkpoint.name
        said = [part for part in (checkpoint.file or "").split("-") if part[:1].isdigit()]
        for part in said:
            if "x" in part:
                assert part.startswith(f"{checkpoint.resolution}x")


def test_a_checkpoint_is_found_by_its_name() -> None:
    checkpoints = parse_published(document(GOOD), "list")
    assert find_published(" cATS ", checkpoints) == checkpoints[0]
    assert find_published("cat", checkpoints) is None


WRONG: list[tuple[str, Any]] = [
    ("name", ""),
    ("name", 5),
    ("name", "x" * 301),
    ("family", "biggan"),
    ("family", None),
    ("publisher", " "),
    ("shows", []),
    ("resolution", 300),
    ("resolution", 4),
    ("resolution", True),
    ("resolution", 256.0),
    ("page", None),
    ("page", "http://example.org/cats"),
    ("page", "javascript:alert(1)"),
    ("page", "https://anna:pw@example.org/"),
    ("address", ""),
    ("address", "http://example.org/cats.pkl"),
    ("address", "file:///cats.pkl"),
    ("address", "https://example.org/cats pkl"),
    ("file", "../cats.pkl"),
    ("file", "a\\b.pkl"),
    ("file", ".."),
    ("file", "a\nb"),
    ("size", 0),
    ("size", -5),
    ("size", 2**33),
    ("size", "1 MB"),
    ("sha256", "ab"),
    ("sha256", "AB" * 32),
    ("sha256", 7),
    ("licence", ""),
    ("licence_note", None),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_wrong_field_is_refused_by_name(tmp_path: Path, field: str, value: Any) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(document(GOOD | {field: value}))
    assert f"'{field}'" in refused(read_published, path).message


@pytest.mark.parametrize("field", GOOD)
def test_a_missing_field_is_refused_by_name(tmp_path: Path, field: str) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(document({name: value for name, value in GOOD.items() if name != field}))
    assert field in refused(read_published, path).message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"format_version": NaN, "checkpoints": []}',
        document(format_version=2),
        document(format_version=True),
        document(checkpoints={}),
        document(surplus=1),
        document(5),
        document(GOOD | {"surplus": 1}),
        document(GOOD, GOOD | {"address": None}),
        document(GOOD, GOOD | {"name": "Dogs"}),
        document(*[GOOD] * 1001),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(data)
    refused(read_published, path)


def test_a_missing_or_huge_file_is_refused(tmp_path: Path) -> None:
    refused(read_published, tmp_path / "missing.json")
    (tmp_path / "huge.json").write_bytes(b" " * (2**20 + 1))
    refused(read_published, tmp_path / "huge.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "x"]), inner)
    ),
    max_leaves=8,
)


@given(field=st.sampled_from(list(GOOD)), value=JSON)
def test_no_value_breaks_the_reader(field: str, value: Any) -> None:
    try:
        (checkpoint,) = parse_published(document(GOOD | {field: value}), "list")
    except LocalEditError:
        return
    assert getattr(checkpoint, field) == value


def test_the_list_is_shipped_with_the_resources() -> None:
    assert published_list_path().parent.name == "localedit_resources"
