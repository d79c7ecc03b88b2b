"""The reader of pickled checkpoints: the same values as Python's, and nothing is run."""

from __future__ import annotations

import collections
import os
import pickle
import struct
import time
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from published_files import saved
from published_samples import ada, progan_tf, rosinality, stylegan2_tf, stylegan_tf

from localedit_core.checkpoints.pickles.reading import open_pickled
from localedit_core.checkpoints.pickles.values import StandIn, StoredArray
from localedit_core.checkpoints.published import open_published
from localedit_core.errors import LocalEditError

LAYOUTS = {
    "ada": ada,
    "tensorflow": stylegan2_tf,
    "stylegan": stylegan_tf,
    "progan": progan_tf,
    "zip": rosinality,
    "legacy": lambda: rosinality(False),
}


def read(data: bytes, path: Path) -> Any:
    """The value of a file, its arrays read."""
    path.write_bytes(data)
    with open_pickled(path) as found:
        return _with_arrays(found.root)


def _with_arrays(value: Any) -> Any:
    if isinstance(value, StoredArray):
        return value.read()
    if isinstance(value, dict):
        return {key: _with_arrays(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_with_arrays(item) for item in value)
    return value


# What is read --------------------------------------------------------------------------------

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(max_size=300),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(-(2**59), 2**59), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(value=plain, protocol=st.integers(0, 5))
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
def test_plain_values(tmp_path: Path, value: Any, protocol: int) -> None:
    assert read(pickle.dumps([value], protocol=protocol), tmp_path / "x") == [value]


@pytest.mark.parametrize("protocol", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    "array",
    [
        np.arange(24, dtype="<f4").reshape(2, 3, 4),
        np.arange(24, dtype=">f8").reshape(2, 3, 4),
        np.asfortranarray(np.arange(6, dtype="<f2").reshape(2, 3)),
        np.arange(200_000, dtype="<f4"),
        np.array([True, False]),
        np.zeros((0, 3), np.float32),
        np.array(7, np.int64),
    ],
    ids=lambda array: f"{array.dtype} {array.shape}",
)
def test_numpy_arrays(array: np.ndarray, protocol: int, tmp_path: Path) -> None:
    found = read(pickle.dumps([array], protocol=protocol), tmp_path / "x")[0]
    np.testing.assert_array_equal(found, array)
    assert found.dtype == array.dtype.newbyteorder("=")


@pytest.mark.parametrize("how", ["zip", "legacy", "pickle 2", "pickle 4"])
@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(12.0).reshape(3, 4),
        torch.arange(12.0).reshape(3, 4).t(),
        torch.arange(12.0)[3:9:2],
        torch.arange(12.0).half(),
        torch.arange(12.0).bfloat16(),
        torch.arange(12.0).double(),
        torch.arange(12),
        torch.tensor(3.0),
        torch.ones(1).expand(5, 5),
        torch.nn.Parameter(torch.randn(200, 200)),
    ],
    ids=lambda tensor: f"{tensor.dtype} {tuple(tensor.shape)} {tensor.stride()}",
)
def test_torch_tensors(tensor: torch.Tensor, how: str, tmp_path: Path) -> None:
    content = {"a": tensor, "same": tensor}
    data = (
        pickle.dumps(content, protocol=int(how[-1]))
        if how.startswith("pickle")
        else saved(content, zipped=how == "zip")
    )
    found = read(data, tmp_path / "x")
    expected = tensor.detach().float() if tensor.dtype == torch.bfloat16 else tensor.detach()
    for key in content:
        np.testing.assert_array_equal(found[key], expected.numpy())


def test_containers_and_options(tmp_path: Path) -> None:
    value = {
        "o": collections.OrderedDict(b=1, a=2),
        "d": collections.defaultdict(list, x=[1]),
        "s": {1, 2},
        "f": frozenset("ab"),
        "n": np.float32(0.5),
        "b": bytearray(b"abc"),
        "size": torch.Size([2, 3]),
    }
    found = read(pickle.dumps(value), tmp_path / "x")
    assert found == {**value, "b": b"abc", "size": (2, 3)}


