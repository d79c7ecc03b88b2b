"""The spatial guard: a query chooses channels, the guard chooses places.

A channel that matters to one part mostly matters a little elsewhere too. With the guard up, an edit
acts where its part is, on the target or on the edited picture, and nowhere else:

- Up to the layer that the catalog clusters, positions are too coarse to tell parts apart: an edit's
  styles act everywhere, for each edit by itself, which costs little. That layer's clusters then say
  where its part has come to be, and there what was made is taken.
- From there on each position has styles of its own, sigma_S + alpha * (sigma_G - sigma_S), and each
  layer's output is held to the target's, x_S + alpha * (x_G - x_S). The target's are kept from its
  own picture, so that an edited picture still costs one convolution per layer.

alpha is 1 - guard * (1 - mask). A guard of 0 is the paper's edit; at 1 nothing changes outside of
the mask.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from localedit_core.catalog.catalog import Catalog
from localedit_core.catalog.membership import resize_maps, resize_matrix
from localedit_core.editing.interpolation import StyleMove, interpolate
from localedit_core.editing.stack import Composition
from localedit_core.generators.base import Adjust, Generator, LayerInfo, Styles, SynthesisState
from localedit_core.generators.boxes import Box
from localedit_core.generators.layers import at_positions
from localedit_core.generators.placed_styles import AnyStyles, PlacedStyle, Style

FINENESS = 8
"""The mask is drawn on a grid so many times finer than the clusters', to grow it smoothly."""

GROWTH = 1 / 64
"""How far a mask reaches over the part's border, of the picture's side; then it fades as far."""

BEGUN_KEPT = 12
"""Of how many edits the beginning is kept: up to 32 px and 512 channels, 2 MB each."""

HELD_UP_TO = 256
"""Side of the largest features that are held. Above, colour alone is: what features change there
reaches a pixel or two over the border, and keeping the target's would take hundreds of
megabytes."""


def held_layers(layers: Sequence[LayerInfo], first: str) -> tuple[str, ...]:
    """Names of the layers whose output is held, of which ``first`` is the lowest."""
    start = [layer.name for layer in layers].index(first)
    return tuple(
        layer.name
        for layer in layers[start:]
        if layer.kind == "torgb" or layer.resolution <= HELD_UP_TO
    )


