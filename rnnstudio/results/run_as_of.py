"""A run as it was at one of its moments: with the weights of that moment, and the metrics of these weights."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from rnnstudio.core.arguments import whole_number
from rnnstudio.core.calibration_windows import with_calibration
from rnnstudio.core.errors import DataError, SettingError, StoreError
from rnnstudio.core.history import History
from rnnstudio.core.sequence import SequenceData
from rnnstudio.results.contents import RunContents, Weights
from rnnstudio.results.data_digest import check_digest
from rnnstudio.results.validation.network_arrays import check_weights

if TYPE_CHECKING:
    from rnnstudio.engine.evaluated_weights import EvaluatedWeights, WeightsEvaluation

CONTINUED = "Training started from the weights of"  # a warning of runs that did not start from random weights


def kept_updates(run: RunContents) -> list[int]:
    """Return the numbers of updates whose weights a run has, in order; empty where it has no weights yet."""
    own = [] if run.record.weights_step is None else [run.record.weights_step]
    return sorted({*own, *([] if run.moments is None else run.moments.steps)})


def best_update(run: RunContents) -> int | None:
    """Return the number of updates of the best weights of a run; None where it does not have them."""
    best = None if run.moments is None else run.moments.best
    if best is None and run.experiment.training.restore_best_weights and not run.record.picked:
        best = run.record.weights_step
    return best if best in kept_updates(run) else None


def moment_of(run: RunContents, update: Any) -> int:
    """Return the number of updates of a moment of a run.

    Args:
        run: The run.
        update: A number of updates, for the nearest moment; best or last.

    Raises:
        SettingError: It is neither.
        DataError: The run has no such weights.
    """
    kept = kept_updates(run)
    if not kept:
        raise DataError("This run has no weights yet: its training has not reached its first checkpoint.")
    if update == "best":
        best = best_update(run)
        if best is None:
            raise DataError(
                "This run has no best weights: it has neither a validation nor a test set, was not evaluated after an "
                "update, is itself a moment of another one, or an earlier version saved it. It has those after "
                f"{_listed(kept)} updates."
            )
        return best
    if update == "last":
        return kept[-1]
    if isinstance(update, str) and not update.strip().isdecimal():
        raise SettingError(f"update must be a number of updates, best or last; received {update!r:.80}.", "update")
    number = whole_number(int(update) if isinstance(update, str) else update, "update", 0, 2_000_000_000)
    return min(kept, key=lambda step: (abs(step - number), step))


def _listed(steps: list[int]) -> str:
    return ", ".join(f"{step:,}" for step in steps)


def weights_of(run: RunContents, step: int) -> Weights:
    """Return the weights of a run after one of its `kept_updates`.

    Raises:
        StoreError: They cannot be read.
    """
    if step == run.record.weights_step or run.moments is None:
        return run.weights
    weights = run.moments.weights(step)
    try:
        check_weights(weights, run.experiment, run.info)
    except ValueError as error:
        raise StoreError(f"The weights after {step:,} updates are damaged: {error}.") from None
    return weights


def how_picked(run: RunContents, step: int) -> str:
    """Return how the weights after `step` updates are chosen, for `History.picked`."""
    if step == run.record.weights_step:
        return run.record.picked
    if step == best_update(run):
        return "best"
    return "last" if step == run.record.step else "hand"


def evaluation_of(run: RunContents, data: SequenceData) -> WeightsEvaluation:
    """Return what evaluates weights of a run; it has a network of its own.

    Args:
        run: The run.
        data: Its data.

    Raises:
        DataError: They are not those of its training.
    """
    from rnnstudio.engine.evaluated_weights import WeightsEvaluation
    from rnnstudio.engine.final_metrics import baseline_metrics
    from rnnstudio.results.held_out_table import data_of_table
    from rnnstudio.results.trained_network import TrainedNetwork

    experiment = run.experiment
    data = with_calibration(data, experiment.training.levels)
    check_digest(data, run.training.get("data_sha256", ""), run.name or "this run")
    data = data_of_table(run, data)
    network = TrainedNetwork(experiment, run.info, run.scalers, run.weights)
    return WeightsEvaluation(
        experiment,
        data,
        run.scalers,
        network.predictor,
        run.baseline or baseline_metrics(data, run.scalers, stateful=experiment.model.stateful),
        starts_fitted=any(warning.startswith(CONTINUED) for warning in run.warnings),
    )


def history_until(run: RunContents, step: int) -> History:
    """Return the history of a run up to an update, as that of a training that was stopped there."""
    record = run.record.until(step, step)
    record.seconds = run.record.seconds * step / max(1, run.record.step)  # at its mean speed
    record.wall_seconds = record.seconds
    record.outcome, record.error, record.activity = "stopped", "", ""
    record.weights_step, record.picked = step, how_picked(run, step)
    record.predictions = record.points = record.step_errors = None
    return record


def contents_as_of(
    run: RunContents, record: History, weights: Weights, evaluated: EvaluatedWeights | None, problem: str = ""
) -> RunContents:
    """Return the contents of a run as it was at one of its moments.

    Args:
        run: The run.
        record: What `history_until` returns for the moment.
        weights: Its weights then.
        evaluated: What an evaluation of these weights finds; None where the data cannot be loaded.
        problem: Why they cannot.
    """
    step = record.step
    values = {field.name: getattr(run, field.name) for field in fields(RunContents)}
    values |= {"record": record, "weights": weights, "name": "", "path": "", "warnings": _warnings(run, step, problem)}
    values |= dict.fromkeys(("kept_predictions", "last_backtest", "refitted", "calibration", "moments"))
    if evaluated is None:
        recorded = next((e for e in run.record.evaluations if e["step"] == step), {})
        values["metrics"] = {name: value for name, value in recorded.items() if name != "step"}
        values |= {"class_rows": [], "series_metrics": [], "target_metrics": [], "lag": None}
        return RunContents(**values)
    record.predictions, record.predictions_step = evaluated.predictions, step
    record.points, record.points_step = evaluated.points, step
    record.step_errors, record.step_errors_step = evaluated.step_errors, step
    values |= {
        "metrics": evaluated.metrics,
        "decision": evaluated.decision,
        "class_rows": list(evaluated.class_rows),
        "series_metrics": list(evaluated.by_series),
        "target_metrics": list(evaluated.by_target),
        "lag": evaluated.lag,
    }
    return RunContents(**values)


def _warnings(run: RunContents, step: int, problem: str) -> list[str]:
    """Return what the user should know about a run as it was at a moment, one sentence each."""
    of_run = f"{run.name or 'a run'}, which trained {run.record.step:,} updates"
    what = f"weights after update {step:,}" if step else "initial weights"
    sentences = [f"These are the {what} of {of_run}."]
    if run.calibration is not None:
        sentences.append("Forecasts have no bands: those of the run are calibrated with its own weights.")
    if problem:
        sentences.append(
            f"Only metrics of an evaluation in the training are known of these weights, if there was one: {problem}"
        )
    return [*(w for w in run.warnings if w != run.record.error), *sentences]
