"""Servers that stall, lie, redirect and send what nobody asked for."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from file_server import (
    DATA,
    QUICK,
    FileServer,
    Good,
    Handler,
    listed,
    names_in,
    redirect,
    running_server,
    sha256,
    status,
)

from localedit_core.errors import LocalEditError
from localedit_core.models import answers
from localedit_core.models.download import fetch

_lookup = socket.getaddrinfo


@pytest.fixture(autouse=True)
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every host that is looked up; none but this machine is answered for."""
    hosts: list[str] = []

    def look_up(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        hosts.append(name)
        if name not in ("127.0.0.1", "127.0.0.2", "localhost"):
            raise socket.gaierror(-2, "the tests stay on this machine")
        return _lookup(host, *rest, **named)

    for variable in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return hosts


@pytest.fixture
def server() -> Iterator[FileServer]:
    with running_server() as files:
        yield files


def refusal(address: str, folder: Path, **facts: Any) -> LocalEditError:
    """The error of a fetch, one line, after which nothing is left that could be taken for it."""
    patience = facts.pop("patience", QUICK)
    with pytest.raises(LocalEditError) as caught:
        fetch(listed(address, **facts) if facts else address, folder, patience=patience)
    assert "\n" not in str(caught.value)
    assert not [name for name in names_in(folder) if not name.endswith((".part", ".part.json"))]
    return caught.value


def hang_before_the_headers(handler: Handler) -> None:
    handler.hang()


def hang_after_the_headers(handler: Handler) -> None:
    handler.start(200, Content_Length=1000)
    handler.hang()


def hang_in_the_middle(handler: Handler) -> None:
    handler.start(200, Content_Length=len(DATA))
    handler.send(DATA[:50_000])
    handler.hang()


def drip(handler: Handler) -> None:
    """A byte now and then, for ever."""
    handler.start(200, Content_Length=len(DATA))
    while not handler.server.owner.over.wait(0.05):
        handler.send(b"x")


@pytest.mark.parametrize(
    "behaviour", [hang_before_the_headers, hang_after_the_headers, hang_in_the_middle, drip]
)
def test_a_stall_ends(
    server: FileServer, tmp_path: Path, behaviour: Callable[[Handler], None]
) -> None:
    begin = time.monotonic()
    error = refusal(server.at("/cats.pkl", behaviour), tmp_path)
    assert time.monotonic() - begin < 3
    assert "127.0.0.1 has sent nothing for" in error.message


def test_who_does_not_take_up_the_connection_is_told(tmp_path: Path) -> None:
    with socket.socket() as deaf:  # a full queue of connections that nobody accepts
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        waiting = []
        for _ in range(4):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(("127.0.0.1", port))
        error = refusal(f"http://127.0.0.1:{port}/cats.pkl", tmp_path)
        for one in waiting:
            one.close()
    assert "127.0.0.1" in error.message


def test_a_server_without_encryption_behind_https_is_told(
    server: FileServer, tmp_path: Path
) -> None:
    address = server.at("/cats.pkl", Good(DATA)).replace("http:", "https:")
    assert "secure" in refusal(address, tmp_path).message


# Redirects


def test_redirects_are_followed_on_this_machine(server: FileServer, tmp_path: Path) -> None:
    server.at("/cats.pkl", Good(DATA))
    server.at("/4", redirect("cats.pkl"))  # relative
    server.at("/3", redirect(f"http://localhost:{server.port}/4", 307))  # by another name
    server.at("/2", redirect(f"//127.0.0.1:{server.port}/3", 301))
    server.at("/1", redirect("/2", 303))
    address = server.at("/0", redirect("/1", 308))
    assert fetch(address, tmp_path, patience=QUICK).path.read_bytes() == DATA
    server.at("/before", redirect("/0"))
    error = refusal(address.replace("/0", "/before"), tmp_path / "another")
    assert "more than 5 times" in error.message


def test_a_loop_of_redirects_ends(server: FileServer, tmp_path: Path) -> None:
    server.at("/b", redirect("/a"))
    address = server.at("/a", redirect("/b"))
    assert "more than 5 times" in refusal(address, tmp_path).message
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://example.org/cats.pkl",
        "data:,cats",
        "http://example.org/cats.pkl",
        "http://169.254.169.254/latest",
        "http://[::1",
        "https://user:secret@example.org:x/cats.pkl",
    ],
)
def test_redirects_elsewhere_are_refused_unvisited(
    server: FileServer, tmp_path: Path, asked_for: list[str], location: str
) -> None:
    error = refusal(server.at("/cats.pkl", redirect(location)), tmp_path)
    assert "not followed" in error.message
    assert set(asked_for) <= {"127.0.0.1"}


