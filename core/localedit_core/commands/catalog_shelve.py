"""``localedit catalog list | save | use | duplicate | rename | remove | restore``: the shelf."""

from __future__ import annotations

import argparse
import json

from localedit_core.catalog.storage import load_catalog
from localedit_core.checkpoints.native import load_generator
from localedit_core.errors import LocalEditError
from localedit_core.library import catalog_path, generator_path
from localedit_core.models.catalog_shelf import CatalogShelf, ShelvedCatalog


def run(arguments: argparse.Namespace) -> None:
    """Do what ``arguments.action`` says, for one generator."""
    shelf = CatalogShelf()
    path = generator_path(arguments.model)
    fingerprint = load_generator(path).fingerprint
    if arguments.action == "save":
        _say("saved", shelf.save(load_catalog(arguments.file, fingerprint), arguments.name))
        return
    if arguments.action == "restore":
        _restore(shelf, fingerprint, arguments.name)
        return
    entries = shelf.entries(fingerprint, catalog_path(path))
    if arguments.action == "list":
        _list(entries, as_json=arguments.json)
        return
    chosen = _chosen(entries, arguments.name, arguments.version)
    if arguments.action == "use":
        shelf.activate(chosen[0])
        _say("in use", chosen[0])
    elif arguments.action == "duplicate":
        _say("saved", shelf.duplicate(chosen[0], arguments.new_name))
    elif arguments.action == "rename":
        _say("renamed", shelf.rename(chosen[0], arguments.new_name))
    else:
        for entry in chosen if arguments.version is None else chosen[:1]:
            shelf.remove(entry)
            _say("removed", entry)


def _chosen(
    entries: tuple[ShelvedCatalog, ...], name: str, version: int | None
) -> list[ShelvedCatalog]:
    """The versions of a name, newest first; the one asked for alone.

    Raises:
        LocalEditError: there is none.
    """
    wanted = name.strip().casefold()
    found = [
        entry
        for entry in entries
        if entry.name.casefold() == wanted and version in (None, entry.version)
    ]
    if not found:
        known = ", ".join(dict.fromkeys(entry.name for entry in entries))
        what = name if version is None else f"{name}, version {version}"
        hint = f"There is {known}." if known else "Save one: localedit catalog save."
        raise LocalEditError(f"This generator has no catalog {what}.", hint)
    return found


def _restore(shelf: CatalogShelf, fingerprint: str, name: str) -> None:
    wanted = name.strip().casefold()
    found = [one for one in shelf.removed(fingerprint) if one.name.casefold() == wanted]
    if not found:
        raise LocalEditError(f"No catalog {name} of this generator is in the trash.")
    _say("restored", shelf.restore(found[0]))


def _list(entries: tuple[ShelvedCatalog, ...], *, as_json: bool) -> None:
    if as_json:
        facts = [
            {
                "name": entry.name,
                "version": entry.version,
                "file": str(entry.path),
                "saved": None if entry.saved is None else entry.saved.isoformat(),
                "layer": entry.layer,
                "clusters": entry.clusters,
                "parts": list(entry.parts),
                "fingerprint": entry.fingerprint,
                "active": entry.active,
                "bundled": entry.bundled,
                "problem": entry.problem,
            }
            for entry in entries
        ]
        print(json.dumps({"kind": "catalogs", "catalogs": facts}))
        return
    for entry in entries:
        mark = "*" if entry.active else " "
        print(f"{mark} {_called(entry)}: {_contents(entry)}")
    if not entries:
        print("no catalogs yet")


def _contents(entry: ShelvedCatalog) -> str:
    if entry.problem:
        return entry.problem
    parts = f"{len(entry.parts)} parts" if entry.parts else "no parts"
    return f"{entry.layer}, {entry.clusters} clusters, {parts}"


def _called(entry: ShelvedCatalog) -> str:
    return f"{entry.name} (comes with it)" if entry.bundled else f"{entry.name} {entry.version}"


def _say(done: str, entry: ShelvedCatalog) -> None:
    print(f"{done}: {_called(entry)}, {entry.path}")
