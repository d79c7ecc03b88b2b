"""Fills the board of alternatives and commits what is taken from it."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from localedit_core.editing.request import Picture
from localedit_core.latents import Latent
from localedit_core.session.state import EditState
from localedit_gui.actions import ActionSpec
from localedit_gui.boards import Board, BoardKind, budgets_board, matrix_board, references_board
from localedit_gui.controller import EditController
from localedit_gui.document import EditDocument
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.panels.board_window import BoardWindow
from localedit_gui.rendering.state_sketches import StateSketches
from localedit_gui.rendering.worker import Failure, RenderWorker
from localedit_gui.sessions import Sessions

_SIDE = 256  # of the pictures, at most: what is exported
_REST_MS = 200  # a slider's drag changes the state many times
_COLUMN = -1  # in place of a row: the picture above a column


class BoardController(QObject):
    """Shows alternatives to the session as a board that fills while work goes on.

    Signals:
        message(Message): something to tell.
    """

    message = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        document: EditDocument,
        controller: EditController,
        sessions: Sessions,
        worker: RenderWorker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.board_window = BoardWindow(window)
        self._window = window
        self._document = document
        self._controller = controller
        self._sessions = sessions
        self._sketches = StateSketches(worker, self)
        self._model: OpenModel | None = None
        self._board: Board | None = None
        self._missing: set[tuple[int, int]] = set()  # pictures that are still to come
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._plan)
        self._add_action()
        board = self.board_window
        board.settings_changed.connect(self._rest.start)
        board.shown_changed.connect(self._rest.start)
        board.cell_taken.connect(self._take)
        board.export_wanted.connect(self.export)
        self._sketches.ready.connect(self._put)
        self._sketches.failed.connect(self._tell)
        document.state_changed.connect(lambda _: self._rest.start())
        window.stack.edit_picked.connect(lambda _: self._rest.start())

    def set_model(self, model: OpenModel) -> None:
        """Show another generator's parts."""
        if model is self._model:
            return
        self._model = model
        self._board = None
        self._sketches.forget()
        self.board_window.set_parts([part.name for part in model.parts])
        self._window.actions_["board"].setEnabled(True)
        self._rest.start()

    def show(self) -> None:
        """Bring the board to the front."""
        self.board_window.show()
        self.board_window.raise_()
        self.board_window.activateWindow()
        self._plan()

    def export(self) -> None:
        """Ask for a file and write the board to it."""
        model, state, board = self._model, self._document.state, self._board
        if model is None or state is None or board is None:
            return
        path = self._sessions.ask_path("board", "-board.png")
        if path is None:
            return
        pictures = self._pictures(board)
        headings = [self.board_window.heading(n) for n in range(len(board.columns))]
        write = partial(_write, path, model, state, board, pictures, headings)
        self._sessions.write_export(path, write)

    def _references(self, state: EditState) -> tuple[Latent, ...]:
        assert self._model is not None
        count, first = self.board_window.count.value(), self.board_window.first.value()
        if first >= 0:
            return tuple(state.picture(seed) for seed in range(first, first + count))
        seeds = islice(self._model.offered_seeds(state), count)
        return tuple(state.picture(seed) for seed in seeds)

    def _planned(self, state: EditState) -> Board | str:
        """The board to show, or why there is none."""
        window, kind = self.board_window, self.board_window.board_kind()
        if kind is BoardKind.MATRIX:
            parts = window.chosen_parts()
            if not parts:
                return self.tr("Choose at least one part.")
            settings = self._controller.first_settings
            return matrix_board(state, parts, self._references(state), settings)
        edit_id = self._controller.selected_edit
        if edit_id is None:
            return self.tr("Select an edit in the stack first: this board varies it.")
        if kind is BoardKind.BUDGETS:
            return budgets_board(state, edit_id)
        return references_board(state, edit_id, self._references(state))

    def _plan(self) -> None:
        state, model, window = self._document.state, self._model, self.board_window
        matrix = window.board_kind() is BoardKind.MATRIX
        window.parts.setEnabled(matrix)
        for widget in (window.count, window.first):
            widget.setEnabled(window.board_kind() is not BoardKind.BUDGETS)
        if state is None or model is None or not window.isVisible():
            self._sketches.forget()
            self._board = None
            return
        if state.model != model.reference:
            return  # another generator is about to be shown
        planned = self._planned(state)
        if isinstance(planned, str):
            self._board = None
            self._sketches.forget()
            window.show_note(planned)
            return
        self._board = planned
        window.show_board(planned)
        wanted: list[tuple[tuple[int, int], EditState]] = [
            ((_COLUMN, column), above) for column, above in enumerate(planned.column_states)
        ]
        wanted += [
            ((row, column), cell.state)
            for row, line in enumerate(planned.cells)
            for column, cell in enumerate(line)
        ]
        self._missing = {name for name, _ in wanted}
        self._sketches.ask(model, wanted, min(_SIDE, model.resolution))

    def _put(self, name: object, picture: Picture) -> None:
        row, column = place = cast("tuple[int, int]", name)
        if row == _COLUMN:
            self.board_window.show_heading(column, picture)
        else:
            self.board_window.show_picture(row, column, picture)
        self._missing.discard(place)
        self.board_window.export.setEnabled(not self._missing)

    def _pictures(self, board: Board) -> list[list[Picture | None]]:
        show = self.board_window.picture
        return [[show(r, c) for c in range(len(line))] for r, line in enumerate(board.cells)]

    def _take(self, row: int, column: int) -> None:
        board, state = self._board, self._document.state
        if board is None or state is None:
            return
        cell = board.cells[row][column]
        if self._rest.isActive():
            return  # the board is of a state that is no more
        self._document.end_drag()
        self._document.edit(cell.text, cell.state)
        self._controller.select_edit(cell.edit_id)

    def _tell(self, failure: Failure) -> None:
        self.message.emit(Message("error", failure.message, failure.hint))

    def _add_action(self) -> None:
        spec = ActionSpec(
            "board",
            "view",
            QCoreApplication.translate("Boards", "&Board of Alternatives…"),
            ("Ctrl+B",),
            QCoreApplication.translate(
                "Boards", "Every part of every reference, or one edit's budgets and references"
            ),
        )
        window = self._window
        window.actions_.extend([spec])
        action = window.actions_["board"]
        action.setEnabled(False)
        window.view_menu.insertAction(window.view_menu.actions()[0], action)
        action.triggered.connect(lambda _=False: self.show())


def _write(
    path: Path,
    model: OpenModel,
    state: EditState,
    board: Board,
    pictures: list[list[Picture | None]],
    headings: list[Picture | None],
) -> Path:
    from localedit_core.session.storage import session_bytes
    from localedit_core.sheets.contact_sheet import check_sheet_path, contact_sheet, write_sheet
    from localedit_gui.core_jobs import latent_values

    check_sheet_path(path)
    captions = [[cell.caption for cell in line] for line in board.cells]
    if board.rows:
        sheet = contact_sheet(
            [headings, *pictures], ["", *board.rows], board.columns, (), board.title
        )
    else:
        sheet = contact_sheet(pictures, captions=captions, title=board.title)
    write_sheet(path, sheet, session_bytes(state, latent_values(model, state)))
    return path
