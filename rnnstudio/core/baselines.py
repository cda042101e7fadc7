"""Baselines: predictions that need no network, and the comparison of a run with the best of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.class_baseline import class_metrics, majority_class
from rnnstudio.core.known_targets import last_known_targets
from rnnstudio.core.metrics import RegressionMetrics, batches_of, without_padding
from rnnstudio.core.scaling import Scaler
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.core.several_series import each_series

_ORDER = ["last_value", "seasonal_last_value", "drift", "training_mean"]
Predict = Callable[[Ints], NDArray[Any]]  # from windows (n,) to predictions that broadcast to (n, steps, D)


@dataclass(frozen=True)
class BaselineComparison:
    """A metric of a run and the value that the best baseline reaches on the same windows.

    Attributes:
        metric: Flat name of the metric, such as `test_rmse`.
        value: The run's value.
        baseline: Name of the best baseline, such as `seasonal_last_value`.
        baseline_value: The value of the best baseline.
        skill: Skill score, `1 - error / baseline error`.
    """

    metric: str
    value: float
    baseline: str
    baseline_value: float
    skill: float

    @property
    def split(self) -> str:
        """The split that both are computed on: train, val or test."""
        return self.metric.partition("_")[0]

    @property
    def measure(self) -> str:
        """The metric without its split: rmse, scaled_mse or accuracy."""
        return self.metric.partition("_")[2]

    @property
    def is_better(self) -> bool:
        """Whether the run beats the best baseline."""
        return self.value > self.baseline_value if self.measure == "accuracy" else self.value < self.baseline_value


def compare_with_baseline(
    metrics: Mapping[str, float],
    baselines: Mapping[str, Mapping[str, float]],
    splits: Sequence[str] = ("test", "val", "train"),
) -> BaselineComparison | None:
    """Return the comparison of a run with the best baseline, or None where they share no metric.

    Compares the RMSE of values, where units differ their MSE in scaled units, and the accuracy of classes.

    Args:
        metrics: The run's metrics by flat name.
        baselines: Those of each baseline by its name.
        splits: Splits in the order in which they are tried.

    >>> comparison = compare_with_baseline(
    ...     {"test_rmse": 20.0}, {"last_value": {"test_rmse": 50.0}, "training_mean": {"test_rmse": 90.0}}
    ... )
    >>> comparison.baseline, comparison.baseline_value, comparison.skill
    ('last_value', 50.0, 0.6)
    """
    for split in splits:
        for measure in ("scaled_mse", "rmse", "accuracy"):
            metric = f"{split}_{measure}"
            values = {name: values[metric] for name, values in baselines.items() if metric in values}
            if metric not in metrics or not values:
                continue
            value = metrics[metric]
            if measure != "accuracy":
                best = min(values, key=lambda name: values[name])
                score = skill(value, values[best], squared=measure == "scaled_mse")
            else:
                best = max(values, key=lambda name: values[name])
                score = skill(1 - value, 1 - values[best])
            return BaselineComparison(metric, value, best, values[best], score)
    return None


def skill(error: float, baseline_error: float, *, squared: bool = False) -> float:
    """Return the skill score `1 - error / baseline_error`.

    1 is perfect, 0 is as good as the baseline, and values below 0 are worse than it.

    Args:
        error: Root mean squared error for values; share of misclassified targets for classes.
        baseline_error: The same of the baseline; the score is NaN where it is 0.
        squared: Whether both are mean squared errors, of which the roots are compared.

    >>> skill(1.0, 4.0)
    0.75
    """
    ratio = error / baseline_error if baseline_error > 0 else float("nan")
    return 1.0 - (float(np.sqrt(ratio)) if squared else ratio)


def evaluate_baselines(
    data: SequenceData, windows: Ints, scaler: Scaler | None = None, *, stateful: bool = False
) -> dict[str, dict[str, float]]:
    """Return the metrics of each baseline by the baseline's name; missing targets do not count.

    Errors of values are `rmse` and `mae` in original units, or `scaled_mse` and `scaled_mae` with a scaler.

    Classes have the baseline `majority_class`: the most frequent class of the training set. Values have
    `training_mean`. Where the targets come after their inputs there are also `last_value`, the last target known at
    the time of the prediction, and, where the season is known, `seasonal_last_value`, the value one season earlier.
    Both take the last value before where theirs is missing. A forecast has `drift` besides: the last value, and for
    each step ahead the mean change per step from the first value of the series to the last one before the forecast.
    Each of several series is predicted from its own values, as `baselines_of_each` says.

    Args:
        data: Sequences in original units.
        windows: Indices of the windows to predict, `(n,)`.
        scaler: That of the targets where their units differ, so that scaled errors are averaged; else None.
        stateful: Whether the network reads the set once from start to end, so that each step counts once, however many
            windows it is in.
    """
    if data.classes:
        each = [*each_series(data, windows)] if data.series else [(data, windows)]
        counts = np.sum([majority_class(series, own, stateful=stateful) for series, own in each if len(own)], axis=0)
        return {"majority_class": class_metrics(counts)}
    metrics: dict[str, RegressionMetrics] = {}
    for n, series, own, predictors in baselines_of_each(data, windows):
        of_series = None if scaler is None else scaler.of_series(n)
        for name, predict in predictors.items():
            errors = metrics.setdefault(name, RegressionMetrics())
            _evaluate(series, own, predict, errors, of_series, stateful=stateful)
    return {name: errors.result() if scaler is None else errors.scaled_result() for name, errors in metrics.items()}


def baseline_set(data: SequenceData) -> tuple[str, Ints]:
    """Return the set that the baselines are evaluated on: test, else validation, else training set; with its name."""
    splits = (("test", data.test), ("val", data.val), ("train", data.train))
    return next((name, windows) for name, windows in splits if len(windows))


def value_baselines(data: SequenceData, windows: Ints) -> dict[str, Predict]:
    """Return the baselines of one series or of separate sequences of values."""
    if not (data.autoregressive or data.target_offset):
        return {"training_mean": _training_mean(data)}
    seasonal = _seasonal_last_value(data, windows)
    return {
        "last_value": _last_value(data),
        **({} if seasonal is None else {"seasonal_last_value": seasonal}),
        **({"drift": _drift(data)} if data.task == "forecast" and data.one_series else {}),
        "training_mean": _training_mean(data),
    }


def baselines_of_each(
    data: SequenceData, windows: Ints
) -> Iterator[tuple[int, SequenceData, Ints, dict[str, Predict]]]:
    """Yield index, data set, windows and the baselines of values of each series that has some of these windows.

    Of one series, or of separate sequences, that is the data set itself. A series that begins less than a season before
    its first window is predicted by its last value where others have the seasonal baseline.
    """
    if not data.series:
        yield 0, data, windows, value_baselines(data, windows)
        return
    each = [(n, series, own) for n, (series, own) in enumerate(each_series(data, windows)) if len(own)]
    has_seasonal = any(_seasonal_last_value(series, own) is not None for _, series, own in each)
    for n, series, own in each:
        predictors = value_baselines(series, own)
        if has_seasonal and "last_value" in predictors:
            predictors.setdefault("seasonal_last_value", predictors["last_value"])
        yield n, series, own, {name: predictors[name] for name in sorted(predictors, key=_ORDER.index)}


def _evaluate(
    data: SequenceData,
    windows: Ints,
    predict: Predict,
    metrics: RegressionMetrics,
    scaler: Scaler | None = None,
    *,
    stateful: bool = False,
) -> None:
    """Add the errors of a baseline to its metrics, with a scaler in standard deviations."""
    last = -1  # position of the last target so far, of windows in the order of time
    for batch in batches_of(data, windows):
        truth = data.window_targets(batch)
        predicted, truth = without_padding(data, batch, np.broadcast_to(predict(batch), truth.shape), truth)
        if stateful:
            positions = data.target_positions(batch)
            is_new = positions > np.concatenate([[last], positions[:-1, -1]])[:, None]
            predicted, truth, last = predicted[is_new], truth[is_new], int(positions[-1, -1])
        if scaler is not None:
            predicted, truth = scaler.in_deviations(predicted), scaler.in_deviations(truth)
        metrics.add(predicted, truth)


def _training_mean(data: SequenceData) -> Predict:
    mean = training_mean(data)
    return lambda windows: mean


def training_mean(data: SequenceData) -> NDArray[np.float64]:
    """Return the mean of each target value over the training set, `(D,)`, in original units; missing ones left out."""
    total, count = np.zeros(data.targets.shape[-1]), np.zeros(data.targets.shape[-1])
    for batch in batches_of(data, data.train):
        (truth,) = without_padding(data, batch, data.window_targets(batch))
        values = truth.reshape(-1, truth.shape[-1])
        known = ~np.isnan(values)
        if not known.all():
            values = np.where(known, values, 0)
        total += values.sum(axis=0, dtype=np.float64)
        count += known.sum(axis=0)
    mean: NDArray[np.float64] = total / count
    return mean


def _last_known(data: SequenceData, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the last position known when the targets at `positions`, `(n, target_steps)`, are predicted.

    With a target at each step that is the step of the prediction, else the last step of the window.
    """
    if data.return_sequences:
        return positions - data.target_offset
    return np.broadcast_to(positions[:, :1] - 1, positions.shape)


