"""Small files that describe something huge or endless: refused soon, and with little memory."""

from __future__ import annotations

import io
import pickle
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from published_files import ada_network, ada_pickle, rosinality_state, saved, tensorflow_pickle
from published_samples import progan_tf, stylegan2_weights, stylegan_tf

from localedit_core.checkpoints.pickles import budget
from localedit_core.checkpoints.published import open_published
from localedit_core.checkpoints.shown import shown
from localedit_core.errors import LocalEditError

MOST_SECONDS = 20
MOST_BYTES = 200e6


def read_all(path: Path) -> None:
    with open_published(path) as found:
        for weight in found.weights.values():
            weight.read()


def refused(data: bytes, path: Path) -> LocalEditError:
    """The error of a file, which comes soon and for little memory."""
    path.write_bytes(data)
    tracemalloc.start()
    began = time.monotonic()
    try:
        with pytest.raises(LocalEditError) as caught:
            read_all(path)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
    assert time.monotonic() - began < MOST_SECONDS
    assert len(str(caught.value)) < 1000
    assert "\n" not in str(caught.value)
    return caught.value


def doubling() -> list[Any]:
    """A list whose text is longer than the number of atoms in a grain of sand."""
    value: list[Any] = []
    for _ in range(60):
        value = [value, value]
    return value


def containing_itself() -> list[Any]:
    value: list[Any] = []
    value.append(value)
    return value


ENDLESS: dict[str, Callable[[], Any]] = {
    "doubling": doubling,
    "containing itself": containing_itself,
}
PLACES: dict[str, tuple[tuple[str, ...], str]] = {
    "channels": ((), "img_channels"),
    "activation": (("synthesis", "b16", "conv1"), "activation"),
    "clamp": (("synthesis", "b4", "conv1"), "conv_clamp"),
    "learning rate": (("mapping", "fc0"), "bias_gain"),
    "architecture": (("synthesis", "b4"), "architecture"),
}


@pytest.mark.parametrize("value", ENDLESS)
@pytest.mark.parametrize("place", PLACES)
def test_endless_values_in_settings(place: str, value: str, tmp_path: Path) -> None:
    network = ada_network(*stylegan2_weights())
    (path, name), module = PLACES[place], network
    for step in path:
        module = module.state["_modules"][step]
    module.state[name] = ENDLESS[value]()
    if place == "architecture":  # it is read from the last block that is found
        for key, block in network.state["_modules"]["synthesis"].state["_modules"].items():
            assert key.startswith("b")
            block.state[name] = module.state[name]
    refused(ada_pickle(network), tmp_path / "x.pkl")


@pytest.mark.parametrize("name", ["label_size", "num_channels", "nonlinearity", "mapping_lrmul"])
def test_endless_values_in_arguments(name: str, tmp_path: Path) -> None:
    variables = {"4x4/Dense/weight": np.ones((4, 16), np.float32)}
    data = tensorflow_pickle({name: doubling()}, variables, version=2, components=False)
    refused(data, tmp_path / "x.pkl")


def test_endless_name(tmp_path: Path) -> None:
    class_ = b"cdnnlib.tflib.network\nNetwork\n)\x81}("
    state = {"static_kwargs": {}, "variables": [], "name": doubling()}
    data = b"\x80\x02" + class_ + pickle.dumps(state, 2)[3:].removesuffix(b".") + b"b."
    path = tmp_path / "x.pkl"
    path.write_bytes(data)
    with pytest.raises(LocalEditError):
        read_all(path)
    assert shown(doubling()) == "a list"
    assert shown("x" * 1000, 20) == "'xxxxxxxxxxxxxxxxxxx…"
    assert shown(10**5000) == "a large number"
    assert shown(2.5) == "2.5"


def view(values: torch.Tensor, *shape: int) -> torch.Tensor:
    """A tensor of any shape that repeats its first number."""
    return values.as_strided(shape, (0,) * len(shape))


def wide_stylegan(make: Callable[..., torch.Tensor], channels: int) -> dict[str, torch.Tensor]:
    """A StyleGAN of genforce's with six blocks, of such tensors."""
    state = {"truncation.w_avg": make(512)}
    for index in range(8):
        state[f"mapping.dense{index}.weight"] = make(512, 512)
        state[f"mapping.dense{index}.bias"] = make(512)
    for index in range(12):
        layer, side = f"synthesis.layer{index}", 4 << index // 2
        if index == 0:
            state[f"{layer}.const"] = make(1, channels, 4, 4)
        else:
            state[f"{layer}.weight"] = make(channels, channels, 3, 3)
        state[f"{layer}.bias"] = make(channels)
        state[f"{layer}.style.weight"] = make(2 * channels, 512)
        state[f"{layer}.style.bias"] = make(2 * channels)
        state[f"{layer}.apply_noise.weight"] = make(channels)
        state[f"{layer}.apply_noise.noise"] = make(1, 1, side, side)
    for block in range(6):
        state[f"synthesis.output{block}.weight"] = make(3, channels, 1, 1)
        state[f"synthesis.output{block}.bias"] = make(3)
    return state


