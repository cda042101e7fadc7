"""The dialog that asks for a CSV file and its decimal mark, which is remembered."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QWidget

from rnnstudio.gui.saved_settings import saved_settings

KINDS = {
    "point": "CSV with decimal points and commas between columns (*.csv)",
    "comma": "CSV with decimal commas and semicolons between columns (*.csv)",
}


def ask_csv_file(parent: QWidget, title: str, suggestion: str) -> tuple[str, str]:
    """Ask for a file and return its name, empty where the user cancels, and the decimal mark: point or comma.

    Args:
        parent: Parent of the dialog.
        title: Title of the dialog.
        suggestion: Suggested name.
    """
    settings = saved_settings()
    last = str(settings.value("csv_decimal", "point"))
    name, kind = QFileDialog.getSaveFileName(
        parent, title, suggestion, ";;".join(KINDS.values()), KINDS.get(last, KINDS["point"])
    )
    decimal = next((mark for mark, text in KINDS.items() if text == kind), last)
    if name:
        settings.setValue("csv_decimal", decimal)
    return name, decimal
