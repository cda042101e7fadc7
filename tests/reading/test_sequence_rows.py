"""Tables whose rows may be sequences or series of their own are asked about; tables of channels are not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.library.datasets.file import FileSettings, load
from rnnstudio.reading.text.text_table import read_table

RNG = np.random.default_rng(5)
WAVES = np.sin(np.arange(30) / 4 + RNG.permutation(60)[:, None]) + RNG.normal(size=(60, 30)) / 20
SALES = RNG.integers(0, 30, (60, 30)) + 20 * (RNG.permutation(60)[:, None] % 5)
CHANNELS = np.cumsum(RNG.normal(size=(60, 30)), axis=0)


@dataclass(frozen=True)
class Rows:
    """A table with a row for each sequence, or for each step.

    Attributes:
        values: Its numbers, `(rows, columns)`.
        head: The names of the other columns; {} stands for the names of the numbers, and no text for a table without.
        prefix: What the names of the numbers begin with.
        others: What the other columns hold: "class", "name", "number" or "stretch".
        column: The column of classes or names in the question; empty where nothing is asked.
    """

    values: np.ndarray
    head: str
    prefix: str
    others: tuple[str, ...]
    column: str = ""

    def text(self) -> str:
        """Return the table as a text file."""
        rows = len(self.values)
        cells = {
            "class": [str(i * 7 % 3) for i in range(rows)],
            "word": ["calm", "quick"] * (rows // 2),
            "name": [f"P{i}" for i in range(rows)],
            "number": [str(i + 1) for i in range(rows)],
            "stretch": [str(i // 20) for i in range(rows)],
        }
        numbers = [",".join(f"{value:.3f}" for value in row) for row in self.values]
        names = ",".join(f"{self.prefix}{j}" for j in range(self.values.shape[1]))
        before = self.head.split("{}")[0].count(",") if self.head else 1
        columns = [cells[kind] for kind in self.others]
        lines = [
            ",".join([*(c[i] for c in columns[:before]), numbers[i], *(c[i] for c in columns[before:])])
            for i in range(rows)
        ]
        return "\n".join([*([self.head.replace("{}", names)] if self.head else []), *lines]) + "\n"


ASKED = {
    "class last": Rows(WAVES, "{},label", "t", ("class",), "label"),
    "class first": Rows(WAVES, "label,{}", "t_", ("class",), "label"),
    "a word": Rows(WAVES, "{},kind", "V", ("word",), "kind"),
    "name and class": Rows(WAVES, "patient,{},y", "X", ("name", "class"), "y"),
    "name without a name": Rows(WAVES, ",{},y", "X", ("name", "class"), "y"),
    "numbers of rows": Rows(WAVES, "", "", ("number",), ""),
    "name": Rows(SALES, "Product_Code,{}", "W", ("name",), "Product_Code"),
    "channels": Rows(CHANNELS, "{},label", "sensor", ("stretch",)),
    "channels with a word": Rows(CHANNELS, "{},state", "ch", ("word",)),
    "channels with named rows": Rows(CHANNELS, "code,{}", "ch", ("name",)),
    "few columns": Rows(WAVES[:, :8], "{},label", "t", ("class",)),
}


def written(folder: Path, rows: Rows) -> Path:
    file = folder / "rows.csv"
    file.write_text(rows.text())
    return file


@pytest.mark.parametrize("rows", ASKED.values(), ids=ASKED)
def test_rows_that_may_be_sequences_are_asked_about(tmp_path: Path, rows: Rows) -> None:
    account = read_table(written(tmp_path, rows)).account
    assert account is not None
    questions = [question for question in account.questions if question.setting == "time"]
    assert [repr(rows.column) in question.sentence for question in questions] == ([True] if rows.column else [])


def test_the_answer_is_a_setting(tmp_path: Path) -> None:
    settings = FileSettings(file=str(written(tmp_path, ASKED["class last"])), target="t3", window=4)
    with pytest.raises(SettingError, match="sequence of 30 steps with its class in 'label'") as asked:
        load(settings, 0)
    assert asked.value.field == "time"
    assert load(settings.model_copy(update={"time": "none"}), 0).inputs.shape[-1] >= 1


def test_a_class_beside_numbers_of_rows_is_found_without_names(tmp_path: Path) -> None:
    lines = [f"{i + 1},{i * 7 % 3}," + ",".join(f"{v:.3f}" for v in row) for i, row in enumerate(WAVES)]
    file = tmp_path / "rows.csv"
    file.write_text("\n".join(lines) + "\n")
    account = read_table(file).account
    assert account is not None
    assert ["with its class in 'column2'" in question.sentence for question in account.questions] == [True]
    assert "without 'column1'" in account.questions[0].sentence
