"""A server on loopback that sends files, well or badly, for the tests of downloads."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from localedit_core.models.exchange import Patience
from localedit_core.models.published_list import PublishedCheckpoint

QUICK = Patience(connect=0.5, stall=0.4)
DATA = np.random.default_rng(1).bytes(300_000)
OTHER = np.random.default_rng(2).bytes(300_000)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def listed(address: str | None, **facts: object) -> PublishedCheckpoint:
    known: dict[str, object] = {
        "name": "Cats",
        "family": "stylegan2",
        "publisher": "Somebody",
        "shows": "Cats",
        "resolution": 256,
        "page": "https://example.org/cats",
        "address": address,
        "file": "cats.pkl",
        "size": None,
        "sha256": None,
        "licence": "CC0",
        "licence_note": "Do what you like.",
    }
    return PublishedCheckpoint(**(known | facts))


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@dataclass
class Request:
    """One request as it came: target, headers by small name, and the body bytes it was sent."""

    path: str
    headers: dict[str, str]
    sent: int = 0


class Handler(BaseHTTPRequestHandler):
    """Hands each request to what the test put at its path."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.request_seen = Request(self.path, headers)
        self.server.owner.requests.append(self.request_seen)
        with contextlib.suppress(OSError):  # the client has had enough
            self.server.owner.paths.get(self.path, not_found)(self)

    def start(self, status: int, **headers: object) -> None:
        """Status line and headers; "_" in a name stands for "-"."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.flush()

    def send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()
        self.request_seen.sent += len(data)

    def hang(self) -> None:
        """Say nothing more until the test is over."""
        self.server.owner.over.wait(20)

    def log_message(self, format: str, *args: object) -> None:
        pass


Behaviour = Callable[[Handler], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: FileServer

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@dataclass
class FileServer:
    """The running server.

    Attributes:
        paths: what to do for each path.
        requests: those that came, in order.
        over: set at the end of the test.
    """

    paths: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def at(self, path: str, behaviour: Behaviour) -> str:
        """Put a behaviour at a path; its address."""
        self.paths[path] = behaviour
        return f"http://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def running_server() -> Iterator[FileServer]:
    files = FileServer()
    server = _Server(("127.0.0.1", 0), Handler)
    server.owner = files
    files.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield files
    finally:
        files.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def not_found(handler: Handler) -> None:
    handler.start(404, Content_Length=0)


def status(code: int, **headers: object) -> Behaviour:
    return lambda handler: handler.start(code, Content_Length=0, **headers)


def redirect(location: str, code: int = 302) -> Behaviour:
    return status(code, Location=location)


@dataclass
class Good:
    """A server as it should be: validators, ranges, If-Range.

    Attributes:
        data: the file.
        tag: its ETag, None for none.
        changed: its Last-Modified, None for none.
        stop_after: close the connection after so many bytes of an answer.
    """

    data: bytes
    tag: str | None = '"one"'
    changed: str | None = None
    stop_after: int | None = None
    kind: str = "application/octet-stream"

    def __call__(self, handler: Handler) -> None:
        headers: dict[str, object] = {"Content_Type": self.kind}
        if self.tag is not None:
            headers["ETag"] = self.tag
        if self.changed is not None:
            headers["Last_Modified"] = self.changed
        asked = handler.request_seen.headers
        body, code = self.data, 200
        same = asked.get("if-range") in (None, self.tag, self.changed)
        if "range" in asked and same:
            begin = int(asked["range"].removeprefix("bytes=").removesuffix("-"))
            if begin >= len(self.data):
                handler.start(416, Content_Length=0, Content_Range=f"bytes */{len(self.data)}")
                return
            body, code = self.data[begin:], 206
            headers["Content_Range"] = f"bytes {begin}-{len(self.data) - 1}/{len(self.data)}"
        handler.start(code, Content_Length=len(body), **headers)
        handler.send(body[: self.stop_after])
