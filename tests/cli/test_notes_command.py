"""`rnnstudio rename` and `rnnstudio note`, and where names and notes are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnstudio.results.run import Run


@pytest.fixture
def run(fresh_airline: Callable[[], Run]) -> Run:
    run = fresh_airline()
    run.save()
    return run


def text(output: str) -> str:
    return " ".join(output.split())


def test_a_run_is_renamed_and_used_by_its_name(invoke: Any, run: Run, tmp_path: Path) -> None:
    renamed = invoke("rename", "airline-1", "GRU, no dropout")
    assert (renamed.exit_code, renamed.stdout) == (0, "airline-1 has the name 'GRU, no dropout' now.\n")
    assert invoke("note", "GRU, no dropout", "needs longer\ntraining").exit_code == 0
    assert invoke("note", "airline-1").stdout == "needs longer\ntraining\n"
    listed = invoke("list", "runs").stdout
    assert all(heading in listed.split("\n")[0] + listed.split("\n")[1] for heading in ("run", "name", "note"))
    [row] = json.loads(invoke("list", "runs", "--json").stdout)
    assert (row["name"], row["note"]) == ("GRU, no dropout", "needs longer\ntraining")
    assert invoke("export", "GRU, no dropout", "-o", str(tmp_path / "a.rnnrun")).exit_code == 0
    assert invoke("note", str(tmp_path / "a.rnnrun")).stdout == "needs longer\ntraining\n"
    assert invoke("note", "latest", "--clear").stdout == "The note of airline-1 was removed.\n"
    nothing = invoke("note", "airline-1")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "airline-1 has no note" in nothing.stderr
    assert invoke("rename", "latest", "").stdout == "airline-1 has no other name now.\n"
    assert "name" not in invoke("list", "runs").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rename", "nowhere", "a"), "There is no run called 'nowhere'"),
        (("rename", "airline-1", "x" * 121), "name may have 120 characters; received 121"),
        (("rename", "airline-1", "echo"), "name must not be 'echo'"),
        (("note", "airline-1", "x" * 10_001), "note may have 10,000 characters; received 10,001"),
        (("note", "airline-1", "a", "--clear"), "no TEXT is expected"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(invoke: Any, run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert said in text(result.stderr)


def test_control_characters_of_a_note_do_not_reach_the_terminal(invoke: Any, run: Run) -> None:
    assert invoke("note", "latest", "red \x1b[31m").exit_code == 0
    (Path(run.path) / "notes.json").write_text(json.dumps({"name": "bad \x1b]0;x\x07", "note": "red \x1b[31m"}))
    for arguments in (("note", "latest"), ("list", "runs")):
        result = invoke(*arguments)
        assert result.exit_code == 0
        assert "\x1b]0" not in result.stdout + result.stderr
        assert "\x1b[31m" not in result.stdout + result.stderr


def test_a_damaged_file_of_notes_is_a_warning(invoke: Any, run: Run) -> None:
    (Path(run.path) / "notes.json").write_text("{")
    listed = invoke("list", "runs")
    assert listed.exit_code == 0
    assert "Warning: The name and note of airline-1 cannot be read" in text(listed.stderr)
    checked = invoke("doctor")
    assert checked.exit_code == 0
    assert "Give them again: rnnstudio rename airline-1 NAME" in text(checked.stdout)
