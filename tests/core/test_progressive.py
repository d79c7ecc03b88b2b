"""Pictures on the way, pieces first, and going on from what was kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from localedit_core.errors import RenderCancelled
from localedit_core.generators import strips, stylegan2_pass
from localedit_core.generators.base import Styles
from localedit_core.generators.boxes import Box
from localedit_core.generators.progressive import KeptStates, Stage, pictures
from localedit_core.generators.strips import Piecewise
from localedit_core.generators.stylegan import StyleGAN, StyleGANConfig
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config

BOX = Box(40, 70, 10, 128)


@pytest.fixture(scope="module")
def generator() -> StyleGAN2:
    torch.manual_seed(7)
    config = StyleGAN2Config(8, 8, 128, (16, 16, 12, 12, 8, 6), 1)
    return StyleGAN2(config).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def styles(generator: StyleGAN2) -> Styles:
    return generator.styles(generator.broadcast(generator.mapping(torch.randn(1, 8))))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """The convolutions that are run: resolution, and whether they upsample."""
    seen: list[tuple[int, bool]] = []

    class Seen(Piecewise):
        def __init__(self, layer, style, noise):  # type: ignore[no-untyped-def]
            seen.append((layer.resolution, layer.resampler is not None))
            super().__init__(layer, style, noise)

    monkeypatch.setattr(stylegan2_pass, "Piecewise", Seen)
    return seen


def full_picture(generator: StyleGAN2, styles: Styles, side: int = 128) -> torch.Tensor:
    with torch.inference_mode():
        return generator.synthesize(styles, up_to=side).image


def changed_from(generator: StyleGAN2, styles: Styles, name: str) -> Styles:
    """Styles that differ in that layer and those after it."""
    names = [layer.name for layer in generator.layers]
    late = names[names.index(name) :]
    return {n: style * 1.5 if n in late else style.clone() for n, style in styles.items()}


def test_every_picture_on_the_way_in_one_pass(
    generator: StyleGAN2, styles: Styles, run: list[tuple[int, bool]]
) -> None:
    stages = list(pictures(generator, styles))
    assert [(stage.side, stage.box) for stage in stages] == [(32, None), (64, None), (128, None)]
    once = [(4, False), *((side, up) for side in (8, 16, 32, 64, 128) for up in (True, False))]
    assert run == once
    for stage in stages:
        assert torch.equal(stage.image, full_picture(generator, styles, stage.side))


def test_the_piece_comes_after_the_first_picture(generator: StyleGAN2, styles: Styles) -> None:
    stages = list(pictures(generator, styles, region=BOX))
    assert [stage.box for stage in stages] == [None, BOX, None, None]
    wanted = full_picture(generator, styles)
    error = (stages[1].image - BOX.cut(wanted, Box.whole(128))).abs().max()
    assert error <= 5e-5 * wanted.abs().max()
    only = list(pictures(generator, styles, region=BOX, only_region=True))
    assert [stage.box for stage in only] == [None, BOX]


@pytest.mark.parametrize("large", [1, 2**23], ids=["block by block", "layer by layer"])
@pytest.mark.parametrize("name", ["b64.conv0", "b128.conv0", "b128.torgb"])
def test_an_edit_of_late_layers_goes_on_from_what_was_kept(
    generator: StyleGAN2,
    styles: Styles,
    run: list[tuple[int, bool]],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    large: int,
) -> None:
    monkeypatch.setattr(strips, "LARGE", large)
    kept = KeptStates(generator)
    list(pictures(generator, styles, kept=kept))
    run.clear()
    edited = changed_from(generator, styles, name)
    *_, last = pictures(generator, edited, kept=kept)
    start = 64 if name == "b64.conv0" else 128
    assert {side for side, _ in run} == {side for side in (64, 128) if side >= start}
    assert torch.equal(last.image, full_picture(generator, edited))
    run.clear()
    *_, back = pictures(generator, styles, kept=kept)  # what lies below still holds
    assert {side for side, _ in run} == {side for side in (64, 128) if side >= start}
    assert torch.equal(back.image, full_picture(generator, styles))


def test_what_another_picture_has_not_is_not_gone_on_from(
    generator: StyleGAN2, styles: Styles, run: list[tuple[int, bool]]
) -> None:
    kept = KeptStates(generator)
    list(pictures(generator, styles, kept=kept))
    early = changed_from(generator, styles, "b4.conv1")
    for other, seed in ((early, None), (early, 5)):
        run.clear()
        *_, last = pictures(generator, other, kept=kept, noise_seed=seed)
        assert len(run) == 11
        with torch.inference_mode():
            wanted = generator.synthesize(other, noise_seed=seed).image
        assert torch.equal(last.image, wanted)


def test_memory_that_is_kept_has_a_cap(generator: StyleGAN2, styles: Styles) -> None:
    kept = KeptStates(generator)
    list(pictures(generator, styles, first=8, kept=kept))
    everything = kept.nbytes
    # The inputs of the blocks of 16, 32, 64 and 128 px, and the colours below them.
    sizes = [(16 + 3) * 8**2, (12 + 3) * 16**2, (12 + 3) * 32**2, (8 + 3) * 64**2]
    assert everything == 4 * sum(sizes)
    for cap in (0, 4 * sizes[0], 4 * sum(sizes[:3]), 4 * sum(sizes[:3]) + 1, everything):
        capped = KeptStates(generator, cap)
        for factor in (1.0, 1.1):
            edited = {name: style * factor for name, style in styles.items()}
            for _ in pictures(generator, edited, first=8, kept=capped):
                assert capped.nbytes <= cap
        fitting = [4 * sum(sizes[:count]) for count in range(5) if 4 * sum(sizes[:count]) <= cap]
        assert capped.nbytes == max(fitting)


def test_it_can_be_given_up_between_any_two_pictures(generator: StyleGAN2, styles: Styles) -> None:
    for shown in range(4):
        seen: list[Stage] = []
        stages = pictures(
            generator, styles, region=BOX, cancelled=lambda n=shown, s=seen: len(s) == n
        )
        with pytest.raises(RenderCancelled):
            seen.extend(stages)
        assert len(seen) == shown


@pytest.fixture(params=["resnet", "stylegan"])
def unhurried(request: pytest.FixtureRequest) -> Iterator[StyleGAN2 | StyleGAN]:
    """Generators that have no small pictures."""
    if request.param == "resnet":
        config = StyleGAN2Config(8, 8, 32, (8, 8, 8, 8), 1, architecture="resnet")
        return StyleGAN2(config).eval().requires_grad_(False)
    return StyleGAN(StyleGANConfig(8, 8, 32, (8, 8, 8, 8), 1, 8)).eval().requires_grad_(False)


def test_a_generator_without_small_pictures_makes_the_full_one(
    unhurried: StyleGAN2 | StyleGAN,
) -> None:
    z = torch.randn(1, 8)
    styles = unhurried.styles(unhurried.broadcast(unhurried.mapping(z)))
    (stage,) = pictures(unhurried, styles, region=Box(0, 8, 0, 8))
    assert stage.box is None
    with torch.inference_mode():
        assert torch.equal(stage.image, unhurried.synthesize(styles).image)
