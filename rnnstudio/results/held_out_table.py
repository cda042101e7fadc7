"""The predictions of a run for its held-out set as a long table: a row for each prediction, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.baseline_values import BaselineValues, best_baseline
from rnnstudio.core.decision import predicted_classes
from rnnstudio.core.errors import DataError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.softmax import softmax
from rnnstudio.engine.held_out import HeldOutSet, PredictedBlock
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.window_outputs import WindowOutputs
from rnnstudio.results.contents import RunContents
from rnnstudio.results.running_bands import RunningBands

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.trained_network import TrainedNetwork


def held_out_table(run: RunContents, data: SequenceData, network: TrainedNetwork) -> HeldOutTable:
    """Return the table of a run.

    Args:
        run: The run.
        data: Its data, as loaded.
        network: Its network.

    Raises:
        DataError: The data have other windows than those of the training.
    """
    return HeldOutTable(run, data_of_table(run, data), network.predictor)


def data_of_table(run: RunContents, data: SequenceData) -> SequenceData:
    """Return the data of a run as its table reads them.

    Args:
        run: The run.
        data: Its data, as loaded.

    Raises:
        DataError: The data have other windows than those of the training.
    """
    if data.windows != run.info.windows:
        raise DataError(
            f"The data of this run have {_sizes(data.windows)} now, and had {_sizes(run.info.windows)} in the "
            "training: its predictions cannot be computed again. Put the data of the training back, or train again."
        )
    # The season may have been found in another way by the version that trained the run.
    return replace(data, period=run.info.period)


def _sizes(windows: Mapping[str, int]) -> str:
    return f"{windows['train']:,} training, {windows['val']:,} validation and {windows['test']:,} test windows"


class HeldOutTable:
    """The predictions of a run for the test set, else the validation set, else the training set.

    Args:
        run: The run.
        data: Its data.
        predictor: Predicts with its final weights.

    Attributes:
        split: train, val or test.
        baseline: Name of the baseline whose values the table holds; empty for classes.
        margins: Of bands, the margins after the last row, `(N, S, L, D)`, once all blocks have been read; else None.
    """

    margins: NDArray[np.float64] | None = None

    def __init__(self, run: RunContents, data: SequenceData, predictor: Predictor) -> None:
        stateful = run.experiment.model.stateful
        self._set = HeldOutSet(WindowOutputs(data, run.scalers, predictor, stateful=stateful))
        self._data, self._decision = data, run.decision
        self.split = self._set.split
        self.baseline = best_baseline(run.metrics, run.baseline, data)
        self._baseline = BaselineValues(data, self._set.windows, self.baseline) if self.baseline else None
        self._repeats_steps = self._set.repeats_steps
        self._scaler, self._calibration = run.scalers.targets, run.calibration if self.split == "test" else None

    @property
    def rows(self) -> int:
        """Number of rows of the whole table."""
        return self._set.predictions

    def blocks(self) -> Iterator[pd.DataFrame]:
        """Yield the table in parts of up to about a million values.

        With a calibration it has the bands of each level, which read the errors that are known at each origin.
        """
        running = None
        if self._calibration is not None:
            running = RunningBands.of_test_set(self._calibration, self._scaler, self._data)
        for block in self._set.blocks():
            yield self._frame(block, {} if running is None else running.of_block(self._data, block))
        self.margins = None if running is None else running.at_end()

    def _frame(self, block: PredictedBlock, bands: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
        import pandas as pd

        mask = np.ones(block.positions.shape, bool) if block.mask is None else block.mask
        columns = self._places(block, mask)
        if self._data.classes:
            columns |= self._of_classes(block.truth[mask], block.outputs[mask])
            return pd.DataFrame(columns)
        names = self._data.target_names
        count = len(names)
        columns = {name: np.repeat(values, count) for name, values in columns.items()}
        if count > 1:
            columns["target"] = np.tile(np.array(names, object), int(mask.sum()))
        columns |= {"truth": block.truth[mask].ravel(), "prediction": block.outputs[mask].ravel()}
        if self._baseline is not None:
            values = self._baseline.of_windows(block.windows)
            values = values.reshape(len(values), -1, count)
            values = np.take_along_axis(values, block.columns[..., None], axis=1)
            columns["baseline"] = values[mask].ravel()
        columns |= {name: bounds[mask].ravel() for name, bounds in bands.items()}
        return pd.DataFrame(columns)

    def _places(self, block: PredictedBlock, mask: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """Return the columns that say what each prediction is of: series or sequence, steps and time."""
        data, positions = self._data, block.positions[mask]
        length = data.inputs.shape[1]
        sequence, step = positions // length, positions % length
        columns: dict[str, NDArray[Any]] = {}
        if data.series:
            columns["series"] = np.array(data.series, object)[sequence]
        elif not data.one_series or data.target_per_sequence:
            columns["sequence"] = sequence + 1
        if data.target_per_sequence:
            return columns
        starts = np.broadcast_to(data.starts[block.windows][:, None], mask.shape)[mask] % length
        if data.task == "forecast":
            columns["origin"] = starts.astype(np.int64) + data.window_samples - 1
            columns["step_ahead"] = step - columns["origin"]
        elif self._repeats_steps:
            columns["window"] = starts.astype(np.int64)
        columns["step"] = step
        if data.times is not None:
            columns["time"] = data.times.ravel()[positions]
        return columns

    def _of_classes(self, truth: NDArray[Any], logits: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
        """Return the columns of classes, `(n,)` each, from true classes `(n,)` and logits `(n, C)`."""
        names = np.array(self._data.classes, object)
        shares = softmax(logits)
        predicted = predicted_classes(logits, self._decision)
        true = names[truth]
        true[truth < 0] = None
        columns = {
            "truth": true,
            "prediction": names[predicted],
            "probability": np.take_along_axis(shares, predicted[:, None].astype(np.int64), axis=1)[:, 0],
        }
        if self._data.target_per_sequence:
            columns |= {f"probability_{name}": shares[:, i] for i, name in enumerate(self._data.classes)}
        return columns
