"""Large text tables: the fast parser gives the same result as the tolerant one, or leaves the file to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.large_text_table import read_large_table
from rnnstudio.reading.text_table import read_table

TABLE = "day,sales\n" + "".join(f"d{i},{i / 4}\n" for i in range(50)) + "Source: the till\n"


def write(folder: Path, text: str, name: str = "a.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        TABLE.replace(",", ";").replace(".", ","),
        "".join(f"{i}\t{i}\n" for i in range(50)),
        "\ufeff" + TABLE,
        TABLE.replace("d7,1.75", "d7,many"),
        TABLE.replace("d7,1.75", "d7,"),
    ],
    ids=["footer", "decimal commas", "no header", "byte order mark", "text in a column", "missing value"],
)
def test_both_parsers_give_the_same_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("rnnstudio.reading.large_text_table._CHUNK_ROWS", 9)
    file = write(tmp_path, text)
    small, large = read_table(file), read_large_table(file)
    assert large is not None
    assert large.columns == small.columns
    assert (list(large.row_numbers), large.footer_rows) == (list(small.row_numbers), small.footer_rows)
    assert large.numeric_columns() == small.numeric_columns()

    def outcome(read: Callable[[list[str]], Any]) -> Any:
        try:
            return read(small.numeric_columns()).tolist()
        except DataError as error:
            return str(error)

    assert outcome(large.numbers) == outcome(small.numbers)


@pytest.mark.parametrize(
    "text",
    [TABLE.replace("d7,1.75", "d7,1,2"), TABLE.replace("d7", "\n\nd7"), "no numbers\n" * 40, "a,b\n", "\n" + TABLE],
)
def test_an_irregular_table_is_left_to_the_tolerant_parser(tmp_path: Path, text: str) -> None:
    assert read_large_table(write(tmp_path, text)) is None


def test_the_size_of_the_file_decides_which_parser_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnstudio.reading.text_table._LARGE_BYTES", 10)
    assert isinstance(read_table(write(tmp_path, TABLE)).row_numbers, range)
    monkeypatch.setattr("rnnstudio.reading.text_table._MAX_BYTES", 20)
    with pytest.raises(DataError, match=r"must be encoded in UTF-8.*Convert it to .npy or Parquet"):
        read_table(write(tmp_path, "\n" + TABLE))
