"""Recursive multi-step forecasts: a network that is trained for one step ahead, and fed its own predictions.

The network is evaluated as it is used: validation and test set have the errors of fed-back predictions at all steps
ahead, and early stopping and the best weights go by them, because weights with the smallest error one step ahead can
drift.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import SettingError
from rnnstudio.core.feedback import own_past, runs_free
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.feedback import Feedback

if TYPE_CHECKING:
    from rnnstudio.engine.predict import Predictor  # loads TensorFlow


def trained_data(settings: ModelSettings, data: SequenceData) -> SequenceData:
    """Return the data as the updates read them: with one step ahead where predictions are fed back.

    >>> from rnnstudio.core.windows import forecast_windows
    >>> data = forecast_windows(np.zeros((20, 1)), window=4, horizon=3)
    >>> trained_data(ModelSettings(cell="lstm", multi_step="recursive"), data).target_steps
    1
    """
    is_fed_back = settings.multi_step == "recursive" and data.task == "forecast"
    return replace(data, target_steps=1) if is_fed_back and data.target_steps > 1 else data


def check_recursive(settings: ModelSettings, data: SequenceData) -> None:
    """Refuse to feed predictions back where they are not the inputs of the next step.

    Raises:
        SettingError: The data have other inputs than the past of what is predicted, or another task.
    """
    if settings.multi_step == "direct":
        return
    if data.task != "forecast":
        raise SettingError(
            f"multi_step recursive is for forecasts; task {data.task} has none. Set multi_step to direct.", "multi_step"
        )
    if not (runs_free(data) and own_past(data)):
        raise SettingError(
            "multi_step recursive feeds predictions back as inputs, so the inputs must be the predicted columns and "
            f"what is known ahead; these data predict {', '.join(data.predicted_names[:5])} from "
            f"{DataInfo.of(data).inputs_text(9)}. Set multi_step to direct, leave features empty, or name what is "
            "known ahead with known.",
            "multi_step",
        )


def recursive_outputs(
    predictor: Predictor,
    x: NDArray[np.float32],
    samples: int,
    steps: int,
    feedback: Feedback,
    known: NDArray[np.float32] | None,
    series: NDArray[np.int32] | None = None,
) -> NDArray[np.float32]:
    """Return the values of `steps` steps after each window, `(n, steps * D)`, each prediction fed back as an input.

    Args:
        predictor: Predicts one step ahead.
        x: Scaled windows, `(n, window, frame * F)`.
        samples: Samples in a window.
        steps: Steps ahead.
        feedback: How predictions become inputs.
        known: Inputs known at these steps, `(n, steps, K)`; None without such inputs.
        series: Index of the series of each window, `(n,)`; None where all are of that of the predictor.
    """
    contexts = x.reshape(len(x), samples, -1)
    values = predictor.free_run(
        contexts, steps, feedback, window=x.shape[1], stateful=False, known=known, series=series
    )
    return values.reshape(len(x), -1)
