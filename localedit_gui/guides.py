"""Jobs that a person is led through, part by part: composing a face, trying a room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

_FACE_PARTS = (
    "skin",
    "hair",
    "brows",
    "eyes",
    "nose",
    "mouth",
    "ears",
    "beard",
    "glasses",
    "hat",
    "neck",
    "clothes",
    "collar",
    "background",
)
_ROOM_PARTS = (
    "wall",
    "floor",
    "ceiling",
    "window",
    "curtains",
    "cover",
    "pillows",
    "sheet",
    "headboard",
    "nightstand",
    "lamp",
    "rug",
    "picture",
)
_ENOUGH = 4  # parts of a job that a catalog must know to be about it


@dataclass(frozen=True)
class Guide:
    """A job.

    Attributes:
        title: what it is called: "Compose a Face".
        sentence: what it is for.
        start: what to do at the first step, where the picture to begin with is chosen.
        step: what to do at a part's step, with ``{part}`` in it.
        end: what to do when all is done.
        parts: the order in which parts are gone through.
    """

    title: str
    sentence: str
    start: str
    step: str
    end: str
    parts: tuple[str, ...]


def guide_for(parts: Sequence[str]) -> Guide:
    """The job that suits a catalog's parts; any catalog has one."""
    for guide in (_face(), _room()):
        known = tuple(part for part in guide.parts if part in parts)
        if len(known) >= _ENOUGH:
            others = tuple(part for part in parts if part not in known)
            return replace(guide, parts=(*known, *others))
    return replace(_any(), parts=tuple(parts))


def _face() -> Guide:
    translate = QCoreApplication.translate
    return Guide(
        translate("Guides", "Compose a Face"),
        translate(
            "Guides",
            "From a description to a picture: begin with a face that comes near, then go from "
            "part to part and take what fits best. Nobody in these pictures exists.",
        ),
        translate("Guides", "Which face comes nearest? Only the whole matters here."),
        translate("Guides", "Which {part} fits best? Each picture is your face with another one."),
        translate("Guides", "Keep the face, or go back to any part by its tab."),
        _FACE_PARTS,
    )


def _room() -> Guide:
    translate = QCoreApplication.translate
    return Guide(
        translate("Guides", "Try a Room"),
        translate(
            "Guides",
            "For a talk in front of the picture: begin with a room, then try walls, fabrics and "
            "furniture of other rooms in it, one after the other.",
        ),
        translate("Guides", "Which room do you begin with? Mind the view point and the window."),
        translate("Guides", "Which {part} shall it be? Each picture is your room with another."),
        translate("Guides", "Keep the room, or go back to any part by its tab."),
        _ROOM_PARTS,
    )


def _any() -> Guide:
    translate = QCoreApplication.translate
    return Guide(
        translate("Guides", "Compose Step by Step"),
        translate(
            "Guides",
            "Begin with a picture, then go from part to part and take what fits best from others.",
        ),
        translate("Guides", "Which picture do you begin with?"),
        translate("Guides", "Which {part} shall it be? Each picture is yours with another one."),
        translate("Guides", "Keep the picture, or go back to any part by its tab."),
        (),
    )
