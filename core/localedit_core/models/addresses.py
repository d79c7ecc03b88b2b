"""Which addresses are fetched from, and what a file from there is called."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from localedit_core.errors import LocalEditError
from localedit_core.models.names import file_stem

MAX_ADDRESS = 2000  # characters
_SUFFIX = re.compile(r"\.[a-z0-9]{1,12}")
_NO_ADDRESS = "Give a direct address of a file, beginning with https://."


def checked_address(address: str) -> str:
    """An address that may be fetched from, without a fragment.

    Raises:
        LocalEditError: it is not of the form http(s)://host/..., or it carries a password.
    """
    address = address.strip()
    parts = _split(address)
    if parts.username is not None or parts.password is not None:
        raise LocalEditError(
            f"The address on {parts.hostname} carries a user name or password.",
            "It would be written down; download the file in a browser.",
        )
    return parts._replace(fragment="").geturl()


def redirect_target(address: str, location: str) -> str:
    """Where a server sends us on to, if it may.

    Only https is followed, and http from this machine to itself.

    Args:
        address: what was asked for.
        location: the server's answer, possibly relative.

    Raises:
        LocalEditError: it is anything else.
    """
    origin = _split(address)
    try:
        target = _split(urljoin(address, location))
    except (LocalEditError, ValueError) as error:
        raise LocalEditError(
            f"{origin.hostname} sends on to {location!r:.100}, which is not followed.",
            "Look for another source of the file.",
        ) from error
    at_home = is_loopback(origin.hostname or "") and is_loopback(target.hostname or "")
    if target.scheme != "https" and not at_home:
        raise LocalEditError(
            f"{origin.hostname} sends on to {target.hostname} without encryption, "
            "which is not followed.",
            "Look for another source of the file.",
        )
    return target._replace(fragment="").geturl()


def host_of(address: str) -> str:
    """The host of a checked address, for messages."""
    return urlsplit(address).hostname or address


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def file_name_for(address: str, name: str | None = None) -> str:
    """What a file from an address is called here: the same for the same address only.

    Args:
        address: a checked one.
        name: its file name, where that is known; None takes the address's last part.
    """
    last = PurePosixPath(unquote(urlsplit(address).path)).name if name is None else name
    stem, dot, suffix = last.rpartition(".")
    suffix = f"{dot}{suffix}".lower()
    if not stem or not _SUFFIX.fullmatch(suffix):
        stem, suffix = last, ""
    mark = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{file_stem(stem, 'download')}-{mark}{suffix}"


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises where it is none
        plain = address.isprintable() and not re.search(r'[\s<>"\\^`{|}]', address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and plain
    except ValueError:
        good = False
    if not good or len(address) > MAX_ADDRESS:
        raise LocalEditError(f"{address!r:.100} is no address to fetch from.", _NO_ADDRESS)
    return parts
