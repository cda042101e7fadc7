"""`rnnstudio train --save FILE.rnnrun` and `rnnstudio resume FILE.rnnrun`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import rnnstudio as rs
from tests.interrupted import crashed


def test_a_file_is_trained_and_resumed(invoke: Any, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.rnnrun"
    trained = invoke("train", "toy", "--updates", "40", "--save", str(file), "--json")
    assert trained.exit_code == 0, trained.stderr
    assert json.loads(trained.stdout)["path"] == str(file)
    refused = invoke("resume", str(file))
    assert refused.exit_code == 2
    assert "mine is complete after 40 updates" in " ".join(refused.stderr.split())
    resumed = invoke("resume", str(file), "--updates", "10", "--json")
    assert resumed.exit_code == 0, resumed.stderr
    assert json.loads(resumed.stdout)["path"] == str(file)
    assert rs.load(file).record.step == 50  # type: ignore[union-attr]
    assert json.loads(invoke("list", "runs", "--json").stdout) == []
    whole = rs.train("toy", updates=50, evaluate_every=0, verbose=0, save=False)
    assert rs.load(file).record.step == whole.record.step  # type: ignore[union-attr]


def test_an_interrupted_training_of_a_file_becomes_the_file(invoke: Any, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.rnnrun"
    folder = crashed("airline", save=file, updates=120, units=4, evaluate_every=3)
    resumed = invoke("resume", folder.name, "--json")
    assert (resumed.exit_code, json.loads(resumed.stdout)["path"]) == (0, str(file))
    assert rs.runs() == []


def test_a_file_that_is_not_replaced_is_an_error_that_names_the_run(invoke: Any, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.rnnrun"
    folder = crashed("airline", save=file, updates=120, units=4, evaluate_every=3)
    file.write_text("of somebody else")
    resumed = invoke("resume", folder.name)
    assert resumed.exit_code == 1
    said = " ".join(resumed.stderr.split())
    assert "is not the file that the training began with" in said
    assert f"It was saved as {folder} instead." in said
    assert file.read_text() == "of somebody else"
