"""The list of well-known published checkpoints that comes with LocalEdit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

import localedit_resources
from localedit_core.bounded import read_bounded
from localedit_core.errors import LocalEditError
from localedit_core.models.addresses import MAX_ADDRESS, checked_address
from localedit_core.models.fields import Fields, parse_json

FORMAT_VERSION = 1
FAMILIES = ("stylegan2", "stylegan", "progan")

_MAX_BYTES = 2**20
_MAX_CHECKPOINTS = 1000
_MAX_TEXT = 300
_RESOLUTIONS = tuple(2**n for n in range(3, 13))
_HINT = "The file is damaged or was changed by hand; install LocalEdit again."


@dataclass(frozen=True)
class PublishedCheckpoint:
    """What is publicly known of a checkpoint. Nothing here is guessed.

    Attributes:
        name: what to call it, different from all others of the list.
        family: "stylegan2", "stylegan" or "progan".
        publisher: who put it up.
        shows: what is in its pictures.
        resolution: side of its pictures in pixels.
        page: where people can read about it and find it, https.
        address: of the file itself, https; None where there is none that stays.
        file: the file's name at its publisher, or None where that is not known.
        size: in bytes, or None where that is not known.
        sha256: of the file, or None where its publisher does not say.
        licence: its name.
        licence_note: what that means, in a sentence.
    """

    name: str
    family: str
    publisher: str
    shows: str
    resolution: int
    page: str
    address: str | None
    file: str | None
    size: int | None
    sha256: str | None
    licence: str
    licence_note: str

    @property
    def how_to_get(self) -> str:
        """What to do by hand, where there is no address or it does not work."""
        what = self.file or "the checkpoint"
        return f"Open {self.page}, download {what} there, then import the file."


def published_list_path() -> Path:
    """The file of the list."""
    return Path(localedit_resources.__file__).parent / "published.json"


def read_published(path: Path | None = None) -> tuple[PublishedCheckpoint, ...]:
    """Read the list, in the order in which it is shown.

    Args:
        path: another file; None stands for ``published_list_path()``.

    Raises:
        LocalEditError: it is missing or damaged; it names the file and what is wrong.
    """
    path = published_list_path() if path is None else path
    return parse_published(read_bounded(path, _MAX_BYTES), str(path))


def parse_published(text: bytes, source: str) -> tuple[PublishedCheckpoint, ...]:
    """Read a list from memory.

    Args:
        text: JSON.
        source: what to call the file in errors.

    Raises:
        LocalEditError: anything in it is missing, unknown, of a wrong type, out of range, or twice.
    """
    document = Fields(parse_json(text, source, _HINT), source, _HINT)
    version = document.whole("format_version", 0, 2**31)
    if version != FORMAT_VERSION:
        raise LocalEditError(
            f"{source} is a list of version {version}, not {FORMAT_VERSION}.",
            "Use the LocalEdit that it came with.",
        )
    entries = document.many("checkpoints", _MAX_CHECKPOINTS)
    document.finish()
    checkpoints = tuple(_checkpoint(Fields(entry, source, _HINT)) for entry in entries)
    for what in ("name", "address"):
        values = [getattr(c, what) for c in checkpoints if getattr(c, what) is not None]
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise LocalEditError(f"{source}: {what} {twice[0]!r:.80} is there twice.", _HINT)
    return checkpoints


def find_published(
    name: str, checkpoints: tuple[PublishedCheckpoint, ...]
) -> PublishedCheckpoint | None:
    """The checkpoint of a name, in large or small letters; None if there is none."""
    wanted = name.strip().casefold()
    return next((c for c in checkpoints if c.name.casefold() == wanted), None)


def _checkpoint(fields: Fields) -> PublishedCheckpoint:
    family = fields.text("family", _MAX_TEXT)
    if family not in FAMILIES:
        raise fields.wrong("family", f"{family!r:.60} is none of {', '.join(FAMILIES)}")
    resolution = fields.whole("resolution", 1, 2**20)
    if resolution not in _RESOLUTIONS:
        raise fields.wrong("resolution", f"{resolution} is no power of two from 8 to 4096")
    checkpoint = PublishedCheckpoint(
        name=fields.text("name", _MAX_TEXT),
        family=family,
        publisher=fields.text("publisher", _MAX_TEXT),
        shows=fields.text("shows", _MAX_TEXT),
        resolution=resolution,
        page=_address(fields, "page"),
        address=None if fields.is_null("address") else _address(fields, "address"),
        file=None if fields.is_null("file") else _file_name(fields, "file"),
        size=None if fields.is_null("size") else fields.whole("size", 1, 4 * 2**30),
        sha256=None if fields.is_null("sha256") else fields.sha256("sha256"),
        licence=fields.text("licence", _MAX_TEXT),
        licence_note=fields.text("licence_note", _MAX_TEXT),
    )
    fields.finish()
    return checkpoint


def _address(fields: Fields, name: str) -> str:
    value = fields.text(name, MAX_ADDRESS)
    try:
        address = checked_address(value)
    except LocalEditError as error:
        raise fields.wrong(name, error.message.rstrip(".")) from error
    if urlsplit(address).scheme != "https":
        raise fields.wrong(name, f"{value!r:.100} does not begin with https://")
    return value


def _file_name(fields: Fields, name: str) -> str:
    value = fields.text(name, _MAX_TEXT)
    plain = PurePosixPath(value).name == value == PureWindowsPath(value).name
    if not plain or not value.isprintable() or value in (".", ".."):
        raise fields.wrong(name, f"{value!r:.60} is no plain file name")
    return value
