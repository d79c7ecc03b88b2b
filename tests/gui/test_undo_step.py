"""Steps and the documents that own them: no cycle, so each goes when the last hand lets go."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import fake_state

from localedit_core.catalog.naming import Naming
from localedit_core.catalog.storage import load_catalog
from localedit_core.latents import Latent
from localedit_core.library import catalog_path
from localedit_gui.document import EditDocument
from localedit_gui.workshop.document import NamingDocument
from localedit_gui.workshop.values import Bench, Labelled


def edited(_: Path) -> EditDocument:
    document = EditDocument()
    document.open(fake_state())
    document.set_target(Latent(7, 0.7))
    document.set_target(Latent(8, 0.7))
    document.undo_stack.undo()
    return document


def named(model_file: Path) -> NamingDocument:
    naming = Naming.of(load_catalog(catalog_path(model_file)))
    labels = np.zeros((1, 4, 4), np.int64)
    pictures = np.zeros((1, 4, 4, 3), np.uint8)
    document = NamingDocument()
    document.open(Bench(pictures, (0,), Labelled(naming, labels)))
    document.name_clusters([0], "left eye")
    document.name_clusters([1], "right eye")
    document.undo_stack.undo()
    return document


@pytest.fixture
def without_collector(qapp: object) -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collector")
@pytest.mark.parametrize("make", [edited, named])
def test_a_document_with_steps_goes_without_the_collector(
    make: Callable[[Path], EditDocument | NamingDocument], model_file: Path
) -> None:
    document = make(model_file)
    assert document.undo_stack.count() == 2
    seen = weakref.ref(document)
    del document
    assert seen() is None
