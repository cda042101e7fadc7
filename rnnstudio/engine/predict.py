"""The network as a function of NumPy arrays: outputs for sequences of any length, and free-running forecasts."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.engine.feedback import Feedback
from rnnstudio.engine.network import Network, State
from rnnstudio.engine.runtime import tf

_MAX_STEPS = 1 << 16  # sequences times steps in one call; bounds memory


class Predictor:
    """Predicts with a network; all arrays are scaled.

    One trace serves every batch size and length, so that no prediction waits for a compiler.

    Args:
        network: The network; its weights may change at any time.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._series: int | None = None
        features = network.shape.features
        state_spec = [tf.TensorSpec([None, s.shape[1]]) for s in network.zero_state(1)]
        x_spec, lengths_spec = tf.TensorSpec([None, None, features]), tf.TensorSpec([None], tf.int32)

        series_spec = [tf.TensorSpec([None], tf.int32)] if network.shape.series else []

        def call(x: Any, state: State, series: Any = None) -> tuple[Any, State]:
            return network(x, state, series=series)

        def call_ahead(x: Any, state: State, ahead: Any, series: Any = None) -> tuple[Any, State]:
            return network(x, state, ahead=ahead, series=series)

        def call_padded(x: Any, state: State, lengths: Any) -> tuple[Any, State]:
            return network(x, state, lengths=lengths)

        self._call = tf.function(call, input_signature=[x_spec, state_spec, *series_spec], autograph=False)
        self._call_padded = tf.function(
            call_padded, input_signature=[x_spec, state_spec, lengths_spec], autograph=False
        )
        ahead_spec = tf.TensorSpec([None, network.shape.steps_ahead or None, len(network.shape.known)])

        def call_quantiles(x: Any, ahead: Any, series: Any = None) -> Any:
            return network(x, network.zero_state(tf.shape(x)[0]), ahead=ahead, series=series, quantiles=True)[0]

        self._call_quantiles = tf.function(
            call_quantiles, input_signature=[x_spec, ahead_spec, *series_spec], autograph=False
        )
        self._call_ahead = tf.function(
            call_ahead, input_signature=[x_spec, state_spec, ahead_spec, *series_spec], autograph=False
        )

    @property
    def _calls(self) -> tuple[Any, ...]:
        return self._call, self._call_padded, self._call_ahead, self._call_quantiles

    @property
    def traces(self) -> int:
        """How often a program has been traced and compiled."""
        return sum(int(call.experimental_get_tracing_count()) for call in self._calls)

    def of_series(self, index: int) -> Predictor:
        """Return the predictor of inputs of one of several series, which need not be named at each call."""
        predictor = copy(self)
        predictor._series = index
        return predictor

    def run(
        self,
        x: NDArray[np.float32],
        state: State | None = None,
        lengths: NDArray[np.int32] | None = None,
        ahead: NDArray[np.float32] | None = None,
        series: NDArray[Any] | None = None,
    ) -> tuple[NDArray[np.float32], State]:
        """Return outputs and the last state.

        Args:
            x: `(batch, steps, features)`.
            state: State before the first step; zeros when None.
            lengths: Steps of each sequence, without padding, `(batch,)`; None where no sequence is padded.
            ahead: Inputs known at the steps to be predicted, `(batch, steps ahead, K)`; None without such inputs.
            series: Index of the series of each, `(batch,)`, read where series have learned vectors; None where all are
                of the series of this predictor.
        """
        of_series = self._series_argument(series, len(x))
        x, state = tf.constant(x, tf.float32), self.network.zero_state(len(x)) if state is None else state
        if ahead is not None:
            outputs, last_state = self._call_ahead(x, state, tf.constant(ahead, tf.float32), *of_series)
        elif lengths is None:
            outputs, last_state = self._call(x, state, *of_series)
        else:
            outputs, last_state = self._call_padded(x, state, tf.constant(lengths))
        return outputs.numpy(), last_state

    def _series_argument(self, series: NDArray[Any] | None, count: int) -> list[Any]:
        """Return the series of each of `count` inputs as an argument of the network; none where it reads none."""
        if not self.network.shape.series:
            return []
        if series is None:
            assert self._series is not None
            series = np.full(count, self._series)
        return [tf.constant(series, tf.int32)]

    def outputs(
        self,
        x: NDArray[np.float32],
        lengths: NDArray[np.int32] | None = None,
        ahead: NDArray[np.float32] | None = None,
        series: NDArray[Any] | None = None,
        *,
        batch_steps: int = 0,
    ) -> NDArray[np.float32]:
        """Return the outputs for `x`, `(batch, steps, features)`, computed in batches that fit in memory.

        Args:
            x: The inputs.
            lengths: As for `run`.
            ahead: As for `run`.
            series: As for `run`.
            batch_steps: Make the batches as small as for sequences of so many steps, if these are longer: products of
                large matrices round differently in batches of another size.
        """
        batch = max(1, _MAX_STEPS // max(1, x.shape[1], batch_steps))
        parts = [slice(i, i + batch) for i in range(0, len(x), batch)]
        each: tuple[NDArray[Any] | None, ...] = (lengths, ahead, series)
        of_each = [[None if values is None else values[p] for values in each] for p in parts]
        return np.concatenate([self.run(x[p], None, *own)[0] for p, own in zip(parts, of_each, strict=True)])

    def quantiles(
        self, x: NDArray[np.float32], ahead: NDArray[np.float32] | None = None, series: NDArray[Any] | None = None
    ) -> NDArray[np.float32]:
        """Return the quantiles of the outputs for windows, `(batch, quantiles, outputs)`.

        Args:
            x: `(batch, steps, features)`.
            ahead: As for `run`.
            series: As for `run`.
        """
        if ahead is None:
            ahead = np.zeros((len(x), self.network.shape.steps_ahead, 0), np.float32)
        batch = max(1, _MAX_STEPS // x.shape[1])
        parts = [slice(i, i + batch) for i in range(0, len(x), batch)]
        each = []
        for p in parts:
            of_series = self._series_argument(None if series is None else series[p], len(x[p]))
            each.append(self._call_quantiles(tf.constant(x[p]), tf.constant(ahead[p]), *of_series).numpy())
        return np.concatenate(each)

    def free_run(
        self,
        context: NDArray[np.float32],
        steps: int,
        feedback: Feedback,
        *,
        window: int,
        stateful: bool,
        known: NDArray[np.float32] | None = None,
        series: NDArray[Any] | None = None,
    ) -> NDArray[np.float32]:
        """Return the `steps` values after each context, `(N, steps, D)`; predictions are fed back as inputs.

        Args:
            context: Observed values of N series, `(N, T, F)`, at least the samples of one window.
            steps: Number of values to predict.
            feedback: How predictions become inputs.
            window: Steps in a window, for a stateless network.
            stateful: Whether the state passes from step to step, so that each new value costs one step.
            known: Inputs known at these steps, `(N, steps, K)`; None without such inputs.
            series: As for `run`, `(N,)`.
        """
        count, _, features = context.shape
        predicted = np.empty((count, 0, feedback.targets), np.float32)
        if stateful:
            outputs, state = self.run(context)
            while predicted.shape[1] < steps:
                values = outputs[:, -1:]
                predicted = np.concatenate([predicted, values], axis=1)
                outputs, state = self.run(feedback.as_inputs(values), state)
            return predicted
        samples = window * (self.network.shape.features // features)
        inputs = context[:, -samples:]
        while predicted.shape[1] < steps:
            done = predicted.shape[1]
            ahead = None if known is None else _block(known, done, self.network.shape.steps_ahead)
            outputs = self.outputs(inputs.reshape(count, window, -1), None, ahead, series)
            values = outputs[:, -1:]
            if not self.network.shape.return_sequences:
                values = outputs.reshape(count, -1, feedback.targets)
            predicted = np.concatenate([predicted, values], axis=1)
            if predicted.shape[1] < steps:
                following = feedback.as_inputs(values, None if ahead is None else ahead)
                inputs = np.concatenate([inputs, following], axis=1)[:, -samples:]
        return predicted[:, :steps]


def _block(known: NDArray[np.float32], begin: int, steps: int) -> NDArray[np.float32]:
    """Return known inputs of the steps of a block; zeros for steps after the last one, whose outputs are not read."""
    block = known[:, begin : begin + steps]
    return np.pad(block, ((0, 0), (0, steps - block.shape[1]), (0, 0)))
