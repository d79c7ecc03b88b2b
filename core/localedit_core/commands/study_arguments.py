"""Arguments that several of ``localedit evaluate``'s figures take."""

from __future__ import annotations

import argparse

from localedit_core.commands.argument_kinds import MODEL_HELP, add_device, add_json, seed, within
from localedit_core.editing.edit import BLEND_SIDES, Method


def add_transfer(parser: argparse.ArgumentParser) -> None:
    """Add how parts are transferred."""
    parser.add_argument(
        "--method", type=Method, choices=list(Method), help="sequential, where there are styles"
    )
    parser.add_argument("--epsilon", type=float, metavar="E", help="budget (the part's own)")
    parser.add_argument("--guard", type=float, default=0.0, metavar="G", help="0 to 1 (0)")
    add_blend_to(parser)


def add_blend_to(parser: argparse.ArgumentParser) -> None:
    """Add feature blending's own setting."""
    parser.add_argument(
        "--blend-to",
        type=int,
        choices=BLEND_SIDES,
        default=BLEND_SIDES[0],
        help="highest resolution whose features are blended (feature-blending only)",
    )


def add_study(parser: argparse.ArgumentParser) -> None:
    """Add what is measured, on how many pairs, and who computes."""
    add_subject(parser)
    parser.add_argument(
        "--size", type=within(4, 4096), metavar="N", help="side of the pictures compared (full)"
    )
    parser.add_argument("--pairs", type=within(1, 1_000_000), default=100, metavar="N")
    parser.add_argument(
        "--processes", type=within(1, 1024), metavar="N", help="on this computer (every core)"
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask cluster that you trust: tcp://host:8786"
    )


def add_subject(parser: argparse.ArgumentParser) -> None:
    """Add the generator, its catalog and parts, and which pictures of it."""
    parser.add_argument("--model", required=True, metavar="NAME|FILE", help=MODEL_HELP)
    parser.add_argument("--catalog", metavar="FILE", help="a catalog of it (the one in use)")
    parser.add_argument(
        "--part", action="append", metavar="NAME", dest="parts", help="default: every part"
    )
    parser.add_argument(
        "--parts", action="extend", nargs="+", metavar="NAME", help="several parts at once"
    )
    parser.add_argument("--seed", type=seed, metavar="SEED", help="first seed of the pictures")
    parser.add_argument("--psi", type=float, metavar="PSI", help="truncation (the catalog's)")
    add_device(parser)
    add_json(parser)
