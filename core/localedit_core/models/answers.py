"""Whether a server's answer can be the file that was asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from localedit_core.errors import LocalEditError
from localedit_core.models.addresses import host_of
from localedit_core.models.disk import megabytes
from localedit_core.models.exchange import Answer

MAX_BYTES = 4 * 2**30
TOLERANCE = 0.05  # of a listed size
SPARE = 64 * 2**20  # bytes that a download leaves free on the disk

_PAGE = re.compile(rb"\s*<(!doctype|!--|html|head|body|title|script|meta|\?xml)", re.IGNORECASE)
_TEXTS = ("text/html", "application/xhtml+xml", "application/json")


@dataclass(frozen=True)
class Size:
    """How large a file may be: its bytes by the server, or None, and the bounds."""

    total: int | None
    least: int
    most: int


def check_answer(answer: Answer, address: str, page: str, *, partial: bool) -> None:
    """Refuse an answer that is no file.

    Args:
        answer: the server's.
        address: what was asked for.
        page: where people can fetch the file themselves, may be empty.
        partial: whether the rest of a file was asked for.

    Raises:
        LocalEditError: a failure, in words; a web page; a compressed answer.
    """
    host = host_of(address)
    fine = (200, 206, 416) if partial else (200, 206)
    if answer.status not in fine:
        raise _failure(answer.status, host, page)
    if answer.status == 416:
        return
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in _TEXTS:
        raise _no_file(host, page)
    coding = answer.headers.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity"):
        raise LocalEditError(
            f"{host} sends the file packed as {coding!r:.30}, which was not asked for.",
            _elsewhere(page),
        )


def check_beginning(data: bytes, address: str, page: str) -> None:
    """Refuse a file that begins like a web page, or is empty, whatever the server calls it."""
    if not data:
        raise LocalEditError(f"{host_of(address)} sends an empty file.", _elsewhere(page))
    if _PAGE.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise _no_file(host_of(address), page)


def check_size(answer: Answer, address: str, declared: int | None, here: int) -> Size:
    """How large the file will be.

    Args:
        answer: the whole file's (200), or its rest's (206).
        address: what was asked for.
        declared: its size by the list, or None.
        here: bytes that are here already, which the answer goes on from.

    Raises:
        LocalEditError: the server says that it is larger than may be, or no size of the list's.
    """
    most, least = MAX_BYTES, 1
    if declared is not None:
        most = min(most, int(declared * (1 + TOLERANCE)))
        least = int(declared * (1 - TOLERANCE))
    said = answer.headers.get("Content-Length", "").strip()
    length = int(said) if said.isascii() and said.isdigit() and len(said) < 20 else None
    total = None if length is None else here + length
    if total is not None and total > most:
        expected = f"{megabytes(declared)} are expected" if declared else "the most that is taken"
        raise LocalEditError(
            f"{host_of(address)} announces {megabytes(total)}; {expected}"
            f"{'' if declared else f' is {megabytes(most)}'}.",
            "It is not the file that it should be; look for another source.",
        )
    if total is not None and total < least and declared is not None:
        raise LocalEditError(
            f"{host_of(address)} announces {megabytes(total)}; {megabytes(declared)} are expected.",
            "It is not the file that it should be; look for another source.",
        )
    return Size(total, least, most)


def _failure(status: int, host: str, page: str) -> LocalEditError:
    if status in (404, 410):
        return LocalEditError(f"{host} does not have this file (any more).", _elsewhere(page))
    if status in (401, 402, 403, 407, 451):
        return LocalEditError(f"{host} does not give this file to everybody.", _elsewhere(page))
    if status == 429:
        return LocalEditError(f"{host} has been asked too often.", "Try again later.")
    if status >= 500:
        return LocalEditError(
            f"{host} has trouble of its own ({_phrase(status)}).", "Try again later."
        )
    return LocalEditError(
        f"{host} answers {_phrase(status)} instead of the file.", _elsewhere(page)
    )


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _no_file(host: str, page: str) -> LocalEditError:
    return LocalEditError(f"{host} sends a web page instead of the file.", _elsewhere(page))


def _elsewhere(page: str) -> str:
    if page:
        return f"Open {page}, download the file there, then import it."
    return "Download the file in a browser, then import it."
