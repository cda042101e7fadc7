"""The weights of a network: names and shapes that follow from the settings and the data, without building the network.

The engine builds the same ones; a network is not built for weights of other sizes, which could need any memory.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnstudio.core.bands import quantile_shares
from rnnstudio.core.catalog import CELLS
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.settings import ModelSettings
from rnnstudio.results.validation.array_forms import Arrays

Shape = tuple[int, ...]
_MAX_ITEM = 8  # bytes of a number


def weight_shapes(experiment: Experiment, info: DataInfo, *, recurrent: bool) -> dict[str, Shape]:
    """Return the shape of each weight by name.

    Args:
        experiment: All settings.
        info: Names and sizes of the data.
        recurrent: Whether those of the recurrent layers are included, for which TensorFlow is loaded; those of a cell
            without a kernel never are.
    """
    model, is_forecast = experiment.model, info.task == "forecast"
    outputs = len(info.target_names) if is_forecast and model.multi_step == "recursive" else info.outputs
    steps_ahead = outputs // len(info.target_names) if is_forecast else 0
    embedding = model.series_embedding if info.series else 0
    shapes: dict[str, Shape] = {}
    width = len(info.features) * info.frame + embedding
    for i in range(1, model.conv_layers + 1 if model.conv_filters else 1):
        shapes[f"conv{i}/kernel"] = (model.conv_width, width, model.conv_filters)
        shapes[f"conv{i}/bias"] = (model.conv_filters,)
        width = model.conv_filters
    if recurrent:
        shapes |= dict(_recurrent(model, width))
    width = model.units * (2 if model.bidirectional else 1)
    for i, units in enumerate(model.dense_units, start=1):
        shapes |= _dense(f"dense{i}", width, units)
        width = units
    shapes |= _dense("head", width, outputs)
    known = len(info.known) if is_forecast else 0
    if known:
        shapes["known/linear"] = (known, outputs // steps_ahead)
    if model.linear_skip and not info.classes and set(info.target_names) <= set(info.features):
        predicted = len(info.target_names)
        shapes["linear/kernel"] = (info.window * info.frame * predicted, outputs)
        shapes["linear/bias"] = (outputs,)
        if known:
            shapes["linear/known"] = (2 * known, outputs // steps_ahead)
            shapes["linear/effect"] = (known, predicted)
    if quantiles := len(quantile_shares(experiment.training)):
        shapes |= _dense("quantiles", width, outputs * (quantiles - 1))
    if embedding:
        shapes["series/embedding"] = (len(info.series), embedding)
    return shapes


def check_weights(weights: Arrays, experiment: Experiment, info: DataInfo, *, recurrent: bool = False) -> None:
    """Check the weights of a run.

    Args:
        weights: The weights by name.
        experiment: All settings.
        info: Names and sizes of the data.
        recurrent: As for `weight_shapes`.

    Raises:
        ValueError: One is missing, of another shape, or no float32.
    """
    for name, shape in weight_shapes(experiment, info, recurrent=recurrent).items():
        if name not in weights:
            raise ValueError(f"expected {name} with the shape {shape}, received none")
        if weights[name].shape != shape:
            raise ValueError(f"expected {name} with the shape {shape}, received {weights[name].shape}")
    for name, values in weights.items():
        if values.dtype != np.float32:
            raise ValueError(f"the weights {name[:100]} must be float32, received {str(values.dtype)[:60]}")


def check_state_arrays(arrays: Arrays) -> None:
    """Check the arrays of a state of a training; the engine compares their shapes with those of its network.

    Raises:
        ValueError: One is unknown or of another type, or a number is missing.
    """
    for name, values in arrays.items():
        part, _, rest = name.partition("/")
        if part not in ("weights", "optimizer", "carried", "best") or not rest:
            raise ValueError(f"the array {name[:100]!r} is not expected")
        kinds = "iuf" if part == "optimizer" else "f"
        if values.dtype.kind not in kinds or not values.dtype.isnative or values.dtype.itemsize > _MAX_ITEM:
            raise ValueError(f"{name[:100]} must hold numbers, received the type {str(values.dtype)[:60]}")
    for part in ("optimizer", "carried"):
        numbers = {name.partition("/")[2] for name in arrays if name.startswith(f"{part}/")}
        if numbers != {str(i) for i in range(len(numbers))}:
            raise ValueError(f"an array of {part} is missing")


def _recurrent(model: ModelSettings, width: int) -> Iterator[tuple[str, Shape]]:
    """Yield names and shapes of the weights of the recurrent layers."""
    cell = CELLS.get(model.cell)
    if cell.kernel is None:
        return
    directions = ("forward/", "backward/") if model.bidirectional else ("",)
    for i in range(1, model.layers + 1):
        for name, weight in cell.kernel(model).weights(width).items():
            for direction in directions:
                yield f"{model.cell}{i}/{direction}{name}", weight.shape
        width = model.units * len(directions)


def _dense(name: str, width: int, units: int) -> dict[str, Shape]:
    return {f"{name}/kernel": (width, units), f"{name}/bias": (units,)}
