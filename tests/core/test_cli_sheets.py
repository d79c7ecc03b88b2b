"""Sheets, reports and morphs without a window."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cli_helpers import MOUTH, Run, contains, fail, folder, pixels, run
from PIL import Image, PdfParser

from localedit_core.session.png import read_png_session

MATRIX = ("sheet", "matrix", "--model", "tiny.safetensors", "--target", "3")


@pytest.fixture
def session(folder: Path, run: Run) -> str:
    run(*MOUTH, "--guard", "1", "--out", "one.png", "--session", "one.localedit")
    return "one.localedit"


def test_a_matrix_s_cells_are_what_edit_makes(folder: Path, run: Run, session: str) -> None:
    told = run(
        *MATRIX, "--references", "5", "6", "--parts", "mouth", "eyes", "--out", "m.png", "--json"
    )
    facts = json.loads(told)
    assert (facts["parts"], facts["references"], facts["size"]) == (["mouth", "eyes"], [5, 6], 32)
    assert contains(pixels("m.png"), pixels("one.png"))
    assert read_png_session("m.png").state.target.seed == 3


def test_a_matrix_of_a_session_keeps_its_edits(folder: Path, run: Run, session: str) -> None:
    run("sheet", "matrix", session, "--references", "7", "--out", "m.png")
    assert contains(pixels("m.png"), pixels("one.png"))  # the target's place shows the session
    assert read_png_session("m.png").state.edits[0].part == "mouth"


def test_variations_of_budget_and_reference(folder: Path, run: Run, session: str) -> None:
    told = json.loads(
        run("sheet", "variations", session, "--values", "0", "40", "--out", "v.png", "--json")
    )
    assert (told["varied"], told["values"], told["part"]) == ("epsilon", [0, 40], "mouth")
    assert contains(pixels("v.png"), pixels("one.png"))  # 40 is the part's own
    run("sheet", "variations", session, "--references", "6", "5", "--out", "r.png")
    assert contains(pixels("r.png"), pixels("one.png"))
    run("sheet", "variations", session, "--steps", "3", "--out", "s.pdf")
    assert (folder / "s.pdf").read_bytes().startswith(b"%PDF")


def test_a_report_is_one_a4_page_with_the_picture(folder: Path, run: Run, session: str) -> None:
    run("sheet", "report", session, "--date", "2026-01-31", "--out", "r.pdf")
    with PdfParser.PdfParser("r.pdf", mode="rb") as pdf:
        assert len(pdf.pages) == 1
        box = [float(v) for v in pdf.read_indirect(pdf.pages[0])[b"MediaBox"]]
    np.testing.assert_allclose(np.array(box[2:]) / 72 * 25.4, [210, 297], atol=0.2)  # mm
    run("sheet", "report", session, "--date", "2026-01-31", "--out", "r.png")
    page = pixels("r.png")
    assert page.shape == (2339, 1654, 3)
    large = Image.open("one.png").resize((860, 860), Image.Resampling.LANCZOS)
    assert contains(page, np.asarray(large))
    run("sheet", "report", session, "--date", "2026-01-30", "--out", "other.png")
    changed = np.argwhere((pixels("other.png") != page).any(axis=2))
    assert 0 < np.ptp(changed[:, 1]) < 40  # the last digit alone
    assert np.ptp(changed[:, 0]) < 40


def test_a_morph_ends_with_the_session(folder: Path, run: Run, session: str) -> None:
    told = json.loads(run("morph", session, "--frames", "5", "--out", "x.gif", "--json"))
    assert (told["frames"], told["size"]) == (5, 32)
    with Image.open("x.gif") as gif:
        gif.seek(gif.n_frames - 1)
        last = np.asarray(gif.convert("RGB")).astype(int)
    assert np.abs(last - pixels("one.png")).mean() < 6.0
    run("morph", session, "--out", "x.png")
    assert contains(pixels("x.png"), pixels("one.png"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("sheet", "report", "one.localedit", "--out", "x.doc"), "x.doc"),
        (("sheet", "report", "one.localedit", "--date", "soon", "--out", "x.pdf"), "soon"),
        (("sheet", "variations", "one.localedit", "--edit", "2", "--out", "x.png"), "1 edit"),
        (("sheet", "variations", "one.localedit", "--values", "-1", "--out", "x.png"), "-1"),
        (("sheet", "matrix", "--references", "1", "--out", "x.png"), "--target"),
        ((*MATRIX, "--references", "1", "--parts", "antlers", "--out", "x.png"), "antlers"),
        (("morph", "one.localedit", "--out", "x.avi"), "x.avi"),
        (("morph", "one.localedit", "--seconds", "0", "--out", "x.gif"), "seconds"),
        (("morph", "missing.localedit", "--out", "x.gif"), "missing.localedit"),
        (("morph", "one.localedit", "--out", "no/such/x.gif"), "no/such"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    folder: Path, fail: Run, session: str, arguments: tuple[str, ...], told: str
) -> None:
    before = sorted(folder.iterdir())
    assert told in fail(*arguments)
    assert sorted(folder.iterdir()) == before
