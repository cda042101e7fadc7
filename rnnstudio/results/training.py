"""Training an experiment and saving the run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnnstudio.core.automatic import Resolved
from rnnstudio.core.chosen_on_test import choice_warning
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.events import Event, FollowUp
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.known_targets import with_targets
from rnnstudio.core.scaling_warning import scaling_warning
from rnnstudio.core.sequence import SequenceData
from rnnstudio.results.band_training import add_bands
from rnnstudio.results.end_of_series import end_of_series
from rnnstudio.results.moments import Moments
from rnnstudio.results.recorded_classes import recorded_class_rows
from rnnstudio.results.run import Run
from rnnstudio.results.run_keeper import CHECKPOINT_SECONDS, RunKeeper
from rnnstudio.results.saving import check_free
from rnnstudio.results.seed_plan import SeedPlan
from rnnstudio.results.training_target import Target


def train_experiment(
    experiment: Experiment | Resolved,
    emit: Callable[[Event], None],
    should_stop: Callable[[], bool],
    *,
    data: SequenceData | None = None,
    save: bool | str | os.PathLike[str] = True,
    initial_weights: Run | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
    group: SeedPlan | None = None,
    info: DataInfo | None = None,
) -> Run:
    """Train an experiment, save the run and return it; window, command line and `train` all use this function.

    Args:
        experiment: The experiment, or what `resolve` made of it and its data.
        emit: Called with each event of the training, and with what follows it.
        should_stop: Called between chunks of updates; True ends the training.
        data: The data, where they are in memory already; loaded otherwise.
        save: True for the run list, False for no saving, else a folder or .rnnrun file.
        initial_weights: The run whose weights the training starts from; random weights when None.
        checkpoint_seconds: Time between two checkpoints of a run that is saved.
        group: The training with several seeds that it is part of; None for none.
        info: The description of the data, where these no longer have their account.

    Raises:
        RnnStudioError: The experiment cannot be trained, or `save` is taken.
        KeyboardInterrupt: Ctrl-C ended the training; the run was saved before.
    """
    if not isinstance(save, bool):
        check_free(Path(save).expanduser().absolute())  # now rather than after hours of training
    from rnnstudio.engine.train import train  # loads TensorFlow
    from rnnstudio.results.data_reader import DataReader  # loads pandas

    started_from = "" if initial_weights is None else initial_weights.name or "another run"
    first = None if initial_weights is None else initial_weights.weights
    series = () if initial_weights is None else initial_weights.info.series
    target = Target(save)
    keeper = target.keeper(started_from, checkpoint_seconds, group)

    def work(checkpoints: RunKeeper | None) -> Any:
        return train(
            experiment,
            emit,
            should_stop,
            data,
            first,
            DataReader(downloads=True).load,
            initial_series=series,
            checkpoints=checkpoints,
        )

    return kept(work, keeper, target, started_from, emit, should_stop, info)


def kept(
    work: Callable[[RunKeeper | None], Any],
    keeper: RunKeeper | None,
    target: Target,
    started_from: str,
    emit: Callable[[Event], None],
    should_stop: Callable[[], bool],
    info: DataInfo | None = None,
) -> Run:
    """Train, do what follows, save the run and return it.

    Args:
        work: Trains, and returns a `TrainingResult`.
        keeper: Keeps the training on the disk; None where nothing is saved.
        target: Where the run is saved.
        started_from: The run whose weights the training started from; empty for none.
        emit: Called with each event.
        should_stop: Called between chunks of updates.
        info: The description of the data of a run that goes on, whose account its data no longer have.

    Raises:
        KeyboardInterrupt: Ctrl-C ended the training; the run was saved before.
    """
    if keeper is not None:
        keeper.emit = emit
    try:
        result = work(keeper)
        run = run_of(result)
        run.info = run.info if info is None else info
        if keeper is not None:
            run.warnings += keeper.notes
        _follow_up(run, started_from, emit, should_stop, interrupted=result.interrupted)
        if keeper is not None:
            target.save(run, keeper)
    except Exception as error:
        if keeper is not None:
            keeper.fail(str(error) or type(error).__name__)
        raise
    finally:
        if keeper is not None:
            keeper.release()
    if result.interrupted:
        raise KeyboardInterrupt(stopped_sentence(run))
    return run


def _follow_up(
    run: Run,
    started_from: str,
    emit: Callable[[Event], None],
    should_stop: Callable[[], bool],
    *,
    interrupted: bool,
) -> None:
    """Calibrate the bands of a trained run, and train again on all rows, as its settings say."""
    if started_from:
        run.warnings.append(
            f"Training started from the weights of {started_from}, which neither the settings "
            "nor an exported script include."
        )
    if run.experiment.training.levels and not interrupted:
        if not started_from:
            add_bands(run, emit, should_stop)
        else:
            run.warnings.append(
                "Forecasts have no bands, because the weights that the training started from may have read the rows "
                "that would calibrate them: train without initial_weights."
            )
    if run.experiment.training.refit and not interrupted:
        emit(FollowUp("training again on all rows"))
        _refit(run, should_stop)
    emit(FollowUp(""))


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
        end_of_series(experiment, data),
        warnings=[
            *([result.history.error] if result.history.error else []),
            *result.warnings,
            *data.notes,
            *_warnings(experiment, data),
        ],
        data=data,
    )
    run.choices = list(result.choices)
    run.moments = Moments(result.moments, result.best_step if result.best_step >= 0 else None)
    run.decision = result.decision
    run.class_rows = list(result.class_rows) or recorded_class_rows(result.history)
    run.target_metrics = list(result.by_target)
    run.series_metrics, run.lag, run.plan = list(result.by_series), result.lag, data.plan
    return run


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
