"""Finding generators, their catalogs, and what a session was made with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import make_tiny_generator
from samples import stored

from localedit_core import library
from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.checkpoints.native import Model, load_generator, save_generator
from localedit_core.editing.edit import Edit
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent
from localedit_core.session.png import export_png
from localedit_core.session.state import EditState
from localedit_core.session.storage import save_session, session_bytes


@pytest.fixture
def folder(tiny_generator: StyleGAN2, tiny_catalog: Catalog, tmp_path: Path) -> Path:
    """A folder "models" with a generator and its catalog."""
    models = tmp_path / "models"
    models.mkdir()
    save_generator(tiny_generator, models / "tiny.safetensors", name="Tiny", dtype=torch.float32)
    save_catalog(tiny_catalog, models / "tiny.catalog.safetensors")
    return models


@pytest.fixture
def bundled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, with its generator as the bundled "faces"."""
    for name in ("safetensors", "catalog.safetensors"):
        (folder / f"tiny.{name}").rename(folder / f"faces.{name}")
    monkeypatch.setattr(library, "models_folder", lambda: folder)
    return folder


def state_with(model: Model, catalog: Catalog) -> EditState:
    return EditState(
        library.reference_to(model, catalog),
        Latent(1, 0.7, stored(1)),
        (Edit("a", "mouth", Latent(2, 0.7, stored(2))),),
    )


def saved(path: Path, generator: Path) -> EditState:
    """A session made with a generator, saved at ``path``."""
    state = state_with(*library.open_labelled_model(generator))
    save_session(path, state, {})
    return state


