"""One section of the form: a heading, a row per setting, and the advanced settings folded under "More"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from rnnstudio.core.schema import Field
from rnnstudio.gui.fields import FieldInput


class FormSection(QWidget):
    """The settings of the data, the model or the training.

    Args:
        title: The heading.
        fields: The settings, in their order.
        values: Their values by flat name.
        label_width: Width of all labels, in pixels.
        expanded: Whether the advanced settings are visible at first.
    """

    changed = Signal(str)  # flat name of the setting that the user has changed
    toggled = Signal(bool)  # whether the advanced settings are visible now

    def __init__(
        self, title: str, fields: Sequence[Field], values: Mapping[str, Any], label_width: int, *, expanded: bool
    ) -> None:
        super().__init__()
        self.inputs: dict[str, FieldInput] = {}
        self._values, self._label_width = values, label_width
        self._more = QToolButton()
        self._advanced = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(QLabel(f"<b>{title}</b>"))
        column.addLayout(self._rows([field for field in fields if not field.advanced]))
        column.addWidget(self._more)
        column.addWidget(self._advanced)
        self._advanced.setLayout(self._rows([field for field in fields if field.advanced]))
        self._more.setText("More")
        self._more.setCheckable(True)
        self._more.setAutoRaise(True)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.setToolTip(f"Show or hide the other {title.lower()} settings")
        self._more.setAccessibleName(f"More {title.lower()} settings")
        self._more.setVisible(any(field.advanced for field in fields))
        self._more.setChecked(expanded)
        self._show_advanced(expanded)
        self._more.toggled.connect(self._show_advanced)
        self._more.toggled.connect(self.toggled)
        if not fields:
            self.hide()

    def reveal(self, name: str) -> None:
        """Unfold the advanced settings where the named one is among them."""
        if self.inputs[name].field.advanced:
            self._more.setChecked(True)

    def _show_advanced(self, visible: bool) -> None:
        self._advanced.setVisible(visible)
        self._more.setArrowType(Qt.ArrowType.DownArrow if visible else Qt.ArrowType.RightArrow)

    def _rows(self, fields: Sequence[Field]) -> QFormLayout:
        rows = QFormLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for field in fields:
            field_input = FieldInput(field, self._values[field.name])
            field_input.changed.connect(lambda name=field.name: self.changed.emit(name))
            label = QLabel(field.label)
            label.setFixedWidth(self._label_width)
            label.setWordWrap(True)
            label.setToolTip(field_input.toolTip())
            label.setBuddy(field_input)
            rows.addRow(label, field_input)
            self.inputs[field.name] = field_input
        return rows