def grown_mask(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The soft mask of a part, a little larger than the part.

    Args:
        inside: where the part is, by the clusters, [h, h].

    Returns:
        [FINENESS * h, FINENESS * h], 1 in the part and ``GROWTH`` around it, then fading to 0.
    """
    side = FINENESS * inside.shape[0]
    smooth = resize_maps(inside.astype(np.float32)[None], side)[0]
    solid = (smooth >= 0.5).astype(np.float32)
    reach = max(1, round(side * GROWTH))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    faded = cv2.blur(cv2.dilate(solid, disc), (2 * reach + 1, 2 * reach + 1))
    return np.asarray(faded, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class GuardedMove:
    """A move of styles and where it may act.

    Attributes:
        move: the move.
        alpha: [s, s] in [0, 1], 1 where it acts in full; None for everywhere.
    """

    move: StyleMove
    alpha: NDArray[np.float32] | None

    @classmethod
    def of(
        cls,
        move: StyleMove,
        part: str,
        guard: float,
        catalog: Catalog,
        clusters: Iterable[NDArray[np.int64]],
    ) -> GuardedMove:
        """Place a move by where its part is on any of some pictures.

        Args:
            move: the move.
            part: name of its part.
            guard: 0 for everywhere to 1 for the part alone.
            catalog: knows the part.
            clusters: of the target and of the edited picture, [h, h] each.
        """
        if guard == 0.0:
            return cls(move, None)
        own = list(catalog.part(part).clusters)
        inside = np.any([np.isin(labels, own) for labels in clusters], axis=0)
        return cls(move, 1.0 - np.float32(guard) * (1.0 - grown_mask(inside)))


class SpatialGuard:
    """Styles by place, and activations held to the target's, for one edited picture.

    Args:
        target: the target's styles, name -> [1, C_l].
        kept: the target's own outputs of the layers to hold, name -> [1, C, H, W].
        moves: lowest first.
    """

    def __init__(
        self, target: Styles, kept: Mapping[str, Tensor], moves: Sequence[GuardedMove]
    ) -> None:
        self._target = target
        self._kept = kept
        self._moves = moves
        self._resized: dict[tuple[int, int], Tensor] = {}
        self._union: NDArray[np.float32] | None = None
        if all(move.alpha is not None for move in moves):
            alphas = [move.alpha for move in moves if move.alpha is not None]
            # Of one edit it is that very array, which is resized once then.
            self._union = alphas[0] if len(alphas) == 1 else np.max(alphas, axis=0)

    def styles(self, layers: Iterable[LayerInfo]) -> dict[str, Style]:
        """The styles of some layers, name -> [1, C_l], or by place where places differ."""
        return {layer.name: self._style(layer) for layer in layers}

    def reach(self, side: int) -> Box | None:
        """Where a picture of that side can differ from the target's; None for everywhere."""
        if self._union is None:
            return None
        # Resizing weighs rows and columns apart, and no weight is negative.
        matrix = resize_matrix(self._union.shape[0], side)  # [side, s]
        acts = self._union > 0.0
        lines = [torch.from_numpy(acts.any(axis=axis)).float() for axis in (1, 0)]  # [s] each
        # Where that is nowhere: a piece has at least one place.
        box = Box.around(*((matrix @ line).numpy() > 0.0 for line in lines)) or Box(0, 1, 0, 1)
        return None if box == Box.whole(side) else box

    def hold(self, layer: LayerInfo, output: Tensor, box: Box) -> Tensor:
        """A layer's output outside of all masks as the target has it; both as in ``Adjust``."""
        kept = self._kept.get(layer.name)
        if self._union is None or kept is None:
            return output
        side = kept.shape[-1]
        whole = Box.whole(side)
        alpha = box.cut(self._at(self._union, side), whole)
        return torch.lerp(box.cut(kept, whole).to(output), output, alpha.to(output))

    def blend_states(
        self, base: SynthesisState, edited: Sequence[SynthesisState | None]
    ) -> SynthesisState:
        """The state before the first guarded layer: each edit's own in its own place.

        Args:
            base: without the guarded edits.
            edited: of each move, with it alone; None for a move that is not guarded.
        """
        state = base
        for guarded, own in zip(self._moves, edited, strict=True):
            if own is not None and guarded.alpha is not None:
                state = replace(
                    state,
                    x=self._lerp(state.x, own.x, guarded.alpha),
                    rgb=self._maybe(state.rgb, own.rgb, guarded.alpha),
                    residual=self._maybe(state.residual, own.residual, guarded.alpha),
                )
        return state

    def _maybe(
        self, below: Tensor | None, above: Tensor | None, alpha: NDArray[np.float32]
    ) -> Tensor | None:
        return None if below is None or above is None else self._lerp(below, above, alpha)

    def _lerp(self, below: Tensor, above: Tensor, alpha: NDArray[np.float32]) -> Tensor:
        # Exact at both ends: 0 keeps the very value.
        return torch.lerp(below.to(above), above, self._at(alpha, above.shape[-1]).to(above))

    def _style(self, layer: LayerInfo) -> Style:
        moves = []
        for guarded in self._moves:
            shares = guarded.move.shares.get(layer.name)
            if shares is not None and shares.any():
                moves.append(guarded)
        style = self._target[layer.name]  # [1, C]
        whole = Box.whole(layer.input_resolution)
        if all(guarded.alpha is None for guarded in moves):
            return self._moved(layer, moves, whole)
        return PlacedStyle(
            layer.channels,
            layer.input_resolution,
            lambda box: self._moved(layer, moves, box),
            style.device,
        )

    def _moved(self, layer: LayerInfo, moves: Sequence[GuardedMove], box: Box) -> Tensor:
        """A piece of a layer's style: [1, C], or [1, C, h, w] once an edit has its place."""
        style = self._target[layer.name]
        whole = Box.whole(layer.input_resolution)
        for guarded in moves:
            shares = guarded.move.shares[layer.name]
            weight = torch.from_numpy(shares).to(style.device, style.dtype)  # [C]
            reference = guarded.move.reference[layer.name]  # [1, C]
            if guarded.alpha is None and style.ndim == 2:
                style = torch.lerp(style, reference, weight)
                continue
            weight = weight[None, :, None, None]
            if guarded.alpha is not None:
                alpha = self._at(guarded.alpha, layer.input_resolution)
                # As what it scales lies in memory, channels last.
                weight = (weight * box.cut(alpha, whole).to(weight)).contiguous(
                    memory_format=torch.channels_last
                )
            style = torch.lerp(at_positions(style), at_positions(reference), weight)
        return style

    def _at(self, alpha: NDArray[np.float32], side: int) -> Tensor:
        """alpha resized, [1, 1, side, side]: bilinear upwards, area average downwards."""
        key = (id(alpha), side)
        if key not in self._resized:
            self._resized[key] = torch.from_numpy(resize_maps(alpha[None], side))[None]
        return self._resized[key]


@dataclass(frozen=True, eq=False)
class KeptTarget:
    """What the guard needs to know of an unedited picture.

    Attributes:
        styles: name -> [1, C_l].
        clusters: of its positions, [h, h].
        state: before the layer that the catalog clusters.
        outputs: of the layers that are held, name -> [1, C, H, W].
        begun: edits of it that were begun lately, by their styles: state and clusters, as above.
    """

    styles: Styles
    clusters: NDArray[np.int64]
    state: SynthesisState
    outputs: Mapping[str, Tensor]
    begun: OrderedDict[bytes, tuple[SynthesisState, NDArray[np.int64]]] = field(
        default_factory=OrderedDict, repr=False
    )

    @classmethod
    def of(
        cls, generator: Generator, catalog: Catalog, styles: Styles, noise_seed: int | None
    ) -> KeptTarget:
        """Make the picture of styles and keep what is needed."""
        layer = catalog.layer
        with torch.inference_mode():
            made = generator.synthesize(
                styles,
                noise_seed=noise_seed,
                record=(layer,),
                keep=(layer,),
                record_outputs=held_layers(generator.layers, layer),
            )
        clusters = catalog.membership(made.activations[layer])[0]
        return cls(styles, clusters, made.kept[layer], made.outputs)


@dataclass(frozen=True, eq=False)
class Start:
    """How a picture is made.

    Attributes:
        styles: name -> [1, C_l], or by place where places differ.
        resume: a state to go on from; None begins at the beginning.
        adjust: changes what layers put out.
        box: the piece of the full picture outside of which it is the target's; None for no piece.
    """

    styles: AnyStyles
    resume: SynthesisState | None = None
    adjust: Adjust | None = None
    box: Box | None = None


def _digest(styles: Styles, layers: Iterable[LayerInfo]) -> bytes:
    """Tells the styles of layers apart; with the same for their biases, where a family has them."""
    names = [name for layer in layers for name in (layer.name, layer.name + ".bias")]
    digest = hashlib.blake2b(digest_size=16)
    for name in names:
        if name in styles:
            digest.update(styles[name].cpu().contiguous().numpy().tobytes())
    return digest.digest()


def guarded_start(
    generator: Generator,
    catalog: Catalog,
    target: KeptTarget,
    composition: Composition,
    *,
    noise_seed: int | None = None,
    adjust: Adjust | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Start:
    """Make an edited picture up to the clustered layer, and say how to go on with the guard up.

    Args:
        generator: makes it.
        catalog: of the generator.
        target: the unedited picture.
        composition: the stack on it.
        noise_seed: of the fixed noise.
        adjust: of the stack's blends; it comes after the guard's own.
        cancelled: asked before each layer.

    Raises:
        RenderCancelled: ``cancelled`` said yes.
    """
    layers = generator.layers
    first = [layer.name for layer in layers].index(catalog.layer)

    def begin(styles: Styles) -> tuple[SynthesisState, NDArray[np.int64]]:
        # While one edit of a stack is dragged, the others begin as they did.
        key = _digest(styles, layers[:first])
        if adjust is None and key in target.begun:
            target.begun.move_to_end(key)
            return target.begun[key]
        made = generator.synthesize(
            styles,
            noise_seed=noise_seed,
            up_to=layers[first].resolution,
            record=(catalog.layer,),
            keep=(catalog.layer,),
            adjust=adjust,
            cancelled=cancelled,
        )
        clusters = catalog.membership(made.activations[catalog.layer])[0]
        if adjust is None:
            target.begun[key] = made.kept[catalog.layer], clusters
            if len(target.begun) > BEGUN_KEPT:
                target.begun.popitem(last=False)
        return made.kept[catalog.layer], clusters

    with torch.inference_mode():
        base, base_styles = target.state, target.styles
        free = [found.move for found in composition.moves if not found.edit.settings.guard]
        if free or adjust is not None:
            for move in free:
                base_styles = interpolate(base_styles, move.reference, move.shares)
            base, _ = begin(base_styles)
        moves, states = [], []
        for found in composition.moves:
            part, strength = found.edit.part, found.edit.settings.guard
            state, clusters = None, target.clusters
            if strength:
                styles = interpolate(base_styles, found.move.reference, found.move.shares)
                state, clusters = begin(styles)
            places = (target.clusters, clusters)
            moves.append(GuardedMove.of(found.move, part, strength, catalog, places))
            states.append(state)
        guard = SpatialGuard(target.styles, target.outputs, moves)
        placed: dict[str, Style] = {**composition.styles}
        placed |= guard.styles(layers[first:])
        resume = guard.blend_states(base, states)

    def hold(layer: LayerInfo, output: Tensor, box: Box, /) -> Tensor:
        held = guard.hold(layer, output, box)
        return held if adjust is None else adjust(layer, held, box)

    whole = adjust is not None or not generator.has_previews
    return Start(placed, resume, hold, None if whole else guard.reach(generator.resolution))
