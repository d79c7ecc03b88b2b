"""The arguments of the command line. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
from importlib.metadata import version
from typing import Any, NoReturn

from localedit_core.commands.argument_kinds import (
    MODEL_HELP,
    add_class,
    add_device,
    add_json,
    seed,
    seed_or_file,
    within,
)
from localedit_core.commands.evaluate_arguments import add_evaluate
from localedit_core.commands.sheet_arguments import add_morph, add_sheet
from localedit_core.editing.edit import BLEND_SIDES, EpsilonUnit, Method
from localedit_core.errors import LocalEditError

VERBS = ("info", "edit", "render", "sheet", "morph", "catalog", "evaluate", "import")
MAX_RENDER_SIZE = 8192

_CATALOG_HELP = "a catalog, or the name of a bundled generator"
_BESIDE_HELP = "its generator (the one beside it)"


class _Parser(argparse.ArgumentParser):
    """Complains as everything else does: with one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        raise LocalEditError(f"{message[:1].upper()}{message[1:]}.", f"See {self.prog} --help.")


def build_parser() -> argparse.ArgumentParser:
    """The parser of every verb; the chosen one's module name lands in ``command``."""
    parser = _Parser(
        prog="localedit",
        description="Change one part of a generated picture and leave the rest alone.",
        epilog="'localedit' alone, or with a model, session or exported PNG, opens the editor.",
    )
    parser.add_argument("--version", action="version", version=f"localedit {version('localedit')}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_info(verbs)
    _add_edit(verbs)
    _add_render(verbs)
    add_sheet(verbs)
    add_morph(verbs)
    _add_catalog(verbs)
    add_evaluate(verbs)
    _add_import(verbs)
    return parser


def _add_info(verbs: Any) -> None:
    parser = verbs.add_parser("info", help="say what a file is: model, catalog, session")
    parser.set_defaults(command="info")
    parser.add_argument("file", metavar="FILE", help="a file, or the name of a bundled generator")
    add_json(parser)


def _add_edit(verbs: Any) -> None:
    parser = verbs.add_parser(
        "edit",
        help="move parts of reference pictures onto a target",
        description="Move parts of reference pictures onto a target. Several --part/--reference "
        "pairs make a stack, applied in the order given; --epsilon, --floor and --strength are "
        "given once for all of them or once for each.",
    )
    parser.set_defaults(command="edit")
    parser.add_argument("--model", required=True, metavar="NAME|FILE", help=MODEL_HELP)
    parser.add_argument("--target", required=True, type=seed, metavar="SEED")
    parser.add_argument(
        "--reference",
        type=seed_or_file,
        metavar="SEED|FILE",
        action="append",
        dest="references",
        default=[],
        help="a seed, a session, or a .npy, .npz or PyTorch file of one latent",
    )
    parser.add_argument("--part", metavar="NAME", action="append", dest="parts", default=[])
    parser.add_argument(
        "--edits",
        metavar="JSON",
        help="a file with a list of edits instead: objects with part, reference and, where they "
        "differ from the options, method, epsilon, floor, strength, guard, lambda, blend_to",
    )
    add_query_options(parser, several=True)
    parser.add_argument("--strength", type=float, metavar="S", action="append", help="0 to 1")
    parser.add_argument("--psi", type=float, metavar="PSI", help="truncation (the catalog's)")
    add_class(parser, "of all pictures, for generators with classes (0, the first one)")
    parser.add_argument(
        "--noise-seed", type=seed, metavar="SEED", help="fixed noise (the generator's own)"
    )
    parser.add_argument(
        "--measure", metavar="PART", help="the part that the numbers are about (the last --part)"
    )
    parser.add_argument("--out", required=True, metavar="PNG", help="the edited picture")
    parser.add_argument("--diff", metavar="PNG", help="the diff map")
    parser.add_argument("--session", metavar="FILE", help="save the session, usually .localedit")
    add_device(parser)
    add_json(parser)


def add_query_options(parser: argparse.ArgumentParser, *, several: bool) -> None:
    """Add the parameters of a query; with ``several``, epsilon and floor are lists."""
    action = "append" if several else "store"
    parser.add_argument(
        "--epsilon", type=float, metavar="E", action=action, help="budget (the part's own)"
    )
    parser.add_argument(
        "--floor", type=float, metavar="F", action=action, help="relevance floor (the part's own)"
    )
    parser.add_argument(
        "--method",
        type=Method,
        choices=list(Method),
        help="sequential, or feature-blending where the generator has no styles",
    )
    parser.add_argument(
        "--blend-to",
        type=int,
        choices=BLEND_SIDES,
        default=BLEND_SIDES[0],
        help="highest resolution whose features are blended (feature-blending only)",
    )
    parser.add_argument(
        "--guard",
        type=float,
        default=0.0,
        metavar="G",
        help="how far styles move in the part alone: 0 (everywhere, the paper) to 1",
    )
    parser.add_argument(
        "--lambda", type=float, default=1.0, metavar="L", dest="lam", help="of the other methods"
    )
    parser.add_argument(
        "--unit", type=EpsilonUnit, choices=list(EpsilonUnit), default=EpsilonUnit.PER_512
    )
    for band, layers in (
        ("coarse", "4 and 8 px"),
        ("middle", "16 and 32 px"),
        ("fine", "64 px up"),
    ):
        parser.add_argument(
            f"--{band}", type=float, default=1.0, metavar="X", help=f"share of {layers}, 0 to 1"
        )
    parser.add_argument(
        "--no-colour-layers", action="store_false", dest="colour_layers", help="leave toRGB alone"
    )


def _add_render(verbs: Any) -> None:
    parser = verbs.add_parser("render", help="make the pictures of sessions or exported PNGs")
    parser.set_defaults(command="render")
    parser.add_argument("files", metavar="SESSION", nargs="+")
    parser.add_argument("--model", metavar="NAME|FILE", help="where their generator is now")
    out = parser.add_mutually_exclusive_group(required=True)
    out.add_argument("--out", metavar="PNG", help="the picture of one session")
    out.add_argument("--out-dir", metavar="FOLDER", help="pictures of all, named as the sessions")
    parser.add_argument(
        "--size",
        type=within(1, MAX_RENDER_SIZE),
        metavar="N",
        help="side in pixels; other sizes than the generator's are made by area averaging "
        "(smaller) or Lanczos interpolation (larger) of the full picture",
    )
    add_device(parser)


def _add_catalog(verbs: Any) -> None:
    catalog = verbs.add_parser("catalog", help="build, look at and label a catalog of parts")
    actions = catalog.add_subparsers(title="actions", metavar="ACTION", required=True)

    build = actions.add_parser(
        "build",
        help="cluster a generator's activations",
        description="Cluster a generator's activations. Several layers or numbers of clusters are "
        "compared: scores are printed, --sheet draws them, --out names a folder for all catalogs.",
    )
    build.set_defaults(command="catalog_build")
    build.add_argument("--model", required=True, metavar="NAME|FILE", help=MODEL_HELP)
    build.add_argument(
        "--layer",
        nargs="+",
        metavar="L",
        dest="layers",
        help="for instance b32.torgb; the first of 32 px without it",
    )
    build.add_argument(
        "--clusters",
        nargs="+",
        type=within(1, 255),
        metavar="K",
        help="how many to look for; 12 to 24 by the resolution without it",
    )
    build.add_argument("--samples", type=within(1, 1_000_000), default=200, metavar="N")
    build.add_argument("--psi", type=float, default=0.7, metavar="PSI", help="truncation")
    build.add_argument("--seed", type=within(0, 100_000), default=0, metavar="SEED")
    add_class(build, "of all pictures, for generators with classes (every class in turn)")
    build.add_argument("--out", metavar="FILE|FOLDER", help="where to write")
    build.add_argument("--sheet", metavar="PNG", help="draw the clusters over the same pictures")
    build.add_argument(
        "--no-stability",
        action="store_false",
        dest="stability",
        help="do not measure how much clusters change with the pictures, which takes time",
    )
    add_json(build)
    add_device(build)

    show = actions.add_parser("show", help="list clusters and parts, draw membership maps")
    show.set_defaults(command="catalog_show")
    show.add_argument("file", metavar="FILE", help=_CATALOG_HELP)
    show.add_argument("--sheet", metavar="PNG", help="draw membership maps, to name clusters by")
    show.add_argument("--model", metavar="NAME|FILE", help="generator to draw the sheet with")
    show.add_argument(
        "--seeds", type=seed, nargs="+", default=list(range(6)), metavar="SEED", help="pictures"
    )
    add_json(show)
    _add_label(actions)

    check = actions.add_parser(
        "check", help="each part on unseen pictures: share, channels, a trial transfer"
    )
    check.set_defaults(command="catalog_check")
    check.add_argument("file", metavar="FILE", help=_CATALOG_HELP)
    check.add_argument(
        "--part", action="append", metavar="NAME", dest="parts", help="default: every part"
    )
    check.add_argument("--strips", metavar="PNG", help="draw each part on the pictures")
    check.add_argument("--model", metavar="NAME|FILE", help=_BESIDE_HELP)
    check.add_argument(
        "--seeds",
        type=seed,
        nargs="+",
        default=list(range(1_000_000, 1_000_010)),
        metavar="SEED",
        help="pictures (ten that no catalog was made of)",
    )
    add_json(check)
    _add_shelf(actions)


def _add_label(actions: Any) -> None:
    label = actions.add_parser(
        "label",
        help="name clusters, split and merge them",
        description="Split clusters, name them, merge parts, in this order. What is not mentioned "
        "stays as it is.",
    )
    label.set_defaults(command="catalog_label")
    label.add_argument("file", metavar="FILE")
    label.add_argument(
        "--split",
        action="append",
        default=[],
        metavar="CLUSTER=kmeans:N|sides",
        help="into N by k-means, or into the left and right half of the picture; M is measured "
        "anew. Halves have much the same channels: a transfer of one moves the other, too",
    )
    label.add_argument(
        "--part", action="append", default=[], metavar="NAME=I,J,...", dest="parts", help="clusters"
    )
    label.add_argument(
        "--merge", action="append", default=[], metavar="NAME=A,B,...", help="parts, into one"
    )
    label.add_argument("--epsilon", action="append", default=[], metavar="NAME=E", help="budget")
    label.add_argument("--floor", action="append", default=[], metavar="NAME=F")
    label.add_argument("--remove", action="append", default=[], metavar="NAME")
    label.add_argument(
        "--suggest",
        type=within(1, 100_000),
        nargs="?",
        const=10,
        metavar="N",
        help="only list the N pairs of clusters most likely to be one part (10)",
    )
    label.add_argument("--model", metavar="NAME|FILE", help=_BESIDE_HELP)
    label.add_argument("--out", metavar="FILE", help="where to write (default: FILE itself)")
    add_json(label)


def _add_shelf(actions: Any) -> None:
    """The actions on the catalogs that people keep for a generator."""
    texts = {
        "list": "list the catalogs kept for a generator; * marks the one in use",
        "save": "keep a catalog, as a new version of its name",
        "use": "have a catalog opened with its generator",
        "duplicate": "keep a copy under another name",
        "rename": "call a catalog something else",
        "remove": "move a catalog to the trash",
        "restore": "take what was removed last back out of the trash",
    }
    for action, text in texts.items():
        parser = actions.add_parser(action, help=text)
        parser.set_defaults(command="catalog_shelve", action=action)
        parser.add_argument("--model", required=True, metavar="NAME|FILE", help=MODEL_HELP)
        if action == "list":
            add_json(parser)
            continue
        if action == "save":
            parser.add_argument("file", metavar="FILE", help="a catalog of that generator")
            parser.add_argument("--name", required=True, metavar="NAME")
            continue
        parser.add_argument("name", metavar="NAME")
        if action in ("duplicate", "rename"):
            parser.add_argument("new_name", metavar="NEW-NAME")
        if action in ("use", "duplicate", "remove"):
            text = "all of them" if action == "remove" else "the newest"
            parser.add_argument(
                "--version", type=within(0, 999_999), metavar="N", help=f"default: {text}"
            )
        else:
            parser.set_defaults(version=None)


def _add_import(verbs: Any) -> None:
    parser = verbs.add_parser(
        "import",
        help="convert a published checkpoint, and keep it in the library",
        description="Convert a checkpoint of StyleGAN2, StyleGAN or PG-GAN (.pkl, .pt, .pth) once. "
        "Nothing in the file is run. Afterwards its name is enough wherever a model is asked for.",
    )
    parser.set_defaults(command="import_checkpoint")
    parser.add_argument("file", metavar="CHECKPOINT")
    parser.add_argument("--out", metavar="FILE", help="write this file instead of the library's")
    parser.add_argument("--name", metavar="NAME", help="what to call it (default: the file's name)")
    parser.add_argument("--licence", default="", metavar="TEXT", help="of the weights")
    parser.add_argument("--source", default="", metavar="TEXT", help="page it was published on")
    add_json(parser)
