"""Weights trained on all rows with the settings and updates of a tested run, for forecasts of the future."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.all_rows import all_rows
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.events import Event, StepsDone
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.forecast_reach import check_forecasts
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData

NOT_TESTED = "not tested"


@dataclass(frozen=True)
class Refit:
    """Weights that are trained on all rows, those of the test set included, so that no rows are left to test them.

    Attributes:
        weights: The weights by name.
        scalers: Scalers of all rows.
        updates: Updates of the training: those of the weights that the tested run has kept.
        windows: Training windows.
    """

    weights: dict[str, NDArray[np.float32]]
    scalers: Scalers
    updates: int
    windows: int

    @property
    def sentence(self) -> str:
        """What they are, in words."""
        return (
            f"Forecasts use weights that were trained again on all rows ({self.updates:,} updates, {self.windows:,} "
            f"windows) and are {NOT_TESTED}; the metrics are those of the weights before."
        )


def train_on_all_rows(
    experiment: Experiment,
    info: DataInfo,
    data: SequenceData,
    updates: int,
    planned: int,
    should_stop: Callable[[], bool] = lambda: False,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Refit | None:
    """Return the weights of a training with the same settings on all rows; None where it was stopped.

    The learning rate follows the schedule of the tested run: a schedule over all its updates, of which those of the
    weights that it has kept are done.

    Args:
        experiment: The experiment of the run.
        info: The description of its data.
        data: Its data.
        updates: Updates of the weights that it has kept.
        planned: Updates that it had planned.
        should_stop: Asked between chunks of updates.
        report: Called with the updates that are done, and their number.

    Raises:
        RnnStudioError: The run forecasts no series, or the loss diverged.
    """
    from rnnstudio.engine.past import has_frozen_skip
    from rnnstudio.engine.train import train  # loads TensorFlow

    check_forecasts(info)
    if updates < 1 and not has_frozen_skip(experiment.model):  # which may forecast best as it was fitted
        raise RnnStudioError("refit needs a run with at least one update.")
    whole = all_rows(data, getattr(experiment.data, "stride", 1))
    own = {
        "updates": max(planned, updates, 1),
        "evaluate_every": max(updates, 1),
        "patience": 0,
        "restore_best_weights": False,
    }
    training = experiment.training.model_copy(update={**own, "refit": False})
    done = 0

    def emit(event: Event) -> None:
        nonlocal done
        if isinstance(event, StepsDone):
            done = event.first_step + len(event.losses)
            report(done, updates)

    settings = experiment.model_copy(update={"training": training})
    result = train(settings, emit, lambda: done >= updates or should_stop(), whole)
    if result.history.outcome == "diverged":
        raise RnnStudioError(f"The training on all rows diverged: {result.history.error}")
    if result.history.step < updates:
        return None
    return Refit(result.weights, result.scalers, updates, len(whole.train))


def refit_of(run: Any, data: SequenceData, **callbacks: Any) -> Refit | None:
    """Return the refit of a run; see `train_on_all_rows`."""
    record = run.record
    updates = record.step if record.weights_step is None else record.weights_step
    return train_on_all_rows(run.experiment, run.info, data, updates, record.updates, **callbacks)
