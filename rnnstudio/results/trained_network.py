"""The trained network of a run, which predicts in original units."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from copy import copy
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.bands import quantile_shares
from rnnstudio.core.conversion import as_floats
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.decision import Decision, predicted_classes
from rnnstudio.core.errors import StoreError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.frames import steps_of
from rnnstudio.core.names import names_in
from rnnstudio.core.precision import Floats
from rnnstudio.core.ragged import is_ragged, one_sequence, padded
from rnnstudio.core.row_windows import row_windows
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.softmax import softmax
from rnnstudio.engine.feedback import Feedback
from rnnstudio.engine.network import Network
from rnnstudio.engine.predict import Predictor
from rnnstudio.engine.recursive import recursive_outputs
from rnnstudio.engine.shape import Shape
from rnnstudio.reading.series.sequence_marks import with_marks
from rnnstudio.results.array_shapes import as_sequences, check_columns, check_lengths
from rnnstudio.results.forecasting_network import ForecastingNetwork
from rnnstudio.results.new_inputs import NewInputs
from rnnstudio.results.planned_rows import known_of_windows, split_plan, without_unknown
from rnnstudio.results.validation.network_arrays import check_weights

Plan = NDArray[np.float64] | None


class TrainedNetwork(ForecastingNetwork):
    """Checks and scales inputs, and returns predictions in original units.

    Args:
        experiment: The experiment of the run.
        info: Names and sizes of its data.
        scalers: From original to scaled units and back.
        weights: The trained weights by name.
        decision: The rule by which one of two classes is predicted; None for the most probable class.
        compiled: Predicts with a network of the same shape, which gets these weights; one is built when None.

    Raises:
        StoreError: The weights do not fit the network.
    """

    def __init__(
        self,
        experiment: Experiment,
        info: DataInfo,
        scalers: Scalers,
        weights: dict[str, NDArray[np.float32]],
        decision: Decision | None = None,
        compiled: Predictor | None = None,
    ) -> None:
        try:  # before a network is built, which could need any memory
            check_weights(weights, experiment, info, recurrent=True)
        except ValueError as error:
            raise StoreError(f"The stored weights do not fit this network; {error}.") from None
        shape = Shape.of(info, experiment.model, quantile_shares(experiment.training))
        self._predictor = compiled or Predictor(Network(experiment.model, shape, experiment.seed))
        self._predictor.network.set_weights(weights)
        self._experiment, self._info, self._scalers = experiment, info, scalers
        self._decision = decision
        self._stateful = experiment.model.stateful
        self._new_inputs = NewInputs.of(experiment, info, scalers)

    @property
    def predictor(self) -> Predictor:
        """Predicts in scaled units."""
        return self._predictor

    def of_series(self, index: int) -> TrainedNetwork:
        """Return the same network with the scalers, and the learned vector, of one of several series."""
        network = copy(self)
        network._scalers, network._predictor = self._scalers.of_series(index), self._predictor.of_series(index)
        network._new_inputs = NewInputs.of(self._experiment, self._info, network._scalers)
        return network

    def predict(
        self,
        x: Any,
        *,
        probabilities: bool,
        are_arrays: bool = False,
        names: Sequence[Any] = (),
        plan: Plan = None,
        before: Floats | None = None,
    ) -> Any:
        """Return what `Run.predict` returns.

        Args:
            x: Arrays.
            probabilities: For classes.
            are_arrays: Whether they are the caller's own: how their shape is read is said, and the numbers that meant
                missing values in the training mean them here.
            names: What messages call each of several sequences; `x[i]` when empty.
            plan: What is known of the steps after `x`, one series, `(P, K)`; of the caller's arrays the rows at their
                end in which only what is known ahead has values.
            before: Rows of the training that `x`, one series, follows, as the network reads them.
        """
        fills, is_single, dimensions = self._new_inputs.rule.fills or bool(self._info.known), False, 3
        if is_ragged(x):
            sequences = [one_sequence(part, f"x[{i}]", allow_missing=fills) for i, part in enumerate(x)]
            for i, sequence in enumerate(sequences):
                check_columns(sequence, self._info, f"x[{i}]")
        else:
            values = as_floats(x, "x", allow_missing=fills)
            array, is_single, note = as_sequences(values, self._info)
            if are_arrays and note:
                warnings.warn(note, UserWarning, stacklevel=3)
            sequences, dimensions = list(array), values.ndim if is_single else 3
        sequences = self._with_marks(sequences) if are_arrays else sequences
        plans = [plan] * len(sequences)
        if plan is None:
            split = [split_plan(sequence, self._info) for sequence in sequences]
            sequences, plans = [values for values, _ in split], [own for _, own in split]
        completed = self._complete(sequences, dimensions, before)
        check_lengths([len(sequence) for sequence in completed], self._info, names)
        outputs = self._outputs(completed, self._new_inputs.trained_steps(sequences), plans)
        of_outputs = partial(self._classes, probabilities=probabilities) if self._info.classes else self._values
        if len({len(output) for output in outputs}) > 1:  # a prediction per step, of unequal numbers of steps
            return [of_outputs(output) for output in outputs]
        predictions = of_outputs(np.stack(outputs))
        return predictions[0] if is_single else predictions

    def _with_marks(self, sequences: list[Floats]) -> list[Floats]:
        """Return sequences `(T, F)` with NaN for the marks of missing values of the training."""
        marks = names_in(getattr(self._experiment.data, "missing_values", ""))
        return list(with_marks(sequences, self._info.input_names, [*marks, "none"])) if marks else sequences

    def _complete(self, sequences: list[Floats], dimensions: int = 3, before: Floats | None = None) -> list[Floats]:
        """Return sequences `(T, F)` without missing values, after rows before them, and warn where some were filled.

        Args:
            sequences: The sequences.
            dimensions: Those of the caller's array, for the place of a missing value.
            before: As for `predict`.
        """

        def where(sequence: int, step: int, feature: int) -> str:
            return f"index {([step], [step, feature], [sequence, step, feature])[dimensions - 1]}"

        completed, note = self._new_inputs.complete(sequences, where, "x", before)
        if note:
            warnings.warn(note, UserWarning, stacklevel=4)
        return completed

    def _classes(self, logits: NDArray[np.float32], probabilities: bool) -> NDArray[Any]:
        """Return class names, or probabilities `(..., C)`, from logits `(..., C)`."""
        if probabilities:
            shares: NDArray[Any] = softmax(logits)
            return shares
        names: NDArray[Any] = np.array(self._info.classes)[predicted_classes(logits, self._decision)]
        return names

    def _values(self, outputs: NDArray[np.float32]) -> NDArray[Any]:
        """Return values in original units from outputs `(..., D)`; without the last axis where D is 1."""
        targets = len(self._info.target_names)
        inverted = self._scalers.targets.invert(outputs.reshape(*outputs.shape[:-1], -1, targets))
        values: NDArray[Any] = inverted.reshape(outputs.shape)
        return values[..., 0] if values.shape[-1] == 1 else values

    def _outputs(
        self, sequences: list[Floats], trained: list[slice] | None, plans: list[Plan]
    ) -> list[NDArray[np.float32]]:
        """Return the network's outputs for each sequence `(T, F)`: `(outputs,)`, or `(predictions, outputs)`.

        Args:
            sequences: Without missing values.
            trained: The steps of each that a training would read; None where that is all of them.
            plans: What is known of the steps after each, `(P, K)`; None where nothing is.
        """
        if not self._info.is_windowed:
            outputs = self._of_sequences(sequences)
            if trained is not None and any(r != slice(0, len(s)) for r, s in zip(trained, sequences, strict=True)):
                parts = self._of_sequences([s[r] for r, s in zip(trained, sequences, strict=True)])
                for output, steps, part in zip(outputs, trained, parts, strict=True):
                    output[steps] = part
            return outputs
        outputs = [np.empty(0, np.float32)] * len(sequences)
        for length in {len(sequence) for sequence in sequences}:  # those of one length are computed together
            indices = [i for i, sequence in enumerate(sequences) if len(sequence) == length]
            inputs = np.stack([sequences[i] for i in indices])
            batch = self._of_series(
                self._scalers.inputs.apply(inputs), self._known(inputs, [plans[i] for i in indices])
            )
            for i, output in zip(indices, batch, strict=True):
                outputs[i] = output
        return outputs

    def _of_sequences(self, sequences: list[Floats]) -> list[NDArray[np.float32]]:
        """Return the outputs for separate sequences, padded as in the evaluation: batches of one shape round alike."""
        info = self._info
        steps = steps_of(np.array([len(sequence) for sequence in sequences], np.int32), info.frame)
        values, _ = padded([s[: n * info.frame] for s, n in zip(sequences, steps, strict=True)])
        scaled = self._scalers.inputs.apply(values).reshape(len(values), int(steps.max()), -1)
        lengths = steps if steps.min() < steps.max() else None
        outputs = self._predictor.outputs(scaled, lengths, batch_steps=info.window)
        return list(outputs) if outputs.ndim == 2 else [o[:n].copy() for o, n in zip(outputs, steps, strict=True)]

    def _known(self, inputs: Floats, plans: list[Plan]) -> NDArray[np.float32] | None:
        """Return the scaled inputs known ahead of series, `(N, T + horizon, K)`, the last ones from their plans.

        None where nothing is known ahead; NaN where something is not known.
        """
        info = self._info
        if not info.known:
            return None
        horizon, columns = info.outputs // len(info.target_names), [info.features.index(name) for name in info.known]
        after = np.full((len(inputs), horizon, len(columns)), np.nan)
        for n, plan in enumerate(plans):
            if plan is not None:
                after[n, : len(plan)] = plan[:horizon]
        known = np.concatenate([inputs[..., columns], after], axis=1)
        return self._scalers.inputs.of_columns(columns).apply(known)

    def _of_series(self, x: NDArray[np.float32], known: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Return the outputs for scaled series of one length, `(N, T, F)`; NaN where what is known ahead is not known.

        A stateless network trained on windows of one series reads the same windows here.
        """
        info, predictor = self._info, self._predictor
        steps, window, frame = x.shape[1], info.window, info.frame
        if self._stateful:
            return predictor.outputs(x)
        if info.task == "forecast":
            views = np.lib.stride_tricks.sliding_window_view(x, window * frame, axis=1).swapaxes(2, 3)
            windows = views.reshape(-1, window, frame * x.shape[2])
            horizon = info.outputs // len(info.target_names)
            ahead = None if known is None else known_of_windows(known, window * frame, horizon)
            filled = None if ahead is None else np.nan_to_num(ahead)
            if predictor.network.shape.outputs < info.outputs:
                feedback = Feedback.of(info, self._scalers)
                outputs = recursive_outputs(predictor, windows, window * frame, horizon, feedback, filled)
                if ahead is not None:  # each step reads the ones before it, with what was known of them
                    ahead = np.maximum.accumulate(ahead, axis=1)
            else:
                outputs = predictor.outputs(windows, None, filled)
            if ahead is not None:
                outputs = without_unknown(outputs, ahead)
            return outputs.reshape(len(x), -1, outputs.shape[-1])
        if steps <= window:
            return predictor.outputs(x)
        views = np.lib.stride_tricks.sliding_window_view(x, window, axis=1).swapaxes(2, 3)
        outputs = predictor.outputs(views.reshape(-1, window, x.shape[2]))
        if info.test_context == "reach_back":  # as the metrics of the run were computed
            bidirectional = self._experiment.model.bidirectional
            starts, at = row_windows(np.arange(steps), window, steps, bidirectional=bidirectional)
            return outputs.reshape(len(x), steps - window + 1, window, -1)[:, starts, at]
        at_last_step = outputs[:, -1].reshape(len(x), steps - window + 1, -1)
        first_window = predictor.outputs(x[:, :window])[:, : window - 1]
        return np.concatenate([first_window, at_last_step], axis=1)
