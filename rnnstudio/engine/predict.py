"""Asking a network: outputs for sequences of any length, and free-running forecasts that feed on themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.engine.network import Network, State
from rnnstudio.engine.runtime import tf

_MOST_STEPS = 1 << 16  # sequences times steps in one call; bounds memory


class Predictor:
    """The network as a function of NumPy arrays, all in the network's units.

    One trace serves every batch size and length, so that asking never waits for a compiler.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        features = network.shape.features
        state = [tf.TensorSpec([None, s.shape[1]]) for s in network.zero_state(1)]

        sequences, lengths = tf.TensorSpec([None, None, features]), tf.TensorSpec([None], tf.int32)

        def call(x: Any, state: State) -> tuple[Any, State]:
            return network(x, state)

        def call_padded(x: Any, state: State, lengths: Any) -> tuple[Any, State]:
            return network(x, state, lengths=lengths)

        self._call = tf.function(call, input_signature=[sequences, state], autograph=False)
        self._call_padded = tf.function(call_padded, input_signature=[sequences, state, lengths], autograph=False)

    def run(
        self, x: NDArray[np.float32], state: State | None = None, lengths: NDArray[np.int32] | None = None
    ) -> tuple[NDArray[np.float32], State]:
        """Return outputs and the last state for `x`, `(batch, steps, features)`, from `state` or from zeros.

        `lengths`, `(batch,)`, says how many steps of each sequence count; None where all do.
        """
        given = (tf.constant(x, tf.float32), self.network.zero_state(len(x)) if state is None else state)
        outputs, after = self._call(*given) if lengths is None else self._call_padded(*given, tf.constant(lengths))
        return outputs.numpy(), after

    def outputs(self, x: NDArray[np.float32], lengths: NDArray[np.int32] | None = None) -> NDArray[np.float32]:
        """Return the outputs for `x`, `(batch, steps, features)`, a part of the batch at a time."""
        batch = max(1, _MOST_STEPS // max(1, x.shape[1]))
        parts = [slice(i, i + batch) for i in range(0, len(x), batch)]
        return np.concatenate([self.run(x[p], lengths=None if lengths is None else lengths[p])[0] for p in parts])

    def free_run(self, context: NDArray[np.float32], steps: int, *, window: int, stateful: bool) -> NDArray[np.float32]:
        """Return `steps` values after `context`, each prediction fed back as if it had been observed.

        Args:
            context: What was observed, `(T, F)`, at least the samples of one window.
            steps: Values to tell.
            window: Steps the network sees at once, where its state is fresh.
            stateful: Whether the state runs on from step to step, so that each new value costs one step.

        Returns:
            Array `(steps, F)`.
        """
        told = np.empty((0, context.shape[1]), np.float32)
        if stateful:
            outputs, state = self.run(context[None])
            while len(told) < steps:
                value = outputs[:, -1]
                told = np.concatenate([told, value])
                outputs, state = self.run(value[:, None], state)
            return told
        span = window * (self.network.shape.features // context.shape[1])
        seen = context[-span:]
        while len(told) < steps:
            outputs = self.run(seen.reshape(1, window, -1))[0][0]
            value = outputs[-1:] if self.network.shape.return_sequences else outputs.reshape(-1, context.shape[1])
            told = np.concatenate([told, value])
            seen = np.concatenate([seen, value])[-span:]
        return told[:steps]
