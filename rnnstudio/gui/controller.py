"""One training at a time, as the window sees it: start, pause, stop, and a history that grows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from rnnstudio import api
from rnnstudio.core.events import Event
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.bridge import Bell
from rnnstudio.results.event_queue import EventQueue
from rnnstudio.results.run import Run
from rnnstudio.results.training_thread import TrainingEnded, TrainingThread

Train = Callable[[Experiment, Callable[[Event], None], Callable[[], bool]], Run]

_FRAME_MS = 33


class Controller(QObject):
    """Trains experiments on a thread and keeps the history of the one that runs.

    Args:
        train: Trains, keeps the run and returns it; tests pass a scripted one.
    """

    began = Signal(object)  # Experiment
    progressed = Signal()
    ended = Signal(object, object)  # Run or None, exception or None

    def __init__(self, train: Train = api.train_experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._train = train
        self.experiment: Experiment | None = None
        self.history = History()
        self.session: TrainingThread | None = None
        self._bell = Bell(self)
        self._bell.heard.connect(self._heard)
        self._mailbox: EventQueue[Event | TrainingEnded] = EventQueue(self._bell.ring)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._drain)

    @property
    def running(self) -> bool:
        """Whether a training goes on, paused or not."""
        return self.session is not None

    @property
    def paused(self) -> bool:
        """Whether it is held."""
        return self.session is not None and self.session.paused

    def start(self, experiment: Experiment) -> None:
        """Begin to train; nothing happens while another training goes on."""
        if self.running:
            return
        self.experiment, self.history = experiment, History()
        self.session = TrainingThread(
            lambda emit, should_stop: self._train(experiment, emit, should_stop), self._mailbox
        )
        self.session.start()
        self.began.emit(experiment)

    def pause(self) -> None:
        """Hold the training after its chunk, or let it go on."""
        if self.session is None:
            return
        if self.session.paused:
            self.session.resume()
        else:
            self.session.pause()
        self.progressed.emit()

    def stop(self) -> None:
        """End the training after its chunk; what was learned is kept."""
        if self.session is not None:
            self.session.stop()

    def close(self) -> None:
        """Stop, wait for the thread, take in its last messages."""
        session = self.session
        if session is not None:
            session.stop()
            session.join()
            self._drain()

    def _heard(self) -> None:
        if not self._frame.isActive():
            self._frame.start(_FRAME_MS)

    def _drain(self) -> None:
        """Take in all that has come, and tell of it once."""
        ended: TrainingEnded | None = None
        for message in self._mailbox.drain():
            if isinstance(message, TrainingEnded):
                ended = message
            else:
                self.history.apply(message)
        if ended is None:
            self.progressed.emit()
            return
        session, self.session = self.session, None
        if session is not None:
            session.join()
        self.progressed.emit()
        self.ended.emit(ended.result, ended.error)
