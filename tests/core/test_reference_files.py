"""References that no seed makes: files of latents, sessions, and how sessions keep them."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from cli_helpers import Run, fail, folder, pixels, run  # noqa: F401

from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent, sample_z
from localedit_core.session.clipping import Clipping, read_clipping, write_clipping
from localedit_core.session.reference_files import references_from_file
from localedit_core.session.state import MAX_OWN, EditState, FoundBudget, ModelReference
from localedit_core.session.storage import load_session, parse_session, save_session, session_bytes

RNG = np.random.default_rng(5)


@pytest.fixture(scope="module")
def pipeline(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> Pipeline:
    return Pipeline(Model(tiny_generator, "Tiny", "stylegan2"), tiny_catalog)


def state_on(pipeline: Pipeline, *edits: Edit, target: int = 4) -> EditState:
    model = ModelReference("tiny", None, pipeline.model.fingerprint, pipeline.catalog.fingerprint)
    return EditState(model, Latent(target, 0.7), edits)


def picture(pipeline: Pipeline, *edits: Edit) -> np.ndarray[Any, Any]:
    request = RenderRequest(0, 0, Latent(1, 0.7), edits)
    return pipeline.picture(request, pipeline.model.generator.resolution)


def w_plus_of(generator: StyleGAN2, count: int = 1) -> np.ndarray[Any, Any]:
    shape = (count, generator.num_ws, generator.w_dim)
    return RNG.standard_normal(shape).astype(np.float32)


# --- files of latents ---


def npz(**arrays: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def npy(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def torch_file(value: Any, *, zipped: bool = True) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, _use_new_zipfile_serialization=zipped)
    return buffer.getvalue()


def test_w_plus_in_every_layout(pipeline: Pipeline, tmp_path: Path) -> None:
    values = w_plus_of(pipeline.model.generator)  # type: ignore[arg-type]
    tensor = torch.from_numpy(values)
    layouts = {
        "projected.npz": npz(w=values),  # as the projectors of NVIDIA write it
        "one.npy": npy(values[0]),
        "fortran.npy": npy(np.asfortranarray(values[0])),
        "double.npy": npy(values.astype(np.float64)),
        "zip.pt": torch_file({"latent": tensor}),
        "legacy.pt": torch_file(tensor, zipped=False),
        "rosinality.pt": torch_file({"face.png": {"latent": tensor[0], "noise": [tensor * 0]}}),
        "pickle.pkl": pickle.dumps({"w": values}),
        "wrong.name": npy(values),
    }
    for name, data in layouts.items():
        path = tmp_path / name
        path.write_bytes(data)
        first, *_ = references_from_file(pipeline, path)
        np.testing.assert_array_equal(first.w_plus, values[0], err_msg=name)
        assert first.label.startswith(path.stem)


def test_w_is_repeated_and_z_is_mapped(pipeline: Pipeline, tmp_path: Path) -> None:
    generator = pipeline.model.generator
    w = RNG.standard_normal((3, generator.w_dim)).astype(np.float32)
    path = tmp_path / "some.npy"
    path.write_bytes(npy(w))
    found = references_from_file(pipeline, path)
    assert [latent.label for latent in found] == ["some 1", "some 2", "some 3"]
    for latent, row in zip(found, w, strict=True):
        np.testing.assert_array_equal(latent.w_plus, np.repeat(row[None], generator.num_ws, 0))
    path.write_bytes(npz(z=sample_z(9, generator.z_dim)))
    (mapped,) = references_from_file(pipeline, path, psi=0.7)
    np.testing.assert_array_equal(mapped.w_plus, pipeline.w_plus(Latent(9, 0.7)))


class Bomb:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("bomb-went-off"),))


def hostile(width: int) -> dict[str, tuple[bytes, str]]:
    good = npy(np.zeros((2, width), np.float32))
    declared = good.replace(f"(2, {width})".encode(), b"(999999, 9)".ljust(len(f"(2, {width})")))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("w.npy", good + b"\0" * 100 * 2**20)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(300):
            archive.writestr(f"{number}.npy", good)
    endless = io.BytesIO()
    with zipfile.ZipFile(endless, "w") as archive:
        for number in range(5000):
            archive.writestr(f"a/{number}", b"")
    objects = io.BytesIO()
    np.save(objects, np.array([Bomb()], dtype=object), allow_pickle=True)
    return {
        "empty": (b"", "empty"),
        "text": (b"latents: 1 2 3", "damaged"),
        "cut": (good[: len(good) // 2], "declares"),
        "header cut": (good[:20], "damaged"),
        "more declared than there is": (declared, "declares"),
        "objects": (objects.getvalue(), "type"),
        "packed bomb": (bomb.getvalue(), "more than"),
        "many arrays": (many.getvalue(), "more than"),
        "endless directory": (endless.getvalue(), "more than"),
        "damaged zip": (npz(w=np.zeros((2, width), np.float32))[:-30], "ZIP"),
        "pickled code": (pickle.dumps(Bomb()), "refuse"),
        "pickled code in a list": (pickle.dumps([np.zeros((1, width)), Bomb()]), "refuse"),
        "another width": (npy(np.zeros((1, width + 1), np.float32)), "holds no latent"),
        "whole numbers": (npy(np.zeros((1, width), np.int64)), "holds no latent"),
        "not finite": (npy(np.full((1, width), np.nan, np.float32)), "finite"),
        "too many": (npy(np.zeros((65, width), np.float32)), "more than 64"),
    }


@pytest.mark.parametrize("name", hostile(16))
def test_what_cannot_be_read_is_told_and_nothing_runs(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    data, words = hostile(pipeline.model.generator.w_dim)[name]
    path = tmp_path / "latents.npz"
    path.write_bytes(data)
    with pytest.raises(LocalEditError) as caught:
        references_from_file(pipeline, path)
    assert words in str(caught.value) or words in caught.value.hint
    assert len(caught.value.message) < 500
    assert not (tmp_path / "bomb-went-off").exists()


@pytest.mark.parametrize("cut", range(0, 600, 37))
def test_truncations(pipeline: Pipeline, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "latents"
    whole = torch_file({"latent": torch.zeros(pipeline.model.generator.w_dim)})
    for data in (whole, npz(w=np.zeros(16, np.float32)), npy(np.zeros(64, np.float32))):
        path.write_bytes(data[: min(cut, len(data) - 1)])
        with pytest.raises(LocalEditError):
            references_from_file(pipeline, path)


# --- a session as a reference ---


def edit(part: str, seed: int, **settings: Any) -> Edit:
    return Edit(part, part, Latent(seed, 0.7), QuerySettings(epsilon=60.0, **settings))


def test_a_session_lends_the_styles_that_its_edits_make(pipeline: Pipeline, tmp_path: Path) -> None:
    equation_4 = {"method": Method.SIMULTANEOUS, "lam": 3.0}
    state = state_on(
        pipeline, edit("mouth", 5, **equation_4), edit("hair", 6, guard=1.0, **equation_4)
    )
    path = tmp_path / "composite.localedit"
    save_session(path, state, {latent.key: pipeline.w_plus(latent) for latent in state.latents()})
    (latent,) = references_from_file(pipeline, path)
    assert latent.label == "composite"
    # Eq. 4 and Eq. 1 of the paper for each edit, one after the other, by hand.
    styles = {name: s.clone() for name, s in pipeline.styles(Latent(4, 0.7)).items()}
    for one in state.edits:
        reference = pipeline.styles(one.reference)
        for name, m in pipeline.catalog.contribution(one.part).items():
            share = torch.from_numpy(np.minimum(1.0, 3.0 * m)).float()
            styles[name] = styles[name] + share * (reference[name] - styles[name])
    for name, made in pipeline.styles(latent).items():
        torch.testing.assert_close(made, styles[name], atol=1e-6, rtol=1e-6)


def test_without_edits_it_lends_its_target(pipeline: Pipeline, tmp_path: Path) -> None:
    state = state_on(pipeline)
    path = tmp_path / "plain.localedit"
    save_session(path, state, {state.target.key: pipeline.w_plus(state.target)})
    (latent,) = references_from_file(pipeline, path)
    lent = replace(edit("mouth", 5), reference=latent)
    same = replace(lent, reference=Latent(4, 0.7))
    np.testing.assert_array_equal(picture(pipeline, lent), picture(pipeline, same))


@pytest.mark.parametrize("method", list(Method))
def test_every_method_takes_one(pipeline: Pipeline, tmp_path: Path, method: Method) -> None:
    state = state_on(pipeline, edit("mouth", 5))
    path = tmp_path / "composite.localedit"
    save_session(path, state, {latent.key: pipeline.w_plus(latent) for latent in state.latents()})
    (latent,) = references_from_file(pipeline, path)
    view = pipeline.view(Latent(1, 0.7))
    part = max((p.name for p in pipeline.catalog.parts), key=lambda p: pipeline.roi(view, p).sum())
    lent = Edit("a", part, latent, QuerySettings(method, epsilon=100.0))
    assert (picture(pipeline, lent) != picture(pipeline)).any()


def test_reopened_without_its_file_it_gives_the_same_picture(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    source = tmp_path / "source.localedit"
    state = state_on(pipeline, edit("mouth", 5))
    save_session(source, state, {latent.key: pipeline.w_plus(latent) for latent in state.latents()})
    (latent,) = references_from_file(pipeline, source)
    values = tmp_path / "w.npy"
    values.write_bytes(npy(w_plus_of(pipeline.model.generator)[0]))  # type: ignore[arg-type]
    (imported,) = references_from_file(pipeline, values)
    lent = replace(edit("hair", 1), reference=latent)
    taking = replace(state_on(pipeline, lent, target=1), own=(latent, imported))
    path = tmp_path / "taking.localedit"
    save_session(path, taking, {taking.target.key: pipeline.w_plus(taking.target)})
    source.unlink()
    values.unlink()
    again = load_session(path).state
    assert again.own == taking.own
    assert [one.label for one in again.own] == ["source", "w"]
    np.testing.assert_array_equal(picture(pipeline, *again.edits), picture(pipeline, lent))
    pasted = read_clipping(write_clipping(Clipping(lent, "x"))).edit
    assert pasted == lent
    assert pasted.reference.label == "source"


def test_a_session_of_another_generator_is_refused(pipeline: Pipeline, tmp_path: Path) -> None:
    state = state_on(pipeline)
    other = replace(state, model=replace(state.model, fingerprint="other", name="cats"))
    path = tmp_path / "cats.localedit"
    save_session(path, other, {state.target.key: pipeline.w_plus(state.target)})
    with pytest.raises(LocalEditError, match="cats"):
        references_from_file(pipeline, path)


def test_styles_of_another_generator_are_refused(pipeline: Pipeline) -> None:
    latent = Latent(None, 0.7, styles=np.zeros(7, np.float32), name="odd")
    with pytest.raises(LocalEditError, match="style values"):
        pipeline.thumbnail(latent)


# --- what a session keeps ---


def test_own_references_are_kept_once_and_bounded(pipeline: Pipeline) -> None:
    state = state_on(pipeline)
    one = Latent(None, 1.0, np.zeros((2, 3), np.float32), name="a")
    state = state.with_own([one]).with_own([one])
    assert state.own == (one,)
    many = [Latent(None, 1.0, np.full((2, 3), n, np.float32)) for n in range(1, MAX_OWN + 1)]
    with pytest.raises(LocalEditError, match=str(MAX_OWN)):
        state.with_own(many)


def test_budgets_are_remembered_for_target_and_part(pipeline: Pipeline) -> None:
    state = state_on(pipeline)
    first = FoundBudget(state.target.origin, "mouth", Method.SEQUENTIAL, 30.0, 0.5)
    state = state.with_budget(first).with_budget(replace(first, part="hair", value=9.0))
    state = state.with_budget(replace(first, value=44.0))
    assert len(state.budgets) == 2
    data = session_bytes(state, {state.target.key: pipeline.w_plus(state.target)})
    again = parse_session(data, "it").state
    found = again.budget("mouth", Method.SEQUENTIAL)  # though the target carries its values now
    assert found is not None
    assert (found.value, found.limit) == (44.0, 0.5)
    assert again.budget("mouth", Method.GLOBAL) is None
    assert replace(again, target=Latent(5, 0.7)).budget("mouth", Method.SEQUENTIAL) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("target", ""), ("part", 3), ("method", "best"), ("value", -1), ("limit", "0.5"), ("x", 1)],
)
def test_a_wrong_budget_is_told(pipeline: Pipeline, field: str, value: Any) -> None:
    state = state_on(pipeline)
    found = FoundBudget(state.target.origin, "mouth", Method.SEQUENTIAL, 30.0, 0.5)
    data = session_bytes(
        state.with_budget(found), {state.target.key: pipeline.w_plus(state.target)}
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "session.json":
                document = json.loads(content)
                document["budgets"][0][field] = value
                content = json.dumps(document).encode()
            new.writestr(name, content)
    with pytest.raises(LocalEditError, match=field):
        parse_session(buffer.getvalue(), "it")


# --- the command ---


def test_the_command_takes_files_as_references(folder: Path, run: Run, fail: Run) -> None:  # noqa: F811
    base = ("edit", "--model", "tiny.safetensors", "--target", "4", "--part", "mouth")
    run(*base, "--reference", "5", "--out", "seed.png", "--session", "seed.localedit")
    stored = load_session("seed.localedit").state.edits[0].reference.w_plus
    assert stored is not None
    np.save("five.npy", stored)
    run(*base, "--reference", "five.npy", "--out", "file.png")
    np.testing.assert_array_equal(pixels("file.png"), pixels("seed.png"))
    Path("list.json").write_text('[{"part": "mouth", "reference": "five.npy"}]')
    base = base[:-2]
    run(*base, "--edits", "list.json", "--out", "list.png")
    np.testing.assert_array_equal(pixels("list.png"), pixels("seed.png"))
    run(*base, "--part", "eyes", "--reference", "seed.localedit", "--out", "mixed.png")
    np.save("two.npy", np.zeros((2, stored.shape[1]), np.float32))
    wanted = (*base, "--part", "eyes", "--out", "x.png", "--reference")
    assert "holds 2 latents" in fail(*wanted, "two.npy")
    assert "There is no file" in fail(*wanted, "nothing.localedit")
