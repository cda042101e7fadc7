"""Whether a mark in a number is a decimal mark or a thousands mark is decided by evidence, or asked."""

import re

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.text.text_table import table_of_text
from rnnstudio.reading.value_columns import frame_table

SEPARATORS = {";": "semicolon", ",": "comma", "\t": "tab"}


def column(cells, separator=";", others=(), **options):
    """Return the table of a column `value` beside a column of text and perhaps another one of numbers."""
    quoted = [f'"{cell}"' if separator in cell else cell for cell in cells]
    rows = [separator.join(filter(None, (f"row{i % 3}x", cell, other)))
            for i, (cell, other) in enumerate(zip(quoted, others or [""] * len(cells), strict=True))]  # fmt: skip
    header = separator.join(["who", "value", *(["other"] if others else [])])
    text = "\n".join([header, *rows]) + "\n"
    return table_of_text("data.csv", text.encode(), ReadOptions(separator=SEPARATORS[separator], **options))


def values(table):
    return table.numbers(["value"])[:, 0].tolist()


@pytest.mark.parametrize(("decimal", "other"), [(",", "."), (".", ",")])
@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_two_marks_that_no_number_has_together_are_asked_about(decimal, other, separator):
    cells = [f"10{decimal}03", f"10{other}410", f"10{decimal}65", f"9{decimal}9"] * 3
    with pytest.raises(SettingError, match=r"such as 10.410, can have .* Set thousands_mark to none .*10\.41\) or"):
        values(column(cells, separator))
    assert values(column(cells, separator, thousands_mark="none")) == [10.03, 10.41, 10.65, 9.9] * 3
    mark = {".": "point", ",": "comma"}[other]
    assert values(column(cells, separator, thousands_mark=mark)) == [10.03, 10410, 10.65, 9.9] * 3


def test_dashes_are_asked_about_beside_the_marks_of_the_caller():
    cells = ["(5.25)", "7.5", "-", "-999", "8.25"]
    with pytest.raises(SettingError, match=r"Set missing_values to -999,- \("):
        values(column(cells, missing_values=("-999",)))
    assert column(cells, missing_values=("-999", "-")).values(["value"], "past")[4, 0] == 8.25


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.137,41", "1.026", "987,5"], [1137.41, 1026, 987.5]),  # a number with both marks
        (["1.026.500", "987,5"], [1026500, 987.5]),  # two marks of thousands
        (["1234,5", "10.410"], [1234.5, 10.41]),  # four digits without a mark
        (
            [f"{n}" if n < 1000 else f"1.{n - 1000:03}" for n in range(990, 1010)] + ["995,5"],
            [*range(990, 1010), 995.5],
        ),
    ],
)
def test_two_marks_are_decided_where_the_numbers_say_it(cells, numbers):
    assert values(column(cells)) == numbers


@pytest.mark.parametrize("months", ["2014.{:02}", "{}.2014"])
def test_points_in_dates_do_not_decide_the_marks_of_numbers(months):
    rows = "".join(f"{months.format(month)};{20 + month},335€\n" for month in range(1, 13))
    for repeats in (1, 2):
        table = table_of_text("data.csv", f"Date;value\n{rows * repeats}".encode(), ReadOptions(doubles="keep"))
        with pytest.raises(SettingError, match=r"such as 21,335€, can have decimals or thousands marks"):
            values(table)


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_decimal_points_elsewhere_do_not_decide_against_the_size_of_the_numbers(separator):
    counts = list(range(940, 1060, 5))
    cells = [str(n) if n < 1000 else f"1.{n - 1000:03}" for n in counts]
    others = [f"48.{1374 + i}" for i in range(len(cells))]
    with pytest.raises(SettingError, match=r"such as 1\.000, can have decimals or thousands marks"):
        values(column(cells, separator, others))
    assert values(column(cells, separator, others, thousands_mark="point")) == counts


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_decimal_points_elsewhere_decide_where_the_size_agrees(separator):
    cells = ["1.026", "2.331", "3.112", "4"]
    assert values(column(cells, separator, ["0.5", "1.25", "3", "4"])) == [1.026, 2.331, 3.112, 4]


def test_decimal_points_elsewhere_make_commas_within_quotes_thousands_marks():
    assert values(column(["1,026", "2,987"], ",", ["0.5", "1.25"])) == [1026, 2987]


@pytest.mark.parametrize("text", ["1.524", "1,524"])
def test_text_among_numbers_of_a_workbook_is_asked_about_too(text):
    frame = pd.DataFrame({"a": [508.0, 527.0, text, 540.0]})
    with pytest.raises(SettingError, match=rf"such as {re.escape(text)}, can have"):
        frame_table("x", frame).numbers(["a"])
    mark = {".": "point", ",": "comma"}[text[1]]
    for setting, number in [(mark, 1524), ("none", 1.524)]:
        table = frame_table("x", frame, ReadOptions(thousands_mark=setting))
        np.testing.assert_array_equal(table.numbers(["a"])[:, 0], [508, 527, number, 540])


@pytest.mark.parametrize("sign", ["%", " %", "\N{PER MILLE SIGN}"])
@pytest.mark.parametrize("signed", [2, 4, 8])
def test_a_column_with_percent_signs_in_some_cells_is_refused(sign, signed):
    cells = [f"1{i}{sign}" if i < signed else f"0.1{i}" for i in range(10)]
    rare = cells[0] if signed < 5 else cells[signed]
    has = "a" if signed >= 5 else "no"
    with pytest.raises(
        DataError, match=rf"received '{re.escape(rare)}'.*The other numbers have {has} {sign.strip()}\."
    ):
        values(column(cells))


@pytest.mark.parametrize("zero", ["0", "0.0", "0.00"])
def test_zero_needs_no_percent_sign(zero):
    assert values(column([zero, "12%", "7.5%"])) == [0, 12, 7.5]


@pytest.mark.parametrize("dash", ["-", "--", "\N{EN DASH}"])
def test_a_dash_beside_numbers_in_parentheses_is_asked_about(dash):
    cells = ["(503)", dash, "513", "(2)"]
    with pytest.raises(SettingError, match=r"can be zero or missing.* Set missing_values to"):
        column(cells).values(["value"], "past")
    answered = column(cells, missing_values=(dash,)).values(["value"], "past")[:, 0]
    np.testing.assert_array_equal(answered, [-503, np.nan, 513, -2])
    assert not column([c.strip("()") for c in cells]).account.questions


def test_four_digits_without_a_mark_do_not_decide_against_the_size_of_the_numbers():
    counts = [*range(900, 1000, 10), *range(1001, 1020)]
    cells = [str(n) if n < 1010 and n % 2 == 0 else f"1.{n % 1000:03}" if n > 1000 else str(n) for n in counts] + [
        "1018"
    ]
    with pytest.raises(SettingError, match=r"such as 1\.001, can have decimals or thousands marks"):
        values(column(cells, ";"))
    assert values(column(cells, ";", thousands_mark="point")) == [*counts, 1018]
