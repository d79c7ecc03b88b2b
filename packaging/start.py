"""Set LocalEdit up in ``.venv``, then open the editor or run the tests.

    python3 packaging/start.py [FILE]                open the editor
    python3 packaging/start.py test [OPTION ...]     run every check and test

This file alone is read by whatever Python the reader has: it keeps to syntax that old ones know, so
that they get the line below and no SyntaxError. Everything else is in ``starting/``.
"""

import sys

MINIMUM = (3, 11)


def main(arguments: "list[str]") -> int:
    """Check the Python, then do what ``arguments`` ask for. Returns the exit status."""
    if sys.version_info[:2] < MINIMUM:
        wanted = "{}.{}".format(*MINIMUM)
        have = "{}.{}".format(*sys.version_info)
        sys.stderr.write(
            f"LocalEdit needs Python {wanted} or newer; {sys.executable} is {have}.\n"
            "Install a newer one, then run it with: python3.11 packaging/start.py\n"
        )
        return 2
    from starting.launcher import launch

    return launch(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
