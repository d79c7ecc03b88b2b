"""The paper's own PyTorch StyleGAN, written from the reference arrays in its layout."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from published_files import Arrays, reference, saved, under

from localedit_core.checkpoints.native import load_generator, write_converted
from localedit_core.checkpoints.published import open_published
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan import StyleGAN

KINDS = {"Const": 0, "Conv": 1, "Conv0_up": 0, "Conv1": 1}


def state(variables: Arrays, *, apart: bool) -> dict[str, torch.Tensor]:
    """The weights under the port's names; styles in a module apart, as the paper's code has it."""
    found: Arrays = {"truncation.avg_latent": variables["dlatent_avg"]}
    found["g_synthesis.blocks.8x8.conv0_up.intermediate.kernel"] = np.ones((1, 1, 3, 3), np.float32)
    for name, values in variables.items():
        if match := re.fullmatch(r"Dense(\d)/(\w+)", name):
            found[f"g_mapping.dense{match[1]}.{match[2]}"] = values.T
        elif match := re.fullmatch(r"ToRGB_lod0/(\w+)", name):
            found[f"g_synthesis.torgb.{match[1]}"] = (
                values.transpose(3, 2, 0, 1) if values.ndim == 4 else values
            )
        elif match := re.fullmatch(r"(\d+x\d+)/(\w+)/(.+)", name):
            block, half, part = f"g_synthesis.blocks.{match[1]}", KINDS[match[2]], match[3]
            if part in ("weight", "bias") and match[2] != "Const":
                layer = match[2].lower()
                turned = values.transpose(3, 2, 0, 1) if values.ndim == 4 else values
                found[f"{block}.{layer}.{part}"] = turned
            elif part.startswith("StyleMod"):
                own = f"{block}.epi{half + 1}.style_mod"
                style = f"g_style.style_layers.{match[1]}_{half}" if apart else own
                found[f"{style}.lin.{part.removeprefix('StyleMod/')}"] = values.T
            elif part == "Noise/weight":
                found[f"{block}.epi{half + 1}.top_epi.noise.weight"] = values
            else:
                found[f"{block}.{part}"] = values
    return {name: torch.from_numpy(np.array(a, order="C")) for name, a in found.items()}


@pytest.mark.parametrize("apart", [True, False])
def test_pictures(apart: bool, tmp_path: Path) -> None:
    _, arrays = reference("stylegan1_tiny")
    variables = under(arrays, "variables/")
    source, target = tmp_path / "x.pth", tmp_path / "ours.safetensors"
    source.write_bytes(saved(state(variables, apart=apart)))
    with open_published(source) as found:
        assert "noise" in found.notes[0]
        write_converted(found, target, name="x")
    generator = load_generator(target).generator
    assert isinstance(generator, StyleGAN)
    assert generator.config.norm_epsilon == 1e-5  # PyTorch's, which this port computes with
    # The arrays were made with NVIDIA's epsilon, and with the noise that this layout leaves out.
    same = StyleGAN(replace(generator.config, norm_epsilon=1e-8)).eval().requires_grad_(False)
    weights = dict(generator.state_dict())
    for index, layer in enumerate(generator.layers):
        noise = torch.from_numpy(variables[f"noise{index}"][0, 0])
        weights[f"synthesis.{layer.name}.noise_const"] = noise
    same.load_state_dict(weights)
    w = same.mapping(torch.from_numpy(arrays["input/z"]))
    image = same.synthesize(same.styles(same.broadcast(w))).image.numpy()
    expected = arrays["expected/image"]
    assert np.abs(image - expected).max() <= 1e-4 * np.abs(expected).max()


def test_all_rows_are_truncated(tmp_path: Path) -> None:
    _, arrays = reference("stylegan1_tiny")
    source = tmp_path / "x.pth"
    source.write_bytes(saved(state(under(arrays, "variables/"), apart=True)))
    with open_published(source) as found:
        write_converted(found, tmp_path / "ours.safetensors", name="x")
    generator = load_generator(tmp_path / "ours.safetensors").generator
    w_plus = generator.broadcast(torch.ones(1, generator.w_dim), 0.0)
    mean = torch.from_numpy(arrays["variables/dlatent_avg"])
    assert torch.allclose(w_plus, mean.expand_as(w_plus))


@pytest.mark.parametrize(
    "name",
    ["truncation.avg_latent", "g_synthesis.blocks.8x8.conv1.bias", "g_mapping.dense3.weight"],
)
def test_what_is_missing_is_named(name: str, tmp_path: Path) -> None:
    _, arrays = reference("stylegan1_tiny")
    weights = state(under(arrays, "variables/"), apart=True)
    del weights[name]
    source = tmp_path / "x.pth"
    source.write_bytes(saved(weights))
    with pytest.raises(LocalEditError) as caught, open_published(source):
        pass
    assert str(source) in caught.value.message
