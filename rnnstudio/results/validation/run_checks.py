"""What the files of a run must have in common: sizes of the data, scalers, the end of the series, bands and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.backtest_scores import METHODS
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.scaling import Scaler, Scalers
from rnnstudio.core.wording import enumeration
from rnnstudio.results.validation.array_forms import Arrays, Form, Sizes, check_form, check_forms, check_texts
from rnnstudio.results.validation.json_models import StoredMetrics

_TABLE_KINDS = "fiubM"
_LEVELS = range(1, 100)


def check_info(info: DataInfo) -> None:
    """Check that names and sizes of the data go together.

    Raises:
        ValueError: They do not.
    """
    features, targets = len(info.features), len(info.target_names)
    if bool(info.classes) != (info.task in ("classify", "label")):
        raise ValueError(f"task {info.task} has {len(info.classes)} classes")
    if info.classes and info.outputs != len(info.classes):
        raise ValueError(f"{len(info.classes):,} classes need as many outputs, received {info.outputs:,}")
    if not info.classes and info.outputs % targets:
        raise ValueError(f"{info.outputs:,} outputs are no multiple of {targets:,} targets")
    if not info.classes and info.task != "forecast" and info.outputs != targets:
        raise ValueError(f"{targets:,} targets need as many outputs, received {info.outputs:,}")
    if not features or 2 * len(info.masked_features) >= features:
        raise ValueError("there are no features")
    for name, names, sizes in (
        ("feature_units", info.feature_units, (0, features)),
        ("last_times", info.last_times, (0, len(info.series))),
    ):
        if len(names) not in sizes:
            raise ValueError(f"{name} has {len(names):,} entries, expected {sizes[1]:,}")
    for name, names in (("known", info.known), ("calendar", info.calendar), ("masked_features", info.masked_features)):
        if not set(names) <= set(info.features):
            raise ValueError(f"{name} names what is no feature")
    if info.one_series and info.series:
        raise ValueError("one series has no names of several")


def check_metrics(metrics: StoredMetrics, info: DataInfo) -> None:
    """Check that metrics name the classes, series and targets of the data.

    Raises:
        ValueError: They name others.
    """
    if metrics.decision is not None and len(info.classes) != 2:
        raise ValueError("a class is predicted by a threshold, and there are not two classes")
    for what, rows, names in (
        ("by_class", [row.of_class for row in metrics.by_class], info.classes),
        ("by_series", [row.series for row in metrics.by_series], info.series),
        ("by_target", [row.target for row in metrics.by_target], info.target_names),
    ):
        if rows and tuple(rows) != names:
            raise ValueError(f"{what} has rows of others than {enumeration(names, most=6)}")


def check_scalers(scalers: Scalers, info: DataInfo) -> None:
    """Check that scalers have a number for each feature and target, or for those of each series.

    Raises:
        ValueError: They have not.
    """
    targets = 1 if info.classes else len(info.target_names)
    for name, scaler, size in (("inputs", scalers.inputs, len(info.features)), ("targets", scalers.targets, targets)):
        shapes = [(size,), (len(info.series), size)] if info.series else [(size,)]
        if scaler.mean.shape not in shapes:
            raise ValueError(f"the scaler of the {name} must have the shape {shapes[-1]}, received {_shape(scaler)}")


def _shape(scaler: Scaler) -> tuple[int, ...]:
    return scaler.mean.shape


def check_context(context: NDArray[Any], info: DataInfo) -> None:
    """Check the end of a series.

    Raises:
        ValueError: It has another form.
    """
    sizes = {"features": len(info.features), "series": len(info.series)}
    several = bool(info.series) and context.ndim == 3
    check_form(context, Form("f", ("series", "steps", "features") if several else ("steps", "features")), "it", sizes)
    if not np.isfinite(context).all():
        raise ValueError("it has values that are not finite")


def check_plan(plan: NDArray[Any], info: DataInfo) -> None:
    """Check what is known ahead of the steps after the end of a series.

    Raises:
        ValueError: It has another form.
    """
    sizes = {"known": len(info.known), "series": max(1, len(info.series))}
    check_form(plan, Form("f", ("series", "steps", "known")), "it", sizes)


def check_calibration(arrays: Arrays, info: DataInfo) -> None:
    """Check what calibrates bands.

    Raises:
        ValueError: It has another form.
    """
    sizes = {"targets": len(info.target_names), "series": max(1, len(info.series))}
    forms = {
        "levels": Form("i", ("levels",)),
        "truth": Form("f", ("n", "steps", "targets")),
        "values": Form("f", ("n", "steps", "values", "targets")),
        "series": Form("i", ("n",), below="series"),
        "margins": Form("f", ("series", "steps", "levels", "targets")),
        "origins": Form("i", ()),
    }
    check_forms(arrays, forms, sizes)
    levels = arrays["levels"].tolist()
    if not levels or not all(level in _LEVELS for level in levels) or sorted(set(levels)) != levels:
        raise ValueError(f"levels must rise from 1 to 99, received {levels[:9]}")
    if sizes["values"] not in (1, 2 * len(levels) + 1) or info.task != "forecast":
        raise ValueError(f"values must be one, or the quantiles of {len(levels)} levels; received {sizes['values']}")
    if not 1 <= sizes["steps"] <= info.outputs // len(info.target_names):
        raise ValueError(f"bands of {sizes['steps']:,} steps ahead are more than are predicted")


def check_array_data(arrays: Arrays, classes: int) -> None:
    """Check the arrays of a `SequenceData`, which checks itself what they have in common.

    Args:
        arrays: The arrays by name.
        classes: Number of classes.

    Raises:
        ValueError: One is missing or of another form.
    """
    targets = arrays.get("targets", np.empty(()))
    forms = {
        "inputs": Form("f", ("sequences", "samples", "features")),
        "targets": Form("i" if classes else "f", tuple(f"target size {i}" for i in range(targets.ndim)), low=-1),
        "starts": Form("i", ("windows",)),
        **{name: Form("i", (name,), below="windows") for name in ("train", "val", "test", "calibration")},
        "set_begins": Form("i", ("sequences", 2), optional=True),
        "lengths": Form("i", ("sequences",), optional=True),
        "groups": Form(arrays["groups"].dtype.kind if "groups" in arrays else "U", ("sequences",), optional=True),
        "times": Form("M", ("sequences", "samples"), optional=True),
        "gaps": Form("i", ("sequences", "samples"), optional=True),
        "plan": Form("f", ("sequences", "steps", "known"), optional=True),
    }
    sizes: Sizes = {}
    check_forms(arrays, forms, sizes)
    if targets.ndim not in (1, 2, 3) or not sizes["sequences"] or not sizes["samples"]:
        raise ValueError("there are no sequences, or no targets")
    if classes and targets.size and int(targets.max()) >= classes:
        raise ValueError(f"targets name a class that is none of the {classes:,}")
    if not np.isfinite(arrays["inputs"]).all():
        raise ValueError("inputs have values that are not finite")
    if "lengths" in arrays and int(arrays["lengths"].max()) > sizes["samples"]:
        raise ValueError("lengths are longer than the sequences")


def check_table(arrays: Arrays) -> list[str]:
    """Check the arrays of a table, see `export.table_arrays`, and return the names of its columns.

    Raises:
        ValueError: They are no table.
    """
    names = arrays.get("columns", np.empty((0, 0)))
    sizes: Sizes = {}
    check_form(names, Form("U", ("columns",)), "columns", sizes)
    columns = [str(name) for name in names.tolist()]
    if len(set(columns)) < len(columns):
        raise ValueError("columns must have different names")
    known = {"columns"}
    for i in range(len(columns)):
        values = arrays.get(f"values{i}")
        if values is None or values.ndim != 1 or values.dtype.kind not in _TABLE_KINDS or not values.dtype.isnative:
            raise ValueError(f"values{i} must be a column of numbers or times")
        if values.dtype.kind in "fM":
            check_form(values, Form(values.dtype.kind, ("rows",)), f"values{i}", sizes)
        elif sizes.setdefault("rows", len(values)) != len(values):
            raise ValueError("columns must have one length")
        if f"texts{i}" in arrays:
            _check_texts(arrays[f"texts{i}"], values, f"texts{i}")
        known |= {f"values{i}", f"texts{i}"}
    if unknown := arrays.keys() - known:
        raise ValueError(f"the array {sorted(unknown)[0][:100]} is not expected")
    return columns


def _check_texts(texts: NDArray[Any], numbers: NDArray[Any], name: str) -> None:
    if texts.ndim != 1 or texts.dtype.kind not in "Uf" or (texts.dtype.kind == "f" and len(texts)):
        raise ValueError(f"{name} must be texts")  # no texts at all are an empty array of numbers
    if texts.dtype.kind == "U":
        check_texts(texts, name)
    if numbers.dtype.kind not in "iu":
        raise ValueError(f"{name} must be counted by whole numbers")
    if len(numbers) and not -1 <= int(numbers.min()) <= int(numbers.max()) < len(texts):
        raise ValueError(f"{name} has fewer texts than are named")


def check_backtest_columns(columns: list[str], table: Arrays, plain: Mapping[str, Any]) -> None:
    """Check that the table of a backtest has the columns that its scores are computed from.

    Args:
        columns: Names of its columns.
        table: Its arrays.
        plain: The contents of `backtest.json`.

    Raises:
        ValueError: One is missing or of another type.
    """
    kinds = {"origin_number": "iu", "step_ahead": "iu", "truth": "f", "network": "f"}
    kinds |= {name: "f" for name in METHODS if name in columns}
    bands = [name for name in columns if name.startswith(("lower_", "upper_"))]
    levels = [name.partition("_")[2] for name in bands]
    if any(not level.isascii() or not level.isdigit() or int(level) not in _LEVELS for level in levels):
        raise ValueError("the levels of the bands must be whole numbers from 1 to 99")
    kinds |= {f"{end}_{level}": "f" for level in levels for end in ("lower", "upper")}
    for name, kind in kinds.items():
        if name not in columns:
            raise ValueError(f"the column {name} is missing")
        i = columns.index(name)
        if table[f"values{i}"].dtype.kind not in kind or f"texts{i}" in table:
            raise ValueError(f"the column {name} must hold {'numbers' if kind == 'f' else 'whole numbers'}")
    if len(plain["scales"]) > 1 and not {"series", "target"} & set(columns):
        raise ValueError("there are scales of several series, and one series")
    if not plain["scales"]:
        raise ValueError("there are no scales")
