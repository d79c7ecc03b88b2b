"""``localedit evaluate frechet``: do edited pictures spread as unedited ones do? It is no FID."""

from __future__ import annotations

import argparse

from localedit_core.commands.frechet_distances import report_distances
from localedit_core.commands.study import open_study
from localedit_core.evaluation.features import PixelFeatures


def run(arguments: argparse.Namespace) -> None:
    """Print the distances of edited and of unedited pictures to others, on small pixels."""
    features = PixelFeatures(arguments.pixels)
    report_distances(arguments, open_study(arguments), features, "frechet")
