"""The quick forward pass: equal to the readable one, whole, in strips and in pieces."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Iterator

import pytest
import torch

from localedit_core.errors import RenderCancelled
from localedit_core.generators import layers, strips
from localedit_core.generators.base import LayerInfo
from localedit_core.generators.boxes import Box
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config

ATOL = 5e-5
"""Of the largest value."""


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Strips are short here: threads would wait for one another all the time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module", params=[None, 0.5], ids=["", "clamped"])
def generator(request: pytest.FixtureRequest) -> StyleGAN2:
    """128 px with noise, biases and, once, a clamp that clamps."""
    torch.manual_seed(3)
    config = StyleGAN2Config(
        z_dim=8,
        w_dim=8,
        resolution=128,
        channels=(16, 16, 12, 12, 8, 6),
        mapping_layers=1,
        conv_clamp=request.param,
    )
    generator = StyleGAN2(config).eval()
    for name, parameter in generator.named_parameters():
        if name.endswith(("noise_strength", "bias")):
            torch.nn.init.normal_(parameter, 0.0, 0.3)
    return generator


@pytest.fixture(scope="module")
def styles(generator: StyleGAN2) -> dict[str, torch.Tensor]:
    with torch.no_grad():
        return generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 8))))


def readable(generator: StyleGAN2, styles: dict[str, torch.Tensor], **options: int) -> torch.Tensor:
    """The pass that training takes, in which every step is written out."""
    with torch.enable_grad():
        return generator.synthesize(styles, **options).image.detach()


@pytest.fixture(params=["sums", "points"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How convolutions of few channels are computed here."""
    if request.param == "points":
        monkeypatch.setattr(layers, "POINTS_CHANNELS", 1)
    return str(request.param)


@pytest.fixture
def in_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "WORK", 1)  # as short as can be


@pytest.mark.usefixtures("way", "in_strips")
@pytest.mark.parametrize("large", [1, 2**30], ids=["block by block", "layer by layer"])
@pytest.mark.parametrize("options", [{}, {"noise_seed": 3}, {"use_noise": False}, {"up_to": 64}])
def test_strips_make_the_readable_picture(
    generator: StyleGAN2,
    styles: dict[str, torch.Tensor],
    monkeypatch: pytest.MonkeyPatch,
    large: int,
    options: dict[str, int],
) -> None:
    wanted = readable(generator, styles, **options)
    monkeypatch.setattr(strips, "LARGE", large)
    asked = []
    with torch.inference_mode():
        made = generator.synthesize(styles, cancelled=lambda: bool(asked.append(1)), **options)
    assert len(asked) > 20
    assert (made.image - wanted).abs().max() <= ATOL * wanted.abs().max()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("box", "start", "strip"),
    [
        (Box(0, 128, 0, 128), "b8.conv0", 8e8),
        (Box(0, 9, 100, 128), "b16.conv1", 8e8),
        (Box(61, 98, 30, 35), "b32.torgb", 1),
        (Box(127, 128, 0, 1), "b32.conv1", 8e8),
    ],
)
def test_a_piece_is_that_of_the_readable_picture(
    generator: StyleGAN2,
    styles: dict[str, torch.Tensor],
    monkeypatch: pytest.MonkeyPatch,
    box: Box,
    start: str,
    strip: float,
) -> None:
    wanted = readable(generator, styles)
    whole = Box.whole(128)
    monkeypatch.setattr(strips, "WORK", strip)
    with torch.inference_mode():
        state = generator.synthesize(styles, keep=(start,)).kept[start]
        made = generator.synthesize(styles, resume=state, box=box).image
    assert made.shape == (1, 3, box.height, box.width)
    assert (made - box.cut(wanted, whole)).abs().max() <= ATOL * wanted.abs().max()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("large", [1, 2**30])
