"""Steps and the documents that own them: no cycle, so each goes when the last hand lets go."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from fakes import fake_state
from PySide6.QtCore import QObject

from localedit_core.catalog.clustering import Clustering
from localedit_core.catalog.naming import Naming
from localedit_core.latents import Latent
from localedit_gui.document import EditDocument
from localedit_gui.workshop.document import NamingDocument
from localedit_gui.workshop.values import Bench, Labelled


def edited() -> EditDocument:
    document = EditDocument()
    document.open(fake_state())
    document.set_target(Latent(7, 0.7))
    document.set_target(Latent(8, 0.7))
    document.undo_stack.undo()
    return document


def named() -> NamingDocument:
    clustering = Clustering(
        layer="b4.conv1",
        resolution=4,
        centroids=np.eye(2, 3, dtype=np.float32),
        mean=np.zeros(3, np.float32),
        std=np.ones(3, np.float32),
        psi=0.7,
        generator_fingerprint="g",
        provenance={},
    )
    labels = np.zeros((1, 4, 4), np.int64)
    pictures = np.zeros((1, 4, 4, 3), np.uint8)
    document = NamingDocument()
    document.open(Bench(pictures, (0,), Labelled(Naming(clustering), labels)))
    document.name_clusters([0], "eyes")
    document.name_clusters([1], "mouth")
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
def test_a_document_with_steps_goes_without_the_collector(make: Callable[[], QObject]) -> None:
    document = make()
    seen = weakref.ref(document)
    del document
    assert seen() is None
