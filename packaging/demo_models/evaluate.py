"""Measures a bundled generator and its catalog against the renderer, and draws sheets of both.

    python packaging/demo_models/evaluate.py faces quality [--pictures 500]
    python packaging/demo_models/evaluate.py faces parts [--pictures 200]
    python packaging/demo_models/evaluate.py faces locality [--pairs 200] [--choose] [--size 64]
    python packaging/demo_models/evaluate.py faces factors [--pairs 100] [--size 64]
    python packaging/demo_models/evaluate.py faces sheets --out FOLDER
    python packaging/demo_models/evaluate.py faces pictures --out FOLDER [--pictures 500]

Tables are Markdown; ``--json FILE`` writes the same numbers. ``--model`` and ``--catalog`` take
other files than the bundled ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / "core"))

import torch  # noqa: E402

from localedit_core.editing.edit import Method, QuerySettings  # noqa: E402
from localedit_core.errors import LocalEditError  # noqa: E402
from localedit_core.evaluation.pairs import seed_pairs  # noqa: E402
from localedit_core.latents import sample_z  # noqa: E402
from measuring import sheets  # noqa: E402
from measuring.agreement import (  # noqa: E402
    FIRST_JUDGING_SEED,
    agreement,
    count_areas,
    v_measure,
)
from measuring.choosing import choose_walks  # noqa: E402
from measuring.comparison import MATCHED, Row, compare  # noqa: E402
from measuring.locality import (  # noqa: E402
    GLOBAL_STEPS,
    PILOT,
    Walk,
    choose_floors,
    choose_parameters,
    study,
)
from measuring.movement import study_factors  # noqa: E402
from measuring.movement_report import as_json, report, rows_of  # noqa: E402
from measuring.quality import largest_step, measure, mixing_psnr  # noqa: E402
from measuring.subject import Subject, load_model, load_subject  # noqa: E402
from measuring.tables import markdown, number, write_json  # noqa: E402
from measuring.transfers import working_size  # noqa: E402
from worlds import WORLDS, make_world  # noqa: E402

__all__ = ["measure", "measure_locality", "measure_parts"]  # what build.py measures


def report_quality(arguments: argparse.Namespace) -> None:
    """Print PSNR on unseen z, whole, per part and mixed, and how evenly pictures change."""
    world = make_world(arguments.world)
    generator = load_model(world, arguments.model).generator
    decibels = measure(world, generator, arguments.pictures or 500)
    mixed = mixing_psnr(world, generator, min(100, arguments.pictures or 500))
    step = largest_step(generator)
    rows = [*decibels.items(), *((f"mixed from {side} px on", v) for side, v in mixed.items())]
    print(markdown(("over", "PSNR, dB"), [(k, number(v, 2)) for k, v in rows]))
    print(f"\nLargest of 16 steps through w over their mean, median of 20 walks: {step:.2f}")
    write_json(arguments.json, {"psnr_db": decibels, "mixing_psnr_db": mixed, "largest_step": step})


def report_parts(arguments: argparse.Namespace) -> None:
    """Print V-measure and, for each true part, how well it is found."""
    subject = load_subject(make_world(arguments.world), arguments.model, arguments.catalog)
    write_json(arguments.json, measure_parts(subject, arguments.pictures or 200))


def measure_parts(subject: Subject, pictures: int) -> dict[str, Any]:
    """Print how well clusters and parts fit the true ones on unseen pictures, and return it."""
    size = subject.generator.resolution
    tables = count_areas(subject, pictures, size=size, first_seed=FIRST_JUDGING_SEED)
    clusters, named = v_measure(tables.clusters), v_measure(tables.parts)
    found = agreement(subject, tables)
    rows = [
        (p.name, f"{p.share:.1%}", number(p.single, 2), number(p.shipped, 2), len(p.clusters))
        for p in found
    ]
    catalog = subject.catalog
    print(
        f"{catalog.layer}, K = {catalog.n_clusters}, {len(catalog.parts)} parts, {pictures} unseen "
        f"pictures of {size} px.\nV-measure of the clusters {clusters.v:.3f} (homogeneity "
        f"{clusters.homogeneity:.3f}, completeness {clusters.completeness:.3f}), of the named "
        f"parts {named.v:.3f}.\n"
    )
    print(markdown(("part", "area", "best single cluster, IoU", "part, IoU", "clusters"), rows))
    return {
        "pictures": pictures,
        "clusters": asdict(clusters),
        "named": asdict(named),
        "parts": [asdict(part) for part in found],
    }


def report_locality(arguments: argparse.Namespace) -> None:
    """Print Out-MSE at matched In-MSE of three methods, for every part and both masks."""
    subject = load_subject(make_world(arguments.world), arguments.model, arguments.catalog)
    names = arguments.part or [part.name for part in subject.catalog.parts]
    size = working_size(subject, arguments.size)
    few = min(10, arguments.pairs)
    if arguments.choose:
        walks = choose_walks(subject, names, size, pairs=few, tell=_say)
    else:
        floors = choose_floors(subject, names, size, pairs=few)
        walks = {name: Walk(QuerySettings(floor=floor)) for name, floor in floors.items()}
    parameters = choose_parameters(subject, walks, size, pairs=few)
    pairs = seed_pairs(arguments.pairs)
    changes = study(subject, parameters, pairs, size, walks=walks, progress=_tell)
    rows = [row for name in names for row in compare(name, changes[name])]
    rows.sort(key=lambda row: row.share, reverse=True)
    print(locality_table(rows, arguments.in_mse))
    print(f"\n{len(pairs)} pairs, {size} px, psi {subject.catalog.psi:g}; every In-MSE: --json.")
    print("Chosen: " + "; ".join(f"{name} {_said(walk)}" for name, walk in walks.items()) + ".")
    result = {
        "size": size,
        "walks": {name: asdict(walk) for name, walk in walks.items()},
        "rows": [asdict(row) for row in rows],
    }
    write_json(arguments.json, result)


def _said(walk: Walk) -> str:
    settings, bands = walk.settings, walk.settings.bands
    scales = ((bands.coarse, "coarse"), (bands.middle, "middle"))
    scaled = "".join(f", {name} {scale:g}" for scale, name in scales if scale != 1.0)
    scaled += "" if settings.colour_layers else ", no colour"
    return f"floor {settings.floor:g}{scaled}{'' if walk.by == 'epsilon' else ', by strength'}"


def measure_locality(subject: Subject, pairs: int, size: int = 64) -> list[dict[str, Any]]:
    """Print a quick look at locality and return it: each part's own floor, all layers, no pilot."""
    names = [part.name for part in subject.catalog.parts]
    sweep = {method: tried[::2] for method, tried in PILOT.items()}
    size = working_size(subject, size)
    rough = {Method.GLOBAL: GLOBAL_STEPS[::2], **sweep}
    changes = study(subject, dict.fromkeys(names, rough), seed_pairs(pairs), size)
    rows = [row for name in names for row in compare(name, changes[name])]
    print(locality_table(rows, None))
    return [asdict(row) for row in rows]


