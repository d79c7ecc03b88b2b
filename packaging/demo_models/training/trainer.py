"""Supervised training of a StyleGAN2 from z to rendered pictures, in stages of resolution."""

from __future__ import annotations

import copy
import math
import time
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from localedit_core.errors import LocalEditError
from localedit_core.generators.base import Styles
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config

from .blocks import MappingBlocks
from .dataset import RenderedSet, wait_until_ready
from .losses import locality_loss, part_weights, picture_loss, shrink
from .mixing import CROSSOVERS, mixed_styles, mixture_of
from .muon import Muon
from .recipe import Recipe
from .windows import WHOLE, Window, make
from .world import World

LOCAL_LAYERS = ("b16.conv1", "b32.conv0", "b32.conv1", "b32.torgb", "b64.conv1")


def make_generator(world: World, recipe: Recipe) -> tuple[StyleGAN2, MappingBlocks]:
    """Build the untrained generator of a world and the blocks of its mapping network."""
    blocks = MappingBlocks.of(world.blocks)
    config = StyleGAN2Config(
        z_dim=world.z_dim,
        w_dim=blocks.width,
        resolution=4 * 2 ** (len(recipe.channels) - 1),
        channels=recipe.channels,
        mapping_layers=recipe.mapping_layers,
        mapping_lr_multiplier=1.0,
        use_noise=False,
    )
    return StyleGAN2(config), blocks


