"""The dialogs that ask for a file for a table, and for the decimal mark of CSV, which is remembered."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QFileDialog, QWidget

from rnnstudio.gui.saved_settings import saved_settings

KINDS = {
    "point": "CSV with decimal points and commas between columns (*.csv)",
    "comma": "CSV with decimal commas and semicolons between columns (*.csv)",
}


PARQUET = "Parquet (*.parquet)"
EXCEL = "Excel (*.xlsx)"


def ask_csv_file(parent: QWidget, title: str, suggestion: str) -> tuple[str, str]:
    """Ask for a file and return its name, empty where the user cancels, and the decimal mark: point or comma.

    Args:
        parent: Parent of the dialog.
        title: Title of the dialog.
        suggestion: Suggested name.
    """
    name, decimal, _ = _ask(parent, title, suggestion, list(KINDS.values()))
    return name, decimal


def ask_table_file(parent: QWidget, title: str, suggestion: str) -> tuple[str, str]:
    """Ask for a CSV or Parquet file as `ask_csv_file` does; a name without suffix gets that of the kind chosen."""
    name, decimal, kind = _ask(parent, title, suggestion, [*KINDS.values(), PARQUET])
    is_parquet = Path(name).suffix.lower() == ".parquet" or (kind == PARQUET and not Path(name).suffix)
    if name and not Path(name).suffix:
        name += ".parquet" if is_parquet else ".csv"
    return name, "point" if is_parquet else decimal


def ask_forecast_file(parent: QWidget, title: str, suggestion: str) -> tuple[str, str]:
    """Ask for a CSV or Excel file as `ask_csv_file` does; a name without suffix gets that of the kind chosen."""
    name, decimal, kind = _ask(parent, title, suggestion, [*KINDS.values(), EXCEL])
    is_excel = Path(name).suffix.lower() == ".xlsx" or (kind == EXCEL and Path(name).suffix.lower() in ("", ".csv"))
    if name and is_excel:
        name = str(Path(name).with_suffix(".xlsx"))
    elif name and not Path(name).suffix:
        name += ".csv"
    return name, "point" if is_excel else decimal


def _ask(parent: QWidget, title: str, suggestion: str, kinds: list[str]) -> tuple[str, str, str]:
    """Return the name, the decimal mark, and the kind that was chosen."""
    settings = saved_settings()
    of_locale = "comma" if QLocale().decimalPoint() == "," else "point"
    last = str(settings.value("csv_decimal", of_locale))
    name, kind = QFileDialog.getSaveFileName(
        parent, title, suggestion, ";;".join(kinds), KINDS.get(last, KINDS["point"])
    )
    decimal = next((mark for mark, text in KINDS.items() if text == kind), last)
    if name:
        settings.setValue("csv_decimal", decimal)
    return name, decimal, kind