def test_styles_by_place_and_adjustments_make_the_readable_picture(
    generator: StyleGAN2,
    styles: dict[str, torch.Tensor],
    monkeypatch: pytest.MonkeyPatch,
    large: int,
) -> None:
    torch.manual_seed(5)
    placed = dict(styles)
    for layer in generator.layers[6:]:
        side = layer.input_resolution
        smooth = torch.rand(1, 1, 8, 8)
        share = torch.nn.functional.interpolate(smooth, (side, side), mode="bilinear")
        placed[layer.name] = styles[layer.name][..., None, None] * (0.5 + share)
    field = torch.rand(1, 1, 128, 128) + 0.5

    def adjust(layer: LayerInfo, output: torch.Tensor, box: Box) -> torch.Tensor:
        every = 128 // layer.resolution
        return output * box.cut(field[..., ::every, ::every], Box.whole(layer.resolution))

    with torch.enable_grad():
        wanted = generator.synthesize(placed, adjust=adjust).image.detach()
    monkeypatch.setattr(strips, "LARGE", large)
    monkeypatch.setattr(strips, "WORK", 1)
    box = Box(20, 75, 40, 128)
    with torch.inference_mode():
        first = generator.synthesize(placed, adjust=adjust, keep=("b16.conv1",))
        state = first.kept["b16.conv1"]
        piece = generator.synthesize(placed, adjust=adjust, resume=state, box=box).image
    largest = wanted.abs().max()
    assert (first.image - wanted).abs().max() <= ATOL * largest
    assert (piece - box.cut(wanted, Box.whole(128))).abs().max() <= ATOL * largest


def test_whole_layers_make_the_readable_picture(
    generator: StyleGAN2, styles: dict[str, torch.Tensor]
) -> None:
    wanted = readable(generator, styles)
    batch = {name: style.repeat(2, 1) for name, style in styles.items()}
    with torch.inference_mode():
        one = generator.synthesize(styles).image
        two = generator.synthesize(batch).image  # scales activations, not weights
    assert (one - wanted).abs().max() <= ATOL * wanted.abs().max()
    assert (two - wanted).abs().max() <= ATOL * wanted.abs().max()


def test_what_is_asked_for_on_the_way_is_there(
    generator: StyleGAN2, styles: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"record": ("b64.conv1",), "record_outputs": ("b128.torgb",), "keep": ("b32.conv1",)}
    with torch.inference_mode():
        wanted = generator.synthesize(styles, **asked)
        monkeypatch.setattr(strips, "LARGE", 1)
        made = generator.synthesize(styles, **asked)
        resumed = generator.synthesize(styles, resume=made.kept["b32.conv1"])
    for name in asked["record"]:
        torch.testing.assert_close(made.activations[name], wanted.activations[name])
    for name in asked["record_outputs"]:
        torch.testing.assert_close(made.outputs[name], wanted.outputs[name])
    torch.testing.assert_close(resumed.image, wanted.image, atol=1e-4, rtol=1e-4)


def test_adjustments_see_every_layer(
    generator: StyleGAN2, styles: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strips, "LARGE", 1)
    seen = []
    with torch.inference_mode():
        generator.synthesize(styles, adjust=lambda layer, x, box: seen.append(layer.name) or x)
    assert list(dict.fromkeys(seen)) == [layer.name for layer in generator.layers]


@pytest.mark.parametrize("side", [4, 8, 16, 32, 64, 128, 256, 512, 1024])
@pytest.mark.parametrize("up", [False, True])
def test_strips_of_published_networks_are_short(side: int, up: bool) -> None:
    """No strip makes more than 1.3e9 multiplications: 12 ms of two cores at 55e9 each."""
    outputs = min(512, 32768 // side)
    inputs = min(512, 32768 // (side // 2)) if up else outputs
    work = inputs * outputs * (2.25 if up else 9.0)
    box = Box.whole(side)
    for points in (False, True)[: 1 if up or outputs < 128 else 2]:
        rows = strips.strip_rows(box, work, outputs, inputs if points else 0)
        pieces = list(box.strips(rows))
        assert (pieces[0].top, pieces[-1].bottom) == (0, side)
        sums = 2.25 * inputs * outputs if points else work
        assert max(piece.height for piece in pieces) * side * sums <= 1.3e9


def test_it_can_be_given_up_between_strips(
    generator: StyleGAN2, styles: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strips, "LARGE", 1)
    monkeypatch.setattr(strips, "WORK", 1)
    asked = []
    with torch.inference_mode():
        generator.synthesize(styles, cancelled=lambda: bool(asked.append(1)))
        assert len(asked) > 2 * (2 + 4 + 8 + 16 + 32)  # strips, not layers
        countdown = iter(range(len(asked) - 3))
        with pytest.raises(RenderCancelled):
            generator.synthesize(styles, cancelled=lambda: next(countdown, None) is None)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_pictures_reuse_their_memory() -> None:
    program = """
import resource, torch
from localedit_core.generators.memory import prepare_memory
assert prepare_memory() and prepare_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def work():
    for _ in range(8):
        torch.ones(2**21) + torch.ones(2**21)  # 8 MB each
work()
before = faults()
work()
print(faults() - before)
"""
    made = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert int(made.stdout) < 2048  # of 3 x 8 x 2048 pages that are written
