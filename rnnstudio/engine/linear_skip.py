"""The linear skip connection: a linear function of a window's own past beside the recurrent layers.

It is the autoregressive component of LSTNet (Lai et al. 2018, "Modeling long- and short-term temporal patterns with
deep neural networks"). It starts as the ridge regression of the training windows, so that the recurrent layers learn
what a linear model leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.known_targets import with_targets
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.engine.network import Network
from rnnstudio.engine.window_outputs import evenly_spaced, scaled_known, scaled_windows

_MAX_WINDOWS = 20_000  # of the training set, evenly spaced, and of the set that chooses the penalty
_PENALTIES = 10.0 ** np.arange(-2, 5)
_MAX_KNOWN = 20_000_000  # values known ahead in all windows of a regression
_ROUNDS = 4  # in which the effect of what is known is estimated, and then subtracted from the past
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
    effect = np.zeros((len(data.known), len(data.target_names)))
    for _ in range(_ROUNDS if data.known else 1):
        late_rows = _regression(network, data, scalers, late, effect)
        errors = {}
        candidates = _Ridge(_regression(network, data, scalers, early, effect))
        for penalty in _PENALTIES:
            errors[penalty] = late_rows.error(*candidates.solved(penalty))
        if early is not train:
            candidates = _Ridge(_regression(network, data, scalers, train, effect))
        kernel, bias, known = candidates.solved(min(errors, key=lambda penalty: errors[penalty]))
        network.set_linear_skip(kernel, bias, known, effect)
        effect = known[: len(data.known)]


@dataclass(frozen=True)
class _Rows:
    """The rows of a regression: n windows with H steps ahead.

    Attributes:
        past: The past of each window, `(n, samples * D)`.
        known: What is known at each step ahead, `(n, H, K)`; K is 0 where nothing is.
        changes: What follows, `(n, H * D)`.
        weight: What the errors of each row are multiplied by, `(n, 1)`.
    """

    past: Matrix
    known: Matrix
    changes: Matrix
    weight: Matrix

    def error(self, kernel: Matrix, bias: Matrix, of_known: Matrix) -> float:
        """Return the mean squared error of a regression."""
        predicted = self.past @ kernel + bias + (self.known @ of_known).reshape(self.changes.shape)
        return float(np.mean(((predicted - self.changes) * self.weight) ** 2))


class _Ridge:
    """Ridge regressions of the same rows: each output has weights of its own for the past, all steps those of `known`.

    The weights P of the past are eliminated from the normal equations of the weights of `known` (a Schur complement).
    """

    def __init__(self, rows: _Rows) -> None:
        weight = rows.weight
        self._mean_x, self._mean_y = _mean(rows.past, weight), _mean(rows.changes, weight)
        centred = (rows.past - self._mean_x) * weight
        changes = (rows.changes - self._mean_y) * weight
        self._gram, self._moments = centred.T @ centred, centred.T @ changes
        count, self._steps, self._known = rows.known.shape
        flat = rows.known.reshape(count, self._steps * self._known)
        self._mean_known = _mean(flat, weight)
        known = (flat - self._mean_known) * weight
        self._cross = centred.T @ known  # (inputs, H K)
        each = known.reshape(count * self._steps, self._known)
        self._known_gram = each.T @ each
        self._known_moments = each.T @ changes.reshape(count * self._steps, -1)

    def solved(self, penalty: float) -> tuple[Matrix, Matrix, Matrix]:
        """Return kernel `(inputs, H D)`, bias `(H D,)` and weights of what is known `(K, D)` for a penalty."""
        regular = self._gram + penalty * np.eye(len(self._gram))
        kernel = np.asarray(np.linalg.solve(regular, self._moments), np.float64)
        targets = kernel.shape[1] // self._steps
        if not self._known:
            return kernel, self._mean_y - self._mean_x @ kernel, np.empty((0, targets))
        cross = self._cross.reshape(len(regular), self._steps, self._known)
        solved_cross = np.linalg.solve(regular, self._cross).reshape(cross.shape)
        gram = self._known_gram + penalty * np.eye(self._known) - np.einsum("phk,phl->kl", cross, solved_cross)
        moments = self._known_moments - np.einsum("phk,phd->kd", cross, kernel.reshape(len(regular), self._steps, -1))
        of_known = np.asarray(np.linalg.solve(gram, moments), np.float64)
        kernel = kernel - (solved_cross @ of_known).reshape(kernel.shape)
        mean_known = (self._mean_known.reshape(self._steps, self._known) @ of_known).ravel()
        return kernel, self._mean_y - self._mean_x @ kernel - mean_known, of_known


def _regression(network: Network, data: SequenceData, scalers: Scalers, windows: Ints, effect: Matrix) -> _Rows:
    """Return the rows of a regression for windows, of very many some that are evenly spaced.

    The effect of what was known in the past, `(K, D)`, is subtracted from the past.
    """
    each = 2 * len(data.known) * data.target_steps
    windows = evenly_spaced(windows, min(_MAX_WINDOWS, max(1000, _MAX_KNOWN // each)) if each else _MAX_WINDOWS)
    scaled, ahead = scaled_windows(data, scalers, windows), scaled_known(data, scalers, windows)
    relative = network.relative(scaled)
    targets = scalers.targets.apply(data.window_targets(windows), data.series_of(windows)).astype(np.float64)
    changes = (targets - relative.reference.numpy()) / relative.deviation.numpy()
    changes = changes.reshape(len(windows), -1)
    has_targets = ~np.isnan(changes).any(axis=1)
    past = relative.past.numpy().astype(np.float64)
    if len(effect):
        past -= network.known_past(scaled).numpy() @ effect
    past = past.reshape(len(windows), -1)
    weight = relative.deviation.numpy().mean(axis=2).astype(np.float64)  # errors count in scaled units
    known = np.empty((len(windows), data.target_steps, 0))
    if ahead is not None:
        known = network.known_terms(scaled, ahead).numpy().astype(np.float64)
    return _Rows(past[has_targets], known[has_targets], changes[has_targets], weight[has_targets])


def _mean(values: Matrix, weight: Matrix) -> Matrix:
    mean: Matrix = (values * weight**2).sum(axis=0) / (weight**2).sum()
    return mean
