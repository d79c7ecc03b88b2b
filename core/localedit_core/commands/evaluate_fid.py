"""``localedit evaluate fid``: the paper's Table 1, with Inception weights that users supply."""

from __future__ import annotations

import argparse

from localedit_core.commands.frechet_distances import report_distances
from localedit_core.commands.study import open_study
from localedit_core.evaluation.inception import InceptionFeatures
from localedit_core.generators.devices import choose_device


def run(arguments: argparse.Namespace) -> None:
    """Print FIDs of edited and of unedited pictures to others."""
    device = choose_device(arguments.device)
    features = InceptionFeatures.of(arguments.weights, device.name)
    report_distances(arguments, open_study(arguments), features, "fid")
