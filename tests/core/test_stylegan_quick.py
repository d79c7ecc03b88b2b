"""StyleGAN's quick layers: equal to the readable ones, whole and in strips."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from localedit_core.errors import RenderCancelled
from localedit_core.generators import strips, stylegan_quick
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig

ATOL = 5e-5
"""Of the largest value."""


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Strips are short here: threads would wait for one another all the time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(
    scope="module", params=[(1.0, 2.0, 1.0), (1.0, 3.0, 4.0, 3.0, 1.0), (1.0,)], ids=len
)
def generator(request: pytest.FixtureRequest) -> StyleGAN:
    """64 px: upscaling is written out up to 16 px and fused above; biases are far from 0."""
    torch.manual_seed(3)
    config = StyleGANConfig(
        8, 8, 64, (10, 10, 8, 7, 5), 1, 8, fused_from=32, blur_taps=request.param
    )
    generator = StyleGAN(config).eval()
    for name, parameter in generator.named_parameters():
        if name.endswith(("noise_strength", "conv.bias")):
            torch.nn.init.normal_(parameter, 2.0, 1.0)
    return generator.requires_grad_(False)


@pytest.fixture(scope="module")
def styles(generator: StyleGAN) -> dict[str, torch.Tensor]:
    return dict(generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 8)))))


@pytest.mark.parametrize("channels", [1, 128], ids=["points", "sums"])
@pytest.mark.parametrize("work", [1, 8e8], ids=["strips", "whole"])
@pytest.mark.parametrize("options", [{}, {"noise_seed": 3}, {"use_noise": False}])
@pytest.mark.parametrize("by_place", [False, True])
def test_it_is_the_readable_picture(
    generator: StyleGAN,
    styles: dict[str, torch.Tensor],
    monkeypatch: pytest.MonkeyPatch,
    channels: int,
    work: float,
    options: dict[str, int],
    by_place: bool,
) -> None:
    if by_place:
        name = generator.layers[6].name
        side = generator.layers[6].resolution
        styles = {**styles, name: styles[name][:, :, None, None] * torch.rand(1, 1, side, side)}
    names = [layer.name for layer in generator.layers[3:8]]
    with torch.enable_grad():
        wanted = generator.synthesize(styles, record=names, record_outputs=names, **options)
    monkeypatch.setattr(stylegan_quick, "POINTS_CHANNELS", channels)
    monkeypatch.setattr(strips, "WORK", work)
    monkeypatch.setattr(strips, "_EVALUATED", work / 1e4)
    for layer in generator.synthesis.values():
        layer.kernels = None
    with torch.inference_mode():
        made = generator.synthesize(styles, record=names, record_outputs=names, **options)
        bare = generator.synthesize(styles, **options)
    assert torch.equal(made.image, bare.image)
    pairs = [(made.image, wanted.image)]
    pairs += [(made.activations[name], wanted.activations[name]) for name in names]
    pairs += [(made.outputs[name], wanted.outputs[name]) for name in names]
    for quick, readable in pairs:
        assert (quick - readable).abs().max() <= ATOL * readable.abs().max()


def test_changed_weights_are_seen(styles: dict[str, torch.Tensor]) -> None:
    torch.manual_seed(3)
    generator = StyleGAN(StyleGANConfig(8, 8, 64, (10, 10, 8, 7, 5), 1, 8)).eval()
    generator.requires_grad_(False)
    with torch.inference_mode():
        before = generator.synthesize(styles).image
    with torch.no_grad():
        for parameter in generator.synthesis.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
        wanted = generator.synthesize({n: s.repeat(2, 1) for n, s in styles.items()}).image[:1]
        after = generator.synthesize(styles).image
    assert (after - wanted).abs().max() <= ATOL * wanted.abs().max()
    assert (after - before).abs().max() > 0.01 * wanted.abs().max()


def test_it_can_be_given_up_between_strips(
    generator: StyleGAN, styles: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strips, "WORK", 1)
    asked: list[int] = []
    with torch.inference_mode():
        generator.synthesize(styles, cancelled=lambda: bool(asked.append(1)))
        assert len(asked) > 100  # strips, not layers
        countdown = iter(range(len(asked) - 3))
        with pytest.raises(RenderCancelled):
            generator.synthesize(styles, cancelled=lambda: next(countdown, None) is None)
