"""How far the selected edit goes, and what that changes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from localedit_core.editing.edit import (
    BLEND_SIDES,
    EPSILON_MAX,
    LAMBDA_MAX,
    Edit,
    EpsilonUnit,
    Method,
    QuerySettings,
)
from localedit_core.editing.request import Measures
from localedit_gui.widgets.auto_budget import AutoBudget
from localedit_gui.widgets.elided_label import ElidedLabel
from localedit_gui.widgets.icons import IconButton
from localedit_gui.widgets.measures_view import MeasuresView
from localedit_gui.widgets.method_box import MethodBox
from localedit_gui.widgets.trade_off_plot import TradeOffPlot
from localedit_gui.widgets.value_slider import ValueSlider

_BUDGETED = (Method.SEQUENTIAL, Method.AUTHORS)


class BudgetPanel(QWidget):
    """Controls of the selected edit, and the numbers that they move.

    Signals:
        settings_changing(str, QuerySettings, float): edit id, settings and strength while a slider
            is dragged or stepped.
        settings_changed(str, QuerySettings, float): the same once the person is done with it.
        auto_wanted(str, float): edit id, and the limit on the change outside to find a budget for.
        edit_shown(Edit | None): whose settings are shown, whenever that or they have changed.

    Showing another edit from code sends nothing, except that steps of the old edit that have not
    come to rest are sent as changed first.
    """

    settings_changing = Signal(str, object, float)
    settings_changed = Signal(str, object, float)
    auto_wanted = Signal(str, float)
    edit_shown = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit: Edit | None = None
        default = QuerySettings()
        self._settings, self._strength = default, 1.0
        self._box_labels: list[QLabel] = []

        self.title = ElidedLabel(parent=self)
        self.method = MethodBox(self)
        self._set_up(
            self.method, self.tr("Method"), self.tr("How the part gets from the reference here.")
        )
        self.strength = self._slider(
            self.tr("Strength"), 1.0, self.tr("How far the part goes to the reference.")
        )
        self.epsilon = ValueSlider(
            self.tr("Budget ε"),
            0.0,
            EPSILON_MAX,
            default.epsilon,
            decimals=1,
            step=1.0,
            power=2.0,
            tooltip=self.tr(
                "How much effect outside the part the edit may have, per layer. "
                "More budget changes the part more, and the rest too."
            ),
        )
        lam = self.tr("How strongly channels follow the reference.")
        self.lam = ValueSlider(
            self.tr("Lambda λ"), 0.0, LAMBDA_MAX, default.lam, step=0.1, power=3.0, tooltip=lam
        )
        self.lam_global = self._slider(self.tr("Lambda λ"), 1.0, lam)
        self.floor = ValueSlider(
            self.tr("Relevance floor"),
            0.0,
            1.0,
            default.floor,
            step=0.01,
            tooltip=self.tr("Channels that belong to the part by less than this share never move."),
        )
        self.guard = self._slider(
            self.tr("Spatial guard"),
            default.guard,
            self.tr(
                "Keeps the edit where its part is. At 0 channels act on the whole picture, as in "
                "the paper; at 1 the rest stays as it was."
            ),
        )
        self.bands = {
            "coarse": self._slider(
                self.tr("Coarse"), 1.0, self.tr("Layers of 4 and 8 px: layout and pose.")
            ),
            "middle": self._slider(self.tr("Middle"), 1.0, self.tr("16 and 32 px: shape.")),
            "fine": self._slider(
                self.tr("Fine"), 1.0, self.tr("64 px and up: colour and texture.")
            ),
        }
        self.colour_layers = QCheckBox(self.tr("Colour layers"), self)
        self.colour_layers.setToolTip(
            self.tr("Whether the layers that make colours of features (toRGB) take part.")
        )
        self.colour_layers.setAccessibleName(self.tr("Colour layers"))
        self.unit = self._unit_box()
        self.blend_to = self._blend_box()
        self.advanced = IconButton("expand", self.tr("Advanced"), self, name_on="collapse")
        self.auto = AutoBudget(self)
        self.trade_off = TradeOffPlot(self)
        self.trade_off.setFixedHeight(150)
        self.measures = MeasuresView(self, self.trade_off)
        self._build()
        self._connect()
        self.set_edit(None)

    # Values in -----------------------------------------------------------------------------

    def set_edit(self, edit: Edit | None) -> None:
        """Show an edit's settings; None where none is selected."""
        old = self._edit
        if edit is None or old is None or edit.edit_id != old.edit_id:
            self.commit_pending()
        self._edit = edit
        self._controls.setEnabled(edit is not None)
        self._hint.setVisible(edit is None)
        self.title.setVisible(edit is not None)
        if edit is not None:
            self._settings, self._strength = edit.settings, edit.strength
            self.title.setText(
                self.tr("{part} from {seed}").format(part=edit.part, seed=edit.reference.label)
            )
        self._show()
        self.edit_shown.emit(edit)

    def set_has_styles(self, has_styles: bool) -> None:
        """Offer what moves styles, or say in place why not."""
        self.method.set_has_styles(has_styles)
        self._no_styles.setVisible(not has_styles)

    def set_measures(self, measures: Measures | None) -> None:
        """Show the numbers of the picture, None where there are none."""
        self.measures.show_measures(measures)

    def commit_pending(self) -> None:
        """Send steps that have not come to rest yet as changed now."""
        for slider in self._sliders():
            slider.commit()

    def sizeHint(self) -> QSize:
        """Room for the controls without scrolling."""
        return QSize(300, 520)

    # Building ------------------------------------------------------------------------------

    def _slider(self, name: str, default: float, tooltip: str) -> ValueSlider:
        return ValueSlider(name, 0.0, 1.0, default, tooltip=tooltip)

    def _first_sliders(self) -> tuple[ValueSlider, ...]:
        return (self.epsilon, self.lam, self.lam_global, self.floor, self.strength, self.guard)

    def _sliders(self) -> tuple[ValueSlider, ...]:
        return (*self._first_sliders(), *self.bands.values())

    def _unit_box(self) -> QComboBox:
        tooltip = self.tr(
            "What the budget counts: scaled to each layer's width, or the same for every layer "
            "as in the published code."
        )
        box = QComboBox(self)
        self._set_up(box, self.tr("Budget unit"), tooltip)
        box.addItem(self.tr("Per 512 channels"), EpsilonUnit.PER_512)
        box.addItem(self.tr("Absolute, per layer"), EpsilonUnit.ABSOLUTE)
        return box

    def _blend_box(self) -> QComboBox:
        tooltip = self.tr(
            "Up to which resolution features come from the reference. More brings finer detail "
            "over, and harder edges."
        )
        box = QComboBox(self)
        self._set_up(box, self.tr("Blend up to"), tooltip)
        for side in BLEND_SIDES:
            box.addItem(self.tr("{side} px").format(side=side), side)
        return box

    def _set_up(self, box: QComboBox, name: str, tooltip: str) -> None:
        box.setAccessibleName(name)
        box.setToolTip(tooltip)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.installEventFilter(self)

    def _build(self) -> None:
        bold = self.title.font()
        bold.setBold(True)
        self.title.setFont(bold)
        self._hint = QLabel(self.tr("Pick a part, then a reference."), self)
        self._hint.setWordWrap(True)
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)

        self._no_styles = QLabel(
            self.tr(
                "This generator has no styles: there are no channels that could be moved one by "
                "one. Blending copies the part's features or pixels instead."
            ),
            self,
        )
        self._no_styles.setWordWrap(True)
        self._no_styles.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._no_styles.hide()

        self._controls = QWidget(self)
        form = QVBoxLayout(self._controls)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(4)
        form.addLayout(self._row(self.tr("Method"), self.method))
        form.addWidget(self._no_styles)
        self._blending = self._boxed(self._row(self.tr("Blend up to"), self.blend_to))
        form.addWidget(self._blending)
        for slider in self._first_sliders():
            form.addWidget(slider)
        form.addWidget(self.auto)
        layers = QVBoxLayout()
        layers.setContentsMargins(0, 6, 0, 0)
        layers.setSpacing(4)
        heading = QLabel(self.tr("Layers"), self)
        heading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layers.addWidget(heading)
        for slider in self.bands.values():
            layers.addWidget(slider)
        layers.addWidget(self.colour_layers)
        self._layers = self._boxed(layers)
        form.addWidget(self._layers)
        self.advanced.setText(self.tr("Advanced"))
        self.advanced.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        form.addWidget(self.advanced)
        self._fold = self._boxed(self._row(self.tr("Budget unit"), self.unit))
        self._fold.hide()
        form.addWidget(self._fold)
        names = [slider.label for slider in self._sliders()] + list(self._box_labels)
        width = max(name.sizeHint().width() for name in names)
        for name in names:
            name.setMinimumWidth(width)
        width = max(slider.spin.sizeHint().width() for slider in self._sliders())
        for slider in self._sliders():
            slider.spin.setFixedWidth(width)

        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setForegroundRole(QPalette.ColorRole.Mid)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 6, 8, 6)
        for widget in (self.title, self._hint, self._controls, line, self.measures):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _row(self, name: str, box: QComboBox) -> QHBoxLayout:
        label = QLabel(name, self)
        label.setBuddy(box)
        label.setToolTip(box.toolTip())
        self._box_labels.append(label)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(box, 1)
        return row

    def _boxed(self, layout: QLayout) -> QWidget:
        """Controls that are shown and hidden together."""
        holder = QWidget(self._controls)
        holder.setLayout(layout)
        return holder

    # Signals out ---------------------------------------------------------------------------

    def _connect(self) -> None:
        fields = {
            self.epsilon: "epsilon",
            self.lam: "lam",
            self.lam_global: "lam",
            self.floor: "floor",
            self.guard: "guard",
        }
        for slider, field in fields.items():
            slider.changing.connect(partial(self._set_field, field))
        for band, slider in self.bands.items():
            slider.changing.connect(partial(self._set_band, band))
        self.strength.changing.connect(self._set_strength)
        for slider in self._sliders():
            slider.changing.connect(lambda _value: self._send(self.settings_changing))
            slider.changed.connect(lambda _value: self._send(self.settings_changed))
        self.method.activated.connect(lambda _row: self._choose("method", self.method))
        self.unit.activated.connect(lambda _row: self._choose("unit", self.unit))
        self.blend_to.activated.connect(lambda _row: self._choose("blend_to", self.blend_to))
        self.colour_layers.clicked.connect(self._set_colour_layers)
        self.advanced.toggled.connect(self._fold.setVisible)
        self.auto.wanted.connect(self._find_budget)

    def _set_field(self, field: str, value: Any) -> None:
        self._settings = replace(self._settings, **{field: value})

    def _set_band(self, band: str, value: float) -> None:
        self._set_field("bands", replace(self._settings.bands, **{band: value}))

    def _set_strength(self, value: float) -> None:
        self._strength = value

    def _choose(self, field: str, box: QComboBox) -> None:
        if box.currentData() != getattr(self._settings, field):
            self.commit_pending()
            self._set_field(field, type(getattr(self._settings, field))(box.currentData()))
            self._show_method()
            self._send(self.settings_changed)

    def _set_colour_layers(self, checked: bool) -> None:
        self.commit_pending()
        self._set_field("colour_layers", checked)
        self._send(self.settings_changed)

    def _find_budget(self, limit: float) -> None:
        if self._edit is not None:
            self.commit_pending()
            self.auto_wanted.emit(self._edit.edit_id, limit)

    def _send(self, signal: Any) -> None:
        if self._edit is not None:
            signal.emit(self._edit.edit_id, self._settings, self._strength)

    def _show(self) -> None:
        settings = self._settings
        self.strength.set_value(self._strength)
        self.epsilon.set_value(settings.epsilon)
        self.lam.set_value(settings.lam)
        self.lam_global.set_value(settings.lam)
        self.floor.set_value(settings.floor)
        self.guard.set_value(settings.guard)
        for band, slider in self.bands.items():
            slider.set_value(getattr(settings.bands, band))
        with QSignalBlocker(self.colour_layers):
            self.colour_layers.setChecked(settings.colour_layers)
        self.unit.setCurrentIndex(self.unit.findData(settings.unit))
        self.blend_to.setCurrentIndex(self.blend_to.findData(settings.blend_to))
        self._show_method()

    def _show_method(self) -> None:
        """Show the controls that mean something for the method."""
        method = self._settings.method
        self.epsilon.setVisible(method in _BUDGETED)
        self.floor.setVisible(method in _BUDGETED)
        self.unit.setEnabled(method in _BUDGETED)
        self._blending.setVisible(method is Method.FEATURE_BLENDING)
        for widget in (self._layers, self.advanced, self.guard):
            widget.setVisible(method.moves_styles)
        self._fold.setVisible(self.advanced.isChecked() and method.moves_styles)
        self.lam.setVisible(method is Method.SIMULTANEOUS)
        self.lam_global.setVisible(method is Method.GLOBAL)
        self.method.show_method(method)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the wheel from boxes out of focus: scrolling the panel must not change them."""
        if (
            isinstance(watched, QComboBox)
            and event.type() == QEvent.Type.Wheel
            and not watched.hasFocus()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)
