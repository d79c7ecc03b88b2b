"""``localedit catalog label``: name clusters."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from localedit_core.catalog.catalog import Part
from localedit_core.catalog.storage import save_catalog
from localedit_core.errors import LocalEditError
from localedit_core.library import open_catalog

Number = TypeVar("Number", int, float)


def run(arguments: argparse.Namespace) -> None:
    """Change the parts as asked, keep the others, save."""
    path, catalog = open_catalog(arguments.file)
    parts = {part.name: part for part in catalog.parts}
    for name in arguments.remove:
        parts.pop(catalog.part(name).name, None)
    for name, text in _assignments("--part", arguments.parts):
        clusters = tuple(_number("--part", name, item, int) for item in text.split(","))
        known = parts.get(name)
        parts[name] = replace(known, clusters=clusters) if known else Part(name, clusters)
    for name, text in _assignments("--epsilon", arguments.epsilon):
        parts[name] = replace(_known(parts, name), epsilon=_number("--epsilon", name, text, float))
    for name, text in _assignments("--floor", arguments.floor):
        parts[name] = replace(_known(parts, name), floor=_number("--floor", name, text, float))
    out = arguments.out or path
    save_catalog(catalog.with_parts(parts.values()), out)
    print(f"wrote {out}: {', '.join(parts) or 'no parts'}")


def _assignments(option: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise LocalEditError(f"{option} {text!r} has no '='.", "Write NAME=VALUE.")
        pairs.append((name.strip(), value))
    return pairs


def _number(option: str, name: str, text: str, kind: type[Number]) -> Number:
    try:
        return kind(text)
    except ValueError:
        raise LocalEditError(f"{option} {name}={text!r} is no number.") from None


def _known(parts: dict[str, Part], name: str) -> Part:
    if name not in parts:
        raise LocalEditError(
            f"The catalog has no part {name!r}.", f"Name it first: --part {name}=CLUSTERS."
        )
    return parts[name]
