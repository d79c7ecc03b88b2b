"""Measures of a bundled generator and its catalog against the renderer it was trained on."""
