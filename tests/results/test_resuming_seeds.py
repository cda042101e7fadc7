"""A training with several seeds whose process ends goes on, and ends with the group that it would have made."""

from __future__ import annotations

import json
import warnings
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.results.run_folder import locked
from rnnstudio.results.source import experiment_and_data
from rnnstudio.results.store_entries import run_folders
from tests.altered_runs import rewrite
from tests.interrupted import crashed_seeds

_RNG = np.random.default_rng(4)
_ARRAYS = (_RNG.normal(size=(40, 5, 2)), _RNG.integers(0, 2, 40))
_SETTINGS: dict[str, Any] = {"units": 3, "updates": 40, "evaluate_every": 10, "seed": 3}
_SEEDS = 3


def _start(what: str, tmp_path: Path) -> tuple[Any, Any, dict[str, Any]]:
    if what == "arrays":
        return (*_ARRAYS, {**_SETTINGS, "task": "classify", "dropout": 0.1, "val_fraction": 0.25})
    if what == "recipe":
        return "toy", None, _SETTINGS
    file = tmp_path / "sales.csv"
    file.write_text("sales\n" + "\n".join(str(n % 7 + n * n % 11) for n in range(200)), encoding="utf-8")
    return str(file), None, {**_SETTINGS, "window": "auto", "val_fraction": 0.2}


def _killed(what: str, tmp_path: Path, save: bool | Path, *, in_run: int, after_checkpoint: bool) -> None:
    """Train with several seeds until the process ends in one of them."""
    x, y, settings = _start(what, tmp_path)
    experiment = experiment_and_data(x, y, (), settings)
    crashed_seeds(experiment, _SEEDS, save, in_run=in_run, after=10 if after_checkpoint else None)


def _whole(what: str, tmp_path: Path) -> rs.RunGroup:
    x, y, settings = _start(what, tmp_path)
    group = rs.train(x, y, **settings, seeds=_SEEDS, verbose=0, save=False)
    assert isinstance(group, rs.RunGroup)
    return group


def _check(group: Any, whole: rs.RunGroup) -> None:
    assert isinstance(group, rs.RunGroup)
    assert group.seeds == whole.seeds == [3, 4, 5]
    assert group.seeds_left == []
    for run, expected in zip(group.runs, whole.runs, strict=True):
        assert run.metrics == expected.metrics
        assert run.weights.keys() == expected.weights.keys()
        assert all((run.weights[name] == expected.weights[name]).all() for name in expected.weights)
    assert group.ensemble_metrics == whole.ensemble_metrics
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # such as about seeds that are left
        loaded = rs.load(group.path)
    assert isinstance(loaded, rs.RunGroup)
    assert loaded.metrics == whole.metrics
    assert [own["group"] for own in rs.groups()] == ([group.name] if Path(group.path).parent.name == "runs" else [])


@pytest.mark.parametrize(
    ("what", "in_run", "after_checkpoint"),
    [("recipe", 0, False), ("recipe", 1, True), ("arrays", 1, False), ("arrays", 2, True), ("file", 0, True)],
)
def test_the_run_whose_process_ended_goes_on_with_the_seeds_that_are_left(
    home: Path, tmp_path: Path, what: str, in_run: int, after_checkpoint: bool
) -> None:
    _killed(what, tmp_path, True, in_run=in_run, after_checkpoint=after_checkpoint)
    _check(rs.resume("latest", verbose=0), _whole(what, tmp_path))


