"""One training at a time for the window: start, pause, resume and stop, with signals about its progress."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from rnnstudio import api
from rnnstudio.core.events import Event
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.queued_signal import QueuedSignal
from rnnstudio.results.event_queue import EventQueue
from rnnstudio.results.run import Run
from rnnstudio.results.seed_plan import SeedPlan
from rnnstudio.results.training_thread import TrainingEnded, TrainingThread, Work

Train = Callable[..., Run]  # of an experiment, of who receives events, and of who says whether to stop
TrainingState = Literal["idle", "training", "paused"]

_FRAME_MS = 33


class TrainingController(QObject):
    """Trains experiments on a thread and keeps the history of the newest one.

    `state_changed` comes first, then `started`, `progressed` at most 30 times a second, and one of `finished` and
    `failed`.

    Args:
        train: Trains an experiment, saves the run and returns it; tests pass a scripted function.
    """

    state_changed = Signal(str)  # TrainingState
    started = Signal(object, object)  # Experiment, History
    progressed = Signal(object)  # History
    finished = Signal(object)  # Run
    failed = Signal(object)  # BaseException

    def __init__(self, train: Train = api.train_experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._train = train
        self.experiment: Experiment | None = None
        self.history = History()
        self._thread: TrainingThread | None = None
        self._queue_filled = QueuedSignal(self)
        self._queue_filled.received.connect(self._schedule_drain)
        self._queue: EventQueue[Event | TrainingEnded] = EventQueue(self._queue_filled.send)
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._drain)

    @property
    def state(self) -> TrainingState:
        """Whether an experiment trains, is paused, or neither."""
        if self._thread is None:
            return "idle"
        return "paused" if self._thread.paused else "training"

    @property
    def running(self) -> bool:
        """Whether an experiment trains or is paused."""
        return self._thread is not None

    def start(self, experiment: Experiment, group: SeedPlan | None = None) -> None:
        """Start to train; does nothing while another experiment trains.

        Args:
            experiment: The experiment.
            group: The training with several seeds that it is part of; None for none.
        """
        how = {} if group is None else {"group": group}
        self.start_work(experiment, lambda emit, should_stop: self._train(experiment, emit, should_stop, **how))

    def resume(self, run: Run, updates: int | None = None) -> None:
        """Go on with the training of a saved run; does nothing while another experiment trains.

        Args:
            run: The run.
            updates: Number of further updates; None for those that were planned and are not done.
        """

        def work(emit: Callable[[Event], None], should_stop: Callable[[], bool]) -> Run:
            from rnnstudio.results.resuming import resume_run  # loads pandas

            return resume_run(Path(run.path), emit, should_stop, updates=updates)

        self.start_work(run.experiment, work)

    def start_work(self, experiment: Experiment, work: Work) -> None:
        """Start a function that trains an experiment; does nothing while another experiment trains.

        Args:
            experiment: The experiment.
            work: Called with who receives events and who says whether to stop; returns the run.
        """
        if self.running:
            return
        self.experiment, self.history = experiment, History()
        self._thread = TrainingThread(work, self._queue)
        self._thread.start()
        self.state_changed.emit(self.state)  # first: buttons must pass on the focus before other widgets are hidden
        self.started.emit(experiment, self.history)

    def toggle_pause(self) -> None:
        """Pause the training after its current chunk, or resume it."""
        if self._thread is None:
            return
        if self._thread.paused:
            self._thread.resume()
        else:
            self._thread.pause()
        self.state_changed.emit(self.state)
        self.progressed.emit(self.history)

    def stop(self) -> None:
        """Stop the training after its current chunk; the run is saved."""
        if self._thread is not None:
            self._thread.stop()

    def close(self) -> None:
        """Stop the training, wait for its thread and apply its last events."""
        if self._thread is not None:
            self._thread.stop()
            self._thread.join()
            self._drain()

    def _schedule_drain(self) -> None:
        if not self._frame.isActive():
            self._frame.start(_FRAME_MS)

    def _drain(self) -> None:
        """Apply all events in the queue to the history and emit one signal for all of them."""
        ended: TrainingEnded | None = None
        for event in self._queue.drain():
            if isinstance(event, TrainingEnded):
                ended = event
            else:
                self.history.apply(event)
        if ended is not None and self._thread is not None:
            self._thread.join()
            self._thread = None
        self.progressed.emit(self.history)
        if ended is None:
            return
        self.state_changed.emit(self.state)
        if ended.error is None:
            self.finished.emit(ended.result)
        else:
            self.failed.emit(ended.error)
