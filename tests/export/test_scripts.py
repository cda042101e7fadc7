"""A run as a script in R or Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
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


def german(frame: pd.DataFrame, file: Path) -> None:
    frame.assign(day=frame["day"].dt.strftime("%d.%m.%Y")).to_csv(file, index=False, sep=";", decimal=",")


def titled(frame: pd.DataFrame, file: Path) -> None:
    file.write_text("Sales of the year\n\n" + frame[::-1].to_csv(index=False, sep="\t"))


KINDS: dict[str, tuple[str, Callable[[pd.DataFrame, Path], None], dict[str, Any], dict[str, Any]]] = {
    "german": ("a.csv", german, {}, {"separator": "semicolon", "decimal_mark": "comma", "date_order": "day_first"}),
    "title above": ("a.tsv", titled, {}, {"header": "3", "separator": "tab", "time": "day", "target": "sales"}),
    "without times": ("a.csv", lambda frame, file: frame[["sales"]].to_csv(file, index=False), {}, {"time": "none"}),
    "workbook": ("a.xlsx", lambda frame, file: frame.to_excel(file, index=False), {}, {"time": "day"}),
    "parquet": ("a.parquet", lambda frame, file: frame.to_parquet(file), {}, {"time": "day", "target": "sales"}),
    "array": ("a.npy", lambda frame, file: np.save(file, frame["sales"].to_numpy()), {}, {}),
    "classes": (
        "a.csv",
        lambda frame, file: frame.assign(mood="n/a", sky=["sun", "fog"] * (len(frame) // 2)).to_csv(file, index=False),
        {"task": "label", "target": "sky"},
        {"task": "label", "target": "sky", "features": ["sales", "visits"]},
    ),
    "named by the caller": (
        "a.csv",
        lambda frame, file: frame.to_csv(file, index=False),
        {"time": "none", "features": "sales,visits", "target": "visits", "separator": "comma"},
        {"time": "none", "features": ["sales", "visits"], "target": "visits", "separator": "comma"},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_holds_how_the_file_was_read_and_refuses_it_read_otherwise(kind: str, tmp_path: Path) -> None:
    name, write, settings, expected = KINDS[kind]
    file = tmp_path / name
    days = pd.date_range("2024-01-01", periods=60)
    frame = pd.DataFrame({"day": days, "sales": np.arange(60) ** 1.5 + 0.25, "visits": np.arange(60) % 7 * 1.5})
    write(frame, file)
    few = {"updates": 2, "units": 2, "window": 3, "verbose": 0, "save": False}
    run = rs.train(file, **settings, **few)
    script = Path(run.export(tmp_path / "again.py")).read_text("utf-8").split("run.plot")[0]
    calls = [node for node in ast.walk(ast.parse(script)) if isinstance(node, ast.Call)]
    train = next(call for call in calls if ast.unparse(call.func) == "train")
    values = {str(k.arg): ast.literal_eval(k.value) for k in train.keywords if not isinstance(k.value, ast.Name)}
    assert {key: values.get(key) for key in expected} == expected
    assert f"# {name} was read as {run.info.account['format']}: 60 rows" in script
    said = " ".join(script.split("from rnnstudio")[0].replace("\n#", "").split())
    assert all(f"Assumed: {' '.join(note.split())}" in said for note in run.info.account["assumed"])
    names: dict[str, Any] = {}
    exec(script, names)
    assert names["run"].metrics == pytest.approx(run.metrics, rel=0, abs=0, nan_ok=True)
    written = Path(run.export(tmp_path / "again.R")).read_text("utf-8")
    assert f'if (account$fingerprint != "{names["account"].fingerprint}") {{' in written
    write(pd.concat([frame, frame.assign(day=frame["day"] + pd.Timedelta(60, "D"))]), file)
    with pytest.raises(SystemExit, match="The file is not read as in the run: compare this account with"):
        exec(script, {})


def test_what_is_found_is_left_to_the_reader_where_the_file_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("day,sales\n" + "".join(f"2024-01-{i + 1:02},{i * i % 17}\n" for i in range(31)))
    run = rs.train(file, updates=2, units=2, window=3, verbose=0, save=False)
    file.unlink()
    script = Path(run.export(tmp_path / "again.py")).read_text("utf-8")
    assert 'target="sales"' in script
    assert "separator=" not in script
    assert "account.fingerprint != " in script


def test_a_run_of_arrays_has_no_script(tmp_path: Path) -> None:
    run = rs.train([0.0, 1.0] * 30, window=4, units=2, updates=2, verbose=0, save=False)
    with pytest.raises(StoreError, match="trained on arrays"):
        run.export(tmp_path / "again.R")
    assert not list(tmp_path.glob("*again*"))
