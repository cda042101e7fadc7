"""Standard scores, also of logarithms: the scaler is fitted on the training windows and saved with the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.precision import Floats
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.settings import DataSettings
from rnnstudio.core.several_series import each_series

MAX_ROWS = 1 << 16  # rows scaled at once; bounds memory
MAX_OFFSET = 30.0  # standard deviations; float32 rounds a larger offset 30 times as much as the scaled values


@dataclass(frozen=True)
class Scaler:
    """Scaling of values from original units, `(x - mean) / scale`, or `(log(x) - mean) / scale`, and back.

    Attributes:
        mean: Mean of each feature, `(F,)`, in original units; `(N, F)` where each of N series is scaled on its own.
        scale: Standard deviation of each feature, of the same shape, in original units; 1 where a feature is constant.
        smallest: Of a feature whose logarithms are scaled, the smallest value that a logarithm is taken of: a smaller
            one counts as this one; 0 for other features. Of the same shape; None where there is no such feature.

    >>> scaler = Scaler(np.array([10.0]), np.array([2.0]))
    >>> scaler.apply(np.array([[12.0]])), scaler.invert(np.array([[1.0]]))
    (array([[1.]], dtype=float32), array([[12.]], dtype=float32))
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    smallest: NDArray[np.float64] | None = None

    @classmethod
    def identity(cls, features: int) -> Scaler:
        """Return the scaler that leaves values unchanged."""
        return cls(np.zeros(features), np.ones(features))

    @property
    def has_large_offset(self) -> bool:
        """Whether float32 holds values much less precisely in original than in scaled units."""
        return bool((np.abs(self.mean) > MAX_OFFSET * self.scale).any())

    @property
    def centre(self) -> NDArray[np.float64]:
        """The values in original units that are 0 in scaled units: means, and geometric means of logarithms."""
        return self._exponentials(self.mean)

    @property
    def is_identity(self) -> bool:
        """Whether scaled and original units are the same."""
        return self.smallest is None and not self.mean.any() and bool((self.scale == 1.0).all())

    def of_series(self, index: int) -> Scaler:
        """Return the scaler of one of several series, with mean and scale `(F,)`."""
        return self if self.mean.ndim == 1 else self[index]

    def __getitem__(self, index: Any) -> Scaler:
        """Return the scaler of some features or series, by an index into its arrays."""
        smallest = None if self.smallest is None else self.smallest[index]
        return Scaler(self.mean[index], self.scale[index], smallest)

    def logarithms(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values `(..., F)` with the logarithms of the features that have them, before mean and scale."""
        if self.smallest is None:
            return values
        logarithms = np.log(np.maximum(values, np.where(self.smallest > 0, self.smallest, 1.0), dtype=np.float64))
        return np.where(self.smallest > 0, logarithms, values)

    def in_deviations(self, values: NDArray[Any], series: NDArray[Any] | None = None) -> NDArray[np.float64]:
        """Return values, or their logarithms, in standard deviations: differences of these are scaled errors.

        Args:
            values: Values in original units, `(n, ..., F)`.
            series: As for `apply`.
        """
        own = self
        if self.mean.ndim == 2 and series is not None:
            own = self[(series, *[None] * (values.ndim - 2))]
        divided: NDArray[np.float64] = own.logarithms(values) / own.scale
        return divided

    def from_deviations(self, values: NDArray[Any], series: NDArray[Any] | None = None) -> NDArray[np.float64]:
        """Return values `(n, ..., F)` that `in_deviations` returned in original units again."""
        own = self
        if self.mean.ndim == 2 and series is not None:
            own = self[(series, *[None] * (values.ndim - 2))]
        return own._exponentials(values * own.scale)

    def of_columns(self, columns: Sequence[int]) -> Scaler:
        """Return the scaler of some of the features."""
        return self[..., list(columns)]

    def apply(self, values: NDArray[Any], series: NDArray[Any] | None = None) -> NDArray[np.float32]:
        """Return `values` in original units, `(..., F)`, in scaled units.

        Args:
            values: The values.
            series: Where each series has a scaler: the index of the series of each entry of the first axis, `(n,)`.
        """
        if self.mean.ndim == 2:
            return self._by_series(values, series, lambda scaler, part: scaler.apply(part), np.float32)
        return self._in_blocks(values, lambda rows: (self.logarithms(rows) - self.mean) / self.scale, np.float32)

    def invert(self, values: NDArray[Any], series: NDArray[Any] | None = None) -> Floats:
        """Return `values` in scaled units, `(..., F)`, in original units: float32, or float64 with a large offset.

        Args:
            values: The values.
            series: As for `apply`.
        """
        dtype = np.float64 if self.has_large_offset else np.float32
        if self.mean.ndim == 2:
            return self._by_series(values, series, lambda scaler, part: scaler.invert(part), dtype)
        return self._in_blocks(values, lambda rows: self._exponentials(rows * self.scale + self.mean), dtype)

    def _exponentials(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.smallest is None:
            return values
        logged = self.smallest > 0
        return np.where(logged, np.exp(np.where(logged, values, 0.0)), values)

    def _by_series(
        self,
        values: NDArray[Any],
        series: NDArray[Any] | None,
        transform: Callable[[Scaler, NDArray[Any]], NDArray[Any]],
        dtype: type[np.floating[Any]],
    ) -> NDArray[Any]:
        """Return the values, each transformed by the scaler of its series."""
        assert series is not None
        transformed = np.empty(values.shape, dtype)
        for index in np.unique(series):
            entries = np.flatnonzero(series == index)
            transformed[entries] = transform(self.of_series(int(index)), values[entries])
        return transformed

    def _in_blocks(
        self,
        values: NDArray[Any],
        transform: Callable[[NDArray[Any]], NDArray[np.float64]],
        dtype: type[np.floating[Any]],
    ) -> NDArray[Any]:
        """Return the transformed values, computed in double precision for a block of rows at a time."""
        if self.is_identity:
            return values.astype(np.float32, copy=False)
        rows = values.reshape(-1, values.shape[-1])
        transformed = np.empty(rows.shape, dtype)
        for i in range(0, len(rows), MAX_ROWS):
            transformed[i : i + MAX_ROWS] = transform(rows[i : i + MAX_ROWS])
        return transformed.reshape(values.shape)


@dataclass(frozen=True)
class Scalers:
    """The scalers of inputs and targets; one and the same where the targets are later inputs."""

    inputs: Scaler
    targets: Scaler

    @classmethod
    def fit(cls, data: SequenceData, settings: DataSettings, *, share: bool = False) -> Scalers:
        """Return the scalers of a data set.

        Mean and standard deviation come from the samples in the inputs and targets of the training windows, those of
        one value per sequence from the training sequences. With `fit_scaler_on` all they come from all samples, which
        the warnings of a run say. Padding never counts. The
        splits of `data` decide, so that a caller cannot pass other samples.

        Args:
            data: The whole data set in original units.
            settings: Its settings: `scale` and `fit_scaler_on`.
            share: Whether targets that are inputs too are scaled as these inputs are, to the last bit.
        """
        scalers = cls._fit(data, settings)
        if not share or data.classes:
            return scalers
        columns = [data.features.index(name) for name in data.target_names]
        return cls(scalers.inputs, scalers.inputs[..., columns])

    @classmethod
    def _fit(cls, data: SequenceData, settings: DataSettings) -> Scalers:
        identity = cls(
            Scaler.identity(data.inputs.shape[-1]), Scaler.identity(1 if data.classes else data.targets.shape[-1])
        )
        if settings.scale == "none":
            return identity
        if data.series and getattr(settings, "scale_each", False):  # a setting of the data sets that hold series
            each = [cls._fit(series, settings) for series, _ in each_series(data)]
            return cls(
                _stacked([s.inputs for s in each]),
                identity.targets if data.classes else _stacked([s.targets for s in each]),
            )
        rows = _all_rows(data) if settings.fit_scaler_on == "all" else data.covered(data.train)
        if settings.scale == "log" and data.classes:
            raise SettingError(
                f"scale log is for predicted numbers; task {data.task} predicts classes. Choose scale standard.",
                "scale",
            )
        logged = data.target_names if settings.scale == "log" else ()
        inputs = _fit(flat_steps(data.inputs)[rows], data.features, logged)
        if data.classes:
            return cls(inputs, identity.targets)
        if data.autoregressive:
            return cls(inputs, inputs[: data.targets.shape[-1]])  # without the further features of masked ones
        if data.target_per_sequence:
            return cls(inputs, _fit(data.targets if settings.fit_scaler_on == "all" else data.targets[data.train]))
        return cls(inputs, _fit(flat_steps(data.targets)[rows], data.target_names, logged))

    def of_series(self, index: int) -> Scalers:
        """Return the scalers of one of several series."""
        return Scalers(self.inputs.of_series(index), self.targets.of_series(index))

    def apply(self, data: SequenceData) -> SequenceData:
        """Return the data in scaled units."""
        series = np.arange(len(data.inputs))
        inputs = self.inputs.apply(data.inputs, series)
        if targets_are_inputs(data):
            return data.with_arrays(inputs, inputs)
        return data.with_arrays(inputs, data.targets if data.classes else self.targets.apply(data.targets, series))


def _stacked(scalers: list[Scaler]) -> Scaler:
    """Return the scaler of several series, with mean and scale `(N, F)`."""
    smallest = (
        None if scalers[0].smallest is None else np.stack([s.smallest for s in scalers if s.smallest is not None])
    )
    return Scaler(np.stack([s.mean for s in scalers]), np.stack([s.scale for s in scalers]), smallest)


def targets_are_inputs(data: SequenceData) -> bool:
    """Return whether inputs and targets are one array, of which a program needs one copy."""
    return data.autoregressive and np.may_share_memory(data.inputs, data.targets)


def _all_rows(data: SequenceData) -> slice | NDArray[np.bool_]:
    """Return the index of all samples that are not padding, for arrays `(N * T, ...)`."""
    return slice(None) if data.lengths is None else data.mask().ravel()


def _fit(rows: Floats, names: Sequence[str] = (), logged: Sequence[str] = ()) -> Scaler:
    """Return the scaler of `rows`, `(n, F)`; a constant feature is scaled to 0, and NaN, a missing value, not read.

    Args:
        rows: The values.
        names: The features.
        logged: Those whose logarithms are scaled.

    Raises:
        SettingError: One of these has values that are not above 0.
    """
    has_logarithms = np.isin(names, logged)
    if not has_logarithms.any():
        return _standard_scores(rows)
    least = np.nanmin(rows, axis=0).astype(np.float64)
    for name, smallest in zip(np.array(names)[has_logarithms], least[has_logarithms], strict=True):
        if smallest <= 0:
            raise SettingError(
                f"scale log needs values above 0; {str(name)!r} has {smallest:.6g} in the training set. Choose scale "
                "standard.",
                "scale",
            )
    log_scaler = Scaler(np.zeros(len(names)), np.ones(len(names)), np.where(has_logarithms, least / 2, 0.0))
    scores = _standard_scores(log_scaler.logarithms(rows))
    return Scaler(scores.mean, scores.scale, log_scaler.smallest)


def _standard_scores(rows: Floats) -> Scaler:
    if np.isnan(rows.max(axis=0)).any():
        scalers = [_standard_scores(column[~np.isnan(column)][:, None]) for column in rows.T]
        return Scaler(np.concatenate([s.mean for s in scalers]), np.concatenate([s.scale for s in scalers]))
    # Compared exactly: the standard deviation of equal numbers can round to a little more than 0.
    varies = rows.max(axis=0) > rows.min(axis=0)
    mean = np.where(varies, rows.mean(axis=0, dtype=np.float64), rows[0])
    return Scaler(mean, np.where(varies, rows.std(axis=0, dtype=np.float64), 1.0))
