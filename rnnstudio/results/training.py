"""Training an experiment and saving the run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rnnstudio.core.automatic import Resolved
from rnnstudio.core.chosen_on_test import choice_warning
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import RnnStudioError, StoreError
from rnnstudio.core.events import Event, FollowUp
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.known_targets import with_targets
from rnnstudio.core.precision import Floats
from rnnstudio.core.scaling_warning import scaling_warning
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.series_ends import series_ends
from rnnstudio.results.band_training import add_bands
from rnnstudio.results.recorded_classes import recorded_class_rows
from rnnstudio.results.run import Run
from rnnstudio.results.saving import check_free

_MAX_CONTEXT = 100_000  # steps of the series that a stateful run keeps, to forecast from


def train_experiment(
    experiment: Experiment | Resolved,
    emit: Callable[[Event], None],
    should_stop: Callable[[], bool],
    *,
    data: SequenceData | None = None,
    save: bool | str | os.PathLike[str] = True,
    initial_weights: Run | None = None,
) -> Run:
    """Train an experiment, save the run and return it; window, command line and `train` all use this function.

    Args:
        experiment: The experiment, or what `resolve` made of it and its data.
        emit: Called with each event of the training, and with what follows it.
        should_stop: Called between chunks of updates; True ends the training.
        data: The data, where they are in memory already; loaded otherwise.
        save: True for the run list, False for no saving, else a folder or .rnnrun file.
        initial_weights: The run whose weights the training starts from; random weights when None.

    Raises:
        RnnStudioError: The experiment cannot be trained, or `save` is taken.
        KeyboardInterrupt: Ctrl-C ended the training; the run was saved before.
    """
    if not isinstance(save, bool):
        check_free(Path(save).expanduser().absolute())  # now rather than after hours of training
    from rnnstudio.engine.train import train  # loads TensorFlow
    from rnnstudio.results.data_reader import DataReader  # loads pandas

    first = None if initial_weights is None else initial_weights.weights
    series = () if initial_weights is None else initial_weights.info.series
    result = train(experiment, emit, should_stop, data, first, DataReader(downloads=True).load, initial_series=series)
    run = run_of(result)
    if initial_weights is not None:
        run.warnings.append(
            f"Training started from the weights of {initial_weights.name or 'another run'}, which neither the settings "
            "nor an exported script include."
        )
    if run.experiment.training.levels and not result.interrupted:
        if initial_weights is None:
            add_bands(run, emit, should_stop)
        else:
            run.warnings.append(
                "Forecasts have no bands, because the weights that the training started from may have read the rows "
                "that would calibrate them: train without initial_weights."
            )
    if run.experiment.training.refit and not result.interrupted:
        emit(FollowUp("training again on all rows"))
        _refit(run, should_stop)
    emit(FollowUp(""))
    if save is not False:
        try:
            run.save(None if save is True else save)
        except StoreError as error:  # the trained network must not be lost
            run.warnings.append(str(error))
    if result.interrupted:
        raise KeyboardInterrupt(stopped_sentence(run))
    return run


def _refit(run: Run, should_stop: Callable[[], bool]) -> None:
    """Train on all rows as the setting `refit` says; what goes wrong must not lose the tested run."""
    if run.outcome not in ("completed", "early_stopped"):
        run.warnings.append("The training ended before it was complete, so it was not done again on all rows (refit).")
        return
    try:
        if not run.refit(should_stop):
            run.warnings.append("The training on all rows (refit) was stopped, so forecasts use the tested weights.")
    except RnnStudioError as error:
        run.warnings.append(str(error))


def stopped_sentence(run: Run) -> str:
    """Return the message of the KeyboardInterrupt after a training that Ctrl-C ended."""
    return f"stopped; the run is saved as {run.name}" if run.name else "stopped"


def run_of(result: Any) -> Run:
    """Return the run of a training.

    Args:
        result: The `TrainingResult` of `rnnstudio.engine.train.train`.
    """
    data, experiment = result.data, result.experiment
    run = Run(
        experiment,
        result.history,
        result.metrics,
        result.baseline,
        result.scalers,
        DataInfo.of(data),
        result.weights,
        _context(experiment, data),
        warnings=[
            *([result.history.error] if result.history.error else []),
            *result.warnings,
            *data.notes,
            *_warnings(experiment, data),
        ],
        data=data,
    )
    run.choices = list(result.choices)
    run.decision = result.decision
    run.class_rows = list(result.class_rows) or recorded_class_rows(result.history)
    run.target_metrics = list(result.by_target)
    run.series_metrics, run.lag, run.plan = list(result.by_series), result.lag, data.plan
    return run


def _context(experiment: Experiment, data: SequenceData) -> Floats:
    """Return the end of a series that can be forecast, or of each of several, which a forecast continues; else empty.

    It ends with the last known value of what is predicted.
    """
    samples, ends = data.window_samples, series_ends(data)
    if (data.task != "forecast" and not data.autoregressive) or (ends < samples).any():
        return np.array(flat_steps(data.inputs)[:0])
    if data.series:
        return np.stack([of_series[n - samples : n] for of_series, n in zip(data.inputs, ends, strict=True)])
    end = int(ends[0])
    return np.array(data.inputs[0, max(0, end - (_MAX_CONTEXT if experiment.model.stateful else samples)) : end])


def _warnings(experiment: Experiment, data: SequenceData) -> list[str]:
    """Return what about the settings makes the metrics less reliable, one sentence each."""
    scaling = scaling_warning(data, experiment.data)
    sentences = [scaling] if scaling else []
    batch, windows = experiment.training.batch_size, len(with_targets(data, data.train))
    if batch > windows and not experiment.model.stateful:
        sentences.append(
            f"batch_size {batch} is larger than the training set; each update uses all {windows} training windows."
        )
    training = experiment.training
    choices = {"patience": training.patience, "restores_best": training.restore_best_weights}
    if any(choices.values()) and not len(data.val) and len(data.test):
        sentences.append(choice_warning(**choices, has_val_fraction=hasattr(experiment.data, "val_fraction")))
    return sentences
