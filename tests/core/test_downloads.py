"""Fetching files: whole, resumed, remembered, given up, without a network."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from file_server import (
    DATA,
    OTHER,
    QUICK,
    FileServer,
    Good,
    Handler,
    closed_port,
    listed,
    names_in,
    running_server,
    sha256,
    status,
)

from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.models import download
from localedit_core.models.checksums import Checksums
from localedit_core.models.download import ChecksumChangedError, discard_kept, fetch, kept_bytes
from localedit_core.models.exchange import Patience
from localedit_core.models.partial import PartialFile


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with running_server() as files:
        yield files


def test_a_file_comes_whole_and_is_remembered(server: FileServer, tmp_path: Path) -> None:
    address = server.at("/models/Cats%20256.pkl", Good(DATA))
    told: list[tuple[int, int | None]] = []
    folder = tmp_path / "new" / "downloads"
    got = fetch(address, folder, progress=lambda *step: told.append(step), patience=QUICK)
    assert got.path.read_bytes() == DATA
    assert (got.sha256, got.size, got.address) == (sha256(DATA), len(DATA), address)
    assert got.path.name.startswith("cats-256-")
    assert got.path.suffix == ".pkl"
    assert names_in(folder) == sorted([got.path.name, "downloads.json"])
    assert told == sorted(told)
    assert told[-1] == (len(DATA), len(DATA))
    written = json.loads((folder / "downloads.json").read_text())["files"]
    assert written[address]["sha256"] == sha256(DATA)
    (request,) = server.requests
    assert request.headers["accept-encoding"] == "identity"
    assert "range" not in request.headers


def test_what_is_here_needs_no_server(tmp_path: Path) -> None:
    with running_server() as server:
        address = server.at("/cats.pkl", Good(DATA))
        first = fetch(address, tmp_path, patience=QUICK)
    assert fetch(address, tmp_path, patience=QUICK) == first


def test_a_damaged_file_is_fetched_again(server: FileServer, tmp_path: Path) -> None:
    address = server.at("/cats.pkl", Good(DATA))
    path = fetch(address, tmp_path, patience=QUICK).path
    path.write_bytes(DATA[:-1] + b"x")
    assert fetch(address, tmp_path, patience=QUICK).path.read_bytes() == DATA


def test_files_of_one_name_do_not_meet(server: FileServer, tmp_path: Path) -> None:
    first = fetch(server.at("/a/ffhq.pkl", Good(DATA)), tmp_path, patience=QUICK)
    second = fetch(server.at("/b/ffhq.pkl", Good(OTHER)), tmp_path, patience=QUICK)
    assert first.path.read_bytes() == DATA
    assert second.path.read_bytes() == OTHER


def broken_off(server: FileServer, tmp_path: Path, good: Good) -> str:
    """Fetch a file of which 100,000 bytes come; its address."""
    good.stop_after = 100_000
    address = server.at("/cats.pkl", good)
    with pytest.raises(LocalEditError, match=r"broke|stopped") as caught:
        fetch(address, tmp_path, patience=QUICK)
    assert "goes on where it stopped" in caught.value.hint
    good.stop_after = None
    return address


VALIDATORS = [('"one"', None), (None, "Tue, 24 Nov 2026 10:00:00 GMT"), ('W/"one"', "Mon, 1 Jan")]


@pytest.mark.parametrize(("tag", "changed"), VALIDATORS)
def test_a_broken_download_goes_on(
    server: FileServer, tmp_path: Path, tag: str | None, changed: str | None
) -> None:
    address = broken_off(server, tmp_path, Good(DATA, tag, changed))
    kept = kept_bytes(address, tmp_path)
    assert 0 < kept <= 100_000
    assert not list(tmp_path.glob("*.pkl"))
    told: list[int] = []
    got = fetch(address, tmp_path, progress=lambda n, _: told.append(n), patience=QUICK)
    assert got.path.read_bytes() == DATA
    assert got.sha256 == sha256(DATA)
    assert min(told) >= kept
    _, again = server.requests
    assert again.headers["range"] == f"bytes={kept}-"
    assert again.headers["if-range"] == (changed or tag)
    assert again.sent == len(DATA) - kept
    assert kept_bytes(address, tmp_path) == 0


def test_without_a_validator_it_begins_anew(server: FileServer, tmp_path: Path) -> None:
    address = broken_off(server, tmp_path, Good(DATA, tag=None))
    assert fetch(address, tmp_path, patience=QUICK).path.read_bytes() == DATA
    assert "range" not in server.requests[-1].headers


def whole_whatever_is_asked(handler: Handler) -> None:
    handler.start(200, Content_Length=len(OTHER), ETag='"two"')
    handler.send(OTHER)


def rest_of_another_file(handler: Handler) -> None:
    if "range" not in handler.request_seen.headers:
        whole_whatever_is_asked(handler)
        return
    handler.start(206, Content_Length=9, Content_Range="bytes 100000-100008/100009", ETag='"two"')
    handler.send(b"something")


def rest_of_another_size(handler: Handler) -> None:
    if "range" not in handler.request_seen.headers:
        whole_whatever_is_asked(handler)
        return
    begin = handler.request_seen.headers["range"].removeprefix("bytes=").rstrip("-")
    last = len(OTHER) + 99
    handler.start(206, Content_Length=1, Content_Range=f"bytes {begin}-{last}/{last + 1}")
    handler.send(b"x")


def rest_of_a_file_as_large(handler: Handler) -> None:
    """As a server does that knows ranges, but not If-Range."""
    asked = handler.request_seen.headers.get("range")
    if asked is None:
        whole_whatever_is_asked(handler)
        return
    begin = int(asked.removeprefix("bytes=").rstrip("-"))
    span = f"bytes {begin}-{len(OTHER) - 1}/{len(OTHER)}"
    handler.start(206, Content_Length=len(OTHER) - begin, Content_Range=span, ETag='"two"')
    handler.send(OTHER[begin:])


def nothing_left(handler: Handler) -> None:
    if "range" not in handler.request_seen.headers:
        whole_whatever_is_asked(handler)
        return
    handler.start(416, Content_Length=0)


@pytest.mark.parametrize(
    "later",
    [
        Good(OTHER, '"two"'),
        whole_whatever_is_asked,
        rest_of_another_file,
        rest_of_another_size,
        rest_of_a_file_as_large,
        nothing_left,
    ],
)
def test_another_file_at_the_address_begins_anew(
    server: FileServer, tmp_path: Path, later: Callable[[Handler], None]
) -> None:
    address = broken_off(server, tmp_path, Good(DATA))
    server.at("/cats.pkl", later)
    got = fetch(address, tmp_path, patience=QUICK)
    assert got.path.read_bytes() == OTHER
    assert got.sha256 == sha256(OTHER)


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "{",
        "[]",
        '{"address": 1}',
        '{"validator": "x"}',
        '{"address": "https://a.example/", "validator": "\\"one\\"", "total": 300000}',
    ],
)
def test_a_lost_origin_begins_anew(server: FileServer, tmp_path: Path, spoilt: str) -> None:
    address = broken_off(server, tmp_path, Good(DATA))
    (state,) = tmp_path.glob("*.part.json")
    state.write_text(spoilt)
    assert fetch(address, tmp_path, patience=QUICK).path.read_bytes() == DATA
    assert "range" not in server.requests[-1].headers


def test_the_rest_may_come_in_pieces(server: FileServer, tmp_path: Path) -> None:
    address = broken_off(server, tmp_path, Good(DATA))

    def piece(handler: Handler) -> None:
        begin = int(handler.request_seen.headers["range"].removeprefix("bytes=").rstrip("-"))
        end = min(begin + 150_000, len(DATA))
        span = f"bytes {begin}-{end - 1}/{len(DATA)}"
        handler.start(206, Content_Length=end - begin, Content_Range=span, ETag='"one"')
        handler.send(DATA[begin:end])

    server.at("/cats.pkl", piece)
    with pytest.raises(LocalEditError, match="stopped after"):
        fetch(address, tmp_path, patience=QUICK)
    assert fetch(address, tmp_path, patience=QUICK).path.read_bytes() == DATA


def test_what_was_kept_can_be_thrown_away(server: FileServer, tmp_path: Path) -> None:
    address = broken_off(server, tmp_path, Good(DATA))
    discard_kept(address, tmp_path)
    assert kept_bytes(address, tmp_path) == 0
    assert names_in(tmp_path) == []
    discard_kept(address, tmp_path / "missing")


def test_a_changed_file_is_taken_only_when_confirmed(server: FileServer, tmp_path: Path) -> None:
    address = server.at("/cats.pkl", Good(DATA))
    path = fetch(address, tmp_path, patience=QUICK).path
    path.unlink()
    server.at("/cats.pkl", Good(OTHER, '"two"'))
    for _ in range(2):
        with pytest.raises(ChecksumChangedError) as caught:
            fetch(address, tmp_path, patience=QUICK)
        assert caught.value.before.sha256 == sha256(DATA)
        assert caught.value.sha256 == sha256(OTHER)
        assert sha256(DATA) in str(caught.value)
        assert not path.exists()
    assert Checksums(tmp_path).of(address).sha256 == sha256(DATA)
    got = fetch(address, tmp_path, accept_changed=True, patience=QUICK)
    assert got.path.read_bytes() == OTHER
    assert server.requests[-1].sent == 0  # it was here already
    path.unlink()
    assert fetch(address, tmp_path, patience=QUICK).sha256 == sha256(OTHER)


def test_a_listed_checksum_is_not_to_be_talked_away(server: FileServer, tmp_path: Path) -> None:
    address = server.at("/cats.pkl", Good(OTHER))
    for accept in (False, True):
        with pytest.raises(LocalEditError, match=sha256(OTHER)):
            fetch(
                listed(address, sha256=sha256(DATA)),
                tmp_path,
                accept_changed=accept,
                patience=QUICK,
            )
        assert names_in(tmp_path) == []
    server.at("/cats.pkl", Good(DATA))
    got = fetch(listed(address, sha256=sha256(DATA)), tmp_path, patience=QUICK)
    assert got.path.read_bytes() == DATA


def test_a_checkpoint_without_address_says_where_to_go(tmp_path: Path) -> None:
    with pytest.raises(LocalEditError, match="no direct address") as caught:
        fetch(listed(None), tmp_path)
    assert "https://example.org/cats" in caught.value.hint
    assert "cats.pkl" in caught.value.hint


def slowly(handler: Handler) -> None:
    handler.start(200, Content_Length=len(DATA), ETag='"one"')
    handler.send(DATA[:100_000])
    handler.hang()


def says_nothing(handler: Handler) -> None:
    handler.hang()


@pytest.mark.parametrize("behaviour", [says_nothing, slowly])
def test_cancelling_does_not_wait_for_the_server(
    server: FileServer, tmp_path: Path, behaviour: Callable[[Handler], None]
) -> None:
    address = server.at("/cats.pkl", behaviour)
    begin = time.monotonic()

    def cancelled() -> bool:
        return time.monotonic() > begin + 0.3

    with pytest.raises(RenderCancelled):
        fetch(address, tmp_path, cancelled=cancelled, patience=Patience(stall=30))
    assert time.monotonic() - begin < 2
    if behaviour is slowly:
        server.at("/cats.pkl", Good(DATA))
        assert fetch(address, tmp_path, patience=QUICK).path.read_bytes() == DATA
        assert server.requests[-1].sent < len(DATA)


def test_one_download_of_a_file_at_a_time(server: FileServer, tmp_path: Path) -> None:
    address = server.at("/cats.pkl", slowly)
    stop, begun = threading.Event(), threading.Event()

    def first() -> None:
        with pytest.raises(RenderCancelled):
            fetch(
                address,
                tmp_path,
                cancelled=stop.is_set,
                progress=lambda *_: begun.set(),
                patience=Patience(stall=20),
            )

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert begun.wait(5)
        with pytest.raises(LocalEditError, match="already"):
            fetch(address, tmp_path, patience=QUICK)
    finally:
        stop.set()
        thread.join()
    server.at("/cats.pkl", Good(DATA))
    assert fetch(address, tmp_path, patience=QUICK).path.read_bytes() == DATA


def test_offline_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LocalEditError, match=r"127\.0\.0\.1 cannot be reached: .*refuses"):
        fetch(f"http://127.0.0.1:{closed_port()}/cats.pkl", tmp_path, patience=QUICK)

    def no_names(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_names)
    with pytest.raises(LocalEditError, match=r"files\.example cannot be reached: its name") as it:
        fetch("https://files.example/cats.pkl", tmp_path, patience=QUICK)
    assert "internet" in it.value.hint
    assert names_in(tmp_path) == []


def test_a_proxy_of_the_environment_is_used(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "http://files.example/cats.pkl"
    server.paths[address] = Good(DATA)  # a proxy is asked for the whole address
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    assert fetch(address, tmp_path, patience=QUICK).path.read_bytes() == DATA
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(LocalEditError, match="proxy"):
        fetch("http://files.example/other.pkl", tmp_path, patience=QUICK)


def test_a_disk_without_room_is_told_before(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**7))
    with pytest.raises(LocalEditError, match=r"10\.0 MB free"):
        fetch(server.at("/cats.pkl", Good(DATA)), tmp_path, patience=QUICK)
    assert names_in(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_disk_that_fills_up_is_told(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = PartialFile.begin

    def begin_on_a_full_disk(self: PartialFile, origin: object) -> None:
        begin(self, origin)
        self._file.close()
        self._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115

    monkeypatch.setattr(PartialFile, "begin", begin_on_a_full_disk)
    with pytest.raises(LocalEditError, match="disk is full"):
        fetch(server.at("/cats.pkl", Good(DATA)), tmp_path, patience=QUICK)


def test_folders_that_cannot_be_written_are_told(server: FileServer, tmp_path: Path) -> None:
    address = server.at("/cats.pkl", Good(DATA))
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalEditError, match="file"):
        fetch(address, tmp_path / "file", patience=QUICK)
    with pytest.raises(LocalEditError, match="file"):
        fetch(address, tmp_path / "file" / "below", patience=QUICK)
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        (tmp_path / "locked").mkdir(mode=0o500)
        with pytest.raises(LocalEditError, match="permission"):
            fetch(address, tmp_path / "locked", patience=QUICK)


def test_a_server_error_leaves_what_was_kept(server: FileServer, tmp_path: Path) -> None:
    address = broken_off(server, tmp_path, Good(DATA))
    kept = kept_bytes(address, tmp_path)
    server.at("/cats.pkl", status(503))
    with pytest.raises(LocalEditError, match="503"):
        fetch(address, tmp_path, patience=QUICK)
    assert kept_bytes(address, tmp_path) == kept