def report_factors(arguments: argparse.Namespace) -> None:
    """Print how far transfers of each part moved its own factors, and how far the others."""
    subject = load_subject(make_world(arguments.world), arguments.model, arguments.catalog)
    names = arguments.part or [part.name for part in subject.catalog.parts]
    size, pairs = working_size(subject, arguments.size), seed_pairs(arguments.pairs)
    movement = study_factors(subject, names, pairs, size, progress=_tell)
    rows = rows_of(movement, pairs)
    print(report(movement, rows))
    print(f"{len(pairs)} pairs, {size} px.")
    write_json(arguments.json, {"size": size, "pairs": len(pairs)} | as_json(movement, rows))


def locality_table(rows: Sequence[Row], in_mse: float | None) -> str:
    """Return the rows at one In-MSE, or at the largest that all methods reach, per part and mask.

    Where that is none, the row at the smallest In-MSE is shown.
    """
    chosen: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: row.in_mse):
        key = (row.part, row.mask)
        if in_mse is None:
            if key not in chosen or row.complete:
                chosen[key] = row
        elif abs(row.in_mse - in_mse) < 1e-9:
            chosen[key] = row
    order = dict.fromkeys((row.part, row.mask) for row in rows)
    header = (
        *("part", "area", "mask", "pairs", "In-MSE", "global", "simultaneous", "sequential"),
        *("seq./sim. (95 %)", ""),
    )
    return markdown(header, [_line(chosen[key]) for key in order if key in chosen])


def _line(row: Row) -> tuple[object, ...]:
    ratio = number(row.ratio, 2)
    if ratio is not None and row.low is not None and row.high is not None:
        ratio += f" ({row.low:.2f} to {row.high:.2f})"
    outs = (number(row.global_, 3), number(row.simultaneous, 4), number(row.sequential, 4))
    return (
        *(row.part, f"{row.share:.1%}", row.mask, row.pairs, f"{row.in_mse:g}"),
        *(*outs, ratio, row.flag),
    )


