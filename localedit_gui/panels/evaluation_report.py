"""What an evaluation found: curves, maps, a table, and where the method falls short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.edit import Method
from localedit_gui.evaluation.values import Report, ReportKind
from localedit_gui.widgets.locality_plot import LocalityPlot
from localedit_gui.widgets.pictures import to_image

if TYPE_CHECKING:
    from localedit_core.evaluation.curves import Curve
    from localedit_core.evaluation.locality import LocalityResult
    from localedit_core.evaluation.locality_report import Shortfall

_NONE = "–"
_LINES = 6


class EvaluationReport(QWidget):
    """Shows a report, part by part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._name: Callable[[Method], str] = lambda method: method.value
        self.part = QComboBox(self)
        self.part.setAccessibleName(self.tr("Part shown"))
        self.part.setToolTip(self.tr("Whose curves or map are shown"))
        self.plot = LocalityPlot(self)
        self.map = QLabel(self)
        self.map.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.map.setAccessibleName(self.tr("Heat map"))
        self._empty = QLabel(self.tr("Nothing measured yet."), self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget(self)
        for shown in (self._empty, self.plot, self.map):
            self._stack.addWidget(shown)
        self.table = QTableWidget(self)
        self.table.setAccessibleName(self.tr("Numbers"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().setVisible(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.lines = QPlainTextEdit(self)
        self.lines.setReadOnly(True)
        self.lines.setTabChangesFocus(True)
        self.lines.setFixedHeight(_LINES * self.lines.fontMetrics().lineSpacing() + 12)
        self.lines.setAccessibleName(self.tr("Remarks"))
        self.lines.setToolTip(self.tr("What could not be measured, and where a method falls short"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.part)
        layout.addWidget(self._stack, 3)
        layout.addWidget(self.table, 2)
        layout.addWidget(self.lines)
        self.part.currentIndexChanged.connect(lambda _: self._show())
        self.clear()

    @property
    def report(self) -> Report | None:
        """What is shown."""
        return self._report

    def clear(self) -> None:
        """Show nothing."""
        self._report = None
        self._stack.setCurrentWidget(self._empty)
        self.part.clear()
        self.part.hide()
        self._fill((), ())
        self._say(())

    def set_report(self, report: Report, name: Callable[[Method], str]) -> None:
        """Show a report; ``name`` says what people call a method."""
        self._report, self._name = report, name
        parts = [result.part for result in report.results]
        if report.wish.kind is ReportKind.HEATMAP:
            parts = list(report.wish.parts)
        if [self.part.itemText(row) for row in range(self.part.count())] != parts:
            self.part.blockSignals(True)
            self.part.clear()
            self.part.addItems(parts)
            self.part.blockSignals(False)
        self.part.setVisible(bool(parts))
        self._say([*report.problems, *self._shortfalls(report)])
        self._show()

    # Showing ------------------------------------------------------------------------------

    def _show(self) -> None:
        report, row = self._report, self.part.currentIndex()
        if report is None:
            return
        if report.wish.kind is ReportKind.FRECHET:
            self._show_distances(report)
        elif report.wish.kind is ReportKind.HEATMAP and 0 <= row < len(report.maps):
            self._show_maps(report, row)
        elif 0 <= row < len(report.results):
            self._show_locality(report, row)

    def _say(self, lines: Sequence[str]) -> None:
        text = "\n".join(lines)
        if text != self.lines.toPlainText():  # it would jump to the top again after each pair
            self.lines.setPlainText(text)
        self.lines.setVisible(bool(text))

    def _show_locality(self, report: Report, row: int) -> None:
        from localedit_core.evaluation.curves import COMPARED_AT

        result = report.results[row]
        names = [self._curve_name(curve) for curve in result.curves]
        bands = report.bands[row] if report.bands else ()
        self.plot.set_curves(result.curves, names, bands)
        self._stack.setCurrentWidget(self.plot)
        head = [self.tr("In-MSE"), *names]
        self._fill(head, [self._row(result, share) for share in COMPARED_AT])

    def _row(self, result: LocalityResult, share: float) -> list[str]:
        cells = [f"{share:.2f}"]
        for number, curve in enumerate(result.curves):
            outside = curve.out_at(share)
            if outside is None:
                cells.append(_NONE)
                continue
            text = f"{outside:.4f}"
            ratio = curve.roir_at(share)
            if ratio is not None:
                text += ", " + self.tr("ROIR {ratio:.2f}").format(ratio=ratio)
            interval = result.interval_at(share, number) if self._ended else None
            if interval is not None:  # below, so that three methods fit beside each other
                text += f"\n({interval[0]:.4f} – {interval[1]:.4f})"
            cells.append(text)
        return cells

    @property
    def _ended(self) -> bool:
        return self._report is not None and bool(self._report.bands)

    def _shortfalls(self, report: Report) -> list[str]:
        """Where sequential transfers are not ahead, of all parts: first which, then how."""
        found = list(zip(report.results, report.shortfalls, strict=False))
        behind = [result.part for result, falls in found if falls]
        if not behind:
            return []
        text = self.tr("{method} is not ahead everywhere in {count} of {all} parts: {parts}.")
        first = text.format(
            method=self._name(Method.SEQUENTIAL),
            count=len(behind),
            all=len(found),
            parts=", ".join(behind),
        )
        return [
            first,
            *(self._told(result.part, fall) for result, falls in found for fall in falls),
        ]

    def _told(self, part: str, found: Shortfall) -> str:
        from localedit_core.evaluation.locality_report import Reason

        reasons = {
            Reason.WITHIN_NOISE: self.tr("within noise"),
            Reason.NOT_BY_CHANCE: self.tr("not by chance"),
            Reason.TOO_FEW_PAIRS: self.tr("too few pairs for an interval"),
        }
        said = {
            "part": part,
            "mine": self._curve_name(found.curve),
            "rival": self._curve_name(found.rival),
            "in_mse": f"{found.in_mse:g}",
        }
        if found.ratio is None:
            text = self.tr("{part}: {mine} does not reach In-MSE {in_mse}, {rival} does.")
            return text.format(**said)
        text = self.tr(
            "{part}: {mine} is not below {rival} at In-MSE {in_mse}: {ratio} times its Out-MSE, "
            "{reason}."
        )
        return text.format(**said, ratio=f"{found.ratio:.2f}", reason=reasons[found.reason])

    def _show_maps(self, report: Report, row: int) -> None:
        picture, _ = report.maps[row]
        self.map.setPixmap(QPixmap.fromImage(to_image(picture)))
        self._stack.setCurrentWidget(self.map)
        head = [
            self.tr("Part"),
            self.tr("Mean"),
            self.tr("Largest"),
            self.tr("Inside"),
            self.tr("Outside"),
        ]
        rows = [
            [name, *(f"{v:.6f}" for v in (n.mean, n.largest, n.inside, n.outside))]
            for name, (_, n) in zip(report.wish.parts, report.maps, strict=True)
        ]
        self._fill(head, rows)

    def _show_distances(self, report: Report) -> None:
        self._stack.setCurrentWidget(self._empty)
        self._empty.setText(
            self.tr(
                "Squared Frechet distance of small pictures to independent ones: no FID.\n"
                "What the unedited ones have is chance; few pairs make all of it too high."
            )
        )
        distances = report.distances or {}
        rows = [[name, f"{value:.5f}"] for name, value in distances.items()]
        self._fill([self.tr("Pictures"), self.tr("Distance")], rows)

    def _curve_name(self, curve: Curve) -> str:
        name = self._name(curve.method)
        if not curve.guard:
            return name
        return self.tr("{method}, guard {guard:g}").format(method=name, guard=curve.guard)

    def _fill(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.table.setColumnCount(len(head))
        self.table.setHorizontalHeaderLabels(list(head))
        self.table.setRowCount(len(rows))
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                self.table.setItem(y, x, QTableWidgetItem(text))
        self.table.resizeRowsToContents()
