"""Colours of parts, chosen so that colour-blind people can tell them apart as well."""

from __future__ import annotations

from PySide6.QtGui import QColor

# The eight hues recommended by Okabe and Ito (2008) for colour-blind readers, with a grey in the
# place of black, which would vanish on dark pictures.
_HUES = (
    "#E69F00",  # orange
    "#56B4E9",  # sky blue
    "#009E73",  # bluish green
    "#F0E442",  # yellow
    "#0072B2",  # blue
    "#D55E00",  # vermilion
    "#CC79A7",  # reddish purple
    "#B5B5B5",  # grey
)
_SHADES = (100, 165, 60)  # per round through the hues: as it is, darker, lighter (QColor.darker)


def part_colour(index: int) -> QColor:
    """The colour of the part at ``index`` in its catalog; the first 24 are all different."""
    hue = QColor(_HUES[index % len(_HUES)])
    shade = _SHADES[index // len(_HUES) % len(_SHADES)]
    return hue if shade == 100 else QColor(hue.darker(shade).rgb())


def part_colours(count: int) -> tuple[QColor, ...]:
    """The colours of the first ``count`` parts."""
    return tuple(part_colour(index) for index in range(count))
