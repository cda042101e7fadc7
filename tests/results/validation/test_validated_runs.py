"""Values that a run cannot have are refused, whoever wrote them with right checksums, and the other runs are listed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.results.file_writers import arrays_writer, json_writer
from rnnstudio.results.run import Run
from rnnstudio.results.store import list_runs
from tests.altered_runs import alter, rewrite

Copies = Callable[[], Run]
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "runs"


def saved(copies: Copies) -> Path:
    return Path(copies().save())


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("metrics.json", {"metrics": {"test_loss": "low"}}, "metrics.test_loss: input should be a valid number"),
        ("metrics.json", {"baseline": {"drift": None}}, "baseline.drift"),
        ("metrics.json", {"by_class": [{"class": 1}]}, "by_class.0"),
        ("data.json", {"outputs": 7}, "7 outputs are no multiple|targets need as many outputs"),
        ("data.json", {"window": 0}, "window: input should be greater than or equal to 1"),
        ("data.json", {"features": [3]}, "features.0: input should be a valid string"),
        ("scaler.json", {"inputs": {"scale": [0.0]}}, "scale"),
        ("scaler.json", {"inputs": {"mean": [[1.0], []]}}, "must have one shape"),
        ("scaler.json", {"inputs": {"mean": [1.0, 2.0], "scale": [1.0, 2.0]}}, "the scaler of the inputs"),
        ("experiment.json", {"model": {"units": 70_000_000}}, "units"),
        (
            "experiment.json",
            {"model": {"units": 9}},
            r"expected head/kernel with the shape \(9, 1\), received \(8, 1\)",
        ),
    ],
)
def test_a_wrong_value_is_named(fresh_airline: Copies, file: str, change: dict[str, Any], message: str) -> None:
    folder = saved(fresh_airline)
    alter(folder, {file: change})
    with pytest.raises(rs.StoreError, match=message) as caught:
        rs.load(folder)
    assert "damaged" in str(caught.value)
    assert len(str(caught.value)) < 900


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("wall_seconds", "nan s"),
        ("wall_seconds", float("nan")),
        ("wall_seconds", -1.0),
        ("outcome", "won"),
        ("updates", 1.5),
        ("updates", 10**300),
        ("device", None),
        ("predictions_kind", "several"),
        ("error", ["a"]),
    ],
)
def test_a_wrong_value_of_the_history_is_damage_for_that_run_alone(
    fresh_airline: Copies, field: str, value: Any
) -> None:
    good, bad = saved(fresh_airline), saved(fresh_airline)
    rewrite(bad, change=lambda rest: rest["history"].update({field: value}))
    with pytest.raises(rs.StoreError, match="damaged"):
        rs.load(bad)
    rows = {row["run"]: row for row in list_runs()}
    assert (rows[good.name]["outcome"], rows[good.name]["problem"]) == ("completed", "")
    if field != "predictions_kind":  # the list reads no arrays
        assert rows[bad.name]["outcome"] == "damaged"
        assert field in rows[bad.name]["problem"] or "300 digits" in rows[bad.name]["problem"]


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("loss", np.zeros((3, 2)), r"loss must have the shape \(updates\), received \(3, 2\)"),
        ("loss", np.array(["a"]), "loss must hold numbers"),
        ("accuracy", np.zeros(3), "accuracy has 3 values, and loss 60"),
        ("eval_step/test_loss", np.array([0.0, 20.0, 40.0, 80.0]), "numbers of updates up to 60"),
        ("eval_step/test_loss", np.array([0.0, 40.0, 20.0, 60.0]), "must rise"),
        ("predictions/one_step_at", np.array([10**6]), "one_step"),
        ("predictions/free_at", np.zeros(43, np.int64), "free"),
        ("predictions/truth", np.zeros(3, np.float16), "truth must hold numbers, received the type float16"),
        ("of_tomorrow/x", np.zeros(3), "'of_tomorrow/x' is not expected"),
    ],
)
def test_an_array_of_another_form_is_named(fresh_airline: Copies, name: str, values: Any, message: str) -> None:
    run = fresh_airline()
    folder = Path(run.save())
    rewrite(folder, {"history.npz": arrays_writer({**run.record.to_arrays(), name: values})})
    with pytest.raises(rs.StoreError, match=message):
        rs.load(folder)


def test_each_set_has_its_number_of_windows(fresh_airline: Copies) -> None:
    folder = saved(fresh_airline)
    plain = json.loads((folder / "data.json").read_text())
    plain["windows"]["va"] = plain["windows"].pop("val")
    rewrite(folder, {"data.json": json_writer(plain)})
    with pytest.raises(rs.StoreError, match=r"damaged.*data\.json.*windows"):
        rs.load(folder)


def test_runs_of_earlier_formats_are_validated_and_get_checksums_when_they_are_written(home: Path) -> None:
    folder = home / "runs" / "old"
    shutil.copytree(FIXTURES / "version1" / "forecast", folder)
    path = rs.load(folder).save()
    assert "sha256" in (Path(path) / "run.json").read_text()
    assert rs.load(path).outcome == "completed"
    other = home / "runs" / "other"
    shutil.copytree(FIXTURES / "version1" / "forecast", other)
    plain = json.loads((other / "run.json").read_text())
    plain["history"]["outcome"] = None
    (other / "run.json").write_text(json.dumps(plain))
    with pytest.raises(rs.StoreError, match=r"damaged.*history\.outcome is missing"):
        rs.load(other)


@pytest.mark.parametrize("name", ["list_outcome_null", "list_seconds_NaN", "list_deep_run.json"])
def test_hostile_runs_are_damaged_and_hide_no_others(fresh_airline: Copies, cases: Path, home: Path, name: str) -> None:
    good = saved(fresh_airline)
    shutil.copytree(cases / "hostile" / name, home / "runs" / "hostile")
    assert {row["run"]: row["outcome"] for row in list_runs()} == {good.name: "completed", "hostile": "damaged"}
    with pytest.raises(rs.StoreError, match="damaged"):
        rs.load("hostile")


def test_a_state_of_another_training_is_refused(fresh_airline: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.interrupted import crashed

    folder = crashed("toy", units=2, updates=40)
    alter(folder, {"checkpoint.json": {"step": 2**52}})
    with pytest.raises(rs.StoreError, match=r"The state of the training of .* is damaged: it is of update"):
        rs.resume(folder)
