"""The window of the catalog workshop: four steps, messages, and what runs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFont, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from localedit_gui.actions import Actions
from localedit_gui.message_bar import MessageBar
from localedit_gui.panels.catalog_workshop_check import CheckPanel
from localedit_gui.panels.catalog_workshop_cluster import ClusterPanel
from localedit_gui.panels.catalog_workshop_name import NamePanel
from localedit_gui.panels.catalog_workshop_save import SavePanel
from localedit_gui.rendering.long_jobs import Running
from localedit_gui.widgets.elided_label import ElidedLabel
from localedit_gui.workshop.actions import workshop_table

CLUSTER, NAME, CHECK, SAVE = range(4)


class CatalogWorkshop(QMainWindow):
    """One page per step; a bar above to go to any that can be gone to.

    Signals:
        close_wanted(): the person wants to close it; ``close_for_good`` does.
        step_wanted(int): go to another step.
        cancel_wanted(): give up what runs.
    """

    close_wanted = Signal()
    step_wanted = Signal(int)
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._may_close = False
        self._hint = ""
        self.setObjectName("workshop")
        self.setWindowTitle(f"{self.tr('Catalog Workshop')}[*]")
        self.setAccessibleName(self.tr("Catalog Workshop"))
        self.cluster = ClusterPanel(self)
        self.naming = NamePanel(self)
        self.check = CheckPanel(self)
        self.saving = SavePanel(self)
        self.messages = MessageBar(self)
        self.subject = ElidedLabel("", self)
        self.subject.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.steps = QButtonGroup(self)
        self.status = ElidedLabel("", self)
        self.progress = QProgressBar(self)
        self.progress.setFixedWidth(180)
        self.progress.setAccessibleName(self.tr("Progress"))
        self.cancel = QPushButton(self.tr("&Cancel"), self)
        tip = self.tr("Give up what runs; what is done stays (Ctrl+.)")
        self.cancel.setToolTip(tip)
        self.cancel.setAccessibleDescription(tip)
        self.go_next = QPushButton(self)
        self.actions_ = Actions(self, workshop_table())
        self._build()
        self._connect()
        self.resize(1240, 760)
        self.set_running(None)
        self.set_step(CLUSTER)

    # What is shown --------------------------------------------------------------------------

    def set_subject(self, text: str) -> None:
        """Say which generator this is about."""
        self.subject.setText(text)
        self.setWindowTitle(f"{self.tr('Catalog Workshop')} – {text}[*]")

    @property
    def step(self) -> int:
        """The step on screen."""
        return self._pages.currentIndex()

    def set_step(self, step: int) -> None:
        """Show another step."""
        self._pages.setCurrentIndex(step)
        self.steps.button(step).setChecked(True)
        texts = (
            self.tr("Next: Name ›"),
            self.tr("Next: Check ›"),
            self.tr("Next: Save ›"),
            self.tr("Close"),
        )
        self.go_next.setText(texts[step])
        self.go_next.setAccessibleName(texts[step].replace("›", "").strip())
        self._show_next()

    def set_possible(self, step: int, possible: bool, why_not: str = "") -> None:
        """Whether a step can be gone to; if not, why."""
        button = self.steps.button(step)
        button.setEnabled(possible)
        button.setToolTip(why_not if not possible else button.statusTip())
        self.actions_[("step_cluster", "step_name", "step_check", "step_save")[step]].setEnabled(
            possible
        )
        self._show_next()

    def set_hint(self, text: str) -> None:
        """Say what to do next, where nothing runs."""
        self._hint = text
        if not self.progress.isVisible():
            self.status.setText(text)

    def set_running(self, running: Running | None) -> None:
        """Show what runs and how far it is; None for nothing."""
        for widget in (self.progress, self.cancel):
            widget.setVisible(running is not None)
        self.actions_["cancel"].setEnabled(running is not None)
        if running is None:
            self.status.setText(self._hint)
            return
        text = running.label[:1].upper() + running.label[1:]
        if running.seconds_left is not None:
            text += f" · {self._time_left(running.seconds_left)}"
        self.status.setText(text)
        share = None if not running.total else round(1000 * running.done / running.total)
        self.progress.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.progress.setValue(share)

    def _time_left(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("{seconds} s left").format(seconds=max(round(seconds), 1))
        return self.tr("{minutes} min left").format(minutes=round(seconds / 60))

    def _show_next(self) -> None:
        step = self.step
        self.go_next.setEnabled(step == SAVE or self.steps.button(step + 1).isEnabled())

    # Closing --------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close only once unsaved names are dealt with."""
        if not self._may_close:
            self.close_wanted.emit()
        event.setAccepted(self._may_close)

    def close_for_good(self) -> None:
        """Close without asking any more."""
        self._may_close = True
        self.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask again from now on."""
        self._may_close = False
        super().showEvent(event)

    # Building -------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Room for pictures."""
        return QSize(1240, 760)

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(2)
        self._pages = QStackedWidget(self)
        steps = (
            (self.tr("1  Cluster"), self.tr("Choose layer and K (Ctrl+1)"), self.cluster),
            (self.tr("2  Name"), self.tr("Say what the clusters are (Ctrl+2)"), self.naming),
            (self.tr("3  Check"), self.tr("Look at the parts, try them (Ctrl+3)"), self.check),
            (self.tr("4  Save"), self.tr("Save, open, use catalogs (Ctrl+4)"), self.saving),
        )
        for number, (text, tip, page) in enumerate(steps):
            if number:
                bar.addWidget(QLabel("›", self))
            button = QToolButton(self)
            button.setText(text)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setToolTip(tip)
            button.setStatusTip(tip)
            button.setAccessibleName(tip)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            font = QFont(button.font())
            font.setBold(True)
            button.setFont(font)
            self.steps.addButton(button, number)
            bar.addWidget(button)
            self._pages.addWidget(page)
        bar.addSpacing(16)
        bar.addWidget(self.subject, 1)
        running = QHBoxLayout()
        running.addWidget(self.status, 1)
        running.addWidget(self.progress)
        running.addWidget(self.cancel)
        running.addSpacing(12)
        running.addWidget(self.go_next)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(10, 6, 10, 8)
        column.addLayout(bar)
        column.addWidget(self.messages)
        column.addWidget(self._pages, 1)
        column.addLayout(running)
        self.setCentralWidget(inside)
        menus = self.menuBar()
        for name, title in (
            ("catalog", self.tr("&Catalog")),
            ("edit", self.tr("&Edit")),
            ("view", self.tr("&View")),
            ("step", self.tr("&Step")),
        ):
            self.actions_.fill(menus.addMenu(title), name)

    def _connect(self) -> None:
        self.steps.idClicked.connect(self._step_clicked)
        self.cancel.clicked.connect(lambda: self.cancel_wanted.emit())
        self.go_next.clicked.connect(self._go_next)
        naming, actions = self.naming, self.actions_
        verbs = {
            "start": self.cluster.start.click,
            "cancel": self.cancel.click,
            "save": self._save,
            "sheet": self.saving.sheet.click,
            "close": self.close,
            "name": naming.edit_name,
            "unname": naming.ask_unname,
            "split_2": lambda: naming.ask_split(2),
            "split_3": lambda: naming.ask_split(3),
            "split_4": lambda: naming.ask_split(4),
            "sides": naming.ask_sides,
            "together": naming.suggestions.accept_first,
            "deselect": self._deselect,
            "next_sample": lambda: naming.samples.step_sample(1),
            "previous_sample": lambda: naming.samples.step_sample(-1),
            "more": lambda: naming.samples.opacity.setValue(naming.samples.opacity.value() + 10),
            "less": lambda: naming.samples.opacity.setValue(naming.samples.opacity.value() - 10),
            "zoom_in": naming.canvas.zoom_in,
            "zoom_out": naming.canvas.zoom_out,
            "zoom_fit": naming.canvas.zoom_fit,
            "step_cluster": lambda: self.step_wanted.emit(CLUSTER),
            "step_name": lambda: self.step_wanted.emit(NAME),
            "step_check": lambda: self.step_wanted.emit(CHECK),
            "step_save": lambda: self.step_wanted.emit(SAVE),
        }
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _=False, verb=verb: verb())

    def _step_clicked(self, step: int) -> None:
        self.steps.button(self.step).setChecked(True)  # until the step is really there
        self.step_wanted.emit(step)

    def _go_next(self) -> None:
        if self.step == SAVE:
            self.close()
        else:
            self.step_wanted.emit(self.step + 1)

    def _save(self) -> None:
        if self.step == SAVE:
            self.saving.save.click()
        elif self.steps.button(SAVE).isEnabled():
            self.step_wanted.emit(SAVE)

    def _deselect(self) -> None:
        self.naming.select(())
        if self.step == NAME:
            self.naming.canvas.setFocus()
