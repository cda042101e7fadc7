"""Numbers with signs of currencies, a minus behind them or other digits are read in every place they are written."""

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.number_signs import CURRENCIES, SIGNS
from rnnstudio.reading.text.text_layout import is_typed
from rnnstudio.reading.text.text_table import table_of_text
from rnnstudio.reading.value_columns import frame_table

EN_DASH, MINUS, NO_BREAK = "\N{EN DASH}", "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


def values(cells, separator=";"):
    rows = "".join(f"2024-01-{i + 1:02};{cell}\n" for i, cell in enumerate(cells * 3)).replace(";", separator)
    table = table_of_text("a.csv", f"day{separator}value\n{rows}".encode(), ReadOptions())
    return table.numbers(["value"])[: len(cells), 0].tolist()


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("pattern", ["{sign}{number}", "{sign} {number}", "{number} {sign}", "{number}{sign}"])
def test_signs_of_currencies_and_units_stand_before_or_behind_numbers(sign, pattern):
    cells = [pattern.format(sign=sign, number=number) for number in ("1026,50", "3,25", "-7,5")]
    assert values(cells) == [1026.5, 3.25, -7.5]


def test_signs_that_hold_other_signs_come_first():
    for i, sign in enumerate(CURRENCIES):
        assert not any(other in sign for other in CURRENCIES[:i])


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["30,00", "410,00-", "1.650,50-"], [30, -410, -1650.5]),
        ([".25", ".75-", "1.5-"], [0.25, -0.75, -1.5]),
        (["1\u2009030.25", "857\u2009114.15-"], [1030.25, -857114.15]),
        (["30.00", "410.00-", "1650.50 -"], [30, -410, -1650.5]),
        (["4.82D+01", "-1.5d-02", ".5D+00"], [48.2, -0.015, 0.5]),
        (["- 4.5", "3.25", f"{MINUS} 7"], [-4.5, 3.25, -7]),
        (["30,00", f"410,00{MINUS}"], [30, -410]),
        (["508.-", "1'503.-", "7.50"], [508, 1503, 7.5]),
        ([f"508.{EN_DASH}", "509.-"], [508, 509]),
        (["€ 508,-", "€ 1.503,--", "€ 7,50"], [508, 1503, 7.5]),
        (["'100.3", "'-7.5", "99"], [100.3, -7.5, 99]),
        (["100.3", f"{EN_DASH}103.1"], [100.3, -103.1]),
        (["\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}", "\N{FULLWIDTH DIGIT THREE}"], [12, 3]),
        (["\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC DECIMAL SEPARATOR}5", "\N{ARABIC-INDIC DIGIT NINE}"], [1.5, 9]),
        (["\N{EXTENDED ARABIC-INDIC DIGIT FOUR}2", "\N{DEVANAGARI DIGIT EIGHT}"], [42, 8]),
        (["1,10,100.50", "2,17,103.25", "99.5"], [110100.5, 217103.25, 99.5]),
        (["1,23,45,678", "12,345"], [12345678, 12345]),
        ([f"1{NO_BREAK}026,5 Ft", "7,5 Ft"], [1026.5, 7.5]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["text", "frame"])
def test_numbers_are_spelled_in_many_ways(cells, numbers, form):
    if form == "text":
        assert values(cells) == numbers
    else:
        np.testing.assert_array_equal(frame_table("x", pd.DataFrame({"a": cells})).numbers(["a"])[:, 0], numbers)


def test_a_minus_behind_numbers_is_said():
    table = frame_table("x", pd.DataFrame({"a": ["30,00", "410,00-"]}))
    assert "Numbers with a minus behind them in column 'a' are read as negative." in table.account.assumed


@pytest.mark.parametrize(
    "cells", [["1", "2-", "2", "1-"], ["2-", "3+", "1"], ["1-2", "3-4"], ["5" + EN_DASH + "7", "8"]]
)
def test_grades_and_ranges_are_no_numbers(cells):
    table = frame_table("x", pd.DataFrame({"a": cells}))
    assert table.account.column("a").kind == "text" or table.account.column("a").unread


@pytest.mark.parametrize("cell", ["R$ 2.006,00", "508.-", "EUR 508,--", "1500 Ft", "kr. 1.500,50", "410,00-", "-5 zł"])
def test_they_are_data_and_not_names(cell):
    assert is_typed(cell)


@pytest.mark.parametrize("cell", ["Euro", "Preis Euro", "Ft", "Rs", "lei", "Umsatz R$", "krona"])
def test_names_with_signs_stay_names(cell):
    assert not is_typed(cell)
