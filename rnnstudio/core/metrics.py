"""The figures a run is judged by, and the naive answers they stand beside.

Losses are in the network's units, `rmse` and `mae` in the data's own. Figures are added up part by part, so that a
long series is never laid out in windows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.confusion import per_class
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps

_MOST_TARGETS = 1 << 20  # targets looked at together; bounds memory


class ClassificationMetrics:
    """Loss, accuracy and F1 over classes told bit by bit.

    Attributes:
        confusion: How often each class (row) was told as each (column), `(C, C)`.
    """

    def __init__(self, classes: int) -> None:
        self.confusion = np.zeros((classes, classes), np.int64)
        self._loss = 0.0

    def add(self, logits: NDArray[np.float32], truth: Ints) -> None:
        """Take in `logits`, `(..., C)`, and the true classes, `(...)`."""
        top = logits.max(axis=-1, keepdims=True)
        log_sum = np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]
        chosen = np.take_along_axis(logits, truth[..., None].astype(np.int64), axis=-1)[..., 0]
        self._loss += float(np.sum(log_sum - chosen, dtype=np.float64))
        classes = len(self.confusion)
        pairs = truth.ravel().astype(np.int64) * classes + logits.argmax(axis=-1).ravel()
        self.confusion += np.bincount(pairs, minlength=classes**2).reshape(classes, classes)

    def figures(self) -> dict[str, float]:
        """Return loss (softmax cross-entropy in nats), accuracy and macro F1, the mean over the classes there are."""
        count, right = int(self.confusion.sum()), int(np.trace(self.confusion))
        f1 = per_class(self.confusion).f1
        return {"loss": self._loss / count, "accuracy": right / count, "macro_f1": float(np.nanmean(f1))}


class RegressionMetrics:
    """Root mean square and mean absolute error, in the unit of what it is given, over values told bit by bit."""

    def __init__(self) -> None:
        self._squares = self._sizes = 0.0
        self._count = 0

    def add(self, told: NDArray[Any], truth: NDArray[Any]) -> None:
        """Take in two arrays of one shape."""
        gap = told.astype(np.float64) - truth
        self._squares += float(np.sum(gap**2))
        self._sizes += float(np.sum(np.abs(gap)))
        self._count += gap.size

    @property
    def mean_square(self) -> float:
        """Mean squared error."""
        return self._squares / self._count

    def figures(self) -> dict[str, float]:
        """Return `rmse` and `mae`."""
        return {"rmse": float(np.sqrt(self.mean_square)), "mae": self._sizes / self._count}


def batches_of(data: SequenceData, windows: Ints) -> Iterator[Ints]:
    """Yield these windows in parts small enough to be laid out."""
    size = max(1, _MOST_TARGETS // max(data.span, data.target_steps))
    yield from (windows[i : i + size] for i in range(0, len(windows), size))


def without_padding(data: SequenceData, windows: Ints, *values: NDArray[Any]) -> list[NDArray[Any]]:
    """Return `values`, one answer per window or per step of it, without the answers at padding."""
    lengths = data.window_lengths(windows) if data.return_sequences else None
    if lengths is None:
        return list(values)
    counts = np.arange(data.window) < lengths[:, None]
    return [v[counts] for v in values]


def baselines(data: SequenceData, part: Ints) -> dict[str, dict[str, float]]:
    """Return the naive answers for the windows `part`, by name, with their figures in the data's units.

    Classes: the most frequent class of the training part. Values: the mean of the training part; for values of a later
    step also the last value, and where a season is known the value one season back.
    """
    if data.classes:
        return {"majority_class": {"accuracy": _majority(data, part)}}
    answers = {"training_mean": _training_mean(data)}
    if data.autoregressive or data.target_offset:
        season = _season(data, part)
        seasonal = {} if season is None else {"seasonal_last_value": season}
        answers = {"last_value": _last_value(data), **seasonal, **answers}
    return {name: _errors(data, part, answer) for name, answer in answers.items()}


Answer = Callable[[Ints], NDArray[Any]]  # from windows to what is told for them, (n, steps, D)


def _majority(data: SequenceData, part: Ints) -> float:
    def counts(windows: Ints) -> NDArray[np.int64]:
        found = np.zeros(len(data.classes), np.int64)
        for some in batches_of(data, windows):
            (truth,) = without_padding(data, some, data.window_targets(some))
            found += np.bincount(truth.ravel(), minlength=len(found))
        return found

    there = counts(part)
    return float(there[counts(data.train).argmax()] / there.sum())


def _errors(data: SequenceData, part: Ints, answer: Answer) -> dict[str, float]:
    tally = RegressionMetrics()
    for some in batches_of(data, part):
        truth = data.window_targets(some)
        tally.add(*without_padding(data, some, np.broadcast_to(answer(some), truth.shape), truth))
    return tally.figures()


def _training_mean(data: SequenceData) -> Answer:
    total, count = np.zeros(data.targets.shape[-1]), 0
    for some in batches_of(data, data.train):
        (truth,) = without_padding(data, some, data.window_targets(some))
        flat = truth.reshape(-1, truth.shape[-1])
        total += flat.sum(axis=0, dtype=np.float64)
        count += len(flat)
    return lambda windows: total / count


def _known(data: SequenceData, positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the last step seen when the values at `positions` are told.

    For a value at every step that is the step before it, else the window's last.
    """
    if data.return_sequences:
        return positions - data.target_offset
    return np.broadcast_to(positions[:, :1] - 1, positions.shape)


def _last_value(data: SequenceData) -> Answer:
    series = flat_steps(data.targets)
    return lambda windows: series[_known(data, data.target_positions(windows))]


def _season(data: SequenceData, part: Ints) -> Answer | None:
    """Return the answer one season back; None where no season is known, or the part begins too early for one."""
    if not data.period:
        return None
    series = flat_steps(data.targets)

    def back(windows: Ints) -> NDArray[np.int64]:
        positions = data.target_positions(windows)
        seasons = np.ceil((positions - _known(data, positions)) / data.period).astype(np.int64)
        return positions - seasons * data.period

    if back(part[:1]).min() < 0:  # windows stand in the order of time
        return None
    return lambda windows: series[back(windows)]


def best_baseline(found: dict[str, dict[str, float]]) -> str:
    """Return the name of the naive answer that is hardest to beat."""
    return min(found, key=lambda name: found[name].get("rmse", -found[name].get("accuracy", 0.0)))


def skill(error: float, naive_error: float) -> float:
    """Return `1 - error / naive error`: 1 is perfect, 0 no better than the naive answer, below 0 worse.

    The error is the root mean square for values, and the share of wrong answers for classes.
    """
    return 1.0 - error / naive_error if naive_error > 0 else float("nan")
