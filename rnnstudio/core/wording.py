"""Labels of settings and metrics: the same text in form, tables, plots and the window's messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_SETS = {"train": "Training", "val": "Validation", "test": "Test"}
_MEASURES = {
    "loss": "loss",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro F1",
    "roc_auc": "ROC AUC",
    "average_precision": "average precision",
    "rmse": "RMSE",
    "mae": "MAE",
    "scaled_mse": "scaled MSE",
    "scaled_mae": "scaled MAE",
}
_OF_BANDS = ("coverage", "width")
_OTHER_METRICS = {"skill": "Skill score", "best_update": "Best update"}
_CHOICES: dict[str, dict[str, str]] = {
    "task": {
        "classify": "Classify sequences",
        "label": "Classify each step",
        "forecast": "Forecast",
        "regress": "Regress each step",
        "regress_sequence": "Regress sequences",
    },
    "restore_best_weights": {"false": "last", "true": "best"},
}
_ABBREVIATIONS = {"l2": "L2"}
_SCORES = {"rmse": "RMSE", "mae": "MAE", "mase": "MASE", "smape": "sMAPE", "crps": "CRPS", "wql": "WQL"}
_BASELINES = {
    "last_value": "naive last value",
    "seasonal_last_value": "seasonal naive",
    "ets": "ETS",
    "ridge": "ridge regression",
}


def metric_label(name: str) -> str:
    """Return the label of a metric.

    Args:
        name: Its flat name, such as `test_rmse`.

    >>> metric_label("test_rmse"), metric_label("best_val_loss"), metric_label("test_coverage_80")
    ('Test RMSE', 'Best validation loss', 'Test coverage of 80 % band')
    """
    if name in _OTHER_METRICS:
        return _OTHER_METRICS[name]
    if name.startswith("best_"):
        label = metric_label(name.removeprefix("best_"))
        return f"Best {label[0].lower()}{label[1:]}"
    group, _, measure = name.partition("_")
    if group in _SETS and measure in _MEASURES:
        return f"{_SETS[group]} {_MEASURES[measure]}"
    kind, _, level = measure.partition("_")
    if group in _SETS and kind in _OF_BANDS and level.isdigit():
        return f"{_SETS[group]} {kind} of {level} % band"
    return setting_label(name)


def score_label(name: str) -> str:
    """Return the label of a score of forecasts.

    Args:
        name: Its name, such as `mase` or `coverage_80`.

    >>> score_label("smape"), score_label("coverage_80")
    ('sMAPE', 'Coverage 80 %')
    """
    measure, _, level = name.partition("_")
    return f"{measure.capitalize()} {level} %" if level else _SCORES.get(name, setting_label(name))


def split_label(name: str) -> str:
    """Return the label of a split.

    Args:
        name: train, val or test.

    >>> split_label("val")
    'validation set'
    """
    return f"{_SETS[name].lower()} set"


def baseline_label(name: str) -> str:
    """Return the label of a baseline.

    Args:
        name: Its flat name, such as `seasonal_last_value`.

    >>> baseline_label("seasonal_last_value"), baseline_label("majority_class")
    ('seasonal naive', 'majority class')
    """
    return _BASELINES.get(name) or name.replace("_", " ")


def method_label(name: str) -> str:
    """Return the label of a method of a backtest: the network or a baseline.

    >>> method_label("network"), method_label("ets")
    ('network', 'ETS')
    """
    return name if name == "network" else baseline_label(name)


def outcome_label(outcome: str) -> str:
    """Return the label of the outcome of a run.

    >>> outcome_label("early_stopped"), outcome_label("completed")
    ('stopped early', 'completed')
    """
    return "stopped early" if outcome == "early_stopped" else outcome.replace("_", " ")


def setting_label(name: str) -> str:
    """Return the default label of a setting.

    Args:
        name: Its flat name, such as `learning_rate`.

    >>> setting_label("learning_rate"), setting_label("l2")
    ('Learning rate', 'L2')
    """
    words = name.replace("_", " ")
    return _ABBREVIATIONS.get(name) or words[:1].upper() + words[1:]


def choice_label(name: str, value: object) -> str:
    """Return the label of a value of a setting: the value itself where it has no other label.

    Args:
        name: Flat name of the setting, such as `task`.
        value: One of its values.

    >>> choice_label("task", "label"), choice_label("restore_best_weights", True), choice_label("cell", "lstm")
    ('Classify each step', 'best', 'lstm')
    """
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return _CHOICES.get(name, {}).get(text, text)


def enumeration(names: Sequence[object], conjunction: str = "and", most: int | None = None) -> str:
    """Return names or numbers as they are enumerated in a sentence, of more than `most` the first ones.

    >>> enumeration(["lstm"]), enumeration(["lstm", "mgu"]), enumeration(["gru", "lstm", "mgu"], "or")
    ('lstm', 'lstm and mgu', 'gru, lstm or mgu')
    >>> enumeration([2, 3, 5, 8], most=2)
    '2, 3 and 2 more'
    """
    if most is not None and len(names) > most:
        names = [*names[:most], f"{len(names) - most:,} more"]
    texts = [str(name) for name in names]
    return f" {conjunction} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def listed(names: Sequence[str], most: int) -> str:
    """Return names separated by commas, of very many the first ones.

    >>> listed(["a", "b"], 2), listed(["a", "b", "c", "d"], 2)
    ('a, b', 'a, b and 2 more')
    """
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def with_labels(message: str, labels: Mapping[str, str]) -> str:
    """Return a message with the labels of settings in place of their flat names.

    A name of several words is replaced wherever it stands, but not in quotes or in the name of a file. A name of one
    word, which may be plain English, is replaced only where it stands as a setting: see the examples.

    Args:
        message: A sentence about settings, such as the text of a `SettingError`.
        labels: Labels by flat name; also of values with several words, such as `day_first`.

    >>> with_labels("learning_rate must be a number above 0; received -1.", {"learning_rate": "Learning rate"})
    'Learning rate must be a number above 0; received -1.'
    >>> labels = {"missing": "Missing values", "max_gap": "Longest gap", "stateful": "Stateful"}
    >>> with_labels("Set max_gap to 72 to fill them, or missing to drop to leave out these steps.", labels)
    'Set Longest gap to 72 to fill them, or Missing values to drop to leave out these steps.'
    >>> with_labels("3 missing values were filled with the last value before (missing past).", labels)
    '3 missing values were filled with the last value before (Missing values: past).'
    >>> with_labels("Classes have weights (class_weight balanced).", {"class_weight": "Class weight"})
    'Classes have weights (Class weight: balanced).'
    >>> with_labels("run-2 (seed 1) cannot be read.", {"seed": "Seed"})
    'run-2 (seed 1) cannot be read.'
    >>> with_labels("The batch must be larger where stateful is true, in column 'max_gap' of max_gap.csv.", labels)
    "The batch must be larger where Stateful is true, in column 'max_gap' of max_gap.csv."
    """
    for name in sorted(labels, key=len, reverse=True):
        if name not in message:
            continue  # without a regular expression, of which there would be one for each setting
        label = labels[name]
        value = r"\w+" if "_" in name else r"[^\W\d]\w*"  # "seed 1" is plain English
        message = re.sub(rf"\({name} ({value})\)", rf"({label}: \1)", message)
        if "_" in name:
            message = re.sub(rf"(?<![\w'\"/\\-]){name}(?![\w'\"-]|\.\w)", label, message)
            continue
        message = re.sub(rf"\A{name}(?=[ :])", label, message)
        message = re.sub(rf"\b([Ss]et|[Tt]ry) {name}\b", rf"\1 {label}", message)
        message = re.sub(rf"\b(or|and) {name}(?= to \w)", rf"\1 {label}", message)
        message = re.sub(rf"\b(where|while|because) {name}(?= (?:is|must be) )", rf"\1 {label}", message)
    return with_task_labels(message)


def with_task_labels(text: str) -> str:
    """Return a text with the labels of tasks in place of their names.

    >>> with_task_labels("stateful needs task label or regress; received task forecast.")
    'stateful needs task "Classify each step" or "Regress each step"; received task "Forecast".'
    >>> with_task_labels("the values after each window (tasks forecast and classify)")
    'the values after each window (tasks "Forecast" and "Classify sequences")'
    """
    task = "|".join(_CHOICES["task"])

    def with_labels_of(match: re.Match[str]) -> str:
        return re.sub(rf"\b({task})\b", lambda name: f'"{choice_label("task", name[0])}"', match[0])

    return re.sub(rf"\b[Tt]asks? (to )?({task})\b( (and|or) ({task})\b)?", with_labels_of, text)
