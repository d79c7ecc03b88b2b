"""Many sessions at once, and stacks of edits from a file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from cli_helpers import EDIT, MOUTH, Run, fail, folder, pixels, run

from localedit_core.cli import main
from localedit_core.editing.edit import Method
from localedit_core.session.storage import load_session


def test_many_sessions_are_rendered_as_each_alone(folder: Path, run: Run) -> None:
    run(*MOUTH, "--out", "one.png", "--session", "one.localedit")
    run(*EDIT, "--part", "hair", "--reference", "9", "--out", "two.png")
    (folder / "sub").mkdir()
    shutil.copy("one.localedit", "sub/ONE.localedit")
    text = run("render", "one.localedit", "two.png", "sub/ONE.localedit", "--out-dir", "made/here")
    assert len(text.splitlines()) == 3
    names = sorted(path.name for path in (folder / "made/here").iterdir())
    assert names == ["ONE-2.png", "one.png", "two.png"]
    np.testing.assert_array_equal(pixels("made/here/one.png"), pixels("one.png"))
    np.testing.assert_array_equal(pixels("made/here/two.png"), pixels("two.png"))
    np.testing.assert_array_equal(pixels("made/here/ONE-2.png"), pixels("one.png"))


def test_one_bad_session_does_not_keep_the_others(
    folder: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run(*MOUTH, "--out", "one.png", "--session", "one.localedit")
    (folder / "bad.localedit").write_bytes(b"PK\x03\x04 nothing")
    assert main(["render", "bad.localedit", "one.localedit", "--out-dir", "made"]) == 2
    told = capsys.readouterr()
    assert "1 of 2 sessions" in told.err
    assert "bad.localedit" in told.err
    assert [path.name for path in (folder / "made").iterdir()] == ["one.png"]


def test_render_needs_to_know_where_to(folder: Path, run: Run, fail: Run) -> None:
    run(*MOUTH, "--out", "one.png")
    assert "--out-dir" in fail("render", "one.png")
    assert "--out-dir" in fail("render", "one.png", "one.png", "--out", "x.png")
    (folder / "taken").write_text("a file")
    assert "taken" in fail("render", "one.png", "--out-dir", "taken")


def test_edits_from_a_file_are_those_of_the_command_line(folder: Path, run: Run) -> None:
    run(
        *(*EDIT, "--guard", "0.5", "--part", "mouth", "--reference", "5", "--part", "hair"),
        *("--reference", "6", "--epsilon", "40", "--epsilon", "7", "--strength", "1"),
        *("--strength", "0.25", "--out", "spelt.png", "--session", "spelt.localedit"),
    )
    stack = [
        {"part": "mouth", "reference": 5},  # whose own budget is 40
        {"part": "hair", "reference": 6, "epsilon": 7, "strength": 0.25},
    ]
    (folder / "stack.json").write_text(json.dumps(stack))
    run(
        *(*EDIT, "--guard", "0.5", "--edits", "stack.json"),
        *("--out", "listed.png", "--session", "listed.localedit"),
    )
    assert (
        load_session("listed.localedit").state.edits == load_session("spelt.localedit").state.edits
    )
    np.testing.assert_array_equal(pixels("listed.png"), pixels("spelt.png"))


def test_every_field_of_a_listed_edit_arrives(folder: Path, run: Run) -> None:
    entry = {
        **{"part": "mouth", "reference": 5, "method": "simultaneous", "epsilon": 3, "floor": 0.2},
        **{"strength": 0.5, "guard": 0.75, "lambda": 2.5, "blend_to": 64},
    }
    (folder / "stack.json").write_text(json.dumps([entry]))
    run(*EDIT, "--edits", "stack.json", "--out", "x.png", "--session", "x.localedit")
    (edit,) = load_session("x.localedit").state.edits
    settings = edit.settings
    assert (edit.part, edit.reference.seed, edit.strength) == ("mouth", 5, 0.5)
    assert (settings.method, settings.epsilon, settings.floor) == (Method.SIMULTANEOUS, 3.0, 0.2)
    assert (settings.guard, settings.lam, settings.blend_to) == (0.75, 2.5, 64)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "no list"),
        ("[]", "no list"),
        ("[1]", "edit 1"),
        ("not json", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('[{"part": "mouth"}]', "reference"),
        ('[{"reference": 3}]', "part"),
        ('[{"part": "mouth", "reference": 3.5}]', "whole number"),
        ('[{"part": "mouth", "reference": true}]', "whole number"),
        ('[{"part": "mouth", "reference": -1}]', "-1"),
        ('[{"part": "antlers", "reference": 3}]', "antlers"),
        ('[{"part": "mouth", "reference": 3, "colour": 1}]', "colour"),
        ('[{"part": "mouth", "reference": 3, "epsilon": "9"}]', "epsilon"),
        ('[{"part": "mouth", "reference": 3, "guard": 2}]', "guard"),
        ('[{"part": "mouth", "reference": 3, "method": "magic"}]', "magic"),
        ('[{"part": "mouth", "reference": 3, "method": ["global"]}]', "method"),
        ('[{"part": "mouth", "reference": 3, "blend_to": [1]}]', "1"),
        ('[{"part": "mouth", "reference": 3, "epsilon": 1e999}]', "epsilon"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(folder: Path, fail: Run, text: str, told: str) -> None:
    (folder / "stack.json").write_text(text)
    line = fail(*EDIT, "--edits", "stack.json", "--out", "x.png")
    assert "stack.json" in line
    assert told.lower() in line.lower()
    assert not (folder / "x.png").exists()


def test_a_list_replaces_the_options(folder: Path, fail: Run) -> None:
    (folder / "stack.json").write_text('[{"part": "mouth", "reference": 3}]')
    assert "--edits" in fail(*MOUTH, "--edits", "stack.json", "--out", "x.png")
    for option in ("--epsilon", "--floor", "--strength"):
        line = fail(*EDIT, "--edits", "stack.json", option, "0.5", "--out", "x.png")
        assert option in line
    assert "--edits" in fail(*EDIT, "--out", "x.png")
    assert "missing.json" in fail(*EDIT, "--edits", "missing.json", "--out", "x.png")
