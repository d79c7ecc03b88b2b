"""``python -m localedit_gui [FILE]``: the editor without the command line around it."""

import sys

from localedit_gui.app import run

sys.exit(run(sys.argv[1] if len(sys.argv) > 1 else None))
