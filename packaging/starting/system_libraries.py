"""Libraries outside Python that Qt's window needs on Linux: which are missing, and getting them.

A wheel cannot carry them, and a bare Debian has few of them. Whether one is there is asked of the
dynamic linker, not of a package manager: that is what Qt will ask, on any distribution.
"""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from starting.reporting import SetUpError, say

# Soname -> Debian's package; what `ldd` shows for Qt's core libraries and its two window plugins.
ANY_WINDOW = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",  # Qt's own QtGui is linked against it, whatever the window system
}
X11_WINDOW = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_WINDOW = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
VIRTUAL_DISPLAY = {"Xvfb": "xvfb"}  # a program, for the end-to-end tests


def has_display(environ: Mapping[str, str]) -> bool:
    """Whether an X11 or Wayland display is named. Other systems than Linux always have one."""
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def needed(environ: Mapping[str, str], *, for_tests: bool) -> dict[str, str]:
    """What opening a window in this session takes: soname or program -> Debian's package."""
    if environ.get("DISPLAY"):
        return ANY_WINDOW | X11_WINDOW
    if environ.get("WAYLAND_DISPLAY"):
        return ANY_WINDOW | WAYLAND_WINDOW
    return ANY_WINDOW | X11_WINDOW | VIRTUAL_DISPLAY if for_tests else {}


def is_loadable(soname: str) -> bool:
    """Whether the dynamic linker finds a library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def is_present(name: str) -> bool:
    """Whether a library (by soname) or a program (by name) is there."""
    return is_loadable(name) if ".so." in name else shutil.which(name) is not None


def missing(wanted: Iterable[str], present: Callable[[str], bool] = is_present) -> tuple[str, ...]:
    """Those of the wanted that are not there, in order."""
    return tuple(name for name in wanted if not present(name))


def is_debian(os_release: str) -> bool:
    """Whether the text of ``/etc/os-release`` tells of Debian or one of its descendants."""
    fields = dict(line.split("=", 1) for line in os_release.splitlines() if "=" in line)
    names = " ".join(fields.get(key, "") for key in ("ID", "ID_LIKE")).replace('"', "")
    return "debian" in names.split()


def apt_commands(packages: Collection[str]) -> list[list[str]]:
    """The commands that install Debian packages."""
    install = ["apt-get", "install", "--yes", "--no-install-recommends"]
    return [["apt-get", "update"], [*install, *sorted(packages)]]


def advice(names: Collection[str], packages: Collection[str], *, debian: bool) -> str:
    """What to tell a person who has to install the missing ones by hand."""
    listed = "Qt's window needs these, and this machine lacks them: " + ", ".join(names)
    if debian:
        lines = [f"    sudo {shlex.join(command)}" for command in apt_commands(packages)]
        return "\n".join([listed, "Install them with:", *lines, "Then run this again."])
    return (
        f"{listed}\nInstall them with your system's package manager, then run this again.\n"
        f"(Debian calls their packages {', '.join(sorted(packages))}.)"
    )


def provide(wanted: Mapping[str, str]) -> None:
    """Make sure that everything wanted is there: install it as root on Debian, else say how.

    Raises:
        SetUpError: something is missing and could not be installed.
    """
    absent = missing(wanted)
    if not absent:
        return
    release = Path("/etc/os-release")
    debian = release.exists() and is_debian(release.read_text(encoding="utf-8"))
    packages = {wanted[name] for name in absent}
    if not (debian and os.geteuid() == 0 and shutil.which("apt-get")):
        raise SetUpError(advice(absent, packages, debian=debian))
    say(f"Installing system libraries: {', '.join(sorted(packages))}")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in apt_commands(packages):
        result = subprocess.run(command, env=quiet, check=False, capture_output=True, text=True)
        if result.returncode != 0:
            said = (result.stderr.strip() or result.stdout.strip())[-2000:]
            raise SetUpError(f"`{shlex.join(command)}` failed:\n{said}")
    still = missing(absent)
    if still:
        raise SetUpError(advice(still, {wanted[name] for name in still}, debian=debian))
