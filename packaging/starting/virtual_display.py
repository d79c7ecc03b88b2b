"""An X server without a screen, for the tests that drive a real window."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from starting.reporting import SetUpError

SCREEN = "1600x1000x24"
START_SECONDS = 30.0


@contextmanager
def virtual_display() -> Iterator[str]:
    """Run Xvfb for the length of a ``with`` block; gives its display, for instance ":99".

    The server picks a free number itself and writes it into a pipe once it takes connections, so
    two runs on one machine never meet.

    Raises:
        SetUpError: there is no Xvfb, or it did not start.
    """
    reader, writer = os.pipe()
    try:
        try:
            server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"],
                pass_fds=(writer,),
                stdin=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise SetUpError(f"Xvfb could not be started: {error}") from error
        finally:
            os.close(writer)
        try:
            ready, _, _ = select.select([reader], [], [], START_SECONDS)
            number = os.read(reader, 16).decode().strip() if ready else ""
            if not number:
                raise SetUpError(f"Xvfb gave no display within {START_SECONDS:.0f} s.")
            yield f":{number}"
        finally:
            server.terminate()
            server.wait()
    finally:
        os.close(reader)
