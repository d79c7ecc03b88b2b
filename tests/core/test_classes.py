"""Generators that were trained with classes, from the published file to the saved session."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import dense_networks as dense
import numpy as np
import pytest
import torch
from cli_helpers import Run, contains, fail, pixels, run  # noqa: F401 - fixtures
from numpy.typing import NDArray
from published_files import ada_network, ada_pickle, saved, stylegan2_variables, tensorflow_pickle
from published_samples import stylegan2_weights
from samples import latents_of, make_state, members, refused, with_document

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog, Part
from localedit_core.catalog.fitting import series_of
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.checkpoints.native import Model, load_generator, save_generator, write_converted
from localedit_core.checkpoints.published import open_published
from localedit_core.editing.pipeline import Pipeline, to_picture
from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Generator
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.latents import Latent, sample_z
from localedit_core.models.entry import read_entry
from localedit_core.session.checks import check_session
from localedit_core.session.png import export_png, load_session_any
from localedit_core.session.state import EditState, ModelReference
from localedit_core.session.storage import load_session, session_bytes

Arrays = dict[str, NDArray[Any]]
CLASSES = 3
RNG = np.random.default_rng(4)
Z = RNG.standard_normal((CLASSES, 32)).astype(np.float32)
ONE_HOT = np.eye(CLASSES, dtype=np.float32)


def unit(x: NDArray[Any]) -> NDArray[Any]:
    return x / np.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-8)


def mapped(weights: Arrays, x: NDArray[Any]) -> NDArray[Any]:
    """The dense layers of a StyleGAN2's mapping network, in float64."""
    for index in range(4):
        weight = weights[f"mapping.fc{index}.weight"].astype(np.float64)
        x = x @ (weight * 0.01 / np.sqrt(weight.shape[1])).T
        x = x + weights[f"mapping.fc{index}.bias"].astype(np.float64) * 0.01
        x = np.where(x > 0, x, 0.2 * x) * np.sqrt(2)
    return x


def with_classes(kind: str) -> tuple[dict[str, Any], Arrays, NDArray[Any]]:
    """The reference StyleGAN2 with classes; its w for ``Z`` by the published formula, [3, 32]."""
    config, weights = stylegan2_weights()
    wider = RNG.standard_normal((32, 64)).astype(np.float32) * 100
    weights["mapping.fc0.weight"] = wider
    if kind == "embed":
        weight = RNG.standard_normal((32, CLASSES)).astype(np.float32)
        bias = RNG.standard_normal(32).astype(np.float32)
        weights |= {"mapping.embed.weight": weight, "mapping.embed.bias": bias}
        embedded = ONE_HOT @ weight.T.astype(np.float64) / np.sqrt(CLASSES) + bias
        x = np.concatenate([unit(Z.astype(np.float64)), unit(embedded)], axis=1)
    else:
        table = RNG.standard_normal((CLASSES, 32)).astype(np.float32)
        weights["label"] = table
        x = unit(np.concatenate([Z, ONE_HOT @ table], axis=1).astype(np.float64))
    return config, weights, mapped(weights, x)


def as_ada(config: dict[str, Any], weights: Arrays) -> bytes:
    return ada_pickle(ada_network(config, weights))


def as_tensorflow(config: dict[str, Any], weights: Arrays) -> bytes:
    kept = {name: a for name, a in weights.items() if "embed" not in name and name != "label"}
    variables = stylegan2_variables(kept)
    if "label" in weights:
        variables["LabelConcat/weight"] = weights["label"]
    else:
        variables["LabelEmbed/weight"] = weights["mapping.embed.weight"].T.copy()
        variables["LabelEmbed/bias"] = weights["mapping.embed.bias"]
    kwargs = {"resolution": 64, "label_size": CLASSES}
    return tensorflow_pickle(kwargs, variables, version=4, protocol=4)


def converted(data: bytes, folder: Path) -> Generator:
    source, target = folder / "published.dat", folder / "ours.safetensors"
    source.write_bytes(data)
    with open_published(source) as found:
        write_converted(found, target, name="tiny")
    return load_generator(target).generator


def close(actual: torch.Tensor, expected: NDArray[Any]) -> None:
    assert actual.shape == expected.shape
    assert np.abs(actual.numpy() - expected).max() <= 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize(
    ("kind", "write"),
    [("embed", as_ada), ("embed", as_tensorflow), ("concat", as_tensorflow)],
    ids=["ada", "ada, TensorFlow", "StyleGAN2, TensorFlow"],
)
def test_a_class_enters_the_mapping_network_as_published(
    kind: str, write: Any, tmp_path: Path
) -> None:
    config, weights, expected = with_classes(kind)
    generator = converted(write(config, weights), tmp_path)
    assert generator.c_dim == CLASSES
    close(generator.mapping(torch.from_numpy(Z), torch.from_numpy(ONE_HOT)), expected)
    first = generator.mapping(torch.from_numpy(Z[:1]))  # no class given: the first
    close(first, expected[:1])
    # Truncation draws towards the one mean of all classes, as in the published code.
    mean = weights["mapping.w_avg"]
    w_plus = generator.broadcast(torch.from_numpy(expected.astype(np.float32)), 0.6)
    close(w_plus[:, 3], mean + 0.6 * (expected - mean))


