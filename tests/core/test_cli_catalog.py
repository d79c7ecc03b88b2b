"""``localedit catalog``: sweeps, splits, suggestions, checks and the shelf."""

from __future__ import annotations

import json
from pathlib import Path

import dense_networks as dense
import numpy as np
import pytest
from cli_helpers import MOUTH, Run, fail, folder, pixels, run

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import load_catalog, save_catalog
from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.checkpoints.progan_tensorflow import build_progan
from localedit_core.cli import main
from localedit_core.evaluation.checking import check_part, trial_transfer
from localedit_core.generators.stylegan2 import StyleGAN2

BUILD = ("catalog", "build", "--model", "tiny.safetensors", "--samples", "6")
TINY = "tiny.catalog.safetensors"


def test_build_gives_the_same_bytes_again(folder: Path, run: Run) -> None:
    one = (*BUILD, "--layer", "b16.torgb", "--clusters", "4", "--out")
    for name in ("first.safetensors", "second.safetensors"):
        run(*one, name)
    assert Path("first.safetensors").read_bytes() == Path("second.safetensors").read_bytes()
    facts = json.loads(run(*one, "first.safetensors", "--json"))
    assert facts["fingerprint"] == load_catalog("first.safetensors").fingerprint


def test_build_begins_with_the_suggested_layer_and_clusters(folder: Path, run: Run) -> None:
    facts = json.loads(run(*BUILD, "--out", "first.safetensors", "--json"))
    assert (facts["layer"], facts["clusters"]) == (
        "b32.conv1",
        12,
    )  # the first whose input has 32 px


def test_several_settings_are_compared_drawn_and_written(
    folder: Path, run: Run, tiny_generator: StyleGAN2
) -> None:
    sweep = (*BUILD, "--layer", "b8.conv1", "b16.torgb", "--clusters", "3", "4", "--out", "all")
    text = run(*sweep, "--sheet", "sheet.png")
    assert text.count("<- suggested") == 1
    sheet = pixels("sheet.png")
    assert sheet.shape[1] == 6 * 128
    assert sheet.shape[0] > 5 * 128
    for layer in ("b8.conv1", "b16.torgb"):
        for clusters in (3, 4):
            found = load_catalog(f"all/{layer}-{clusters}.catalog.safetensors")
            alone = build_catalog(tiny_generator, layer=layer, n_clusters=clusters, n_samples=6)
            assert found.fingerprint == alone.fingerprint
    # Catalogs that are there already may have been named meanwhile.
    named = "all/b8.conv1-3.catalog.safetensors"
    run("catalog", "label", named, "--part", "sky=1")
    facts = json.loads(run(*sweep, "--json", "--no-stability"))
    assert [(c["layer"], c["clusters"]) for c in facts["cells"]] == [
        (layer, k) for layer in ("b8.conv1", "b16.torgb") for k in (3, 4)
    ]
    assert all(c["stability"] is None for c in facts["cells"])
    assert len(facts["written"]) == 4
    assert [part.name for part in load_catalog(named).parts] == ["sky"]


def test_build_complains_in_one_line(folder: Path, fail: Run) -> None:
    one = (*BUILD, "--layer", "b16.torgb", "--clusters")
    assert "nothing to write" in fail(*one, "4")
    assert "One cluster" in fail(*one, "1", "--out", "x")
    assert "One cluster" in fail(*one, "4", "1", "--out", "x")
    assert "twice" in fail(*one, "4", "4", "--out", "x")
    few = ("catalog", "build", "--model", "tiny.safetensors", "--samples", "1")
    assert "positions (16)" in fail(*few, "--layer", "b4.conv1", "--clusters", "17", "--out", "x")
    assert not Path("x").exists()


