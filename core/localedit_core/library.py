"""Finding generators and their catalogs: by the name of a bundled one, or by file."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.storage import load_catalog
from localedit_core.checkpoints.native import Model, load_generator
from localedit_core.errors import LocalEditError
from localedit_core.models.catalog_shelf import CatalogShelf
from localedit_core.models.store import ModelLibrary
from localedit_core.session.checks import catalog_notice, check_session
from localedit_core.session.png import load_session_any
from localedit_core.session.state import EditState, ModelReference
from localedit_core.session.storage import Session
from localedit_resources import CATALOG_SUFFIX, GENERATOR_SUFFIX, bundled_models, models_folder


def bundled_names() -> tuple[str, ...]:
    """Names of the generators that come with LocalEdit: those whose files are there."""
    return bundled_models(models_folder())


def is_bundled(path: Path) -> bool:
    """Whether a file came with LocalEdit, and is not to be written by its users."""
    return path.resolve().is_relative_to(models_folder().resolve())


def generator_path(name_or_path: str | Path) -> Path:
    """The file of a bundled or imported generator's name, or the path itself.

    Raises:
        LocalEditError: there is no such generator and no such file.
    """
    bundled = bundled_names()
    if isinstance(name_or_path, str) and name_or_path in bundled:
        return models_folder() / f"{name_or_path}{GENERATOR_SUFFIX}"
    path = Path(name_or_path)
    if not os.path.exists(path):  # noqa: PTH110 - takes names that no file can have
        imported = ModelLibrary().find(name_or_path) if isinstance(name_or_path, str) else None
        if imported is not None:
            return imported.path
        known = f", or one that comes with LocalEdit: {', '.join(bundled)}" if bundled else ""
        raise LocalEditError(
            f"There is no generator {str(name_or_path)!r:.200}.", f"Name a file{known}."
        )
    return path


def catalog_path(generator: Path) -> Path:
    """Where the catalog of a generator file lies: beside it, ".catalog" before the suffix."""
    return generator.with_name(generator.stem + CATALOG_SUFFIX)


def generator_beside(catalog: Path) -> Path:
    """Where the generator of a catalog file lies, by the same rule. LocalEditError if nowhere."""
    if catalog.name.endswith(CATALOG_SUFFIX):
        path = catalog.with_name(catalog.name.removesuffix(CATALOG_SUFFIX) + GENERATOR_SUFFIX)
        if _is_file(path):
            return path
    raise LocalEditError(f"There is no generator beside the catalog {catalog}.", "Name its file.")


def open_catalog(name_or_path: str | Path) -> tuple[Path, Catalog]:
    """Read a catalog file, or the catalog of a bundled generator. LocalEditError if it cannot."""
    bundled = isinstance(name_or_path, str) and name_or_path in bundled_names()
    path = catalog_path(generator_path(name_or_path)) if bundled else Path(name_or_path)
    return path, load_catalog(path)


def open_model(name_or_path: str | Path) -> tuple[Model, Catalog | None]:
    """Read a generator, and its catalog: the active one of the shelf, or the one beside it.

    Raises:
        LocalEditError: either file is missing or unreadable, or the catalog is another one's.
    """
    path = generator_path(name_or_path)
    model = load_generator(path)
    return model, _current_catalog(model, path)


def _current_catalog(model: Model, path: Path) -> Catalog | None:
    shelf = CatalogShelf()
    active = shelf.active(model.fingerprint)
    if active is not None and not active.problem:  # a damaged one must not lock its generator out
        return shelf.open(active)
    beside = catalog_path(path)
    return load_catalog(beside, model.fingerprint) if _is_file(beside) else None


def _catalog_of_session(
    model: Model, known: Catalog | None, reference: ModelReference
) -> Catalog | None:
    """The catalog that a session was made with, wherever it is; else the known one."""
    wanted = reference.catalog_fingerprint
    if known is not None and known.fingerprint == wanted:
        return known
    shelf = CatalogShelf()
    shelved = shelf.find(model.fingerprint, wanted)
    if shelved is not None:
        return shelf.open(shelved)
    beside = catalog_path(model.path) if model.path is not None else None
    if beside is not None and _is_file(beside):
        catalog = load_catalog(beside, model.fingerprint)
        if catalog.fingerprint == wanted:
            return catalog
    return known


def open_labelled_model(name_or_path: str | Path) -> tuple[Model, Catalog]:
    """Read a generator and its catalog, which editing needs. LocalEditError if there is none."""
    model, catalog = open_model(name_or_path)
    return model, _required(model, catalog)


def _required(model: Model, catalog: Catalog | None) -> Catalog:
    if catalog is None:
        raise LocalEditError(
            f"The generator {model.path} has no catalog: {catalog_path(model.path or Path())} "
            "is missing.",
            "Build one with 'localedit catalog build'.",
        )
    return catalog


def reference_to(model: Model, catalog: Catalog) -> ModelReference:
    """What a session remembers of the generator and catalog that it is made with."""
    bundled = model.path is not None and model.path.parent == models_folder()
    return ModelReference(
        name=model.path.stem if model.path is not None else model.name,
        path=None if bundled or model.path is None else _without_home(model.path.resolve()),
        fingerprint=model.fingerprint,
        catalog_fingerprint=catalog.fingerprint,
    )


def _without_home(path: Path) -> str:
    """The path with "~" for the home folder: a shared picture need not tell its maker's name."""
    try:
        return str("~" / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):  # elsewhere, or nobody's home
        return str(path)


