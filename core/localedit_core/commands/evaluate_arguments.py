"""The arguments of ``localedit evaluate``."""

from __future__ import annotations

import argparse
from typing import Any

from localedit_core.commands.argument_kinds import MODEL_HELP, add_device, add_json, seed, within
from localedit_core.editing.edit import BLEND_SIDES, Method
from localedit_core.evaluation.curves import COMPARED_AT, DEFAULT_SWEEPS


def add_evaluate(verbs: Any) -> None:
    """Add the verb ``evaluate`` with its figures."""
    evaluate = verbs.add_parser("evaluate", help="the paper's figures on any model and catalog")
    figures = evaluate.add_subparsers(title="figures", metavar="FIGURE", required=True)
    locality = figures.add_parser(
        "locality", help="Out-MSE against In-MSE of the methods (the paper's figure 7 b, c)"
    )
    locality.set_defaults(command="evaluate_locality")
    locality.add_argument(
        "--methods",
        type=Method,
        choices=list(Method),
        nargs="+",
        default=list(DEFAULT_SWEEPS),
        metavar="METHOD",
        help=f"of {', '.join(Method)}; default: {', '.join(DEFAULT_SWEEPS)}",
    )
    locality.add_argument(
        "--guard",
        type=float,
        nargs="+",
        default=[0.0],
        metavar="G",
        dest="guards",
        help="spatial guards, 0 to 1; each method is studied with each of them (0)",
    )
    locality.add_argument(
        "--blend-to",
        type=int,
        choices=BLEND_SIDES,
        default=BLEND_SIDES[0],
        help="highest resolution whose features are blended (feature-blending only)",
    )
    locality.add_argument(
        "--at",
        type=float,
        nargs="+",
        default=list(COMPARED_AT),
        metavar="X",
        help="In-MSE at which methods are compared, as shares of the whole reference's",
    )
    _add_study(locality)
    locality.add_argument(
        "--out", metavar="FOLDER", help="write locality.json, .csv and .png; go on from there"
    )

    heatmap = figures.add_parser(
        "heatmap", help="mean squared error pixel by pixel (the paper's figure 7 a)"
    )
    heatmap.set_defaults(command="evaluate_heatmap")
    _add_transfer(heatmap)
    _add_study(heatmap)
    heatmap.add_argument(
        "--out",
        required=True,
        metavar="FOLDER",
        help="write heatmap.png, .pdf and .npz; go on from there",
    )

    frechet = figures.add_parser(
        "frechet", help="Frechet distance of edited pictures on small pixels; no FID"
    )
    frechet.set_defaults(command="evaluate_frechet")
    _add_transfer(frechet)
    frechet.add_argument(
        "--pixels", type=within(1, 32), default=8, metavar="N", help="side of the features (8)"
    )
    _add_study(frechet)
    frechet.add_argument("--out", metavar="FOLDER", help="keep sums there; go on from there")


def _add_transfer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--method", type=Method, choices=list(Method), help="sequential, where there are styles"
    )
    parser.add_argument("--epsilon", type=float, metavar="E", help="budget (the part's own)")
    parser.add_argument("--guard", type=float, default=0.0, metavar="G", help="0 to 1 (0)")


def _add_study(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", required=True, metavar="NAME|FILE", help=MODEL_HELP)
    parser.add_argument("--catalog", metavar="FILE", help="a catalog of it (the one in use)")
    parser.add_argument(
        "--part", action="append", metavar="NAME", dest="parts", help="default: every part"
    )
    parser.add_argument(
        "--parts", action="extend", nargs="+", metavar="NAME", help="several parts at once"
    )
    parser.add_argument(
        "--size", type=within(4, 4096), metavar="N", help="side of the pictures compared (full)"
    )
    parser.add_argument("--pairs", type=within(1, 1_000_000), default=100, metavar="N")
    parser.add_argument("--seed", type=seed, metavar="SEED", help="first seed of the pairs")
    parser.add_argument("--psi", type=float, metavar="PSI", help="truncation (the catalog's)")
    parser.add_argument(
        "--processes", type=within(1, 1024), metavar="N", help="on this computer (every core)"
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask cluster that you trust: tcp://host:8786"
    )
    add_device(parser)
    add_json(parser)