def test_an_interrupted_sweep_prints_and_draws_what_is_done(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from localedit_core.catalog import sweep

    real = sweep.fit_clustering

    def interrupted(rows: object, clusters: int, *rest: object) -> object:
        if clusters == 5:
            raise KeyboardInterrupt
        return real(rows, clusters, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "fit_clustering", interrupted)
    arguments = (*BUILD, "--layer", "b8.conv1", "--clusters", "3", "4", "5", "--sheet", "s.png")
    assert main(arguments) == 130
    out = capsys.readouterr().out
    assert out.count("b8.conv1") == 2
    assert pixels("s.png").shape[0] > 3 * 128


def test_split_merge_and_suggest(folder: Path, run: Run, fail: Run, tiny_catalog: Catalog) -> None:
    text = run("catalog", "label", TINY, "--suggest", "3")
    assert text.count("\n") == 3
    facts = json.loads(run("catalog", "label", TINY, "--suggest", "--json"))
    pairs = [tuple(merge["clusters"]) for merge in facts["merges"]]
    assert (1, 3) not in pairs  # both are the mouth already
    assert len(pairs) == 9
    assert load_catalog(TINY).fingerprint == tiny_catalog.fingerprint

    run(
        *("catalog", "label", TINY, "--split", "0=sides", "--split", "4=kmeans:3"),
        *("--part", "left eye=0", "--part", "right eye=5", "--remove", "eyes"),
        *("--epsilon", "left eye=33"),
    )
    after = load_catalog(TINY)
    assert after.n_clusters == 8
    assert after.clustering.sides == ("left", *["whole"] * 4, "right", "whole", "whole")
    parts = {part.name: part.clusters for part in after.parts}
    assert parts == {
        "mouth": (1, 3),
        "hair": (4, 6, 7),
        "left eye": (0,),
        "right eye": (5,),
    }
    for name, m in after.contributions.items():
        np.testing.assert_allclose(m.sum(axis=0), 1.0, atol=1e-5)
        np.testing.assert_allclose(
            m[[0, 5]].sum(axis=0), tiny_catalog.contributions[name][0], atol=1e-6
        )

    run("catalog", "label", TINY, "--merge", "eyes=left eye,right eye")
    eyes = load_catalog(TINY).part("eyes")
    assert (eyes.clusters, eyes.epsilon) == ((0, 5), 33.0)
    before = Path(TINY).read_bytes()
    for option, value, message in (
        ("--split", "1=magic", "no way to split"),
        ("--split", "99=sides", "no cluster 99"),
        ("--split", "1=kmeans:x", "no number"),
        ("--split", "one=sides", "no number"),
        ("--split", "5=sides", "right half already"),
        ("--merge", "eyes=ear", "no part 'ear'"),
        ("--json", "--remove=eyes", "suggestions"),
    ):
        assert message in fail("catalog", "label", TINY, option, value)
    assert Path(TINY).read_bytes() == before
    assert "stays as it is" in fail("catalog", "label", "faces", "--part", "sky=1")


def test_check_tells_and_draws_every_part(
    folder: Path, run: Run, fail: Run, tiny_generator: StyleGAN2, tiny_catalog: Catalog
) -> None:
    facts = json.loads(run("catalog", "check", TINY, "--strips", "strips.png", "--json"))
    assert [part["name"] for part in facts["parts"]] == ["eyes", "mouth", "hair"]
    mouth = facts["parts"][1]
    check = check_part(tiny_generator, tiny_catalog, "mouth")
    assert mouth["share"] == pytest.approx(check.share)
    assert mouth["seeds"] == list(check.seeds)
    assert mouth["histogram"]["b8.conv1"]["counts"] == check.histogram["b8.conv1"][0].tolist()
    trial = trial_transfer(tiny_generator, tiny_catalog, "mouth", check.seeds[0], check.seeds[-1])
    assert trial.measures is not None
    assert mouth["trial"]["out_mse"] == pytest.approx(trial.measures.out_mse)
    strips = pixels("strips.png")
    assert strips.shape[1] == 10 * 128
    assert strips.shape[0] > 3 * 128
    text = run("catalog", "check", TINY, "--part", "mouth", "--seeds", "1", "2")
    assert "Out-MSE" in text
    assert text.count("\n") == 1
    assert "no part 'ear'" in fail("catalog", "check", TINY, "--part", "ear")
    save_catalog(tiny_catalog.with_parts([]), "bare.safetensors")
    assert "has a name yet" in fail(
        "catalog", "check", "bare.safetensors", "--model", "tiny.safetensors"
    )


def test_the_shelf(folder: Path, run: Run, fail: Run) -> None:
    model = ("--model", "tiny.safetensors")
    run("catalog", "save", TINY, *model, "--name", "Mine")
    run("catalog", "label", TINY, "--part", "sky=2", "--out", "sky.safetensors")
    run("catalog", "save", "sky.safetensors", *model, "--name", "mine")
    listed = json.loads(run("catalog", "list", *model, "--json"))["catalogs"]
    assert [(c["name"], c["version"], c["active"]) for c in listed] == [
        ("tiny", 0, True),
        ("Mine", 2, False),
        ("Mine", 1, False),
    ]
    run("catalog", "use", *model, "mine")
    assert "sky" in run("info", "tiny.safetensors")
    run("catalog", "use", *model, "mine", "--version", "1")
    assert "sky" not in run("info", "tiny.safetensors")
    run(*MOUTH, "--out", "out.png")
    run("catalog", "duplicate", *model, "mine", "copy")
    run("catalog", "rename", *model, "copy", "Copy 2")
    run("catalog", "remove", *model, "mine")
    text = run("catalog", "list", *model)
    assert "Copy 2" in text
    assert "Mine" not in text
    assert "* tiny" in text
    run("catalog", "restore", *model, "mine")
    run("catalog", "restore", *model, "mine")
    assert "Mine 2" in run("catalog", "list", *model)
    assert "no catalog ear" in fail("catalog", "use", *model, "ear")
    assert "version 9" in fail("catalog", "use", *model, "mine", "--version", "9")
    assert "comes with its generator" in fail("catalog", "remove", *model, "tiny")
    assert "in the trash" in fail("catalog", "restore", *model, "ear")
    assert "another generator" in fail("catalog", "save", TINY, "--model", "faces", "--name", "x")


def test_a_generator_without_styles_gets_clusters_and_sheets_and_is_told_why_no_transfers(
    tmp_path: Path, run: Run, fail: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    network = dense.random_progan((8, 6, 6, 4))
    save_generator(build_progan(network.arguments, network.variables), "g.safetensors", name="g")
    layer = load_generator(Path("g.safetensors")).generator.layers[3].name
    build = ("catalog", "build", "--model", "g.safetensors", "--layer", layer, "--samples", "4")
    text = run(*build, "--clusters", "3", "--out", "g.catalog.safetensors")
    assert "no styles" in text
    assert "no styles" in run(*build, "--clusters", "3", "--sheet", "sweep.png")
    run("catalog", "show", "g.catalog.safetensors", "--sheet", "sheet.png")
    assert pixels("sheet.png").shape == (512, 1536, 3)
    run("catalog", "label", "g.catalog.safetensors", "--split", "1=kmeans", "--part", "sky=0,1")
    assert run("catalog", "label", "g.catalog.safetensors", "--suggest").count("\n") > 1
    assert "features were blended" in run("catalog", "check", "g.catalog.safetensors")