def test_what_comes_along_with_a_redirect_is_not_read(server: FileServer, tmp_path: Path) -> None:
    def behaviour(handler: Handler) -> None:
        handler.start(302, Location="/cats.pkl")
        while not handler.server.owner.over.is_set():
            handler.send(bytes(65_536))

    server.at("/cats.pkl", Good(DATA))
    address = server.at("/endless", behaviour)
    assert fetch(address, tmp_path, patience=QUICK).path.read_bytes() == DATA


def test_a_redirect_without_a_target_is_no_file(server: FileServer, tmp_path: Path) -> None:
    assert "302" in refusal(server.at("/cats.pkl", status(302)), tmp_path).message


# Sizes


def announcing(length: object, data: bytes = DATA) -> Callable[[Handler], None]:
    def behaviour(handler: Handler) -> None:
        handler.start(200, Content_Length=length, ETag='"one"')
        handler.send(data)

    return behaviour


def endless(handler: Handler) -> None:
    handler.start(200)
    while not handler.server.owner.over.is_set():
        handler.send(bytes(65_536))


def chunked(data: bytes, *, whole: bool) -> Callable[[Handler], None]:
    def behaviour(handler: Handler) -> None:
        handler.start(200, Transfer_Encoding="chunked")
        handler.send(b"%x\r\n%b\r\n" % (len(data), data))
        if whole:
            handler.send(b"0\r\n\r\n")

    return behaviour


@pytest.mark.parametrize("length", [5 * 2**30, 2**63, 10**30])
def test_too_much_is_refused_before_it_comes(
    server: FileServer, tmp_path: Path, length: int
) -> None:
    error = refusal(server.at("/cats.pkl", announcing(length)), tmp_path)
    assert names_in(tmp_path) == [] or length == 10**30
    if length < 10**30:
        assert "announces" in error.message


