"""Catalog files: what goes in comes out, and what is wrong with a file is told in one line."""

from __future__ import annotations

import errno
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from safetensors import safe_open

from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.errors import LocalEditError

Tensors = dict[str, np.ndarray[Any, Any]]
Metadata = dict[str, str]


@pytest.fixture(name="path")
def _path(tiny_catalog: Catalog, tmp_path: Path) -> Path:
    path = tmp_path / "tiny.catalog.safetensors"
    save_catalog(tiny_catalog, path)
    return path


def _rewrite(path: Path, change: Callable[[Tensors, Metadata, dict[str, Any]], None]) -> None:
    """Take a file apart, change it, and put it together with the safetensors library alone."""
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata = dict(file.metadata())
    description = json.loads(metadata["catalog"])
    change(tensors, metadata, description)
    if "catalog" in metadata:
        metadata["catalog"] = json.dumps(description)
    safetensors.numpy.save_file(tensors, path, metadata)


def _refused(path: Path, message: str) -> None:
    with pytest.raises(LocalEditError, match=message) as caught:
        load_catalog(path)
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_everything_comes_back(tiny_catalog: Catalog, path: Path) -> None:
    loaded = load_catalog(path, tiny_catalog.generator_fingerprint)
    for name in ("layer", "resolution", "parts", "psi", "generator_fingerprint"):
        assert getattr(loaded, name) == getattr(tiny_catalog, name)
    assert dict(loaded.provenance) == dict(tiny_catalog.provenance)
    for name in ("centroids", "mean", "std"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(tiny_catalog, name))
    assert loaded.contributions.keys() == tiny_catalog.contributions.keys()
    for name, table in tiny_catalog.contributions.items():
        np.testing.assert_array_equal(loaded.contributions[name], table)
    assert loaded.fingerprint == tiny_catalog.fingerprint


def test_names_in_any_script_come_back(tiny_catalog: Catalog, path: Path) -> None:
    parts = (Part("目", (0,)), Part('a "quoted" brow', (2,), epsilon=0.0, floor=1.0))
    save_catalog(tiny_catalog.with_parts(parts), path)
    assert load_catalog(path).parts == parts


def test_the_same_catalog_gives_the_same_bytes(tiny_catalog: Catalog, path: Path) -> None:
    first = path.read_bytes()
    save_catalog(load_catalog(path), path)
    assert path.read_bytes() == first


def test_other_programs_can_read_it(tiny_catalog: Catalog, path: Path) -> None:
    tensors = safetensors.numpy.load_file(path)
    np.testing.assert_array_equal(tensors["centroids"], tiny_catalog.centroids)
    np.testing.assert_array_equal(
        tensors["contribution/b16.conv1"], tiny_catalog.contributions["b16.conv1"]
    )


def test_another_generators_catalog_is_refused(path: Path) -> None:
    with pytest.raises(LocalEditError, match="belongs to another generator") as caught:
        load_catalog(path, "0" * 64)
    assert "catalog build" in caught.value.hint


