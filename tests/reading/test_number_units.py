"""Numbers with a unit or a scale in the cell are read by one rule; what does not fit it is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.columns import read_column
from rnnstudio.reading.text.text_table import read_table
from rnnstudio.reading.value_columns import frame_table


def column(cells: list[str], **options):
    return read_column("value", pa.chunked_array([cells]), ReadOptions(**options))


@pytest.mark.parametrize(
    ("cells", "numbers", "unit"),
    [
        (["12 kWh", "13.5 kWh", "-1 kWh"], [12, 13.5, -1], "kWh"),
        (["1.234,5 kWh", "987,0 kWh"], [1234.5, 987], "kWh"),
        (["1 234 m³", "987 m³"], [1234, 987], "m³"),
        (["7ms", "8ms"], [7, 8], "ms"),
        (["1\u2009234 m³", "987 m³"], [1234, 987], "m³"),
        (["1.5e3 W/m2", "2e3 W/m2"], [1500, 2000], "W/m2"),
        (["3 rooms", "2 rooms", "n/a"], [3, 2, np.nan], "rooms"),
        (["290 K", "291 K"], [290, 291], "K"),
        (["5m", "6m"], [5, 6], "m"),
        (["512B", "100B"], [512, 100], "B"),
        (["12 EUR/MWh", "11 EUR/MWh"], [12, 11], "EUR/MWh"),
        (["3 кг", "4 кг"], [3, 4], "кг"),
    ],
)
def test_one_unit_is_taken_off_and_kept_as_the_unit(cells: list[str], numbers: list[float], unit: str) -> None:
    found = column(cells)
    np.testing.assert_array_equal(found.values, numbers)
    assert (found.account.kind, found.account.unit, found.unread) == ("number", unit, [])
    assert found.account.written.endswith(unit)


@pytest.mark.parametrize(
    ("cells", "numbers", "sentence"),
    [
        (["1.2K", "3.4K", "950"], [1200, 3400, 950], "K stands for 1,000."),
        (["1.2K", "3.4M", "2B"], [1200, 3.4e6, 2e9], "B, K and M stand for 1,000,000,000, 1,000 and 1,000,000."),
        (["340k", "1.2m"], [340e3, 1.2e6], "k and m stand for 1,000 and 1,000,000."),
        (["3,4 Mio", "12 Mio"], [3.4e6, 12e6], "Mio stands for 1,000,000."),
        (["3,4 Mio. €", "2,1 Mrd. €"], [3.4e6, 2.1e9], "Mio. and Mrd. stand for 1,000,000 and 1,000,000,000."),
        (["$1.2M", "$340K"], [1.2e6, 340e3], "K and M stand for 1,000 and 1,000,000."),
        (["1.2万", "3億"], [12e3, 3e8], "万 and 億 stand for 10,000 and 100,000,000."),
    ],
)
def test_scales_are_multiplied_out_and_said(cells: list[str], numbers: list[float], sentence: str) -> None:
    found = column(cells)
    np.testing.assert_allclose(found.values, numbers, rtol=1e-15)
    assert found.notes == [f"In column 'value', {sentence}"]
    assert found.account.unit == next((sign for sign in "€$" if sign in cells[0]), "")


def test_marks_behind_numbers_are_left_out_and_said() -> None:
    found = column(["12.5*", "13", "14#", "15 *"])
    assert found.values.tolist() == [12.5, 13, 14, 15]
    assert found.notes == ["Marks behind numbers in column 'value', as in 12.5*, are left out."]


@pytest.mark.parametrize(
    ("cells", "unread"),
    [
        (["<1", "<1", "<1", "8"], ["<1"] * 3), ([">5", "6", "7"], [">5"]), (["~3", "6 mm", "7 mm"], ["~3"]),
        (["7 ms", "1.2 s", "12 ms"], ["1.2 s"]), (["12 kWh", "13", "11"], ["12 kWh"]),
        (["10 KB", "2 MB", "20 KB", "512 B"], ["2 MB", "512 B"]), (["3 °C", "38 °F", "4 °C"], ["38 °F"]),
        (["(2,5)", "1,5", "> 500"], ["> 500"]), (["1.2 mm", "trace", "3 mm"], ["trace"]), (["1K", "<1K"], ["<1K"]),
    ],
)  # fmt: skip
def test_limits_and_other_units_are_no_numbers_of_the_column(cells: list[str], unread: list[str]) -> None:
    found = column(cells)
    assert found.account.kind == "number"
    assert [text for _, text in found.unread] == unread
    assert np.isnan(found.values[[row for row, _ in found.unread]]).all()


@pytest.mark.parametrize(
    "cells",
    [
        ["12A", "13B", "14A"], ["1st", "2nd", "3rd"], ["1.2b", "1.3b"], ["A1", "B2"], ["12 Main", "14 Elm"],
        ["7 pm", "8 pm"], ["12 Jan", "13 Jan"], ["1.5.3 beta", "2.0"], ["3a", "4a"], ["B", "K", "M"],
    ],
)  # fmt: skip
def test_codes_and_names_stay_text(cells: list[str]) -> None:
    assert column(cells).account.kind == "text"


def test_an_error_names_the_unit_of_the_others_or_what_to_do_about_a_limit(tmp_path) -> None:
    days = [f"2024-02-{day:02d}" for day in range(1, 9)]
    for cell, sentence in (("1.2 s", "The other numbers are in ms."), ("<1", "Set missing_values to <1 where")):
        file = tmp_path / "data.csv"
        unit = " ms" if "s" in cell else ""
        cells = [f"{i}{unit}" for i in range(7)]
        file.write_text("day;value\n" + "\n".join(map(";".join, zip(days, [*cells, cell], strict=True))) + "\n")
        with pytest.raises(DataError, match=sentence):
            read_table(file).numbers(["value"])
    values = read_table(file, ReadOptions(missing_values=("<1",))).cells["value"]
    np.testing.assert_array_equal(values, [*range(7), np.nan])


def test_units_in_some_cells_of_a_workbook_are_refused_and_scales_said() -> None:
    frame = pd.DataFrame({"energy": ["12 kWh", 13, 14], "views": ["12K", 13, 14]})
    table = frame_table("frame", frame, ReadOptions())
    assert table.account is not None
    assert table.account.column("energy").unread_cells == ("'12 kWh' in row 1",)
    assert table.cells["views"].tolist() == [12000, 13, 14]
    assert "In column 'views', K stands for 1,000." in table.account.assumed


@pytest.mark.parametrize("word", ["> 500", "broken"])
def test_parentheses_around_a_number_and_its_sign_are_read_beside_a_word(word: str) -> None:
    found = column(["0.5 °C", word, "(1.6 °C)", "(0.25 °C)", "2.5 °C"])
    np.testing.assert_array_equal(found.values, [0.5, np.nan, -1.6, -0.25, 2.5])
    assert found.unread == [(1, word)]