@dataclass(frozen=True, eq=False)
class OpenedSession:
    """A session and what it needs, checked to fit together.

    Attributes:
        session: as it was read.
        state: the same, bound to this generator and catalog.
        model: the generator.
        catalog: its catalog.
        notice: what to tell people where the catalog is not the one the session was made with.
    """

    session: Session
    state: EditState
    model: Model
    catalog: Catalog
    notice: str


def open_session(
    path: Path | str,
    model: str | Path | None = None,
    loaded: tuple[Model, Catalog | None] | None = None,
) -> OpenedSession:
    """Read a session or exported PNG, with the generator that it was made with and its catalog.

    Args:
        path: the file.
        model: name or file of the generator; None looks for it where the session says, then
            beside the session.
        loaded: a generator that is open already, taken where it is the session's.

    Raises:
        LocalEditError: any of the files cannot be read, or they do not belong together.
    """
    path = Path(path)
    session = load_session_any(path)
    reference = session.state.model
    if loaded is not None and loaded[0].fingerprint == reference.fingerprint:
        opened, current = loaded[0], loaded[1]
    else:
        place = model if model is not None else _find_model(reference, path)
        opened, current = open_model(place)
    catalog = _required(opened, _catalog_of_session(opened, current, reference))
    try:
        check_session(session.state, opened, catalog)
    except LocalEditError as error:
        raise LocalEditError(f"{path}: {error.message}", error.hint) from error
    state = replace(session.state, model=reference_to(opened, catalog))
    notice = catalog_notice(reference, catalog)
    return OpenedSession(session, state, opened, catalog, notice)


def _find_model(reference: ModelReference, session: Path) -> str | Path:
    if reference.path is None:
        if reference.name in bundled_names():
            return reference.name
    else:
        # Read as Windows does, a path of either system ends in its file's name.
        candidates = [session.parent / PureWindowsPath(reference.path).name]
        # A file from somewhere else must not make us knock at another machine's door.
        if not reference.path.startswith(("//", "\\\\")):
            candidates.insert(0, Path(os.path.expanduser(reference.path)))  # noqa: PTH111
        for candidate in candidates:
            if _is_file(candidate):
                return candidate
    raise LocalEditError(
        f"{session} needs the generator {reference.path or reference.name!r:.200}, "
        "which is not here.",
        "Put the generator's file beside the session.",
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # names that no file can have
        return False
