"""The rules of the automatic settings: facts about the training set -> values and reasons.

They were chosen on series and sequences of many kinds, without a look at any test set of the user's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rnnstudio.core.experiment import Experiment, schema
from rnnstudio.core.training_facts import TrainingFacts

Chosen = dict[str, tuple[Any, str]]

_MAX_STEPS = 48  # of a window: a longer one is read in frames
_MIN_VAL_WINDOWS, _MIN_VAL_PER_CLASS = 30, 5  # fewer cannot choose weights
_VAL_SHARE = 0.1
_MAX_VAL_SHARE = 0.25  # of the training rows
_STRONG_SEASON = 0.4  # from this share of the error of the last value on, the seasonal value is the better start
_SEQUENCE_STEPS = 48  # of a long sequence, which is read in frames


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
    forecasts = facts.task == "forecast" and facts.past_is_input
    change = given.get("predict_change", "")
    if forecasts and not change:
        is_seasonal = facts.season > 1 and facts.seasonal_error < _STRONG_SEASON * facts.last_value_error
        longest = int(given.get("window", 0)) * int(given.get("frame", 1)) or facts.rows // 4
        change = "season" if is_seasonal and facts.season <= longest else "last_value"
        share = f"{facts.seasonal_error / facts.last_value_error:.0%}" if is_seasonal else ""
        reason = f"its error is {share} of that of the last value" if change == "season" else "the level may drift"
        chosen["predict_change"] = change, reason
    if forecasts:
        chosen["scale_windows"] = "last_value", "the level may drift"
        chosen["linear_skip"] = True, "the recurrent layers learn what a linear model leaves"
    if facts.task == "regress" and facts.past_is_input:
        chosen["predict_change"] = "last_value", "the level may drift"
    rows, reason = _window_rows(facts, change)
    frame = int(given.get("frame", 0)) or (math.ceil(rows / _MAX_STEPS) if facts.task == "forecast" else 1)
    window = int(given.get("window", 0)) or max(1, math.ceil(rows / frame))
    chosen["window"] = window, reason if frame == 1 else f"{reason}, in frames of {frame}"
    chosen["frame"] = frame, f"so that a window has at most {_MAX_STEPS} steps" if frame > 1 else ""
    samples = window * frame + facts.horizon
    stride = facts.stride or window * frame
    val_rows = max(math.ceil(_VAL_SHARE * facts.rows), (_MIN_VAL_WINDOWS - 1) * stride + facts.horizon)
    has_val = val_rows <= _MAX_VAL_SHARE * (facts.rows - samples)
    chosen["val_fraction"] = _val_fraction(facts, val_rows, has_val)
    has_val = has_val if "val_fraction" not in given else float(given["val_fraction"]) > 0
    windows = max(1, (facts.rows - has_val * val_rows - samples) // stride + 1) * facts.series
    if forecasts and not has_val:  # the linear part is fitted already: little is learned without fitting noise
        return chosen | _training(windows, given, has_val=False, epochs=10, least=60, most=2000, learning_rate=0.001)
    return chosen | _training(windows, given, has_val=has_val, epochs=60, most=2000, learning_rate=0.003)


def _window_rows(facts: TrainingFacts, change: str) -> tuple[int, str]:
    """Return the rows of a window, and why so many."""
    season, limit = facts.season, max(4, facts.shortest // 5)
    if facts.task == "label":
        rows, reason = 64, "for steps with a class"
    elif not season:
        rows, reason = 24, "no season was found"
    elif season <= 24:
        rows, reason = 2 * season, f"two seasons of {season} rows"
    elif season <= 60:
        rows, reason = season + season // 4, f"a season of {season} rows and a quarter"
    else:
        rows, reason = 48, f"a season of {season:,} rows is long"
    if change == "season" and rows < season:
        rows, reason = season, f"a season of {season:,} rows"
    if rows < min(facts.horizon, 96):
        rows, reason = min(facts.horizon, 96), f"as long as the horizon of {facts.horizon}"
    if rows > limit and not (change == "season" and limit < season):
        rows, reason = limit, f"a fifth of {facts.shortest:,} training rows"
    return rows, reason


def _val_fraction(facts: TrainingFacts, val_rows: int, has_val: bool) -> tuple[float, str]:
    if not has_val:
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
        frame = min(facts.shortest, max(1, math.ceil(facts.rows / _SEQUENCE_STEPS)))
        chosen["frame"] = frame, f"{facts.rows:,} samples become {facts.rows // frame:,} steps" if frame > 1 else ""
        chosen["bidirectional"] = not given.get("stateful", False), "a sequence is known to its end"
        chosen["pooling"] = "mean", "every step counts for the class" if facts.classes else "every step counts"
    has_val = facts.smallest_class * _VAL_SHARE >= 1 and facts.sequences >= _MIN_VAL_WINDOWS
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
    return chosen | _training(count, given, has_val=has_val, epochs=100, most=3000, learning_rate=0.003)


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
