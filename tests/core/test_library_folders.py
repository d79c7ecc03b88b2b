"""Where the library is, folders that do not do as they should, and thumbnails."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from pathlib import Path

import numpy as np
import platformdirs
import pytest
import torch
from library_files import header, put, snapshot
from PIL import Image

from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.pictures import to_picture
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import sample_z
from localedit_core.models import store
from localedit_core.models.rendered_thumbnail import make_thumbnail
from localedit_core.models.store import ModelLibrary, library_folder
from localedit_core.models.thumbnail import read_thumbnail


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    return ModelLibrary(tmp_path / "models")


def test_the_library_is_in_the_users_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LOCALEDIT_MODELS", raising=False)
    data = platformdirs.user_data_path("LocalEdit", appauthor=False)
    assert library_folder() == data / "models"
    monkeypatch.setenv("LOCALEDIT_MODELS", str(tmp_path / "mine"))
    assert ModelLibrary().folder == tmp_path / "mine"
    assert ModelLibrary(tmp_path / "given").folder == tmp_path / "given"
    assert ModelLibrary().downloads.is_relative_to(tmp_path / "mine")


def test_looking_makes_no_folder(library: ModelLibrary) -> None:
    assert library.entries() == ()
    assert library.find("cats") is None
    assert library.tidy() == 0
    assert not library.folder.exists()


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "models"):
        library = ModelLibrary(folder)
        with pytest.raises(LocalEditError, match="file"):
            put(library, "Cats")
    with pytest.raises(LocalEditError, match="folder"):
        ModelLibrary(tmp_path / "file").entries()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(library: ModelLibrary) -> None:
    entry = put(library, "Cats")
    library.folder.chmod(0o500)
    try:
        for act in (
            lambda: put(library, "Dogs"),
            lambda: library.rename(entry, "Dogs"),
            lambda: library.remove(entry),
        ):
            with pytest.raises(LocalEditError, match="permission"):
                act()
    finally:
        library.folder.chmod(0o700)
    assert library.entries() == (entry,)


class SurpriseError(Exception):
    pass


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), (LocalEditError, "disk is full")),
        (RenderCancelled(), (RenderCancelled, None)),
        (LocalEditError("a weight is not finite"), (LocalEditError, "not finite")),
        (SurpriseError(), (SurpriseError, None)),
        (None, (LocalEditError, "safetensors")),
    ],
)
def test_what_fails_leaves_nothing(
    library: ModelLibrary, failure: Exception | None, told: tuple[type[Exception], str | None]
) -> None:
    put(library, "Cats")
    before = snapshot(library.folder)

    def write(path: Path) -> None:
        path.write_bytes(b"half of a generator, or something else")
        if failure is not None:
            raise failure

    with pytest.raises(told[0], match=told[1]):
        library.add(write, name="Cats")
    assert snapshot(library.folder) == before


def test_a_full_disk_while_the_rest_is_written_leaves_nothing(
    library: ModelLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    catalog = tmp_path / "a.catalog.safetensors"
    catalog.write_bytes(b"catalog")
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(LocalEditError, match="disk is full"):
        library.add(lambda path: path.write_bytes(header()), name="Cats", catalog=catalog)
    assert snapshot(library.folder) == {}


def test_several_may_add_at_once(tmp_path: Path) -> None:
    """Each as another LocalEdit would: with a library of its own on the same folder."""
    ready = threading.Barrier(6)

    def add(number: int) -> None:
        library = ModelLibrary(tmp_path)
        ready.wait()
        for _ in range(3):
            put(library, "Cats", description=str(number))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = ModelLibrary(tmp_path).entries()
    assert sorted(e.description for e in entries) == sorted(str(n) for n in range(6) for _ in "abc")
    assert all(not entry.problem and not entry.notice for entry in entries)


def test_a_name_that_was_free_a_moment_ago_is_not_overwritten(
    library: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = put(library, "Cats")
    data = snapshot(library.folder)
    # As if the other LocalEdit had taken the name between looking and writing.
    monkeypatch.setattr(store, "_taken", lambda path: False)
    second = put(library, "Cats!")
    assert second.path != first.path
    assert data.items() <= snapshot(library.folder).items()


# Thumbnails


def test_a_thumbnail_shows_four_seeds(tiny_generator: StyleGAN2) -> None:
    sheet = make_thumbnail(tiny_generator, seeds=(5, 6, 7, 8), psi=0.6)
    assert sheet.shape == (256, 256, 3)
    quarters = [sheet[:128, :128], sheet[:128, 128:], sheet[128:, :128], sheet[128:, 128:]]
    for seed, quarter in zip((5, 6, 7, 8), quarters, strict=True):
        with torch.no_grad():
            image = tiny_generator(torch.from_numpy(sample_z(seed, 16)), psi=0.6)
        smooth = Image.fromarray(to_picture(image)).resize((128, 128), Image.Resampling.BICUBIC)
        difference = np.asarray(smooth, float) - quarter
        assert np.abs(difference).mean() < 4


def test_making_a_thumbnail_can_be_given_up(tiny_generator: StyleGAN2) -> None:
    with pytest.raises(RenderCancelled):
        make_thumbnail(tiny_generator, cancelled=lambda: True)


def test_a_thumbnail_is_replaced(library: ModelLibrary) -> None:
    entry = put(library, "Cats")
    assert entry.thumbnail is None
    picture = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    shown = library.set_thumbnail(entry, picture)
    np.testing.assert_array_equal(read_thumbnail(shown.thumbnail), picture)
    np.testing.assert_array_equal(Image.open(library.folder / "cats.png"), picture)


def test_a_broken_thumbnail_is_none(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    assert read_thumbnail(None) is None
    assert read_thumbnail(path) is None
    path.write_bytes(b"no picture")
    assert read_thumbnail(path) is None
    Image.new("RGB", (1025, 8)).save(path)
    assert read_thumbnail(path) is None
    Image.new("RGB", (1024, 8)).save(path)
    assert read_thumbnail(path) is not None
    path.write_bytes(path.read_bytes()[:60])
    assert read_thumbnail(path) is None
