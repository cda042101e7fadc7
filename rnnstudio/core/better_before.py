"""Whether a run ends worse than it was at its best evaluation, whose weights can be had back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.number_text import number_text, percent_text
from rnnstudio.core.wording import metric_label


@dataclass(frozen=True)
class BetterBefore:
    """A metric of the final weights that was better at the best evaluation.

    Attributes:
        metric: Its flat name; of the validation set, else of the test set.
        value: Its value with the final weights.
        best: Its value at the best evaluation.
        update: Number of updates before that.
        unit: Its unit; empty where there is none.
    """

    metric: str
    value: float
    best: float
    update: int
    unit: str = ""

    @property
    def on_test(self) -> bool:
        """Whether there is no validation set, so that a choice of these weights is one on the test set."""
        return self.metric.startswith("test_")

    def sentence(self, *, chosen_on_test: bool = False) -> str:
        """Return it in words.

        Args:
            chosen_on_test: Whether a choice of the run was made on the test set.

        >>> BetterBefore("val_accuracy", 0.696, 0.839, 3500).sentence()
        'Validation accuracy 69.6%; it was 83.9% at update 3,500.'
        """
        text = _texts(self.metric)
        unit = f" {self.unit}" if self.unit else ""
        label = f"{metric_label(self.metric)}{mark(self.metric, chosen_on_test)}"
        choice = ", but to keep the weights of that update would be a choice on the test set" if self.on_test else ""
        return f"{label} {text(self.value)}{unit}; it was {text(self.best)} at update {self.update:,}{choice}."


def better_before(
    metrics: Mapping[str, float], evaluations: Iterable[Mapping[str, float]], info: DataInfo
) -> BetterBefore | None:
    """Return the accuracy, or error, that was better at the best evaluation; None where it was not.

    Differences that four digits do not show are none.

    Args:
        metrics: Metrics of the final weights, with `best_update`.
        evaluations: The evaluations of the training, each with its `step`.
        info: The data.
    """
    update = metrics.get("best_update")
    split = "val" if "best_val_loss" in metrics else "test"
    name = "accuracy" if info.classes else "rmse" if len(info.target_names) == 1 else "loss"
    metric = f"{split}_{name}"
    at_best = next((e for e in evaluations if e["step"] == update), {})
    if update is None or metric not in metrics or metric not in at_best:
        return None
    value, best = metrics[metric], at_best[metric]
    is_better = best > value if info.classes else best < value
    text = _texts(metric)
    if not is_better or text(value) == text(best):
        return None
    return BetterBefore(metric, value, best, int(update), info.unit if name == "rmse" else "")


def _texts(metric: str) -> Callable[[float], str]:
    """Return the function that writes values of a metric."""
    return percent_text if metric.endswith("accuracy") else number_text
