"""The account shows cells that are no numbers, which a training refuses; one is quoted where no column fits."""

import re

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.core.names import names_in
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.files import read_file
from rnnstudio.reading.text.text_table import table_of_text
from rnnstudio.reading.value_columns import frame_table

WORDS = ["Bad", "<0.5", "I/O Timeout", "12a"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("count", [1, 3, 4])
@pytest.mark.parametrize("order", ["sorted", "newest first"])
def test_the_account_shows_cells_that_are_no_numbers_with_their_rows(tmp_path, ending, count, order):
    cells = [*WORDS[:count], *(f"{i}.5" if ending == "csv" else i + 0.5 for i in range(20))]
    days = pd.date_range("2024-01-01", periods=len(cells)).strftime("%Y-%m-%d").tolist()
    frame = pd.DataFrame({"day": days if order == "sorted" else days[::-1], "value": cells})
    path = tmp_path / f"a.{ending}"
    frame.to_csv(path, index=False) if ending == "csv" else frame.to_excel(path, index=False)
    table = read_file(str(path), "", ReadOptions())
    account = table.account.column("value")
    quoted = [f"{word!r} in row {i + 2}" for i, word in enumerate(WORDS[:count])]
    assert account.unread == count
    assert list(account.unread_cells) == (quoted if order == "sorted" else quoted[::-1])[:3]
    cell = "cell" if count == 1 else "cells"
    assert f"{count} {cell} without a number ({account.unread_cells[0]}" in str(table.account)
    assert ("and 1 more" in str(table.account)) == (count == 4)
    (of_json,) = [c for c in table.account.to_dict()["columns"] if c["name"] == "value"]
    assert of_json["unread"] == count
    with pytest.raises(DataError, match="a number is expected; received"):
        table.values(["value"], "past")


@pytest.mark.parametrize("cells", [["[1, 2]", "[3, 4]"], ["Fr 5", "Fr 6"], ["5 or 6", "x"], ["about 7", "9 kg"]])
def test_where_no_column_holds_numbers_a_cell_is_quoted(cells):
    rows = "".join(f"2024-01-0{i + 1};{cell}\n" for i, cell in enumerate(cells * 3))
    table = table_of_text("a.csv", f"day;sales\n{rows}".encode(), ReadOptions(header="1"))
    with pytest.raises(DataError, match="row 2 of column 'sales' holds") as error:
        table.default_target()
    assert repr(cells[0]) in str(error.value)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["2024-01-01,5"], "1 row, 2 columns"),
        (["2024-01-01,5", "2024-01-02,6", "2024-01-02,7", "2024-01-04,8"], "1 double stamp, 1 row missing in 1 gap"),
        (["2024-01-01,5", "2024-01-02,6", "2024-01-04,8"], "1 row of one day is missing in 1 place"),
        (["2024-01-01,5", "2024-01-02,6", "2024-01-05,8"], "2 rows of one day each are missing in 1 place"),
        (["2024-01-01,5", "2024-01-02,6", "Total,11"], "1 row below left out"),
    ],
)
def test_one_row_is_no_rows(rows, text):
    account = table_of_text("a.csv", "\n".join(["day,sales", *rows, ""]).encode(), ReadOptions()).account
    assert text in str(account)


def test_the_account_says_what_the_inputs_are():
    text = b"day,shop,sales,promo\n2024-01-01,a,5,1\n2024-01-02,b,6,0\n2024-01-03,a,8,3\n"
    account = table_of_text("a.csv", text, ReadOptions()).account
    sentence = "the past of sales alone; set features to add others (shop and promo)"
    assert f"Inputs by default: {sentence}" in str(account)
    assert account.to_dict()["inputs_text"] == sentence


def test_constant_columns_and_copies_are_not_offered_as_inputs():
    text = b"day,sales,tax,copy,promo\n2024-01-01,5,19,5,1\n2024-01-02,6,19,6,0\n2024-01-03,8,19,8,3\n"
    account = table_of_text("a.csv", text, ReadOptions()).account
    assert account.inputs_text == "the past of sales alone; set features to add others (promo)"


ODD = ["broken", "*", "<0.5", "?x", "1.2.3", "x,y", 'say "5"', "[n. d.]"]


@pytest.mark.parametrize("odd", [[cell] for cell in ODD] + [ODD[:3], ODD[3:]])
@pytest.mark.parametrize("source", ["text", "workbook", "frame"])
def test_the_way_out_of_a_few_cells_that_are_no_numbers_is_named_and_is_one(tmp_path, odd, source):
    cells = [*(i + 0.5 for i in range(20)), *odd, *odd, 7.5]
    frame = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=len(cells)), "value": cells})

    def values(options):
        if source == "frame":
            return frame_table("x", frame, options).values(["value"], "past")[:, 0].tolist()
        path = tmp_path / {"text": "a.csv", "workbook": "a.xlsx"}[source]
        frame.to_csv(path, index=False) if source == "text" else frame.to_excel(path, index=False)
        return read_file(str(path), "", options).values(["value"], "past")[:, 0].tolist()

    with pytest.raises(DataError) as error:
        values(ReadOptions())
    are = "it is" if len(odd) == 1 else "they are"
    named = re.search(rf"Set missing_values to (.*) where {are} to be missing, correct the file, or ", str(error.value))
    assert named is not None
    assert names_in(named[1]) == odd
    read = values(ReadOptions(missing_values=tuple(odd)))
    np.testing.assert_array_equal(read, [*np.arange(20) + 0.5, *[np.nan] * 2 * len(odd), 7.5])


def test_many_different_cells_that_are_no_numbers_are_no_marks():
    rows = "".join(f"2024-01-{i + 1:02},{'abcdef'[i] if i < 6 else i + 0.5}\n" for i in range(30))
    with pytest.raises(DataError, match=r"'f' in row 7\). Correct the file or choose another column"):
        table_of_text("a.csv", f"day,value\n{rows}".encode(), ReadOptions()).values(["value"])


def test_text_where_a_number_is_expected_may_hold_classes():
    rows = "".join(f"2024-01-{i + 1:02},{'on' if i % 3 else 'off'},{i}.5\n" for i in range(30))
    with pytest.raises(DataError, match="If the column contains classes, set task to label"):
        table_of_text("a.csv", f"day,mode,value\n{rows}".encode(), ReadOptions()).values(["mode"])
