"""Measures over many pictures: locality, baselines, part maps."""
