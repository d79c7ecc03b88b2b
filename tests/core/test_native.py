"""Generator files: what is written comes back, what is wrong is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from samples import safetensors_file, split_safetensors

from localedit_core.checkpoints.native import load_generator, save_generator
from localedit_core.errors import LocalEditError
from localedit_core.generators.stylegan2 import StyleGAN2, StyleGAN2Config
from localedit_core.latents import sample_z


@pytest.fixture
def file(tiny_generator: StyleGAN2, tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    save_generator(tiny_generator, path, name="Tiny", dtype=torch.float32)
    return path


def picture(generator: Any, seed: int) -> torch.Tensor:
    with torch.inference_mode():
        w = generator.mapping(torch.from_numpy(sample_z(seed, generator.z_dim)))
        return generator.synthesize(generator.styles(generator.broadcast(w, 0.7))).image


def rewrite(path: Path, change: Any) -> None:
    """Change the header of a safetensors file."""
    header, body = split_safetensors(path.read_bytes())
    change(header)
    path.write_bytes(safetensors_file(header, body))


def test_float32_round_trip_is_exact(tiny_generator: StyleGAN2, file: Path) -> None:
    model = load_generator(file)
    assert model.fingerprint == tiny_generator.fingerprint
    assert torch.equal(picture(model.generator, 3), picture(tiny_generator, 3))
    assert (model.name, model.family, model.path) == ("Tiny", "stylegan2", file)
    assert (model.description, model.licence, model.source_sha256) == ("", "", None)


def test_the_card_comes_back(tiny_generator: StyleGAN2, tmp_path: Path) -> None:
    path = tmp_path / "card.safetensors"
    card = {"trained": "on drawings of tents", "date": "2026-01-02"}
    save_generator(tiny_generator, path, name="Tents", card=card)
    assert load_generator(path).card == card


@pytest.mark.parametrize("text", ["{", "[1, 2]", '{"trained": 3}', "[" * 100_000, "NaN"])
def test_a_damaged_card_does_not_keep_a_generator_from_opening(file: Path, text: str) -> None:
    rewrite(file, lambda header: header["__metadata__"].update(card=text))
    assert load_generator(file).card == {}


def test_file_is_plain_safetensors_in_half_precision(
    tiny_generator: StyleGAN2, tmp_path: Path
) -> None:
    path = tmp_path / "half.safetensors"
    save_generator(
        tiny_generator,
        path,
        name="Half",
        description="What it makes",
        licence="CC0-1.0",
        source_sha256="ab" * 32,
    )
    with safe_open(path, framework="np") as opened:
        metadata = opened.metadata()
        stored = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    assert metadata["format"] == "localedit-generator"
    assert metadata["format_version"] == "1"
    assert metadata["family"] == "stylegan2"
    assert json.loads(metadata["architecture"])["channels"] == [16, 16, 12, 8]
    for name, values in tiny_generator.state_dict().items():
        assert stored[name].dtype == np.float16
        np.testing.assert_array_equal(stored[name], values.numpy().astype(np.float16))
    model = load_generator(path)
    assert (model.description, model.licence) == ("What it makes", "CC0-1.0")
    assert model.source_sha256 == "ab" * 32
    assert isinstance(model.generator, StyleGAN2)
    for name, values in model.generator.state_dict().items():
        assert values.dtype == torch.float32
        np.testing.assert_array_equal(values.numpy(), stored[name].astype(np.float32))


def test_bfloat16_is_read(tiny_generator: StyleGAN2, tmp_path: Path) -> None:
    path = tmp_path / "b.safetensors"
    save_generator(tiny_generator, path, name="B", dtype=torch.bfloat16)
    generator = load_generator(path).generator
    assert isinstance(generator, StyleGAN2)
    for name, values in tiny_generator.state_dict().items():
        assert torch.equal(generator.state_dict()[name], values.bfloat16().float())


def test_loaded_generator_is_ready_and_frozen(file: Path) -> None:
    generator = load_generator(file).generator
    assert isinstance(generator, StyleGAN2)
    assert not generator.training
    assert not any(parameter.requires_grad for parameter in generator.parameters())


def test_loading_draws_nothing_from_the_global_random_numbers(file: Path) -> None:
    torch.manual_seed(5)
    expected = torch.randn(3)
    torch.manual_seed(5)
    load_generator(file)
    assert torch.equal(torch.randn(3), expected)


def test_equal_generators_give_equal_bytes(tiny_generator: StyleGAN2, tmp_path: Path) -> None:
    # Ten, because an order that differs from run to run may agree by chance.
    contents = set()
    for index in range(10):
        path = tmp_path / f"{index}.safetensors"
        save_generator(tiny_generator, path, name="Same", licence="MIT", description="d")
        contents.add(path.read_bytes())
    assert len(contents) == 1


def test_weights_that_do_not_fit_are_not_saved(tmp_path: Path) -> None:
    generator = StyleGAN2(StyleGAN2Config(4, 4, 8, (4, 4), mapping_layers=1))
    with torch.no_grad():
        generator.mapping.w_avg[0] = 1e6  # float16 ends at 65504
    path = tmp_path / "large.safetensors"
    with pytest.raises(LocalEditError, match=r"w_avg.*cannot hold"):
        save_generator(generator, path, name="Large")
    assert not path.exists()
    save_generator(generator, path, name="Large", dtype=torch.float32)
    assert load_generator(path).fingerprint == generator.fingerprint


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
def test_every_architecture_comes_back(architecture: Any, tmp_path: Path) -> None:
    config = StyleGAN2Config(
        4, 6, 16, (4, 8, 4), 2, 0.1, architecture, use_noise=False, conv_clamp=256
    )
    generator = StyleGAN2(config).eval()
    save_generator(generator, tmp_path / "a.safetensors", name="A", dtype=torch.float32)
    loaded = load_generator(tmp_path / "a.safetensors").generator
    assert isinstance(loaded, StyleGAN2)
    assert loaded.config == config
    assert torch.equal(picture(loaded, 1), picture(generator, 1))


NO_COUNT: tuple[Any, ...] = (0, -1, 9000, 4.0, True, "16", None, [16])
BAD_FIELDS: dict[str, tuple[Any, ...]] = {
    "z_dim": NO_COUNT,
    "w_dim": NO_COUNT,
    "resolution": (*NO_COUNT, 4, 24, 8192),
    "channels": (16, "16", None, [], [16, 16, 12], [16, 16, 12, 0], [16, 16, 12, 8.0], [8] * 99),
    "mapping_layers": (*NO_COUNT, 65, 5000),
    "mapping_lr_multiplier": (0, -1.0, "1", None, True, 1e9),
    "architecture": ("other", 1, None, ["skip"], {}),
    "use_noise": (1, "true", None),
    "conv_clamp": (0, -1, "256", True, [1]),
    "resample_kernel": ([1, 3, 3], [1, 3, 3, 0], [1, 3, 3, "1"], 1, None, "1331", {}),
}


@pytest.mark.parametrize(
    ("field", "value"), [(name, value) for name, values in BAD_FIELDS.items() for value in values]
)
def test_every_field_of_the_architecture_is_checked(file: Path, field: str, value: Any) -> None:
    def change(header: Any) -> None:
        fields = json.loads(header["__metadata__"]["architecture"])
        fields[field] = value
        header["__metadata__"]["architecture"] = json.dumps(fields)

    rewrite(file, change)
    with pytest.raises(LocalEditError) as caught:
        load_generator(file)
    assert str(file) in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", "{}", "[" * 100_000, '{"z_dim": NaN}', '{"z_dim": Infinity}'],
)
def test_unreadable_architecture(file: Path, text: str) -> None:
    rewrite(file, lambda header: header["__metadata__"].update(architecture=text))
    with pytest.raises(LocalEditError, match="architecture") as caught:
        load_generator(file)
    assert str(file) in caught.value.message


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"format": "localedit-catalog"}, "localedit-catalog"),
        ({"format": ""}, "another program"),
        ({"format_version": "2"}, "newer LocalEdit"),
        ({"format_version": "0"}, "format version"),
        ({"format_version": "one"}, "format version"),
        ({"format_version": "²"}, "format version"),
        ({"format_version": "9" * 5000}, "format version"),
        ({"family": "stylegan9"}, "stylegan9"),
    ],
)
def test_foreign_and_newer_files(file: Path, metadata: dict[str, str], words: str) -> None:
    rewrite(file, lambda header: header["__metadata__"].update(metadata))
    with pytest.raises(LocalEditError, match=words) as caught:
        load_generator(file)
    assert str(file) in caught.value.message


def test_tensors_must_fit_the_architecture(file: Path) -> None:
    sound = file.read_bytes()
    name = "synthesis.b4.const"

    def rename(header: Any) -> None:
        header["synthesis.b4.other"] = header.pop(name)

    def reshape(header: Any) -> None:
        header[name]["shape"] = [16, 16]

    def retype(header: Any) -> None:
        header[name]["dtype"] = "I32"

    for change, words in ((rename, "lacks"), (reshape, "stores"), (retype, "I32")):
        file.write_bytes(sound)
        rewrite(file, change)
        with pytest.raises(LocalEditError, match=words) as caught:
            load_generator(file)
        assert str(file) in caught.value.message
        assert "synthesis.b4.const" in caught.value.message


def test_architecture_larger_than_its_file_takes_no_memory(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(header: Any) -> None:
        fields = json.loads(header["__metadata__"]["architecture"])
        fields |= {"channels": [8192] * 11, "resolution": 4096, "w_dim": 8192}
        header["__metadata__"]["architecture"] = json.dumps(fields)

    def build(*_: Any) -> None:
        raise AssertionError("it was built")

    monkeypatch.setattr("localedit_core.generators.stylegan2.StyleGAN2.__init__", build)
    rewrite(file, change)
    with pytest.raises(LocalEditError, match="needs more than") as caught:
        load_generator(file)
    assert str(file) in caught.value.message


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
@pytest.mark.parametrize("use_noise", [True, False])
def test_size_check_lets_every_sound_file_through(
    architecture: Any, use_noise: bool, tmp_path: Path
) -> None:
    # As little beside the convolutions as can be: the estimate must stay below the truth.
    for widths in ((1, 1, 1), (1, 9, 1), (9, 1, 1)):
        config = StyleGAN2Config(1, 1, 16, widths, 1, 1.0, architecture, use_noise)
        save_generator(StyleGAN2(config), tmp_path / "g.safetensors", name="G")
        load_generator(tmp_path / "g.safetensors")


def test_loading_leaves_the_compiler_of_torch_alone(file: Path) -> None:
    code = (
        "import sys; from localedit_core.checkpoints.native import load_generator; "
        f"load_generator({str(file)!r}); sys.exit('torch._dynamo' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_must_be_finite(file: Path, bad: float) -> None:
    header, body = split_safetensors(file.read_bytes())
    start = header["mapping.w_avg"]["data_offsets"][0]
    body = body[:start] + np.float32(bad).tobytes() + body[start + 4 :]
    file.write_bytes(safetensors_file(header, body))
    with pytest.raises(LocalEditError, match="not finite") as caught:
        load_generator(file)
    assert str(file) in caught.value.message
