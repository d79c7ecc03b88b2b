"""Rendered pictures on disk: drawn in parallel, resumable, read through a memory map."""

from __future__ import annotations

import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .world import World

CHUNK = 32


def chunk_latents(z_dim: int, seed: int, chunk: int) -> Tensor:
    """Return the latents [CHUNK, z_dim] of one chunk; the same at every call."""
    source = torch.Generator().manual_seed(seed * 1_000_003 + chunk)
    return torch.randn(CHUNK, z_dim, generator=source)


@dataclass(frozen=True)
class RenderedSet:
    """Pictures of a world in a folder; a chunk counts once its mark in ``done`` is set."""

    world: World
    folder: Path
    chunks: int
    seed: int
    images: NDArray[np.uint8]  # [M, H, W, 3]
    parts: NDArray[np.uint8]  # [M, H, W]
    done: NDArray[np.uint8]  # [chunks]

    @classmethod
    def open(cls, world: World, folder: Path, pictures: int, seed: int = 1) -> RenderedSet:
        """Open the set in ``folder``, or lay it out empty."""
        folder.mkdir(parents=True, exist_ok=True)
        chunks = pictures // CHUNK
        side, count = world.resolution, chunks * CHUNK
        images = _memmap(folder / "images.u8", (count, side, side, 3))
        parts = _memmap(folder / "parts.u8", (count, side, side))
        done = _memmap(folder / "done.u8", (chunks,))
        return cls(world, folder, chunks, seed, images, parts, done)

    def ready(self) -> NDArray[np.int64]:
        """Return the indices of the pictures that are there."""
        chunks = np.flatnonzero(self.done)
        return (chunks[:, None] * CHUNK + np.arange(CHUNK)).ravel()

    def render_missing(self, device: str) -> None:
        """Render every chunk that is not there yet, in this process."""
        for chunk in np.flatnonzero(self.done == 0):
            self.render_chunk(int(chunk), device)

    def latents(self) -> Tensor:
        """Return the latents [M, z_dim] of all pictures, there or not."""
        return torch.cat(
            [chunk_latents(self.world.z_dim, self.seed, i) for i in range(self.chunks)]
        )

    def render_chunk(self, chunk: int, device: str = "cpu") -> None:
        """Render one chunk; on a processor a few pictures at a time, which its caches hold."""
        latents = chunk_latents(self.world.z_dim, self.seed, chunk).to(device)
        together = 4 if device == "cpu" else CHUNK
        for start in range(0, CHUNK, together):
            images, parts = self.world.render(
                latents[start : start + together], self.world.resolution
            )
            at = slice(chunk * CHUNK + start, chunk * CHUNK + start + together)
            pixels = (images * 255.0 + 0.5).clamp(0, 255).to(torch.uint8)
            self.images[at] = pixels.permute(0, 2, 3, 1).cpu().numpy()
            self.parts[at] = parts.cpu().numpy()
        self.done[chunk] = 1


def _memmap(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    if not path.exists():
        with path.open("wb") as file:
            file.truncate(int(np.prod(shape)))
    return np.memmap(path, dtype=np.uint8, mode="r+", shape=shape)


def _work(world: World, folder: Path, pictures: int, seed: int, worker: int, workers: int) -> None:
    torch.set_num_threads(1)
    rendered = RenderedSet.open(world, folder, pictures, seed)
    for chunk in range(worker, rendered.chunks, workers):
        if not rendered.done[chunk]:
            rendered.render_chunk(chunk)


def render_in_background(
    world: World, folder: Path, pictures: int, seed: int = 1, workers: int = 1
) -> list[object]:
    """Start processes that fill the set; they end with this one. Returns them."""
    RenderedSet.open(world, folder, pictures, seed)
    context = get_context("spawn")
    started: list[object] = []
    for worker in range(workers):
        arguments = (world, folder, pictures, seed, worker, workers)
        process = context.Process(target=_work, args=arguments, daemon=True)
        process.start()
        started.append(process)
    return started


def wait_until_ready(rendered: RenderedSet, pictures: int) -> None:
    """Wait until at least ``pictures`` pictures are there."""
    while int(rendered.done.sum()) * CHUNK < min(pictures, rendered.chunks * CHUNK):
        print(f"rendering: {int(rendered.done.sum()) * CHUNK} pictures", flush=True)
        time.sleep(10)
