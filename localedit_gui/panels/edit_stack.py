"""The transfers on the target, the last one on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.edit import Edit
from localedit_core.editing.request import Picture
from localedit_gui.widgets.edit_row import EditRow
from localedit_gui.widgets.icons import IconButton


class EditStack(QWidget):
    """Lists the edits, in the order in which they lie on each other.

    Signals:
        edit_picked(str): this edit's settings are wanted.
        mute_toggled(str): mute the edit, or let it act again.
        solo_toggled(str): let the edit act alone, or no longer.
        copy_wanted(str): put the edit on the clipboard.
        paste_wanted(): take the edit from the clipboard.
        delete_wanted(str): remove the edit.
        move_wanted(str, int): put the edit at this index, counted from the lowest.
        duplicate_wanted(str): copy the edit.

    Rows are dragged to other places. Keys: Up and Down select, Alt+Up and Alt+Down
    move, M mutes, Shift+M solos, Del deletes, Ctrl+D duplicates, Ctrl+C copies, Ctrl+V pastes.
    """

    edit_picked = Signal(str)
    mute_toggled = Signal(str)
    solo_toggled = Signal(str)
    copy_wanted = Signal(str)
    paste_wanted = Signal()
    delete_wanted = Signal(str)
    move_wanted = Signal(str, int)
    duplicate_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: tuple[str, ...] = ()  # lowest first
        self._muted: frozenset[str] = frozenset()
        self._rows: dict[str, EditRow] = {}
        self._selected: str | None = None
        self._conflicts: dict[str, str] = {}

        self.up = IconButton("arrow-up", self.tr("Move the selected edit up (Alt+Up)"), self)
        self.down = IconButton("arrow-down", self.tr("Move the selected edit down (Alt+Down)"))
        self.copy = IconButton("duplicate", self.tr("Duplicate the selected edit (Ctrl+D)"))
        self.up.clicked.connect(lambda: self._move(1))
        self.down.clicked.connect(lambda: self._move(-1))
        self.copy.clicked.connect(lambda: self._send(self.duplicate_wanted))
        bar = QHBoxLayout()
        bar.setSpacing(2)
        bar.addWidget(QLabel(self.tr("Last on top"), self))
        bar.addStretch(1)
        for button in (self.up, self.down, self.copy):
            bar.addWidget(button)

        self._empty = QLabel(self.tr("No edits yet. Click a part, then a reference."), self)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        content = QWidget(self)
        self._list = QVBoxLayout(content)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addWidget(self._empty, 1)
        self._list.addStretch(0)
        self._gap = QFrame(content)  # where a dragged row would go
        self._gap.setAutoFillBackground(True)
        self._gap.setBackgroundRole(QPalette.ColorRole.Highlight)
        self._gap.hide()
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)

        self.explanation = QLabel(self)
        self.explanation.setWordWrap(True)
        self.explanation.setAccessibleName(self.tr("Conflicts of the selected edit"))

        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(2)
        layout.addLayout(bar)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.explanation)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Edits"))
        self._refresh()

    def set_edits(
        self,
        edits: Sequence[Edit],
        thumbnails: Mapping[str, Picture],
        colours: Mapping[str, QColor],
    ) -> None:
        """Show these edits.

        Args:
            edits: lowest first.
            thumbnails: of references, by the edit's id; those that are missing may come later.
            colours: of parts, by name.
        """
        ids = tuple(edit.edit_id for edit in edits)
        for edit_id in set(self._rows) - set(ids):
            row = self._rows.pop(edit_id)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for edit in edits:
            new = self._rows.get(edit.edit_id)
            row = new if new is not None else self._new_row(edit.edit_id)
            colour = colours.get(edit.part, QColor("gray"))
            row.show_edit(edit, thumbnails.get(edit.edit_id), colour)
        if ids != self._ids or self._list.count() != len(ids) + 2:
            for place, edit_id in enumerate(reversed(ids)):
                self._list.insertWidget(place, self._rows[edit_id])
        self._ids = ids
        self._muted = frozenset(edit.edit_id for edit in edits if edit.muted)
        self._refresh()

    def set_selected(self, edit_id: str | None) -> None:
        """Mark the selected edit, without a signal."""
        if edit_id == self._selected:
            return
        self._selected = edit_id
        self._refresh()
        row = self._rows.get(edit_id or "")
        if row is not None:
            self._scroll.ensureWidgetVisible(row, 0, 4)

    def set_conflicts(self, explanations: Mapping[str, str]) -> None:
        """Mark edits that get in each other's way.

        Args:
            explanations: by the edit's id; the first line is shown, the others are in the tip.
        """
        self._conflicts = dict(explanations)
        self._refresh()

    def row(self, edit_id: str) -> EditRow:
        """The row of an edit; KeyError if there is none."""
        return self._rows[edit_id]

    def sizeHint(self) -> QSize:
        """Room for four rows."""
        return QSize(280, 240)

    def _new_row(self, edit_id: str) -> EditRow:
        row = EditRow(self)
        row.pressed.connect(partial(self._press, edit_id))
        row.mute_clicked.connect(partial(self._toggle_mute, edit_id, self.mute_toggled))
        row.solo_clicked.connect(partial(self._toggle_mute, edit_id, self.solo_toggled))
        row.delete_clicked.connect(partial(self.delete_wanted.emit, edit_id))
        row.menu_wanted.connect(partial(self._menu, edit_id))
        row.dragged.connect(self._show_gap)
        row.dropped.connect(partial(self._drop, edit_id))
        self._rows[edit_id] = row
        return row

    def _toggle_mute(self, edit_id: str, signal: SignalInstance) -> None:
        # The eye shows what is so, not what was asked for: the answer is the next set_edits.
        self._rows[edit_id].mute.setChecked(edit_id in self._muted)
        signal.emit(edit_id)

    def _press(self, edit_id: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pick(edit_id)

    def _pick(self, edit_id: str) -> None:
        self.set_selected(edit_id)
        self.edit_picked.emit(edit_id)

    def _position(self) -> int | None:
        """Where the selected edit lies, counted from the lowest."""
        return self._ids.index(self._selected) if self._selected in self._ids else None

    def _refresh(self) -> None:
        for edit_id, row in self._rows.items():
            row.set_selected(edit_id == self._selected)
            row.set_conflict(self._conflicts.get(edit_id, ""))
        explanation = self._conflicts.get(self._selected or "", "")
        self.explanation.setText(explanation.split("\n", 1)[0])  # more would push out the rows
        self.explanation.setToolTip(explanation)
        self.explanation.setVisible(bool(explanation))
        position = self._position()
        self.up.setEnabled(position is not None and position < len(self._ids) - 1)
        self.down.setEnabled(position is not None and position > 0)
        self.copy.setEnabled(position is not None)
        self._empty.setVisible(not self._ids)

    def _send(self, signal: SignalInstance) -> None:
        if self._position() is not None:
            signal.emit(self._selected)

    def _move(self, step: int) -> None:
        position = self._position()
        if position is not None and 0 <= position + step < len(self._ids):
            self.move_wanted.emit(self._selected, position + step)

    def _rows_above(self, at: QPoint) -> int:
        """How many rows have their middle above a point of the screen."""
        return sum(r.mapToGlobal(r.rect().center()).y() < at.y() for r in self._rows.values())

    def _show_gap(self, at: QPoint) -> None:
        above = self._rows_above(at)
        if above < len(self._ids):
            y = self._rows[self._ids[len(self._ids) - 1 - above]].y()
        else:
            y = self._rows[self._ids[0]].geometry().bottom()
        self._gap.setGeometry(4, max(y - 1, 0), self._scroll.viewport().width() - 8, 2)
        self._gap.raise_()
        self._gap.show()

    def _drop(self, edit_id: str, at: QPoint) -> None:
        self._gap.hide()
        present = self._ids.index(edit_id)
        place = len(self._ids) - self._rows_above(at)  # counted from the lowest, with the row
        index = place - 1 if place > present else place
        if index != present:
            self.move_wanted.emit(edit_id, index)

    def _step(self, step: int) -> None:
        """Select the edit above or below."""
        position = self._position()
        if not self._ids:
            return
        place = len(self._ids) - 1 if position is None else position + step
        if 0 <= place < len(self._ids):
            self._pick(self._ids[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        up_or_down = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if key in up_or_down and modifiers == Qt.KeyboardModifier.AltModifier:
            self._move(up_or_down[Qt.Key(key)])
        elif key in up_or_down and not modifiers:
            self._step(up_or_down[Qt.Key(key)])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._send(self.delete_wanted)
        elif key == Qt.Key.Key_M and not modifiers:
            self._send(self.mute_toggled)
        elif key == Qt.Key.Key_M and modifiers == Qt.KeyboardModifier.ShiftModifier:
            self._send(self.solo_toggled)
        elif key == Qt.Key.Key_D and modifiers == Qt.KeyboardModifier.ControlModifier:
            self._send(self.duplicate_wanted)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._send(self.copy_wanted)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _menu(self, edit_id: str, at: QPoint) -> None:
        self._pick(edit_id)
        menu = QMenu(self)
        mute = self.tr("Let act again") if edit_id in self._muted else self.tr("Mute")
        position = self._ids.index(edit_id)
        entries = (
            (mute, lambda: self.mute_toggled.emit(edit_id), True),
            (self.tr("Solo"), lambda: self.solo_toggled.emit(edit_id), len(self._ids) > 1),
            (self.tr("Copy"), lambda: self.copy_wanted.emit(edit_id), True),
            (self.tr("Paste"), self.paste_wanted.emit, True),
            (self.tr("Duplicate"), lambda: self.duplicate_wanted.emit(edit_id), True),
            (self.tr("Move up"), lambda: self._move(1), position < len(self._ids) - 1),
            (self.tr("Move down"), lambda: self._move(-1), position > 0),
            (self.tr("Delete"), lambda: self.delete_wanted.emit(edit_id), True),
        )
        for text, act, enabled in entries:
            action = QAction(text, menu)
            action.setEnabled(enabled)
            action.triggered.connect(act)
            menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)
