"""A run as a script in R or Python."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.errors import StoreError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.export.scripts import write_script
from rnnstudio.results.run import Run


def experiment_of(script: Path, monkeypatch: pytest.MonkeyPatch) -> Experiment:
    """Return the experiment that a Python script trains."""
    experiments: list[Experiment] = []

    class TrainingResult:
        def plot(self, *_: Any) -> None:
            pass

    def train(start: str, **settings: Any) -> TrainingResult:
        experiments.append(api.experiment(start, **settings))
        return TrainingResult()

    monkeypatch.setattr(rs, "train", train, raising=False)
    exec(compile(script.read_text("utf-8"), str(script), "exec"), {})
    return experiments[0]


@pytest.mark.parametrize("recipe", RECIPES.names())
def test_a_script_trains_the_same_experiment(recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for settings in ({}, {"cell": "gru", "units": 7, "learning_rate": 0.0125, "seed": 3}, {"dense_units": [5, 4]}):
        experiment = api.experiment(recipe, **settings)
        script = write_script(experiment, History(), {}, tmp_path / "again.py")
        assert experiment_of(script, monkeypatch) == experiment
        written = write_script(experiment, History(), {}, tmp_path / "again.R").read_text("utf-8")
        assert f'rnn_train("{recipe}"' in re.sub(r"\(\s+", "(", written)
        assert ("c(5, 4)" in written) == (settings.get("dense_units") == [5, 4])


def test_names_may_contain_quotes_and_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ['a "b"', "c, d", "e\\f", "ü"]
    file = tmp_path / 'odd "name".csv'
    file.write_text("x,y\n1,2\n")
    experiment = api.experiment(file, task="label", classes=names, features=["x"], target="y")
    script = write_script(experiment, History(), {}, tmp_path / "again.py")
    assert experiment_of(script, monkeypatch) == experiment


def test_a_script_reaches_the_same_metrics(tmp_path: Path, fresh_airline: Callable[[], Run]) -> None:
    run = fresh_airline()
    names: dict[str, Any] = {}
    script = Path(run.export(tmp_path / "again.py")).read_text("utf-8")
    exec(script.split("print(run)")[0], names)
    assert names["run"].metrics == run.metrics


def test_the_script_of_a_stopped_run_ends_at_the_same_update(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = rs.train("echo", epochs=2, callback=lambda updates, _: updates < 200, verbose=0, save=False)
    assert run.outcome == "stopped"
    script = Path(run.export(tmp_path / "again.py"))
    assert experiment_of(script, monkeypatch).training.updates == run.record.step
    assert "The run was stopped after" in script.read_text("utf-8")


def test_the_script_of_a_stopped_run_with_a_schedule_trains_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: dict[str, Any] = {"epochs": 2, "schedule": "cosine"}
    run = rs.train("echo", callback=lambda updates, _: updates < 200, verbose=0, save=False, **settings)
    script = Path(run.export(tmp_path / "again.py"))
    assert experiment_of(script, monkeypatch) == run.experiment
    assert "trains to the end" in script.read_text("utf-8")


def test_a_run_of_arrays_has_no_script(tmp_path: Path) -> None:
    run = rs.train([0.0, 1.0] * 30, window=4, units=2, updates=2, verbose=0, save=False)
    with pytest.raises(StoreError, match="trained on arrays"):
        run.export(tmp_path / "again.R")
    assert not list(tmp_path.glob("*again*"))


def test_child_processes_do_not_use_the_libraries_of_r(monkeypatch: pytest.MonkeyPatch) -> None:
    from rnnstudio.results import child

    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/R/lib")
    assert "LD_LIBRARY_PATH" not in child.environment()
    assert child.environment(QT_QPA_PLATFORM="offscreen")["QT_QPA_PLATFORM"] == "offscreen"
    assert child.command("doctor")[0] == sys.executable
