"""From a fresh clone to a running editor, with the standard library alone."""
