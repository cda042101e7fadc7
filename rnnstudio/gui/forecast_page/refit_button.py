"""The button that trains a run again on all rows, shows how far it is, and stops it."""

from __future__ import annotations

import threading

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.plain_text import tip
from rnnstudio.results.run import Run

_OFFER, _DONE = "Train on all rows", "Uses all rows (not tested)"
_OFFER_HELP = (
    "The forecast uses weights that have not seen the rows of the validation and test set. This trains again with the "
    "same settings and number of updates on all rows. Those weights cannot be tested: no rows are left."
)


class RefitButton(QPushButton):
    """Trains on all rows on the background thread.

    Args:
        background: The thread.
    """

    done = Signal()  # the run forecasts with the new weights
    failed = Signal(object)  # BaseException
    _progress = Signal(int, int)

    def __init__(self, background: BackgroundThread) -> None:
        super().__init__()
        self._background = background
        self._run: Run | None = None
        self._training: Run | None = None
        self._stop = threading.Event()
        self._may_train = True
        self._progress.connect(self._show_progress)
        background.closing.connect(self._stop.set)
        self.clicked.connect(self._click)
        self.show_run(None)

    @property
    def is_busy(self) -> bool:
        """Whether a run is trained on all rows."""
        return self._training is not None

    def show_run(self, run: Run | None) -> None:
        """Offer the training of another run; None offers none."""
        self._run = run
        is_done = run is not None and run.refitted is not None
        is_own = self._training is not None and self._training is run
        self.setText("Stop" if is_own else _DONE if is_done else _OFFER)
        self.setEnabled(run is not None and (is_own or not (is_done or self.is_busy)) and self._may_train)
        self.setToolTip(tip(run.refitted.sentence if run is not None and run.refitted is not None else _OFFER_HELP))
        self.setVisible(run is not None)

    def set_training(self, training: bool) -> None:
        """Allow no second training while an experiment trains."""
        self._may_train = not training
        self.show_run(self._run)

    def _click(self) -> None:
        if self.is_busy:
            self._stop.set()
            self.setEnabled(False)
            return
        run = self._run
        if run is None:
            return
        self._training = run
        self._stop.clear()
        self.setText("Stop")
        self._background.submit(
            lambda: run.refit(self._stop.is_set, self._progress.emit), lambda _: self._end(), self._fail
        )

    def _show_progress(self, done: int, total: int) -> None:
        if self._training is not None and self._training is self._run:
            self.setText(f"Stop ({100 * done // max(1, total)} %)")

    def _end(self) -> None:
        trained, self._training = self._training, None
        self.show_run(self._run)
        if trained is not None and trained.refitted is not None:
            self.done.emit()

    def _fail(self, error: BaseException) -> None:
        self._end()
        self.failed.emit(error)
