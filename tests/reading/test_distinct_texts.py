"""Two values in one cell are not read as decimals without a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.text.text_table import read_table


def written(folder: Path, cells: list[str]) -> Path:
    file = folder / "data.csv"
    file.write_text("\n".join(["day;a", *(f"2024-03-0{i};{cell}" for i, cell in enumerate(cells, start=1))]) + "\n")
    return file


@pytest.mark.parametrize("cells", [["+0112,1", "-0034,5", "+0251,1"], ["012,1", "104,2", "097,1"]])
def test_leading_zeros_before_a_comma_are_asked_about(tmp_path: Path, cells: list[str]) -> None:
    file = written(tmp_path, cells)
    with pytest.raises(SettingError, match=r"two values.*Set decimal_mark to comma \(.*0.* is .*\)"):
        read_table(file).numbers(["a"])
    decimals = read_table(file, ReadOptions(decimal_mark="comma")).numbers(["a"])[:, 0].tolist()
    assert decimals == [float(cell.replace(",", ".")) for cell in cells]


@pytest.mark.parametrize("cells", [["112,1", "34,5", "251,1"], ["0,125", "0,5", "12,5"], ["09,5", "10,5", "11,5"]])
def test_other_decimal_commas_are_not(tmp_path: Path, cells: list[str]) -> None:
    decimals = read_table(written(tmp_path, cells)).numbers(["a"])[:, 0].tolist()
    assert decimals == [float(cell.replace(",", ".")) for cell in cells]
