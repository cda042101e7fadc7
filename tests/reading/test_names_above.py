"""Names are found below groups of merged cells, keys with values, annotations and the preambles of programs."""

from __future__ import annotations

import pandas as pd
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.files import read_file
from rnnstudio.reading.text.text_table import table_of_text

ROWS = ["2024-03-{:02d}{s}{:.1f}{s}{}".format(day, day * 1.5, day + 100, s="\t") for day in range(1, 29)]
FREQUENCY = ["Title:\tRate", "Frequency:\tMonthly", "Last Updated:\t2024-01-06", "date\tx\ty"]
ANNOTATED = ["#datatype\tdouble\tlong", "#group\tfalse\ttrue", "date\tx\ty"]
TYPES = ["# A remark", "date\tx\ty", "20d\t14n\t10s"]
TYPE_WORDS = ["date\tx\ty", "timestamp\tdouble\tint64"]
DESCRIBED = ["date\tx\ty", "Day\tThe highest temperature of the day\tPassengers"]
END = "***End_of_Header***"
LABVIEW = ["LabVIEW Measurement", "Separator\tTab", END, "Channels\t2\t", f"{END}\t", "date\tx\ty\tComment"]


def table(lines, rows=ROWS):
    return table_of_text("a.txt", "\n".join([*lines, *rows]).encode(), ReadOptions())


@pytest.mark.parametrize(
    "lines",
    [FREQUENCY, ANNOTATED, TYPES, TYPE_WORDS, DESCRIBED, LABVIEW],
    ids=["keys", "annotations", "formats", "types", "descriptions", "LabVIEW"],
)
def test_names_are_found_below_other_rows_and_above_rows_that_are_no_units(lines):
    read = table(lines)
    assert read.columns == ["date", "x", "y"]
    assert read.cells["x"].tolist() == [day * 1.5 for day in range(1, 29)]
    assert not any(column.unit for column in read.account.columns)
    assert read.account.time.frequency == "D"


def test_a_measurement_with_a_second_preamble_among_its_rows_loses_none():
    second = [END, "date\tx\ty", *ROWS]
    with pytest.raises(DataError, match="columns are expected as in the other rows"):
        table(["LabVIEW Measurement", END, "date\tx\ty"], [*ROWS, *second])


def test_repeated_annotations_are_no_data_of_the_first_table():
    read = table(ANNOTATED, [*ROWS, *ANNOTATED, *ROWS])
    assert read.columns == ["date", "x", "y"]
    assert any("cannot be read" in question.sentence for question in read.account.questions)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("title", [[], ["Report of 2024", "", "", "", ""]], ids=["", "title"])
@pytest.mark.parametrize("first", ["above", "below"])
def test_words_over_groups_of_columns_are_part_of_names_that_repeat(tmp_path, suffix, title, first):
    month = ["month", ""] if first == "above" else ["", "month"]
    rows = [[f"{2015 + i // 12}-{i % 12 + 1:02d}", i + 0.5, i * 2, i + 7.5, i * 3] for i in range(48)]
    head = [[month[0], "North", "", "South", ""], [month[1], "sum", "n", "sum", "n"]]
    frame = pd.DataFrame([*([title] if title else []), *head, *rows])
    file = tmp_path / f"merged{suffix}"
    frame.to_csv(file, index=False, header=False) if suffix == ".csv" else frame.to_excel(
        file, index=False, header=False
    )
    read = read_file(file)
    assert read.columns == ["month", "North sum", "North n", "South sum", "South n"]
    assert read.cells["South sum"].tolist() == [i + 7.5 for i in range(48)]
    begin = 1 + bool(title)
    assert read.account.header == (begin, begin + 1)


@pytest.mark.parametrize("name", ["69928_00060", "1_000", "2024_01"])
def test_names_with_digits_and_underscores_are_no_numbers(name):
    assert table([f"date\t{name}\ty"]).columns == ["date", name, "y"]