def _known_values(data: SequenceData) -> NDArray[Any]:
    """Return the last known target at each sample, `(N * T, D)`; the training mean before the first."""
    series = last_known_targets(data)
    if not data.missing_targets:
        return series
    return np.where(np.isnan(series), _training_mean(data)(data.train), series)


def _last_value(data: SequenceData) -> Predict:
    series = _known_values(data)
    return lambda windows: series[_last_known(data, data.target_positions(windows))]


def _drift(data: SequenceData) -> Predict:
    """Return the line from the first value of one series to the last one known, continued (Hyndman's drift method)."""
    observed = last_known_targets(data)
    known = ~np.isnan(observed)
    begin = np.where(known.any(axis=0), known.argmax(axis=0), 0)  # (D,)
    first = observed[begin, np.arange(observed.shape[1])].astype(np.float64)
    series = _known_values(data)

    def predict(windows: Ints) -> NDArray[Any]:
        positions = data.target_positions(windows)[..., None]  # (n, steps, 1)
        origin = positions[:, :1] - 1
        last = series[origin[..., 0]].astype(np.float64)  # (n, 1, D)
        elapsed = origin - begin
        slope = np.where(elapsed > 0, (last - first) / np.maximum(elapsed, 1), 0.0)
        drifted: NDArray[Any] = last + (positions - origin) * slope
        return drifted

    return predict


def _seasonal_last_value(data: SequenceData, windows: Ints) -> Predict | None:
    """Return the seasonal baseline; None where no season is known or the windows begin less than a season in."""
    if not data.period:
        return None
    series = _known_values(data)

    def season_before(windows: Ints) -> NDArray[np.int64]:
        positions = data.target_positions(windows)
        seasons = np.ceil((positions - _last_known(data, positions)) / data.period).astype(np.int64)
        return positions - seasons * data.period

    if season_before(windows[:1]).min() < 0:  # windows are in the order of time
        return None
    return lambda windows: series[season_before(windows)]
