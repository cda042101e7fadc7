"""Every setting of every data set, cell and training changes what is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.catalog import CELLS, DATASETS
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import compose
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.schema import Field, fields_of
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import TrainingSettings
from rnnstudio.library.datasets.arrays import from_arrays
from tests.library.own_data import SALES, long_frame, saved, start_settings, with_sizes

Settings = Mapping[str, Any]
Case3 = tuple[str, Settings, Any]
Case = tuple[Settings, Any]  # settings under which a setting matters, and another value of it


def another_value(field: Field) -> Any:
    """Return an allowed value of a setting that is not its default."""
    match field.kind:
        case "flag":
            return not field.default
        case "choice":
            return next(choice for choice in field.choices if choice != field.default)
        case "wholes":
            return [3]
        case "whole" | "real":
            step = 1 if field.kind == "whole" else 0.25
            larger = field.default + step
            return larger if field.maximum is None or larger < field.maximum else field.default - step
    pytest.fail(f"{field.name} is text: name another value, and the settings under which it matters, in this file")


# -- data sets ---------------------------------------------------------------------------------------------------------


def with_gap(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    frame = frame.copy()
    frame.loc[[9, 10], column] = np.nan
    return frame


def data_case(dataset: str, name: str, folder: Path) -> Case | None:
    """Return the case of a setting that its default and other settings alone do not show; None for other settings."""
    file_of: dict[str, Callable[[], Path]] = {
        "file": lambda: saved(folder, with_gap(SALES, "sales")),
        "sequences": lambda: saved(folder, with_gap(long_frame(), "x")),
    }
    signal = folder / "signal.npz"
    if dataset == "machinery":
        wave = np.sin(np.arange(5000.0))
        np.savez(
            signal,
            one=np.where(np.arange(5000) // 2 == 4, np.nan, wave) if name in ("missing", "max_gap") else wave,
            two=wave**2,
        )
    arrays = folder / "arrays.npz"
    np.savez(arrays, one=np.sin(np.arange(200.0)), two=np.arange(200.0) % 7)
    book = folder / "book.xlsx"
    if (dataset, name) == ("sequences", "variable"):
        with pd.ExcelWriter(book) as writer:
            long_frame().to_excel(writer, sheet_name="old", index=False)
            long_frame(x=np.arange(72) % 5).to_excel(writer, sheet_name="new", index=False)
    sized = folder / "sized.csv"
    with_sizes(long_frame()).to_csv(sized, index=False)
    cases: dict[tuple[str, str], Case] = {
        ("file", "variable"): ({"file": str(arrays), "target": ""}, "two"),
        ("sequences", "variable"): ({"file": str(book)}, "new"),
        ("file", "target"): ({}, "promo"),
        ("file", "window"): ({}, 5),
        ("arrays", "window"): ({}, 5),
        ("arrays", "task"): ({"target": "sales"}, "regress"),
        ("file", "features"): ({}, "promo"),
        ("file", "known"): ({}, "promo"),
        ("arrays", "known"): ({"target": "sales"}, "promo"),
        ("file", "use_past"): ({"features": "promo"}, False),
        ("arrays", "use_past"): ({"target": "sales", "features": "promo"}, False),
        ("file", "first_rows"): ({}, 20),
        ("arrays", "first_rows"): ({"target": "sales"}, 20),
        ("file", "classes"): ({"task": "label", "target": "state"}, "low,high"),
        ("file", "period"): ({}, 7),
        ("file", "test_fraction"): ({}, 0.4),
        ("sequences", "target"): ({}, "who"),
        ("sequences", "sequence"): ({}, "who"),
        ("sequences", "features"): ({}, "x"),
        ("sequences", "group"): ({}, "who"),
        ("sequences", "classes"): ({}, "up,down"),
        ("sequences", "frame"): ({}, 2),
        ("arrays", "target"): ({}, "promo"),
        ("arrays", "features"): ({"target": "sales"}, "promo"),
        ("sequences", "task"): ({"file": str(sized), "target": "size"}, "regress_sequence"),
        ("arrays", "sequence"): ({"task": "classify", "sequence": "receipt", "target": "state"}, "promo"),
        ("arrays", "group"): ({"task": "classify", "sequence": "receipt", "target": "state"}, "promo"),
        ("arrays", "period"): ({}, 7),
        ("arrays", "test_fraction"): ({}, 0.4),
        ("airline", "horizon"): ({"task": "forecast"}, 3),
        ("machinery", "variable"): ({"file": str(signal), "variable": "one"}, "two"),
        ("machinery", "sampling_rate"): ({"file": str(signal)}, 50.0),
        ("machinery", "missing"): ({"file": str(signal), "variable": "one", "missing": "drop"}, "past"),
        ("machinery", "max_gap"): ({"file": str(signal), "variable": "one"}, 1),
        ("machinery", "test_fraction"): ({}, 0.5),
        ("mnist_rows", "image_size"): ({}, 14),
        ("etth2", "target"): ({}, "OT"),
        ("etth2", "first_rows"): ({}, 150),
        ("etth2", "horizon"): ({}, 5),
        ("etth2", "scale_each"): ({}, False),
    }
    if name == "fit_scaler_on":
        return {"scale": "standard", **({"target": "sales"} if dataset == "arrays" else {})}, "all"
    if name == "missing" and dataset in ("file", "sequences", "arrays"):
        file = {"file": str(file_of[dataset]())} if dataset in file_of else {"target": "sales"}
        return {**file, "missing": "drop"}, "past"
    if name == "max_gap" and dataset in ("file", "sequences", "arrays"):
        return ({"file": str(file_of[dataset]())} if dataset in file_of else {"target": "sales", "missing": "past"}), 1
    if name in TEXTS and (dataset, name) not in cases:
        text, context, value = TEXTS[name]
        if dataset == "arrays":
            return {"target": "value", **context}, value
        if dataset == "sequences":
            head, *rows = text.splitlines()
            sign = ";" if ";" in head else ","
            rows = [
                row + f"{sign}id{sign}kind"
                if row.startswith("day")
                else f"{row}{sign}s{i // 4}{sign}{'up' if i // 4 % 2 else 'down'}"
                for i, row in enumerate(rows)
            ]
            text = "\n".join([f"{head}{sign}id{sign}kind", *rows]) + "\n"
        file = folder / "text.csv"
        file.write_bytes(text.encode("cp1252"))
        return {"file": str(file), **({"target": ""} if dataset == "file" else {}), **context}, value
    if name == "file":
        return {}, str(folder / "missing.csv")
    return cases.get((dataset, name))


def _rows(head: str, row: Callable[[int], str]) -> str:
    return "\n".join([head, *map(row, range(60))]) + "\n"


_SHOPS = _rows(
    "day,shop,value", lambda i: f"{np.datetime64('2024-01-01') + i % 40},{'ab'[i // 40]},{i * i % 7 * 10 ** (i // 40)}"
)
# By setting: a text table, the settings under which the setting matters for it, and another value.
TEXTS: dict[str, Case3] = {
    "time": (
        _rows("day,value", lambda i: f"2024-{2 - i // 30:02d}-{28 - i % 28:02d},{i % 7}"),
        {"missing": "drop"}, "none",  # one of the sequences has a gap of a month
    ),
    "date_order": (
        _rows("day,value", lambda i: f"{i % 12 + 1:02d}/{i // 12 + 1:02d}/2024,{i}"),
        {"date_order": "day_first", "missing": "drop"}, "month_first",
    ),
    "doubles": (
        _rows("day,value", lambda i: f"{np.datetime64('2024-01-01') + i - i // 20},{i * i % 7}"),
        {"doubles": "keep"}, "mean",
    ),
    "calendar": (_rows("day,value", lambda i: f"{np.datetime64('2024-01-01') + i},{i * i % 7}"), {}, True),
    "decimal_mark": (_rows("day;value", lambda i: f"mon;{i + 1}.026"), {"decimal_mark": "point"}, "comma"),
    "thousands_mark": (_rows("day;value", lambda i: f"mon;{i + 1}.026"), {"thousands_mark": "none"}, "point"),
    "missing_values": (_rows("day,value", lambda i: f"mon,{i % 5}.5"), {"missing": "drop"}, "4.5"),
    "header": ("day,1\n" + _rows("day,2", lambda i: f"mon,{i % 5}.5"), {"header": "1"}, "2"),
    "separator": (_rows("a;b", lambda i: f"{i},5;{i % 7},{i % 5}"), {}, "comma"),
    "encoding": (_rows("day,Größe", lambda i: f"mon,{i % 5}.5"), {}, "cp1251"),
    "series": (_SHOPS, {"series": "none", "missing": "drop"}, "shop"),
    "split_by": (_SHOPS, {"series": "shop"}, "share"),
    "scale_each": (_SHOPS, {"series": "shop"}, False),
}  # fmt: skip


def text_frame(name: str) -> pd.DataFrame:
    """Return the text table of a setting as a data frame of text."""
    head, *rows = (line.replace(";", ",").split(",") for line in TEXTS[name][0].splitlines())
    return pd.DataFrame(rows, columns=head)


def loaded(dataset: str, settings: Settings, name: str = "") -> list[Any]:
    """Return everything that a data set passes on: arrays, names, units and scalers."""
    experiment = compose("file", {"dataset": dataset, **settings})  # without a recipe, all settings have their defaults
    if dataset == "arrays":
        frame = with_gap(SALES, "sales") if settings.get("missing") else SALES
        frame = text_frame(name) if name in TEXTS else frame
        names_a_column = any(settings.get(name) for name in ("target", "sequence"))
        data = from_arrays(frame if names_a_column else frame[["sales"]], None, experiment.data, 0)  # type: ignore[arg-type]
    else:
        data = DATASETS.get(dataset).load(experiment.data, 0)
    scalers = Scalers.fit(data, experiment.data)
    values = [
        getattr(data, field.name) for field in fields(SequenceData) if field.name not in ("refresh", "notes", "account")
    ]
    return [*values, *(getattr(s, name) for s in (scalers.inputs, scalers.targets) for name in ("mean", "scale"))]


# Another value contradicts the rest of the data; the message names the setting.
_GAPS = {(name, "max_gap"): r"\bmax_gap\b" for name in ("arrays", "file", "machinery", "sequences")}
REFUSED = {
    ("arrays", "sequence"): r"\bsequence\b", ("sequences", "sequence"): r"\bsequence\b",
    ("sequences", "separator"): "no column", **_GAPS,
}  # fmt: skip


def equal(one: list[Any], other: list[Any]) -> bool:
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in pairs)


@pytest.mark.parametrize(
    ("dataset", "field"),
    [
        pytest.param(d.name, field, id=f"{d.name}-{field.name}")
        for d in DATASETS
        for field in fields_of(d.settings, "data").values()
    ],
)
def test_every_setting_of_a_data_set_changes_the_data(dataset: str, field: Field, tmp_path: Path) -> None:
    base = start_settings(dataset, tmp_path)
    case = data_case(dataset, field.name, tmp_path)
    context, value = case if case is not None else ({}, None)
    settings = {**base, **context}
    if dataset == "arrays" and "sequence" not in settings:
        settings["window"] = 4
    before = loaded(dataset, settings, field.name)
    changed = {**settings, field.name: another_value(field) if value is None else value}
    refused = {**REFUSED, (dataset, "file"): r"\bfile\b"}.get((dataset, field.name))
    if refused:
        with pytest.raises(RnnStudioError, match=refused):
            loaded(dataset, changed, field.name)
    else:
        assert not equal(before, loaded(dataset, changed, field.name)), f"{field.name} of {dataset} changes nothing"


# -- cells and training ------------------------------------------------------------------------------------------------

WAVE = np.sin(np.arange(30) / 3)
RISING = [(1 if i % 2 else -1) * np.arange(5.0)[:, None] + i / 10 for i in range(12)]
SENSOR = pd.DataFrame({"ax": WAVE, "ay": WAVE**2, "az": np.roll(WAVE, 5)})
TWO_SHOPS = pd.DataFrame({"shop": ["a"] * 30 + ["b"] * 30, "day": [*range(30)] * 2, "sales": [*WAVE, *-WAVE]})
FRAMES = {"rotation_std": SENSOR, "series_embedding": TWO_SHOPS}  # what shows a setting, instead of one wave
FORECAST: Settings = {"window": 3, "task": "forecast"}
REGRESS: Settings = {"window": 3, "task": "regress"}
CONVOLVED: Settings = {**FORECAST, "window": 9, "conv_filters": 3}
CLASSIFY: Settings = {"task": "classify"}

MODEL_CASES: dict[str, Case] = {
    "multi_step": ({**FORECAST, "horizon": 3}, "recursive"),
    "stateful": ({**REGRESS, "sampling": "sequential", "batch_size": 2, "updates": 6}, True),
    "pooling": (CLASSIFY, "max"),
    "conv_layers": (CONVOLVED, 1),
    "conv_width": (CONVOLVED, 3),
    "conv_stride": (CONVOLVED, 1),
    "series_embedding": ({**FORECAST, "target": "sales", "features": "sales", "series": "shop", "time": "day"}, 2),
    "freeze_linear_skip": ({**FORECAST, "linear_skip": True}, True),
    "head_initializer_std": ({**FORECAST, "head_initializer": "normal"}, 0.5),
    "cell_clip": (FORECAST, 0.001),
}
SWINGING: Settings = {  # the test loss falls, then rises
    **FORECAST, "learning_rate": 0.2, "momentum": 0.8, "optimizer": "sgd", "evaluate_every": 1, "updates": 6,
}  # fmt: skip
TRAINING_CASES: dict[str, Case] = {
    "optimizer": (FORECAST, "sgd"),
    "epochs": ({**FORECAST, "updates": 0, "epochs": 1}, 2),
    "updates": (FORECAST, 3),
    "momentum": ({**FORECAST, "optimizer": "sgd"}, 0.5),
    "clip_norm": ({**FORECAST, "optimizer": "sgd"}, 1e-3),
    "label_smoothing": (CLASSIFY, 0.25),
    "class_weight": (CLASSIFY, "balanced"),
    "decision_threshold": ({**CLASSIFY, "test_fraction": 0.3, "val_fraction": 0.3}, "validation"),
    "rotation_std": ({**FORECAST, "target": "ax", "features": "ax, ay, az"}, 30.0),
    "evaluate_every": (FORECAST, 1),
    "patience": (SWINGING, 1),
    "restore_best_weights": (SWINGING, True),
}


def trained(cell: str, settings: Settings, x: Any) -> list[Any]:
    """Return losses, evaluations, metrics and final weights of a short training."""
    from rnnstudio.engine.train import train

    tiny = {"units": 2, "updates": 2, "batch_size": 8, "learning_rate": 0.05}
    experiment = compose("file", {"dataset": "arrays", "cell": cell, **tiny, **settings})
    task = experiment.data.task
    y = {"classify": [0, 0, 1] * 4, "regress": np.roll(WAVE, 1)}.get(task)
    inputs = RISING if task == "classify" else x
    data = from_arrays(inputs, y, experiment.data, experiment.seed)  # type: ignore[arg-type]
    result = train(experiment, lambda event: None, data=data)
    history = result.history
    return [
        history.loss.values,
        sorted((name, value) for evaluation in history.evaluations for name, value in evaluation.items()),
        result.metrics.get("decision_threshold", 0.5),
        *(result.weights[name] for name in sorted(result.weights)),
    ]


_TRAINED: dict[tuple[Any, ...], list[Any]] = {}  # by cell, data and settings: most tests compare with the same training


def assert_changes(cell: str, field: Field, case: Case | None) -> None:
    settings, value = case if case is not None else (FORECAST, another_value(field))
    x = FRAMES.get(field.name, WAVE)
    key = (cell, field.name if field.name in FRAMES else "", *sorted(settings.items()))
    if key not in _TRAINED:
        _TRAINED[key] = trained(cell, settings, x)
    assert not equal(_TRAINED[key], trained(cell, {**settings, field.name: value}, x)), (
        f"{field.name} {value!r} changes nothing"
    )


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        pytest.param(cell.name, field, id=f"{cell.name}-{field.name}")
        for i, cell in enumerate(CELLS)
        for field in fields_of(cell.settings, "model").values()
        if i == 0 or field.name not in fields_of(next(iter(CELLS)).settings, "model")
    ],
)
def test_every_setting_of_a_cell_changes_the_training(cell: str, field: Field, uncompiled: None) -> None:
    assert_changes(cell, field, MODEL_CASES.get(field.name))


# They train again when a training has ended: tests/results/test_refit.py and test_bands.py
AFTER_TRAINING = ("refit", "levels")
OF_TRAINING = [f for f in fields_of(TrainingSettings, "training").values() if f.name not in AFTER_TRAINING]


@pytest.mark.parametrize("field", OF_TRAINING, ids=lambda field: field.name)
def test_every_setting_of_a_training_changes_it(field: Field, uncompiled: None) -> None:
    assert_changes("gru", field, TRAINING_CASES.get(field.name))


def test_another_seed_changes_the_training(uncompiled: None) -> None:
    assert not equal(trained("gru", FORECAST, WAVE), trained("gru", {**FORECAST, "seed": 1}, WAVE))


def test_the_same_settings_give_the_same_training(uncompiled: None) -> None:
    """Else the tests above could not fail."""
    assert equal(trained("gru", FORECAST, WAVE), trained("gru", FORECAST, WAVE))
