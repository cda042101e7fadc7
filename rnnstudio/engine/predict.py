"""The network as a function of NumPy arrays: outputs for sequences of any length, and free-running forecasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.scaling import Scaler
from rnnstudio.engine.network import Network, State
from rnnstudio.engine.runtime import tf

FeedBack = Callable[[NDArray[np.float32]], NDArray[np.float32]]

_MAX_STEPS = 1 << 16  # sequences times steps in one call; bounds memory


class Predictor:
    """Predicts with a network; all arrays are scaled.

    One trace serves every batch size and length, so that no prediction waits for a compiler.

    Args:
        network: The network; its weights may change at any time.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        features = network.shape.features
        state_spec = [tf.TensorSpec([None, s.shape[1]]) for s in network.zero_state(1)]
        x_spec, lengths_spec = tf.TensorSpec([None, None, features]), tf.TensorSpec([None], tf.int32)

        def call(x: Any, state: State) -> tuple[Any, State]:
            return network(x, state)

        def call_padded(x: Any, state: State, lengths: Any) -> tuple[Any, State]:
            return network(x, state, lengths=lengths)

        self._call = tf.function(call, input_signature=[x_spec, state_spec], autograph=False)
        self._call_padded = tf.function(
            call_padded, input_signature=[x_spec, state_spec, lengths_spec], autograph=False
        )

    @property
    def traces(self) -> int:
        """How often a program has been traced and compiled."""
        return sum(int(call.experimental_get_tracing_count()) for call in (self._call, self._call_padded))

    def run(
        self, x: NDArray[np.float32], state: State | None = None, lengths: NDArray[np.int32] | None = None
    ) -> tuple[NDArray[np.float32], State]:
        """Return outputs and the last state.

        Args:
            x: `(batch, steps, features)`.
            state: State before the first step; zeros when None.
            lengths: Steps of each sequence, without padding, `(batch,)`; None where no sequence is padded.
        """
        x, state = tf.constant(x, tf.float32), self.network.zero_state(len(x)) if state is None else state
        if lengths is None:
            outputs, last_state = self._call(x, state)
        else:
            outputs, last_state = self._call_padded(x, state, tf.constant(lengths))
        return outputs.numpy(), last_state

    def outputs(
        self, x: NDArray[np.float32], lengths: NDArray[np.int32] | None = None, *, batch_steps: int = 0
    ) -> NDArray[np.float32]:
        """Return the outputs for `x`, `(batch, steps, features)`, computed in batches that fit in memory.

        Args:
            x: The inputs.
            lengths: As for `run`.
            batch_steps: Make the batches as small as for sequences of so many steps, if these are longer: products of
                large matrices round differently in batches of another size.
        """
        batch = max(1, _MAX_STEPS // max(1, x.shape[1], batch_steps))
        parts = [slice(i, i + batch) for i in range(0, len(x), batch)]
        return np.concatenate([self.run(x[p], lengths=None if lengths is None else lengths[p])[0] for p in parts])

    def free_run(
        self,
        context: NDArray[np.float32],
        steps: int,
        *,
        window: int,
        stateful: bool,
        further: NDArray[np.float32] | None = None,
        targets: int | None = None,
        feed_back: FeedBack | None = None,
    ) -> NDArray[np.float32]:
        """Return the `steps` values after each context, `(N, steps, D)`; each prediction is fed back as an input.

        Args:
            context: Observed values of N series, `(N, T, F)`, at least the samples of one window.
            steps: Number of values to predict.
            window: Steps in a window, for a stateless network.
            stateful: Whether the state passes from step to step, so that each new value costs one step.
            further: Further features that follow each prediction as an input, `(F - D,)`, or `(N, F - D)` where they
                differ from series to series; None where D is F.
            targets: D, where it is not the number of features without the further ones.
            feed_back: From predictions `(N, n, D)` to the features before the further ones, `(N, n, ...)`; None where
                they are the same values.
        """
        count, _, features = context.shape
        extra = (
            np.empty((count, 0), np.float32) if further is None else np.broadcast_to(further, (count, len(further.T)))
        )
        targets = targets or features - extra.shape[1]
        predicted = np.empty((count, 0, targets), np.float32)

        def as_inputs(values: NDArray[np.float32]) -> NDArray[np.float32]:
            fed = values if feed_back is None else feed_back(values)
            return np.concatenate([fed, np.repeat(extra[:, None], values.shape[1], axis=1)], axis=2)

        if stateful:
            outputs, state = self.run(context)
            while predicted.shape[1] < steps:
                values = outputs[:, -1:]
                predicted = np.concatenate([predicted, values], axis=1)
                outputs, state = self.run(as_inputs(values), state)
            return predicted
        samples = window * (self.network.shape.features // features)
        inputs = context[:, -samples:]
        while predicted.shape[1] < steps:
            outputs = self.outputs(inputs.reshape(count, window, -1))
            values = outputs[:, -1:] if self.network.shape.return_sequences else outputs.reshape(count, -1, targets)
            predicted = np.concatenate([predicted, values], axis=1)
            if predicted.shape[1] < steps:
                inputs = np.concatenate([inputs, as_inputs(values)], axis=1)[:, -samples:]
        return predicted[:, :steps]


def observed_features(scaler: Scaler, masked: int) -> NDArray[np.float32] | None:
    """Return the further features of masked ones, scaled, where all are observed, as a fed-back prediction counts.

    Args:
        scaler: Scaler of the inputs.
        masked: Number of features that have two further ones; None is returned where it is 0.

    Returns:
        `(F - D,)`; `(N, F - D)` where each of N series has a scaler.
    """
    if not masked:
        return None
    values = np.tile([1.0, 0.0], masked)
    mean, scale = scaler.mean[..., -len(values) :], scaler.scale[..., -len(values) :]
    scaled: NDArray[np.float32] = ((values - mean) / scale).astype(np.float32)
    return scaled
