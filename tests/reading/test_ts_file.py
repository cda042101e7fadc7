"""The .ts format: missing values, different lengths, and errors with line numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import DataError
from rnnstudio.library.datasets.file import FileSettings, load
from rnnstudio.reading.files import read_file
from rnnstudio.reading.formats.ts_file import holds_series, read_ts
from rnnstudio.reading.sequence_files import read_new_sequences, read_sequences

HEADER = "#a note\n%# another\n@problemName P\n@timeStamps false\n@univariate true\n@classLabel true up down\n@data\n"

STAMPED = HEADER.replace("Stamps false", "Stamps true")


def write(folder: Path, content: str | bytes) -> Path:
    file = folder / "a.ts"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_missing_values_and_different_lengths_are_read(tmp_path: Path) -> None:
    content = read_ts(write(tmp_path, HEADER + "1,?,3:up\n\n4,5:down\n"))
    assert [len(sequence) for sequence in content.sequences] == [3, 2]
    np.testing.assert_array_equal(content.sequences[0][:, 0], [1, np.nan, 3])
    assert content.labels == ["up", "down"]
    assert content.classes == ("up", "down")


def test_dimensions_are_separated_by_colons(tmp_path: Path) -> None:
    content = read_ts(write(tmp_path, "@dimensions 2\n@classLabel true 1 2\n@data\n1,2:3,4:2\n"))
    np.testing.assert_array_equal(content.sequences[0], [[1, 3], [2, 4]])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADER, "sequences after the line @data are expected; received none"),
        ("@classLabel true a b\n", "received no line @data"),
        (HEADER + "1,2:left\n", "line 8: the class must be one of up, down, as declared.*; received 'left'"),
        (HEADER + "1,2:up\n1,x:up\n", r"line 9, dimension 1: a number or \? is expected; received 'x'"),
        (HEADER + "1,2:3:up\n", "line 8: all dimensions of a sequence must have the same length; received 2, 1"),
        (HEADER + "1,2:3,4:up\n1,2:up\n", "line 9: 2 dimensions are expected; received 1"),
        (HEADER.replace("@data", "@equalLength true\n@data") + "1,2:up\n1:up\n", "line 10: 2 values are expected"),
        (HEADER + "1e300:up\n", "line 8: finite numbers that fit into float32 are expected"),
        (HEADER.replace("true up", "false up") + "1:up\n", "a class or value for each sequence is expected"),
        (STAMPED + "1,2:up\n", "line 8: pairs such as .* because @timeStamps is true; received '1,2:up'"),
        (STAMPED + "(0,1),(1,2):(0,1),(2,2):up\n", "line 8: .* the same time stamps; those of dimension 2 differ"),
        (STAMPED + "(then,1):up\n", "line 8: a time stamp is expected, .*; received 'then'"),
        (STAMPED + "(0,1),(1,x):up\n", "line 8, dimension 1: a number or"),
        (STAMPED + "(0,1),(1,2):left\n", "line 8: the class must be one of up, down"),
        ("1,2,3\n", "line 1: a line such as '@classLabel"),
        (b"@data\n\0\1", "received binary data"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=rf"^a.ts.*{message}"):
        read_ts(write(tmp_path, content))


@pytest.mark.parametrize("frequency", ["h", "D", "15min", "MS", "W-MON", "s"])
def test_dates_of_the_steps_are_kept(tmp_path: Path, frequency: str) -> None:
    rng = np.random.default_rng(0)
    stamps = [
        pd.date_range(start, periods=n, freq=frequency) for start, n in (("2024-01-01", 6), ("2023-05-01", 4))
    ] * 6
    values = [rng.normal(size=(len(index), 2)).round(3) for index in stamps]
    lines = [
        ":".join(
            ",".join(f"({stamp},{value})" for stamp, value in zip(index, column, strict=True)) for column in sequence.T
        )
        + f":{'up' if i % 2 else 'down'}\n"
        for i, (index, sequence) in enumerate(zip(stamps, values, strict=True))
    ]
    file = write(tmp_path, STAMPED.replace("@univariate true\n", "") + "".join(lines))
    for own, expected in zip(read_sequences(file).sequences, values, strict=True):
        np.testing.assert_array_equal(own, expected)
    data = DATASETS.get("sequences").load(rs.experiment(file).data, 0)
    assert data.frequency == pd.tseries.frequencies.to_offset(frequency).freqstr
    for row, index in zip(data.times, stamps, strict=True):
        np.testing.assert_array_equal(row[: len(index)], index.to_numpy("datetime64[ns]"))
        assert np.isnat(row[len(index) :]).all()


@pytest.mark.parametrize(
    ("lines", "note"),
    [
        ("(0,1),(0.5,2),(1,3):up\n(0,1),(0.5,2):down\n", "each sequence are 0.5 apart"),
        ("(0,1),(0.5,2),(2,3):up\n(0,1),(1,2):down\n", "1 of 2 sequences are irregular; the network reads one value"),
        ("(0,1),(1,2):up\n(0,1),(2,2):down\n", "some sequences are 1 apart, those of others 2"),
        ("(2024-01-01,1),(2024-01-02,2),(2024-01-09,3):up\n(2024-01-01,1):down\n", "1 of 2 sequences are irregular"),
    ],
)
def test_what_the_time_stamps_say_is_noted(tmp_path: Path, lines: str, note: str) -> None:
    assert note in " ".join(rs.inspect(write(tmp_path, STAMPED + lines)).assumed)


def test_steps_are_put_into_the_order_of_their_stamps(tmp_path: Path) -> None:
    content = read_ts(write(tmp_path, STAMPED + "(3,30),(1,10),(2,?):(3,0.3),(1,0.1),(2,0.2):up\n"))
    np.testing.assert_array_equal(content.sequences[0], [[10, 0.1], [np.nan, 0.2], [30, 0.3]])


UNLABELLED = "@timeStamps {stamps}\n@classLabel false\n@data\n"


def test_sequences_without_classes_are_series_that_are_forecast(tmp_path: Path) -> None:
    lines = [",".join(str((i + shift) % 7) for i in range(40 + shift)) for shift in (0, 3)]
    file = write(tmp_path, UNLABELLED.format(stamps="false") + "\n".join(lines) + "\n")
    table = read_file(file)
    assert table.columns == ["series", "value"]
    assert table.account is not None
    assert (table.account.series, table.account.questions) == ("series", ())
    data = load(FileSettings(file=str(file), window=5), 0)
    assert data.series == ("1", "2")
    assert data.inputs[1, :43, 0].tolist() == [(i + 3) % 7 for i in range(43)]
    with pytest.raises(
        DataError, match=r"neither @classLabel nor @targetLabel is true. Use the data set file to forecast"
    ):
        read_ts(file)


def test_dimensions_and_dates_of_series_are_columns(tmp_path: Path) -> None:
    steps = [f"(2024-01-{i + 1:02} 00:00:00,{i})" for i in range(20)]
    line = f"{','.join(steps)}:{','.join(steps)}"
    file = write(tmp_path, UNLABELLED.format(stamps="true") + f"{line}\n")
    table = read_file(file)
    assert table.columns == ["time", "dimension1", "dimension2"]
    assert table.account is not None
    assert table.account.time is not None
    assert (table.account.time.frequency, table.account.series) == ("D", "")
    assert table.numbers(["dimension1"])[:, 0].tolist() == list(range(20))


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("@classLabel true a b\n@data\n1,2:a\n3,4:b\n", [1, 2]),
        ("@targetLabel true\n@data\n1,2:0.5\n3,4:1.5\n", [1, 2]),
        ("@classLabel false\n@data\n1,2:5,6\n3,4:7,8\n", [1, 2, 5, 6]),
    ],
)
def test_new_sequences_need_no_classes(tmp_path: Path, content: str, values: list[float]) -> None:
    sequences, _ = read_new_sequences(write(tmp_path, content))
    assert sequences[0].T.ravel().tolist() == values


def test_a_number_for_each_sequence_is_its_value(tmp_path: Path) -> None:
    file = write(tmp_path, "@targetLabel true\n@data\n1,2:0.5\n3,4:?\n")
    assert not holds_series(file)
    content = read_ts(file)
    assert (content.labels, content.has_values, content.classes) == (["0.5", "?"], True, ())
