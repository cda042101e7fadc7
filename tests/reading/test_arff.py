"""The .arff format: attributes of every type, rows that are sequences, and errors with line numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.errors import DataError
from rnnstudio.reading.formats.arff_file import split_cells
from rnnstudio.reading.formats.arff_tables import read_arff, read_arff_sequences
from rnnstudio.reading.sequence_files import read_new_sequences, read_sequences

TABLE = """% by hand
@RELATION 'a plant'
@attribute 'the day' DATE "dd.MM.yyyy"
@attribute load REAL
@attribute valve {open, closed}
@attribute 'class' {1, 2, 'not known'}
@attribute note string

@DATA
01.01.2024, 1.5, open, 1, 'a, b'
% between
02.01.2024, ?, closed, 'not known', "it's"
03.01.2024, -2e3, ?, 2, ?
"""
WAVES = np.sin(np.arange(20) / 3 + np.arange(12)[:, None]).round(4)  # (12, 20)
CLASSES = ["up", "down"] * 6


def write(folder: Path, content: str, name: str = "a.arff") -> Path:
    file = folder / name
    file.write_text(content)
    return file


def rows_of(values: np.ndarray[Any, Any], classes: list[str], class_first: bool = False) -> str:
    names = [f"@attribute att{i + 1} numeric" for i in range(values.shape[1])]
    declared = "@attribute target {down,up}"
    rows = [[*map(repr, map(float, row)), label] for row, label in zip(values, classes, strict=True)]
    if class_first:
        rows = [[row[-1], *row[:-1]] for row in rows]
    lines = [declared, *names] if class_first else [*names, declared]
    return "\n".join(["@relation waves", *lines, "@data", *(",".join(row).replace("nan", "?") for row in rows)]) + "\n"


def test_attributes_of_every_type_become_columns(tmp_path):
    table = read_arff(write(tmp_path, TABLE))
    assert [(c.name, c.kind, c.missing) for c in table.account.columns] == [
        ("the day", "time", 0), ("load", "number", 1), ("valve", "text", 1), ("class", "text", 0), ("note", "text", 1),
    ]  # fmt: skip
    np.testing.assert_array_equal(table.values(["load"], "drop")[:, 0], [1.5, np.nan, -2000])
    np.testing.assert_array_equal(table.times, np.array(["2024-01-01", "2024-01-02", "2024-01-03"], "datetime64[ns]"))
    assert table.texts("class").tolist() == ["1", "not known", "2"]
    assert table.texts("note").tolist() == ["a, b", "it's", ""]
    assert table.account.column("load").missing_marks == {"?": 1}
    assert list(table.row_numbers) == [10, 12, 13]
    assert rs.inspect(tmp_path / "a.arff").format == "Weka .arff"


@given(st.lists(st.one_of(st.none(), st.text(st.characters(codec="ascii", exclude_characters="\0"))), min_size=1))
def test_cells_in_quotes_are_read_back(cells):
    escapes = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
    line = ", ".join("?" if cell is None else f"'{cell.translate(escapes)}'" for cell in cells)
    if line != "?":
        assert split_cells(line) == cells


@pytest.mark.parametrize(
    ("pattern", "cells"),
    [
        ("", ["2024-01-02T03:04:05", "2024-02-01T00:00:00"]),
        (' "yyyy-MM-dd HH:mm:ss"', ["2024-01-02 03:04:05", "2024-02-01 00:00:00"]),
        (" 'dd/MM/yyyy HH:mm:ss'", ["02/01/2024 03:04:05", "01/02/2024 00:00:00"]),
        (' "EEE yyyy-MM-dd HH:mm:ss"', ["2024-01-02 03:04:05", "2024-02-01 00:00:00"]),  # not one of Python's
    ],
)
def test_dates_are_read_by_their_pattern(tmp_path, pattern, cells):
    rows = "".join(f"'{cell}',{i}.5\n" for i, cell in enumerate(cells))
    table = read_arff(write(tmp_path, f"@attribute t date{pattern}\n@attribute x numeric\n@data\n{rows}"))
    assert pd.DatetimeIndex(table.times).tolist() == [pd.Timestamp("2024-01-02 03:04:05"), pd.Timestamp("2024-02-01")]


@pytest.mark.parametrize("class_first", [False, True])
def test_rows_with_numbered_attributes_and_a_class_are_sequences(tmp_path, class_first):
    train = write(tmp_path, rows_of(WAVES[:8], CLASSES[:8], class_first), "Waves_TRAIN.arff")
    write(tmp_path, rows_of(WAVES[8:], CLASSES[8:], class_first), "Waves_TEST.arff")
    assert rs.experiment(train).data.dataset == "sequences"
    labelled = read_sequences(train)
    np.testing.assert_array_equal(np.stack(labelled.sequences)[..., 0], WAVES)
    assert labelled.labels.tolist() == CLASSES
    assert labelled.classes == ("down", "up")
    assert labelled.test.tolist() == [False] * 8 + [True] * 4
    account = rs.inspect(train)
    assert (account.format, account.sequences, account.classes) == ("Weka .arff", 12, {"down": 6, "up": 6})
    np.testing.assert_array_equal(np.stack(read_new_sequences(train)[0])[..., 0], WAVES[:8])


def test_missing_values_at_the_end_of_a_row_are_padding(tmp_path):
    values = WAVES.copy()
    values[3, 15:], values[5, 2] = np.nan, np.nan
    sequences = read_arff_sequences(write(tmp_path, rows_of(values, CLASSES))).sequences
    assert [len(sequence) for sequence in sequences] == [20] * 3 + [15] + [20] * 8
    assert np.isnan(sequences[5][2, 0])


def test_sequences_of_several_dimensions_stand_in_a_relational_attribute(tmp_path):
    head = "@attribute bag relational\n@attribute t1 numeric\n@attribute t2 numeric\n@attribute t3 numeric\n@end bag\n"
    text = head + "@attribute c {a,b}\n@data\n'1,2,3\\n4,5,?',a\n\"7,8,9\\n1,1,1\",b\n"
    sequences = read_sequences(write(tmp_path, text)).sequences
    np.testing.assert_array_equal(sequences[0], [[1, 4], [2, 5], [3, np.nan]])
    np.testing.assert_array_equal(sequences[1], [[7, 1], [8, 1], [9, 1]])
    with pytest.raises(DataError, match="line 8: all dimensions of a sequence must have the same length"):
        read_sequences(write(tmp_path, text.replace("4,5,?", "4,5")))
    with pytest.raises(DataError, match="line 9: 2 dimensions are expected; received 1"):
        read_sequences(write(tmp_path, text.replace("\\n1,1,1", "")))


@pytest.mark.parametrize(
    ("text", "dataset"),
    [
        (TABLE, "file"),
        (rows_of(WAVES[:, :5], CLASSES), "file"),  # few columns
        (rows_of(WAVES, CLASSES).replace("att7 ", "seven "), "file"),
        (rows_of(WAVES, CLASSES).replace("att7 ", "att70 "), "file"),
        (rows_of(WAVES, CLASSES).replace(" att", " t"), "sequences"),
    ],
)
def test_other_attributes_are_columns_of_a_table(tmp_path, text, dataset):
    assert rs.experiment(write(tmp_path, text)).data.dataset == dataset


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TABLE.replace("1.5, open", "x, open"), r"line 10: a finite number or \? is expected; received 'x'"),
        (
            TABLE.replace("closed, 'not", "ajar, 'not"),
            "line 12: the value of 'valve' must be one of open, closed.*ajar",
        ),
        (TABLE.replace(", 'a, b'", ""), "line 10: 5 values are expected, one for each attribute; received 4"),
        (TABLE + "{1 5, 3 open}\n", "line 14: .* received a sparse row.*SparseToNonSparse"),
        (TABLE.replace("REAL", "complex"), "line 4: a type is expected .*; received 'complex'"),
        (TABLE.replace("'class'", "load"), "line 6: an attribute is declared twice: 'load'"),
        (TABLE.replace("@attribute load", "load"), "line 4: a line such as '@attribute load numeric'"),
        (TABLE[: TABLE.index("01.01")], "rows after the line @data are expected; received none"),
        (TABLE[: TABLE.index("@DATA")], "then a line @data are expected; received 5 attributes without @data"),
        ("day,load\n1,2\n", "line 1: a line such as '@attribute load numeric'"),
    ],
)
def test_errors_name_the_line(tmp_path, text, message):
    with pytest.raises(DataError, match=f"^a.arff.*{message}"):
        read_arff(write(tmp_path, text))