def test_a_group_goes_on_with_the_run_that_has_not_ended(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "group"
    _killed("arrays", tmp_path, folder, in_run=1, after_checkpoint=True)
    with pytest.warns(UserWarning, match="Seeds 4 and 5 were not trained to their end: resume the group"):
        group = rs.load(folder)
    assert isinstance(group, rs.RunGroup)
    assert group.seeds_left == [4, 5]
    _check(group.resume(verbose=0), _whole("arrays", tmp_path))
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["seed-3", "seed-4", "seed-5"]
    with pytest.raises(rs.SettingError, match="All seeds of the group group are trained"):
        rs.resume(folder)


def test_a_stopped_training_goes_on_in_its_group(home: Path, tmp_path: Path) -> None:
    x, _, settings = _start("recipe", tmp_path)
    calls = list[int]()

    def stop_in_the_second(updates: int, metrics: dict[str, float]) -> bool:
        calls.append(updates)
        return all(later > earlier for earlier, later in pairwise(calls)) or updates < 10

    settings["epochs"] = 40
    del settings["updates"]
    whole = rs.train(x, **settings, seeds=_SEEDS, verbose=0, save=False)
    group = rs.train(x, **settings, seeds=_SEEDS, verbose=0, callback=stop_in_the_second)
    assert isinstance(group, rs.RunGroup)
    assert (group.seeds, group.seeds_left) == ([3], [4, 5])
    assert isinstance(whole, rs.RunGroup)
    _check(rs.resume(group.name, verbose=0), whole)


@pytest.mark.parametrize(("what", "deleted"), [("recipe", 1), ("arrays", 1)])
def test_seeds_whose_runs_were_deleted_are_trained_again(home: Path, tmp_path: Path, what: str, deleted: int) -> None:
    x, y, settings = _start(what, tmp_path)
    group = rs.train(x, y, **settings, seeds=_SEEDS, verbose=0)
    assert isinstance(group, rs.RunGroup)
    group.runs[deleted].delete()
    _check(rs.resume(group.name, verbose=0), _whole(what, tmp_path))


def test_one_of_the_runs_can_go_on_alone(home: Path, tmp_path: Path) -> None:
    _killed("recipe", tmp_path, True, in_run=1, after_checkpoint=True)
    run = rs.resume("latest", updates=5, verbose=0)
    assert isinstance(run, rs.Run)
    assert len(run_folders()) == 2
    with pytest.raises(rs.SettingError, match="differ in: updates"):  # before anything is trained
        rs.resume("toy-seeds-1", verbose=0)
    with pytest.raises(rs.SettingError, match="further updates are for one run"):
        rs.resume("toy-seeds-1", updates=5)


@pytest.mark.parametrize("in_run", [0, 1])
def test_seeds_that_start_from_weights_start_from_the_same_ones(home: Path, tmp_path: Path, in_run: int) -> None:
    first = rs.train("toy", **_SETTINGS, verbose=0)
    assert isinstance(first, rs.Run)
    settings, name = _SETTINGS | {"seed": 7}, first.name
    whole = rs.train("toy", **settings, seeds=3, initial_weights=first, verbose=0, save=False)
    crashed_seeds(experiment_and_data("toy", None, (), settings), 3, in_run=in_run, after=10, initial_weights=first)
    rs.delete(name)
    other = rs.train("toy", **_SETTINGS | {"seed": 1}, verbose=0, save=home / "runs" / name)
    assert (isinstance(other, rs.Run) and other.name) == name  # with the name of the run whose weights it were
    group = rs.resume(next(row["run"] for row in rs.runs() if row["outcome"] == "interrupted"), verbose=0)
    assert isinstance(group, rs.RunGroup)
    assert isinstance(whole, rs.RunGroup)
    assert [run.metrics for run in group.runs] == [run.metrics for run in whole.runs]


def test_a_group_without_its_last_run_is_completed_without_a_training(home: Path, tmp_path: Path) -> None:
    group = rs.train("toy", **_SETTINGS, seeds=_SEEDS, verbose=0)
    assert isinstance(group, rs.RunGroup)
    file = Path(group.path) / "group.json"
    plain = json.loads(file.read_text())
    file.write_text(json.dumps(plain | {"runs": plain["runs"][:-1], "ensemble": {}}))
    created = [row["created"] for row in rs.runs()]
    _check(rs.resume(group.name, verbose=0), _whole("recipe", tmp_path))
    assert [row["created"] for row in rs.runs()] == created


def test_a_resume_that_is_refused_leaves_the_group_alone(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    start, _, settings = _start("file", tmp_path)
    group = rs.train(start, **settings, seeds=_SEEDS, verbose=0)
    assert isinstance(group, rs.RunGroup)
    group.runs[1].delete()
    before = (Path(group.path) / "group.json").read_bytes()
    text = file.read_text()
    file.write_text(text.replace("sales\n0", "sales\n9"))
    with pytest.raises(rs.RnnStudioError):
        rs.resume(group.name, verbose=0)
    assert (Path(group.path) / "group.json").read_bytes() == before
    file.write_text(text)
    stopped = rs.resume(group.name, verbose=0, max_seconds=1e-9)
    assert stopped.name == group.name
    assert (Path(group.path) / "group.json").read_bytes() == before


def test_a_training_that_another_process_goes_on_with_is_refused(home: Path, tmp_path: Path) -> None:
    _killed("recipe", tmp_path, True, in_run=1, after_checkpoint=True)
    with locked(run_folders()[0]), pytest.raises(rs.StoreError, match="is being trained or saved by another process"):
        rs.resume("toy-seeds-1", verbose=0)


def test_the_run_list_is_itself_under_any_path(home: Path, tmp_path: Path) -> None:
    _killed("recipe", tmp_path, True, in_run=1, after_checkpoint=True)
    (tmp_path / "link").symlink_to(home)
    _check(rs.resume(tmp_path / "link" / "runs" / "toy-seeds-1", verbose=0), _whole("recipe", tmp_path))
    assert (len(rs.runs()), len(rs.groups())) == (3, 1)


def test_a_damaged_run_in_the_folder_of_a_group_is_trained_again_beside_it(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "group"
    group = rs.train("toy", **_SETTINGS, seeds=_SEEDS, verbose=0, save=folder)
    (folder / "seed-4" / "run.json").write_text("{")
    _check(rs.resume(folder, verbose=0), _whole("recipe", tmp_path))
    assert isinstance(group, rs.RunGroup)
    assert sorted(path.name for path in folder.glob("seed-*")) == ["seed-3", "seed-4", "seed-4-2", "seed-5"]


def test_a_run_whose_seed_is_not_among_those_of_its_training_goes_on_alone(home: Path, tmp_path: Path) -> None:
    _killed("recipe", tmp_path, True, in_run=0, after_checkpoint=True)
    plan = {"id": "0" * 16, "seeds": [8, 9]}
    rewrite(run_folders()[0], change=lambda rest: rest["training"].update(group=plan))
    assert isinstance(rs.resume("latest", verbose=0), rs.Run)


@pytest.mark.parametrize(
    "plan",
    [
        {},
        {"id": "x", "seeds": [0]},
        {"id": "0" * 16, "seeds": []},
        {"id": "0" * 16, "seeds": [3, 3]},
        [1],
        "x",
        {"id": None},
    ],
)
def test_a_run_with_a_damaged_plan_is_damaged(home: Path, tmp_path: Path, plan: Any) -> None:
    run = rs.train("toy", **_SETTINGS, verbose=0)
    assert isinstance(run, rs.Run)
    rewrite(Path(run.path), change=lambda rest: rest["training"].update(group=plan))
    with pytest.raises(rs.StoreError, match="damaged"):
        rs.resume(run.name, verbose=0)
    with pytest.raises(rs.StoreError, match="damaged"):
        rs.load(run.name)
