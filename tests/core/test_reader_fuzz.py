"""Wrong values in every field of valid files, and random streams: a LocalEditError or a value."""

from __future__ import annotations

import copy
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import genforce_files
import numpy as np
import published_samples
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localedit_core.checkpoints.pickles.reading import open_pickled
from localedit_core.checkpoints.pickles.values import Global, StandIn
from localedit_core.checkpoints.published import convert
from localedit_core.errors import LocalEditError

Step = tuple[str, Any]
LAYOUTS: dict[str, Callable[[], bytes]] = {
    "ada": published_samples.ada,
    "ada state": published_samples.ada_state,
    "rosinality": published_samples.rosinality,
    "StyleGAN2": published_samples.stylegan2_tf,
    "StyleGAN": published_samples.stylegan_tf,
    "PG-GAN": published_samples.progan_tf,
    "genforce StyleGAN2": genforce_files.stylegan2,
    "genforce StyleGAN": genforce_files.stylegan,
    "genforce PG-GAN": genforce_files.progan,
}
WRONG: tuple[Any, ...] = (
    *(None, 0, -1, 3, True, 2**70, 1.5, float("nan"), float("inf"), "", "x", b"x"),
    *([], [1], {}, {1: 2}, (), StandIn("a", "B"), Global("a", "B")),
)
VARIABLES = ("item", "variables")


def fields(value: Any, seen: set[int], path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """The way to every field of a tree, each container once."""
    if path:
        yield path
    if not isinstance(value, StandIn | dict | list | tuple) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, StandIn):
        for name in ("args", "state", "items", "appended"):
            yield from fields(getattr(value, name), seen, (*path, ("attribute", name)))
    else:
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from fields(value[key], seen, (*path, ("item", key)))


def replaced(value: Any, path: tuple[Step, ...], new: Any) -> Any:
    """A tree with one field changed; the given one stays as it is."""
    if not path:
        return new
    (kind, key), rest = path[0], path[1:]
    if isinstance(value, tuple):
        return tuple(replaced(list(value), path, new))
    changed = copy.copy(value)
    if kind == "attribute":
        setattr(changed, key, replaced(getattr(value, key), rest, new))
    else:
        changed[key] = replaced(value[key], rest, new)
    return changed


@pytest.mark.parametrize("layout", LAYOUTS)
def test_wrong_types_in_fields(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(LAYOUTS[layout]())
    with open_pickled(path) as found:
        # Where G and G_ema are the same object, a change must reach the one that is read.
        root = {"G_ema": found.root["G_ema"]} if layout == "ada" else found.root
        places = [place for place in fields(root, set()) if place[-1] != VARIABLES]
        changes = [(place, wrong) for place in places for wrong in WRONG]
        chosen = np.random.default_rng(0).permutation(len(changes))[:400]
        refused = 0
        for index in chosen:
            try:
                network = convert(replaced(root, *changes[index]))
                for weight in network.weights.values():
                    weight.read()
            except LocalEditError:
                refused += 1
        assert refused > 0


def test_variables_that_are_no_list(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(LAYOUTS["StyleGAN"]())
    with open_pickled(path) as found:
        root = found.root
        for place in fields(root, set()):
            if place[-1] == VARIABLES:
                with suppress(LocalEditError):
                    convert(replaced(root, place, 3))


simple = st.sampled_from(
    [
        bytes([code])
        for code in b"(.012NQRabdehijloqrstu}]){\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92"
    ]
    + [
        b"\x91",
        b"\x92",
        b"\x93\x94\x97\x98h\x00h\x01",
        b"h\x00",
        b"q\x00",
        b"q\x01",
        b"K\x01",
        b"J\xff\xff\xff\xff",
    ]
    + [b"X\x02\x00\x00\x00f4", b"X\x01\x00\x00\x00<", b"C\x04abcd", b"G" + struct.pack(">d", 2.0)]
    + [b"cnumpy\ndtype\n", b"cnumpy.core.multiarray\n_reconstruct\n", b"ca\nB\n"]
    + [b"cnumpy.core.multiarray\nscalar\n", b"ctorch\nSize\n", b"ctorch\nFloatStorage\n"]
    + [b"ctorch._utils\n_rebuild_tensor_v2\n", b"ctorch._utils\n_rebuild_parameter\n"]
    + [b"ccollections\nOrderedDict\n", b"c__builtin__\nset\n", b"ccopyreg\n_reconstructor\n"]
    + [b"ctorch.storage\n_load_from_bytes\n", b"c_codecs\nencode\n", b"K\x03K\x04\x86"]
)


@given(pieces=st.lists(simple, max_size=60))
@settings(deadline=None, max_examples=1000, suppress_health_check=list(HealthCheck))
def test_random_streams(pieces: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"\x80\x02" + b"".join(pieces) + b".")
    with suppress(LocalEditError), open_pickled(path) as found:
        convert(found.root)
