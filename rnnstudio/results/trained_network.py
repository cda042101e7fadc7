"""The trained network of a run, which predicts in original units."""

from __future__ import annotations

import warnings
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.conversion import as_floats
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.names import names_in
from rnnstudio.core.precision import Floats
from rnnstudio.core.ragged import is_ragged, one_sequence
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.softmax import softmax
from rnnstudio.engine.network import Network, Shape
from rnnstudio.engine.predict import Predictor, observed_features
from rnnstudio.reading.series.sequence_marks import with_marks
from rnnstudio.results.array_shapes import as_sequences, check_columns
from rnnstudio.results.new_inputs import NewInputs


class TrainedNetwork:
    """Checks and scales inputs, and returns predictions in original units.

    Args:
        experiment: The experiment of the run.
        info: Names and sizes of its data.
        scalers: From original to scaled units and back.
        weights: The trained weights by name.

    Raises:
        StoreError: The weights do not fit the network.
    """

    def __init__(
        self, experiment: Experiment, info: DataInfo, scalers: Scalers, weights: dict[str, NDArray[np.float32]]
    ) -> None:
        shape = Shape(len(info.features) * info.frame, info.outputs, info.task in ("label", "regress"))
        network = Network(experiment.model, shape, experiment.seed)
        network.set_weights(weights)
        self._experiment, self._info, self._scalers, self._predictor = experiment, info, scalers, Predictor(network)
        self._stateful = experiment.model.stateful
        self._new_inputs = NewInputs.of(experiment, info, scalers)

    def of_series(self, index: int) -> TrainedNetwork:
        """Return the same network with the scalers of one of several series."""
        network = copy(self)
        network._scalers = self._scalers.of_series(index)
        network._new_inputs = NewInputs.of(self._experiment, self._info, network._scalers)
        return network

    def predict(self, x: Any, *, probabilities: bool, are_arrays: bool = False) -> Any:
        """Return what `Run.predict` returns.

        Args:
            x: Arrays.
            probabilities: For classes: return probabilities.
            are_arrays: Whether they are the caller's own: how their shape is read is said, and the numbers that meant
                missing values in the training mean them here.
        """
        fills = self._new_inputs.rule.fills
        if is_ragged(x):
            sequences = [one_sequence(part, f"x[{i}]", allow_missing=fills) for i, part in enumerate(x)]
            for i, sequence in enumerate(sequences):
                check_columns(sequence, self._info, f"x[{i}]")
            sequences = self._with_marks(sequences) if are_arrays else sequences
            return self._predict_each(self._complete(sequences), probabilities)
        values = as_floats(x, "x", allow_missing=fills)
        array, is_single, note = as_sequences(values, self._info)
        if are_arrays and note:
            warnings.warn(note, UserWarning, stacklevel=3)
        sequences = self._with_marks(list(array)) if are_arrays else list(array)
        sequences = self._complete(sequences, values.ndim if is_single else 3)
        if len({len(sequence) for sequence in sequences}) > 1:  # their ends were cut
            return self._predict_each(sequences, probabilities)
        predictions = self._predict_complete(np.stack(sequences), probabilities)
        return predictions[0] if is_single else predictions

    def _predict_complete(self, sequences: Floats, probabilities: bool) -> Any:
        outputs = self._outputs(self._scalers.inputs.apply(sequences))
        return self._classes(outputs, probabilities) if self._info.classes else self._values(outputs)

    def _with_marks(self, sequences: list[Floats]) -> list[Floats]:
        """Return sequences `(T, F)` with NaN for the marks of missing values of the training."""
        marks = names_in(getattr(self._experiment.data, "missing_values", ""))
        return list(with_marks(sequences, self._info.input_names, [*marks, "none"])) if marks else sequences

    def _complete(self, sequences: list[Floats], dimensions: int = 3) -> list[Floats]:
        """Return sequences `(T, F)` without missing values, and warn where some were filled.

        Args:
            sequences: The sequences.
            dimensions: Those of the caller's array, for the place of a missing value.
        """

        def where(sequence: int, step: int, feature: int) -> str:
            return f"index {([step], [step, feature], [sequence, step, feature])[dimensions - 1]}"

        completed, note = self._new_inputs.complete(sequences, where, "x")
        if note:
            warnings.warn(note, UserWarning, stacklevel=4)
        return completed

    def forecast(self, context: Floats, steps: int) -> Floats:
        """Return the free-running forecast of `steps` values after `context`, `(T, F)`, as `(steps, D)`.

        Of several series, `(N, T, F)`, each is continued from its own end, `(N, steps, D)`.
        """
        if context.ndim == 2:
            only: Floats = self.forecast(context[None], steps)[0]
            return only
        series = np.arange(len(context))
        scaled = self._predictor.free_run(
            self._scalers.inputs.apply(context, series),
            steps,
            window=self._info.window,
            stateful=self._stateful,
            further=observed_features(self._scalers.inputs, len(self._info.masked_features)),
        )
        return self._scalers.targets.invert(scaled, series)

    def _classes(self, logits: NDArray[np.float32], probabilities: bool) -> NDArray[Any]:
        """Return class names, or probabilities `(..., C)`, from logits `(..., C)`."""
        if probabilities:
            shares: NDArray[Any] = softmax(logits)
            return shares
        names: NDArray[Any] = np.array(self._info.classes)[logits.argmax(axis=-1)]
        return names

    def _values(self, outputs: NDArray[np.float32]) -> NDArray[Any]:
        """Return values in original units from outputs `(..., D)`; without the last axis where D is 1."""
        targets = len(self._info.target_names)
        inverted = self._scalers.targets.invert(outputs.reshape(*outputs.shape[:-1], -1, targets))
        values: NDArray[Any] = inverted.reshape(outputs.shape)
        return values[..., 0] if values.shape[-1] == 1 else values

    def _predict_each(self, sequences: list[Floats], probabilities: bool) -> Any:
        """Return the predictions for sequences of unequal length; those of one length are computed together."""
        predictions: list[Any] = [None] * len(sequences)
        for length in {len(sequence) for sequence in sequences}:
            indices = [i for i, sequence in enumerate(sequences) if len(sequence) == length]
            batch = self._predict_complete(np.stack([sequences[i] for i in indices]), probabilities)
            for i, prediction in zip(indices, batch, strict=True):
                predictions[i] = prediction
        return np.array(predictions) if self._info.task == "classify" else predictions

    def _outputs(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the network's outputs for scaled sequences `(N, T, F)`.

        A stateless network trained on windows of one series reads the same windows here.
        """
        info, predictor = self._info, self._predictor
        steps, window, frame = x.shape[1], info.window, info.frame
        min_steps = frame * (window if info.is_windowed and info.task == "forecast" else 1)
        if steps < min_steps:
            raise DataError(f"x must have at least {min_steps} steps, the window of this run; received {steps}.")
        if not info.is_windowed or self._stateful:
            return predictor.outputs(x[:, : steps // frame * frame].reshape(len(x), steps // frame, -1))
        if info.task == "forecast":
            views = np.lib.stride_tricks.sliding_window_view(x, window * frame, axis=1).swapaxes(2, 3)
            outputs = predictor.outputs(views.reshape(-1, window, frame * x.shape[2]))
            return outputs.reshape(len(x), -1, outputs.shape[-1])
        if steps <= window:
            return predictor.outputs(x)
        views = np.lib.stride_tricks.sliding_window_view(x, window, axis=1).swapaxes(2, 3)
        outputs = predictor.outputs(views.reshape(-1, window, x.shape[2]))
        at_last_step = outputs[:, -1].reshape(len(x), steps - window + 1, -1)
        first_window = predictor.outputs(x[:, :window])[:, : window - 1]
        return np.concatenate([first_window, at_last_step], axis=1)
