"""The rules of the automatic settings: facts about the training set -> values and reasons.

They were chosen on series and sequences of many kinds, without a look at any test set of the user's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rnnstudio.core.experiment import Experiment, schema
from rnnstudio.core.linear_trials import Trial
from rnnstudio.core.training_facts import LONG_SERIES, TrainingFacts

Chosen = dict[str, tuple[Any, str]]

LEVELS = (80, 95)  # of the bands of a forecast
_MAX_STEPS = 48  # of a window: a longer one is read in frames
_VAL_WINDOWS, _MIN_VAL_WINDOWS = 30, 8  # of a validation set: what it should have, and what it must
_MIN_VAL_PER_CLASS = 5  # fewer sequences cannot choose weights
_VAL_SHARE = 0.1
_MAX_VAL_SHARE = 0.25  # of the training rows
_GAIN = 0.97  # another window, or logarithms, must be better by this factor
_SEQUENCE_STEPS = 64  # of a sequence: convolutional layers make fewer steps of more
_MANY_SEQUENCES, _VERY_MANY_SEQUENCES = 1000, 20_000
_CONVOLVED_STEPS = 96  # after the convolutional layers, at most
_ROTATION = 23.0  # degrees, of sensors that persons wear


def choices_for(experiment: Experiment, facts: TrainingFacts) -> Chosen:
    """Return value and reason of each automatic setting of an experiment, in the order of a form.

    Args:
        experiment: The experiment; a setting that is not automatic keeps its value.
        facts: Facts about its training set.
    """
    given = {name: value for name, value in experiment.flat().items() if name not in experiment.automatic}
    rules = _of_windows if facts.windowed else _of_sequences
    chosen = rules(facts, given)
    fields = schema(experiment.data.dataset, experiment.model.cell)
    return {name: chosen.get(name, (fields[name].default, "")) for name in fields if name in experiment.automatic}


def _of_windows(facts: TrainingFacts, given: Mapping[str, Any]) -> Chosen:
    """Return the choices for windows of one or several long series."""
    chosen: Chosen = {"scale": ("standard", "so that all columns have one size")}
    trial = _best_trial(facts, given)
    if trial is not None:
        if trial.logarithms:
            chosen["scale"] = "log", "a linear model forecasts the logarithms better"
        chosen["calendar"] = trial.calendar, "it helps a linear forecast" if trial.calendar else ""
        chosen["scale_windows"] = "last_value", "the level may drift"
        chosen["linear_skip"] = True, "the recurrent layers learn what a linear model leaves"
        if given.get("multi_step") != "recursive":
            chosen["freeze_linear_skip"] = True, "updates of its many weights would add noise"
        chosen["units"] = 16, "beside the linear part, few units are enough"
    if facts.past_is_input:
        chosen["predict_change"] = "last_value", "the level may drift"
    if facts.task == "forecast":
        chosen["levels"] = list(LEVELS), "the usual levels"
    rows, reason = (trial.rows, _reason(trial)) if trial is not None else _window_rows(facts)
    if rows > (longest := _longest_window(facts, given)):
        rows, reason = longest, "so that windows fit into the test set"
    frame = int(given.get("frame", 0)) or (math.ceil(rows / _MAX_STEPS) if facts.task == "forecast" else 1)
    window = int(given.get("window", 0)) or max(1, math.ceil(rows / frame))
    chosen["window"] = window, reason if frame == 1 else f"{reason}, in frames of {frame}"
    chosen["frame"] = frame, f"so that a window has at most {_MAX_STEPS} steps" if frame > 1 else ""
    samples = window * frame + facts.horizon
    stride = facts.stride or window * frame
    inside = given.get("test_context") == "inside"
    val_rows = _val_rows(facts, samples, stride, samples if inside else facts.horizon)
    chosen["val_fraction"] = _val_fraction(facts, val_rows)
    has_val = val_rows > 0 if "val_fraction" not in given else float(given["val_fraction"]) > 0
    windows = max(1, (facts.rows - has_val * val_rows - samples) // stride + 1) * facts.series
    if trial is not None and not has_val:  # the linear part is fitted already: little is learned without fitting noise
        return chosen | _training(windows, given, has_val=False, epochs=10, least=60, most=2000, learning_rate=0.001)
    return chosen | _training(windows, given, has_val=has_val, epochs=60, most=2000, learning_rate=0.003)


def _best_trial(facts: TrainingFacts, given: Mapping[str, Any]) -> Trial | None:
    """Return the linear forecast to follow among those that the given settings allow; None without one.

    Logarithms and the calendar, and in a long series a longer window, are chosen where they are better by a margin.
    """
    scale, calendar = given.get("scale"), given.get("calendar")
    longest = _longest_window(facts, given)
    best: Trial | None = None
    for trial in sorted(facts.trials, key=lambda trial: (trial.logarithms, trial.calendar, trial.rows)):
        if (scale is not None and trial.logarithms != (scale == "log")) or calendar not in (None, trial.calendar):
            continue
        if best is not None and trial.rows > longest:
            continue
        needs_gain = facts.rows >= LONG_SERIES or (best is not None and trial.inputs != best.inputs)
        if best is None or trial.error < (_GAIN if needs_gain else 1.0) * best.error:
            best = trial
    return best


def _longest_window(facts: TrainingFacts, given: Mapping[str, Any]) -> int:
    """Return the most rows of a window that still fits the test set, where its windows lie inside it."""
    test_rows = facts.total_rows - facts.rows
    if given.get("test_context") != "inside" or not test_rows:
        return facts.rows
    return max(1, test_rows - facts.horizon)


def _reason(trial: Trial) -> str:
    what = "their logarithms" if trial.logarithms else "them"
    return f"a linear forecast from {what} has {trial.error:.0%} of the error of the last value"


def _window_rows(facts: TrainingFacts) -> tuple[int, str]:
    """Return the rows of a window where no linear forecast was tried, and why so many."""
    season, limit = facts.season, max(4, facts.shortest // 5)
    if facts.task == "label":
        rows, reason = 64, "for steps with a class"
    elif 0 < season <= 24:
        rows, reason = 2 * season, f"two seasons of {season} rows"
    elif 0 < season <= 60:
        rows, reason = season + season // 4, f"a season of {season} rows and a quarter"
    else:
        rows, reason = 24, f"a season of {season:,} rows is long" if season else "no season was found"
    return (limit, f"a fifth of {facts.shortest:,} training rows") if rows > limit else (rows, reason)


def _val_rows(facts: TrainingFacts, samples: int, stride: int, first: int) -> int:
    """Return the rows of the validation set, of which the first window takes `first`; 0 where there are too few."""
    room = int(_MAX_VAL_SHARE * (facts.rows - samples))
    wanted = max(math.ceil(_VAL_SHARE * facts.rows), (_VAL_WINDOWS - 1) * stride + first)
    least = (_MIN_VAL_WINDOWS - 1) * stride + first
    return min(wanted, room) if room >= least else 0


def _val_fraction(facts: TrainingFacts, val_rows: int) -> tuple[float, str]:
    if not val_rows:
        return 0.0, (
            f"{facts.rows:,} training rows cannot spare {_MIN_VAL_WINDOWS} windows, so the last weights are kept"
        )
    share = math.ceil(1000 * val_rows / facts.total_rows) / 1000
    return share, f"{val_rows:,} rows before the test set choose the weights"


def _of_sequences(facts: TrainingFacts, given: Mapping[str, Any]) -> Chosen:
    """Return the choices for separate sequences."""
    chosen: Chosen = {"scale": ("standard", "so that all features have one size")}
    per_sequence = facts.task in ("classify", "regress_sequence")
    if per_sequence:
        chosen["frame"] = 1, ""
        steps = facts.rows // int(given.get("frame", 1))
        convolves = steps > _SEQUENCE_STEPS and not given.get("stateful", False) and not given.get("conv_filters")
        stride = int(given.get("conv_stride", 0)) or max(2, math.ceil(math.sqrt(steps / _CONVOLVED_STEPS)))
        if convolves:
            convolved = math.ceil(math.ceil(steps / stride) / stride)
            chosen["conv_filters"] = 32, f"{steps:,} steps become {convolved:,}"
            chosen["conv_width"] = max(8, 2 * stride), ""
            chosen["conv_stride"] = stride, ""
        chosen["bidirectional"] = not given.get("stateful", False), "a sequence is known to its end"
        chosen["pooling"] = ("max", "a pattern may be anywhere") if convolves else ("mean", "every step counts")
    has_val = facts.smallest_class * _VAL_SHARE >= 1 and facts.sequences >= _VAL_WINDOWS
    share, taken = _VAL_SHARE, max(1, round(_VAL_SHARE * facts.smallest_class))
    if has_val and taken < _MIN_VAL_PER_CLASS:
        share = math.ceil(100 * _MIN_VAL_PER_CLASS / facts.smallest_class) / 100
        has_val = share <= _MAX_VAL_SHARE
    if facts.groups and round(share * facts.groups) < 1:
        has_val = False
    what = "persons" if facts.groups else "sequences"
    chosen["val_fraction"] = (
        (share, f"{share:.0%} of the {what} choose the weights")
        if has_val
        else (0.0, f"{facts.sequences:,} sequences cannot spare {_MIN_VAL_PER_CLASS} of each class")
    )
    chosen["val_subjects"] = (max(1, round(_VAL_SHARE * facts.groups)), "a tenth of the persons choose the weights")
    given_val = [given[name] for name in ("val_fraction", "val_subjects") if name in given]
    has_val = bool(given_val[0]) if given_val else has_val
    count = round(facts.sequences * (1 - (share if has_val else 0)))
    if facts.classes:
        chosen["label_smoothing"] = 0.1, "probabilities that are not too sure"
    if count >= _MANY_SEQUENCES:
        chosen["dropout"] = 0.3, f"{count:,} sequences can be learned by heart"
    if count >= _VERY_MANY_SEQUENCES:
        chosen["units"] = 64, f"{count:,} sequences show more than 32 units can learn"
    if facts.sensors and facts.groups:
        chosen["rotation_std"] = _ROTATION, "persons wear a sensor at different angles"
    training = _training(count, given, has_val=has_val, epochs=100, least=1000, most=3500, learning_rate=0.003)
    if facts.groups:
        training["patience"] = 0, f"few {what} choose the weights, so the small last updates are tried, too"
    return chosen | training


def _training(
    windows: int,
    given: Mapping[str, Any],
    *,
    has_val: bool,
    epochs: int,
    most: int,
    learning_rate: float,
    least: int = 300,
) -> Chosen:
    """Return the choices for the training itself.

    Args:
        windows: Windows or sequences in the training set.
        given: The values of settings that are not automatic.
        has_val: Whether there is a validation set.
        epochs: Passes over a small training set.
        most: The most updates of a large one.
        learning_rate: The learning rate.
        least: The fewest updates of a small one.
    """
    batch = int(given.get("batch_size", 0)) or int(min(64, max(16, 2 ** round(math.log2(max(1.0, windows / 30))))))
    batch = min(batch, windows)
    per_epoch = math.ceil(windows / batch)
    updates = int(min(most, max(least, epochs * per_epoch)))
    updates = int(given.get("updates", 0)) or int(given.get("epochs", 0)) * per_epoch or updates
    chosen: Chosen = {
        "batch_size": (batch, f"{windows:,} training windows"),
        "epochs": (math.ceil(updates / per_epoch), f"about {updates:,} updates for {windows:,} training windows"),
        "learning_rate": (learning_rate, ""),
        "schedule": ("cosine", "the last updates are small"),
        "clip_norm": (1.0, "an outlier cannot undo the training"),
        "evaluate_every": (max(1, updates // 40), ""),
    }
    if has_val:
        chosen["restore_best_weights"] = True, "chosen on the validation set"
        chosen["patience"] = 12, "evaluations on the validation set"
    return chosen
