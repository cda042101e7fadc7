"""`rnnstudio train --save FILE.rnnrun` and `rnnstudio resume FILE.rnnrun`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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
    by_file = invoke("resume", str(file))
    assert (by_file.exit_code, " ".join(by_file.stderr.split())) == (
        1,
        f"Error: mine.rnnrun is not there yet: {folder.name} of the run list becomes this file when its training ends. "
        f"Use {folder.name} until then.",
    )
    resumed = invoke("resume", folder.name, "--json")
    assert resumed.stderr.splitlines()[0] == f"{folder.name} becomes {file} when its training ends."
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


_REFUSED = """
import json, sys
from click.testing import CliRunner
from rnnstudio.cli.main import studio

results = [CliRunner().invoke(studio, line) for line in json.loads(sys.argv[1])]
print(json.dumps([[r.exit_code, " ".join(r.stderr.split())] for r in results] + ["tensorflow" in sys.modules]))
"""


def test_what_cannot_go_on_is_refused_before_tensorflow_is_loaded(
    home: Path, tmp_path: Path, fresh_airline: Any
) -> None:
    run = rs.train("toy", updates=2, verbose=0)
    damaged, stateless, file = tmp_path / "damaged", tmp_path / "stateless", tmp_path / "no zip.rnnrun"
    shutil.copytree(run.path, damaged)
    (damaged / "checkpoint.npz").write_bytes(b"no arrays")
    fresh_airline().save(stateless)
    file.write_text("no archive")
    number = "Error: --updates must be a whole number from 1 to 2000000000; received"
    expected = [
        (["resume", run.name, "--updates", "0"], 2, f"{number} 0."),
        (["resume", run.name, "--updates", "-5"], 2, f"{number} -5."),
        (["resume", run.name, "--updates", "many"], 2, "Invalid value for '--updates'"),
        (["resume", run.name], 2, f"{run.name} is complete after 2 updates. Say how many further ones: --updates 500"),
        (["resume", "toy-77"], 2, "There is no run called 'toy-77'. Did you mean toy-1?"),
        (["resume", str(damaged), "--updates", "3"], 1, f"The run in {damaged} is damaged: checkpoint.npz"),
        (["resume", str(stateless), "--updates", "3"], 1, "stateless was saved without a state of its training"),
        (["resume", str(file), "--updates", "3"], 1, f"The run cannot be opened. {file} is not a zip archive"),
    ]
    lines = json.dumps([line for line, _, _ in expected])
    done = subprocess.run(
        [sys.executable, "-c", _REFUSED, lines], capture_output=True, text=True, check=True, env=os.environ
    )
    *results, loads_tensorflow = json.loads(done.stdout)
    assert not loads_tensorflow
    for (line, code, sentence), (exit_code, error) in zip(expected, results, strict=True):
        assert (exit_code, sentence in error) == (code, True), (line, exit_code, error)


def test_a_file_that_is_no_archive_is_refused_in_the_same_words_by_load_and_resume(tmp_path: Path) -> None:
    file = tmp_path / "no zip.rnnrun"
    file.write_text("no archive")
    with pytest.raises(rs.StoreError) as loaded:
        rs.load(file)
    with pytest.raises(rs.StoreError) as resumed:
        rs.resume(file, verbose=0)
    assert str(resumed.value) == str(loaded.value)
