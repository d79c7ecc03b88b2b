"""One request to a server, made in a thread of its own: giving up need not wait for the network."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType

import requests
import requests.exceptions as failures

from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.models.addresses import host_of, redirect_target

_CHUNK = 16 * 1024  # bytes; small, since a slow server delivers whole ones only
_WAITING = 64  # chunks between the threads
_LOOK = 0.05  # seconds between looks whether it was given up
_REDIRECTS = (301, 302, 303, 307, 308)
_OFFLINE = "Check the connection to the internet, or try again later."


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for, and how far it may send us.

    Attributes:
        connect: seconds until it must have taken up the connection.
        stall: seconds in which at least some 16 KB must come.
        redirects: how many are followed.
    """

    connect: float = 15.0
    stall: float = 30.0
    redirects: int = 5


@dataclass(frozen=True)
class Answer:
    """What a server says before the file's bytes: status, headers, and the address reached."""

    status: int
    headers: Mapping[str, str]
    address: str


class _End:
    """Follows the last chunk."""


class _OneStep(requests.Session):
    """Leaves redirects to us: even when not to follow them, requests reads all that comes along."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: there is nothing to do."""


class Exchange:
    """A GET request; use it as a context manager, leaving gives it up.

    Args:
        address: a checked one.
        headers: sent along.
        patience: see there.
        cancelled: asked about twenty times a second while waiting.

    The methods raise LocalEditError for whatever goes wrong on the way, in plain words, and
    RenderCancelled as soon as ``cancelled`` says yes.
    """

    def __init__(
        self,
        address: str,
        headers: Mapping[str, str],
        patience: Patience,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._address = address
        self._headers = {"Accept-Encoding": "identity", "User-Agent": "LocalEdit", **headers}
        self._patience = patience
        self._cancelled = cancelled
        self._abandoned = threading.Event()
        self._arrived: queue.Queue[object] = queue.Queue(_WAITING)
        # A daemon: a server that says nothing must not keep the program from ending.
        self._thread = threading.Thread(target=self._work, name="download", daemon=True)

    def __enter__(self) -> Exchange:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._abandoned.set()  # the thread closes the connection when it sees this

    def answer(self) -> Answer:
        """Wait for status and headers. To be called first, once."""
        patience = self._patience
        item = self._next(patience.connect + patience.stall)
        assert isinstance(item, Answer)
        return item

    def chunks(self) -> Iterator[bytes]:
        """The bytes as they come, in pieces that are not empty."""
        while isinstance(item := self._next(self._patience.stall), bytes):
            yield item

    def _next(self, seconds: float) -> object:
        deadline = time.monotonic() + seconds
        while True:
            if self._cancelled is not None and self._cancelled():
                raise RenderCancelled
            try:
                item = self._arrived.get(timeout=_LOOK)
                break
            except queue.Empty:
                if time.monotonic() > deadline:
                    raise _silent(self._address, seconds) from None
        if isinstance(item, Exception):
            raise item
        return item

    def _work(self) -> None:
        """Runs in the thread; everything that happens goes through the queue."""
        last: object
        try:
            with _OneStep() as session:
                self._talk(session)
            last = _End()
        except LocalEditError as error:
            last = error
        except Exception as error:
            last = in_words(error, self._address, self._patience)
        self._hand_over(last)

    def _talk(self, session: requests.Session) -> None:
        address = self._address
        for _ in range(self._patience.redirects + 1):
            with session.get(
                address,
                headers=self._headers,
                stream=True,
                allow_redirects=False,  # each step is looked at here
                timeout=(self._patience.connect, self._patience.stall),
            ) as response:
                location = response.headers.get("Location")
                if response.status_code in _REDIRECTS and location:
                    address = redirect_target(address, location)
                    continue
                self._hand_over(Answer(response.status_code, response.headers, address))
                for chunk in response.iter_content(_CHUNK):
                    if chunk and not self._hand_over(chunk):
                        return
                return
        raise LocalEditError(
            f"{host_of(self._address)} sends on more than {self._patience.redirects} times.",
            "Look for another source of the file.",
        )

    def _hand_over(self, item: object) -> bool:
        """Wait for room in the queue; False if the exchange was given up meanwhile."""
        while not self._abandoned.is_set():
            try:
                self._arrived.put(item, timeout=_LOOK)
                return True
            except queue.Full:
                continue
        return False


def in_words(error: Exception, address: str, patience: Patience) -> LocalEditError:
    """What a failure of the network means.

    Args:
        error: what requests raised.
        address: what was asked for.
        patience: with which.
    """
    host = host_of(address)
    causes = list(_causes(error))
    if isinstance(error, failures.ChunkedEncodingError):
        return LocalEditError(
            f"The connection to {host} broke before the file was complete.",
            "Try again: it goes on where it stopped.",
        )
    if isinstance(error, failures.ProxyError):
        reason = "the proxy does not let it through or does not answer"
    elif isinstance(error, failures.SSLError):
        reason = "no secure connection comes about (is its certificate valid?)"
    elif isinstance(error, failures.ConnectTimeout):
        reason = f"no answer within {patience.connect:g} seconds"
    elif any(isinstance(c, TimeoutError) for c in causes):
        return _silent(address, patience.stall)
    elif any(isinstance(c, socket.gaierror) for c in causes):
        reason = "its name cannot be looked up"
    elif any(isinstance(c, ConnectionRefusedError) for c in causes):
        reason = "it refuses the connection"
    elif any(isinstance(c, ConnectionError) for c in causes):
        reason = "the connection broke"
    else:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
    return LocalEditError(f"{host} cannot be reached: {reason}.", _OFFLINE)


def _silent(address: str, seconds: float) -> LocalEditError:
    return LocalEditError(
        f"{host_of(address)} has sent nothing for {seconds:g} seconds.",
        "Try again later: what has come is kept.",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that it carries, since requests wraps urllib3 wraps sockets."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
