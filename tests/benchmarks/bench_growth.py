"""How cost grows: with resolution, stacked edits, the gallery, pictures of a catalog, and pairs.

Prints one Markdown table per question, on one thread and in that thread's own time. Networks of
several resolutions have random weights and 512 channels at most; all else is the portraits.
Run: python tests/benchmarks/bench_growth.py [--rounds 3] [--model faces]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import torch
from bench_synthesis import MOUTH, random_generator

from localedit_core.catalog.build import build_catalog
from localedit_core.catalog.catalog import Catalog
from localedit_core.checkpoints.native import Model
from localedit_core.editing.edit import Edit, Method, QuerySettings
from localedit_core.editing.part_distance import MappedSeeds, PartDistances
from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import RenderRequest
from localedit_core.evaluation.locality import LocalityStudy
from localedit_core.evaluation.pairs import seed_pairs
from localedit_core.generators.boxes import Box
from localedit_core.generators.threads import prepare_threads
from localedit_core.latents import Latent
from localedit_core.library import open_labelled_model

CHANNEL_BASE = 32768


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Median of the thread's own seconds, after one round to warm up."""
    taken = []
    for _ in range(rounds + 1):
        begun = time.thread_time()
        work()
        taken.append(time.thread_time() - begun)
    return statistics.median(taken[1:] or taken)


def once(work: Callable[[], object]) -> float:
    """The thread's own seconds of one round."""
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print(f"\n{title}\n")
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def ms(value: float) -> str:
    return f"{1e3 * value:.1f}"


@torch.inference_mode()
def resolutions(rounds: int) -> None:
    rows = []
    for side in (64, 128, 256, 512, 1024):
        generator = random_generator(side, CHANNEL_BASE)
        styles = generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 512))))
        kept = generator.synthesize(styles, up_to=32, keep=("b64.conv0",)).kept["b64.conv0"]
        mouth = Box(*(round(side * share) for share in MOUTH))
        works = (
            partial(generator.synthesize, styles, up_to=32),
            partial(generator.synthesize, styles, resume=kept, box=mouth),
            partial(generator.synthesize, styles),
        )
        rows.append([f"{side}", *(ms(seconds(work, rounds)) for work in works)])
    heads = ("px", "first preview (32 px), ms", "then the region of a mouth, ms", "full, ms")
    table("Resolution", heads, rows)


def stacked_edits(pipeline: Pipeline, rounds: int) -> None:
    parts = [part.name for part in pipeline.catalog.parts]
    psi = pipeline.catalog.psi
    rows = []
    for count in (0, 1, 2, 4, 8):
        free = tuple(
            Edit(str(n), parts[n], Latent(3 + n, psi), QuerySettings()) for n in range(count)
        )
        guarded = tuple(replace(e, settings=replace(e.settings, guard=1.0)) for e in free)
        # Two targets in turns: nothing that is kept of the last picture helps the next one.
        pairs = [
            [RenderRequest(1, 1, Latent(seed, psi), edits) for seed in (22, 27)]
            for edits in (free, guarded)
        ]
        composed = seconds(partial(pipeline.compose, pairs[0][0]), 20 * rounds)
        rendered = [
            seconds(partial(settle, pipeline, requests), 3 * rounds) / 2 for requests in pairs
        ]
        rows.append([f"{count}", ms(composed), *map(ms, rendered)])
    heads = ("edits", "styles, ms", "picture, ms", "picture with the guard at 1, ms")
    table("Stacked edits (portraits, 256 px)", heads, rows)


def settle(pipeline: Pipeline, requests: Sequence[RenderRequest]) -> None:
    """Render as far as the settled picture, without the measures."""
    for request in requests:
        next(result for result in pipeline.run(request) if result.stage == "settled")


def gallery(pipeline: Pipeline) -> None:
    psi = pipeline.catalog.psi
    rows = []
    for count in (100, 1000, 10_000):
        mapped = MappedSeeds(pipeline.model.generator)

        def order(seeds: range = range(count), mapped: MappedSeeds = mapped) -> None:
            PartDistances(pipeline, mapped, "mouth", Latent(22, psi), psi).of(seeds)

        rows.append([f"{count}", f"{once(order):.2f}", f"{once(order):.2f}"])
    heads = ("references", "first time, s", "again, s")
    table("Gallery: the distance of all references by the mouth", heads, rows)


def catalogs(model: Model, catalog: Catalog) -> None:
    rows = []
    for count in (25, 50, 100, 200):
        build = partial(
            build_catalog, model.generator, layer=catalog.layer, n_clusters=16, n_samples=count
        )
        taken = once(build)
        rows.append([f"{count}", f"{taken:.2f}", ms(taken / count)])
    table("Catalog: clusters and M", ("pictures", "s", "ms per picture"), rows)


def evaluations(model: Model, catalog: Catalog) -> None:
    part = catalog.parts[0].name
    rows = []
    for count in (2, 4, 8):
        study = LocalityStudy(model.generator, catalog)
        sweeps = {Method.SEQUENTIAL: (5.0, 20.0, 80.0), Method.GLOBAL: (0.2, 0.6)}
        run = partial(study.run, part, seed_pairs(count), sweeps=sweeps, size=64)
        taken = once(run)
        rows.append([f"{count}", f"{taken:.2f}", ms(taken / count)])
    heads = ("pairs", "s", "ms per pair")
    table("Evaluation: locality of a part, 5 edits per pair at 64 px", heads, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="faces")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    prepare_threads()
    torch.set_num_threads(1)
    resolutions(options.rounds)
    model, catalog = open_labelled_model(options.model)
    pipeline = Pipeline(model, catalog)
    stacked_edits(pipeline, options.rounds)
    gallery(pipeline)
    catalogs(model, catalog)
    evaluations(model, catalog)


if __name__ == "__main__":
    main()
