"""Where the windows of each set lie, computed from the settings alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.combinations.rows import Rows, names_of

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """The windows of all series.

    Attributes:
        samples: Rows in a window.
        offset: Rows from the start of a window to its first target.
        steps: Targets of a window.
        each_step: Whether each row has a target.
        begins: First row of validation and of test set, and number of rows, of each series that is trained on.
        starts: First row of each window, by set and series.
    """

    samples: int
    offset: int
    steps: int
    each_step: bool
    begins: dict[str, tuple[int, int, int]]
    starts: dict[str, dict[str, Ints]]

    @property
    def total(self) -> int:
        """Rows from the start of a window to the end of its inputs and targets."""
        return max(self.samples, self.offset + self.steps)

    def split(self) -> str:
        """Return the set that metrics are computed on: test, else validation, else training set."""
        return next(name for name in ("test", "val", "train") if any(map(len, self.starts[name].values())))

    def target_rows(self, split: str, series: str, *, only_last: bool) -> Ints:
        """Return the rows that the windows of a set predict, `(windows, targets)`."""
        steps = np.arange(self.steps)[-1:] if only_last else np.arange(self.steps)
        return self.starts[split][series][:, None] + self.offset + steps

    def covered(self, series: str) -> NDArray[np.bool_]:
        """Return which rows of a series are in the inputs or targets of training windows."""
        rows = np.zeros(self.begins[series][2], bool)
        for start in self.starts["train"][series]:
            rows[start : start + self.total] = True
        return rows


def share(rows: int, fraction: float) -> int:
    """Return the whole rows in a share."""
    return int(np.floor(round(rows * fraction, 9)))


def reads_own_past(settings: Mapping[str, Any]) -> bool:
    """Return whether each row predicts the next one, because what is predicted is an input (regress, label)."""
    targets, features = names_of(settings["target"]), names_of(settings.get("features"))
    if settings["task"] == "regress":
        return not features or not set(targets).isdisjoint(features)
    return settings["task"] == "label" and targets[0] in features


def layout_of(rows: Mapping[str, Rows], settings: Mapping[str, Any], *, several: bool) -> Layout:
    """Return the windows of a file.

    Args:
        rows: The rows of each series.
        settings: The settings, those that were automatic with the values of the run.
        several: Whether there are several series, also if only one is long enough.
    """
    forecasts = settings["task"] == "forecast"
    samples = settings["window"] * (settings["frame"] if forecasts else 1)
    offset = samples if forecasts else int(reads_own_past(settings))
    steps = settings["horizon"] if forecasts else settings["window"]
    layout = Layout(samples, offset, steps, not forecasts, {}, {"train": {}, "val": {}, "test": {}})
    begins = _bounds(rows, settings, layout.total, several)
    for name, bounds in begins.items():
        if several and bounds[0] < layout.total:
            continue  # too short for a training window
        layout.begins[name] = bounds
        for split, begin, end in zip(("train", "val", "test"), (0, *bounds[:2]), bounds, strict=True):
            layout.starts[split][name] = _starts(layout, settings, split, begin, end)
    return layout


def _bounds(
    rows: Mapping[str, Rows], settings: Mapping[str, Any], total: int, several: bool
) -> dict[str, tuple[int, int, int]]:
    fractions = settings["test_fraction"], settings["val_fraction"]
    fitting = {name: own for name, own in rows.items() if len(own.truth) >= total}
    if several and settings["split_by"] == "date" and all(own.times is not None for own in fitting.values()):
        stamps = np.unique(np.concatenate([own.times for own in fitting.values()]))
        test = len(stamps) - share(len(stamps), fractions[0])
        val = test - share(len(stamps), fractions[1])
        dates = [stamps[i] if i < len(stamps) else None for i in (val, test)]
        return {
            name: (
                *(len(own.times) if date is None else int((own.times < date).sum()) for date in dates),
                len(own.times),
            )
            for name, own in fitting.items()
        }  # type: ignore[misc]
    bounds = {}
    for name, own in fitting.items():
        test = len(own.truth) - share(len(own.truth), fractions[0])
        bounds[name] = (test - share(len(own.truth), fractions[1]), test, len(own.truth))
    return bounds


def _starts(layout: Layout, settings: Mapping[str, Any], split: str, begin: int, end: int) -> Ints:
    """Return where the windows of a set begin.

    With reach_back the first target of a forecast is the first row of the set; with a target at each row, every row of
    the set is the last target of one window.
    """
    stride = settings["stride"]
    if split == "train" or settings["test_context"] == "inside":
        return np.arange(begin, end - layout.total + 1, stride)
    if layout.each_step:
        last = np.arange(begin, end)  # the rows that are predicted
        starts = last - (layout.offset + layout.steps - 1)
        return starts[starts >= 0]
    first = np.arange(begin, end - layout.steps + 1, stride)
    return first - layout.offset
