"""``python -m localedit_core``: the same as the ``localedit`` command."""

from __future__ import annotations

import sys

from localedit_core.cli import main

sys.exit(main())