def test_objects_become_stand_ins(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(pickle.dumps(torch.nn.Sequential(torch.nn.Linear(2, 3))))
    with open_pickled(path) as found:
        assert isinstance(found.root, StandIn)
        linear = found.root.state["_modules"]["0"]
        assert (linear.module, linear.name) == ("torch.nn.modules.linear", "Linear")
        assert linear.state["_parameters"]["weight"].shape == (3, 2)


# What is refused -----------------------------------------------------------------------------


class Call:
    """Pickled as a call."""

    def __init__(self, function: Any, *args: Any) -> None:
        self.call = function, args

    def __reduce__(self) -> Any:
        return self.call


def named(module: str, name: str, argument: str = "touch canary") -> bytes:
    """A call of anything, whether this machine has it or not."""
    text = argument.encode()
    return (
        b"\x80\x02c"
        + f"{module}\n{name}\n".encode()
        + b"X"
        + struct.pack("<I", len(text))
        + text
        + b"\x85R."
    )


FORBIDDEN = [
    ("os", "system"), ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"),
    ("subprocess", "check_output"), ("builtins", "eval"), ("builtins", "exec"),
    ("builtins", "__import__"), ("builtins", "getattr"), ("builtins", "open"),
    ("__builtin__", "eval"), ("__builtin__", "execfile"), ("operator", "attrgetter"),
    ("operator", "methodcaller"), ("functools", "partial"), ("types", "FunctionType"),
    ("types", "CodeType"), ("importlib", "import_module"), ("ctypes", "CDLL"),
    ("webbrowser", "open"), ("pty", "spawn"), ("runpy", "run_path"), ("shutil", "rmtree"),
    ("socket", "create_connection"), ("torch", "load"), ("torch.hub", "load"),
    ("torch.jit", "load"), ("torch._utils", "_import_dotted_name"), ("numpy", "load"),
    ("numpy", "fromfile"), ("numpy.testing._private.utils", "runstring"), ("pip", "main"),
    ("code", "interact"), ("pdb", "run"), ("timeit", "timeit"), ("cProfile", "run"),
    ("copyreg", "__newobj__"), ("copyreg", "add_extension"), ("pickle", "loads"),
    ("_pickle", "loads"), ("marshal", "loads"), ("sys", "exit"), ("codecs", "decode"),
    ("torch.serialization", "os.system"), ("dnnlib.util", "os.system"), ("", "system"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "name"), FORBIDDEN, ids=lambda text: text or "nothing")
@pytest.mark.parametrize("level", ["root", "in a list", "in a blob", "in a zip", "as a base"])
def test_forbidden_names(
    module: str, name: str, level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    evil = named(module, name)
    path = tmp_path / "x"
    if level == "in a list":
        evil = b"\x80\x02]" + evil[2:-1] + b"a."
    elif level == "in a blob":
        inner = saved([1], zipped=False).replace(pickle.dumps([1], 2), evil)
        assert evil in inner
        evil = pickle.dumps(Call(torch.storage._load_from_bytes, inner))
    elif level == "as a base":
        head = f"\x80\x02c{module}\n{name}\n".encode("latin-1")
        evil = head + b")\x81}X\x01\x00\x00\x00ak\x01sb."
    path.write_bytes(evil)
    if level == "in a zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", evil)
    with pytest.raises(LocalEditError) as caught, open_pickled(path):
        pass
    assert str(path) in caught.value.message
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x"]
    assert "run" in caught.value.hint


def test_the_traps_are_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pickle.loads(named("posix" if os.name == "posix" else "nt", "system", "echo > canary"))
    assert (tmp_path / "canary").exists()


BAD_STREAMS: dict[str, bytes] = {
    "nested lists": b"\x80\x04" + b"]" * 1_010_000 + b".",
    "marks": b"(" * 1_010_000 + b".",
    "doubling tuples as key": b"\x80\x04})" + b"2\x86" * 60 + b"Ns.",
    "deep tuple as key": b"\x80\x02})" + b"\x85" * 100_000 + b"Ns.",
    "keys of one hash": b"\x80\x02}("
    + b"".join(b"\x8a\x0c" + (k * (2**61 - 1)).to_bytes(12, "little") + b"N" for k in range(1, 9))
    + b"u.",
    "copied into arrays": pickle.dumps(np.zeros(1, "u1"), 2)[:-1]
    + b"0X\x00\x12\x7a\x00"
    + b"x" * 8_000_000
    + b"q\x30Nq\x310"
    + (b"h\x30c_codecs\nencode\nh\x30X\x06\x00\x00\x00latin1\x86R0" * 20)
    + b".",
    "copied again and again": b"\x80\x02c__builtin__\nlist\nq\x00]q\x01("
    + b"N" * 200_000
    + b"e0"
    + b"h\x00h\x01\x85R" * 200_000
    + b".",
    "huge bytes": b"\x80\x04\x8e" + struct.pack("<Q", 2**60) + b"x.",
    "huge text": b"\x80\x04\x8d" + struct.pack("<Q", 2**60) + b"x.",
    "huge frame": b"\x80\x04\x95" + struct.pack("<Q", 2**60) + b"N.",
    "huge integer": b"\x80\x02\x8b" + struct.pack("<i", 2**31 - 1) + b"x.",
    "negative integer size": b"\x80\x02\x8b" + struct.pack("<i", -5) + b"x.",
    "negative string": b"\x80\x02T" + struct.pack("<i", -5) + b"x.",
    "unknown memo": b"\x80\x02j" + struct.pack("<I", 2**31) + b".",
    "empty stack": b"\x80\x02.",
    "tuple of nothing": b"\x80\x02\x86.",
    "extension": b"\x80\x02\x82\x01.",
    "persistent id": b"\x80\x02Nq\x00Q.",
    "out of band buffer": b"\x80\x05\x97.",
    "append to a dict": b"\x80\x02}Na.",
    "no number": b"Ix\n.",
    "long number": b"I" + b"9" * 5000 + b"\n.",
    "no name": b"\x80\x04NN\x93.",
    "unknown protocol": b"\x80\x09N.",
}


@pytest.mark.parametrize("name", BAD_STREAMS)
def test_bad_streams_end_soon(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(BAD_STREAMS[name])
    began = time.monotonic()
    tracemalloc.start()
    try:
        with pytest.raises(LocalEditError), open_pickled(path):
            pass
        assert tracemalloc.get_traced_memory()[1] < 400e6
    finally:
        tracemalloc.stop()
    assert time.monotonic() - began < 60


def tensor_stream(offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> bytes:
    storage = torch.arange(10.0).untyped_storage()
    typed = torch.storage.TypedStorage(wrap_storage=storage, dtype=torch.float32, _internal=True)
    rebuild = torch._utils._rebuild_tensor_v2
    return pickle.dumps(Call(rebuild, typed, offset, shape, strides, False, {}))


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (0, (2**40,), (0,)),
        (0, (2**40, 2**40), (0, 0)),
        (0, (11,), (1,)),
        (5, (6,), (1,)),
        (2**62, (1,), (1,)),
        (-1, (1,), (1,)),
        (0, (-1,), (1,)),
        (0, (2,), (-1,)),
        (0, (2,), (2**61,)),
        (0, (2, 2), (1,)),
        (0, (1,) * 40, (1,) * 40),
        (0, (1000, 1000), (0, 0)),
    ],
)
def test_impossible_tensors(
    offset: int, shape: tuple[int, ...], strides: tuple[int, ...], tmp_path: Path
) -> None:
    with pytest.raises(LocalEditError):
        read(tensor_stream(offset, shape, strides), tmp_path / "x")


def test_possible_tensors_are_read(tmp_path: Path) -> None:
    found = read(tensor_stream(1, (2, 3), (1, 3)), tmp_path / "x")
    np.testing.assert_array_equal(found, [[1, 4, 7], [2, 5, 8]])


def read_all(path: Path) -> None:
    """Open a published checkpoint and read every weight."""
    with open_published(path) as found:
        for weight in found.weights.values():
            weight.read()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_truncation_at_every_kilobyte(layout: str, tmp_path: Path) -> None:
    data = LAYOUTS[layout]()
    path = tmp_path / "x"
    places = [*range(0, 2048, 64), *range(2048, len(data), 1024), len(data) - 1]
    for place in places:
        path.write_bytes(data[:place])
        with pytest.raises(LocalEditError):
            read_all(path)


@given(seed=st.integers(0, 2**32 - 1), layout=st.sampled_from(sorted(LAYOUTS)))
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
def test_changed_bytes(tmp_path: Path, seed: int, layout: str) -> None:
    """Any damage gives a LocalEditError or some network: never another error, never a call."""
    random = np.random.default_rng(seed)
    data = bytearray(_cached(layout))
    # Numbers are most of a file: half of the damage goes to where the structure is.
    for _ in range(random.integers(1, 6)):
        near = 3000 if random.random() < 0.5 else len(data)
        data[random.integers(0, min(near, len(data)))] = random.integers(0, 256)
    path = tmp_path / "x"
    path.write_bytes(data)
    with suppress(LocalEditError):
        read_all(path)
    assert [file.name for file in tmp_path.iterdir()] == ["x"]


_CACHE: dict[str, bytes] = {}


def _cached(layout: str) -> bytes:
    if layout not in _CACHE:
        _CACHE[layout] = LAYOUTS[layout]()
    return _CACHE[layout]


# ZIPs and what is no checkpoint --------------------------------------------------------------


def rewritten(data: bytes, path: Path, change: Any) -> None:
    """Write a ZIP again, record by record; ``change`` may add, drop or alter them."""
    path.with_suffix(".old").write_bytes(data)
    with (
        zipfile.ZipFile(path.with_suffix(".old")) as old,
        zipfile.ZipFile(path, "w") as new,
    ):
        records = {name: old.read(name) for name in old.namelist()}
        for name, content, method in change(records):
            new.writestr(name, content, method)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: [(n, c, zipfile.ZIP_DEFLATED) for n, c in r.items()], "packed"),
        (lambda r: [(n, c, 0) for n, c in r.items() if "data.pkl" not in n], "not one of torch"),
        (lambda r: [(n, c, 0) for n, c in r.items() if "/data/0" not in n], "missing"),
        (lambda r: [(n, c[:-4], 0) for n, c in r.items()], "Cannot open"),
        (lambda r: [*((n, c, 0) for n, c in r.items()), ("a/code/x.py", b"", 0)], "TorchScript"),
    ],
)
def test_wrong_zips(change: Any, words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.pt"
    rewritten(rosinality(), path, change)
    with pytest.raises(LocalEditError, match=words), open_pickled(path):
        pass


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
        (b"<!DOCTYPE html><html>Quota exceeded</html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS"),
        (b"\x1f\x8b\x08" + bytes(50), "gzip"),
        (bytes(257) + b"ustar" + bytes(200), "TAR"),
        (b"hello, this is no checkpoint", "no checkpoint"),
        (bytes(range(129, 256)), "no checkpoint"),
    ],
)
def test_what_is_no_checkpoint(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.pkl"
    path.write_bytes(data)
    with pytest.raises(LocalEditError, match=words) as caught, open_pickled(path):
        pass
    assert str(path) in caught.value.message
