"""The linear skip connection: a linear function of a window's own past beside the recurrent layers.

It is the autoregressive component of LSTNet (Lai et al. 2018, "Modeling long- and short-term temporal patterns with
deep neural networks"). It starts as the ridge regression of the training windows, so that the recurrent layers learn
what a linear model leaves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.known_targets import with_targets
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.engine.network import Network
from rnnstudio.engine.window_outputs import evenly_spaced, scaled_windows

_MAX_WINDOWS = 20_000  # of the training set, evenly spaced, and of the set that chooses the penalty
_PENALTIES = 10.0 ** np.arange(-2, 5)
_HELD_BACK = 5  # one in so many training windows, the last ones, chooses the penalty where there is no validation set
Matrix = NDArray[np.float64]


def fit_linear_skip(network: Network, data: SequenceData, scalers: Scalers) -> None:
    """Set the weights of the linear skip connection to the ridge regression of the training windows.

    The penalty is the one with the smallest squared error on the validation set, else on the last fifth of the training
    windows, for a regression of the others. Test windows are not read.

    Args:
        network: A network with a linear skip connection.
        data: In original units.
        scalers: Scalers of the data.
    """
    train, val = with_targets(data, data.train), with_targets(data, data.val)
    early, late = train, val
    if not len(val):
        held_back = max(1, len(train) // _HELD_BACK)
        early, late = (train[:-held_back], train[-held_back:]) if len(train) > 1 else (train, train)
    x, y, weight = _regression(network, data, scalers, evenly_spaced(late, _MAX_WINDOWS))
    errors = {}
    candidates = _Ridge(*_regression(network, data, scalers, evenly_spaced(early, _MAX_WINDOWS)))
    for penalty in _PENALTIES:
        kernel, bias = candidates.solved(penalty)
        errors[penalty] = float(np.mean(((x @ kernel + bias - y) * weight) ** 2))
    if early is not train:
        candidates = _Ridge(*_regression(network, data, scalers, evenly_spaced(train, _MAX_WINDOWS)))
    network.set_linear_skip(*candidates.solved(min(errors, key=lambda penalty: errors[penalty])))


class _Ridge:
    """Ridge regressions of the same rows.

    Args:
        x: `(n, inputs)`.
        y: `(n, outputs)`.
        weight: What the errors of each row are multiplied by, `(n, 1)`.
    """

    def __init__(self, x: Matrix, y: Matrix, weight: Matrix) -> None:
        self._mean_x, self._mean_y = _mean(x, weight), _mean(y, weight)
        centred = (x - self._mean_x) * weight
        self._gram, self._moments = centred.T @ centred, centred.T @ ((y - self._mean_y) * weight)

    def solved(self, penalty: float) -> tuple[Matrix, Matrix]:
        """Return kernel `(inputs, outputs)` and bias `(outputs,)` for a penalty of the squared weights."""
        kernel = np.asarray(np.linalg.solve(self._gram + penalty * np.eye(len(self._gram)), self._moments), np.float64)
        return kernel, self._mean_y - self._mean_x @ kernel


def _regression(network: Network, data: SequenceData, scalers: Scalers, windows: Ints) -> tuple[Matrix, Matrix, Matrix]:
    """Return the past of windows, `(n, samples * D)`, the changes after them, `(n, steps * D)`, and weights."""
    relative = network.relative(scaled_windows(data, scalers, windows))
    targets = scalers.targets.apply(data.window_targets(windows), data.series_of(windows)).astype(np.float64)
    changes = (targets - relative.reference.numpy()) / relative.deviation.numpy()
    changes = changes.reshape(len(windows), -1)
    known = ~np.isnan(changes).any(axis=1)
    past = relative.past.numpy().reshape(len(windows), -1).astype(np.float64)
    weight = relative.deviation.numpy().mean(axis=2).astype(np.float64)  # errors count in scaled units
    return past[known], changes[known], weight[known]


def _mean(values: Matrix, weight: Matrix) -> Matrix:
    mean: Matrix = (values * weight**2).sum(axis=0) / (weight**2).sum()
    return mean
