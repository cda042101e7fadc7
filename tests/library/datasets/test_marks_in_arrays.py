"""Numbers such as -999 in arrays: asked about as in files, and read as missing values where the caller says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import SettingError
from tests.library.own_data import arrays, load

STEPS = np.arange(300)
CLEAN = np.sin(STEPS / 7) * 3 + 20
GAPS = STEPS % 20 == 13  # 15 steps
CODED = np.where(GAPS, -999.0, CLEAN)
CLASSES = ["up", "down"] * 15

FORMS: dict[str, Any] = {
    "vector": (CODED, None, "forecast"),
    "list": (CODED.tolist(), None, "forecast"),
    "float32": (CODED.astype(np.float32), None, "forecast"),
    "integers": (CODED.astype(int), None, "forecast"),
    "matrix": (np.asfortranarray(np.column_stack([CLEAN, CODED])), None, "forecast"),
    "values to predict": (CLEAN, CODED, "regress"),
    "inputs of values": (np.column_stack([CLEAN, CODED]), CLEAN, "regress"),
    "frame beside y": (pd.DataFrame({"a": CLEAN, "b": CODED}), CLEAN, "regress"),
    "inputs of classes": (CODED, STEPS % 2, "label"),
    "sequences": (CODED.reshape(30, 10), CLASSES, "classify"),
    "sequences of two features": (np.stack([CLEAN, CODED], axis=-1).reshape(30, 10, 2), CLASSES, "classify"),
    "unequal": ([*CODED.reshape(30, 10), CLEAN[:4]], [*CLASSES, "up"], "classify"),
    "sequences of values": (CLEAN.reshape(30, 10, 1), CODED.reshape(30, 10), "regress"),
    "unequal sequences of values": (
        [*CODED.reshape(30, 10), CLEAN[:4]],
        [*CLEAN.reshape(30, 10), CLEAN[:4]],
        "regress",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_they_are_asked_about_in_every_form(form: str) -> None:
    x, y, task = FORMS[form]
    with pytest.raises(SettingError, match=r"holds -999 in 15 rows, and its other numbers are 17.* to 2") as caught:
        arrays(x, y, task=task)
    assert caught.value.field == "missing_values"
    assert "Set missing_values to -999 (missing values) or none (numbers)." in str(caught.value)


@pytest.mark.parametrize("answer", ["-999", -999.0, ["-999"], [-999, 7777]], ids=repr)
@pytest.mark.parametrize("form", FORMS)
def test_the_answer_makes_them_missing_like_nan(form: str, answer: Any) -> None:
    x, y, task = FORMS[form]
    data = arrays(x, y, task=task, missing_values=answer)
    plain = arrays(_with_nan(x), None if y is None else _with_nan(y), task=task)
    np.testing.assert_array_equal(data.inputs, plain.inputs)
    np.testing.assert_array_equal(data.targets, plain.targets)
    assert data.inputs.dtype == plain.inputs.dtype
    assert data.notes == plain.notes
    assert any("missing" in note for note in data.notes)


@pytest.mark.parametrize("form", FORMS)
def test_or_leaves_them_numbers(form: str) -> None:
    x, y, task = FORMS[form]
    data = arrays(x, y, task=task, missing_values="none")
    assert min(data.inputs.min(), data.targets.min()) == (-999 if y is None or task != "label" else data.inputs.min())
    assert not any("missing" in note for note in data.notes)


@pytest.mark.parametrize("code", [-999, -9999.0, -99, 9999, 1e20, 32767, -32768])
def test_the_same_codes_are_asked_about_as_in_a_file(tmp_path: Path, code: float) -> None:
    values = np.where(GAPS, code, CLEAN.round(3))
    pd.DataFrame({"v": values}).to_csv(tmp_path / "v.csv", index=False)
    sentences = []
    for read in (lambda: arrays(values, window=5), lambda: load(tmp_path / "v.csv", window=5)):
        with pytest.raises(SettingError) as caught:
            read()
        sentences.append(str(caught.value).replace("'feature1'", "'v'"))
    assert sentences[0] == sentences[1]


def test_a_number_that_may_be_a_mark_is_said() -> None:
    counts = np.where(GAPS, -5.0, np.arange(300) % 9 / 10)
    data = arrays(counts, window=5)
    assert data.inputs.min() == -5
    assert any("if -5 stands for missing values, set missing_values to -5" in note for note in data.notes)


@pytest.mark.parametrize("values", [np.sin(STEPS), STEPS - 150.0, np.where(STEPS % 2, -1.0, 1.0), np.full(300, -999.0)])
def test_ordinary_numbers_are_not_asked_about(values: Any) -> None:
    assert not arrays(values, window=5).notes or "stands for" not in " ".join(arrays(values, window=5).notes)


@pytest.mark.parametrize("marks", ["n/a", "-999,?", "inf"])
def test_marks_that_are_no_numbers_are_refused(marks: str) -> None:
    with pytest.raises(SettingError, match="missing_values must be numbers such as -999 for arrays") as caught:
        arrays(CLEAN, window=5, missing_values=marks)
    assert caught.value.field == "missing_values"


def _with_nan(values: Any) -> Any:
    """Return the same values with NaN for -999."""
    if isinstance(values, list) and np.ndim(values[0]):
        return [_with_nan(part) for part in values]
    if isinstance(values, pd.DataFrame):
        return values.where(values != -999)
    array = np.asarray(values)
    return values if array.dtype.kind in "US" else np.where(array == -999, np.array(np.nan, np.float32), array)
