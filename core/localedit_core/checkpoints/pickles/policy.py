"""Which names a file may mention: a list, classes of other libraries as stand-ins, nothing else.

Python's own library is closed but for the listed names, because no weights need it and every known
attack does. So are the functions of every library that are not listed. A class of another library
(an optimiser, an options object) is let through as a stand-in, because published files carry them;
nothing is ever made of it.
"""

from __future__ import annotations

import sys

from localedit_core.checkpoints.pickles.refusal import Refusal
from localedit_core.checkpoints.pickles.values import Global

# Modules of Python 2, or of other systems than this one.
_OLD_NAMES = """
    __builtin__ copy_reg commands popen2 exceptions os2 nt posix ce riscos cPickle cStringIO
    StringIO UserDict UserList UserString urllib2 httplib imp asyncore smtpd distutils pipes
    telnetlib nntplib cgi crypt spwd nis msilib ossaudiodev audioop uu xdrlib lib2to3
"""
_LIBRARY = frozenset(sys.stdlib_module_names) | frozenset(_OLD_NAMES.split())
_SIMPLE_CLASSES = frozenset(
    {
        ("argparse", "Namespace"),
        ("types", "SimpleNamespace"),
        ("pathlib", "PosixPath"),
        ("pathlib", "WindowsPath"),
        ("pathlib", "PurePosixPath"),
        ("pathlib", "PureWindowsPath"),
        ("pathlib", "Path"),
        ("pathlib._local", "PosixPath"),
        ("pathlib._local", "WindowsPath"),
        ("datetime", "datetime"),
        ("datetime", "date"),
        ("datetime", "timedelta"),
        ("collections", "Counter"),
        ("collections", "deque"),
        ("uuid", "UUID"),
    }
)
HINT = (
    "Nothing in the file was run. A checkpoint needs no such thing: do not trust this copy, "
    "take one from the publisher."
)


def check_name(name: Global) -> None:
    """Refuse a name that no checkpoint needs and that is not listed. Refusal."""
    top = name.module.partition(".")[0]
    if (name.module, name.name) in _SIMPLE_CLASSES:
        return
    # The names of classes begin with a capital letter, in every library that checkpoints mention.
    looks_like_class = name.name.lstrip("_")[:1].isupper() and "." not in name.name
    well_formed = all(piece.isidentifier() for piece in name.module.split("."))
    if top not in _LIBRARY and looks_like_class and well_formed and name.name.isidentifier():
        return
    raise Refusal(f"it asks for {_shown(name)}, which LocalEdit refuses", HINT)


def _shown(name: Global) -> str:
    text = str(name)
    return text if text.isprintable() and len(text) <= 100 else repr(text[:100])
