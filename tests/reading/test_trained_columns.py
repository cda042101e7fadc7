"""New data are read as the training file was, whatever of its texts they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.account_changes import plain_account
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.trained_columns import trained_columns
from rnnstudio.reading.files import read_file
from rnnstudio.reading.table import Table
from rnnstudio.reading.value_columns import frame_table
from tests.properties import quick

DATES = {  # of training rows: pattern, and whether it leaves day and month open
    "day first": "%d/%m/%Y", "month first": "%m/%d/%Y", "two digits": "%d/%m/%y", "clock": "%m/%d/%Y 06:00",
    "digits": "%d%m%Y", "points": "%d.%m.%Y", "ISO": "%Y-%m-%d",
}  # fmt: skip
MARKS = {"German": (".", ","), "American": (",", "."), "French": ("", ","), "plain": ("", ".")}


def number_text(value: float, thousands: str, decimal: str) -> str:
    text = f"{value:,.0f}" if value == round(value) else f"{value:,.3f}"
    return text.translate({ord(","): thousands, ord("."): decimal})


def texts(seed: int, pattern: str, marks: tuple[str, str], rows: int = 40) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a table of text cells by day, which shows how it is written, and its values."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2024-01-03", periods=rows)
    values = rng.integers(1001, 9999, rows).astype(float)
    values[rng.random(rows) < 0.5] /= 1000
    values[-1] = 7777.25  # shows the decimal mark
    cells = [number_text(value, *marks) for value in values]
    return pd.DataFrame({"date": days.strftime(pattern), "sales": cells, "more": cells[::-1]}), values


def read(frame: pd.DataFrame, how: str, folder: Path, options: ReadOptions) -> Table:
    if how == "frame":
        return frame_table("x", frame, options)
    file = folder / ("a.xlsx" if how == "Excel" else "a.csv")
    if how == "Excel":
        frame.to_excel(file, index=False)
    else:
        frame.to_csv(file, index=False, sep=how)
    return read_file(file, "", options)


@pytest.mark.parametrize("how", ["frame", ";", ",", "\t", "Excel"])
@given(
    seed=st.integers(0, 10_000), dates=st.sampled_from(sorted(DATES)), marks=st.sampled_from(sorted(MARKS)),
    chosen=st.sets(st.integers(0, 39), min_size=3),
)  # fmt: skip
@quick
def test_the_texts_of_the_training_have_its_meaning_in_new_data(
    tmp_path: Path, how: str, seed: int, dates: str, marks: str, chosen: set[int]
) -> None:
    frame, values = texts(seed, DATES[dates], MARKS[marks])
    trained = read(frame, how, tmp_path, ReadOptions())
    np.testing.assert_array_equal(trained.values(["sales"])[:, 0], values)
    rows = sorted(chosen)
    options = ReadOptions(trained=trained_columns(plain_account(trained.account)))
    table = read(frame.iloc[rows], how, tmp_path, options)
    np.testing.assert_array_equal(table.values(["sales", "more"])[:, 0], values[rows])
    np.testing.assert_array_equal(table.values(["more"])[:, 0], values[::-1][rows])
    np.testing.assert_array_equal(table.times, trained.times[rows])


def notes(new: dict[str, list[str]], trained: dict[str, list[str]], **options: Any) -> tuple[Table, str]:
    account = frame_table("a", pd.DataFrame(trained)).account
    chosen = ReadOptions(trained=trained_columns(plain_account(account)), **options)
    table = frame_table("x", pd.DataFrame(new), chosen)
    assert table.account is not None
    return table, " ".join(table.account.assumed)


OPEN = [f"{i:02}/02/2024" for i in range(3, 9)]
DAY_FIRST, MONTH_FIRST = ([f"{i}/01/2024" for i in range(8, 20)], [f"1/{i}/2024" for i in range(8, 20)])


@pytest.mark.parametrize(
    ("trained", "new", "first", "said"),
    [
        (DAY_FIRST, OPEN, "2024-02-03", "such as 03/02/2024 are read as 3 February 2024, as in the training."),
        (MONTH_FIRST, OPEN, "2024-03-02", "such as 03/02/2024 are read as 2 March 2024, as in the training."),
        (MONTH_FIRST, DAY_FIRST, "2024-01-08", "column 'd' are day first, those of the training month first."),
        (DAY_FIRST, MONTH_FIRST, "2024-01-08", "column 'd' are month first, those of the training day first."),
        (DAY_FIRST, DAY_FIRST, "2024-01-08", ""),
    ],
)
def test_dates_are_read_in_the_order_of_the_training_unless_they_decide(trained, new, first, said):
    table, sentences = notes({"D ": new, "x": ["1.5"] * len(new)}, {"d": trained, "x": ["2.5"] * len(trained)})
    assert str(table.times[0])[:10] == first
    assert not table.account.questions
    assert said.replace("'d'", "'D '") in sentences
    assert ("training" in sentences) == bool(said)


@pytest.mark.parametrize("trained", [["2024-01-08", "2024-01-09"], ["Jan 8, 2024", "Jan 9, 2024"], ["", ""]])
def test_a_training_with_dates_of_another_kind_answers_nothing(trained):
    table, _ = notes({"d": OPEN, "x": ["1.5"] * 6}, {"d": trained, "x": ["2.5"] * 2})
    assert [question.setting for question in table.account.questions] == ["date_order"]


@pytest.mark.parametrize(
    ("trained", "new", "value", "said"),
    [
        ({"a": ["1.234,5", "7"]}, {"a": ["1.234", "2.345"]}, 1234.0, "as 1234, because they were so in the training."),
        ({"a": ["0,5", "7,25"]}, {"a": ["1.234", "2.345"]}, 1234.0, "as 1234, because they were so in the training."),
        ({"a": ["0,5", "7,25"]}, {"a": ["1,234", "2,345"]}, 1.234, "as 1.234, because they were so in the training."),
        ({"a": ["0.5", "7.25"]}, {"a": ["1,234", "2,345"]}, 1234.0, "as 1234, because they were so in the training."),
        ({"a": ["0.5", "7.25"]}, {"a": ["1.234", "2.345"]}, 1.234, "as 1.234, because they were so in the training."),
        ({"a": ["5", "7"]}, {"a": ["1.234", "2.345"]}, None, ""),  # whole numbers show no mark
        ({"b": ["0.5", "7.25"]}, {"a": ["1.234", "2.345"]}, None, ""),  # of another column
        (
            {"a": ["1.234,5", "7"], "b": ["0,5", "2,5"]}, {"a": ["1.234", "2.345"], "b": ["0.5", "2.5"]}, 1.234,
            "have a decimal point, unlike in the training.",
        ),
        ({"a": ["1.234,5", "7"]}, {"a": ["0.5", "2.345"]}, 0.5, ""),
    ],
)  # fmt: skip
def test_marks_are_those_of_the_training_unless_the_data_show_others(trained, new, value, said):
    table, sentences = notes(new, trained)
    assert said in sentences
    if value is None:
        assert [question.setting for question in table.account.questions] == ["thousands_mark"]
    else:
        assert table.values(["a"])[0, 0] == value


def test_settings_of_the_caller_win():
    dates, numbers = {"d": OPEN, "a": ["1.234", "2.345"] * 3}, {"d": DAY_FIRST, "a": ["1.234,5", "7"] * 6}
    table, sentences = notes(dates, numbers, date_order="month_first", thousands_mark="none")
    assert str(table.times[0])[:10] == "2024-03-02"
    assert table.values(["a"])[0, 0] == 1.234
    assert "as in the training" not in sentences
