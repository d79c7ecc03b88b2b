"""The user's library: added, listed, renamed, removed, and what goes wrong with folders."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from library_files import SHA256, header, put, snapshot
from samples import safetensors_file

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import save_catalog
from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.library import open_model
from localedit_core.models.store import ModelLibrary
from localedit_core.models.thumbnail import read_thumbnail
from localedit_core.tensor_files import TensorFile

RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    return ModelLibrary(tmp_path / "models")


@pytest.fixture
def generator_file(tmp_path: Path, tiny_generator: StyleGAN2) -> Path:
    path = tmp_path / "tiny.safetensors"
    save_generator(
        tiny_generator,
        path,
        name="Tiny",
        licence="CC0",
        source_sha256=SHA256,
        card={"trained on": "noise"},
        dtype=torch.float32,
    )
    return path


def test_a_generator_is_taken_up_with_all_that_is_known(
    library: ModelLibrary, tiny_generator: StyleGAN2
) -> None:
    picture = np.full((256, 256, 3), 7, np.uint8)
    entry = library.add(
        lambda path: save_generator(tiny_generator, path, name="x", dtype=torch.float32),
        name="Cats / dogs 🐱",
        licence="CC BY-NC 4.0",
        source="https://example.org/cats.pkl",
        source_sha256=SHA256,
        thumbnail=picture,
    )
    assert entry.name == "Cats / dogs 🐱"
    assert entry.path == library.folder / "cats-dogs.safetensors"
    facts = entry.facts
    assert (facts.family, facts.resolution) == ("stylegan2", 32)
    assert facts.size == entry.path.stat().st_size
    assert (facts.licence, facts.source_sha256) == ("CC BY-NC 4.0", SHA256)
    assert facts.source == "https://example.org/cats.pkl"
    assert abs(datetime.now(UTC) - datetime.fromisoformat(f"{facts.imported}T00Z")).days <= 1
    assert (entry.problem, entry.notice, entry.has_catalog) == ("", "", False)
    np.testing.assert_array_equal(read_thumbnail(entry.thumbnail), picture)
    assert library.entries() == (entry,)
    assert load_generator(entry.path).fingerprint == tiny_generator.fingerprint
    assert sorted(snapshot(library.folder)) == [
        "cats-dogs.json",
        "cats-dogs.png",
        "cats-dogs.safetensors",
    ]


def test_our_own_file_is_copied_with_its_catalog(
    library: ModelLibrary, generator_file: Path, tiny_generator: StyleGAN2, tmp_path: Path
) -> None:
    entry = library.add_file(generator_file)
    assert (entry.name, entry.facts.licence) == ("Tiny", "CC0")
    assert entry.facts.source_sha256 == SHA256
    assert dict(entry.card) == {"trained on": "noise"}
    assert entry.path.read_bytes() == generator_file.read_bytes()
    assert not entry.has_catalog


def test_the_catalog_in_the_library_is_found_by_who_opens_it(
    library: ModelLibrary, tmp_path: Path, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    path = tmp_path / "tiny.safetensors"
    save_generator(tiny_generator, path, name="Tiny", dtype=torch.float32)
    save_catalog(tiny_catalog, tmp_path / "tiny.catalog.safetensors")
    library.add_file(path, name="One")
    entry = library.add_file(path, name="Two")
    assert entry.has_catalog
    model, catalog = open_model(entry.path)
    assert model.fingerprint == tiny_generator.fingerprint
    assert catalog is not None
    assert catalog.fingerprint == tiny_catalog.fingerprint
    assert [entry.name for entry in library.entries()] == ["One", "Two"]


def test_listing_reads_no_weights(
    library: ModelLibrary, generator_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add_file(generator_file)

    def read(self: TensorFile, name: str) -> None:
        raise AssertionError(f"{name} was read")

    monkeypatch.setattr(TensorFile, "read", read)
    (entry,) = library.entries()
    assert entry.facts.resolution == 32


def test_what_was_put_there_by_hand_is_listed(library: ModelLibrary, generator_file: Path) -> None:
    library.folder.mkdir()
    (library.folder / "By Hand.safetensors").write_bytes(generator_file.read_bytes())
    (library.folder / "readme.txt").write_text("")
    (library.folder / ".localedit-0123456789abcdef.safetensors").write_text("half")
    (library.folder / "a folder.safetensors").mkdir()
    (entry,) = library.entries()
    assert (entry.name, entry.stem, entry.notice) == ("Tiny", "By Hand", "")
    assert library.rename(entry, "Mine").name == "Mine"
    assert library.entries()[0].name == "Mine"


BROKEN = {
    "empty": (b"", "empty"),
    "pickle": (b"\x80\x04" + bytes(30), "pickle"),
    "noise": (bytes(range(200)), "safetensors"),
    "cut": (header()[:-5], "header"),
    "other": (safetensors_file({"__metadata__": {"format": "pt"}}), "not a generator"),
    "newer": (header(format_version="2"), "newer"),
    "version": (header(format_version="x"), "version"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_listed_with_its_reason(library: ModelLibrary, kind: str) -> None:
    put(library, "Good")
    data, reason = BROKEN[kind]
    (library.folder / "bad.safetensors").write_bytes(data)
    bad, good = library.entries()
    assert (bad.name, good.problem) == ("bad", "")
    assert reason in bad.problem
    assert "\n" not in bad.problem
    library.remove(library.rename(bad, "Still bad"))
    assert [entry.name for entry in library.entries()] == ["Good"]


def test_a_link_to_nowhere_is_listed_with_its_reason(library: ModelLibrary) -> None:
    library.folder.mkdir()
    (library.folder / "gone.safetensors").symlink_to(library.folder / "nowhere")
    (entry,) = library.entries()
    assert "no file" in entry.problem
    library.remove(entry)
    assert library.entries() == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 7),
        ("name", ""),
        ("name", None),
        ("size", -1),
        ("size", True),
        ("resolution", "64"),
        ("licence", []),
        ("source_sha256", "0x12"),
        ("imported", "yesterday"),
        ("format_version", 0),
    ],
)
def test_wrong_facts_do_not_hide_a_generator(
    library: ModelLibrary, field: str, value: object
) -> None:
    entry = put(library, "Cats")
    file = entry.path.with_suffix(".json")
    facts = json.loads(file.read_text())
    file.write_text(json.dumps(facts | {field: value}))
    (found,) = library.entries()
    assert (found.name, found.problem, found.facts.resolution) == ("Header", "", 64)
    assert field in found.notice
    assert str(file) in found.notice
    mended = library.rename(found, "Cats again")
    assert (mended.name, mended.notice) == ("Cats again", "")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_no_facts_stop_the_list(tmp_path: Path, data: bytes) -> None:
    library = ModelLibrary(tmp_path)
    (tmp_path / "x.safetensors").write_bytes(header())
    (tmp_path / "x.json").write_bytes(data)
    (entry,) = library.entries()
    assert entry.notice
    assert entry.problem == ""


# Names


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.text(max_size=400))
@example("")
@example("CON")
@example("lpt1.catalog")
@example("../../../etc/passwd")
@example("猫" * 300)
@example("👩‍👩‍👧‍👦" * 40)
@example("a\0b\nc\r\td")
@example("x.catalog")
@example(".hidden")
@example("\u202egnp.exe")
@example("ß" * 300)
@example("\ud800")
def test_any_name_makes_files_for_every_system(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    library = ModelLibrary(tmp_path_factory.mktemp("models"))
    entries = [put(library, name) for _ in range(2)]
    assert sorted(library.entries(), key=lambda e: e.path) == sorted(entries, key=lambda e: e.path)
    assert len({entry.name.casefold() for entry in entries}) == 2
    for entry in entries:
        assert 1 <= len(entry.name) <= 100
        assert entry.name == " ".join(entry.name.split())
        assert not re.search(r"[\x00-\x1f\x7f\u202a-\u202e\ud800-\udfff]", entry.name)
        assert entry.problem == entry.notice == ""
        assert not set(entry.stem) & set('/\\:*?"<>|.\0 ')
        assert entry.stem not in RESERVED
        assert not entry.stem.startswith("-")
        assert len(f"{entry.stem}.catalog.safetensors".encode()) < 200
    assert {path.parent for path in library.folder.rglob("*")} == {library.folder}


def test_a_name_may_be_changed_to_any_other(library: ModelLibrary) -> None:
    entry = put(library, "Cats")
    put(library, "Dogs")
    before = snapshot(library.folder)
    renamed = library.rename(entry, "  My 🐱\n cats / CON ")
    assert renamed.name == "My 🐱 cats / CON"
    assert renamed.path == entry.path
    changed = {n for n, data in snapshot(library.folder).items() if before[n] != data}
    assert changed == {"cats.json"}
    assert library.rename(renamed, "MY 🐱 CATS / con").name == "MY 🐱 CATS / con"


@pytest.mark.parametrize("name", ["", "  \n", "\x00", "x" * 101, "Dogs", "dOGS "])
def test_some_names_are_refused(library: ModelLibrary, name: str) -> None:
    entry = put(library, "Cats")
    put(library, "Dogs")
    before = snapshot(library.folder)
    with pytest.raises(LocalEditError):
        library.rename(entry, name)
    assert snapshot(library.folder) == before


def test_generators_are_found_by_stem_name_and_source(library: ModelLibrary) -> None:
    first = put(library, "Cats", source_sha256=SHA256)
    second = library.rename(put(library, "Dogs"), "cats 2")
    assert library.find("cats") == first
    assert library.find("CATS 2 ") == second
    assert library.find("dogs") == second
    assert library.find("birds") is None
    assert library.of_source(SHA256) == first
    assert library.of_source("cd" * 32) is None


# Removing


def test_removing_moves_its_own_files_only_and_can_be_undone(
    library: ModelLibrary, generator_file: Path
) -> None:
    cats = library.add_file(generator_file, name="Cats", thumbnail=np.zeros((8, 8, 3), np.uint8))
    put(library, "Cats2")
    for name in ("cats.txt", "cats.png.bak", "cats-.safetensors.part", "Cats.card.json"):
        (library.folder / name).write_text("not the library's")
    (library.folder / "cats.catalog.safetensors").write_bytes(b"catalog")
    before = snapshot(library.folder)
    removed = library.remove(cats)
    own = {f"cats{s}" for s in (".safetensors", ".catalog.safetensors", ".png", ".json")}
    here = {n: data for n, data in snapshot(library.folder).items() if not n.startswith("trash")}
    assert here == {n: data for n, data in before.items() if n not in own}
    assert {path.name for path in removed.folder.iterdir()} == own
    assert removed.folder.parent == library.folder / "trash"
    restored = library.restore(removed)
    assert restored.path == cats.path
    assert snapshot(library.folder) == before
    with pytest.raises(LocalEditError, match="not in the trash"):
        library.restore(removed)


def test_what_comes_back_meets_nobody(library: ModelLibrary) -> None:
    first = put(library, "Cats", description="first")
    removed = library.remove(first)
    second = put(library, "Cats", description="second")
    again = library.remove(second)
    third = put(library, "Cats", description="third")
    back = [library.restore(removed), library.restore(again)]
    assert [entry.description for entry in back] == ["first", "second"]
    assert third in library.entries()
    assert len({entry.path for entry in library.entries()}) == 3
    assert {entry.name for entry in library.entries()} == {"Cats", "Cats (2)", "Cats (3)"}
    assert all(not entry.notice and not entry.problem for entry in library.entries())


def test_what_has_no_facts_comes_back_without(library: ModelLibrary) -> None:
    library.folder.mkdir()
    (library.folder / "Hand.safetensors").write_bytes(header())
    before = snapshot(library.folder)
    library.restore(library.remove(library.entries()[0]))
    assert snapshot(library.folder) == before


def test_only_the_librarys_own_files_are_touched(library: ModelLibrary, tmp_path: Path) -> None:
    entry = put(library, "Cats")
    outside = tmp_path / "outside.safetensors"
    outside.write_bytes(header())
    before = snapshot(tmp_path)
    for path in (
        outside,
        library.folder / ".." / "outside.safetensors",
        library.folder / "missing.safetensors",
        library.folder / "cats.json",
        library.folder,
    ):
        foreign = dataclasses.replace(entry, path=path)
        for act in (library.remove, lambda e: library.rename(e, "Mine")):
            with pytest.raises(LocalEditError, match="not in the library"):
                act(foreign)
    assert snapshot(tmp_path) == before


def test_a_removal_that_fails_puts_everything_back(
    library: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = library.add(
        lambda path: path.write_bytes(header()),
        name="Cats",
        thumbnail=np.zeros((8, 8, 3), np.uint8),
    )
    before = snapshot(library.folder)
    replace = Path.replace

    def stuck(self: Path, target: Path) -> Path:
        if self.name == "cats.png" and "trash" in str(target):
            raise PermissionError(errno.EACCES, "in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stuck)
    with pytest.raises(LocalEditError, match=r"cats\.png"):
        library.remove(entry)
    assert snapshot(library.folder) == before
    assert list((library.folder / "trash").iterdir()) == []


def test_the_trash_is_emptied_of_what_is_old(library: ModelLibrary, tmp_path: Path) -> None:
    old, young = library.remove(put(library, "Old")), library.remove(put(library, "Young"))
    month_ago = datetime.now(UTC) - timedelta(days=31)
    dated = old.folder.with_name(f"{month_ago:%Y%m%d-%H%M%S}-{'0' * 8}")
    old.folder.rename(dated)
    strangers = [library.folder / "trash" / name for name in ("20200101", "mine", "x.txt")]
    for stranger in strangers[:2]:
        stranger.mkdir()
        (stranger / "kept.png").write_text("")
    strangers[2].write_text("")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.png").write_text("")
    link = library.folder / "trash" / f"20200101-000000-{'1' * 8}"
    link.symlink_to(elsewhere, target_is_directory=True)
    mixed = library.folder / "trash" / f"20200101-000000-{'2' * 8}"
    mixed.mkdir()
    (mixed / "somebody's.doc").write_text("")
    assert library.tidy() == 1
    assert not dated.exists()
    assert young.folder.exists()
    assert (elsewhere / "kept.png").exists()
    assert (mixed / "somebody's.doc").exists()
    assert all(stranger.exists() for stranger in strangers)
    assert library.restore(young).name == "Young"
    assert ModelLibrary(tmp_path / "none").tidy() == 0


def test_what_a_crash_left_is_cleared_a_day_later(library: ModelLibrary) -> None:
    put(library, "Cats")
    stale = library.folder / f".localedit-{'a' * 16}.safetensors"
    fresh = library.folder / f".localedit-{'b' * 16}.safetensors"
    other = library.folder / ".localedit-notes.txt"
    for path in (stale, fresh, other):
        path.write_text("half")
    for path in (stale, other, library.folder / "cats.safetensors"):
        os.utime(path, (0, 0))
    library.tidy()
    assert not stale.exists()
    assert fresh.exists()
    assert other.exists()
    assert len(library.entries()) == 1
