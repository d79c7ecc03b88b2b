"""The arguments of ``localedit sheet`` and ``localedit morph``."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from localedit_core.commands.argument_kinds import (
    MODEL_HELP,
    add_device,
    add_json,
    seed,
    within,
)

_OUT_HELP = "the sheet, a .png or .pdf"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-01-31") from None


def add_sheet(verbs: Any) -> None:
    """Add the verb ``sheet`` with its kinds."""
    sheet = verbs.add_parser(
        "sheet", help="many pictures on one page: matrix, baselines, variations, report"
    )
    kinds = sheet.add_subparsers(title="kinds", metavar="KIND", required=True)

    matrix = kinds.add_parser(
        "matrix",
        help="parts x references on one target (the paper's figure 3)",
        description="Each part of each reference on the target: of a session, whose edits stay, "
        "or of a generator's seed. Each transfer begins as in the editor: with the part's own "
        "budget and floor, and guarded.",
    )
    matrix.set_defaults(command="sheet", kind="matrix")
    matrix.add_argument("session", metavar="SESSION", nargs="?", help="or --model and --target")
    matrix.add_argument("--model", metavar="NAME|FILE", help=MODEL_HELP)
    matrix.add_argument("--target", type=seed, metavar="SEED")
    matrix.add_argument("--references", type=seed, nargs="+", required=True, metavar="SEED")
    matrix.add_argument("--parts", nargs="+", metavar="NAME", help="default: every part")
    _add_common(matrix, _OUT_HELP)

    baselines = kinds.add_parser(
        "baselines",
        help="feature blending, Poisson blending and our query side by side (figure 5)",
        description="A row per pair: target, reference, feature blending up to 32 and 64 px, "
        "Poisson blending, and the sequential query with the part's own budget and floor.",
    )
    baselines.set_defaults(command="sheet", kind="baselines")
    baselines.add_argument("--model", required=True, metavar="NAME|FILE", help=MODEL_HELP)
    baselines.add_argument("--targets", type=seed, nargs="+", required=True, metavar="SEED")
    baselines.add_argument(
        "--references",
        type=seed,
        nargs="+",
        required=True,
        metavar="SEED",
        help="one for each target, or one for all",
    )
    baselines.add_argument("--parts", nargs="+", required=True, metavar="NAME", help="likewise")
    baselines.add_argument(
        "--guard", type=float, default=0.0, metavar="G", help="the query's, 0 (the paper) to 1"
    )
    _add_common(baselines, _OUT_HELP)

    variations = kinds.add_parser(
        "variations", help="a session with other budgets, or other references, of one edit"
    )
    variations.set_defaults(command="sheet", kind="variations")
    variations.add_argument("session", metavar="SESSION")
    variations.add_argument("--model", metavar="NAME|FILE", help="where its generator is now")
    variations.add_argument(
        "--edit", type=within(1, 10_000), metavar="N", help="which, 1 is the lowest (the topmost)"
    )
    over = variations.add_mutually_exclusive_group()
    over.add_argument(
        "--values", type=float, nargs="+", metavar="X", help="epsilon, lambda or strength"
    )
    over.add_argument("--references", type=seed, nargs="+", metavar="SEED")
    over.add_argument(
        "--steps", type=within(2, 64), default=7, metavar="N", help="even steps, 0 to the most (7)"
    )
    _add_common(variations, _OUT_HELP)

    report = kinds.add_parser(
        "report", help="an A4 page to print: picture, parts, sources, parameters"
    )
    report.set_defaults(command="sheet", kind="report", size=None)
    report.add_argument("session", metavar="SESSION")
    report.add_argument("--model", metavar="NAME|FILE", help="where its generator is now")
    report.add_argument("--title", default="", metavar="TEXT", help="default: the session's name")
    report.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="default: today")
    report.add_argument("--out", required=True, metavar="FILE", help="the page, a .pdf or .png")
    add_device(report)
    add_json(report)


def add_morph(verbs: Any) -> None:
    """Add the verb ``morph``."""
    morph = verbs.add_parser("morph", help="from a session's target to its result, in small steps")
    morph.set_defaults(command="morph")
    morph.add_argument("session", metavar="SESSION")
    morph.add_argument("--model", metavar="NAME|FILE", help="where its generator is now")
    morph.add_argument(
        "--frames", type=within(2, 600), metavar="N", help="pictures (30; of a strip 7)"
    )
    morph.add_argument("--seconds", type=float, default=2.0, metavar="S", help="in all (2)")
    _add_common(morph, "a .gif, a .mp4, or a .png with a strip of pictures")


def _add_common(parser: argparse.ArgumentParser, out: str) -> None:
    parser.add_argument(
        "--size", type=within(8, 1024), metavar="N", help="side of a picture (at most 256)"
    )
    parser.add_argument("--out", required=True, metavar="FILE", help=out)
    add_device(parser)
    add_json(parser)
