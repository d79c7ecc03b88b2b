"""The worlds that a bundled generator can be trained on, by name."""

from __future__ import annotations

from importlib import import_module

from training.world import World

_MODULES = {"faces": "faces_world", "rooms": "rooms_world"}

WORLDS = tuple(_MODULES)


def make_world(name: str) -> World:
    """Return the world of that name; only its own renderer is loaded.

    Raises:
        KeyError: there is none.
    """
    world: World = import_module(_MODULES[name]).make_world()
    return world
