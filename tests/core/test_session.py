"""Session files: everything comes back, equal states give equal bytes, pixels stay as they were."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from samples import (
    NUM_WS,
    W_DIM,
    latents_of,
    make_state,
    members,
    refused,
    stored,
    with_document,
)

from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.editing.edit import Edit, EpsilonUnit, LayerBands, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import MAX_SEED, Latent
from localedit_core.session import migrations
from localedit_core.session.checks import (
    catalog_notice,
    check_latents,
    check_model,
    check_parts,
    check_session,
)
from localedit_core.session.migrations import FORMAT_VERSION
from localedit_core.session.state import EditState, ModelReference
from localedit_core.session.storage import (
    load_session,
    parse_session,
    save_session,
    session_bytes,
)


def without_values(state: EditState) -> EditState:
    """The state with seeds alone, to compare with one that has been saved."""

    def bare(latent: Latent) -> Latent:
        return latent if latent.seed is None else replace(latent, w_plus=None)

    return replace(
        state,
        target=bare(state.target),
        edits=tuple(replace(edit, reference=bare(edit.reference)) for edit in state.edits),
    )


def test_everything_comes_back(tmp_path: Path) -> None:
    state = make_state()
    thumbnail = np.random.default_rng(0).integers(0, 256, (32, 48, 3), dtype=np.uint8)
    path = tmp_path / "work.localedit"
    save_session(path, state, latents_of(state), thumbnail)
    session = load_session(path)
    assert without_values(session.state) == state
    assert session.format_version == FORMAT_VERSION
    assert session.thumbnail is not None
    np.testing.assert_array_equal(session.thumbnail, thumbnail)
    for latent, seed in (
        (session.state.target, 4),
        (session.state.edits[0].reference, 5),
        (session.state.edits[1].reference, 77),
        (session.state.edits[2].reference, 5),
    ):
        assert latent.w_plus is not None
        assert latent.w_plus.dtype == np.float32
        np.testing.assert_array_equal(latent.w_plus, stored(seed))


ADDED = {"blend_to": (3, 32), "guard": (4, 0.0)}
"""Field of an edit's settings -> the format that brought it, and what older sessions mean."""


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5])
def test_a_session_from_before_blending_and_guard_is_read(tmp_path: Path, version: int) -> None:
    state = make_state()
    data = session_bytes(state, latents_of(state))
    document = json.loads(members(data)["session.json"])
    document["format_version"] = version
    missing = {name: old for name, (since, old) in ADDED.items() if since > version}
    for edit in document["edits"]:
        for name in missing:
            del edit["settings"][name]
    if version < 5:
        for fields in (document["target"], *(edit["reference"] for edit in document["edits"])):
            del fields["styles"], fields["name"]
        del document["own"], document["budgets"]
    path = tmp_path / "old.localedit"
    path.write_bytes(with_document(data, document))
    session = load_session(path)
    assert session.format_version == version
    for name, meant in missing.items():
        assert {getattr(edit.settings, name) for edit in session.state.edits} == {meant}
    assert [edit.part for edit in session.state.edits] == [edit.part for edit in state.edits]

    if version == 5:
        return  # 6 has no field more
    document["format_version"] = FORMAT_VERSION  # which has the fields
    path.write_bytes(with_document(data, document))
    lacking = refused(load_session, path).message
    assert any(name in lacking for name in (*missing, "styles", "own", "budgets"))


def test_poisson_blending_is_kept_and_a_program_before_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = make_state()
    settings = QuerySettings(Method.POISSON_BLENDING)
    edits = (replace(state.edits[0], settings=settings, strength=0.375), *state.edits[1:])
    state = replace(state, edits=edits)
    path = tmp_path / "blended.localedit"
    save_session(path, state, latents_of(state))
    assert without_values(load_session(path).state) == state
    document = json.loads(members(path.read_bytes())["session.json"])
    assert document["edits"][0]["settings"]["method"] == "poisson-blending"
    monkeypatch.setattr(migrations, "FORMAT_VERSION", 5)
    told = refused(load_session, path)
    assert "newer LocalEdit (format 6, this one reads 5)" in told.message
    assert "Update" in told.hint


