"""Numbers that stand for missing values in files of labelled sequences are asked about, and read as the caller says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.sequence_files import read_new_sequences, read_sequences

RNG = np.random.default_rng(4)
VALUES = RNG.normal(size=(12, 14, 2)).round(3)
VALUES[3, 5, 1] = VALUES[8, 0, 1] = -9999.0
CLASSES = ["up", "down"] * 6


def written(folder: Path, kind: str) -> tuple[Path, np.ndarray]:
    """Write sequences and return the file and the values in it, `(N, T, F)`."""
    if kind == ".npz":
        np.savez(folder / "a.npz", x=VALUES, y=CLASSES)
        return folder / "a.npz", VALUES
    if kind == ".ts":
        lines = [
            ":".join([*(",".join(map(str, values[:, j])) for j in range(2)), label])
            for values, label in zip(VALUES, CLASSES, strict=True)
        ]
        text = "@univariate false\n@dimensions 2\n@classLabel true up down\n@data\n" + "\n".join(lines) + "\n"
        (folder / "a.ts").write_text(text)
        return folder / "a.ts", VALUES
    one = VALUES[..., 1:]
    rows = [",".join([*map(str, values[:, 0]), label]) for values, label in zip(one, CLASSES, strict=True)]
    head = [f"@attribute att{j} numeric" for j in range(14)]
    text = "\n".join(["@relation a", *head, "@attribute class {up,down}", "@data", *rows])
    (folder / "a.arff").write_text(text + "\n")
    return folder / "a.arff", one


@pytest.mark.parametrize("kind", [".npz", ".ts", ".arff"])
def test_a_number_beyond_the_others_is_asked_about(tmp_path: Path, kind: str) -> None:
    file, values = written(tmp_path, kind)
    for read in (read_sequences, read_new_sequences):
        with pytest.raises(SettingError, match=r"-9999 in 2 rows, .* Set missing_values to -9999 .* or none") as e:
            read(file)
        assert e.value.field == "missing_values"
    for marks, expected in (("-9999",), np.where(values == -9999, np.nan, values)), (("none",), values):
        options = ReadOptions(missing_values=marks)
        np.testing.assert_array_equal(np.stack(list(read_sequences(file, "", options).sequences)), expected)
        np.testing.assert_array_equal(np.stack(read_new_sequences(file, options)[0]), expected)
