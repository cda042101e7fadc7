"""Escape sequences in names and texts of files and runs never reach the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import rnnstudio as rs
from rnnstudio.core.errors import RnnStudioError
from tests.altered_runs import rewrite

HOSTILE = ("\x1b]0;title\x07", "\x1b[2J", "\x9b31m", "\r", "\x08", "\u202e")


def acting(text: str) -> list[str]:
    return [repr(c) for c in text if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or c == "\u202e"]


@pytest.fixture(params=HOSTILE, ids=repr)
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def table(tmp_path: Path, hostile: str) -> Path:
    """A file with escape sequences in its name, its column names and its cells."""
    file = tmp_path / f"sa{hostile}les.csv"
    inside = hostile.replace("\r", "\x1b[1A")  # else a line would end there
    rows = "".join(f"{i},{i * i % 31},x{inside}y\n" for i in range(80))
    file.write_text(f"day,sal{inside}es,no{inside}te\n{rows}", encoding="utf-8", newline="")
    return file


@pytest.mark.parametrize(
    "command", [("inspect", "{}"), ("inspect", "{}", "--settings"), ("train", "{}.absent"), ("inspect", "{}.absent")]
)
def test_names_and_cells_of_a_file_are_shown(invoke: Any, table: Path, command: tuple[str, ...]) -> None:
    result = invoke(*(part.format(table) for part in command))
    assert acting(result.stdout + result.stderr) == []
    assert result.stdout + result.stderr


def test_text_of_runs_is_shown_in_lists_reports_and_errors(
    invoke: Any, fresh_airline: Any, hostile: str, home: Path
) -> None:
    for name in ("first", "second"):
        fresh_airline().save(home / "runs" / f"{name}{hostile}")
    first, second = sorted((home / "runs").iterdir())
    rewrite(first, change=lambda rest: rest.update(warnings=[f"red{hostile}"]))
    (second / "metrics.json").write_text(f"{{ {hostile}")
    listed = invoke("list", "runs")
    for arguments in (["predict", str(second), "--input", "x"], ["plot", str(first), "--kind", "absent"]):
        listed.stdout_bytes += invoke(*arguments).output.encode()
    assert acting(listed.stdout + listed.stderr) == []
    assert "first" in listed.stdout
    assert acting(repr(rs.load(first))) == []
    assert rs.load(first).warnings == [f"red{hostile}"]
    with pytest.raises(RnnStudioError) as caught:
        rs.load(second)
    assert acting(str(caught.value)) == []


def test_a_file_of_python_shows_them_too(table: Path) -> None:
    assert acting(str(rs.inspect(table))) == []
    run = rs.train(table, target=rs.inspect(table).columns[1].name, units=2, updates=2, window=4, verbose=0, save=False)
    run.name = table.name
    assert acting(repr(run)) == []


def test_nothing_is_printed_except_by_echo_and_console() -> None:
    folder = Path(rs.__file__).parent
    for file in [*folder.glob("cli/*.py"), *folder.glob("results/*.py"), *folder.glob("api.py")]:
        if file.name != "output.py":
            source = file.read_text(encoding="utf-8")
            assert "click.echo(" not in source, file
            assert not any(line.strip().startswith("print(") for line in source.splitlines()), file
