"""The workshop's menus and keys as one table."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from localedit_gui.actions import SEPARATOR, ActionSpec


def _tr(text: str) -> str:
    return QCoreApplication.translate("WorkshopActions", text)


def workshop_table() -> tuple[ActionSpec | None, ...]:
    """All actions in the order of the menus; None stands for a separator."""
    spec = ActionSpec
    return (
        spec("start", "catalog", _tr("&Start Clustering"), ("F5",), _tr("Cluster as set")),
        spec(
            "cancel",
            "catalog",
            _tr("&Cancel"),
            ("Ctrl+.",),
            _tr("Give up what runs; what is done stays"),
        ),
        SEPARATOR,
        spec("save", "catalog", _tr("Sa&ve Version"), ("Ctrl+S",), _tr("Put it on the shelf")),
        spec(
            "sheet",
            "catalog",
            _tr("&Export Sheet…"),
            ("Ctrl+E",),
            _tr("Write the samples with their clusters as one PNG"),
        ),
        SEPARATOR,
        spec("close", "catalog", _tr("C&lose"), ("Ctrl+W",), _tr("Close the workshop")),
        spec("undo", "edit", _tr("&Undo"), ("Ctrl+Z",), _tr("Take the last step back")),
        spec(
            "redo",
            "edit",
            _tr("&Redo"),
            ("Ctrl+Shift+Z", "Ctrl+Y"),
            _tr("Do the step again that was taken back"),
        ),
        SEPARATOR,
        spec("name", "edit", _tr("&Name Clusters"), ("N", "F2"), _tr("Type the selection's name")),
        spec(
            "unname",
            "edit",
            _tr("&Leave Unnamed"),
            ("Ctrl+Shift+N",),
            _tr("Take the names of the selected clusters away"),
        ),
        spec(
            "split_2",
            "edit",
            _tr("Split into &2"),
            ("Ctrl+Shift+2",),
            _tr("Split the selected cluster by k-means inside it"),
        ),
        spec("split_3", "edit", _tr("Split into &3"), ("Ctrl+Shift+3",), _tr("The same, into 3")),
        spec("split_4", "edit", _tr("Split into &4"), ("Ctrl+Shift+4",), _tr("The same, into 4")),
        spec(
            "sides",
            "edit",
            _tr("Split Left / Ri&ght"),
            ("Ctrl+Shift+L",),
            _tr("Split it into the left and the right half of the picture"),
        ),
        spec(
            "together",
            "edit",
            _tr("&Accept First Suggestion"),
            ("Ctrl+J",),
            _tr("Make the two clusters suggested first one part"),
        ),
        SEPARATOR,
        spec("deselect", "edit", _tr("Select N&one"), ("Esc",), _tr("Select no cluster")),
        spec(
            "next_sample",
            "view",
            _tr("&Next Sample"),
            ("PgDown",),
            _tr("Show the next sample large"),
        ),
        spec(
            "previous_sample",
            "view",
            _tr("&Previous Sample"),
            ("PgUp",),
            _tr("Show the previous sample large"),
        ),
        SEPARATOR,
        spec("more", "view", _tr("&More Colour"), (".",), _tr("Stronger colours")),
        spec("less", "view", _tr("&Less Colour"), (",",), _tr("Fainter colours")),
        SEPARATOR,
        spec("zoom_in", "view", _tr("Zoom &In"), ("Ctrl++", "Ctrl+="), _tr("Zoom in")),
        spec("zoom_out", "view", _tr("Zoom O&ut"), ("Ctrl+-",), _tr("Zoom out")),
        spec("zoom_fit", "view", _tr("&Fit"), ("Ctrl+0",), _tr("Show the whole sample")),
        spec("step_cluster", "step", _tr("&Cluster"), ("Ctrl+1",), _tr("Choose layer and K")),
        spec("step_name", "step", _tr("&Name"), ("Ctrl+2",), _tr("Say what the clusters are")),
        spec("step_check", "step", _tr("C&heck"), ("Ctrl+3",), _tr("Look at parts, try them")),
        spec("step_save", "step", _tr("&Save"), ("Ctrl+4",), _tr("Save, open, use catalogs")),
    )