class Trainer:
    """Owns the network, its running average and the optimisers; resumes from a checkpoint.

    Args:
        rendered: the pictures.
        recipe: how to train.
        checkpoint: where the state is kept.
        device: "cpu", "cuda", ...
        start: weights to go on from; they must be of the recipe's architecture.
    """

    def __init__(
        self,
        rendered: RenderedSet,
        recipe: Recipe,
        checkpoint: Path,
        device: str = "cpu",
        start: StyleGAN2 | None = None,
    ) -> None:
        self.rendered = rendered
        self.recipe = recipe
        self.checkpoint = checkpoint
        self.device = device
        torch.manual_seed(recipe.seed)
        self.generator, blocks = make_generator(rendered.world, recipe)
        block_map = blocks.initialise(self.generator) if recipe.mapping == "blocks" else {}
        self._silence_late_colour()
        if start is not None:
            _check_architecture(start, self.generator)
            self.generator.load_state_dict(start.state_dict())
        self.generator.to(device)
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        weights = [p for n, p in self.generator.named_parameters() if _is_matrix(n, p)]
        others = [p for n, p in self.generator.named_parameters() if not _is_matrix(n, p)]
        self.muon = Muon(weights, recipe.muon_rate, blocks=block_map)
        self.adam = torch.optim.Adam(others, recipe.adam_rate, betas=(0.9, 0.99))
        self.step = 0
        self.elapsed = 0.0
        world = rendered.world
        self._latents = rendered.latents()  # [M, z_dim]
        extra = [world.part_weights.get(name, 0.0) for name in world.part_names]
        self._extra = torch.tensor(extra, device=device)  # [K]
        self._levels = torch.tensor(world.levels, device=device)  # [z_dim]

    def _silence_late_colour(self) -> None:
        """Start the colour layers above the first stage at zero: every stage is a picture."""
        first = self.recipe.stages[0][0]
        for layer in self.generator.layers:
            if layer.kind == "torgb" and layer.resolution > first:
                module = self.generator.synthesis.get_submodule(layer.name)
                nn.init.zeros_(module.get_parameter("weight"))

    def run(self) -> None:
        """Train until the recipe's time is spent."""
        wait_until_ready(self.rendered, 640)
        torch.manual_seed(1_000_003 * self.recipe.seed + self.step)
        last_save, last_print = self.elapsed, self.elapsed
        while self.elapsed < self.recipe.seconds:
            started = time.monotonic()
            report = self._train_step()
            self.elapsed += time.monotonic() - started
            self.step += 1
            if self.elapsed - last_print > 20.0 or self.step <= 3:
                last_print = self.elapsed
                left = (self.recipe.seconds - self.elapsed) / 60
                print(f"step {self.step}, {left:.0f} min left: {report}", flush=True)
            if self.elapsed - last_save > self.recipe.save_every:
                last_save = self.elapsed
                self.save()
        self.save()

    def _train_step(self) -> str:
        progress = self.elapsed / self.recipe.seconds
        resolution, batch = self.recipe.stage(progress)
        started = time.monotonic()
        loss, entropy, error = self._differentiate(*self._batch(batch), resolution, progress)
        self._update(self.recipe.rate(progress, self.step))
        return (
            f"{resolution} px, loss {loss:.4f}, entropy {entropy:.3f}, "
            f"{-10 * math.log10(error):.2f} dB, {time.monotonic() - started:.2f} s/step"
        )

    def _differentiate(
        self, z: Tensor, wanted: Tensor, parts: Tensor, resolution: int, progress: float
    ) -> tuple[float, float, float]:
        """Find the gradients on a batch; returns loss, entropy and squared error."""
        weight = part_weights(parts, self._extra)  # [N, 1, H, W]
        recipe, generator = self.recipe, self.generator
        every = recipe.locality_every
        local = recipe.locality_weight > 0 and progress >= recipe.locality_from
        local = local and self.step % every == 0
        window = Window.anywhere(torch.default_generator)
        styles = self._styles(z)
        made = make(generator, styles, resolution, window, LOCAL_LAYERS if local else ())
        if resolution > WHOLE:
            final = made.finer[resolution]
            truth = window.cut(shrink(wanted, resolution))
            weighed = window.cut(shrink(weight, resolution))
        else:
            final, truth = made.pictures[resolution], shrink(wanted, resolution)
            weighed = shrink(weight, resolution)
        loss = picture = picture_loss(final, truth, weighed)
        # The smaller pictures stay pictures, for previews that stop early.
        for size, small in made.pictures.items():
            if 16 <= size < resolution:
                # Above 64 px they alone see the whole picture.
                share = 0.5 if size == WHOLE else 0.15
                loss = loss + share * (small - shrink(wanted, size)).abs().mean()
        for size, small in made.finer.items():
            if size < resolution:
                preview = small - window.cut(shrink(wanted, size))
                loss = loss + 0.15 * preview.abs().mean()
        entropy = loss.new_zeros(())
        if local:
            shares = F.one_hot(shrink_labels(parts, 64), len(self._extra))  # [N, 64, 64, K]
            shares = shrink(shares.permute(0, 3, 1, 2).float(), 32)  # [N, K, 32, 32]
            entropy = locality_loss(list(made.activations.values()), shares)
            loss = loss + every * recipe.locality_weight * entropy
        loss.backward()  # type: ignore[no-untyped-call]
        error = (final.detach() - truth).square().mean() / 4.0  # of values in 0..1
        return picture.item(), entropy.item(), error.item()

    def _styles(self, z: Tensor) -> Styles:
        """The styles for z [N, z_dim], some mixed from two other latents of the same picture."""
        generator = self.generator
        mixed = int((torch.rand(len(z)) < self.recipe.mixing).sum())
        if not mixed:
            return generator.styles(generator.broadcast(generator.mapping(z)))
        crossover = CROSSOVERS[int(torch.randint(len(CROSSOVERS), ()))]
        mixture = mixture_of(z[:mixed], self._levels, crossover, torch.default_generator)
        latents = (torch.cat([half, z[mixed:]]) for half in (mixture.coarse, mixture.fine))
        coarse, fine = (
            generator.styles(generator.broadcast(generator.mapping(one))) for one in latents
        )
        return mixed_styles(generator.layers, coarse, fine, crossover)

    def _batch(self, count: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return ``count`` z [N, z_dim], pictures [N, 3, H, W] in -1..1 and part maps [N, H, W]."""
        ready = torch.from_numpy(self.rendered.ready())
        chosen = ready[torch.randint(len(ready), (count,))].sort().values
        z = self._latents[chosen]
        images = torch.from_numpy(self.rendered.images[chosen.numpy()]).permute(0, 3, 1, 2)
        images = images.float().div(127.5).sub(1.0)
        parts = torch.from_numpy(self.rendered.parts[chosen.numpy()])
        mirror = self.rendered.world.mirror
        if mirror is not None:
            flip = torch.rand(len(z)) < 0.5
            z = torch.where(flip[:, None], z * mirror, z)
            images = torch.where(flip[:, None, None, None], images.flip(3), images)
            parts = torch.where(flip[:, None, None], parts.flip(2), parts)
        return z.to(self.device), images.to(self.device), parts.to(self.device)

    def _update(self, rate: float) -> None:
        nn.utils.clip_grad_norm_(self.generator.parameters(), 1.0)
        self.muon.param_groups[0]["lr"] = self.recipe.muon_rate * rate
        self.adam.param_groups[0]["lr"] = self.recipe.adam_rate * rate
        for optimiser in (self.muon, self.adam):
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        keep = min(self.recipe.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            pairs = zip(self.average.parameters(), self.generator.parameters(), strict=True)
            for mean, now in pairs:
                mean.lerp_(now, 1.0 - keep)

    def save(self) -> None:
        """Write the checkpoint, through a temporary file."""
        state: dict[str, Any] = {
            "generator": self.generator.state_dict(),
            "average": self.average.state_dict(),
            "muon": self.muon.state_dict(),
            "adam": self.adam.state_dict(),
            "step": self.step,
            "elapsed": self.elapsed,
        }
        fresh = self.checkpoint.with_suffix(".tmp")
        torch.save(state, fresh)
        fresh.replace(self.checkpoint)

    def resume(self) -> None:
        """Go on from the checkpoint."""
        state = torch.load(self.checkpoint, weights_only=True, map_location=self.device)
        self.generator.load_state_dict(state["generator"])
        self.average.load_state_dict(state["average"])
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
        self.step, self.elapsed = state["step"], state["elapsed"]


def _check_architecture(found: StyleGAN2, wanted: StyleGAN2) -> None:
    if found.config != wanted.config:
        raise LocalEditError(
            "The weights to go on from are of another architecture than the recipe's.",
            "Train from the start, or take the recipe that they were made with.",
        )


def shrink_labels(parts: Tensor, size: int) -> Tensor:
    """Take every n-th label of part maps [N, H, W]."""
    stride = parts.shape[-1] // size
    return parts[:, ::stride, ::stride].long()


def _is_matrix(name: str, parameter: nn.Parameter) -> bool:
    """Whether Muon trains a parameter: convolutions and the larger dense weights."""
    return parameter.ndim in (2, 4) and "torgb.weight" not in name


@torch.no_grad()
def store_mean_latent(generator: StyleGAN2, samples: int = 10_000, seed: int = 0) -> None:
    """Set w_avg to the mean of w over ``samples`` random z."""
    source = torch.Generator().manual_seed(seed)
    z = torch.randn(samples, generator.z_dim, generator=source)
    generator.mapping.w_avg.copy_(generator.mapping(z).mean(dim=0))