def test_a_full_disk_leaves_the_earlier_file(
    tiny_catalog: Catalog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(LocalEditError, match="disk is full"):
        save_catalog(tiny_catalog.with_parts([]), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_folder_that_does_not_exist(tiny_catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(LocalEditError, match="does not exist"):
        save_catalog(tiny_catalog, tmp_path / "none" / "c.safetensors")


class TestFilesThatAreNoCatalog:
    def test_missing(self, tmp_path: Path) -> None:
        _refused(tmp_path / "none.safetensors", "There is no file")

    def test_empty(self, path: Path) -> None:
        path.write_bytes(b"")
        _refused(path, "empty")

    @pytest.mark.parametrize("keep", [4, 9, 300, -1])
    def test_truncated(self, path: Path, keep: int) -> None:
        path.write_bytes(path.read_bytes()[:keep])
        _refused(path, r"bytes|cannot be read|no safetensors")

    def test_foreign(self, path: Path) -> None:
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
        _refused(path, "no safetensors")

    @pytest.mark.parametrize("length", [10**9, 2**63, 2**64 - 1])
    def test_absurd_header_size(self, path: Path, length: int) -> None:
        path.write_bytes(struct.pack("<Q", length) + path.read_bytes()[8:])
        _refused(path, "header")

    def test_safetensors_of_another_program(self, path: Path) -> None:
        _rewrite(path, lambda tensors, metadata, _: metadata.clear())
        _refused(path, "another program")

    def test_a_generator(self, path: Path) -> None:
        _rewrite(path, lambda t, metadata, d: metadata.update(format="localedit-generator"))
        _refused(path, "a localedit-generator file, no catalog")


class TestDamagedCatalogs:
    def test_newer_version(self, path: Path) -> None:
        _rewrite(path, lambda t, metadata, d: metadata.update(format_version="3"))
        _refused(path, "newer LocalEdit")

    @pytest.mark.parametrize("version", ["", "0", "-1", "1.5", "²", "9" * 5000])
    def test_absurd_version(self, path: Path, version: str) -> None:
        _rewrite(path, lambda t, metadata, d: metadata.update(format_version=version))
        _refused(path, "format version")

    @pytest.mark.parametrize("text", ["", "{", "[1]", "[" * 100_000])
    def test_description_is_no_object(self, path: Path, text: str) -> None:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            metadata = dict(file.metadata()) | {"catalog": text}
        safetensors.numpy.save_file(tensors, path, metadata)
        _refused(path, "unreadably")

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("layer", 3),
            ("layer", "b64.conv1"),
            ("resolution", "16"),
            ("resolution", True),
            ("resolution", 10**9),
            ("psi", None),
            ("psi", 1e400),
            ("psi", 10**400),
            ("generator_fingerprint", []),
            ("parts", {}),
            ("parts", [1]),
            ("parts", [{"name": "eyes"}]),
            ("parts", [{"name": "eyes", "clusters": [0.5], "epsilon": 1, "floor": 0}]),
            ("parts", [{"name": "eyes", "clusters": [5], "epsilon": 1, "floor": 0}]),
            ("parts", [{"name": "eyes", "clusters": [-1], "epsilon": 1, "floor": 0}]),
            ("parts", [{"name": "eyes", "clusters": [0], "epsilon": -1, "floor": 0}]),
            ("parts", [{"name": "e", "clusters": [0], "epsilon": 1, "floor": 0}] * 2),
            (
                "parts",
                [
                    {"name": "eyes", "clusters": [0, 1], "epsilon": 1, "floor": 0},
                    {"name": "nose", "clusters": [1], "epsilon": 1, "floor": 0},
                ],
            ),
            ("provenance", []),
            ("provenance", {"samples": {"a": 1}}),
        ],
    )
    def test_wrong_description(self, path: Path, key: str, value: Any) -> None:
        _rewrite(path, lambda t, m, description: description.update({key: value}))
        _refused(path, r"cannot be used|describes its catalog")

    @pytest.mark.parametrize("key", ["layer", "parts", "psi", "provenance"])
    def test_missing_description(self, path: Path, key: str) -> None:
        _rewrite(path, lambda t, m, description: description.pop(key))
        _refused(path, key)

    @pytest.mark.parametrize("name", ["centroids", "mean", "std", "contribution/b16.torgb"])
    def test_missing_array(self, path: Path, name: str) -> None:
        _rewrite(path, lambda tensors, m, d: tensors.pop(name))
        _refused(path, name.removeprefix("contribution/"))

    @pytest.mark.parametrize("name", ["centroids", "mean", "contribution/b4.conv1"])
    def test_values_that_are_not_finite(self, path: Path, name: str) -> None:
        def spoil(tensors: Tensors, m: Metadata, d: dict[str, Any]) -> None:
            tensors[name] = np.where(np.arange(tensors[name].size) == 1, np.nan, 0.5).reshape(
                tensors[name].shape
            )
            tensors[name] = tensors[name].astype(np.float32)

        _rewrite(path, spoil)
        _refused(path, "finite")

    @pytest.mark.parametrize("name", ["centroids", "std", "contribution/b4.conv1"])
    def test_wrong_shape(self, path: Path, name: str) -> None:
        def spoil(tensors: Tensors, m: Metadata, d: dict[str, Any]) -> None:
            tensors[name] = np.ascontiguousarray(tensors[name][:-1])

        _rewrite(path, spoil)
        _refused(path, r"shape|fit")

    def test_wrong_type(self, path: Path) -> None:
        def spoil(tensors: Tensors, m: Metadata, d: dict[str, Any]) -> None:
            tensors["mean"] = tensors["mean"].astype(np.int64)

        _rewrite(path, spoil)
        _refused(path, "I64")

    def test_unexpected_array(self, path: Path) -> None:
        _rewrite(path, lambda tensors, m, d: tensors.update(extra=np.zeros(3, np.float32)))
        _refused(path, "'extra'")
