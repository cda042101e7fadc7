"""Time of the matrix products of an update alone, a lower bound for every implementation.

`python -m tests.perf.matrix_products mnist_rows lstm 2.0 1`: recipe, cell, seconds to measure, and threads. Prints
milliseconds per update. At every step and layer there are three products: of [x, 1, h] with the joint matrix, of the
gradients of the gates with its transpose, and of both for the gradient of the matrix. Activation functions, loss and
optimizer are left out.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from rnnstudio.core.experiment import Experiment
from rnnstudio.core.sequence import SequenceData
from tests.perf.contenders import limit_threads
from tests.perf.jobs import Job, load

_GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def products_ms(experiment: Experiment, data: SequenceData, seconds: float) -> float:
    """Return the shortest time of the products of one update, in milliseconds."""
    from rnnstudio.engine.runtime import tf

    model, batch_size = experiment.model, experiment.training.batch_size or len(data.train)
    units, gates = model.units, _GATES[model.cell] * model.units
    widths = [data.width] + [units] * (model.layers - 1)
    steps = data.window

    layers = [(tf.random.normal((w + 1 + units, gates)) * 0.01, tf.random.normal((batch_size, w + 1))) for w in widths]

    def run_layer(matrix: Any, inputs: Any, needs_input_gradient: bool) -> Any:
        transpose = tf.transpose(matrix if needs_input_gradient else matrix[-units:])

        def forward(t: Any, h: Any) -> Any:
            return t + 1, (tf.concat([inputs, h], 1) @ matrix)[:, :units]

        _, h = tf.while_loop(lambda t, _: t < steps, forward, (0, tf.zeros((batch_size, units))))
        joint, gate_gradient = tf.concat([inputs, h], 1), tf.tile(h, (1, gates // units))

        def backward(t: Any, gate_gradient: Any, matrix_gradient: Any) -> Any:
            joint_gradient = gate_gradient @ transpose
            matrix_gradient += tf.matmul(joint, gate_gradient, transpose_a=True)
            return t + 1, tf.tile(joint_gradient[:, -units:], (1, gates // units)), matrix_gradient

        start = (0, gate_gradient, tf.zeros_like(matrix))
        _, gate_gradient, matrix_gradient = tf.while_loop(lambda t, *_: t < steps, backward, start)
        return tf.reduce_sum(gate_gradient) + tf.reduce_sum(matrix_gradient)

    @tf.function(jit_compile=True, autograph=False)
    def update() -> Any:
        return tf.add_n([run_layer(matrix, inputs, i > 0) for i, (matrix, inputs) in enumerate(layers)])

    update().numpy()
    shortest, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        update().numpy()
        shortest = min(shortest, time.perf_counter() - begin)
    return 1000 * shortest


if __name__ == "__main__":
    recipe, cell, seconds, threads = sys.argv[1:]
    limit_threads("rnnstudio", int(threads))
    experiment = Job(recipe, cell, {}).experiment
    sys.stdout.write(json.dumps(products_ms(experiment, load(experiment), float(seconds))) + "\n")