def test_file_is_what_the_format_says() -> None:
    state = make_state()
    thumbnail = np.zeros((8, 8, 3), dtype=np.uint8)
    contents = members(session_bytes(state, latents_of(state), thumbnail))
    assert set(contents) == {"session.json", "latents.safetensors", "thumbnail.png"}
    text = contents["session.json"].decode()
    document = json.loads(text)
    assert text == json.dumps(document, indent=2, sort_keys=True) + "\n"
    assert document["format"] == "localedit-session"
    assert document["format_version"] == 6
    assert document["edits"][0]["settings"] == {
        "method": "simultaneous",
        "epsilon": 33.5,
        "floor": 0.07,
        "lambda": 2.25,
        "bands": {"coarse": 0.25, "middle": 0.5, "fine": 0.75},
        "colour_layers": False,
        "unit": "absolute",
        "blend_to": 64,
        "guard": 0.625,
    }
    assert document["favourites"] == [9, 3]
    tensors = safetensors.numpy.load(contents["latents.safetensors"])
    assert len(tensors) == 3  # two edits share a reference
    np.testing.assert_array_equal(tensors[document["target"]["w_plus"]], stored(4))
    assert Image.open(io.BytesIO(contents["thumbnail.png"])).size == (8, 8)


def test_thumbnail_may_be_missing() -> None:
    state = make_state()
    data = session_bytes(state, latents_of(state))
    assert set(members(data)) == {"session.json", "latents.safetensors"}
    assert parse_session(data, "it").thumbnail is None


def test_equal_states_give_equal_bytes_also_after_reopening() -> None:
    state = make_state()
    values = latents_of(state)
    data = session_bytes(state, values)
    assert session_bytes(make_state(), dict(reversed(values.items()))) == data
    reopened = parse_session(data, "it").state
    assert session_bytes(reopened, {}) == data


