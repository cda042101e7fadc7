"""All predictions of a network for the held-out set, block by block, so that a large set need not fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.baselines import baseline_set
from rnnstudio.core.sequence import Ints, flat_steps
from rnnstudio.engine.window_outputs import WindowOutputs

_MAX_STEPS = 1 << 16  # steps of the windows of a block: one batch of the predictor, as in an evaluation
_MAX_VALUES = 1 << 20  # predicted values of a block


@dataclass(frozen=True)
class PredictedBlock:
    """Predictions for n windows with k targets each, or one per sequence.

    Attributes:
        windows: Index of each window, `(n,)`.
        columns: Which of the targets of its window a target is, `(n, k)`.
        positions: Position of each target in all sequences, `(n, k)`; of the window where a sequence has one target.
        truth: Classes `(n, k)`, -1 where missing, or values in original units `(n, k, D)`, NaN where missing.
        outputs: Logits `(n, k, C)`, or values in original units like `truth`.
        quantiles: Quantiles of values in original units, `(n, k, Q, D)`; None where the network predicts values alone.
        mask: Whether a target is at a step rather than at padding, `(n, k)`; None where there is no padding.
    """

    windows: Ints
    columns: NDArray[np.int64]
    positions: NDArray[np.int64]
    truth: NDArray[Any]
    outputs: NDArray[Any]
    mask: NDArray[np.bool_] | None = None
    quantiles: NDArray[Any] | None = None

    @property
    def band_values(self) -> NDArray[Any]:
        """What bands are laid around, `(n, k, V, D)`: the quantiles, or the predicted values."""
        return self.outputs[:, :, None] if self.quantiles is None else self.quantiles


class HeldOutSet:
    """The set that a run is compared with baselines on: test, else validation, else training set.

    Args:
        outputs: Predicts for windows of the data.
        windows: Other windows in place of those of this set.

    Attributes:
        split: train, val or test.
        windows: Indices of its windows, those without a known target included.
    """

    def __init__(self, outputs: WindowOutputs, windows: Ints | None = None) -> None:
        self._outputs, self._data = outputs, outputs.data
        self.split, of_set = baseline_set(outputs.data)
        self.windows = of_set if windows is None else windows

    @property
    def predictions(self) -> int:
        """Number of predictions: classes, or values of all targets."""
        data, windows = self._data, self.windows
        if data.target_per_sequence:
            each = len(windows)
        elif self._outputs.stateful:
            each = len(self._outputs.set_positions(windows))
        else:
            lengths = data.window_lengths(windows) if data.return_sequences else None
            each = int(lengths.sum()) if lengths is not None else len(windows) * self._targets_of_window()
        return each if data.classes else each * int(data.targets.shape[-1])

    @property
    def repeats_steps(self) -> bool:
        """Whether some steps are predicted from several windows, which overlap."""
        if self._data.target_per_sequence or self._data.task == "forecast" or self._outputs.stateful:
            return False
        first = np.sort(self._data.target_positions(self.windows)[:, 0])
        return bool((np.diff(first) < self._targets_of_window()).any())

    def blocks(self) -> Iterator[PredictedBlock]:
        """Yield the predictions in the order of the windows."""
        if self._outputs.stateful:
            yield from self._stateful_blocks()
            return
        data, windows = self._data, self.windows
        targets = 1 if data.target_per_sequence else self._targets_of_window()
        size = max(1, min(_MAX_STEPS // data.window, _MAX_VALUES // (targets * data.outputs)))
        for i in range(0, len(windows), size):
            batch = windows[i : i + size]
            outputs, truth = self._outputs.of_windows(batch), data.window_targets(batch)
            positions = data.starts[batch][:, None].astype(np.int64)
            mask = None
            if data.target_per_sequence:
                outputs, truth = outputs[:, None], truth[:, None]
            else:
                positions = data.target_positions(batch)
                lengths = data.window_lengths(batch) if data.return_sequences else None
                mask = None if lengths is None else np.arange(positions.shape[1]) < lengths[:, None]
            columns = np.broadcast_to(np.arange(positions.shape[1]), positions.shape)
            values = self._values(outputs, truth, data.series_of(batch))
            quantiles = self._quantiles(batch, truth) if self._outputs.shares else None
            yield PredictedBlock(batch, columns, positions, truth, values, mask, quantiles)

    def _targets_of_window(self) -> int:
        """Return the number of targets of a window of this set that count."""
        return int(self._data.target_positions(self.windows[:1]).shape[1])

    def _values(self, outputs: NDArray[np.float32], truth: NDArray[Any], series: Ints | None) -> NDArray[Any]:
        """Return logits as they are, and values in original units in the shape of the targets."""
        if self._data.classes:
            return outputs
        return self._outputs.scalers.targets.invert(outputs.reshape(truth.shape), series)

    def _quantiles(self, windows: Ints, truth: NDArray[Any]) -> NDArray[Any]:
        """Return the quantiles of a forecast in original units, `(n, k, Q, D)`."""
        scaled = self._outputs.quantiles(windows)
        scaled = scaled.reshape(len(scaled), -1, *truth.shape[1:]).swapaxes(1, 2)
        return self._outputs.scalers.targets.invert(scaled, self._data.series_of(windows))

    def _stateful_blocks(self) -> Iterator[PredictedBlock]:
        """Yield the predictions of a network whose state passes through the set, each step once."""
        data, windows = self._data, self.windows
        positions, outputs = self._outputs.of_set(windows)
        first = data.target_positions(windows)[:, 0]
        of_step = np.searchsorted(first, positions, side="right") - 1  # the last window that begins before a step
        columns = positions - first[of_step]
        targets = flat_steps(data.targets)
        size = max(1, _MAX_VALUES // data.outputs)
        for i in range(0, len(positions), size):
            rows = slice(i, i + size)
            truth = targets[positions[rows]][:, None]
            yield PredictedBlock(
                windows[of_step[rows]],
                columns[rows][:, None],
                positions[rows][:, None],
                truth,
                self._values(outputs[rows][:, None], truth, None),
            )
