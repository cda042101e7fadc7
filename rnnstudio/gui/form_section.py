"""One section of the form: a heading, a row per setting, and the advanced settings folded under "More"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from rnnstudio.core.schema import Field
from rnnstudio.gui.fields import FieldInput
from rnnstudio.gui.form_rows import FormRows
from rnnstudio.gui.plain_text import Heading, tip


class FormSection(QWidget):
    """The settings of the data, the model or the training.

    Args:
        title: The heading.
        label_width: Width of all labels, in pixels.

    Attributes:
        inputs: The inputs that are shown, by the flat name of their setting.
    """

    changed = Signal(str)  # flat name of the setting that the user has changed

    def __init__(self, title: str, label_width: int) -> None:
        super().__init__()
        self.inputs: dict[str, FieldInput] = {}
        self._basic, self._advanced = FormRows(label_width), FormRows(label_width)
        self._more = QToolButton()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for widget in (Heading(title), self._basic, self._more, self._advanced):
            column.addWidget(widget)
        for rows in (self._basic, self._advanced):
            rows.changed.connect(self.changed)
        self._more.setText("More")
        self._more.setCheckable(True)
        self._more.setAutoRaise(True)
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.setToolTip(tip(f"Show or hide the other {title.lower()} settings"))
        self._more.setAccessibleName(f"More {title.lower()} settings")
        self._show_advanced(False)
        self._more.toggled.connect(self._show_advanced)

    def show_fields(self, fields: Sequence[Field], values: Mapping[str, Any]) -> None:
        """Show these settings in place of those before.

        Args:
            fields: The settings, in their order.
            values: Their values by flat name.
        """
        basic = self._basic.show_fields([field for field in fields if not field.advanced], values)
        advanced = self._advanced.show_fields([field for field in fields if field.advanced], values)
        self.inputs = {**basic, **advanced}
        self._more.setVisible(bool(advanced))
        self.setVisible(bool(fields))

    def prepare(self, field: Field) -> None:
        """Make the row of a setting for the time when it is shown."""
        (self._advanced if field.advanced else self._basic).prepare(field)

    @property
    def in_order(self) -> list[QWidget]:
        """What the Tab key reaches, from top to bottom."""
        return [*self._basic.in_order, self._more, *self._advanced.in_order]

    def reveal(self, name: str) -> None:
        """Unfold the advanced settings where the named one is among them."""
        if self.inputs[name].field.advanced:
            self._more.setChecked(True)

    def _show_advanced(self, visible: bool) -> None:
        self._advanced.setVisible(visible)
        self._more.setArrowType(Qt.ArrowType.DownArrow if visible else Qt.ArrowType.RightArrow)
