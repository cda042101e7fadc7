"""A signal from any thread to the thread of the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal


class QueuedSignal(QObject):
    """A signal without arguments that any thread may send; its slots run on the thread of the window."""

    received = Signal()
    _sent = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sent.connect(self.received, Qt.ConnectionType.QueuedConnection)

    def send(self) -> None:
        """Emit `received` on the thread of the window; may be called from any thread and returns at once."""
        self._sent.emit()
