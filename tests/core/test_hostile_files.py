"""Payloads in every place where published files have pickles: refused, and never run."""

from __future__ import annotations

import os
import pickle
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from checkpoint_files.hostile import CALLS, LEVELS, START, call, canary, name, value

from localedit_core.checkpoints.published import open_published
from localedit_core.errors import LocalEditError


@pytest.mark.parametrize("payload", CALLS)
@pytest.mark.parametrize("level", LEVELS)
def test_payload_is_refused(
    level: str, payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "network.pkl"
    path.write_bytes(LEVELS[level](CALLS[payload]))
    with (
        canary(tmp_path, monkeypatch),
        pytest.raises(LocalEditError) as caught,
        open_published(path),
    ):
        pass
    # Refused for what it asks: not because the file around it were wrong.
    assert "asks for" in caught.value.message


@pytest.mark.skipif(os.name != "posix", reason="the payloads are for POSIX")
@pytest.mark.parametrize("payload", CALLS)
def test_payload_is_real(payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with suppress(Exception):  # some fail after they did their work
        pickle.loads(START + CALLS[payload] + b".")
    assert (tmp_path / "canary").exists()


def test_what_follows_the_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "network.pkl"
    path.write_bytes(START + b"N." + CALLS["system"] + b".")
    with canary(tmp_path, monkeypatch), pytest.raises(LocalEditError), open_published(path):
        pass


@pytest.mark.parametrize(
    "code",
    [
        *("f4", "u3", "O", "V8", "M8[ns]", "(2,)f4"),
        *(code for code in ("f1", "?4", "b8", "u")),
    ],
)
def test_kinds_of_numbers(code: str, tmp_path: Path) -> None:
    path = tmp_path / "network.pkl"
    path.write_bytes(START + call(name("numpy", "dtype"), value(code)) + b".")
    with pytest.raises(LocalEditError), open_published(path):
        pass


@pytest.mark.parametrize(
    "opcodes",
    [
        b"]q\x00h\x00a",
        b"]q\x00(h\x00h\x00h\x00e",
        b"}q\x00" + value("G_ema") + b"h\x00s",
        b"}q\x00" + value("generator") + b"h\x00s",
        b"}" + b"]" + b"Ns",
        call(name("torch", "device"), value(10**6000)),
        call(name("torch", "Size"), value([10**6000])),
        call(name("builtins", "int"), b"G" + struct.pack(">d", float("inf"))),
        call(name("builtins", "float"), value(10**400)),
        b"]" * 900_000,
        (b"}" + value("G_ema")) * 200_000 + b"N" + b"s" * 200_000,
    ],
)
def test_strange_values(opcodes: bytes, tmp_path: Path) -> None:
    path = tmp_path / "network.pkl"
    path.write_bytes(START + opcodes + b".")
    with pytest.raises(LocalEditError), open_published(path):
        pass
