"""What every generator offers, whatever its family."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from torch import Tensor

from localedit_core.generators.boxes import Box
from localedit_core.generators.devices import Device, Retreat
from localedit_core.generators.placed_styles import AnyStyles

Styles = Mapping[str, Tensor]
"""Per layer name sigma_l, the scales the affine makes of w, [N, C_l] (before any toRGB gain)."""


@dataclass(frozen=True)
class LayerInfo:
    """One layer that has a style, or at least activations.

    Attributes:
        name: as in the published implementation, for instance "b32.conv1".
        resolution: side of the layer's *output* in pixels.
        input_resolution: side of A_l, the tensor that sigma_l scales. That is the layer's input in
            StyleGAN2 and the normalised end of the layer in StyleGAN.
        channels: C_l, the length of sigma_l and the channels of A_l.
        kind: "conv", "torgb" for a colour layer, or "plain" where there are activations to cluster
            but no style (PG-GAN).
        ws_index: which row of w_plus feeds it.
    """

    name: str
    resolution: int
    input_resolution: int
    channels: int
    kind: Literal["conv", "torgb", "plain"]
    ws_index: int


class Adjust(Protocol):
    """Changes what layers put out, place by place."""

    def __call__(self, layer: LayerInfo, output: Tensor, box: Box, /) -> Tensor:
        """Make of a layer's output, or a piece of it, what is handed on in its place.

        Args:
            layer: the layer.
            output: [N, C', h, w].
            box: where that lies in all of its output.
        """
        ...


@dataclass(frozen=True)
class SynthesisState:
    """All that a synthesis has made when it reaches a layer; resuming from it skips what is below.

    Attributes:
        layer: the layer that comes next.
        x: its input, [N, C, H, W].
        rgb: sum of the colour layers so far, [N, 3, h, w], or None.
        residual: the residual branch of a block begun below (architecture "resnet"), or None.
    """

    layer: str
    x: Tensor
    rgb: Tensor | None
    residual: Tensor | None


@dataclass(frozen=True)
class Synthesis:
    """What a synthesis made.

    Attributes:
        image: [N, 3, r, r], about -1 to 1, not clamped.
        activations: A_l of each layer asked for, not yet scaled by sigma_l, [N, C_l, h, w].
        outputs: the output of each layer asked for, [N, C', H, W].
        kept: the state before each layer asked for.
    """

    image: Tensor
    activations: Mapping[str, Tensor] = field(default_factory=dict)
    outputs: Mapping[str, Tensor] = field(default_factory=dict)
    kept: Mapping[str, SynthesisState] = field(default_factory=dict)


class Generator(Protocol):
    """A generator. Torch inside; callers hand over and receive tensors.

    It takes tensors from any device, and what it returns lies where it is placed.

    Attributes:
        on_retreat: told when it went to the CPU because its device had no memory left.
    """

    on_retreat: Callable[[Retreat], None] | None

    @property
    def device(self) -> Device:
        """Where it is placed; the CPU at first."""
        ...

    def place(self, device: Device) -> None:
        """Move it. LocalEditError if the device cannot be used; it is where it was then."""
        ...

    @property
    def family(self) -> str:
        """The family: "stylegan2", "stylegan", "progan"."""
        ...

    @property
    def resolution(self) -> int:
        """Side of the full picture in pixels."""
        ...

    @property
    def z_dim(self) -> int:
        """Length of the prior sample."""
        ...

    @property
    def w_dim(self) -> int:
        """Length of the mapped latent."""
        ...

    @property
    def num_ws(self) -> int:
        """Rows of w_plus."""
        ...

    @property
    def c_dim(self) -> int:
        """How many classes a picture can be asked of; 0 for none."""
        ...

    @property
    def layers(self) -> tuple[LayerInfo, ...]:
        """The layers whose A_l can be recorded, in the order in which synthesis runs them.

        All of them have styles, or none has: see ``has_styles``.
        """
        ...

    @property
    def has_styles(self) -> bool:
        """Whether layers have styles that an edit can move. PG-GAN's have none."""
        ...

    @property
    def has_previews(self) -> bool:
        """Whether a picture of a lower resolution costs less than the full one."""
        ...

    @property
    def fingerprint(self) -> str:
        """SHA-256 over architecture and weights: the same for the same function only."""
        ...

    def mapping(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Map prior samples, and classes where there are any, to w.

        Args:
            z: [N, z_dim].
            labels: [N, c_dim], 1 at each picture's class and 0 elsewhere (``classes.class_labels``
                makes them); None is the first class. Not looked at without classes.

        Returns:
            [N, w_dim].
        """
        ...

    def broadcast(self, w: Tensor, psi: float = 1.0, cutoff: int | None = None) -> Tensor:
        """Truncate towards the mean and repeat per layer: [N, w_dim] -> [N, num_ws, w_dim].

        Without ``cutoff`` as many rows are truncated as is the family's custom.
        """
        ...

    def styles(self, w_plus: Tensor) -> Styles:
        """The style of every layer: [N, num_ws, w_dim] -> name -> [N, C_l].

        A family may add entries that belong to no layer and that no query moves.
        """
        ...

    def synthesize(
        self,
        styles: AnyStyles,
        *,
        noise_seed: int | None = None,
        use_noise: bool = True,
        up_to: int | None = None,
        record: Collection[str] = (),
        record_outputs: Collection[str] = (),
        keep: Collection[str] = (),
        resume: SynthesisState | None = None,
        adjust: Adjust | None = None,
        cancelled: Callable[[], bool] | None = None,
        on_picture: Callable[[int, Tensor], None] | None = None,
        box: Box | None = None,
    ) -> Synthesis:
        """Make a picture of styles. See the families for what each option does."""
        ...
