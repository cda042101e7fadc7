"""The mean of the predictions of several networks."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.decision import Decision, classes_of_probabilities
from rnnstudio.core.precision import Floats
from rnnstudio.results.trained_network import TrainedNetwork


class EnsembleNetwork(TrainedNetwork):
    """Predicts the mean of several networks: of values in original units, and of the probabilities of classes.

    Args:
        networks: Networks of one kind, with the same inputs and scalers.
        decision: The rule by which one of two classes is predicted from the mean of the probabilities; None for the
            most probable class.
        classes: Names of the classes; none where values are predicted.
    """

    def __init__(
        self, networks: Sequence[TrainedNetwork], decision: Decision | None, classes: Sequence[str] = ()
    ) -> None:
        self._networks, self._decision, self._names = list(networks), decision, list(classes)

    def of_series(self, index: int) -> TrainedNetwork:
        """Return the mean of the networks with the scalers of one of several series."""
        return EnsembleNetwork([network.of_series(index) for network in self._networks], self._decision, self._names)

    def predict(
        self,
        x: Any,
        *,
        probabilities: bool,
        are_arrays: bool = False,
        names: Sequence[Any] = (),
        plan: NDArray[np.float64] | None = None,
        before: Floats | None = None,
    ) -> Any:
        """Return the mean of the predictions; see `TrainedNetwork.predict`."""
        of_classes = bool(self._names)

        def predicted(network: TrainedNetwork) -> Any:
            return network.predict(
                x, probabilities=of_classes, are_arrays=are_arrays, names=names, plan=plan, before=before
            )

        means = _mean_of_each(_once_warned(self._networks, predicted))
        if not of_classes or probabilities:
            return means
        return [self._class_names(part) for part in means] if isinstance(means, list) else self._class_names(means)

    def forecasts(
        self, contexts: Sequence[Floats], steps: int, series: Sequence[int], known: Sequence[NDArray[Any]] = ()
    ) -> Floats:
        """Return the mean of the forecasts, each fed back on its own; see `TrainedNetwork.forecasts`."""
        mean: Floats = mean_of([network.forecasts(contexts, steps, series, known) for network in self._networks])
        return mean

    def forecast_quantiles(
        self, contexts: Sequence[Floats], series: Sequence[int], known: Sequence[NDArray[Any]] = ()
    ) -> Floats:
        """Return the mean of the quantiles; see `TrainedNetwork.forecast_quantiles`."""
        mean: Floats = mean_of([network.forecast_quantiles(contexts, series, known) for network in self._networks])
        return mean

    def _class_names(self, shares: NDArray[Any]) -> NDArray[Any]:
        names: NDArray[Any] = np.array(self._names)[classes_of_probabilities(shares, self._decision)]
        return names


def _once_warned(networks: Sequence[TrainedNetwork], predicted: Callable[[TrainedNetwork], Any]) -> list[Any]:
    """Return the predictions of each network; all of them would warn of the same."""
    first = predicted(networks[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return [first, *map(predicted, networks[1:])]


def _mean_of_each(predictions: Sequence[Any]) -> Any:
    """Return the mean over the networks: an array, or a list of arrays of unequal lengths."""
    if isinstance(predictions[0], list):
        return [mean_of(parts) for parts in zip(*predictions, strict=True)]
    return mean_of(predictions)


def mean_of(arrays: Sequence[Any]) -> Any:
    """Return the mean of arrays, computed in double precision, in their own precision."""
    first = np.asarray(arrays[0])
    return np.mean([np.asarray(array) for array in arrays], axis=0, dtype=np.float64).astype(first.dtype)
