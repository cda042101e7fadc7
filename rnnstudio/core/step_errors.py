"""The errors of forecasts at each step ahead, of a network and of the baselines on the same windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.baselines import baselines_of_each
from rnnstudio.core.metrics import batches_of
from rnnstudio.core.scaling import Scaler
from rnnstudio.core.sequence import Ints, SequenceData

if TYPE_CHECKING:
    import pandas as pd

Doubles = NDArray[np.float64]
_MAX_ROWS, _MAX_GROUPS = 12, 8  # steps of a compact table, and groups of steps where there are more


class StepSums:
    """Sums of errors at each step ahead, added up batch by batch; missing true values, which are NaN, do not count.

    Args:
        steps: Steps ahead.

    >>> sums = StepSums(2)
    >>> sums.add(np.array([[[1.0], [-2.0]], [[3.0], [np.nan]]]))
    >>> sums.mean_absolute.tolist()
    [2.0, 2.0]
    """

    def __init__(self, steps: int) -> None:
        self.counts = np.zeros(steps, np.int64)
        self._squares, self._absolutes = np.zeros(steps), np.zeros(steps)

    def add(self, errors: Doubles) -> None:
        """Add the errors of windows, `(n, steps, D)`."""
        known = ~np.isnan(errors)
        filled = np.where(known, errors, 0.0)
        self.counts += known.sum(axis=(0, 2))
        self._squares += (filled**2).sum(axis=(0, 2))
        self._absolutes += np.abs(filled).sum(axis=(0, 2))

    @property
    def root_mean_square(self) -> Doubles:
        """Root mean squared error at each step ahead; NaN where no true value is known."""
        return np.sqrt(self._mean(self._squares))

    @property
    def mean_absolute(self) -> Doubles:
        """Mean absolute error at each step ahead; NaN where no true value is known."""
        return self._mean(self._absolutes)

    def _mean(self, sums: Doubles) -> Doubles:
        return np.where(self.counts > 0, sums / np.maximum(self.counts, 1), np.nan)

    def errors(self) -> Doubles:
        """Return RMSE and MAE at each step ahead, `(2, steps)`."""
        return np.stack([self.root_mean_square, self.mean_absolute])


def has_step_errors(data: SequenceData) -> bool:
    """Return whether there are forecasts of several steps, and a set that no training sees to compare them on."""
    return data.task == "forecast" and data.target_steps > 1 and bool(len(data.test) or len(data.val))


def baseline_step_errors(data: SequenceData, windows: Ints, scaler: Scaler | None = None) -> dict[str, Doubles]:
    """Return RMSE and MAE of each baseline at each step ahead, `(2, steps)`, by its name.

    Args:
        data: Forecasts, in original units.
        windows: Indices of the windows, `(n,)`.
        scaler: That of the targets, for errors in scaled units; None for original units.
    """
    sums: dict[str, StepSums] = {}
    for n, series, own, predictors in baselines_of_each(data, windows):
        for name, predict in predictors.items():
            of_baseline = sums.setdefault(name, StepSums(data.target_steps))
            for batch in batches_of(series, own):
                truth = series.window_targets(batch).astype(np.float64)
                of_baseline.add(_differences(predict(batch), truth, None if scaler is None else scaler.of_series(n)))
    return {name: of_baseline.errors() for name, of_baseline in sums.items()}


def _differences(predicted: NDArray[Any], truth: Doubles, scaler: Scaler | None) -> Doubles:
    """Return errors in original units, or in those of a scaler."""
    if scaler is None:
        return predicted - truth
    return scaler.in_deviations(predicted) - scaler.in_deviations(truth)


@dataclass(frozen=True)
class StepErrors:
    """RMSE and MAE of forecasts at each step ahead on one set.

    Attributes:
        split: The set: test or val.
        scaled: Whether errors are in scaled units, as they are where the targets have different units.
        counts: Known true values at each step ahead, `(steps,)`.
        run: RMSE and MAE of the network, `(2, steps)`, see also `values`.
        baselines: Those of each baseline, by its name.
    """

    split: str
    scaled: bool
    counts: NDArray[np.int64]
    run: Doubles
    baselines: Mapping[str, Doubles] = field(default_factory=dict)

    @property
    def step_ahead(self) -> NDArray[np.int64]:
        """The steps ahead, from 1, `(steps,)`."""
        return np.arange(1, len(self.counts) + 1)

    @property
    def names(self) -> tuple[str, str]:
        """Names of both errors as columns of a table: rmse and mae, or scaled_mse and scaled_mae."""
        return ("scaled_mse", "scaled_mae") if self.scaled else ("rmse", "mae")

    @property
    def label(self) -> str:
        """Label of the first error: RMSE, or scaled MSE."""
        return "scaled MSE" if self.scaled else "RMSE"

    def values(self, baseline: str = "") -> Doubles:
        """Return both errors at each step ahead under `names`, `(2, steps)`, of the network or of a baseline."""
        root, absolute = self.baselines[baseline] if baseline else self.run
        return np.stack([root**2 if self.scaled else root, absolute])

    def frame(self) -> pd.DataFrame:
        """Return a data frame with a row for each step ahead.

        Columns: `step_ahead`, `split`, `targets` (known true values), `rmse` and `mae`, and those of each baseline,
        such as `last_value_rmse`; `scaled_mse` and so on where they are in scaled units.
        """
        import pandas as pd

        columns: dict[str, Any] = {"step_ahead": self.step_ahead, "split": self.split, "targets": self.counts}
        for baseline in ("", *self.baselines):
            named = zip(self.names, self.values(baseline), strict=True)
            columns |= {f"{baseline}_{name}" if baseline else name: values for name, values in named}
        return pd.DataFrame(columns)

    def rows(self) -> list[dict[str, Any]]:
        """Return the table as plain values, a dict for each step ahead."""
        return [{str(name): value for name, value in row.items()} for row in self.frame().to_dict("records")]

    def groups(self, most: int) -> Iterator[tuple[int, int, StepErrors]]:
        """Yield at most `most` groups of neighbouring steps: first step, last step, and the errors over all of it.

        >>> errors = StepErrors("test", False, np.array([1, 1, 2]), np.array([[3.0, 3.0, 4.0], [3.0, 3.0, 4.0]]))
        >>> [(first, last, group.run[1].tolist()) for first, last, group in errors.groups(2)]
        [(1, 2, [3.0]), (3, 3, [4.0])]
        """
        size = -(-len(self.counts) // most)
        for begin in range(0, len(self.counts), size):
            part = slice(begin, begin + size)
            counts = self.counts[part]

            def pooled(errors: Doubles, part: slice = part, counts: NDArray[np.int64] = counts) -> Doubles:
                root, absolute = (np.where(counts > 0, values, 0.0) for values in errors[:, part])
                total = counts.sum() or np.nan
                return np.array([[np.sqrt((counts * root**2).sum() / total)], [(counts * absolute).sum() / total]])

            baselines = {name: pooled(errors) for name, errors in self.baselines.items()}
            group = StepErrors(self.split, self.scaled, np.array([counts.sum()]), pooled(self.run), baselines)
            yield begin + 1, begin + len(counts), group

    def compact(self) -> list[tuple[str, StepErrors]]:
        """Return the errors for a small table: of each step ahead or, of many steps, of groups such as "13-24"."""
        most = _MAX_ROWS if len(self.counts) <= _MAX_ROWS else _MAX_GROUPS
        return [(f"{a:,}" if a == b else f"{a:,}-{b:,}", group) for a, b, group in self.groups(most)]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return all fields as arrays by name, for a file."""
        return {
            "split": np.array(self.split),
            "scaled": np.array(self.scaled),
            "counts": self.counts,
            "run": self.run,
            **{f"baseline_{name}": errors for name, errors in self.baselines.items()},
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> StepErrors:
        """Return the errors that `to_arrays` wrote.

        Raises:
            LookupError: The arrays are not those of errors.
        """
        baselines = {name.removeprefix("baseline_"): v for name, v in arrays.items() if name.startswith("baseline_")}
        return cls(str(arrays["split"]), bool(arrays["scaled"]), arrays["counts"], arrays["run"], baselines)