def test_no_time_and_no_owner_in_the_file() -> None:
    state = make_state()
    with zipfile.ZipFile(io.BytesIO(session_bytes(state, latents_of(state)))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


latents = st.builds(
    Latent, seed=st.integers(0, MAX_SEED), psi=st.floats(-2, 2).map(lambda x: round(x, 4))
)
edits = st.builds(
    Edit,
    edit_id=st.uuids().map(str),
    part=st.sampled_from(["mouth", "yeux", "Haare über Ohr", "口"]),
    reference=latents,
    settings=st.builds(
        QuerySettings,
        method=st.sampled_from(Method),
        epsilon=st.floats(0, 512),
        floor=st.floats(0, 1),
        lam=st.floats(0, 100),
        bands=st.builds(LayerBands, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
        colour_layers=st.booleans(),
        unit=st.sampled_from(EpsilonUnit),
    ),
    strength=st.floats(0, 1),
    muted=st.booleans(),
)
states = st.builds(
    EditState,
    model=st.builds(
        ModelReference,
        name=st.text("abc é", min_size=1),
        path=st.none() | st.text("/ab c\\", min_size=1),
        fingerprint=st.text("0123456789abcdef", min_size=1, max_size=64),
        catalog_fingerprint=st.text("0123456789abcdef", min_size=1, max_size=64),
    ),
    target=latents,
    edits=st.lists(edits, max_size=4, unique_by=lambda edit: edit.edit_id).map(tuple),
    psi=st.floats(-2, 2),
    noise_seed=st.none() | st.integers(0, MAX_SEED),
    favourites=st.lists(st.integers(0, MAX_SEED), max_size=5).map(tuple),
)


@settings(deadline=None, max_examples=60)
@given(states)
def test_any_state_comes_back(state: EditState) -> None:
    session = parse_session(session_bytes(state, latents_of(state)), "it")
    assert without_values(session.state) == state


def test_numbers_survive_to_the_last_bit() -> None:
    state = make_state()
    state = state.with_edit("first", lambda edit: replace(edit, strength=np.nextafter(0.4, 1.0)))
    state = replace(state, psi=1.0 / 3.0)
    again = parse_session(session_bytes(state, latents_of(state)), "it").state
    assert again.psi == 1.0 / 3.0
    assert again.edits[0].strength == np.nextafter(0.4, 1.0)


def test_whole_numbers_are_written_as_the_floats_they_are() -> None:
    whole = replace(make_state(), psi=1)
    decimal = replace(make_state(), psi=1.0)
    values = latents_of(whole)
    assert session_bytes(whole, values) == session_bytes(decimal, values)


def test_what_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "work.localedit"
    path.write_bytes(b"earlier work")
    state = make_state()
    values = latents_of(state)
    for spoilt, field in (
        (replace(state, psi=float("nan")), "NaN"),
        (replace(state, noise_seed=-1), "noise_seed"),
        (replace(state, favourites=(1.5,)), "favourites"),  # type: ignore[arg-type]
        (state.with_edit("third", lambda edit: replace(edit, part="")), "part"),
    ):
        with pytest.raises(LocalEditError, match=field):
            save_session(path, spoilt, values)
    with pytest.raises(LocalEditError, match="seed=4"):
        save_session(path, state, {})
    assert path.read_bytes() == b"earlier work"


def test_reopened_session_renders_the_same_bits(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog, tmp_path: Path
) -> None:
    model = Model(tiny_generator, "Tiny", "stylegan2")
    state = EditState(
        ModelReference("tiny", None, model.fingerprint, tiny_catalog.fingerprint),
        Latent(31, 0.8),
        (
            Edit("a", "mouth", Latent(32, 0.8), QuerySettings(epsilon=200.0)),
            Edit("b", "hair", Latent(33, 0.8), QuerySettings(epsilon=150.0), strength=0.7),
        ),
        noise_seed=5,
    )
    first = Pipeline(model, tiny_catalog)
    values = {
        latent.key: first.w_plus(latent)
        for latent in (state.target, *(edit.reference for edit in state.edits))
    }
    path = tmp_path / "work.localedit"
    save_session(path, state, values)
    reopened = load_session(path).state
    check_session(reopened, model, tiny_catalog)

    def render(pipeline: Pipeline, of: EditState) -> np.ndarray:
        request = RenderRequest(0, 0, of.target, of.edits, noise_seed=of.noise_seed)
        return list(pipeline.run(request))[-1].image

    before = render(first, state)
    after = render(Pipeline(model, tiny_catalog), reopened)
    np.testing.assert_array_equal(before, after)
    unedited = render(first, replace(state, edits=()))
    assert (before != unedited).any()


def test_session_of_another_generator_is_refused_of_another_catalog_noted(
    tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    model = Model(tiny_generator, "Tiny", "stylegan2")
    fitting = ModelReference("tiny", None, model.fingerprint, tiny_catalog.fingerprint)
    check_model(fitting, model)
    assert catalog_notice(fitting, tiny_catalog) == ""
    with pytest.raises(LocalEditError, match=r"'faces'.*'Tiny'") as caught:
        check_model(replace(fitting, name="faces", fingerprint="0" * 64), model)
    assert "0" * 12 in caught.value.message
    assert model.fingerprint[:12] in caught.value.message
    notice = catalog_notice(replace(fitting, catalog_fingerprint="1" * 64), tiny_catalog)
    for words in ("another catalog", "1" * 12, tiny_catalog.fingerprint[:12]):
        assert words in notice


def test_part_that_does_not_exist(tiny_catalog: Catalog) -> None:
    state = make_state()
    check_parts(state, tiny_catalog)
    with pytest.raises(LocalEditError, match="'nose'") as caught:
        check_parts(state.with_edit("third", lambda edit: replace(edit, part="nose")), tiny_catalog)
    assert all(part.name in caught.value.hint for part in tiny_catalog.parts)


def test_stored_latents_must_fit_the_generator(tiny_generator: StyleGAN2) -> None:
    model = Model(tiny_generator, "Tiny", "stylegan2")
    assert (tiny_generator.num_ws, tiny_generator.w_dim) == (NUM_WS, W_DIM)
    check_latents(make_state(), model)
    for shape in ((NUM_WS - 1, W_DIM), (NUM_WS, W_DIM + 1), (1, 1)):
        spoilt = replace(make_state(), target=Latent(1, 0.5, np.zeros(shape, np.float32)))
        with pytest.raises(LocalEditError, match=f"{shape[0]} x {shape[1]}"):
            check_latents(spoilt, model)
