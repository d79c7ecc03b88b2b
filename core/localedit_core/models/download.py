"""Fetching a published checkpoint: to the last byte, or not at all, and never more than said."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pooch

from localedit_core.errors import LocalEditError
from localedit_core.models.addresses import checked_address, file_name_for, host_of
from localedit_core.models.answers import SPARE, Size, check_answer, check_beginning, check_size
from localedit_core.models.checksums import Checksums, OnlyOne, Seen
from localedit_core.models.disk import disk_errors, make_folder, megabytes, sha256_of
from localedit_core.models.exchange import Answer, Exchange, Patience
from localedit_core.models.partial import Fit, Origin, PartialFile, part_path, validator_of
from localedit_core.models.published_list import PublishedCheckpoint

_REPORTS_APART = 0.05  # seconds between two calls of ``progress``
_BEGINNING = 512  # bytes that are looked at before any is kept

Progress = Callable[[int, int | None], None]
"""Told (bytes here, bytes in all or None where the server does not say)."""

Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Downloaded:
    """A file that was fetched.

    Attributes:
        path: where it lies.
        sha256: of its bytes.
        size: in bytes.
        address: what was asked for.
    """

    path: Path
    sha256: str
    size: int
    address: str


class ChecksumChangedError(LocalEditError):
    """Another file came from an address than the first time. What came is kept, but not used.

    Attributes:
        address: where it came from.
        before: what came the first time.
        sha256: of what came now.
    """

    def __init__(self, address: str, before: Seen, sha256: str) -> None:
        super().__init__(
            f"{host_of(address)} sends another file than on {before.first_seen}: SHA-256 "
            f"{sha256}, not {before.sha256}.",
            "Ask its publisher why, and accept it only if there is a reason.",
        )
        self.address = address
        self.before = before
        self.sha256 = sha256


def fetch(
    checkpoint: PublishedCheckpoint | str,
    folder: Path,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    accept_changed: bool = False,
    patience: Patience | None = None,
) -> Downloaded:
    """Fetch a file, or take the one that is here from an earlier time.

    What has come is kept when it fails or is given up, and the next call goes on there, if the
    server's file is the same. Proxies are taken from the environment. The first time an address is
    used the SHA-256 of its file is written down, and later ones are compared with it.

    Args:
        checkpoint: one of the list, or an address.
        folder: where to; it is made when needed.
        progress: told how far it is, about twenty times a second.
        cancelled: asked all the time, also while nothing comes.
        accept_changed: take a file that differs from the one that came first, and remember it.
        patience: how long to wait for the server; None for the usual.

    Raises:
        ChecksumChangedError: see there.
        LocalEditError: there is no address, the server cannot be reached, does not have it, sends
            something else, stops, or the disk does not take it; all in plain words.
        RenderCancelled: ``cancelled`` said yes.
    """
    address, target, listed = _destination(checkpoint, folder)
    page = checkpoint.page if isinstance(checkpoint, PublishedCheckpoint) else ""
    size = checkpoint.size if isinstance(checkpoint, PublishedCheckpoint) else None
    make_folder(folder)
    with OnlyOne(target):
        memory = Checksums(folder)
        before = memory.of(address)
        known = listed or (before.sha256 if before is not None else None)
        if known is not None and target.is_file() and sha256_of(target, cancelled) == known:
            return Downloaded(target, known, target.stat().st_size, address)

        def check(sha256: str) -> str:
            """What is wrong with a complete file: "" for nothing. It is kept where this raises."""
            if listed is not None and sha256 != listed:
                return (
                    f"{host_of(address)} sends a file with the SHA-256 {sha256}; "
                    f"that of {target.name} is known to be {listed}."
                )
            if before is not None and sha256 != before.sha256 and not accept_changed:
                raise ChecksumChangedError(address, before, sha256)
            return ""

        download = _Download(target, size, page, check, patience or Patience())
        download.progress, download.cancelled = progress, cancelled
        _retrieve(address, target, download)
        memory.remember(address, download.sha256, download.size)
        return Downloaded(target, download.sha256, download.size, address)


def kept_bytes(checkpoint: PublishedCheckpoint | str, folder: Path) -> int:
    """Bytes of a file that an earlier attempt left in ``folder``. Errors as in ``fetch``."""
    _, target, _ = _destination(checkpoint, folder)
    try:
        return part_path(target).stat().st_size
    except OSError:
        return 0


def discard_kept(checkpoint: PublishedCheckpoint | str, folder: Path) -> None:
    """Remove what an earlier attempt left. Errors as in ``fetch``."""
    address, target, _ = _destination(checkpoint, folder)
    if folder.is_dir():
        with OnlyOne(target), PartialFile(target, address) as part:
            part.discard()


def _destination(
    checkpoint: PublishedCheckpoint | str, folder: Path
) -> tuple[str, Path, str | None]:
    """The address, the file that it becomes, and its listed SHA-256."""
    folder = folder.absolute()
    if isinstance(checkpoint, str):
        address = checked_address(checkpoint)
        return address, folder / file_name_for(address), None
    if checkpoint.address is None:
        raise LocalEditError(f"{checkpoint.name} has no direct address.", checkpoint.how_to_get)
    address = checked_address(checkpoint.address)
    return address, folder / file_name_for(address, checkpoint.file), checkpoint.sha256


def _retrieve(address: str, target: Path, download: _Download) -> None:
    """Have pooch put the file in its place, checked against what was received."""
    # It would say on stderr what the caller's progress says better.
    pooch.get_logger().setLevel("WARNING")
    with disk_errors(target):
        target.unlink(missing_ok=True)  # not the known file, or one that nothing is known of
        pooch.retrieve(
            address, known_hash=None, fname=target.name, path=target.parent, downloader=download
        )


@dataclass
class _Download:
    """What pooch calls to fetch one file; resumes, bounds and checks it.

    Attributes:
        target: the file's place in the end.
        declared: its size by the list, or None.
        page: where people can fetch it themselves, may be empty.
        check: says what is wrong with a complete file of a SHA-256; empty for nothing.
        patience: with the server.
        sha256: of the file, once it is complete.
        size: the same.
    """

    target: Path
    declared: int | None
    page: str
    check: Callable[[str], str]
    patience: Patience
    progress: Progress | None = None
    cancelled: Cancelled | None = None
    sha256: str = field(default="", init=False)
    size: int = field(default=0, init=False)
    _reported: float = field(default=0.0, init=False)

    def __call__(self, url: str, output_file: Any, pooch: Any) -> None:
        """pooch's protocol: fetch ``url`` into ``output_file``, a path beside the target."""
        with PartialFile(self.target, url) as part:
            part.find(self.cancelled)
            if not self._receive(url, part):
                part.discard()
                self._receive(url, part)
            self.size = part.size
            self.sha256 = part.close()
            if problem := self.check(self.sha256):
                part.discard()
                raise LocalEditError(problem, "Do not use it; tell whoever made the list.")
            part.become(Path(output_file))

    def _receive(self, url: str, part: PartialFile) -> bool:
        """Ask once and take what comes. False if the bytes so far are of no use."""
        with Exchange(url, part.headers, self.patience, self.cancelled) as exchange:
            answer = exchange.answer()
            asked = part.origin is not None
            check_answer(answer, url, self.page, partial=asked)
            fit = part.fit(answer)
            if fit is Fit.USELESS:
                if asked:
                    return False
                raise LocalEditError(f"{host_of(url)} sends a piece that nobody asked for.")
            if fit is Fit.COMPLETE:
                return True
            here = part.size if fit is Fit.GOES_ON else 0
            size = check_size(answer, url, self.declared, here)
            if here and part.origin is not None and part.origin.total is not None:
                size = replace(size, total=part.origin.total)  # one answer may be a piece of it
            self._check_room(size, here)
            self._take(exchange, answer, part, size, url, anew=fit is Fit.ANEW)
        return True

    def _take(
        self,
        exchange: Exchange,
        answer: Answer,
        part: PartialFile,
        size: Size,
        url: str,
        *,
        anew: bool,
    ) -> None:
        held = b""
        for chunk in exchange.chunks():
            if anew:  # nothing is written before it is clear that it is no web page
                held += chunk
                if len(held) < _BEGINNING:
                    continue
                self._begin(part, held, answer, size, url)
                anew = False
            else:
                part.append(chunk)
            if part.size > size.most:
                part.discard()
                raise LocalEditError(
                    f"{host_of(url)} sends more than {megabytes(size.most)}.",
                    "It is not the file that it should be; look for another source.",
                )
            self._report(part.size, size.total)
        if anew:
            self._begin(part, held, answer, size, url)
        if size.total is not None and part.size != size.total:
            raise LocalEditError(
                f"{host_of(url)} stopped after {megabytes(part.size)} of {megabytes(size.total)}.",
                "Try again: it goes on where it stopped.",
            )
        if part.size < size.least:
            part.discard()
            raise LocalEditError(
                f"{host_of(url)} sends {megabytes(part.size)}, less than the file's size.",
                "It is not the file that it should be; look for another source.",
            )
        self._report(part.size, size.total, last=True)

    def _begin(self, part: PartialFile, held: bytes, answer: Answer, size: Size, url: str) -> None:
        check_beginning(held, url, self.page)
        part.begin(Origin(url, validator_of(answer.headers), size.total))
        part.append(held)

    def _check_room(self, size: Size, here: int) -> None:
        """Before the first byte: whether the disk can take the rest."""
        needed = (size.total or self.declared or 0) - here + SPARE
        with disk_errors(self.target):
            free = shutil.disk_usage(self.target.parent).free
        if free < needed:
            raise LocalEditError(
                f"{self.target.parent} has {megabytes(free)} free, {megabytes(needed)} are needed.",
                "Free some space.",
            )

    def _report(self, done: int, total: int | None, *, last: bool = False) -> None:
        now = time.monotonic()
        if self.progress is not None and (last or now - self._reported >= _REPORTS_APART):
            self._reported = now
            self.progress(done, total)
