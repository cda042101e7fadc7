"""Numbers that can stand for missing values are asked about, and missing in every format where the caller says so."""

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.files import read_file
from rnnstudio.reading.text.text_table import table_of_text
from rnnstudio.reading.value_columns import frame_table

NAN = float("nan")


def table(cells, **options):
    rows = "".join(f"{'abc'[i % 3]}x;{cell}\n" for i, cell in enumerate(cells))
    return table_of_text("a.csv", f"who;temp\n{rows}".encode(), ReadOptions(**options))


def values(found):
    return found.values(["temp"], "past")[:, 0]


@pytest.mark.parametrize(
    "code",
    ["-999", "-9999", "-99.99", "-999.0", "-99", "9999", "99999", "1e20", "-1e+30", "9.96921e36", "32767", "-32768"],
)
@pytest.mark.parametrize("rows", [1, 4])
def test_codes_of_missing_values_are_asked_about(code, rows):
    cells = ["10.5", "9", "11", "10.25", *[code] * rows]
    with pytest.raises(
        SettingError, match=rf"Column 'temp' holds .* in {rows} rows?, and its other numbers are 9 to 11"
    ) as asked:
        values(table(cells))
    assert asked.value.field == "missing_values"
    (question,) = table(cells).account.questions
    as_missing, as_number = question.choices
    np.testing.assert_array_equal(
        values(table(cells, missing_values=(as_missing,))), [10.5, 9, 11, 10.25] + [NAN] * rows
    )
    np.testing.assert_array_equal(values(table(cells, missing_values=(as_number,))), [float(cell) for cell in cells])


@pytest.mark.parametrize("code", ["99.9", "999.9", "-200", "-77"])
def test_numbers_that_are_less_sure_to_be_codes_are_said(code):
    found = table(["10.5", "9", "11", "10.25", *[code] * 3])
    assert f"if {code} stands for missing values, set missing_values to {code}." in " ".join(found.account.assumed)
    assert not found.account.questions


@pytest.mark.parametrize(
    "cells",
    [
        ["10.5", "900", "11", "999"],  # not far
        ["9.99", "2.5", "3", "2"],  # a price
        ["-9", "1", "2", "3"],
        ["-5", "-1200", "3", "4"],  # an outlier
        ["1", "2", "-200", "3"],  # in one row
        ["10", "-9999"],  # too few others
        ["-999"] * 5,
        ["-1", "1"] * 5,  # a switch
        ["-1", "0"] * 5,
        ["", "", "5"],
    ],
)
def test_other_numbers_are_no_codes(cells):
    account = table(cells).account
    assert not account.questions
    assert "missing_values" not in " ".join(account.assumed)


def test_a_code_beside_one_other_number_is_asked_about():
    (question,) = table(["9", "9", "-999", "9"]).account.questions
    assert "its other numbers are all 9;" in question.sentence


def test_two_codes_of_a_column_are_both_asked_about():
    cells = ["10.5", "9", "11", "10", "-999", "9999"]
    assert {next(iter(q.choices)) for q in table(cells).account.questions} == {"-999", "9999"}
    after_one = table(cells, missing_values=("-999",))
    (question,) = after_one.account.questions
    assert list(question.choices) == ["-999,9999", "-999,none"]
    np.testing.assert_array_equal(values(table(cells, missing_values=("-999", "9999"))), [10.5, 9, 11, 10, NAN, NAN])


def test_none_as_a_mark_does_not_empty_a_column_of_names():
    found = table_of_text("a.csv", b"kind;a\nnone;1\nsome;2\n", ReadOptions(missing_values=("none",)))
    assert found.texts("kind").tolist() == ["none", "some"]


@pytest.mark.parametrize("ending", ["parquet", "xlsx", "frame"])
@pytest.mark.parametrize("mark", ["-999", "-999.0"])
def test_marks_of_numbers_are_read_as_missing_in_formats_of_values(tmp_path, ending, mark):
    frame = pd.DataFrame({"who": ["a", "b", "c", "a"], "temp": [1.5, -999, 2.5, 3]})
    options = ReadOptions(missing_values=(mark,))
    if ending == "frame":
        found = frame_table("x", frame, options)
    else:
        path = tmp_path / f"a.{ending}"
        frame.to_parquet(path) if ending == "parquet" else frame.to_excel(path, index=False)
        found = read_file(str(path), "", options)
    np.testing.assert_array_equal(values(found), [1.5, NAN, 2.5, 3])
    assert found.account.column("temp").missing_marks == {mark: 1}
    assert frame["temp"].tolist() == [1.5, -999, 2.5, 3]
