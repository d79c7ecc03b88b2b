"""The project's virtual environment: where it is, whether it is up to date, how it is made.

Two small files inside ``.venv`` say how far a set-up got. ``localedit-setup.json`` (the stamp) is
written last and names what was installed; where it fits, nothing is run at all. ``localedit-setup
.unfinished`` stands there while pip works: where it is found, a set-up was cut off in the middle,
nobody knows which packages are whole, and the environment is made anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starting.reporting import SetUpError, say

MINIMUM_PYTHON = (3, 11)
INSTALL_HINT = "Nothing is lost: run the same command again, it goes on from here."


@dataclass(frozen=True)
class Environment:
    """The virtual environment of one checkout.

    Attributes:
        root: folder of pyproject.toml.
        windows: whether the layout is that of Windows.
    """

    root: Path
    windows: bool = os.name == "nt"

    @property
    def folder(self) -> Path:
        """The environment itself."""
        return self.root / ".venv"

    @property
    def scripts(self) -> Path:
        """Where its programs are."""
        return self.folder / ("Scripts" if self.windows else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.program("python")

    @property
    def stamp(self) -> Path:
        """Names what is installed; only there when the set-up came to its end."""
        return self.folder / "localedit-setup.json"

    @property
    def unfinished(self) -> Path:
        """Only there while pip is at work."""
        return self.folder / "localedit-setup.unfinished"

    @property
    def constraints(self) -> Path:
        """The pinned working set."""
        return self.root / "packaging" / "constraints.txt"

    def program(self, name: str) -> Path:
        """The path of a program that the environment holds."""
        return self.scripts / (f"{name}.exe" if self.windows else name)

    def digest(self, python_version: str) -> str:
        """SHA-256 over everything that decides what has to be installed, and where."""
        parts = [str(self.root).encode(), python_version.encode()]
        parts += [p.read_bytes() for p in (self.root / "pyproject.toml", self.constraints)]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def pip_arguments(self, extras: Collection[str], quiet: bool) -> list[str]:
        """The arguments after ``pip`` that install the project and its dependencies."""
        target = str(self.root)
        if extras:
            target += "[" + ",".join(sorted(extras)) + "]"
        options = ["--disable-pip-version-check", "--no-input"] + (["--quiet"] if quiet else [])
        return ["install", *options, "-c", str(self.constraints), "-e", target]


def read_stamp(environment: Environment) -> Mapping[str, object]:
    """What the stamp says; empty where there is none or it cannot be read."""
    try:
        stamp = json.loads(environment.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_ready(environment: Environment, extras: Collection[str], python_version: str) -> bool:
    """Whether everything is installed already. Reads three small files and starts nothing."""
    stamp = read_stamp(environment)
    installed = stamp.get("extras")
    return (
        isinstance(installed, list)
        and set(extras) <= set(installed)
        and stamp.get("python") == python_version
        and stamp.get("digest") == environment.digest(python_version)
        and environment.python.exists()  # False for a link whose Python has gone
        and not environment.unfinished.exists()
    )


def python_of(environment: Environment) -> str | None:
    """Version "3.11" of the environment's Python, or None where it is broken or too old."""
    try:
        answer = subprocess.run(
            [environment.python, "-c", "import sys; print(*sys.version_info[:2], sys.prefix)"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout.split(maxsplit=2)
        version = (int(answer[0]), int(answer[1]))
        prefix = Path(answer[2].strip())
        if version < MINIMUM_PYTHON or not prefix.samefile(environment.folder):
            return None
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    config = environment.folder / "pyvenv.cfg"
    if config_version(config) != f"{version[0]}.{version[1]}":
        return None  # the system's Python was upgraded under it: its packages are out of reach
    return f"{version[0]}.{version[1]}"


def config_version(config: Path) -> str | None:
    """Major and minor version that a ``pyvenv.cfg`` was made with, or None."""
    try:
        lines = config.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    for line in lines:
        key, _, value = line.partition("=")
        if key.strip() in ("version", "version_info"):
            return ".".join(value.strip().split(".")[:2])
    return None


def has_module(name: str) -> bool:
    """Whether this Python could import a module."""
    return importlib.util.find_spec(name) is not None


def make(environment: Environment, available: Callable[[str], bool] = has_module) -> None:
    """Make an empty environment, in place of a broken one, and leave it marked as unfinished.

    Debian ships ``venv`` without ``ensurepip``; there the environment gets no pip of its own and
    the one outside installs into it (``pip --python``).

    Raises:
        SetUpError: there is neither ensurepip nor pip, or the folder cannot be written.
    """
    own_pip = available("ensurepip")
    if not own_pip and not available("pip"):
        raise SetUpError(
            f"{sys.executable} has no pip, so nothing can be installed.\n"
            "On Debian or Ubuntu: sudo apt-get install python3-venv python3-pip"
        )
    say(f"Making {environment.folder}")
    builder = venv.EnvBuilder(clear=True, with_pip=False, symlinks=not environment.windows)
    try:
        builder.create(environment.folder)
        environment.unfinished.touch()
        if own_pip:
            bootstrap = [str(environment.python), "-Im", "ensurepip", "--upgrade", "--default-pip"]
            subprocess.run(bootstrap, check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise SetUpError(f"{environment.folder} could not be made: {error}") from error


def pip_command(environment: Environment, arguments: Sequence[str]) -> list[str]:
    """The command that runs pip on the environment: its own pip, or the one outside."""
    packages = environment.folder / "Lib" if environment.windows else environment.folder / "lib"
    if any(packages.glob("**/site-packages/pip/__main__.py")):
        return [str(environment.python), "-m", "pip", *arguments]
    return [sys.executable, "-m", "pip", "--python", str(environment.python), *arguments]


def set_up(environment: Environment, extras: Collection[str] = ()) -> bool:
    """Bring the environment up to date. Returns False where there was nothing to do.

    Args:
        environment: of this checkout.
        extras: optional dependencies of pyproject.toml that are wanted as well.

    Raises:
        SetUpError: something could not be made or installed.
    """
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if is_ready(environment, extras, running):
        return False
    if environment.unfinished.exists():
        say("The last set-up did not come to its end; starting it over.")
        version = None
    else:
        version = python_of(environment)
        if version is not None and is_ready(environment, extras, version):
            return False  # made by another Python than the one that runs this, and sound
    if version is None:
        make(environment)
        version = running
    install(environment, extras, version)
    return True


def install(environment: Environment, extras: Collection[str], version: str) -> None:
    """Run pip, and write the stamp when it is through."""
    installed = read_stamp(environment).get("extras")
    wanted = set(extras) | set(installed if isinstance(installed, list) else ())
    environment.stamp.unlink(missing_ok=True)
    say("Installing LocalEdit and what it needs (one to three minutes the first time)")
    environment.unfinished.touch()
    arguments = environment.pip_arguments(wanted, quiet=not sys.stdout.isatty())
    try:
        status = subprocess.run(
            pip_command(environment, arguments), cwd=environment.root, check=False
        ).returncode
    except OSError as error:
        raise SetUpError(f"pip could not be started: {error}") from error
    if status != 0:
        # pip puts nothing in place before it has everything, so the environment is still sound.
        environment.unfinished.unlink()
        raise SetUpError(
            f"pip ended with status {status}; its lines above say why.\n{INSTALL_HINT}"
        )
    stamp = {
        "digest": environment.digest(version),
        "extras": sorted(wanted),
        "python": version,
    }
    environment.stamp.write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
    environment.unfinished.unlink()
