"""Whether a session fits the generator and the catalog at hand."""

from __future__ import annotations

from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.errors import LocalEditError
from localedit_core.generators.classes import check_class
from localedit_core.session.state import EditState, ModelReference


def check_model(reference: ModelReference, model: Model) -> None:
    """Raise LocalEditError if a session was made with another generator."""
    if reference.fingerprint != model.fingerprint:
        raise LocalEditError(
            f"The session was made with the generator {reference.name!r} "
            f"({reference.fingerprint[:12]}), not with {model.name!r} ({model.fingerprint[:12]}).",
            f"Open the generator {reference.path or reference.name} first.",
        )


def catalog_notice(reference: ModelReference, catalog: Catalog) -> str:
    """What to tell people where the catalog is another than the session's; empty where it is not.

    A generator that was labelled anew must not lock its old sessions out: they open, and the same
    settings move somewhat other channels.
    """
    if reference.catalog_fingerprint == catalog.fingerprint:
        return ""
    return (
        f"The session was made with another catalog of {reference.name!r} "
        f"({reference.catalog_fingerprint[:12]}) than this one ({catalog.fingerprint[:12]}): "
        "its edits may look different."
    )


def check_parts(state: EditState, catalog: Catalog) -> None:
    """Raise LocalEditError if an edit names a part that the catalog lacks; it lists the parts."""
    for edit in state.edits:
        catalog.part(edit.part)


def check_latents(state: EditState, model: Model) -> None:
    """Raise LocalEditError if a stored latent has another shape than the generator takes."""
    expected = (model.generator.num_ws, model.generator.w_dim)
    for latent in (state.target, *(edit.reference for edit in state.edits)):
        if latent.w_plus is not None and latent.w_plus.shape != expected:
            found = " x ".join(str(n) for n in latent.w_plus.shape)
            raise LocalEditError(
                f"The session stores a latent of {found} values, "
                f"the generator {model.name!r} takes {expected[0]} x {expected[1]}.",
                "The file is damaged or was changed by hand; take another copy of it.",
            )


def check_classes(state: EditState, model: Model) -> None:
    """Raise LocalEditError if the session names a class that the generator does not have."""
    latents = (state.target, *(edit.reference for edit in state.edits))
    for class_index in (state.class_index, *(latent.class_index for latent in latents)):
        check_class(model.generator.c_dim, class_index)


def check_session(state: EditState, model: Model, catalog: Catalog) -> None:
    """Generator, latents, classes and parts. LocalEditError for the first that does not fit."""
    check_model(state.model, model)
    check_latents(state, model)
    check_classes(state, model)
    check_parts(state, catalog)
