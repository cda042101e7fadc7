"""A table from the clipboard as a file: a run must be able to read its data again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMimeData

from rnnstudio.core.errors import DataError
from rnnstudio.core.paths import home


def pasted_file(clipboard: QMimeData | None) -> Path:
    """Return the file that was copied, or a new file with the cells that were copied in a spreadsheet.

    Raises:
        DataError: The clipboard holds neither, or the file cannot be written.
    """
    if clipboard is None:  # on some platforms, where it is empty
        clipboard = QMimeData()
    local = [url.toLocalFile() for url in clipboard.urls() if url.isLocalFile()]
    if local:
        return Path(local[0])
    text = clipboard.text()
    if not text.strip():
        raise DataError(
            "The clipboard holds no table. Select the cells in your spreadsheet with their column names, copy them, "
            "and paste again."
        )
    folder = pasted_folder()
    ending = ".tsv" if "\t" in text else ".csv"
    file = folder / f"pasted {datetime.now():%Y-%m-%d %H.%M.%S}{ending}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise DataError(f"The pasted cells cannot be saved as {file}: {error.strerror}.") from None
    return file


def pasted_folder() -> Path:
    """Return the folder of the tables that were pasted."""
    return home() / "pasted"