def draw_sheets(arguments: argparse.Namespace) -> None:
    """Draw all sheets into a folder."""
    world = make_world(arguments.world)
    out, cell = arguments.out, arguments.cell
    subject: Subject | None = None
    try:
        subject = load_subject(world, arguments.model, arguments.catalog)
        generator = subject.generator
    except LocalEditError as error:
        print(f"Without transfers: {error}")
        generator = load_model(world, arguments.model).generator
    made = {
        "fidelity": sheets.fidelity_sheet(world, generator, cell, 8, 3),
        "draws": sheets.random_sheet(generator, 1.0, cell, 10, 10),
        "draws-truncated": sheets.random_sheet(generator, 0.7, cell, 10, 10),
        "walks": sheets.walk_sheet(generator, cell, 9, 6),
        "mixing-16": sheets.mixing_sheet(generator, cell, 6, 16),
        "mixing-64": sheets.mixing_sheet(generator, cell, 6, 64),
    }
    if subject is not None:
        catalog, references = subject.catalog, arguments.references
        made["parts"] = sheets.part_sheet(generator, catalog, cell, 10)
        made["transfers"] = sheets.transfer_sheet(
            generator, catalog, arguments.target, references, cell
        )
    for name, sheet in made.items():
        sheets.save_png(out / f"{world.name}-{name}.png", sheet)


def write_pictures(arguments: argparse.Namespace) -> None:
    """Write unseen pictures of the renderer, which are the real ones of its world."""
    world, out = make_world(arguments.world), arguments.out
    for seed in range(FIRST_JUDGING_SEED, FIRST_JUDGING_SEED + (arguments.pictures or 500)):
        z = torch.from_numpy(sample_z(seed, world.z_dim))  # [1, z_dim]
        drawn, _ = world.render(z, world.resolution)  # [1, 3, R, R], 0..1
        picture = (255.0 * drawn[0].permute(1, 2, 0)).round().to(torch.uint8).numpy()
        sheets.save_png(out / f"{world.name}-{seed}.png", picture)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _tell(done: int, total: int) -> None:
    if done % 20 == 0 or done == total:
        print(f"{done} of {total} pairs", file=sys.stderr, flush=True)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("world", choices=WORLDS)
    reports = parser.add_subparsers(required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--model", type=Path, help="another generator's file")
    common.add_argument("--catalog", type=Path, help="another catalog's file")
    common.add_argument("--json", type=Path, help="where to write the numbers")
    quality = reports.add_parser("quality", parents=[common], help=report_quality.__doc__)
    quality.set_defaults(report=report_quality)
    parts = reports.add_parser("parts", parents=[common], help=report_parts.__doc__)
    parts.set_defaults(report=report_parts)
    written = reports.add_parser("pictures", parents=[common], help=write_pictures.__doc__)
    written.set_defaults(report=write_pictures)
    written.add_argument("--out", type=Path, required=True, help="folder")
    for each in (quality, parts, written):
        each.add_argument("--pictures", type=int, help="how many unseen pictures")
    locality = reports.add_parser("locality", parents=[common], help=report_locality.__doc__)
    locality.set_defaults(report=report_locality)
    locality.add_argument("--pairs", type=int, default=200)
    locality.add_argument(
        "--choose", action="store_true", help="choose layers and what grows, not the floor alone"
    )
    locality.add_argument(
        "--in-mse", type=float, choices=MATCHED, help="show this In-MSE, not the largest reached"
    )
    factors = reports.add_parser("factors", parents=[common], help=report_factors.__doc__)
    factors.set_defaults(report=report_factors)
    factors.add_argument("--pairs", type=int, default=100)
    for each in (locality, factors):
        each.add_argument("--size", type=int, default=64, help="side of the pictures compared")
        each.add_argument("--part", action="append", help="only these parts")
    drawn = reports.add_parser("sheets", parents=[common], help=draw_sheets.__doc__)
    drawn.set_defaults(report=draw_sheets)
    drawn.add_argument("--out", type=Path, required=True, help="folder")
    drawn.add_argument("--cell", type=int, default=128, help="side of each picture")
    drawn.add_argument("--target", type=int, default=sheets.FIRST_DRAWN_SEED, help="a seed")
    first = sheets.FIRST_DRAWN_SEED + 1
    drawn.add_argument("--references", type=int, nargs="+", default=list(range(first, first + 7)))
    return parser.parse_args()


def main() -> None:
    """Do what the command line says."""
    arguments = parse_arguments()
    arguments.report(arguments)


if __name__ == "__main__":
    main()