def test_model_by_file(folder: Path, tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> None:
    model, catalog = library.open_model(folder / "tiny.safetensors")
    assert model.fingerprint == tiny_generator.fingerprint
    assert catalog is not None
    assert catalog.fingerprint == tiny_catalog.fingerprint
    reference = library.reference_to(model, catalog)
    assert (reference.name, reference.path) == ("tiny", str(folder / "tiny.safetensors"))
    assert reference.fingerprint == model.fingerprint
    assert reference.catalog_fingerprint == catalog.fingerprint


def test_model_by_bundled_name(bundled: Path) -> None:
    model, catalog = library.open_labelled_model("faces")
    assert model.path == bundled / "faces.safetensors"
    reference = library.reference_to(model, catalog)
    assert (reference.name, reference.path) == ("faces", None)
    assert library.open_catalog("faces")[0] == bundled / "faces.catalog.safetensors"


def test_bundled_are_those_whose_files_are_there(bundled: Path) -> None:
    assert library.bundled_names() == ("faces",)
    (bundled / "boats.safetensors").touch()  # without a catalog nobody can edit it
    (bundled / "trees.catalog.safetensors").touch()
    assert library.bundled_names() == ("faces",)
    (bundled / "boats.catalog.safetensors").touch()
    assert library.bundled_names() == ("boats", "faces")
    assert library.generator_path("boats") == bundled / "boats.safetensors"


def test_what_came_with_the_program_is_known_by_its_place(bundled: Path, tmp_path: Path) -> None:
    inside = bundled / "examples" / "a.localedit"
    assert library.is_bundled(inside)
    assert library.is_bundled(bundled / ".." / bundled.name / "a.localedit")
    assert not library.is_bundled(tmp_path / "a.localedit")
    link = tmp_path / "link.localedit"
    inside.parent.mkdir()
    inside.touch()
    link.symlink_to(inside)
    assert library.is_bundled(link)


def test_model_without_catalog(folder: Path) -> None:
    (folder / "tiny.catalog.safetensors").unlink()
    model, catalog = library.open_model(str(folder / "tiny.safetensors"))
    assert catalog is None
    assert model.name == "Tiny"
    with pytest.raises(LocalEditError, match=r"tiny\.catalog\.safetensors is missing") as caught:
        library.open_labelled_model(folder / "tiny.safetensors")
    assert "catalog build" in caught.value.hint


def test_catalog_of_another_generator_beside_it(folder: Path) -> None:
    save_generator(make_tiny_generator(1), folder / "tiny.safetensors", name="Other")
    with pytest.raises(LocalEditError, match="another generator") as caught:
        library.open_model(folder / "tiny.safetensors")
    assert "tiny.catalog.safetensors" in caught.value.message


@pytest.mark.parametrize("name", ["castles", "nowhere/model.safetensors", "", "x" * 5000, "a\0b"])
def test_unknown_model(name: str) -> None:
    with pytest.raises(LocalEditError) as caught:
        library.open_model(name)
    assert caught.value.hint


def test_catalog_and_generator_lie_beside_each_other(folder: Path) -> None:
    generator = folder / "tiny.safetensors"
    assert library.catalog_path(generator) == folder / "tiny.catalog.safetensors"
    assert library.generator_beside(library.catalog_path(generator)) == generator
    generator.unlink()
    with pytest.raises(LocalEditError, match=r"tiny\.catalog"):
        library.generator_beside(folder / "tiny.catalog.safetensors")


def test_session_finds_its_generator_where_it_was(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    state = saved(path, folder / "tiny.safetensors")
    opened = library.open_session(path)
    assert opened.session.state == state
    assert opened.model.path == folder / "tiny.safetensors"
    assert opened.catalog.fingerprint == state.model.catalog_fingerprint


def test_exported_picture_finds_it_as_well(folder: Path, tmp_path: Path) -> None:
    state = state_with(*library.open_labelled_model(folder / "tiny.safetensors"))
    path = tmp_path / "out.png"
    export_png(path, np.zeros((8, 8, 3), np.uint8), session_bytes(state, {}))
    assert library.open_session(path).session.state == state


def test_session_finds_its_generator_beside_itself(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    saved(path, folder / "tiny.safetensors")
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    with pytest.raises(LocalEditError, match="which is not here") as caught:
        library.open_session(path)
    assert str(path) in caught.value.message
    assert "tiny.safetensors" in caught.value.message
    moved = path.rename(elsewhere / path.name)
    assert library.open_session(moved).model.path == elsewhere / "tiny.safetensors"


def test_session_with_a_path_of_another_system(folder: Path) -> None:
    path = folder / "work.localedit"
    state = saved(path, folder / "tiny.safetensors")
    windows = replace(state.model, path="C:\\Users\\someone\\tiny.safetensors")
    save_session(path, replace(state, model=windows), {})
    assert library.open_session(path).model.path == folder / "tiny.safetensors"


@pytest.mark.parametrize(
    "hint", ["//server/share/tiny.safetensors", "\\\\server\\share\\tiny.safetensors"]
)
def test_session_does_not_reach_for_other_machines(
    hint: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "work.localedit"
    state = saved(path, folder / "tiny.safetensors")
    save_session(path, replace(state, model=replace(state.model, path=hint)), {})
    touched: list[str] = []
    is_file = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda self: touched.append(str(self)) or is_file(self))
    with pytest.raises(LocalEditError, match="which is not here"):
        library.open_session(path)
    assert touched == [str(tmp_path / "tiny.safetensors")]


@pytest.mark.parametrize("hint", ["x" * 4000, "a\0b", ".", "/", "~", "..\\.."])
def test_session_with_an_odd_path(hint: str, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    state = saved(path, folder / "tiny.safetensors")
    save_session(path, replace(state, model=replace(state.model, path=hint)), {})
    with pytest.raises(LocalEditError, match="which is not here"):
        library.open_session(path)


def test_session_of_a_bundled_generator_that_we_do_not_have(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    state = saved(path, folder / "tiny.safetensors")
    unknown = replace(state.model, name="castles", path=None)
    save_session(path, replace(state, model=unknown), {})
    with pytest.raises(LocalEditError, match="castles"):
        library.open_session(path)


def test_session_of_another_generator_names_both(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    state = saved(path, folder / "tiny.safetensors")
    save_session(path, replace(state, model=replace(state.model, fingerprint="0" * 64)), {})
    with pytest.raises(LocalEditError) as caught:
        library.open_session(path)
    for words in (str(path), "'tiny'", "'Tiny'", "0" * 12):
        assert words in caught.value.message


def test_session_outlives_the_labelling_of_its_generator(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    state = saved(path, folder / "tiny.safetensors")
    assert library.open_session(path).notice == ""
    beside = folder / "tiny.catalog.safetensors"
    catalog = load_catalog(beside)
    relabelled = catalog.with_parts(replace(part, epsilon=7.0) for part in catalog.parts)
    save_catalog(relabelled, beside)
    opened = library.open_session(path)
    assert "another catalog" in opened.notice
    assert opened.state.edits == state.edits
    assert opened.state.model.catalog_fingerprint == relabelled.fingerprint


def test_session_with_a_part_that_does_not_exist(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    state = saved(path, folder / "tiny.safetensors")
    nose = state.with_edit("a", lambda edit: replace(edit, part="nose"))
    save_session(path, nose, {})
    with pytest.raises(LocalEditError, match="'nose'") as caught:
        library.open_session(path)
    assert str(path) in caught.value.message
    assert "mouth" in caught.value.hint


def test_home_folder_is_not_told(
    folder: Path, tiny_catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    model = load_generator(folder / "tiny.safetensors")
    reference = library.reference_to(model, tiny_catalog)
    assert reference.path == str(Path("~") / "models" / "tiny.safetensors")
    path = tmp_path / "deep" / "work.localedit"
    path.parent.mkdir()
    saved(path, folder / "tiny.safetensors")
    assert str(tmp_path).encode() not in path.read_bytes()
    assert library.open_session(path).model.path == folder / "tiny.safetensors"
