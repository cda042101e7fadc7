"""Rows of a form: a label and an input for each setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from rnnstudio.core.schema import Field
from rnnstudio.gui.fields import FieldInput
from rnnstudio.gui.plain_text import PlainLabel


class FormRows(QWidget):
    """Some settings below each other. A row is made once, and kept for the next time: making one takes a millisecond.

    Args:
        label_width: Width of all labels, in pixels.
    """

    changed = Signal(str)  # flat name of the setting that the user has changed

    def __init__(self, label_width: int) -> None:
        super().__init__()
        self._label_width = label_width
        self._made: dict[str, list[tuple[QLabel, FieldInput]]] = {}  # of one name there may be several
        self._shown: list[tuple[QLabel, FieldInput]] = []
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)

    def show_fields(self, fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, FieldInput]:
        """Show these settings in place of those before, and return their inputs by flat name.

        Args:
            fields: The settings, in their order.
            values: Their values by flat name.
        """
        rows = [self._row(field, values[field.name]) for field in fields]
        same = len(list(takewhile(lambda pair: pair[0] is pair[1], zip(rows, self._shown, strict=False))))
        for row in self._shown[same:]:
            self._layout.takeRow(row[1])
            for widget in row:
                widget.hide()
        for row in rows[same:]:
            self._layout.addRow(*row)
            for widget in row:
                widget.show()
        self._shown = rows
        return {field_input.field.name: field_input for _, field_input in rows}

    def prepare(self, field: Field) -> None:
        """Make the row of a setting for the time when it is shown."""
        if all(field_input.field != field for _, field_input in self._made.get(field.name, ())):
            for widget in self._row(field, field.default):
                widget.hide()

    @property
    def in_order(self) -> list[QWidget]:
        """What the Tab key reaches, from top to bottom."""
        return [widget for _, field_input in self._shown for widget in field_input.in_order]

    def _row(self, field: Field, value: Any) -> tuple[QLabel, FieldInput]:
        """Return the row of a setting, which may have been made before, with a value."""
        made = self._made.setdefault(field.name, [])
        for row in made:
            if row[1].field == field:
                row[1].set_value(value)
                return row
        field_input = FieldInput(field, value)
        field_input.changed.connect(lambda: self.changed.emit(field.name))
        label = PlainLabel(field.label)
        label.setFixedWidth(self._label_width)
        label.setWordWrap(True)
        label.setToolTip(field_input.toolTip())
        label.setBuddy(field_input)
        for widget in (label, field_input):
            widget.setParent(self)
        made.append((label, field_input))
        return made[-1]
