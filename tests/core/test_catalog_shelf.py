"""The shelf of catalogs: versions stay, nothing is lost, sessions find theirs."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import torch
from cli_helpers import MOUTH, Run, fail, folder, run
from conftest import make_tiny_generator
from filelock import FileLock

from localedit_core import atomic, library
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.checkpoints.native import save_generator
from localedit_core.errors import LocalEditError
from localedit_core.models import catalog_shelf
from localedit_core.models.catalog_shelf import CatalogShelf, ShelvedCatalog

__all__ = ["fail", "folder", "run"]


@pytest.fixture
def shelf(tmp_path: Path) -> CatalogShelf:
    return CatalogShelf(tmp_path / "shelf")


def _names(shelf: CatalogShelf, catalog: Catalog) -> list[tuple[str, int]]:
    return [(e.name, e.version) for e in shelf.entries(catalog.generator_fingerprint)]


def test_every_save_is_a_new_version_and_older_ones_stay(
    shelf: CatalogShelf, tiny_catalog: Catalog
) -> None:
    assert shelf.entries(tiny_catalog.generator_fingerprint) == ()
    before = datetime.now(UTC) - timedelta(seconds=2)
    first = shelf.save(tiny_catalog, " My  faces ")
    other = tiny_catalog.with_parts([Part("sky", (1,))])
    second = shelf.save(other, "my FACES")
    assert (first.name, first.version) == ("My faces", 1)
    assert (second.name, second.version) == ("My faces", 2)
    assert _names(shelf, tiny_catalog) == [("My faces", 2), ("My faces", 1)]
    assert (first.layer, first.clusters) == ("b16.torgb", 5)
    assert (first.parts, second.parts) == (("eyes", "mouth", "hair"), ("sky",))
    assert first.fingerprint == tiny_catalog.fingerprint
    assert first.saved is not None
    assert before <= first.saved <= datetime.now(UTC) + timedelta(seconds=2)
    assert shelf.open(first).fingerprint == tiny_catalog.fingerprint
    assert shelf.open(second).fingerprint == other.fingerprint


def test_catalogs_of_another_generator_are_apart(
    shelf: CatalogShelf, tiny_catalog: Catalog
) -> None:
    shelf.save(tiny_catalog, "faces")
    assert shelf.entries("0" * 64) == ()
    with pytest.raises(LocalEditError, match="fingerprint"):
        shelf.entries("../..")


def test_duplicate_and_rename(shelf: CatalogShelf, tiny_catalog: Catalog) -> None:
    entry = shelf.save(tiny_catalog, "faces")
    shelf.save(tiny_catalog.with_parts([]), "faces")
    copy = shelf.duplicate(entry, "copy")
    assert (copy.version, copy.fingerprint) == (1, entry.fingerprint)
    for refused in (lambda: shelf.duplicate(entry, "COPY"), lambda: shelf.rename(copy, "Faces")):
        with pytest.raises(LocalEditError, match="Another catalog"):
            refused()
    for name in ("", "  ", "x" * 101):
        with pytest.raises(LocalEditError):
            shelf.rename(copy, name)
    renamed = shelf.rename(entry, "portraits")
    assert renamed.path == entry.path
    assert _names(shelf, tiny_catalog) == [("copy", 1), ("portraits", 2), ("portraits", 1)]
    assert shelf.rename(copy, "Copy").name == "Copy"


@pytest.mark.parametrize("name", ["目", "..", "a/b", "con", "a\\b", "é" * 100])
def test_any_name_can_be_had(shelf: CatalogShelf, tiny_catalog: Catalog, name: str) -> None:
    entry = shelf.save(tiny_catalog, name)
    assert _names(shelf, tiny_catalog) == [(name, 1)]
    assert entry.path.resolve().is_relative_to(shelf.folder / tiny_catalog.generator_fingerprint)


def test_names_with_one_file_name_are_apart(shelf: CatalogShelf, tiny_catalog: Catalog) -> None:
    shelf.save(tiny_catalog, "a b")
    shelf.save(tiny_catalog, "a-b")
    assert _names(shelf, tiny_catalog) == [("a b", 1), ("a-b", 1)]


def test_removed_versions_can_be_had_back(shelf: CatalogShelf, tiny_catalog: Catalog) -> None:
    first = shelf.save(tiny_catalog, "faces")
    second = shelf.save(tiny_catalog.with_parts([]), "faces")
    removed = [shelf.remove(second), shelf.remove(first)]
    assert _names(shelf, tiny_catalog) == []
    with pytest.raises(LocalEditError, match="not on the shelf"):
        shelf.remove(first)
    new = shelf.save(tiny_catalog.with_parts([Part("sky", (0,))]), "faces")
    assert new.version == 1
    assert shelf.restore(removed[0]).version == 2
    back = shelf.restore(removed[1])  # its number is taken
    assert (back.version, back.fingerprint) == (3, first.fingerprint)
    assert shelf.open(new).parts[0].name == "sky"
    with pytest.raises(LocalEditError, match="trash any more"):
        shelf.restore(removed[1])


def test_tidying_deletes_only_what_was_removed_long_ago(
    shelf: CatalogShelf, tiny_catalog: Catalog
) -> None:
    removed = shelf.remove(shelf.save(tiny_catalog, "faces"))
    kept = shelf.save(tiny_catalog, "kept")
    assert shelf.tidy() == 0
    assert removed.folder.is_dir()
    assert shelf.tidy(older_than=timedelta(seconds=-5)) == 1
    assert not removed.folder.exists()
    assert kept.path.is_file()


def test_one_version_is_active_at_a_time(shelf: CatalogShelf, tiny_catalog: Catalog) -> None:
    fingerprint = tiny_catalog.generator_fingerprint
    first = shelf.save(tiny_catalog, "faces")
    second = shelf.save(tiny_catalog.with_parts([]), "faces")
    assert shelf.active(fingerprint) is None
    for entry in (first, second):
        shelf.activate(entry)
        assert [e.version for e in shelf.entries(fingerprint) if e.active] == [entry.version]
        found = shelf.active(fingerprint)
        assert found is not None
        assert found.path == entry.path
    removed = shelf.remove(second)
    assert shelf.active(fingerprint) is None
    shelf.restore(removed)
    assert shelf.active(fingerprint) is not None


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"format_version": 1}', '{"format_version": 9}', "\x00"]
)
def test_a_damaged_choice_or_name_locks_nobody_out(
    shelf: CatalogShelf, tiny_catalog: Catalog, text: str
) -> None:
    entry = shelf.save(tiny_catalog, "faces")
    shelf.activate(entry)
    (shelf.folder / tiny_catalog.generator_fingerprint / "active.json").write_text(text)
    (entry.path.parent / "facts.json").write_text(text)
    assert shelf.active(tiny_catalog.generator_fingerprint) is None
    assert _names(shelf, tiny_catalog) == [("faces", 1)]
    shelf.activate(entry)
    assert shelf.active(tiny_catalog.generator_fingerprint) is not None


def test_a_choice_that_points_elsewhere_is_not_followed(
    shelf: CatalogShelf, tiny_catalog: Catalog
) -> None:
    entry = shelf.save(tiny_catalog, "faces")
    outside = shelf.folder.parent / "outside"
    outside.mkdir()
    save_catalog(tiny_catalog, outside / entry.path.name)
    shelf.activate(entry)
    active = shelf.folder / tiny_catalog.generator_fingerprint / "active.json"
    for stem in ("../../../outside", "../../outside", str(outside), "..", "."):
        active.write_text(json.dumps({"format_version": 1, "catalog": stem, "version": 1}))
        assert shelf.active(tiny_catalog.generator_fingerprint) is None


def test_a_damaged_catalog_is_listed_with_its_problem(
    shelf: CatalogShelf, tiny_catalog: Catalog
) -> None:
    entry = shelf.save(tiny_catalog, "faces")
    entry.path.write_bytes(entry.path.read_bytes()[:-9])
    (found,) = shelf.entries(tiny_catalog.generator_fingerprint)
    assert found.problem
    assert found.parts == ()
    with pytest.raises(LocalEditError):
        shelf.open(found)
    shelf.remove(found)
    assert _names(shelf, tiny_catalog) == []


def test_a_bundled_catalog_is_listed_and_stays_as_it_is(shelf: CatalogShelf) -> None:
    _, catalog = library.open_catalog("faces")
    (entry,) = shelf.entries(catalog.generator_fingerprint)
    assert (entry.name, entry.version, entry.bundled, entry.active) == ("faces", 0, True, True)
    for change in (lambda: shelf.rename(entry, "x"), lambda: shelf.remove(entry)):
        with pytest.raises(LocalEditError, match="comes with its generator"):
            change()
    copy = shelf.duplicate(entry, "mine")
    shelf.activate(copy)
    bundled, mine = shelf.entries(catalog.generator_fingerprint)
    assert (bundled.active, mine.active) == (False, True)
    shelf.activate(bundled)
    assert shelf.active(catalog.generator_fingerprint) is None


class TestFailingDisks:
    @staticmethod
    def _files(shelf: CatalogShelf) -> dict[str, bytes]:
        found = (path for path in shelf.folder.rglob("*") if path.is_file())
        return {str(p): p.read_bytes() for p in found if p.name != ".lock"}

    def test_a_full_disk_changes_nothing(
        self,
        shelf: CatalogShelf,
        tiny_catalog: Catalog,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        entry = shelf.save(tiny_catalog, "faces")
        before = self._files(shelf)

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(atomic, "_flush_to_disk", refuse)
        for change in (
            lambda: shelf.save(tiny_catalog.with_parts([]), "faces"),
            lambda: shelf.save(tiny_catalog, "new"),
            lambda: shelf.duplicate(entry, "copy"),
            lambda: shelf.rename(entry, "portraits"),
            lambda: shelf.activate(entry),
            lambda: shelf.remove(entry),
        ):
            with pytest.raises(LocalEditError, match="disk is full"):
                change()
            assert self._files(shelf) == before
        assert _names(shelf, tiny_catalog) == [("faces", 1)]

    def test_a_move_that_fails_puts_nothing_aside(
        self, shelf: CatalogShelf, tiny_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry = shelf.save(tiny_catalog, "faces")
        before = self._files(shelf)

        def refuse(*_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(LocalEditError, match="no permission"):
            shelf.remove(entry)
        assert self._files(shelf) == before

    def test_a_shelf_that_somebody_holds_says_so(
        self, shelf: CatalogShelf, tiny_catalog: Catalog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry = shelf.save(tiny_catalog, "faces")
        monkeypatch.setattr(catalog_shelf, "_WAIT", 0.05)
        with (
            FileLock(shelf.folder / ".lock"),
            pytest.raises(LocalEditError, match="locked"),
        ):
            shelf.save(tiny_catalog, "faces")
        assert shelf.save(tiny_catalog, "faces").version == entry.version + 1


def _save_often(folder: Path, catalog: Path, count: int) -> None:
    shelf, loaded = CatalogShelf(folder), load_catalog(catalog)
    for _ in range(count):
        shelf.save(loaded, "shared")


def test_two_processes_save_without_losing_a_version(
    shelf: CatalogShelf, tiny_catalog: Catalog, tmp_path: Path
) -> None:
    source = tmp_path / "c.safetensors"
    save_catalog(tiny_catalog, source)
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_save_often, args=(shelf.folder, source, 6)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    entries = shelf.entries(tiny_catalog.generator_fingerprint)
    assert [(e.name, e.version) for e in entries] == [("shared", n) for n in range(12, 0, -1)]
    assert {e.fingerprint for e in entries} == {tiny_catalog.fingerprint}


class TestOpening:
    """What ``library`` makes of the shelf."""

    @staticmethod
    def _shelve(catalog: Catalog) -> ShelvedCatalog:
        shelf = CatalogShelf()
        entry = shelf.save(catalog, "mine")
        shelf.activate(entry)
        return entry

    def test_the_active_catalog_is_opened_with_its_generator(
        self, folder: Path, tiny_catalog: Catalog
    ) -> None:
        mine = tiny_catalog.with_parts([Part("sky", (1,))])
        entry = self._shelve(mine)
        assert library.open_model("tiny.safetensors")[1].fingerprint == mine.fingerprint
        Path("tiny.catalog.safetensors").unlink()
        assert library.open_labelled_model("tiny.safetensors")[1].fingerprint == mine.fingerprint
        entry.path.write_bytes(b"damaged")
        assert library.open_model("tiny.safetensors")[1] is None
        save_catalog(tiny_catalog, "tiny.catalog.safetensors")
        assert library.open_model("tiny.safetensors")[1].fingerprint == tiny_catalog.fingerprint

    def test_another_generator_is_not_touched(self, folder: Path, tiny_catalog: Catalog) -> None:
        self._shelve(tiny_catalog)
        save_generator(
            make_tiny_generator(4), folder / "other.safetensors", name="o", dtype=torch.float32
        )
        assert library.open_model("other.safetensors")[1] is None

    def test_a_session_finds_its_catalog_whichever_is_active(
        self, folder: Path, run: Run, tiny_catalog: Catalog
    ) -> None:
        run(*MOUTH, "--out", "beside.png", "--session", "beside.localedit")
        mine = tiny_catalog.with_parts([Part("mouth", (0,), epsilon=9.0)])
        self._shelve(mine)
        run(*MOUTH, "--out", "mine.png", "--session", "mine.localedit")
        newest = tiny_catalog.with_parts([Part("mouth", (2,))])
        self._shelve(newest)
        for name, expected in (("beside", tiny_catalog), ("mine", mine)):
            opened = library.open_session(f"{name}.localedit")
            assert opened.catalog.fingerprint == expected.fingerprint
            assert opened.notice == ""
            run("render", f"{name}.localedit", "--out", "again.png")
        # The open generator goes with the session's catalog, too.
        loaded = library.open_model("tiny.safetensors")
        opened = library.open_session("mine.localedit", loaded=loaded)
        assert opened.model is loaded[0]
        assert opened.catalog.fingerprint == mine.fingerprint

    def test_a_session_whose_catalog_is_gone_says_so(
        self, folder: Path, run: Run, tiny_catalog: Catalog
    ) -> None:
        entry = self._shelve(tiny_catalog.with_parts([Part("mouth", (0,))]))
        run(*MOUTH, "--out", "mine.png", "--session", "mine.localedit")
        CatalogShelf().remove(entry)
        opened = library.open_session("mine.localedit")
        assert opened.catalog.fingerprint == tiny_catalog.fingerprint
        assert "another catalog" in opened.notice
