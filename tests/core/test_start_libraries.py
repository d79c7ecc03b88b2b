"""Missing system libraries: how they are seen, and what is done about them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from starting import system_libraries
from starting.reporting import SetUpError

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="system libraries are Linux's")


def test_what_a_window_needs_depends_on_the_display() -> None:
    x11 = system_libraries.needed({"DISPLAY": ":0"}, for_tests=False)
    wayland = system_libraries.needed({"WAYLAND_DISPLAY": "wayland-0"}, for_tests=False)
    assert x11["libxcb-cursor.so.0"] == "libxcb-cursor0"
    assert x11["libEGL.so.1"] == "libegl1"
    assert "libxcb-cursor.so.0" not in wayland
    assert wayland["libwayland-cursor.so.0"] == "libwayland-cursor0"
    assert system_libraries.needed({}, for_tests=False) == {}, "no window, nothing needed"
    virtual = system_libraries.needed({}, for_tests=True)
    assert virtual == x11 | {"Xvfb": "xvfb"}


@linux_only
def test_presence_is_asked_of_the_system() -> None:
    assert system_libraries.is_present("libc.so.6")
    assert not system_libraries.is_present("libno-such-library.so.9")
    assert system_libraries.is_present("sh")
    assert not system_libraries.is_present("no-such-program")


def test_missing_ones_are_listed_in_order() -> None:
    there = {"liba.so.1", "Xvfb"}
    found = system_libraries.missing(
        ["libc.so.1", "Xvfb", "liba.so.1", "libb.so.2"], there.__contains__
    )
    assert found == ("libc.so.1", "libb.so.2")


def test_debian_and_its_descendants_are_known() -> None:
    assert system_libraries.is_debian('PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n')
    assert system_libraries.is_debian("ID=ubuntu\nID_LIKE=debian\n")
    assert system_libraries.is_debian('ID=linuxmint\nID_LIKE="ubuntu debian"\n')
    assert not system_libraries.is_debian('ID=fedora\nNAME="not debian"\n')
    assert not system_libraries.is_debian("")


class FakeSystem:
    """A Debian that lacks one library until apt-get is run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, uid: int, debian: bool = True) -> None:
        self.ran: list[list[str]] = []
        self.helps = True
        self.status = 0
        self.installed = False
        monkeypatch.setattr(system_libraries, "is_debian", lambda text: debian)
        monkeypatch.setattr(system_libraries, "missing", self.missing)
        monkeypatch.setattr(system_libraries.os, "geteuid", lambda: uid, raising=False)
        monkeypatch.setattr(system_libraries.shutil, "which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(system_libraries.subprocess, "run", self.run)

    def missing(self, wanted):  # type: ignore[no-untyped-def]
        return () if self.installed and self.helps else tuple(wanted)[:1]

    def run(self, command, **options):  # type: ignore[no-untyped-def]
        assert options["env"]["DEBIAN_FRONTEND"] == "noninteractive"
        self.ran.append(list(command))
        self.installed = True
        return subprocess.CompletedProcess(command, self.status, "", "no network")


WANTED = {"libEGL.so.1": "libegl1"}


@linux_only
def test_root_on_debian_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    system = FakeSystem(monkeypatch, uid=0)
    system_libraries.provide(WANTED)
    assert [command[1] for command in system.ran] == ["update", "install"]
    assert system.ran[1][-1] == "libegl1"
    assert "--yes" in system.ran[1]


@linux_only
def test_others_are_told_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    system = FakeSystem(monkeypatch, uid=1000)
    with pytest.raises(SetUpError) as told:
        system_libraries.provide(WANTED)
    assert "libEGL.so.1" in str(told.value)
    assert "sudo apt-get install --yes --no-install-recommends libegl1" in str(told.value)
    assert system.ran == []


@linux_only
def test_other_systems_are_told_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    system = FakeSystem(monkeypatch, uid=0, debian=False)
    with pytest.raises(SetUpError, match=r"libEGL\.so\.1"):
        system_libraries.provide(WANTED)
    assert system.ran == []


@linux_only
def test_an_install_that_fails_or_does_not_help_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    system = FakeSystem(monkeypatch, uid=0)
    system.status = 100
    with pytest.raises(SetUpError, match="no network"):
        system_libraries.provide(WANTED)
    system.status, system.helps = 0, False
    with pytest.raises(SetUpError, match=r"libEGL\.so\.1"):
        system_libraries.provide(WANTED)