@pytest.mark.parametrize("psi", [1.0, 0.6])
def test_stylegan_with_classes(psi: float, tmp_path: Path) -> None:
    network = dense.random_stylegan((4, 4, 3), classes=CLASSES)
    data = tensorflow_pickle(network.arguments, network.variables, version=3, protocol=2)
    generator = converted(data, tmp_path)
    z = Z[:, :5]
    w = generator.mapping(torch.from_numpy(z), torch.from_numpy(ONE_HOT))
    image = generator.synthesize(generator.styles(generator.broadcast(w, psi))).image
    close(image, dense.stylegan_image(network, z, psi, ONE_HOT))


def test_progan_with_classes(tmp_path: Path) -> None:
    network = dense.random_progan((4, 4, 3), classes=CLASSES)
    data = tensorflow_pickle(
        network.arguments,
        network.variables,
        version=2,
        components=False,
        module="tfutil",
        protocol=2,
    )
    generator = converted(data, tmp_path)
    assert (generator.z_dim, generator.w_dim, generator.c_dim) == (5, 5 + CLASSES, CLASSES)
    z = Z[:, :5]
    w = generator.mapping(torch.from_numpy(z), torch.from_numpy(ONE_HOT))
    image = generator.synthesize(generator.styles(generator.broadcast(w))).image
    close(image, dense.progan_image(network, z, ONE_HOT))


def test_genforce_names_classes_in_its_own_way(tmp_path: Path) -> None:
    """As ``mapping.label_weight``, [classes, z_dim], in the StyleGAN that TensorFlow files have."""
    network = dense.random_stylegan((4, 4), classes=CLASSES)
    found: Arrays = {"truncation.w_avg": network.variables["dlatent_avg"]}
    for index in range(3):
        found[f"mapping.dense{index}.weight"] = network.variables[f"Dense{index}/weight"].T
        found[f"mapping.dense{index}.bias"] = network.variables[f"Dense{index}/bias"]
    found["mapping.label_weight"] = network.variables["LabelConcat/weight"]
    for index, kind in enumerate(("4x4/Const", "4x4/Conv", "8x8/Conv0_up", "8x8/Conv1")):
        layer = f"synthesis.layer{index}"
        if index == 0:
            found[f"{layer}.const"] = network.variables[f"{kind}/const"]
        else:
            found[f"{layer}.weight"] = network.variables[f"{kind}/weight"].transpose(3, 2, 0, 1)
        found[f"{layer}.bias"] = network.variables[f"{kind}/bias"]
        found[f"{layer}.style.weight"] = network.variables[f"{kind}/StyleMod/weight"].T
        found[f"{layer}.style.bias"] = network.variables[f"{kind}/StyleMod/bias"]
        found[f"{layer}.apply_noise.weight"] = network.variables[f"{kind}/Noise/weight"]
        found[f"{layer}.apply_noise.noise"] = network.variables[f"noise{index}"]
    for block in (0, 1):
        colour = network.variables[f"ToRGB_lod{1 - block}/weight"].transpose(3, 2, 0, 1)
        found[f"synthesis.output{block}.weight"] = colour
        found[f"synthesis.output{block}.bias"] = network.variables[f"ToRGB_lod{1 - block}/bias"]
    state = {name: torch.from_numpy(np.array(a, order="C")) for name, a in found.items()}
    generator = converted(saved(state), tmp_path)
    z = Z[:, :5]
    w = generator.mapping(torch.from_numpy(z), torch.from_numpy(ONE_HOT))
    image = generator.synthesize(generator.styles(generator.broadcast(w))).image
    close(image, dense.stylegan_image(network, z, labels=ONE_HOT))


def test_labels_of_another_generator_are_refused(conditional: StyleGAN2) -> None:
    with pytest.raises(LocalEditError, match="labels of 3 numbers"):
        conditional.mapping(torch.zeros(1, 16), torch.zeros(1, 4))


