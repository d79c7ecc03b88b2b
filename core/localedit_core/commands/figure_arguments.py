"""The arguments of the figures that ``localedit evaluate`` draws rather than measures."""

from __future__ import annotations

import argparse
from typing import Any

from localedit_core.commands.argument_kinds import seed, within
from localedit_core.commands.study_arguments import add_subject, add_transfer


def add_figures(figures: Any) -> None:
    """Add ``grid``, ``diffs`` and ``memberships``."""
    grid = figures.add_parser(
        "grid",
        help="parts of references on targets (the paper's figures 3, 4, 6, 15, 17, 19)",
        description="A page for each target, with a row for each part and a column for each "
        "reference; or a page for each part, with a row for each target.",
    )
    grid.set_defaults(command="evaluate_transfers", figure="grid")
    grid.add_argument(
        "--by", choices=("target", "part"), default="target", help="what a page is of"
    )
    _add_pairs(grid)
    add_transfer(grid)
    _add_common(grid, "grid")

    diffs = figures.add_parser(
        "diffs",
        help="what transfers change, as CIELAB difference maps (figures 13, 14, 16, 18, 20)",
        description="Pages for each part with target, reference, edited picture and difference "
        "map of each pair; or the pages of the grid with a difference map in each cell.",
    )
    diffs.set_defaults(command="evaluate_transfers", figure="diffs")
    diffs.add_argument(
        "--by", choices=("pair", "target", "part"), default="pair", help="what a page is of (pair)"
    )
    _add_pairs(diffs)
    add_transfer(diffs)
    _add_common(diffs, "diffs")

    memberships = figures.add_parser(
        "memberships",
        help="which cluster each position belongs to, layer by layer (figures 2, 9 to 12)",
        description="The catalog's clusters and named parts on unseen pictures, and clusters of "
        "other layers, found for this.",
    )
    memberships.set_defaults(command="evaluate_memberships", pairs=1)
    memberships.add_argument(
        "--layers",
        nargs="*",
        metavar="LAYER",
        help="to cluster besides; default: of the catalog layer's kind, one each of 8 to 64 px",
    )
    memberships.add_argument(
        "--clusters", type=within(2, 255), nargs="+", metavar="K", help="(as many as the catalog's)"
    )
    memberships.add_argument(
        "--samples", type=within(1, 100_000), default=200, metavar="N", help="pictures to cluster"
    )
    memberships.add_argument(
        "--pictures", type=within(1, 24), default=6, metavar="N", help="pictures to show (6)"
    )
    _add_common(memberships, "memberships")


def _add_pairs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pairs", type=within(1, 64), default=4, metavar="N", help="targets, references (4)"
    )
    parser.add_argument(
        "--targets", type=seed, nargs="+", metavar="SEED", help="instead of the pairs'"
    )
    parser.add_argument(
        "--references", type=seed, nargs="+", metavar="SEED", help="instead of the pairs'"
    )


def _add_common(parser: argparse.ArgumentParser, figure: str) -> None:
    add_subject(parser)
    parser.add_argument(
        "--size", type=within(8, 1024), metavar="N", help="side of a picture (at most 256)"
    )
    parser.add_argument(
        "--out",
        required=True,
        metavar="FOLDER",
        help=f"write {figure}.pdf and a .png a page",
    )
