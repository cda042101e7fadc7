"""How long the matrix products of an update take alone: what no implementation with these products can do without.

`python -m tests.perf.products mnist_rows lstm 2.0 1`: recipe, cell, seconds to measure and threads. Prints milliseconds
per update. They are the products of [x, 1, h] with the joint matrix, of the gates' gradients with its transpose, and
of the two for the matrix's own gradient, at every step and layer; nothing between them, no loss and no optimizer.
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
    """Return the least milliseconds that the products of one update took."""
    from rnnstudio.engine.runtime import tf

    model, batch = experiment.model, experiment.training.batch_size or len(data.train)
    units, gates = model.units, _GATES[model.cell] * model.units
    widths = [data.width] + [units] * (model.layers - 1)
    steps = data.window

    given = [(tf.random.normal((w + 1 + units, gates)) * 0.01, tf.random.normal((batch, w + 1))) for w in widths]

    def layer(matrix: Any, x1: Any, learns: bool) -> Any:
        back = tf.transpose(matrix if learns else matrix[-units:])

        def forward(t: Any, h: Any) -> Any:
            return t + 1, (tf.concat([x1, h], 1) @ matrix)[:, :units]

        _, h = tf.while_loop(lambda t, _: t < steps, forward, (0, tf.zeros((batch, units))))
        joint, of_gates = tf.concat([x1, h], 1), tf.tile(h, (1, gates // units))

        def backward(t: Any, of_gates: Any, of_matrix: Any) -> Any:
            of_joint = of_gates @ back
            found = of_matrix + tf.matmul(joint, of_gates, transpose_a=True)
            return t + 1, tf.tile(of_joint[:, -units:], (1, gates // units)), found

        start = (0, of_gates, tf.zeros_like(matrix))
        _, of_gates, of_matrix = tf.while_loop(lambda t, *_: t < steps, backward, start)
        return tf.reduce_sum(of_gates) + tf.reduce_sum(of_matrix)

    @tf.function(jit_compile=True, autograph=False)
    def update() -> Any:
        return tf.add_n([layer(*these, i > 0) for i, these in enumerate(given)])

    update().numpy()
    least, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        update().numpy()
        least = min(least, time.perf_counter() - began)
    return 1000 * least


if __name__ == "__main__":
    recipe, cell, how_long, on = sys.argv[1:]
    limit_threads("ours", int(on))
    chosen = Job(recipe, cell, {}).experiment
    sys.stdout.write(json.dumps(products_ms(chosen, load(chosen), float(how_long))) + "\n")
