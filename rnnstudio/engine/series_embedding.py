"""A learned vector of each of several series, which the network reads at each step beside the inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnstudio.core.errors import SettingError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.runtime import keras, tf


class SeriesEmbedding:
    """The vectors e of N series: step t of a window of series n is [x_t, e_n].

    All vectors start at zero, so that series differ only by what is learned of them; one without training windows
    keeps the zeros.

    Args:
        series: Number of series, N.
        size: Numbers in a vector, E.
    """

    def __init__(self, series: int, size: int) -> None:
        self.size = size
        self.variables = [keras.Variable(np.zeros((series, size), np.float32), name="embedding")]

    def __call__(self, x: Any, series: Any) -> Any:
        """Return the inputs with the vector of the series at each step, `(batch, steps, features + E)`.

        Args:
            x: `(batch, steps, features)`.
            series: Index of the series of each window, `(batch,)` int32.
        """
        vectors = _rows(self.variables[0].value, series)
        steps = tf.shape(x)[1] if x.shape[1] is None else x.shape[1]
        return tf.concat([x, tf.tile(vectors[:, None], (1, steps, 1))], 2)


def _rows(table: Any, index: Any) -> Any:
    """Return rows of a table; the gradient is a table as well, which clipping and every optimizer take."""

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def gathered(values: Any) -> Any:
        def gradient(of_rows: Any) -> Any:
            return tf.math.unsorted_segment_sum(of_rows, index, table.shape[0])

        return tf.gather(values, index), gradient

    return gathered(table)


def check_same_series(settings: ModelSettings, data: SequenceData, initial: tuple[str, ...]) -> None:
    """Refuse to start from the vectors of other series.

    Args:
        settings: Settings of the network.
        data: The data that it is trained on.
        initial: Names of the series of the run whose weights the training starts from, in their order.

    Raises:
        SettingError: The data have other series, or these in another order.
    """
    if not settings.series_embedding or initial == data.series:
        return
    other = next((name for name in data.series if name not in initial), None)
    missing = next((name for name in initial if name not in data.series), None)
    received = "these in another order"
    if other is not None:
        received = f"the series {other!r:.80}, which it was not trained on"
    elif missing is not None:
        received = f"none called {missing!r:.80}"
    raise SettingError(
        f"initial_weights hold a vector of each series of their run (series_embedding); expected data with the same "
        f"{len(initial):,} series, received {received}. Train on the same series, leave initial_weights out, or use "
        "weights and a training with series_embedding 0.",
        "initial_weights",
    )