def test_the_listed_size_binds(server: FileServer, tmp_path: Path) -> None:
    address = server.at("/cats.pkl", Good(DATA))
    for size in (len(DATA) // 2, len(DATA) * 2):
        assert "are expected" in refusal(address, tmp_path, size=size).message
        assert names_in(tmp_path) == []
    for size in (int(len(DATA) / 1.04), int(len(DATA) * 1.04)):
        assert fetch(listed(address, size=size), tmp_path / str(size), patience=QUICK).size == (
            len(DATA)
        )


def test_endless_data_ends(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = server.at("/cats.pkl", endless)
    assert "more than 2.1 MB" in refusal(address, tmp_path, size=2_000_000).message
    assert names_in(tmp_path) == []
    monkeypatch.setattr(answers, "MAX_BYTES", 500_000)
    assert "more than 0.5 MB" in refusal(address, tmp_path).message
    assert names_in(tmp_path) == []


def test_too_little_is_refused(server: FileServer, tmp_path: Path) -> None:
    error = refusal(server.at("/cats.pkl", announcing(len(DATA) + 100)), tmp_path)
    assert "broke" in error.message or "stopped" in error.message
    cut = server.at("/cut.pkl", chunked(DATA, whole=False))
    assert "broke" in refusal(cut, tmp_path / "cut").message
    short = server.at("/short.pkl", chunked(DATA[:1000], whole=True))
    assert "less than" in refusal(short, tmp_path / "short", size=len(DATA)).message


def test_a_size_need_not_be_known(server: FileServer, tmp_path: Path) -> None:
    told = []
    got = fetch(
        server.at("/cats.pkl", chunked(DATA, whole=True)),
        tmp_path,
        progress=lambda *step: told.append(step),
        patience=QUICK,
    )
    assert got.path.read_bytes() == DATA
    assert told[-1] == (len(DATA), None)


def test_a_size_that_hides_the_end_fails_by_its_checksum(
    server: FileServer, tmp_path: Path
) -> None:
    address = server.at("/cats.pkl", announcing(len(DATA) - 7))
    error = refusal(address, tmp_path, sha256=sha256(DATA))
    assert sha256(DATA[:-7]) in error.message


@pytest.mark.parametrize("length", ["many", "-5", "1e5", "١٢"])
def test_a_size_that_is_no_number_is_none(server: FileServer, tmp_path: Path, length: str) -> None:
    def behaviour(handler: Handler) -> None:
        handler.start(200, Content_Length=length.encode().decode("latin-1"))
        handler.send(DATA)

    got = fetch(server.at("/cats.pkl", behaviour), tmp_path, patience=QUICK)
    assert got.path.read_bytes() == DATA


# Something else than the file


PAGE = b"<!DOCTYPE html><html><head><title>Virus scan warning</title></head></html>" + b" " * 9000


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PAGE, "text/html; charset=utf-8"),
        (PAGE, "application/octet-stream"),
        (b"\xef\xbb\xbf\r\n <HTML>Please sign in", "application/octet-stream"),
        (b"<?xml version='1.0'?><Error>AccessDenied</Error>", "application/octet-stream"),
        (b'{"error": "no"}', "application/json"),
        (DATA, "text/html"),
    ],
)
def test_a_web_page_is_no_file(server: FileServer, tmp_path: Path, data: bytes, kind: str) -> None:
    error = refusal(server.at("/cats.pkl", Good(data, kind=kind)), tmp_path, size=None)
    assert "web page instead of the file" in error.message
    assert "https://example.org/cats" in error.hint
    assert names_in(tmp_path) == []


def test_a_packed_file_and_an_empty_one_are_refused(server: FileServer, tmp_path: Path) -> None:
    def packed(handler: Handler) -> None:
        handler.start(200, Content_Length=len(DATA), Content_Encoding="gzip")
        handler.send(DATA)

    assert "gzip" in refusal(server.at("/cats.pkl", packed), tmp_path).message
    assert "empty" in refusal(server.at("/none.pkl", Good(b"")), tmp_path).message
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (404, "does not have this file"),
        (410, "does not have this file"),
        (401, "not give this file to everybody"),
        (403, "not give this file to everybody"),
        (429, "too often"),
        (500, "trouble of its own (500 Internal Server Error)"),
        (503, "503 Service Unavailable"),
        (599, "599"),
        (204, "204 No Content"),
        (304, "304 Not Modified"),
        (416, "416"),
        (418, "418"),
    ],
)
def test_failures_are_told_in_words(
    server: FileServer, tmp_path: Path, code: int, words: str
) -> None:
    error = refusal(server.at("/cats.pkl", status(code)), tmp_path)
    assert words in error.message
    assert "127.0.0.1" in error.message
    assert names_in(tmp_path) == []


def test_a_piece_that_nobody_asked_for_is_refused(server: FileServer, tmp_path: Path) -> None:
    def piece(handler: Handler) -> None:
        handler.start(206, Content_Length=9, Content_Range="bytes 5-13/100")
        handler.send(b"something")

    assert "nobody asked" in refusal(server.at("/cats.pkl", piece), tmp_path).message


@pytest.mark.parametrize("lines", [b"", b"\r\n\r\n", b"SSH-2.0\r\n", b"HTTP/1.1 OK\r\n\r\n"])
def test_who_speaks_no_http_is_told(server: FileServer, tmp_path: Path, lines: bytes) -> None:
    def behaviour(handler: Handler) -> None:
        handler.wfile.write(lines)

    assert "127.0.0.1" in refusal(server.at("/cats.pkl", behaviour), tmp_path).message


def test_a_flood_of_headers_ends(server: FileServer, tmp_path: Path) -> None:
    def behaviour(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not handler.server.owner.over.is_set():
            handler.send(b"X-More: " + b"x" * 1000 + b"\r\n")

    assert "127.0.0.1" in refusal(server.at("/cats.pkl", behaviour), tmp_path).message
