"""The network of a run, asked about data in their own units."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.ragged import is_ragged, one_sequence
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import DataInfo, as_floats
from rnnstudio.engine.network import Network, Shape
from rnnstudio.engine.predict import Predictor


class TrainedNetwork:
    """Checks and scales what is asked, and brings the answers back into the data's units.

    Args:
        experiment: What was run.
        info: Names and sizes of its data.
        scalers: Between the data's units and the network's.
        weights: The trained weights by name.
    """

    def __init__(
        self, experiment: Experiment, info: DataInfo, scalers: Scalers, weights: dict[str, NDArray[np.float32]]
    ) -> None:
        shape = Shape(len(info.features) * info.frame, info.outputs, info.task in ("label", "regress"))
        network = Network(experiment.model, shape, experiment.seed)
        network.set_weights(weights)
        self._info, self._scalers, self._predictor = info, scalers, Predictor(network)
        self._stateful = experiment.model.stateful

    def predict(self, x: Any, *, probabilities: bool) -> Any:
        """Return what `Run.predict` returns."""
        if is_ragged(x):
            return self._predict_each([one_sequence(part, f"x[{i}]") for i, part in enumerate(x)], probabilities)
        sequences, single = self._sequences(x)
        scaled = self._scalers.inputs.apply(sequences)
        outputs = self._answers(scaled)
        info = self._info
        if info.classes:
            if probabilities:
                raised = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
                told: NDArray[Any] = raised / raised.sum(axis=-1, keepdims=True)
            else:
                told = np.array(info.classes)[outputs.argmax(axis=-1)]
            return told[0] if single else told
        values = len(info.target_names)
        inverted = self._scalers.targets.invert(outputs.reshape(*outputs.shape[:-1], -1, values))
        answer: NDArray[Any] = inverted.reshape(outputs.shape)
        answer = answer[..., 0] if answer.shape[-1] == 1 else answer
        return answer[0] if single else answer

    def _predict_each(self, sequences: list[NDArray[np.float32]], probabilities: bool) -> Any:
        """Return the answers to sequences of unequal length; those of one length are asked about together."""
        told: list[Any] = [None] * len(sequences)
        for length in {len(s) for s in sequences}:
            places = [i for i, s in enumerate(sequences) if len(s) == length]
            found = self.predict(np.stack([sequences[i] for i in places]), probabilities=probabilities)
            for place, answer in zip(places, found, strict=True):
                told[place] = answer
        return np.array(told) if self._info.task == "classify" else told

    def _sequences(self, x: Any) -> tuple[NDArray[np.float32], bool]:
        array, width = as_floats(x, "x"), len(self._info.features)
        if array.ndim == 1 and width == 1:
            array, single = array[None, :, None], True
        elif array.ndim == 2 and array.shape[1] == width:
            array, single = array[None], True
        elif array.ndim == 2 and width == 1:
            array, single = array[..., None], False
        else:
            single = False
        if array.ndim != 3 or array.shape[2] != width or not array.size:
            raise DataError(
                f"x must have {width} feature(s) per step ({', '.join(self._info.features[:6])}): shape "
                f"(sequences, steps, {width}) or (steps, {width}); received {array.shape}."
            )
        return array, single

    def _answers(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return outputs for sequences in the network's units, in windows as in training where the state is fresh."""
        info, predictor = self._info, self._predictor
        steps, window, frame = x.shape[1], info.window, info.frame
        least = frame * (window if info.one_series and info.task == "forecast" else 1)
        if steps < least:
            raise DataError(f"x must have at least {least} steps, the window of this run; received {steps}.")
        if not info.one_series or self._stateful:
            return predictor.outputs(x[:, : steps // frame * frame].reshape(len(x), steps // frame, -1))
        if info.task == "forecast":
            views = np.lib.stride_tricks.sliding_window_view(x, window * frame, axis=1).swapaxes(2, 3)
            flat = predictor.outputs(views.reshape(-1, window, frame * x.shape[2]))
            return flat.reshape(len(x), -1, flat.shape[-1])
        if steps <= window:
            return predictor.outputs(x)
        views = np.lib.stride_tricks.sliding_window_view(x, window, axis=1).swapaxes(2, 3)
        flat = predictor.outputs(views.reshape(-1, window, x.shape[2]))
        last = flat[:, -1].reshape(len(x), steps - window + 1, -1)
        begin = predictor.outputs(x[:, :window])[:, : window - 1]
        return np.concatenate([begin, last], axis=1)

    def forecast(self, context: NDArray[np.float32], steps: int) -> NDArray[np.float32]:
        """Return `steps` values told on after `context`, `(T, F)`, as `(steps, F)`."""
        told = self._predictor.free_run(
            self._scalers.inputs.apply(context), steps, window=self._info.window, stateful=self._stateful
        )
        return self._scalers.inputs.invert(told)
