"""Settings that may help a run that is hardly better than its best baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rnnstudio.core.baselines import BaselineComparison, compare_with_baseline
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.experiment import Experiment, schema
from rnnstudio.core.period_text import period_text
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE

ENOUGH_SKILL = 0.1  # skill score from which on nothing is suggested
_VAL_FRACTION, _PATIENCE = 0.1, 10
_MIN_VAL_WINDOWS, _MIN_VAL_SEQUENCES = 30, 5  # windows in all; sequences of each class
_MAX_WINDOW = 200  # steps, through which a network still learns in reasonable time
_MAX_WINDOW_SHARE = 0.05  # of all rows, so that windows also fit into a validation set
_TWO_SEASONS = 24  # steps of the longest season of which two are read
_LONG_SEQUENCE, _SAMPLES_IN_STEP, _MIN_STEPS = 100, 8, 25
_STILL_FALLING = 0.9  # share of the updates: a best evaluation after it was not the end of the descent
_LONGER = 3  # times as many updates


@dataclass(frozen=True)
class Suggestion:
    """Settings that may help, and the reason.

    Attributes:
        settings: Values by flat name.
        reason: One sentence without names of settings.
    """

    settings: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class _Case:
    """What the rules know of a run."""

    experiment: Experiment
    info: DataInfo
    metrics: Mapping[str, float]
    comparison: BaselineComparison
    updates: int
    settings: Mapping[str, Any]  # all of the experiment, by flat name

    @property
    def rows(self) -> int:
        """About as many rows as the windows of one long series cover, or of several in the mean."""
        return self.rows_of(sum(self.info.windows.values()))

    def rows_of(self, windows: int) -> int:
        """Return about as many rows as the beginnings of windows cover, of several series in the mean."""
        return windows * int(self.settings.get("stride") or 1) // max(1, len(self.info.series))


def suggestions(
    experiment: Experiment,
    info: DataInfo,
    metrics: Mapping[str, float],
    baselines: Mapping[str, Mapping[str, float]],
    updates: int = 0,
) -> list[Suggestion]:
    """Return settings that may help, each with its reason; none where the run is clearly better than every baseline.

    Only settings that the experiment has are suggested, with values that it does not hold yet. The rules read sizes of
    the data and the metrics, no values of the test set.

    Args:
        experiment: All settings of the run.
        info: Names and sizes of the data.
        metrics: The run's metrics by flat name.
        baselines: The metrics of each baseline by the baseline's name.
        updates: Number of updates; 0 where unknown.
    """
    comparison = compare_with_baseline(metrics, baselines)
    if comparison is None or comparison.skill >= ENOUGH_SKILL:
        return []
    case = _Case(experiment, info, metrics, comparison, updates, experiment.flat())
    possible = schema(experiment.data.dataset, experiment.model.cell).keys()
    found = []
    for rule in _RULES:
        suggestion = rule(case)
        if suggestion is None or not suggestion.settings.keys() <= possible:
            continue
        changed = {name: value for name, value in suggestion.settings.items() if case.settings[name] != value}
        if changed:
            found.append(Suggestion(changed, suggestion.reason))
    return found


def _validation(case: _Case) -> Suggestion | None:
    """Hold out a validation set, where the data can give one, and keep the weights that are best on it."""
    kept = {"restore_best_weights": True, "patience": case.settings["patience"] or _PATIENCE}
    if case.info.windows.get("val"):
        return Suggestion(
            kept,
            "Stop when the loss on the validation set no longer improves, and keep the weights that were best there.",
        )
    if not _can_be_held_out(case):
        return None
    what = "rows before the test set" if case.info.is_windowed else "training sequences"
    return Suggestion(
        {"val_fraction": _VAL_FRACTION, **kept},
        f"Hold out {_VAL_FRACTION:.0%} of the {what}, stop when the loss on them no longer improves, and keep the "
        "weights that were best there.",
    )


def _can_be_held_out(case: _Case) -> bool:
    """Return whether a share of the training set leaves enough windows, or sequences of each class."""
    train = case.info.windows["train"]
    if not case.info.is_windowed:
        return train * _VAL_FRACTION >= _MIN_VAL_SEQUENCES * max(1, len(case.info.classes))
    stride = int(case.settings.get("stride") or 1)
    reach = 0 if case.settings.get("test_context") == "reach_back" else case.info.window * case.info.frame
    return case.rows * _VAL_FRACTION >= reach + _MIN_VAL_WINDOWS * stride


def _season(case: _Case) -> Suggestion | None:
    """Read a season in each window."""
    info = case.info
    if not info.period or not info.is_windowed or info.window * info.frame >= info.period:
        return None
    seasons = 2 if info.period <= _TWO_SEASONS else 1
    window = -(-seasons * info.period // info.frame)
    smallest = case.rows_of(min(count for count in info.windows.values() if count))
    fits = window * info.frame <= _MAX_WINDOW_SHARE * case.rows and (window - info.window) * info.frame < smallest // 2
    if window > _MAX_WINDOW or not fits:
        return None
    length = period_text(info.period, info.frequency, info.step_name)
    whole = f"a whole season, {length}," if seasons == 1 else f"two whole seasons, {length} each,"
    return Suggestion({"window": window}, f"Read {whole} in each window.")


def _linear_part(case: _Case) -> Suggestion | None:
    """Predict the change from the last value, beside a linear function of the window."""
    info, settings = case.info, case.settings
    if info.task != "forecast" or settings["linear_skip"] or not set(info.target_names) <= set(info.features):
        return None
    relative = {name: settings[name] for name in ("predict_change", "scale_windows")}
    relative = {name: "last_value" if value == "none" else value for name, value in relative.items()}
    return Suggestion(
        {**relative, "linear_skip": True},
        "Start from a linear forecast of the change, so that the network learns only what that leaves.",
    )


def _long_sequences(case: _Case) -> Suggestion | None:
    """Shorten long sequences to fewer steps, and read them as a whole."""
    info = case.info
    if (
        info.task not in TASKS_PER_SEQUENCE
        or info.window <= _LONG_SEQUENCE
        or info.frame > 1
        or "frame" not in case.settings
    ):
        return None
    frame = max(2, min(_SAMPLES_IN_STEP, info.window // _MIN_STEPS))
    return Suggestion(
        {"frame": frame},
        f"Let {frame} samples form a step: {info.window:,} steps are many for a recurrent network.",
    )


def _whole_sequences(case: _Case) -> Suggestion | None:
    """Read sequences in both directions, with the outputs of all steps."""
    if case.info.task not in TASKS_PER_SEQUENCE:
        return None
    return Suggestion(
        {"bidirectional": True, "pooling": "mean"},
        "Read each sequence in both directions, and average the outputs of all its steps.",
    )


def _rare_classes(case: _Case) -> Suggestion | None:
    """Let rare classes count as much as frequent ones, where the network predicts hardly any of them."""
    recall = case.metrics.get(f"{case.comparison.split}_balanced_accuracy")
    if recall is None or recall > 1.2 / len(case.info.classes):
        return None
    return Suggestion(
        {"class_weight": "balanced"},
        "Let rare classes count as much as frequent ones in the loss: the network predicts hardly any of them.",
    )


def _scaled(case: _Case) -> Suggestion | None:
    """Scale values to a size that a network learns."""
    if case.settings["scale"] != "none" or case.info.classes:
        return None
    return Suggestion({"scale": "standard"}, "Scale the values to mean 0 and standard deviation 1.")


def _longer(case: _Case) -> Suggestion | None:
    """Train longer where the loss on held-out data was still falling at the end."""
    best = case.metrics.get("best_update")
    if not case.updates or best is None or best < _STILL_FALLING * case.updates or not case.info.windows.get("val"):
        return None
    name = "updates" if case.settings["updates"] else "epochs"
    return Suggestion(
        {name: _LONGER * case.settings[name]},
        "Train three times as long: the validation loss was still falling at the end.",
    )


_RULES: tuple[Callable[[_Case], Suggestion | None], ...] = (
    _validation,
    _season,
    _linear_part,
    _long_sequences,
    _whole_sequences,
    _rare_classes,
    _scaled,
    _longer,
)
