"""The .ts format: missing values, different lengths, and errors with line numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.ts_file import read_ts

HEADER = "#a note\n@problemName P\n@timeStamps false\n@univariate true\n@classLabel true up down\n@data\n"


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
        (HEADER + "1,2:left\n", "line 7: the class must be one of up, down, as declared.*; received 'left'"),
        (HEADER + "1,2:up\n1,x:up\n", r"line 8, dimension 1: a number or \? is expected; received 'x'"),
        (HEADER + "1,2:3:up\n", "line 7: all dimensions of a sequence must have the same length; received 2, 1"),
        (HEADER + "1,2:3,4:up\n1,2:up\n", "line 8: 2 dimensions are expected; received 1"),
        (HEADER.replace("@data", "@equalLength true\n@data") + "1,2:up\n1:up\n", "line 9: 2 values are expected"),
        (HEADER + "1e300:up\n", "line 7: finite numbers that fit into float32 are expected"),
        (HEADER.replace("true up", "false up") + "1:up\n", "a class for each sequence is expected"),
        (HEADER.replace("Stamps false", "Stamps true") + "(0,1):up\n", "values without time stamps are expected"),
        ("1,2,3\n", "line 1: a line such as '@classLabel"),
        (b"@data\n\0\1", "received binary data"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=rf"^a.ts.*{message}"):
        read_ts(write(tmp_path, content))
