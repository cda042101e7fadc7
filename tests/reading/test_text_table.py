"""Text tables: formats that are detected, and errors with file, row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.missing import Missing
from rnnstudio.core.read_options import ReadOptions, Separator
from rnnstudio.reading.text.text_table import read_table

NO_BREAK = "\N{NO-BREAK SPACE}"


def write(folder: Path, text: str | bytes, name: str = "data.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def hundred_lines(replacements: Mapping[int, str]) -> str:
    """Return a table of 100 lines, some of them replaced."""
    return "\n".join(["day,sales", *(replacements.get(line, f"{line},{line * 2}") for line in range(2, 101))])


@pytest.mark.parametrize(
    ("row", "received"),
    [
        ("77,many", "received 'many'"),
        ("77,", "received an empty cell"),
        ("77,nan", r"received a missing value \('nan'\)"),
    ],
)
def test_a_cell_without_a_number_is_named_by_file_row_and_column(tmp_path: Path, row: str, received: str) -> None:
    table = read_table(write(tmp_path, hundred_lines({77: row})))
    with pytest.raises(DataError, match=rf"^data.csv, row 77, column 'sales': a number is expected; {received}"):
        table.numbers(["sales"])


def test_row_numbers_include_blank_lines_as_in_an_editor(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, hundred_lines({10: "", 20: "", 77: "77,x"})))
    with pytest.raises(DataError, match="row 77"):
        table.numbers(["sales"])


def test_a_number_too_large_for_float32_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, hundred_lines({77: "77,1e300"}))
    table = read_table(file, ReadOptions(missing_values=("none",)))
    with pytest.raises(DataError, match=r"row 77, column 'sales'.*received '1e.300'"):
        table.numbers(["sales"])


@pytest.mark.parametrize(
    ("cells", "missing", "listed"),
    [
        ({5: "5,-", 6: "6,-", 7: "7,-"}, "error", "(3 such cells; the others: row 6 and row 7)"),
        ({5: "5,x", 6: "6,-", 7: "7,y"}, "error", "(3 such cells; the others: row 6 and 'y' in row 7)"),
        ({5: "5,x", 6: "6,-", 7: "7,y"}, "past", "(2 such cells; the others: 'y' in row 7)"),
        (
            {row: f"{row},x{row}" for row in range(5, 25)}, "past",
            "(20 such cells; the others: 'x6' in row 6, 'x7' in row 7, 'x8' in row 8, 'x9' in row 9, 'x10' in row 10 "
            "and 14 more)",
        ),
    ],
)  # fmt: skip
def test_the_other_cells_that_are_no_numbers_are_listed(
    tmp_path: Path, cells: dict[int, str], missing: Missing, listed: str
) -> None:
    table = read_table(write(tmp_path, hundred_lines(cells)))
    with pytest.raises(DataError, match=rf"row 5, column 'sales'.*{re.escape(listed)}"):
        table.values(["sales"], missing)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n\n", "is empty"),
        (b"\0\x89\0\0\0\1" * 20, "a text table such as a .csv file is expected; received binary data"),
        (b"\x89PNG\0\0\0\1" * 20, "a text table such as a .csv file is expected; received an image"),
        (b"%PDF-1.7\n1 0 obj\n", "received a PDF document. Save its table as .csv"),
        (b"once upon a time\nthere was no number", "it contains no numbers"),
        (b"day,sales\n", "its only row holds words, such as the names of columns"),
        (b"a,b\n1,2\n1,2,3\n", "row 3: 2 columns are expected as in the other rows; received 3"),
        (b'a,b\n1,"2\n' + b"x" * 200_000, "row 2: a cell begins with a quotation mark, and none closes it"),
    ],
    ids=[
        "empty",
        "blank",
        "binary",
        "image",
        "document",
        "prose",
        "names only",
        "rows of different lengths",
        "open quote",
    ],
)
def test_a_file_that_is_not_a_table_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=rf"data.csv.*{message}"):
        read_table(write(tmp_path, content))


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no file .*missing.csv"):
        read_table(tmp_path / "missing.csv")
    with pytest.raises(DataError, match="is a folder"):
        read_table(tmp_path)


def test_the_error_for_a_missing_column_lists_all_columns(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no column 'price'. Its columns: day, sales"):
        read_table(write(tmp_path, hundred_lines({}))).numbers(["price"])


def test_columns_of_text_are_not_numeric(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "when;what;n\n1949-01;a;1\n1949-02;b;2\n"))
    assert table.numeric_columns() == ["n"]
    np.testing.assert_array_equal(table.numbers(["n"]), [[1], [2]])


def test_columns_are_separated_by_semicolons_if_the_comma_is_the_decimal_sign(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "1,5;2\n2,5;3\n"))
    assert table.columns == ["column1", "column2"]
    np.testing.assert_array_equal(table.numbers(table.columns), [[1.5, 2], [2.5, 3]])


@pytest.mark.parametrize(
    "text", ["day;sales\n1;101,29\n2;-7,5\n", "day\tsales\n1\t101,29\n2\t-7,5\n", "sales\n101,29\n-7,5\n"]
)
def test_decimal_commas_are_read_if_the_comma_is_not_the_separator(tmp_path: Path, text: str) -> None:
    table = read_table(write(tmp_path, text + "Source: the till\n"))
    assert table.account.skipped_below == 1
    np.testing.assert_allclose(table.numbers(["sales"])[:, 0], [101.29, -7.5], rtol=1e-6)


def test_without_a_header_columns_are_separated_by_commas(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "10,57\n11,58\n"))
    np.testing.assert_array_equal(table.numbers(["column1", "column2"]), [[10, 57], [11, 58]])


@pytest.mark.parametrize(
    ("cells", "as_columns", "as_one"),
    [
        ([",25", ",5"], [25, 5], [0.25, 0.5]),
        ([",987654321 €", ",987654328 €"], [987654321, 987654328], [0.987654321, 0.987654328]),
        (["46838,6905%", "46837,16949%"], [46838, 46837], [46838.6905, 46837.16949]),
    ],
)
def test_a_comma_between_digits_is_asked_about_where_it_can_be_of_decimals(
    tmp_path: Path, cells: list[str], as_columns: list[float], as_one: list[float]
) -> None:
    file = write(tmp_path, "\n".join(cells) + "\n")
    table = read_table(file)
    with pytest.raises(SettingError, match=r"can separate columns or decimals. Set separator to comma"):
        table.values(table.columns[:1], "past")
    answers: dict[Separator, list[float]] = {"comma": as_columns, "semicolon": as_one}
    for separator, right in answers.items():
        table = read_table(file, ReadOptions(separator=separator))
        np.testing.assert_array_equal(table.values(table.columns, "past")[:, 0], right)


def test_signs_before_decimals_do_not_hide_that_blanks_separate_columns(tmp_path: Path) -> None:
    rows = "".join(f"1{NO_BREAK}{i}05,3€ 7 $,{i}4\n" for i in range(1, 9))
    table = read_table(write(tmp_path, f"sales count load\n{rows}"))
    np.testing.assert_array_equal(table.values(table.columns, "past")[0], [1105.3, 7, 0.14])


def test_remarks_below_a_short_table_do_not_hide_its_separator(tmp_path: Path) -> None:
    rows = "".join(f"{i};1{NO_BREAK}{i}15.5;Rome;0;\n" for i in range(1, 6))
    table = read_table(write(tmp_path, f"price;city;load;\n{rows}Notes:\n1) since 2020\n2) estimated\n"))
    assert table.columns == ["column1", "price", "city", "load"]
    assert len(table.cells) == 5


@pytest.mark.parametrize("sign", ["", "\N{PER MILLE SIGN}"])
def test_a_mark_alone_in_its_row_shows_that_blanks_stand_within_numbers(tmp_path: Path, sign: str) -> None:
    table = read_table(write(tmp_path, f"speed kmh\n49 129{sign}\n-\n46 746{sign}\n"))
    np.testing.assert_array_equal(table.values(table.columns, "past")[:, 0], [49129, np.nan, 46746])


def test_commas_between_groups_as_in_india_separate_no_columns(tmp_path: Path) -> None:
    rows = "".join(f"98,76,54,32{i}\tRome\topen\n" for i in range(1, 6))
    table = read_table(write(tmp_path, f"price\tcity\tstate\n{rows}"))
    np.testing.assert_array_equal(table.values(["price"], "past")[:2, 0], [987654321, 987654322])


def test_amounts_beside_dates_are_no_clock_times(tmp_path: Path) -> None:
    rows = "".join(f"{i}.{i}1€, {i}/02/2021\n" for i in range(10, 20))
    assert read_table(write(tmp_path, rows)).columns == ["column1", "column2"]


def test_comments_as_wide_as_the_table_are_no_names(tmp_path: Path) -> None:
    rows = "#NAME? 2.5 idle\n1.5 3.5 open\n" * 4
    assert read_table(write(tmp_path, f"# by logger\nkWh sales state\n{rows}")).columns == ["kWh", "sales", "state"]


def test_evenly_spaced_amounts_are_no_times(tmp_path: Path) -> None:
    rows = "".join(f"{987654321 + 7 * i} kr;{i % 7}.5\n" for i in range(20))
    assert read_table(write(tmp_path, rows)).times is None


@pytest.mark.parametrize("row", ["n,red,-", "y,blue,"])
def test_a_row_of_words_below_a_blank_line_begins_no_table_if_they_stand_above(tmp_path: Path, row: str) -> None:
    table = read_table(write(tmp_path, f"wind,colour,count\nn,red,5\ny,blue,6\n\n{row}\ny,red,7\n"))
    assert len(table.cells) == 4


def test_currencies_before_grouped_numbers_are_no_column(tmp_path: Path) -> None:
    rows = "".join(f"R$ 1'37{i}'091.5{i}\n" for i in range(1, 9))
    assert read_table(write(tmp_path, f"height over NN\n{rows}")).columns == ["height over NN"]


@pytest.mark.parametrize("names", ["Year;10;20", "1;2;3", "Month;2004;2005"])
def test_names_that_are_numbers_stand_below_a_title_and_a_blank_row(tmp_path: Path, names: str) -> None:
    rows = "".join(f"{2011 + i};{i}5,2€;2,{i}5\n" for i in range(1, 9))
    assert read_table(write(tmp_path, f"Created;2024-01-31;\n;;\n{names}\n{rows}")).columns == names.split(";")


def test_blanks_beside_quoted_cells_separate_columns(tmp_path: Path) -> None:
    rows = "".join(f'  " open "   " Paris blue "   $15{i}834,3{i}\n' for i in range(1, 9))
    table = read_table(write(tmp_path, rows))
    np.testing.assert_array_equal(table.values(["column3"], "past")[:2, 0], [151834.31, 152834.32])


def test_a_quoted_empty_cell_before_a_blank_is_a_column(tmp_path: Path) -> None:
    rows = '"" n/a\r\n' * 3 + "".join(f"\"\" 1'487'24{i}€\r\n" for i in range(8))
    table = read_table(write(tmp_path, f"temp load\r\n{rows}"))
    assert table.columns == ["temp", "load"]
    np.testing.assert_array_equal(table.values(["load"], "past")[-1:, 0], [1487247.0])


def test_first_rows_without_numbers_are_data_where_their_words_stand_below(tmp_path: Path) -> None:
    rows = "".join(f"{'ab'[i % 2]},yes,{'1 or 2' if i % 2 else 3},{i}.5\n" for i in range(8))
    assert len(read_table(write(tmp_path, f"who,state,code,load\nb,yes,1 or 2,--\n{rows}")).cells) == 9


@pytest.mark.parametrize("mark", ["N/A", "NaN", "n/a"])
def test_a_first_row_with_a_mark_of_missing_values_and_a_word_that_stands_below_holds_no_units(
    tmp_path: Path, mark: str
) -> None:
    rows = "".join(f"{'<5' if i % 3 else '5-10'};{i}.5\n" for i in range(8))
    assert len(read_table(write(tmp_path, f"age;price\n5-10;{mark}\n{rows}")).cells) == 9
    units = read_table(write(tmp_path, "age;price\nyears;-\n" + "".join(f"{i};{i}.5\n" for i in range(8)))).account
    assert units is not None
    assert units.units_row == 2


def test_a_sign_behind_a_comma_begins_another_column(tmp_path: Path) -> None:
    rows = "".join(f"2{NO_BREAK}{i}13,$105{i}\n" for i in range(10))
    assert read_table(write(tmp_path, rows)).columns == ["column1", "column2"]


def test_columns_with_the_same_name_are_numbered(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, "a,a,\n1,2,3\n")).columns == ["a 1", "a 2", "column3"]


def test_the_file_is_never_changed(tmp_path: Path) -> None:
    file = write(tmp_path, hundred_lines({}))
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    read_table(file).numbers(["sales"])
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
