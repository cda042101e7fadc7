"""A refit is a training with the same settings and updates on all rows; it forecasts, and is marked as not tested."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import rnnstudio as rs
from rnnstudio.cli.main import studio
from rnnstudio.core.errors import SettingError

pytestmark = pytest.mark.usefixtures("uncompiled")
SMALL: dict[str, Any] = {
    "units": 4, "window": 6, "verbose": 0, "save": False, "task": "forecast", "horizon": 2, "freeze_linear_skip": False,
}  # fmt: skip


def sales(rows: int = 90, begin: str = "2024-01-01") -> pd.DataFrame:
    n = np.arange(rows)
    return pd.DataFrame({"day": pd.date_range(begin, periods=rows), "sales": 50 + 9 * np.sin(n / 3) + n / 5})


def test_the_weights_are_those_of_a_training_on_all_rows() -> None:
    run = rs.train(
        sales(), target="sales", updates=7, val_fraction=0.2, test_fraction=0.2, schedule="cosine", patience=0,
        restore_best_weights=False, **SMALL,
    )  # fmt: skip
    before, metrics = run.forecast(5), dict(run.metrics)
    assert run.refit()
    same = {name: value for name, value in run.experiment.flat().items() if name != "dataset"}
    on_all = rs.train(sales(), **same | {"val_fraction": 0, "test_fraction": 0, "verbose": 0, "save": False})
    assert on_all.info.windows == {"train": 90 - 6 - 2 + 1, "val": 0, "test": 0}
    np.testing.assert_allclose(run.refitted.scalers.inputs.mean, sales()["sales"].mean(), rtol=1e-6)
    for name, values in on_all.weights.items():
        np.testing.assert_allclose(run.refitted.weights[name], values, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(run.forecast(5), on_all.forecast(5), rtol=1e-5)
    assert not np.allclose(run.forecast(5), before)
    np.testing.assert_array_equal(run.forecast(5, refit=False), before)
    assert run.metrics == metrics


def test_the_updates_are_those_of_the_weights_that_are_kept() -> None:
    run = rs.train(
        sales(), target="sales", updates=40, evaluate_every=5, restore_best_weights=True, val_fraction=0.2, patience=0,
        learning_rate=0.5, schedule="cosine", linear_skip=False, **SMALL,
    )  # fmt: skip
    kept = run.record.weights_step
    assert 0 < kept < 40, "the learning rate is so high that later updates are worse"
    run.refit()
    assert run.refitted.updates == kept


def test_it_is_marked_wherever_the_run_is_shown(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path))
    run = rs.train(sales(), target="sales", updates=2, refit=True, **SMALL | {"save": True})
    assert run.refitted is not None
    for shown in (run, rs.load("latest")):
        assert "refit on all rows, not tested" in repr(shown)
        assert "are not tested; the metrics are those of the weights before." in shown.conclusions[-1]
        assert shown.summary()["refit"] == {"updates": 2.0, "tested": False}
        assert shown.forecast_table(3)["not_tested"].tolist() == [True] * 3
        assert "not_tested" not in shown.forecast_table(3, refit=False)
    assert "not_tested" not in run.forecast_table(3, start=50), "the rows after it were read in the refit"
    np.testing.assert_array_equal(rs.load("latest").forecast(3), run.forecast(3))
    assert rs.runs()[0]["refit"]
    packed = rs.load(run.export(tmp_path / "one.rnnrun"))
    np.testing.assert_array_equal(packed.forecast(3), run.forecast(3))
    result = CliRunner().invoke(studio, ["list", "runs"])
    assert "refit" in result.output
    assert "(not tested)" in result.output


def test_the_command_line_trains_it_when_it_is_wanted(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path))
    sales().to_csv(tmp_path / "sales.csv", index=False)
    rs.train(tmp_path / "sales.csv", target="sales", updates=2, **SMALL | {"save": True})
    plain = CliRunner().invoke(studio, ["forecast", "latest", "--steps", "2"]).output
    assert "not_tested" not in plain
    refitted = CliRunner().invoke(studio, ["forecast", "latest", "--steps", "2", "--refit"]).output
    assert "not_tested" in refitted
    assert CliRunner().invoke(studio, ["forecast", "latest", "--steps", "2"]).output == refitted, "it is kept"
    assert CliRunner().invoke(studio, ["forecast", "latest", "--steps", "2", "--no-refit"]).output == plain


def test_windows_of_several_series_reach_to_the_end_of_each() -> None:
    both = pd.concat([sales(60).assign(shop="north"), sales(40).assign(shop="south")])
    run = rs.train(both, target="sales", series="shop", updates=2, **SMALL)
    run.refit()
    assert run.refitted.windows == (60 - 7) + (40 - 7)
    means = [sales(60)["sales"].mean(), sales(40)["sales"].mean()]
    np.testing.assert_allclose(run.refitted.scalers.inputs.mean[:, 0], means, rtol=1e-6)
    assert run.forecast_table(2)["series"].tolist() == ["north"] * 2 + ["south"] * 2


def test_what_cannot_be_refitted_is_refused() -> None:
    run = rs.train(sales(), target="sales", updates=2, **SMALL)
    with pytest.raises(SettingError, match="refit must be left out with start"):
        run.forecast(2, start=50, refit=True)
    with pytest.raises(SettingError, match="refit must be true, false or left out"):
        run.forecast(2, refit=3)
    assert not run.refit(should_stop=lambda: True)
    assert run.refitted is None
    labels = rs.train(np.zeros((20, 6, 1)), np.arange(20) % 2, task="classify", updates=1, verbose=0, save=False)
    with pytest.raises(SettingError, match="forecast needs a run of task forecast"):
        labels.refit()
