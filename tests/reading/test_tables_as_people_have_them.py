"""Tables as people have them are read right, or asked about: numbers, headers, marks, order, kinds of columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.files import read_file
from rnnstudio.reading.text.text_table import read_table
from rnnstudio.reading.value_columns import frame_table

NAN = float("nan")


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "data.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def table_of(folder: Path, text: str, encoding: str = "utf-8", **options):
    return read_table(written(folder, text, encoding), ReadOptions(**options))


# -- numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("separator", "cells", "numbers"),
    [
        (";", ["1.026,5", "987"], [1026.5, 987]),
        (";", ["1.026.000", "987"], [1026000, 987]),
        (";", ["0,125", "0,250"], [0.125, 0.25]),
        (",", ['"1,026.5"', "987"], [1026.5, 987]),
        (",", ['"1,026"', '"2,987,500"'], [1026, 2987500]),
        (",", ["1.026", "2.500"], [1.026, 2.5]),
        (",", ["1.026", "2024"], [1.026, 2024]),
        (";", ["1 026,5", "987,1"], [1026.5, 987.1]),
        (";", ["1\N{NARROW NO-BREAK SPACE}026,5", "987,1"], [1026.5, 987.1]),
        (";", ["1'026.5", "987"], [1026.5, 987]),
        (";", ["1\N{RIGHT SINGLE QUOTATION MARK}026.5", "987"], [1026.5, 987]),
        (",", ["$1026.50", "$-3"], [1026.5, -3]),
        (";", ["1.026,50 €", "-3,00 €"], [1026.5, -3]),
        (",", ["12%", "7.5%"], [12, 7.5]),
        (",", ["1e3", "\N{MINUS SIGN}4"], [1000, -4]),
        (",", ["+5", ".5"], [5, 0.5]),
        ("\t", ["10,5", "11,25"], [10.5, 11.25]),
        ("|", ["1.5", "2.5"], [1.5, 2.5]),
    ],
)
def test_numbers_are_read_as_they_are_written(tmp_path, separator, cells, numbers):
    rows = [f"{'ab'[i % 2]}{separator}{cell}" for i, cell in enumerate(cells * 4)]
    table = table_of(tmp_path, "\n".join([f"who{separator}value", *rows]) + "\n")
    np.testing.assert_array_equal(table.numbers(["value"])[:, 0], numbers * 4)


@pytest.mark.parametrize(
    ("separator", "cells", "settings"),
    [(";", ["1.026", "2.500"], ("none", "point")), (";", ["1.026", "250"], ("none", "point")),
     (";", ["1,026", "2,500"], ("none", "comma")), (",", ['"1,026"', '"2,500"'], ("none", "comma")),
     ("\t", ["1,026", "2,500"], ("none", "comma"))],
)  # fmt: skip
def test_marks_of_thousands_or_decimals_are_asked_about_where_nothing_decides(tmp_path, separator, cells, settings):
    text = "\n".join([f"who{separator}value", *(f"a{separator}{cell}" for cell in cells)]) + "\n"
    with pytest.raises(
        SettingError, match=r"column 'value', such as 1.026.*Set thousands_mark to none .* or "
    ) as raised:
        table_of(tmp_path, text).numbers(["value"])
    assert raised.value.field == "thousands_mark"
    decimals, thousands = (table_of(tmp_path, text, thousands_mark=mark).numbers(["value"])[:, 0] for mark in settings)
    cells = [cell.strip('"') for cell in cells]
    np.testing.assert_array_equal(decimals, [float(cell.replace(",", ".")) for cell in cells])
    np.testing.assert_array_equal(thousands, [int(cell.replace(",", "").replace(".", "")) for cell in cells])


def test_marks_are_decided_by_the_other_columns_and_by_the_size_of_the_numbers(tmp_path):
    beside_decimals = table_of(tmp_path, "a;b\n1.026;0,5\n2.250;0,7\n")
    np.testing.assert_array_equal(beside_decimals.numbers(["a"])[:, 0], [1026, 2250])
    counts = [*range(950, 1060, 5)]
    text = "a;b\n" + "".join(f"x;{n:,}\n".replace(",", ".") for n in counts)
    table = table_of(tmp_path, text)
    np.testing.assert_array_equal(table.numbers(["b"])[:, 0], counts)
    assert "such as 1.000 are read as 1000" in " ".join(table.account.assumed)


# -- headers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "columns", "first", "row"),
    [
        ("week,2021,2022\nW1,5.5,6\nW2,7,8.5\n", ["2021", "2022"], [5.5, 6], 2),
        ("t,p\ns,bar\n0.1,5\n0.2,6\n", ["t", "p"], [0.1, 5], 3),
        ("bodyparts,nose,nose,tail\ncoords,x,y,x\n0,1.5,2,3\n1,2.5,3,4\n", ["nose x", "nose y"], [1.5, 2], 3),
        ("Report of the plant\n\nday,a,b\nmon,1,2\ntue,3,4\n", ["a", "b"], [1, 2], 4),
        ("# made by hand\n# day,a,b\nmon,1,2\ntue,3,4\n", ["a", "b"], [1, 2], 3),
        ("a b c\n1 2 3\n4 5 6\n", ["a", "b", "c"], [1, 2, 3], 2),
        ("  1   2.5  3\n  4   5.5  6\n", ["column1", "column2", "column3"], [1, 2.5, 3], 1),
        ('"a";"b"\r\n"1,5";"2"\r\n"3";"4"\r\n', ["a", "b"], [1.5, 2], 2),
        ("a,b\r1,2\r3,4\r", ["a", "b"], [1, 2], 2),
    ],
    ids=["years", "units", "two rows", "title", "comments", "blanks", "no names", "quotes", "old Macintosh"],
)
def test_headers_are_found(tmp_path, text, columns, first, row):
    table = table_of(tmp_path, text)
    np.testing.assert_array_equal(table.numbers(columns)[0], first)
    assert table.row_numbers[0] == row


def test_units_are_kept_as_units(tmp_path):
    table = table_of(tmp_path, "t,p\n[s],[bar]\n0.1,5\n0.2,6\n")
    assert [column.unit for column in table.account.columns] == ["s", "bar"]


@pytest.mark.parametrize(("header", "names"), [("2", ["mon", "1"]), ("none", ["column1", "column2"]), ("1-2", None)])
def test_the_header_can_be_set(tmp_path, header, names):
    table = table_of(tmp_path, "day,a\nmon,1\ntue,2\nwed,3\n", header=header)
    assert table.columns == (names or ["mon", "a 1"])


@pytest.mark.parametrize(
    "closing", ["Total;15", "TOTAL:;15", "Summe;15", "Source: the till", "Average;5", "\n\nGenerated by hand;"]
)
def test_rows_below_the_data_are_left_out_and_said(tmp_path, closing):
    table = table_of(tmp_path, f"day;a\n2024-01-01;4\n2024-01-02;5\n2024-01-03;6\n{closing}\n")
    np.testing.assert_array_equal(table.numbers(["a"])[:, 0], [4, 5, 6])
    assert table.account.skipped_below >= 1
    assert "total or remark" in " ".join(table.account.assumed).replace("totals or remarks", "total or remark")


# -- missing values and classes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["", ".", "#N/A", "n/a", "NA", "-", "?", "nan", "NULL", "--"])
def test_marks_of_missing_values_are_known(tmp_path, mark):
    table = table_of(tmp_path, f"day,a\nmon,1\ntue,{mark}\nwed,3.5\n")
    np.testing.assert_array_equal(table.values(["a"], "drop")[:, 0], [1, NAN, 3.5])
    assert table.account.column("a").missing_marks == {mark: 1}


def test_further_marks_are_a_setting(tmp_path):
    text = "day,a\nmon,1\ntue,-999\nwed,3\n"
    assert table_of(tmp_path, text).account.column("a").missing == 0
    table = table_of(tmp_path, text, missing_values=("-999",))
    np.testing.assert_array_equal(table.values(["a"], "drop")[:, 0], [1, NAN, 3])


def test_classes_may_be_called_none_na_or_null(tmp_path):
    names = ["None", "NA", "NULL", "nan", "TRUE", "walk"]
    table = table_of(tmp_path, "a,class\n" + "".join(f"{i},{name}\n" for i, name in enumerate(names)))
    assert table.texts("class").tolist() == names


@pytest.mark.parametrize("repeats", [3, 300_000])
def test_a_class_is_the_same_as_whole_number_and_as_decimal_whatever_the_size(tmp_path, repeats):
    file = written(tmp_path, "value,label\n" + "0.5,1\n0.7,1.0\n0.9,2\n" * repeats)
    assert set(read_table(file).texts("label").tolist()) == {"1", "2"}


@pytest.mark.parametrize("words", [("True", "False"), ("yes", "no"), ("ja", "nein"), ("TRUE", "FALSE")])
def test_words_for_yes_and_no_are_inputs_of_1_and_0(tmp_path, words):
    table = table_of(tmp_path, "promo,sales\n" + "".join(f"{words[i % 2]},{i}.5\n" for i in range(6)))
    np.testing.assert_array_equal(table.numbers(["promo"])[:, 0], [1, 0] * 3)
    assert table.account.target == "sales"


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (pd.array([1, None, 3], "Int64"), [1, NAN, 3]),
        (pd.array([1.5, None, 3], "Float64"), [1.5, NAN, 3]),
        (pd.array([1.5, None, 3], "double[pyarrow]"), [1.5, NAN, 3]),
        (pd.array([True, None, False], "boolean"), [1, NAN, 0]),
        (pd.Categorical([5, 6, 5]), [5, 6, 5]),
        (np.array(["1,5", None, "2"], object), [1.5, NAN, 2]),
        (np.array([1.5, "n/a", 2], object), [1.5, NAN, 2]),
    ],
    ids=str,
)
def test_columns_of_data_frames_have_many_types(values, numbers):
    table = frame_table("x", pd.DataFrame({"day": ["mon", "tue", "wed"], "a": values}))
    np.testing.assert_array_equal(table.values(["a"], "drop")[:, 0], numbers)


# -- order -------------------------------------------------------------------------------------------------------------

DAYS = pd.date_range("2024-01-01", periods=40, freq="D")


@pytest.mark.parametrize("order", ["sorted", "newest first", "unsorted"])
def test_rows_are_sorted_by_time_and_it_is_said(tmp_path, order):
    frame = pd.DataFrame({"day": DAYS, "a": np.arange(40.0) % 7})
    shown = {"sorted": frame, "newest first": frame[::-1], "unsorted": frame.sample(frac=1, random_state=0)}[order]
    file = tmp_path / "data.csv"
    shown.to_csv(file, index=False)
    table = read_table(file)
    np.testing.assert_array_equal(table.numbers(["a"])[:, 0], frame["a"])
    assert table.account.time.rows == order
    assert (order == "sorted") == (not table.account.assumed)
    np.testing.assert_array_equal(table.times, DAYS.to_numpy())
    line_of = dict(zip(shown["day"], range(2, 42), strict=True))
    assert list(table.row_numbers) == [line_of[day] for day in DAYS]


def test_a_running_index_is_no_input_and_no_target(tmp_path):
    frame = pd.DataFrame({"value": np.sin(np.arange(30.0)), "state": ["on", "off"] * 15})
    frame.to_csv(tmp_path / "data.csv")
    table = read_table(tmp_path / "data.csv")
    assert table.account.column("column1").kind == "index"
    assert table.numeric_columns() == ["value"]
    assert table.account.class_columns == ("state",)
    frame.drop(index=[4, 9]).to_csv(tmp_path / "data.csv")
    assert read_table(tmp_path / "data.csv").numeric_columns() == ["value"]
    frame.drop(index=[4, 9]).to_parquet(tmp_path / "data.parquet")
    assert read_file(tmp_path / "data.parquet").columns == ["value", "state"]


@pytest.mark.parametrize("cell", ["{:.3f} e3", "{:.3f}q", "tensor({:.4f})", "{:.2f}×10^3"])
def test_running_numbers_beside_numbers_that_cannot_be_read_are_never_predicted(tmp_path, cell):
    rows = [f"{i},{cell.format(4 + np.sin(i))}" for i in range(40)]
    (tmp_path / "data.csv").write_text("\n".join(["t,value", *rows]))
    table = read_table(tmp_path / "data.csv")
    assert table.numeric_columns() == []
    with pytest.raises(DataError, match="column 'value' holds"):
        table.default_target()


@pytest.mark.parametrize(("name", "is_index"), [("entry_id", True), ("No", True), ("steps_walked", False)])
def test_numbers_of_things_that_rise_by_1_are_an_index_from_whichever_number_on(tmp_path, name, is_index):
    frame = pd.DataFrame({"day": DAYS, name: np.arange(1000, 1000 + len(DAYS)), "x": np.sin(np.arange(len(DAYS)))})
    frame.to_csv(tmp_path / "data.csv", index=False)
    table = read_table(tmp_path / "data.csv")
    assert (table.account.column(name).kind == "index") == is_index
    assert table.account.target == ("x" if is_index else name)


@pytest.mark.parametrize(("unit", "in_second"), [("s", 1), ("ms", 10**3), ("us", 10**6)])
def test_a_first_column_without_a_name_that_counts_from_1970_in_equal_steps_holds_the_times(tmp_path, unit, in_second):
    rows = [f"{(1_700_000_000 + 3600 * (39 - i)) * in_second},{i % 7 + 0.5}" for i in range(40)]
    (tmp_path / "data.csv").write_text("\n".join(rows))
    table = read_table(tmp_path / "data.csv")
    assert table.account.time.frequency == "h"
    assert table.account.time.rows == "newest first"
    assert table.numbers(["column2"])[0, 0] == 39 % 7 + 0.5
    assert any(f"({unit} since 1970)" in sentence for sentence in table.account.assumed)


# -- the column to predict ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        ({"Umsatz": "n", "Aktion": "01", "Temperatur": "n"}, "Umsatz"),
        ({"a": "n", "b": "n"}, "a"),  # the first beside the time
        ({"temperature": "n", "failure": "01"}, "temperature"),
        ({"zero": "0", "x": "n"}, "x"),
        ({"humidity": "n", "Load_kW": "n"}, "Load_kW"),
    ],
)
def test_the_default_target_is_never_a_column_of_two_values_an_index_or_a_time(tmp_path, columns, target):
    rng = np.random.default_rng(0)
    made = {"n": lambda: rng.normal(size=40).round(3), "01": lambda: rng.integers(0, 2, 40), "0": lambda: np.zeros(40)}
    frame = pd.DataFrame({"day": DAYS, **{name: made[kind]() for name, kind in columns.items()}})
    frame.to_csv(tmp_path / "data.csv", index=False)
    account = read_table(tmp_path / "data.csv").account
    assert account.target == target
    assert ("failure" in columns) == (account.class_columns == ("failure",))


# -- every format, every size ------------------------------------------------------------------------------------------


def test_a_large_file_is_read_like_a_small_one(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=200_000), "b": rng.integers(0, 9, 200_000), "c": ["x", "y"] * 100_000})
    frame.loc[150_000, "a"] = None
    file = tmp_path / "large.csv"
    frame.to_csv(file, index=False)
    assert file.stat().st_size > 4_500_000
    table = read_table(file)
    np.testing.assert_array_equal(table.values(["a", "b"], "drop"), frame[["a", "b"]].to_numpy(float))
    lines = file.read_text().splitlines()
    written(tmp_path, "\n".join(lines[:101]) + "\n", name="small.csv")
    small = read_table(tmp_path / "small.csv")
    np.testing.assert_array_equal(small.values(["a", "b"], "drop"), table.values(["a", "b"], "drop")[:100])
    assert [c.kind for c in small.account.columns] == [c.kind for c in table.account.columns]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "gbk", "shift_jis"])
def test_the_encoding_is_found_and_named(tmp_path, encoding):
    name = {"gbk": "销量 温度 日期 数量", "shift_jis": "\u58f2\u4e0a\u3052\u30c7\u30fc\u30bf"}.get(encoding, "Größe")
    table = table_of(tmp_path, f"day,{name}\nmon,1\ntue,2\n", encoding)
    assert table.columns == ["day", name]
    assert table.account.encoding
    assert ("encoding" in " ".join(table.account.assumed)) == (not encoding.startswith("utf"))


def test_a_cell_that_is_no_number_is_named_where_the_column_is_used(tmp_path):
    table = table_of(tmp_path, "day,a\n" + "".join(f"mon,{'oops' if i == 5 else i}\n" for i in range(9)))
    with pytest.raises(DataError, match="row 7, column 'a': a number is expected; received 'oops'"):
        table.numbers(["a"])
