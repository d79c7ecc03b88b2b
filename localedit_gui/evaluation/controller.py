"""Runs evaluations of the open generator beside the editor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from localedit_core.errors import LocalEditError
from localedit_core.evaluation.pairs import FIRST_HELD_OUT_SEED
from localedit_core.generators.devices import Device, Retreat
from localedit_gui.actions import ActionSpec
from localedit_gui.dialogs import Dialogs
from localedit_gui.evaluation.command import catalog_argument, command_line
from localedit_gui.evaluation.jobs import EvaluationJobs, write_report
from localedit_gui.evaluation.values import Report, Wish
from localedit_gui.main_window import MainWindow
from localedit_gui.message_bar import Message
from localedit_gui.models import OpenModel
from localedit_gui.panels.evaluation_window import EvaluationWindow
from localedit_gui.rendering.long_jobs import LongJob, LongJobs, Running
from localedit_gui.rendering.worker import Failure

REST_MS = 400
"""How long nothing is changed before it is estimated how long it takes."""


class EvaluationController(QObject):
    """Measures what the window asks for, on a thread of its own.

    Signals:
        message(Message): something to tell.
    """

    message = Signal(object)
    _retreated = Signal(object)  # comes from the thread of long jobs

    def __init__(
        self,
        window: MainWindow,
        device: Callable[[], Device],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.window = EvaluationWindow(window)
        self.jobs = LongJobs(self)
        self._device = device
        self._work = EvaluationJobs(device, self._retreated.emit)
        self._dialogs: Dialogs | None = None
        self._model: OpenModel | None = None
        self._generation = 0  # of what runs; what belongs to an older one is thrown away
        self._running = False
        self._cancelled = False  # what runs, or waits to
        self._before = 0  # how many pairs were there when it was gone on with
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._estimate)
        translate = QCoreApplication.translate
        spec = ActionSpec(
            "evaluation",
            "view",
            translate("Evaluation", "&Evaluation…"),
            ("Ctrl+M",),
            translate("Evaluation", "Measure how local transfers are on this generator"),
        )
        window.actions_.extend([spec])
        action = window.actions_["evaluation"]
        window.view_menu.addAction(action)
        action.triggered.connect(lambda _=False: self.show())
        action.setEnabled(False)  # until a generator is open
        self._action = action
        self.window.changed.connect(self._changed)
        self.window.start_wanted.connect(self.start)
        self.window.go_on_wanted.connect(self.go_on)
        self.window.cancel_wanted.connect(self.cancel)
        self.window.finished.connect(lambda _: self._closed())
        self.window.copy_wanted.connect(self._copy)
        self.window.export_wanted.connect(self._export)
        self.jobs.changed.connect(self._progressed)
        self._retreated.connect(self._tell_retreat)

    def set_dialogs(self, dialogs: Dialogs) -> None:
        """Say who asks the person."""
        self._dialogs = dialogs

    def set_model(self, model: OpenModel) -> None:
        """Measure this generator from now on; what was measured of another one goes."""
        if self._model is not None and self._model.reference == model.reference:
            self._model = model
            return
        self._give_up()
        self._model = model
        names = [part.name for part in model.parts]
        self.window.set_subject(
            names, model.resolution, FIRST_HELD_OUT_SEED, has_styles=model.has_styles
        )
        self.window.report.clear()
        self._action.setEnabled(bool(names))
        self._changed()

    def show(self) -> None:
        """Bring the window to the front."""
        self.window.show()
        self.window.raise_()
        self._changed()

    def start(self) -> None:
        """Measure what the window asks for."""
        wish = self.window.wish
        if wish is not None and not self._running:
            self.window.report.clear()
            self._measure(wish, None)

    def go_on(self) -> None:
        """Measure the pairs that are missing of what is shown."""
        wish, report = self.window.wish, self.window.report.report
        if wish is not None and report is not None and report.begins(wish) and not self._running:
            self._measure(wish, report)

    def _measure(self, wish: Wish, before: Report | None) -> None:
        model = self._model
        if model is None:
            return
        self._give_up()  # an estimate may run
        generation = self._generation
        self._running, self._cancelled = True, False
        self._before = 0 if before is None else before.done
        self.window.progress.setRange(0, wish.pairs)
        self.window.progress.setValue(self._before)
        self.window.set_running(True)

        def told(report: Report) -> None:
            self.jobs.deliver(lambda: self._take(generation, report))

        def done(value: object) -> None:
            if generation == self._generation:
                if value is not None:
                    self._take(generation, cast(Report, value))
                self._end()

        def failed(_: Exception, failure: Failure) -> None:
            if generation == self._generation:
                self._end()
                self.window.estimate.setText(f"{failure.message} {failure.hint}")

        def work(
            progress: Callable[[int, int | None], None], cancelled: Callable[[], bool]
        ) -> object:
            def report_told(report: Report) -> None:
                # Only what is measured now says how long the rest takes.
                progress(report.done - self._before, wish.pairs - self._before)
                told(report)

            def given_up() -> bool:  # also where it waited in line meanwhile
                return cancelled() or self._cancelled or generation != self._generation

            return self._work.run(model, wish, before, report_told, given_up)

        self.jobs.submit(LongJob(self.tr("measuring"), work, done, failed))

    def cancel(self) -> None:
        """Stop soon; what is measured stays."""
        self._cancelled = True
        self.jobs.cancel()

    def stop(self) -> None:
        """Give up, and wait for the thread."""
        self._generation += 1
        self._timer.stop()
        self.jobs.stop()

    def _closed(self) -> None:
        """Nobody waits any more: what is measured stays, the second copy of the generator goes."""
        self._timer.stop()
        self.cancel()
        self._work.forget()

    # What arrives -------------------------------------------------------------------------

    def _take(self, generation: int, report: Report) -> None:
        if generation == self._generation:
            self.window.report.set_report(report, self.window.method_name)

    def _progressed(self, running: Running | None) -> None:
        if not self._running or running is None or running.total is None:
            return
        done = self._before + running.done
        self.window.progress.setValue(done)
        if running.seconds_left is not None:
            self.window.estimate.setText(
                self.tr("{done} of {all} pairs, {time} left").format(
                    done=done,
                    all=self._before + running.total,
                    time=_spoken(running.seconds_left),
                )
            )

    def _end(self) -> None:
        self._running = False
        self.window.set_running(False)
        report = self.window.report.report
        text = ""
        if report is not None and report.done < report.wish.pairs:
            text = self.tr("Stopped after {done} of {all} pairs.").format(
                done=report.done, all=report.wish.pairs
            )
        self.window.estimate.setText(text)

    def _give_up(self) -> None:
        """Let nothing that runs or waits tell anything any more."""
        self._generation += 1
        self.jobs.cancel()
        if self._running:
            self._end()

    # Estimating ---------------------------------------------------------------------------

    def _changed(self) -> None:
        wish = self.window.wish
        self.window.offer()
        if self._running:
            return
        self.window.estimate.setText(
            "" if wish is not None else self.tr("Tick at least one part, method and guard.")
        )
        if wish is not None and self.window.isVisible():
            self._timer.start()

    def _estimate(self) -> None:
        model, wish = self._model, self.window.wish
        if model is None or wish is None or self._running or not self.window.isVisible():
            return
        self._give_up()  # an older estimate
        generation = self._generation

        def done(value: object) -> None:
            if generation == self._generation and wish == self.window.wish and not self._running:
                self._tell_estimate(wish, cast(float, value))

        def failed(_: Exception, failure: Failure) -> None:
            if generation == self._generation:
                self.window.estimate.setText(f"{failure.message} {failure.hint}")

        self.jobs.submit(
            LongJob(
                self.tr("estimating"),
                lambda _, cancelled: self._work.seconds_per_pair(model, wish, cancelled),
                done,
                failed,
            )
        )

    def _tell_estimate(self, wish: Wish, per_pair: float) -> None:
        report = self.window.report.report
        whole = _spoken(per_pair * wish.pairs)
        if report is None or not report.begins(wish):
            text = self.tr("It takes about {time}.").format(time=whole)
        else:
            rest = _spoken(per_pair * (wish.pairs - report.done))
            text = self.tr("It takes about {time}, to go on {rest}.").format(time=whole, rest=rest)
        self.window.estimate.setText(text)

    # Taking it elsewhere ------------------------------------------------------------------

    def _copy(self) -> None:
        model, wish = self._model, self.window.wish
        if model is None or wish is None:
            return
        try:
            catalog = catalog_argument(model.reference)
        except LocalEditError as error:
            self.message.emit(Message("warning", error.message, error.hint))
            return
        line = command_line(wish, model.reference, self._device().name, catalog)
        QGuiApplication.clipboard().setText(line)

    def _export(self) -> None:
        report = self.window.report.report
        if report is None or self._dialogs is None:
            return
        kind = report.wish.kind
        name = f"{kind.value}-{report.model.name}{kind.suffixes[0]}"
        path = self._dialogs.ask_save_path(kind, Path.home() / name)
        if path is None:
            return

        def done(value: object) -> None:
            text = self.tr("Wrote {file}.").format(file=cast(Path, value).name)
            self.message.emit(Message("info", text))
            self.window.estimate.setText(text)

        def failed(_: Exception, failure: Failure) -> None:
            self.message.emit(Message("warning", failure.message, failure.hint))
            self.window.estimate.setText(f"{failure.message} {failure.hint}")

        self.jobs.submit(
            LongJob(
                self.tr("writing {file}").format(file=path.name),
                lambda *_: write_report(path, report),
                done,
                failed,
            )
        )

    def _tell_retreat(self, retreat: object) -> None:
        self.message.emit(Message("warning", cast(Retreat, retreat).message))


def _spoken(seconds: float) -> str:
    """A length of time as people say it."""
    translate = QCoreApplication.translate
    if seconds < 90:
        return translate("Evaluation", "{n} s").format(n=max(1, round(seconds)))
    if seconds < 5400:
        return translate("Evaluation", "{n} min").format(n=round(seconds / 60))
    return translate("Evaluation", "{n:.1f} h").format(n=seconds / 3600)