# Editing ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def conditional() -> StyleGAN2:
    """A 32 px StyleGAN2 of three classes with random weights."""
    config = StyleGAN2Config(
        z_dim=16,
        w_dim=16,
        resolution=32,
        channels=(16, 16, 12, 8),
        c_dim=CLASSES,
        embed_features=16,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return StyleGAN2(config).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def catalog(conditional: StyleGAN2) -> Catalog:
    made = build_catalog(conditional, layer="b16.torgb", n_clusters=4, n_samples=6)
    return made.with_parts((Part("mouth", (0, 1)), Part("hair", (2,))))


@pytest.fixture
def folder(
    conditional: StyleGAN2, catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    save_generator(conditional, tmp_path / "zoo.safetensors", name="Zoo", dtype=torch.float32)
    save_catalog(catalog, tmp_path / "zoo.catalog.safetensors")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def picture(generator: StyleGAN2, seed: int, class_index: int, psi: float) -> NDArray[np.uint8]:
    labels = torch.eye(CLASSES)[class_index : class_index + 1]
    w = generator.mapping(torch.from_numpy(sample_z(seed, 16)), labels)
    return to_picture(generator.synthesize(generator.styles(generator.broadcast(w, psi))).image)


def test_the_pipeline_draws_the_class_of_a_latent(conditional: StyleGAN2, catalog: Catalog) -> None:
    pipeline = Pipeline(Model(conditional, "Zoo", "stylegan2"), catalog)
    for class_index in range(CLASSES):
        view = pipeline.view(Latent(7, 0.7, class_index=class_index))
        np.testing.assert_array_equal(view.image, picture(conditional, 7, class_index, 0.7))
    first = pipeline.view(Latent(7, 0.7))
    np.testing.assert_array_equal(first.image, picture(conditional, 7, 0, 0.7))
    with pytest.raises(LocalEditError, match="no class 3") as caught:
        pipeline.view(Latent(7, 0.7, class_index=3))
    assert "0 to 2" in caught.value.hint


def test_a_class_for_a_generator_without(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> None:
    pipeline = Pipeline(Model(tiny_generator, "Tiny", "stylegan2"), tiny_catalog)
    with pytest.raises(LocalEditError, match="no classes"):
        pipeline.view(Latent(7, 0.7, class_index=0))


def test_latents_tell_their_class() -> None:
    assert Latent(3, 0.7).key == "seed=3 psi=0.7"  # as files from before there were classes say it
    assert len({Latent(3, 0.7, class_index=index) for index in (None, 0, 1, 1)}) == 3
    assert Latent(3, 0.7, class_index=1).with_psi(0.5) == Latent(3, 0.5, class_index=1)
    assert Latent(3, 0.7, np.ones((2, 3)), 1).with_class(2) == Latent(3, 0.7, class_index=2)
    stored = Latent(None, 0.7, np.ones((2, 3)))
    assert stored.with_class(2) is stored
    assert Latent(3, 0.7, class_index=1).label == "3 of class 1"
    for wrong in (-1, 8192):
        with pytest.raises(LocalEditError, match="no class"):
            Latent(3, 0.7, class_index=wrong)


def test_a_state_in_another_class_keeps_its_references() -> None:
    changed = make_state().with_class(5)
    assert changed.target == Latent(4, 0.6, class_index=5)
    assert changed.edits == make_state().edits
    assert changed.picture(9) == Latent(9, 0.6, class_index=5)


# Files ------------------------------------------------------------------------------------------


def conditional_state(generator: StyleGAN2, catalog: Catalog) -> EditState:
    reference = ModelReference("zoo", None, generator.fingerprint, catalog.fingerprint)
    return EditState(reference, Latent(4, 0.6, class_index=2), psi=0.6, class_index=2)


def test_sessions_and_pictures_keep_the_class(
    conditional: StyleGAN2, catalog: Catalog, tmp_path: Path
) -> None:
    model = Model(conditional, "Zoo", "stylegan2")
    state = conditional_state(conditional, catalog)
    values = Pipeline(model, catalog).w_plus(state.target)
    data = session_bytes(state, {state.target.key: values})
    session, png = tmp_path / "a.localedit", tmp_path / "a.png"
    session.write_bytes(data)
    export_png(png, np.zeros((8, 8, 3), np.uint8), data)
    for path in (session, png):
        found = load_session_any(path).state
        assert found.class_index == 2
        assert replace(found.target, w_plus=None) == state.target
        check_session(found, model, catalog)
        with pytest.raises(LocalEditError, match="no class 3"):
            check_session(replace(found, class_index=3), model, catalog)


def test_sessions_from_before_there_were_classes(tmp_path: Path) -> None:
    state = make_state().with_class(None)
    data = session_bytes(state, latents_of(state))
    document = json.loads(members(data)["session.json"])
    document["format_version"] = 1
    for fields in (document, document["target"], *(e["reference"] for e in document["edits"])):
        assert fields.pop("class") is None
    path = tmp_path / "old.localedit"
    path.write_bytes(with_document(data, document))
    old = load_session(path)
    assert old.format_version == 1
    path.write_bytes(data)
    assert old.state == load_session(path).state  # and so are their stored values
    assert old.state.target.key.startswith("seed=4 psi=0.6 w=")

    del document["target"]["psi"]
    path.write_bytes(with_document(data, document))
    assert "psi" in refused(load_session, path).message


def test_catalogs_take_all_classes_or_one(conditional: StyleGAN2) -> None:
    """A catalog of one class is that of the generator whose class is always that one."""
    options: dict[str, Any] = {"layer": "b8.conv1", "n_clusters": 3, "n_samples": 6}
    one = build_catalog(conditional, class_index=1, **options)
    assert one.provenance["class"] == 1
    single = StyleGAN2(conditional.config)
    single.load_state_dict(conditional.state_dict())
    single.mapping.embed.weight.data = single.mapping.embed.weight[:, [1, 1, 1]]
    same = build_catalog(single.eval(), **options)
    assert same.provenance["class"] == "all in turn"
    np.testing.assert_allclose(one.mean, same.mean, rtol=1e-4, atol=1e-5)

    every = build_catalog(conditional, **options)
    assert np.abs(every.mean - one.mean).max() > 1e-3
    # Six pictures of three classes: each is there twice, in an order that the random state draws.
    order = np.random.RandomState(0).permutation(CLASSES)
    total = np.zeros(conditional.layers[2].channels)
    for seed in range(6):
        labels = torch.eye(CLASSES)[order[seed % CLASSES]][None]
        w = conditional.mapping(torch.from_numpy(sample_z(seed, 16)), labels)
        styles = conditional.styles(conditional.broadcast(w, 0.7))
        made = conditional.synthesize(styles, record=("b8.conv1",))
        total += made.activations["b8.conv1"].mean(dim=(0, 2, 3)).numpy()
    np.testing.assert_allclose(every.mean, total / 6, rtol=1e-4, atol=1e-5)
    with pytest.raises(LocalEditError, match="no class 3"):
        build_catalog(conditional, class_index=3, **options)


def test_command_line(
    folder: Path,
    conditional: StyleGAN2,
    run: Run,  # noqa: F811
    fail: Run,  # noqa: F811
) -> None:
    assert "classes: 3" in run("info", "zoo.safetensors")
    assert read_entry(folder / "zoo.safetensors").classes == CLASSES  # as the library shows it
    facts = json.loads(run("info", "zoo.safetensors", "--json"))
    assert facts["classes"] == 3

    edit = ("edit", "--model", "zoo.safetensors", "--target", "3", "--reference", "5")
    edit = (*edit, "--part", "mouth", "--epsilon", "0")
    run(*edit, "--class", "2", "--out", "2.png", "--session", "2.localedit")
    np.testing.assert_array_equal(pixels("2.png"), picture(conditional, 3, 2, 0.7))
    assert "class: 2" in run("info", "2.localedit")
    run("render", "2.localedit", "--out", "again.png")
    np.testing.assert_array_equal(pixels("again.png"), pixels("2.png"))
    run(*edit, "--out", "0.png")
    np.testing.assert_array_equal(pixels("0.png"), picture(conditional, 3, 0, 0.7))
    assert "no class 3" in fail(*edit, "--class", "3", "--out", "3.png")
    assert "--class" in fail(*edit, "--class", "-1", "--out", "3.png")
    assert not Path("3.png").exists()


def test_a_grid_is_of_the_class_of_its_first_target(
    folder: Path,
    conditional: StyleGAN2,
    catalog: Catalog,
    run: Run,  # noqa: F811
) -> None:
    grid = ("evaluate", "grid", "--model", "zoo.safetensors", "--part", "mouth", "--out", "x")
    told = json.loads(run(*grid, "--targets", "3", "4", "--references", "5", "--json"))
    sheet = pixels(list(told["pages"].values())[1])
    (shown,) = (
        index for index in range(CLASSES) if contains(sheet, picture(conditional, 4, index, 0.7))
    )
    assert contains(sheet, picture(conditional, 5, shown, 0.7))
    assert shown == series_of(conditional, catalog.clustering).class_of(3)


def test_catalog_of_one_class_on_the_command_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from localedit_core.cli import main

    build = ("catalog", "build", "--model", "zoo.safetensors", "--layer", "b8.conv1")
    build = (*build, "--clusters", "3", "--samples", "4", "--out", "one.safetensors")
    assert main((*build, "--class", "1")) == 0
    assert load_catalog("one.safetensors").provenance["class"] == 1
    assert main((*build, "--class", "9")) == 2
    assert "no class 9" in capsys.readouterr().err
