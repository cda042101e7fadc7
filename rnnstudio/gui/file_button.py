"""The button that chooses the file or folder of a setting."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton

from rnnstudio.gui.plain_text import tip


class FileButton(QToolButton):
    """Asks for a file, or where allowed for a folder.

    Args:
        endings: Endings a file may have, such as ".csv"; "/" stands for a folder.
    """

    chosen = Signal(str)

    def __init__(self, endings: Sequence[str]) -> None:
        super().__init__()
        self._endings = [ending for ending in endings if ending != "/"]
        folder_allowed = "/" in endings
        description = "Choose a file or a folder" if folder_allowed else "Choose a file"
        self.setText("…")
        self.setToolTip(tip(description))
        self.setAccessibleName(description)
        if folder_allowed:  # no system has a dialog for both
            menu = QMenu(self)
            menu.addAction(f"File ({', '.join(self._endings)}) …", self._choose_file)
            menu.addAction("Folder …", self._choose_folder)
            self.setMenu(menu)
            self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        else:
            self.clicked.connect(self._choose_file)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose a file", "", files_filter(self._endings))
        if name:
            self.chosen.emit(name)

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Choose a folder")
        if name:
            self.chosen.emit(name)


def files_filter(endings: Sequence[str]) -> str:
    """Return the filter of a file dialog: files with these endings, or all files."""
    return f"Data ({' '.join(f'*{ending}' for ending in endings)});;All files (*)"