@pytest.mark.parametrize("zipped", [True, False])
def test_tensors_that_repeat_one_number(zipped: bool, tmp_path: Path) -> None:
    """Ten kilobytes that describe a network of three gigabytes."""
    one = torch.zeros(1)
    data = saved(wide_stylegan(lambda *shape: view(one, *shape), 2600), zipped=zipped)
    assert len(data) < 100_000
    assert "claim" in refused(data, tmp_path / "x.pth").message


def test_tensors_that_share_their_numbers(tmp_path: Path) -> None:
    """One run of numbers that is every weight of a network."""
    many = torch.zeros(300 * 300 * 9)

    def share(*shape: int) -> torch.Tensor:
        return many[: int(np.prod(shape))].view(*shape)

    data = saved(wide_stylegan(share, 300))
    assert "claim" in refused(data, tmp_path / "x.pth").message


def test_a_mapping_network_of_one_number(tmp_path: Path) -> None:
    """Whose mean would have to be measured, because the file has none."""
    state, one = rosinality_state(stylegan2_weights()[1]), torch.zeros(1)
    for index in range(1, 5):
        state[f"style.{index}.weight"] = view(one, 2**13, 2**13)
        state[f"style.{index}.bias"] = view(one, 2**13)
    assert "claim" in refused(saved(state), tmp_path / "x.pt").message


def test_storages_that_never_come(tmp_path: Path) -> None:
    """Before PyTorch 1.6 the numbers lie behind the object, under keys that a list gives."""
    data = saved({"truncation.w_avg": torch.zeros(3)}, zipped=False)
    keys = data.rindex(b"\x80\x02]q\x00")
    path = tmp_path / "x.pth"
    error = refused(data[:keys] + pickle.dumps([], 2), path)
    assert "missing" in error.message
    assert "no generator" in refused(data, path).message


def test_a_second_list_of_records(tmp_path: Path) -> None:
    """A ZIP's long list of records behind a short one that says nothing of it."""
    count = 100_000
    record = struct.Struct("<4s6H3L5H2L")
    fields = (b"PK\x01\x02", 20, 20, *(0,) * 7, 8, *(0,) * 6)
    listed = b"".join(record.pack(*fields) + b"%08x" % index for index in range(count))
    end = struct.Struct("<4sQ2H2L4Q")
    real = end.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(listed), 4)
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, 4 + len(listed), 1)
    decoy = end.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 50, 0)
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, len(decoy)
    )
    data = b"PK\x03\x04" + listed + real + where + tail + decoy
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(archive.infolist()) == count  # so Python finds it
    refused(data, tmp_path / "x.pt")


@pytest.mark.parametrize("line", [b"I1\n", b"V1\n"])
def test_many_short_lines(line: bytes, tmp_path: Path) -> None:
    """Each must not cost a look at all that was read ahead."""
    path = tmp_path / "x.pkl"
    seconds = []
    for piece in (line, b"K\x01"):  # and a number that needs no line
        path.write_bytes(b"\x80\x02(" + piece * 50_000 + b"l.")
        best = 1e9
        for _ in range(3):
            began = time.perf_counter()
            with pytest.raises(LocalEditError):
                read_all(path)
            best = min(best, time.perf_counter() - began)
        seconds.append(best)
    assert seconds[0] < 6 * seconds[1]


def test_long_texts(tmp_path: Path) -> None:
    """The bytes of arrays are text in protocol 2; other texts of that length are refused."""
    text = "ÿ" * 2_000_000
    other = text + "\N{GRINNING FACE}"
    for value, found in ((text, "a str"), (other, "a text of")):
        assert found in refused(pickle.dumps(value, 2), tmp_path / "x.pkl").message


@pytest.mark.parametrize("write", [stylegan_tf, progan_tf])
def test_arrays_as_text_count_by_the_size_of_the_file(
    write: Callable[[int], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "_LEAST_TEXT", 0)
    path = tmp_path / "x.pkl"
    path.write_bytes(write(2))
    with open_published(path) as found:
        assert all(weight.read().size for weight in found.weights.values())
