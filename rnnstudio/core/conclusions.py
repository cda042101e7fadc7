"""What a run has reached, in sentences: the same ones in the window, on the command line, in Python and in R."""

from __future__ import annotations

from collections.abc import Mapping

from rnnstudio.core.baselines import BaselineComparison, compare_with_baseline, skill
from rnnstudio.core.better_before import BetterBefore
from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.decision import Decision
from rnnstudio.core.lag import LagErrors
from rnnstudio.core.number_text import number_text, percent_text
from rnnstudio.core.period_text import period_text
from rnnstudio.core.wording import baseline_label, metric_label

_MANY_TIMES = 1.5  # from this ratio on, an error is said to be so many times that of the baseline


def conclusions(
    metrics: Mapping[str, float],
    baselines: Mapping[str, Mapping[str, float]],
    info: DataInfo | None = None,
    lag: LagErrors | None = None,
    updates: int | None = None,
    *,
    decision: Decision | None = None,
    chosen_on_test: bool = False,
    restores_best: bool = False,
    initial: Mapping[str, float] | None = None,
    before: BetterBefore | None = None,
) -> list[str]:
    """Return sentences on the best baseline, on predictions that are late, and on the best evaluation.

    An asterisk marks the metrics that a choice on the test set affects; see `core.chosen_on_test`.

    Args:
        metrics: The run's metrics by flat name.
        baselines: The metrics of each baseline by the baseline's name.
        info: The data, for units and the names of times; None where unknown.
        lag: Errors against the last value; None where the run has none.
        updates: Number of updates; the best evaluation is named where it was before the last of them.
        decision: Of two classes the positive one; None for others.
        chosen_on_test: Whether early stopping or the best weights used the test set.
        restores_best: Whether the weights of the best evaluation were kept.
        initial: Metrics of the initial weights by flat name; None where unknown.
        before: What was better at the best evaluation, whose weights were not kept; None where nothing was.

    >>> conclusions({"test_rmse": 12.3}, {"last_value": {"test_rmse": 5.6}})
    ['Test RMSE 12.3 is 2.2 times the error of repeating the last value (5.6).']
    """
    sentences = []
    comparison = compare_with_baseline(metrics, baselines)
    if comparison is not None:
        sentences.append(comparison_sentence(comparison, info, mark(comparison.metric, chosen_on_test)))
    balanced = compare_balanced_accuracy(metrics, baselines)
    if balanced is not None:
        subject = (
            f"{metric_label(balanced.metric)}{mark(balanced.metric, chosen_on_test)} {percent_text(balanced.value)}"
        )
        other = f"{baseline_in_words(balanced.baseline, info)} ({percent_text(balanced.baseline_value)})"
        sentences.append(f"{subject} is better than that of {other}.")
    if lag is not None and lag.is_late:
        sentences.append(
            "The predictions follow the values one step late: they are close to the last value, and no better than "
            "repeating it."
        )
    if decision is not None and info is not None and any(name.endswith("roc_auc") for name in metrics):
        positive = info.classes[decision.positive]
        sentences.append(f"ROC AUC and average precision are those of {positive}, {decision.reason}.")
    if before is not None:
        sentences.append(before.sentence(chosen_on_test=chosen_on_test))
    elif updates is not None and metrics.get("best_update", updates) != updates:
        sentences += [
            _best_evaluation_sentence(metrics, name, mark(name, chosen_on_test), restores_best, initial or {})
            for name in ("best_test_loss", "best_val_loss")
            if name in metrics
        ]
    return sentences


def comparison_sentence(comparison: BaselineComparison, info: DataInfo | None = None, marked: str = "") -> str:
    """Return a sentence that compares a run with its best baseline.

    Args:
        comparison: The comparison.
        info: The data, for units and the names of times; None where unknown.
        marked: The mark behind the label of the metric.

    >>> comparison_sentence(BaselineComparison("test_accuracy", 0.8, "majority_class", 0.5, 0.6))
    'Test accuracy 80.0% is better than always predicting the most frequent class (50.0%): 60% fewer errors.'
    """
    if comparison.measure == "accuracy":
        return _accuracy_sentence(comparison, info, marked)
    value, baseline = comparison.value, comparison.baseline_value
    unit = f" {info.unit}" if info is not None and info.unit and comparison.measure == "rmse" else ""
    subject = f"{metric_label(comparison.metric)}{marked} {number_text(value)}{unit} is"
    other = f"{baseline_in_words(comparison.baseline, info)} ({number_text(baseline)})."
    if number_text(value) == number_text(baseline):
        return f"{subject} no better than {other}"
    if value < baseline:
        return f"{subject} {_share(1 - value / baseline)} better than {other}"
    if baseline <= 0:
        return f"{subject} worse than {other}"
    if value / baseline < _MANY_TIMES:
        return f"{subject} {_share(value / baseline - 1)} worse than {other}"
    times = value / baseline
    return (
        f"{subject} {times:.2g} times the error of {other}"
        if times < 100
        else f"{subject} {times:,.0f} times the error of {other}"
    )


