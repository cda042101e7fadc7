"""A group with runs that are damaged or deleted loads with the others, and says which ones its mean leaves out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import StoreError
from rnnstudio.results.checked_files import RunFiles
from rnnstudio.results.group_store import runs_and_groups
from tests.altered_runs import rewrite

pytestmark = pytest.mark.usefixtures("uncompiled")
SERIES = 50 + 9 * np.sin(np.arange(90) / 3)
SMALL: dict[str, Any] = {"window": 6, "task": "forecast", "cell": "gru", "layers": 1, "units": 3, "updates": 4}


@pytest.fixture
def group() -> rs.RunGroup:
    group = rs.train(SERIES, seeds=3, verbose=0, **SMALL)
    assert isinstance(group, rs.RunGroup)
    return group


def flip(run: Path) -> None:
    """Change a bit of the weights."""
    file = run / RunFiles.of_folder(run).stored_name("weights.npz")
    content = bytearray(file.read_bytes())
    content[-30] ^= 1
    file.write_bytes(content)


def cut(run: Path) -> None:
    (run / "run.json").write_text('{"schema_version": 5')


def remove_run_file(run: Path) -> None:
    (run / "run.json").unlink()


def make_newer(run: Path) -> None:
    rewrite(run, change=lambda rest: rest.update(schema_version=99))


@pytest.mark.parametrize(
    ("damage", "outcome", "said", "is_listed"),
    [
        (flip, "damaged", "weights.npz is not as it was saved", False),  # the list reads no weights
        (cut, "damaged", "run.json cannot be read", True),
        (remove_run_file, "damaged", "run.json is missing", True),
        (make_newer, "newer", "newer rnnstudio", True),
    ],
)
@pytest.mark.parametrize("index", [0, 1])
def test_a_group_with_a_damaged_run_loads_with_the_others(
    group: rs.RunGroup, index: int, damage: Callable[[Path], None], outcome: str, said: str, is_listed: bool
) -> None:
    damage(Path(group.runs[index].path))
    left = [run for run in group.runs if run is not group.runs[index]]
    name = group.runs[index].name
    with pytest.warns(UserWarning, match=rf"{name} \(seed {index}\) cannot be read.* 2 of 3 runs\. .*{said}"):
        loaded = rs.load(group.name)
    assert isinstance(loaded, rs.RunGroup)
    assert loaded.seeds == [run.experiment.seed for run in left]
    errors = [run.metrics["test_rmse"] for run in left]
    assert loaded.metrics["test_rmse"] == pytest.approx(np.mean(errors), rel=1e-12)
    assert loaded.spread["test_rmse"]["std"] == pytest.approx(np.std(errors, ddof=1), rel=1e-9)
    assert loaded.forecast(3) == pytest.approx(np.mean([run.forecast(3) for run in left], axis=0), rel=1e-6)
    assert loaded.ensemble_metrics == {}
    assert loaded.conclusions[0].startswith("Mean over 2 of 3 seeds: ")
    assert "2 of 3 seeds" in repr(loaded)
    table = loaded.table()
    assert table["seed"].tolist() == [0, 1, 2]
    assert table["outcome"].tolist()[index] == outcome
    assert table["test_rmse"].isna().tolist() == [i == index for i in range(3)]
    [missing] = loaded.summary()["missing"]
    assert (missing["seed"], missing["run"], missing["outcome"]) == (index, name, outcome)
    assert said in missing["problem"]
    if is_listed:
        [row] = rs.groups()
        assert (len(row["runs"]), row["missing"], row["damaged"], row["problem"]) == (2, 0, 1, "")
        assert said in row["notes"][0]
        listed = next(row for row in runs_and_groups() if row["run"] == group.name)
        assert listed["outcome"] == "mean of 2 of 3 seeds, 1 damaged"
        assert listed["metrics"]["test_rmse"] == pytest.approx(np.mean(errors), rel=1e-12)


def test_the_backtest_of_what_is_left_says_so(tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text("\n".join(["sales", *(f"{value:.4f}" for value in SERIES)]))
    group = rs.train(str(file), seeds=3, verbose=0, **SMALL)
    assert isinstance(group, rs.RunGroup)
    cut(Path(group.runs[2].path))
    with pytest.warns(UserWarning, match="2 of 3 runs"):
        loaded = rs.load(group.name)
    backtest = loaded.backtest(2, steps=1, verbose=0)
    assert "2 of 3 runs" in backtest.notes[0]
    each = [run.backtest(2, steps=1, verbose=0, save=False).table["network"].to_numpy() for run in group.runs[:2]]
    assert backtest.table["network"].to_numpy() == pytest.approx(np.mean(each, axis=0), rel=1e-6)


def test_a_group_without_a_run_that_can_be_used_says_why(group: rs.RunGroup) -> None:
    for run in group.runs[:2]:
        cut(Path(run.path))
    shutil.rmtree(group.runs[2].path)
    sentence = r"None of the 3 runs .* can be used \(1 deleted, 2 cannot be read, such as arrays-1\)\. .*run\.json"
    with pytest.raises(StoreError, match=sentence) as error:
        rs.load(group.name)
    assert len(str(error.value)) < 900
    [row] = rs.groups()
    assert (row["runs"], row["missing"], row["damaged"]) == ([], 1, 2)
    listed = next(row for row in runs_and_groups() if row["run"] == group.name)
    assert "arrays-1" in listed["problem"]


def test_the_group_is_whole_again_when_its_run_is(group: rs.RunGroup) -> None:
    file = Path(group.runs[0].path) / "run.json"
    content = file.read_bytes()
    file.write_text("[]")
    with pytest.warns(UserWarning, match="2 of 3 runs"):
        rs.load(group.name)
    file.write_bytes(content)
    loaded = rs.load(group.name)
    assert loaded.seeds == [0, 1, 2]
    assert loaded.warnings == []
    assert loaded.metrics == group.metrics
    assert loaded.ensemble_metrics == group.ensemble_metrics


def test_the_check_names_the_groups_of_damaged_runs(group: rs.RunGroup) -> None:
    assert rs.doctor() == []
    cut(Path(group.runs[0].path))
    findings = {finding["run"]: finding for finding in rs.doctor()}
    assert findings.keys() == {group.runs[0].name, group.name}
    finding = findings[group.name]
    assert finding["is_damaged"]
    assert finding["found"] == f"Runs of this group cannot be read: {group.runs[0].name}."
    assert finding["advice"] == "It opens with 2 of 3 runs."
    shutil.rmtree(group.runs[0].path)  # deleted by its owner, which is no damage
    assert rs.doctor() == []


def test_what_the_check_repairs_is_no_damage_of_the_group(group: rs.RunGroup) -> None:
    flip(Path(group.runs[1].path))  # the checkpoint holds the weights, too
    findings = rs.doctor()
    assert [finding["run"] for finding in findings] == [group.runs[1].name]
    assert rs.load(group.name).seeds == [0, 1, 2]
