"""Part x reference and variations: each cell is what rendering its edit by itself gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, PdfParser

from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.editing.edit import EDITOR_GUARD, Edit, Method, QuerySettings
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture, RenderRequest
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.generators.stylegan2 import StyleGAN2
from localedit_core.latents import Latent
from localedit_core.library import reference_to
from localedit_core.session.png import DESCRIPTION
from localedit_core.session.state import EditState
from localedit_core.sheets.boards import (
    budget_values,
    draw_cells,
    part_shown,
    plan_budgets,
    plan_matrix,
    plan_references,
)
from localedit_core.sheets.contact_sheet import GAP, contact_sheet, write_sheet

HAIR = Edit("e1", "hair", Latent(9, 0.7), QuerySettings(epsilon=60.0, floor=0.0), 0.5)


@pytest.fixture
def pipeline(tiny_generator: StyleGAN2, tiny_catalog: Catalog) -> Pipeline:
    return Pipeline(Model(tiny_generator, "Tiny", "stylegan2"), tiny_catalog)


@pytest.fixture
def state(pipeline: Pipeline) -> EditState:
    reference = reference_to(pipeline.model, pipeline.catalog)
    return EditState(reference, Latent(3, 0.7), (HAIR,), noise_seed=4)


def settled(pipeline: Pipeline, *edits: Edit) -> Picture:
    """The full picture, by the way that the editor renders."""
    request = RenderRequest(0, 0, Latent(3, 0.7), edits, noise_seed=4)
    return next(result for result in pipeline.run(request) if result.stage == "settled").image


def test_every_cell_is_its_own_edit_on_the_stack(pipeline: Pipeline, state: EditState) -> None:
    references = (Latent(5, 0.7), Latent(6, 0.7), Latent(7, 0.7))
    plan = plan_matrix(state, pipeline.catalog, ("mouth", "eyes"), references)
    cells = list(draw_cells(pipeline, plan, 32))
    assert [(c.plan.row, c.plan.column) for c in cells] == [
        (row, column) for row in range(2) for column in range(3)
    ]
    own = {"mouth": (40.0, 0.05), "eyes": (50.0, 0.1)}  # as the catalog's fixture has them
    for cell in cells:
        part = ("mouth", "eyes")[cell.plan.row]
        epsilon, floor = own[part]
        settings = QuerySettings(Method.SEQUENTIAL, epsilon, floor, guard=EDITOR_GUARD)
        edit = Edit("any", part, references[cell.plan.column], settings)
        np.testing.assert_array_equal(cell.picture, settled(pipeline, HAIR, edit))
    assert len({cell.picture.tobytes() for cell in cells}) == 6


def test_cells_come_one_by_one_and_stop_when_told(pipeline: Pipeline, state: EditState) -> None:
    plan = plan_matrix(state, pipeline.catalog, ("mouth",), [Latent(n, 0.7) for n in range(4)])
    enough = False
    cells = draw_cells(pipeline, plan, 32, lambda: enough)
    next(cells), next(cells)
    enough = True
    with pytest.raises(RenderCancelled):
        next(cells)


def test_a_matrix_of_no_such_part_is_refused(pipeline: Pipeline, state: EditState) -> None:
    with pytest.raises(LocalEditError, match="antlers"):
        plan_matrix(state, pipeline.catalog, ("antlers",), [Latent(1, 0.7)])


def test_variations_change_the_one_number_or_the_one_reference(
    pipeline: Pipeline, state: EditState
) -> None:
    values = budget_values(Method.SEQUENTIAL, 5)
    np.testing.assert_allclose(values, [0, 32, 128, 288, 512])  # 512 (n / 4)^2
    for cell, value in zip(
        draw_cells(pipeline, plan_budgets(state, "e1", values), 32), values, strict=True
    ):
        edit = replace(HAIR, settings=QuerySettings(epsilon=value, floor=0.0))
        np.testing.assert_array_equal(cell.picture, settled(pipeline, edit))
    others = [Latent(20, 0.7), Latent(21, 0.7)]
    for cell, other in zip(
        draw_cells(pipeline, plan_references(state, "e1", others), 32), others, strict=True
    ):
        np.testing.assert_array_equal(
            cell.picture, settled(pipeline, replace(HAIR, reference=other))
        )


def test_small_cells_are_area_averages_of_the_next_larger(
    pipeline: Pipeline, state: EditState
) -> None:
    (cell,) = draw_cells(pipeline, plan_budgets(state, "e1", [60.0]), 24)
    expected = cv2.resize(settled(pipeline, HAIR), (24, 24), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(cell.picture, expected)


def test_only_the_part_keeps_its_colours(pipeline: Pipeline, state: EditState) -> None:
    view = pipeline.view(state.target, state.noise_seed)
    roi = view.part_map == 1  # mouth
    shown = part_shown(pipeline, state, "mouth", 32)
    np.testing.assert_array_equal(shown[roi], view.image[roi])
    outside = shown[~roi].astype(int)
    assert (outside.max(axis=1) == outside.min(axis=1)).all()
    assert outside.min() >= 170


def test_a_contact_sheet_has_its_pictures_in_rows_and_columns() -> None:
    cells = [
        [np.full((40, 60, 3), 50 * row + 10 * column, np.uint8) for column in range(3)]
        for row in range(2)
    ]
    sheet = contact_sheet(cells, ["mouth", "eyes"], ["a", "b", "c"], title="T")
    ys, xs = np.nonzero((sheet == 10).all(axis=2))  # the second of the first row
    y0, x0 = ys.min(), xs.min() - 60 - GAP
    for row in range(2):
        for column in range(3):
            value = 50 * row + 10 * column
            block = sheet[y0 + row * (40 + GAP) :, x0 + column * (60 + GAP) :][:40, :60]
            assert (block == value).all()
    # Headings: something is written left of the rows and above the columns.
    assert (sheet[y0 : y0 + 40, : x0 - 2] < 128).any()
    assert (sheet[: y0 - 2, x0 : x0 + 60] < 128).any()
    assert (sheet[-40:, -200:] < 200).any()  # synthetic composite
    bare = contact_sheet(cells)
    assert bare.shape[0] < sheet.shape[0]
    assert bare.shape[1] < sheet.shape[1]


def test_a_sheet_that_could_not_be_reopened_is_not_made() -> None:
    row = [np.zeros((1024, 1024, 3), np.uint8)] * 9
    with pytest.raises(LocalEditError, match="8192"):
        contact_sheet([row])


def test_a_pdf_has_one_page_with_the_sheet_and_says_what_it_is(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (30, 20, 3), np.uint8)
    sheet = cv2.resize(noise, (200, 300), interpolation=cv2.INTER_CUBIC)
    write_sheet(tmp_path / "x.pdf", sheet, dpi=100)
    with PdfParser.PdfParser(str(tmp_path / "x.pdf"), mode="rb") as pdf:
        assert len(pdf.pages) == 1
        page = pdf.read_indirect(pdf.pages[0])
        np.testing.assert_allclose([float(v) for v in page[b"MediaBox"]], [0, 0, 144, 216])
        assert pdf.info[b"Subject"].decode("utf-16") == DESCRIPTION
        image = pdf.read_indirect(page[b"Resources"][b"XObject"][b"image"])
        stored = cv2.imdecode(np.frombuffer(bytes(image.buf), np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(stored[..., ::-1].astype(int) - sheet).mean() < 3.0


def test_a_png_says_what_it_is(tmp_path: Path) -> None:
    write_sheet(tmp_path / "x.png", np.zeros((8, 8, 3), np.uint8))
    with Image.open(tmp_path / "x.png") as image:
        assert "ynthetic composite" in image.info["Description"]


def test_other_endings_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(LocalEditError, match=r"x\.jpg"):
        write_sheet(tmp_path / "x.jpg", np.zeros((8, 8, 3), np.uint8))
    assert not list(tmp_path.iterdir())
