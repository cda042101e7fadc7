"""Forecasts are what the network predicts from the last window, fed back block by block, from any data to any date."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError

pytestmark = pytest.mark.usefixtures("uncompiled")
SMALL: dict[str, Any] = {
    "units": 4,
    "updates": 3,
    "window": 6,
    "verbose": 0,
    "save": False,
    "task": "forecast",
    "calendar": False,
}


def sales(rows: int = 80, begin: str = "2024-01-01", frequency: str = "D") -> pd.DataFrame:
    """Return two columns that do not move together, with times."""
    n = np.arange(rows)
    days = pd.date_range(begin, periods=rows, freq=frequency)
    return pd.DataFrame({
        "day": days, "sales": 50 + 9 * np.sin(n / 3) + n / 7, "visits": 400 + 30 * np.cos(n / 5) - n / 3
    })  # fmt: skip


def rolled_out(run: rs.Run, columns: pd.DataFrame, steps: int) -> np.ndarray:
    """Return a forecast made by `predict` alone: the last window, then the window that ends with its predictions."""
    samples, horizon = run.info.window * run.info.frame, run.experiment.data.horizon
    values = columns[list(run.info.input_names)].to_numpy(float)
    blocks: list[np.ndarray] = []
    while sum(map(len, blocks)) < steps:
        block = np.asarray(run.predict(pd.DataFrame(values[-samples:], columns=list(run.info.input_names)))).reshape(
            horizon, len(run.info.target_names)
        )
        blocks.append(block)
        fed = [block[:, run.info.target_names.index(n)] if n in run.info.target_names else np.full(horizon, np.nan)
               for n in run.info.input_names]  # fmt: skip
        values = np.concatenate([values, np.stack(fed, axis=1)])
    return np.concatenate(blocks)[:steps]


@pytest.fixture(scope="module")
def own_past() -> rs.Run:
    return rs.train(sales(), target="sales", horizon=4, **SMALL)


@pytest.fixture(scope="module")
def two_inputs() -> rs.Run:
    return rs.train(sales(), target="sales", features="visits,sales", horizon=4, **SMALL)


@pytest.fixture(scope="module")
def several() -> rs.Run:
    both = pd.concat([sales(60).assign(shop="north"), sales(50).assign(shop="south", sales=lambda t: t["sales"] * 3)])
    return rs.train(both, target="sales", series="shop", horizon=2, **SMALL)


@pytest.mark.parametrize("frame", [1, 2])
@pytest.mark.parametrize("columns", ["visits,sales", "visits"])
def test_a_forecast_up_to_the_horizon_is_one_prediction_from_the_last_window(columns: str, frame: int) -> None:
    run = rs.train(sales(), target="sales", features=columns, horizon=4, frame=frame, **SMALL | {"window": 4})
    for steps in (1, 3, 4):
        table = run.forecast_table(steps)
        np.testing.assert_allclose(table["sales"], rolled_out(run, sales(), steps)[:, 0], rtol=1e-5)
        assert table["time"].tolist() == list(pd.date_range("2024-03-21", periods=steps))
        assert table.columns.tolist() == ["step", "time", "sales"]
        np.testing.assert_array_equal(run.forecast(steps), table["sales"].to_numpy())


@given(steps=st.integers(5, 23))
@settings(max_examples=8, deadline=None)
def test_later_steps_are_read_as_if_they_were_observed(own_past: rs.Run, steps: int) -> None:
    np.testing.assert_allclose(own_past.forecast(steps), rolled_out(own_past, sales(), steps)[:, 0], rtol=1e-4)


def test_several_values_are_fed_back_into_their_own_columns() -> None:
    values = sales()[["visits", "sales"]].to_numpy()
    run = rs.train(values, horizon=3, **SMALL)
    expected = rolled_out(run, pd.DataFrame(values, columns=list(run.info.input_names)), 8)
    assert run.forecast(8).shape == (8, 2)
    np.testing.assert_allclose(run.forecast(8), expected, rtol=1e-4)


def test_beyond_the_horizon_an_input_of_the_past_is_missing_and_the_command_that_helps_is_named(
    two_inputs: rs.Run,
) -> None:
    assert two_inputs.forecast().shape == (4,), "as far as its inputs reach"
    with pytest.raises(SettingError) as caught:
        two_inputs.forecast(9)
    message = str(caught.value)
    assert "at most 4, the horizon of this run; received 9" in message
    assert "values of visits, which the run reads and does not predict" in message
    assert "horizon=9" in message
    assert (caught.value.field, caught.value.suggestion) == ("horizon", "9")


def test_the_command_of_a_refusal_trains_for_that_horizon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    from click.testing import CliRunner

    from rnnstudio.cli.main import studio

    sales().to_csv(tmp_path / "my shop.csv", index=False)
    run = rs.train(tmp_path / "my shop.csv", target="sales", features="visits,sales", horizon=2, **SMALL)
    with pytest.raises(SettingError) as caught:
        run.forecast(5)
    command = str(caught.value).partition("this horizon: ")[2]
    assert command.startswith("rnnstudio train ")
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(studio, [*shlex.split(command)[1:], "--json"])
    assert result.exit_code == 0, result.output
    again = rs.load("latest")
    assert again.experiment.data.horizon == 5
    assert again.info.input_names == run.info.input_names
    assert again.forecast(5).shape == (5,)


def test_newer_data_move_the_origin(two_inputs: rs.Run, tmp_path: Path) -> None:
    newer = sales(40, "2025-06-01")
    newer.to_csv(tmp_path / "newer.csv", index=False)
    expected = rolled_out(two_inputs, newer, 4)[:, 0]
    np.testing.assert_allclose(two_inputs.forecast(4, input=tmp_path / "newer.csv"), expected, rtol=1e-5)
    np.testing.assert_allclose(two_inputs.forecast(4, input=newer), expected, rtol=1e-5)
    with pytest.warns(UserWarning, match="read by their position"):
        values = two_inputs.forecast(4, input=newer[["visits", "sales"]].to_numpy())
    np.testing.assert_allclose(values, expected, rtol=1e-5)
    assert two_inputs.forecast_table(2, input=newer)["time"].tolist() == list(pd.date_range("2025-07-11", periods=2))


def test_a_few_newer_rows_continue_the_data_of_the_training(own_past: rs.Run) -> None:
    newer = sales(83)[-3:].reset_index(drop=True)
    with pytest.warns(UserWarning, match="The 3 newer rows follow those of the training, whose last 3 rows are read"):
        table = own_past.forecast_table(6, input=newer)
    np.testing.assert_allclose(table["sales"], rolled_out(own_past, sales(83), 6)[:, 0], rtol=1e-5)
    assert table["time"].iloc[0] == pd.Timestamp("2024-03-24")
    with pytest.raises(DataError, match="at least 6 rows up to the last known value"):
        own_past.forecast(6, input=sales(3, "2024-05-01"))


@pytest.mark.parametrize("empty", [1, 3])
def test_the_forecast_starts_after_the_last_known_value(two_inputs: rs.Run, empty: int) -> None:
    newer = sales(40, "2025-06-01")
    known = newer[: 40 - empty]
    newer.loc[40 - empty :, "sales"] = np.nan  # visits are known for longer
    with pytest.warns(UserWarning, match=rf"ends with {empty} rows without a value to continue"):
        table = two_inputs.forecast_table(4, input=newer)
    np.testing.assert_allclose(table["sales"], rolled_out(two_inputs, known, 4)[:, 0], rtol=1e-5)
    assert table["time"].iloc[0] == pd.Timestamp("2025-06-01") + pd.Timedelta(days=40 - empty)


def test_rows_without_the_target_at_the_end_of_the_training_are_no_origin(tmp_path: Path) -> None:
    data = sales()
    data.loc[77:, "sales"] = np.nan
    run = rs.train(data, target="sales", features="visits,sales", horizon=4, missing="past", **SMALL)
    assert "3 steps at the end of x were left out, because values are missing there." in run.warnings
    np.testing.assert_allclose(run.forecast(4), rolled_out(run, data[:77], 4)[:, 0], rtol=1e-5)
    assert run.forecast_table(1)["time"].iloc[0] == pd.Timestamp("2024-03-18")
    again = rs.load(run.save(tmp_path / "run"))
    np.testing.assert_array_equal(again.forecast(4), run.forecast(4))


@pytest.mark.parametrize(
    ("frequency", "until", "expected"),
    [("D", "2024-04", 41), ("D", "2024-03-25", 5), ("D", pd.Timestamp("2024-03-25"), 5), ("B", "2024-04-28", 5),
     ("MS", "2031", 16), ("MS", "2030-10-15", 2), ("h", "2024-01-04 10:30", 3), ("h", "2024-01-04", 16)],
)  # fmt: skip
def test_a_date_is_the_last_step(frequency: str, until: Any, expected: int) -> None:
    run = rs.train(sales(80, frequency=frequency), target="sales", horizon=4, **SMALL)
    table = run.forecast_table(until=until)
    first = pd.date_range("2024-01-01", periods=81, freq=frequency)[-1]
    assert table["time"].tolist() == list(pd.date_range(first, periods=expected, freq=frequency))


def test_unclear_steps_are_refused(own_past: rs.Run) -> None:
    for until, message in (("2024-03-20", "until must be at least 2024-03-21"), ("soon", "until must be a date"),
                           (7, "until must be a date")):  # fmt: skip
        with pytest.raises(SettingError, match=message):
            own_past.forecast(until=until)
    with pytest.raises(SettingError, match="Pass steps or until, not both"):
        own_past.forecast(3, until="2024-04-01")
    with pytest.raises(SettingError, match="no times at equal distances"):
        rs.train(sales()["sales"].to_numpy(), horizon=4, **SMALL).forecast(until="2024-04-01")
    with pytest.raises(SettingError, match="start counts the steps of the data of the training"):
        own_past.forecast(3, start=20, input=sales())
    with pytest.raises(SettingError, match="forecast takes time together with input"):
        own_past.forecast(3, time="day")


def test_each_series_is_forecast_from_its_own_end(several: rs.Run) -> None:
    table = several.forecast_table(5)
    for shop, rows, factor in (("north", 60, 1), ("south", 50, 3)):
        own = table[table["series"] == shop]
        assert own["time"].tolist() == list(pd.date_range("2024-01-01", periods=rows + 5)[-5:])
        x = sales(rows)
        expected: list[float] = []
        values = (x["sales"] * factor).to_numpy()
        while len(expected) < 5:
            block = np.asarray(several.predict(values[-6:], series=shop)).ravel()
            expected += block.tolist()
            values = np.concatenate([values, block])
        np.testing.assert_allclose(own["sales"], expected[:5], rtol=1e-4)
    until = several.forecast_table(until="2024-03-03")
    assert until.groupby("series").size().to_dict() == {"north": 3, "south": 13}
    assert np.isnan(several.forecast(until="2024-03-03")[0, 3:]).all()


def test_newer_data_of_several_series_are_distinguished_by_their_names(several: rs.Run) -> None:
    newer = pd.concat([sales(20, "2025-01-01").assign(shop="south"), sales(9, "2025-02-01").assign(shop="north")])
    table = several.forecast_table(3, input=newer)
    assert table["time"].iloc[[0, 3]].tolist() == [pd.Timestamp("2025-02-10"), pd.Timestamp("2025-01-21")]
    for shop, rows in (("north", 9), ("south", 20)):
        expected = several.forecast(3, input=sales(rows)["sales"].to_numpy(), series=shop)
        np.testing.assert_allclose(table[table["series"] == shop]["sales"], expected, rtol=1e-6)
    with pytest.raises(DataError, match="not trained on the series 'west'"):
        several.forecast(3, input=sales(20).assign(shop="west"))


def test_runs_that_read_the_steps_they_predict_are_referred_to_predict() -> None:
    run = rs.train(sales(), target="sales", features="visits", **SMALL | {"task": "regress"})
    with pytest.raises(SettingError, match=r"forecast needs a run of task forecast.*\(task regress\). Use predict"):
        run.forecast(3)


@pytest.mark.parametrize("missing", ["past", "mask"])
@pytest.mark.parametrize("gap", [[], [86], [83, 84], [89]])
def test_gaps_of_newer_data_are_filled_as_predict_fills_them(missing: str, gap: list[int]) -> None:
    """Also newer data without a gap have the further columns of a run with missing mask."""
    rng = np.random.default_rng(0)
    days = pd.date_range("2024-01-01", periods=90)
    frame = pd.DataFrame({"day": days, "sales": (50 + 5 * np.sin(np.arange(90) / 2) + rng.normal(size=90)).round(2)})
    trained = frame.copy()
    trained.loc[[20, 21, 40], "sales"] = np.nan
    chosen = {"window": 7, "horizon": 2, "missing": missing, "units": 3, "updates": 2, "task": "forecast"}
    run = rs.train(trained, target="sales", verbose=0, save=False, calendar=False, **chosen)
    newer = frame.copy()
    newer.loc[gap, "sales"] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        received = run.forecast(2, input=newer)
        until = newer if gap != [89] else newer[:89]  # a forecast starts after the last known value
        expected = run.predict_table(until).iloc[-1].filter(like="prediction").to_numpy(float)
    np.testing.assert_allclose(received, expected, rtol=1e-5)
    assert np.isfinite(received).all()
