"""Which addresses are fetched from, and what their files are called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from file_server import QUICK

from localedit_core.errors import LocalEditError
from localedit_core.models.addresses import checked_address, file_name_for, redirect_target
from localedit_core.models.download import fetch
from localedit_core.models.exchange import Patience


def test_which_redirects_are_followed() -> None:
    """By the rule: to https, or from this machine to itself."""
    secure, plain = "https://a.example/x", "http://a.example/x"
    assert redirect_target(secure, "https://b.example/y#z") == "https://b.example/y"
    assert redirect_target(plain, secure) == secure
    for origin in (secure, plain):
        for target in (plain, "http://127.0.0.1/x", "http://localhost/x"):
            with pytest.raises(LocalEditError, match="without encryption"):
                redirect_target(origin, target)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "cats.pkl",
        "file:///etc/passwd",
        "ftp://example.org/cats.pkl",
        "https://",
        "https:///cats.pkl",
        "https://[::1/cats.pkl",
        "https://example.org:99999/cats.pkl",
        "https://example.org/two words",
        "https://example.org/line\nbreak",
        "https://example.org/\x00",
        "https://example.org/" + "x" * 3000,
        "https://anna:secret@example.org/cats.pkl",
    ],
)
def test_what_is_no_address_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(LocalEditError) as caught:
        fetch(address, tmp_path / "never")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize(
    "address",
    ["https://exa mple.org/", "https://-/x", "https://..../x", "http://\u2603.invalid/x"],
)
def test_hosts_that_cannot_be_are_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(LocalEditError):
        fetch(address, tmp_path, patience=replace(QUICK, connect=0.3))


def test_an_address_is_kept_without_its_fragment() -> None:
    assert checked_address(" https://a.example/x?y=1#part ") == "https://a.example/x?y=1"


def test_patience_is_never_endless() -> None:
    usual = Patience()
    assert 0 < usual.connect <= 60
    assert 0 < usual.stall <= 120


def test_a_file_is_called_after_its_address() -> None:
    address = "https://a.example/models/Cats%20and%2F%20dogs.PKL?download=1"
    name = file_name_for(address)
    assert name == file_name_for(address)
    assert name.startswith("dogs-")
    assert name.endswith(".pkl")
    assert name != file_name_for(address + "&x")
    assert file_name_for(address, "ffhq.pkl").startswith("ffhq-")


@pytest.mark.parametrize(
    "path", ["", "/", "/..", "/con", "/nul.pkl", "/%00", "/...", "/a.b.c.", "/%F0%9F%90%B1.pt"]
)
def test_any_address_gives_a_name_for_every_system(path: str, tmp_path: Path) -> None:
    name = file_name_for(f"https://a.example{path}")
    assert not set(name) & set('/\\:*?"<>|\0')
    assert not name.startswith(".")
    assert name.partition(".")[0] not in ("con", "nul", "")
    (tmp_path / name).write_bytes(b"")


def test_a_long_name_is_cut(tmp_path: Path) -> None:
    (tmp_path / file_name_for("https://a.example/" + "%E7%8C%AB" * 180 + ".pkl")).write_bytes(b"")
