"""Numbers with leading zeros are numbers, and keep their zeros as names of series, classes and sequences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.library.datasets.file import FileSettings
from rnnstudio.library.datasets.file import load as load_file
from rnnstudio.library.datasets.sequences import SequencesSettings
from rnnstudio.library.datasets.sequences import load as load_sequences
from rnnstudio.reading.preview import preview_of
from rnnstudio.reading.text_table import read_table

IDS = ("007", "00123", "42")


def write(folder: Path, head: str, rows: list[str]) -> Path:
    file = folder / "data.csv"
    file.write_text("\n".join([head, *rows]) + "\n")
    return file


def shops(folder: Path) -> Path:
    days = np.arange("2024-01-01", "2024-02-10", dtype="datetime64[D]")
    rows = [f"{day},{shop},{i * i % 11}.5" for shop in IDS for i, day in enumerate(days)]
    return write(folder, "day,shop,sales", rows)


def test_series_keep_their_names(tmp_path: Path) -> None:
    data = load_file(FileSettings(file=str(shops(tmp_path)), series="shop", target="sales", window=4), 0)
    assert data.series == tuple(sorted(IDS))


def test_classes_keep_their_names(tmp_path: Path) -> None:
    file = write(tmp_path, "x,code", [f"{i % 7}.5,{IDS[i // 5 % 3]}" for i in range(90)])
    data = load_file(FileSettings(file=str(file), task="label", target="code", features="x", window=4), 0)
    assert set(data.classes) == set(IDS)


def test_sequences_and_their_classes_keep_their_names(tmp_path: Path) -> None:
    rows = [f"{i // 5:03d},{'01' if i // 5 % 2 else '02'},{i % 7}.5" for i in range(100)]
    file = write(tmp_path, "id,kind,x", rows)
    data = load_sequences(SequencesSettings(file=str(file), sequence="id", target="kind", features="x"), 0)
    assert data.classes == ("01", "02")


@pytest.mark.parametrize("marks", ["", "99999"])
def test_they_stay_numbers_and_the_preview_shows_their_zeros(tmp_path: Path, marks: str) -> None:
    options = ReadOptions(missing_values=(marks,) if marks else ())
    table = read_table(write(tmp_path, "id,x", [f"{i:05d},{i % 3}.5" for i in (3, 1, 2)] * 9), options)
    assert table.account is not None
    assert (table.account.column("id").kind, table.account.column("id").written) == ("number", "00003")
    assert table.numbers(["id"])[:3, 0].tolist() == [3.0, 1.0, 2.0]
    assert preview_of(table).texts[0] == ("00003", "0.5")


def test_two_ways_to_write_one_number_are_said(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "id,x", ["007,1.5", "8,2.5", "7,0.5"] * 9))
    assert table.account is not None
    assert "Column 'id' holds 007 and 7, which are read as one number." in table.account.assumed
    assert set(table.texts("id")) == {"7", "8"}


def test_decimals_and_plain_numbers_have_no_leading_zeros(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a,b,c", ["0.5,0,10", "1.5,1,20"] * 15))
    assert not table.written