def baseline_in_words(name: str, info: DataInfo | None = None) -> str:
    """Return what a baseline does, such as "repeating the value a week before".

    Args:
        name: Its flat name.
        info: The data, for the season; None where unknown.

    >>> baseline_in_words("last_value"), baseline_in_words("drift")
    ('repeating the last value', 'continuing the drift')
    """
    if name == "seasonal_last_value" and info is not None and info.period:
        return f"repeating the value {period_text(info.period, info.frequency, info.step_name)} before"
    return {
        "last_value": "repeating the last value",
        "seasonal_last_value": "repeating the value a season before",
        "drift": "continuing the drift",
        "training_mean": "predicting the training mean",
        "majority_class": "always predicting the most frequent class",
    }.get(name, f"the baseline {baseline_label(name)}")


def _accuracy_sentence(comparison: BaselineComparison, info: DataInfo | None, marked: str) -> str:
    value, baseline = comparison.value, comparison.baseline_value
    subject = f"{metric_label(comparison.metric)}{marked} {percent_text(value)} is"
    other = f"{baseline_in_words(comparison.baseline, info)} ({percent_text(baseline)})"
    if percent_text(value) == percent_text(baseline):
        return f"{subject} no better than {other}."
    if value > baseline:
        return f"{subject} better than {other}: {_share((value - baseline) / (1 - baseline))} fewer errors."
    if baseline >= 1:
        return f"{subject} worse than {other}."
    times = (1 - value) / (1 - baseline)
    errors = f"{times:.2g} times as many" if times >= _MANY_TIMES else f"{_share(times - 1)} more"
    return f"{subject} worse than {other}: {errors} errors."


def _best_evaluation_sentence(
    metrics: Mapping[str, float], name: str, marked: str, restores_best: bool, initial: Mapping[str, float]
) -> str:
    """Return a sentence on the best evaluation, `best_val_loss` or `best_test_loss`, whose weights may be kept."""
    value, update = number_text(metrics[name]), f"{int(metrics['best_update']):,}"
    if not restores_best:
        return f"{metric_label(name)}{marked}: {value}, at update {update}."
    monitored = name.removeprefix("best_")
    loss, lowest = metric_label(monitored), "the lowest"
    loss = f"{loss[0].lower()}{loss[1:]}{marked}"
    if initial.get(monitored, metrics[name]) < metrics[name]:
        lowest += f" of trained weights (that of the initial weights was {number_text(initial[monitored])})"
    kept = f"after update {update}" if metrics["best_update"] else "before the first update"
    return f"The weights {kept} were kept, because their {loss}, {value}, is {lowest}."


def _share(share: float) -> str:
    """Return a difference as a percentage without decimals, where these do not decide."""
    text = f"{share:.0%}"
    return percent_text(share) if share < 1 and text in ("0%", "100%") else text


def compare_balanced_accuracy(
    metrics: Mapping[str, float], baselines: Mapping[str, Mapping[str, float]]
) -> BaselineComparison | None:
    """Return the comparison of balanced accuracies where the accuracy is no better than that of the best baseline.

    Where a class is rare, predicting the most frequent one has a high accuracy, and finds none of the rare one.

    Args:
        metrics: The run's metrics by flat name.
        baselines: The metrics of each baseline by the baseline's name.
    """
    accuracies = compare_with_baseline(metrics, baselines)
    if accuracies is None or accuracies.measure != "accuracy" or accuracies.is_better:
        return None
    metric = f"{accuracies.split}_balanced_accuracy"
    value, best = metrics.get(metric), baselines[accuracies.baseline].get(metric)
    if value is None or best is None or value <= best:
        return None
    return BaselineComparison(metric, value, accuracies.baseline, best, skill(1 - value, 1 - best))
