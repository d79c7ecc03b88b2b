"""The quick forward pass: equal to the readable one, in strips and whole."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest
import torch

from localedit_core.errors import RenderCancelled
from localedit_core.generators import strips
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config

ATOL = 5e-5
"""Of the largest value."""


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


@pytest.mark.parametrize("rows", [1, 5, 16, 128])
@pytest.mark.parametrize("options", [{}, {"noise_seed": 3}, {"use_noise": False}, {"up_to": 64}])
def test_strips_make_the_readable_picture(
    generator: StyleGAN2,
    styles: dict[str, torch.Tensor],
    monkeypatch: pytest.MonkeyPatch,
    rows: int,
    options: dict[str, int],
) -> None:
    wanted = readable(generator, styles, **options)
    monkeypatch.setattr(strips, "LARGE", 1)  # every block goes in strips
    monkeypatch.setattr(strips, "_ROWS", rows)
    used = []
    run_block = strips.run_block
    monkeypatch.setattr(strips, "run_block", lambda *a, **k: used.append(1) or run_block(*a, **k))
    with torch.inference_mode():
        made = generator.synthesize(styles, **options).image
    assert len(used) == (4 if options.get("up_to") else 5)
    assert (made - wanted).abs().max() <= ATOL * wanted.abs().max()


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
        generator.synthesize(styles, adjust=lambda layer, x: seen.append(layer.name) or x)
    assert seen == [layer.name for layer in generator.layers]


def test_it_can_be_given_up_between_strips(
    generator: StyleGAN2, styles: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strips, "LARGE", 1)
    monkeypatch.setattr(strips, "_ROWS", 1)
    asked = []
    with torch.inference_mode():
        generator.synthesize(styles, cancelled=lambda: bool(asked.append(1)))
        assert len(asked) > 200  # rows, not layers
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
