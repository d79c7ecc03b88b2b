"""The arguments of ``localedit evaluate``."""

from __future__ import annotations

import argparse
from typing import Any

from localedit_core.commands.argument_kinds import within
from localedit_core.commands.figure_arguments import add_figures
from localedit_core.commands.study_arguments import add_blend_to, add_study, add_transfer
from localedit_core.editing.edit import Method
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
    add_blend_to(locality)
    locality.add_argument(
        "--at",
        type=float,
        nargs="+",
        default=list(COMPARED_AT),
        metavar="X",
        help="In-MSE at which methods are compared, as shares of the whole reference's",
    )
    add_study(locality)
    locality.add_argument(
        "--out", metavar="FOLDER", help="write locality.json, .csv and .png; go on from there"
    )

    heatmap = figures.add_parser(
        "heatmap", help="mean squared error pixel by pixel (the paper's figure 7 a)"
    )
    heatmap.set_defaults(command="evaluate_heatmap")
    add_transfer(heatmap)
    add_study(heatmap)
    heatmap.add_argument(
        "--out",
        required=True,
        metavar="FOLDER",
        help="write heatmap.png, .pdf and .npz; go on from there",
    )

    add_figures(figures)

    frechet = figures.add_parser(
        "frechet", help="Frechet distance of edited pictures on small pixels; no FID"
    )
    frechet.set_defaults(command="evaluate_frechet")
    add_transfer(frechet)
    frechet.add_argument(
        "--pixels", type=within(1, 32), default=8, metavar="N", help="side of the features (8)"
    )
    _add_distances(frechet, "frechet")

    fid = figures.add_parser(
        "fid",
        help="FID of edited and unedited pictures (the paper's table 1); it needs weights",
        description="With localedit[fid] and the Inception weights that FIDs are taken with. "
        "Others make another distance, and are told so.",
    )
    fid.set_defaults(command="evaluate_fid")
    add_transfer(fid)
    fid.add_argument("--weights", metavar="FILE", help="of FID's Inception, .pth or .safetensors")
    _add_distances(fid, "fid")


def _add_distances(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--real", metavar="FOLDER", help="real pictures to compare with, too")
    add_study(parser)
    parser.add_argument(
        "--out", metavar="FOLDER", help=f"write {name}.json and .csv; go on from there"
    )
