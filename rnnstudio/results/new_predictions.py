"""The predictions of a run for new data."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from rnnstudio.results.contents import RunContents
from rnnstudio.results.new_data import NewData
from rnnstudio.results.several_series import network_of, predict_each

if TYPE_CHECKING:
    from rnnstudio.results.trained_network import TrainedNetwork


def predict_new_data(new: NewData, run: RunContents, network: TrainedNetwork, probabilities: bool) -> Any:
    """Return the predictions for new data, as `Run.predict` does.

    Raises:
        DataError: There are too few steps, or a series is unknown and would need a scaler or vector of its own.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # filled values are among the notes, with their places
        if new.kind == "several":
            return predict_each(run, network, new.names, new.values, probabilities, new.plans, new.before)
        if new.kind == "sequences":
            return network.predict(new.values, probabilities=probabilities, names=new.names)
        own = network_of(run, network, new.names[0] if new.names else "")
        return own.predict(new.values[0], probabilities=probabilities, plan=new.plans[0], before=new.before[0])
