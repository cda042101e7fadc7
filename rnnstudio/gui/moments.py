"""Going through the moments of a run: the plots show its predictions as they were then."""

from __future__ import annotations

from copy import copy

from PySide6.QtCore import QObject, Signal

from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.history import History
from rnnstudio.core.number_text import number_text, percent_text
from rnnstudio.core.wording import metric_label
from rnnstudio.gui.background import BackgroundThread
from rnnstudio.gui.live import Live
from rnnstudio.gui.moment_bar import MomentBar
from rnnstudio.gui.plain_text import tip
from rnnstudio.results.run import Run
from rnnstudio.results.run_as_of import best_update

_ON_TEST = (
    "There is no validation set, so this picks the weights on the test set, whose metrics are then better than on new "
    "data. A run that is kept so is marked."
)
_BY_HAND = (
    "Saves a new run with these weights. It is marked, because they were picked with the test metrics known, which may "
    "then be better than on new data."
)


class Moments(QObject):
    """Shows a run that has ended as it was at its moments; each is evaluated on the background thread.

    Args:
        live: The plots.
        background: Evaluates.

    Attributes:
        bar: The bar under the plots.
        shown: The run whose predictions the plots show: the run itself, or that of a moment; None for none.
    """

    kept = Signal(str, str)  # name and path of a run that was saved with the weights of a moment
    failed = Signal(object)  # BaseException
    changed = Signal()  # another moment is shown

    def __init__(self, live: Live, background: BackgroundThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live, self._background = live, background
        self.bar = MomentBar()
        self.shown: Run | None = None
        self._run: Run | None = None
        self._steps: list[int] = []
        self._runs: dict[int, Run] = {}
        self._is_busy = self._training = False
        self.bar.moved.connect(self._move)
        self.bar.best.clicked.connect(self.go_to_best)
        self.bar.last.clicked.connect(self.go_to_last)
        self.bar.keep_requested.connect(self._keep)
        self.bar.hide()

    def show_run(self, run: Run | None) -> None:
        """Offer the moments of a run that has ended, whose own weights the plots show; None for none."""
        self._run = self.shown = run
        self._runs, self._steps = {}, [] if run is None else run.kept_updates
        self.bar.setVisible(bool(self._steps))
        if run is None or not self._steps:
            return
        own = run.record.weights_step
        if run.metrics:  # else its weights are evaluated as those of any other moment
            self._runs[int(own or 0)] = run
        best, last = best_update(run), self._steps[-1]
        marked = {self._steps.index(last): False} | ({} if best is None else {self._steps.index(best): True})
        self.bar.show_positions(len(self._steps), marked, self._steps.index(int(own or 0)))
        self.bar.best.setToolTip(tip(self._best_tip(best)))
        self.bar.last.setToolTip(tip("Show the weights after the last update."))
        self._show_state()
        if not run.metrics:
            self._move(0)

    def set_training(self, training: bool) -> None:
        """Evaluate nothing while an experiment trains."""
        self._training = training
        if self._run is not None and self._steps:
            self._move(0)

    def go_to_best(self) -> None:
        """Show the weights of the best evaluation, where the run has them."""
        best = None if self._run is None else best_update(self._run)
        if best is not None:
            self.bar.slider.setValue(self._steps.index(best))

    def go_to_last(self) -> None:
        """Show the weights after the last update."""
        if self._steps:
            self.bar.slider.setValue(len(self._steps) - 1)

    def _best_tip(self, best: int | None) -> str:
        assert self._run is not None
        if best is None:
            return "This run has no best weights: it has neither a validation nor a test set, or was not evaluated."
        has_val = bool(self._run.info.windows.get("val"))
        return f"Show the weights with the lowest {'validation' if has_val else 'test'} loss, of update {best:,}." + (
            "" if has_val else f" {_ON_TEST}"
        )

    @property
    def _wanted(self) -> int:
        return self._steps[self.bar.slider.value()]

    def _move(self, _: int) -> None:
        """Show the moment at the slider, as soon as it is evaluated."""
        step, run = self._wanted, self._run
        if run is None:
            return
        if step in self._runs:
            self._show(self._runs[step])
            return
        self._show_state()
        if not self._is_busy and not self._training:
            self._is_busy = True
            self._background.submit(
                lambda: run.at(step), lambda moment: self._evaluated(run, step, moment), self._not_evaluated
            )

    def _evaluated(self, run: Run, step: int, moment: Run) -> None:
        """Show the moment, unless another one or another run is wanted by now."""
        self._is_busy = False
        if run is not self._run:
            if self._run is not None and self._wanted not in self._runs:
                self._move(0)
            return
        self._runs[step] = moment
        self._move(0)

    def _not_evaluated(self, error: BaseException) -> None:
        self._is_busy = False
        self.failed.emit(error)
        if self._run is not None and self.shown is not None:
            step = self.shown.record.weights_step
            self.bar.slider.blockSignals(True)
            self.bar.slider.setValue(self._steps.index(int(step or 0)))
            self.bar.slider.blockSignals(False)
            self._show_state()

    def _show(self, moment: Run) -> None:
        """Draw a moment; the curves remain those of the whole training, with a mark."""
        assert self._run is not None
        self.shown = moment
        is_own = moment is self._run
        if is_own or moment.record.predictions is not None:
            self._live.show_history(self._run.record if is_own else _history_at(self._run.record, moment.record))
        self._live.show_moment(None if is_own else moment.record.step)
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        """Say which weights the plots show, and enable what can be done."""
        run = self._run
        if run is None or not self._steps:
            return
        step, own, best, last = self._wanted, run.record.weights_step, best_update(run), self._steps[-1]
        several, idle = len(self._steps) > 1, not self._training
        self.bar.enable(
            moments=several and idle,
            best=best is not None and step != best and idle,
            last=step != last and idle,
            keep=(step != own or not run.metrics) and self.shown is self._runs.get(step) and idle,
        )
        is_best = step == best and bool(run.info.windows.get("val"))
        self.bar.keep.setToolTip(
            tip("Saves a new run with these weights." if is_best else _ON_TEST if step == best else _BY_HAND)
        )
        self.bar.show_text(self._text(run, step, several=several))

    def _text(self, run: Run, step: int, *, several: bool) -> str:
        if not several:
            return (
                "This run keeps no weights of earlier updates: a version before saved it, or it is a copy of a moment."
            )
        what = [word for word, at in (("best", best_update(run)), ("last", run.record.step)) if step == at]
        what += ["weights of this run"] if step == run.record.weights_step else []
        text = (
            f"After update {step:,} of {run.record.step:,}"
            if step
            else f"Initial weights, of {run.record.step:,} updates"
        )
        text += f" ({', '.join(what)})" if what else ""
        if self._training and step not in self._runs:
            return f"{text}. Other moments are shown when no experiment trains."
        moment = self._runs.get(step)
        if moment is None:
            return f"{text}: evaluating …"
        if moment is not run and moment.record.predictions is None:
            return f"{text}. {moment.warnings[-1]}"
        before = run.better_before if moment is run else None
        if before is not None:
            return f"{text}. {before.sentence(chosen_on_test=run.chosen_on_test)}"
        metrics = ", ".join(_metric_text(moment, name) for name in _headline(moment))
        return f"{text}: {metrics}" if metrics else text

    def _keep(self) -> None:
        """Save the moment that is shown as a new run in the list."""
        moment = self.shown
        if moment is None or moment is self._run:
            return
        self._background.submit(moment.save, lambda path: self.kept.emit(moment.name, path), self.failed.emit)


def _headline(run: Run) -> list[str]:
    """Return the names of the metrics that are shown: accuracy, or error, of validation and test set."""
    names = ("accuracy",) if run.info.classes else ("rmse",) if len(run.info.target_names) == 1 else ("loss",)
    return [f"{split}_{name}" for split in ("val", "test") for name in names if f"{split}_{name}" in run.metrics]


def _metric_text(run: Run, name: str) -> str:
    value, label = run.metrics[name], metric_label(name)
    text = percent_text(value) if name.endswith("accuracy") else number_text(value)
    return f"{label[0].lower()}{label[1:]}{mark(name, run.chosen_on_test)} {text}"


def _history_at(whole: History, moment: History) -> History:
    """Return the history of a training with the predictions of a moment."""
    history = copy(whole)
    history.predictions, history.predictions_step = moment.predictions, moment.predictions_step
    history.points, history.points_step = moment.points, moment.points_step
    history.step_errors, history.step_errors_step = moment.step_errors, moment.step_errors_step
    return history
