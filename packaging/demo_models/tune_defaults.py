"""Chooses each part's default epsilon and floor by what transfers of it change.

    python packaging/demo_models/tune_defaults.py faces [--pairs 16] [--cap 0.03] [--write]

The rule: of all settings tried, the one that changes the part most (In-MSE) while the change
outside (Out-MSE) stays at or below the cap; both are shares of the full difference between target
and reference there, summed over pairs. The part is the union of the catalog's masks on both
pictures. ``--write`` stores the choice in ``labels_<world>.json`` and in the catalog.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / "core"))

from localedit_core.catalog.storage import save_catalog  # noqa: E402
from localedit_core.evaluation.pairs import seed_pairs  # noqa: E402
from measuring.labels import label_path  # noqa: E402
from measuring.subject import MODELS, Subject, catalog_path, load_subject  # noqa: E402
from measuring.tables import markdown, number, write_json  # noqa: E402
from measuring.transfers import working_size  # noqa: E402
from measuring.tuning import Setting, choose, try_settings  # noqa: E402
from worlds import WORLDS, make_world  # noqa: E402

FIRST_SEED = 700_000


def table(chosen: dict[str, Setting]) -> str:
    """Return the choices as Markdown."""
    rows = [
        (name, f"{s.epsilon:g}", f"{s.floor:g}", number(s.in_mse, 2), number(s.out_mse, 3))
        for name, s in chosen.items()
    ]
    return markdown(("part", "epsilon", "floor", "inside", "outside"), rows)


def store(subject: Subject, chosen: dict[str, Setting], catalog: Path) -> None:
    """Write the choices into the world's label file and into a catalog's file."""
    defaults = {name: (setting.epsilon, setting.floor) for name, setting in chosen.items()}
    path = label_path(subject.world.name)
    subject.labels.with_defaults(defaults).write(path)
    parts = [
        replace(part, epsilon=defaults[part.name][0], floor=defaults[part.name][1])
        if part.name in defaults
        else part
        for part in subject.catalog.parts
    ]
    save_catalog(subject.with_parts(parts).catalog, catalog)
    print(f"wrote {path} and {catalog}")


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--model", type=Path, help="another generator's file")
    parser.add_argument("--catalog", type=Path, help="another catalog's file")
    parser.add_argument("--pairs", type=int, default=16)
    parser.add_argument("--size", type=int, default=64, help="side of the pictures compared")
    parser.add_argument("--cap", type=float, default=0.03, help="largest Out-MSE")
    parser.add_argument("--part", action="append", help="only these parts")
    parser.add_argument("--write", action="store_true", help="store the choice")
    parser.add_argument("--json", type=Path, help="where to write all that was measured")
    arguments = parser.parse_args()
    world = make_world(arguments.world)
    subject = load_subject(world, arguments.model, arguments.catalog)
    names = arguments.part or [part.name for part in subject.catalog.parts]
    size = working_size(subject, arguments.size)
    pairs = seed_pairs(arguments.pairs, FIRST_SEED)
    found = try_settings(subject, names, pairs, size, progress=_tell)
    chosen = {name: choose(settings, arguments.cap) for name, settings in found.items()}
    print(table(chosen))
    write_json(
        arguments.json, {name: [asdict(s) for s in settings] for name, settings in found.items()}
    )
    if arguments.write:
        model = arguments.model or MODELS / f"{world.name}.safetensors"
        store(subject, chosen, arguments.catalog or catalog_path(model))


def _tell(done: int, total: int) -> None:
    print(f"{done} of {total} pairs", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
