"""Which columns a network reads, what is known ahead of them, and the plan at the end of a file."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import rnnstudio as rs
from rnnstudio.core.calendar_inputs import calendar_names, calendar_values
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets.arrays import from_arrays

QUICK: dict[str, Any] = {"verbose": 0, "save": False, "units": 2, "updates": 2, "scale": "standard"}


def shop(rows: int = 60, planned: int = 0) -> pd.DataFrame:
    """Sales of days; of the last ones only the promotion and the holiday are known."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({
        "day": pd.date_range("2024-01-01", periods=rows), "sales": rng.normal(50, 5, rows),
        "promotion": rng.integers(0, 2, rows), "weather": rng.normal(0, 1, rows), "holiday": None,
    })  # fmt: skip
    frame["holiday"] = frame["holiday"].astype(object)
    frame.loc[10, "holiday"], frame.loc[25, "holiday"] = "Easter", "May Day"
    frame.loc[rows - planned :, ["sales", "weather"]] = np.nan
    return frame


def loaded(frame: pd.DataFrame, **settings: Any) -> SequenceData:
    given = {"target": "sales", "window": 5, "horizon": 3, **settings}
    composed = compose("arrays", given)
    return from_arrays(frame, None, composed.data, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "features", "known"),
    [
        ({}, ("sales",), ()),
        ({"features": "promotion"}, ("sales", "promotion"), ()),
        ({"features": "promotion,sales"}, ("promotion", "sales"), ()),
        ({"features": "weather", "known": "promotion"}, ("sales", "weather", "promotion"), ("promotion",)),
        ({"features": ["promotion"], "known": ["promotion"]}, ("sales", "promotion"), ("promotion",)),
        ({"known": "promotion", "use_past": False}, ("promotion",), ("promotion",)),
        ({"features": "promotion", "use_past": False}, ("promotion",), ()),
        ({"features": "promotion,sales", "use_past": False}, ("promotion", "sales"), ()),
        ({"features": "promotion", "task": "regress"}, ("promotion",), ()),
        ({"features": "promotion,sales", "task": "regress"}, ("promotion", "sales"), ()),
        ({"target": "sales,weather", "known": "promotion"}, ("sales", "weather", "promotion"), ("promotion",)),
    ],
)  # fmt: skip
def test_the_past_of_what_is_predicted_is_an_input_unless_it_is_left_out(
    given: dict[str, Any], features: tuple[str, ...], known: tuple[str, ...]
) -> None:
    data = loaded(shop(), **given)
    assert (data.features, data.known) == (features, known)
    if given.get("task") == "regress":
        assert data.target_offset == ("sales" in features)


def test_a_forecast_without_any_input_is_refused() -> None:
    with pytest.raises(SettingError, match="no other input") as caught:
        loaded(shop(), use_past=False)
    assert caught.value.field == "use_past"


@pytest.mark.parametrize("missing", ["past", "mask", "error", "drop"])
def test_rows_that_only_hold_what_is_known_ahead_are_a_plan_and_in_no_set(missing: str) -> None:
    frame = shop(60, planned=7)
    data = loaded(frame, features="weather", known="promotion", missing=missing)
    whole = loaded(frame.iloc[:53], features="weather", known="promotion", missing=missing)
    assert data.plan is not None
    assert np.array_equal(data.plan, frame["promotion"].to_numpy(float)[None, 53:, None])
    assert np.array_equal(data.inputs, whole.inputs)
    assert data.windows == whole.windows
    assert np.array_equal(data.starts, whole.starts)
    assert any("7 rows at the end of x have no value to predict yet" in note for note in data.notes)


def test_a_missing_value_before_the_last_one_to_predict_is_no_plan() -> None:
    frame = shop(60, planned=4)
    frame.loc[[20, 21], "sales"] = np.nan
    data = loaded(frame, known="promotion")
    assert (data.inputs.shape[1], data.missing_targets) == (56, True)


def test_each_series_has_its_own_plan() -> None:
    first, second = shop(60, planned=6).assign(store="A"), shop(50, planned=2).assign(store="B")
    data = loaded(pd.concat([first, second]), series="store", known="promotion")
    assert data.plan is not None
    assert data.plan.shape == (2, 6, 1)
    assert np.array_equal(data.plan[0, :, 0], first["promotion"].to_numpy()[54:])
    assert np.array_equal(data.plan[1, :2, 0], second["promotion"].to_numpy()[48:])
    assert np.isnan(data.plan[1, 2:]).all()
    assert data.lengths is not None
    assert data.lengths.tolist() == [54, 48]


def test_names_of_holidays_are_inputs_of_0_and_1_and_an_empty_cell_is_none() -> None:
    frame = shop(60, planned=5)
    frame.loc[57, "holiday"] = "Easter"
    data = loaded(frame, known="holiday")
    assert data.known == ("holiday=Easter", "holiday=May Day")
    assert np.flatnonzero(data.inputs[0, :, 1]).tolist() == [10]
    assert np.flatnonzero(data.inputs[0, :, 2]).tolist() == [25]
    assert data.plan is not None
    assert data.plan[0].tolist() == [[0, 0], [0, 0], [1, 0], [0, 0], [0, 0]]
    assert "An empty cell in 'holiday' is no event: its inputs are 0 there." in data.notes


DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def calendar_by_hand(times: pd.Series, kinds: list[str]) -> dict[str, NDArray[np.float64]]:
    """Return the calendar inputs of some kinds by name, from what pandas says about the times."""
    day = (times.dt.hour * 3600 + times.dt.minute * 60 + times.dt.second) / 86400
    year = (times.dt.day_of_year - 1 + day) / np.where(times.dt.is_leap_year, 366, 365)
    inputs: dict[str, NDArray[np.float64]] = {}
    for kind in kinds:
        if kind in ("weekday", "month"):
            names = times.dt.day_name() if kind == "weekday" else times.dt.month_name()
            order = DAYS if kind == "weekday" else [pd.Timestamp(2024, month, 1).month_name() for month in range(1, 13)]
            inputs |= {name: (names == name).to_numpy(float) for name in order if (names == name).any()}
        else:
            share = (day if kind == "time of day" else year).to_numpy()
            inputs |= {f"{kind} sine": np.sin(2 * np.pi * share), f"{kind} cosine": np.cos(2 * np.pi * share)}
    return inputs


@pytest.mark.parametrize(
    ("frequency", "rows", "kinds"),
    [
        ("h", 24 * 5, ["time of day"]), ("h", 24 * 20, ["time of day", "weekday"]), ("15min", 300, ["time of day"]),
        ("D", 10, []), ("D", 300, ["weekday"]), ("D", 365, ["weekday"]), ("D", 800, ["weekday", "time of year"]),
        ("B", 100, ["weekday"]), ("W", 60, []), ("W", 120, ["time of year"]), ("MS", 20, []),
        ("MS", 36, ["month"]), ("QS", 12, ["month"]), ("YS", 20, []), ("min", 100, []),
    ],
)  # fmt: skip
def test_calendar_inputs_are_the_cycles_that_the_times_show_twice(frequency: str, rows: int, kinds: list[str]) -> None:
    times = pd.Series(pd.date_range("2019-03-04 06:00", periods=rows, freq=frequency))
    names = calendar_names(times.to_numpy("datetime64[ns]"))
    expected = calendar_by_hand(times, kinds)
    assert names == tuple(expected)
    values = calendar_values(times.to_numpy("datetime64[ns]"), names)
    for j, name in enumerate(names):
        assert values[:, j] == pytest.approx(expected[name], abs=1e-9)


def test_calendar_inputs_are_chosen_by_the_training_rows_and_known_ahead() -> None:
    data = loaded(shop(60), calendar=True, test_fraction=0.5)
    assert data.calendar == data.known == tuple(DAYS)
    assert loaded(shop(60), calendar=True, test_fraction=0.8).calendar == ()  # 12 days
    regress = loaded(shop(60), calendar=True, task="regress", features="weather")
    assert (regress.features, regress.known) == (("weather", *DAYS), ())


def test_calendar_inputs_of_a_row_that_the_clock_lacks_are_those_of_its_day() -> None:
    data = loaded(shop(60).drop(index=[30, 31]), calendar=True)
    days = pd.Series(pd.date_range("2024-01-01", periods=60))
    assert data.inputs[0, :, 1] == pytest.approx(calendar_by_hand(days, ["weekday"])["Monday"], abs=1e-9)


def test_calendar_inputs_without_times_are_refused() -> None:
    with pytest.raises(SettingError, match="calendar needs a column of dates") as caught:
        loaded(shop().drop(columns="day"), calendar=True)
    assert caught.value.field == "calendar"


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(("task", "text"), [("regress", False), ("label", False), ("label", True)])
def test_the_own_past_of_a_step_never_holds_its_value(task: str, text: bool) -> None:
    frame = shop(60)
    own = "sales"
    if task == "label":
        own = "state"
        frame["state"] = (frame["sales"] > 50).astype(int)
        if text:
            frame["state"] = np.where(frame["state"] > 0, "high", "low")
    run = rs.train(
        frame, target=own, task=task, features=["weather", own], window=6, test_fraction=0.4, learning_rate=0.1, **QUICK
    )
    probabilities = task == "label"
    before = np.asarray(run.predict(frame, probabilities=probabilities))
    predicted = run.predictions()
    for step in (40, 47, 55):
        changed = frame.copy()
        rest = changed.loc[step:, own]
        other = {"high": "low", "low": "high"} if text else {0: 1, 1: 0}
        changed.loc[step:, own] = [other[name] for name in rest] if probabilities else rest + 20
        after = np.asarray(run.predict(changed, probabilities=probabilities))
        assert np.array_equal(after[:step], before[:step])  # the last of them predicts this step
        assert not np.array_equal(after[step:], before[step:])
        column = "probability" if probabilities else "prediction"
        value = before[step - 1].max() if probabilities else before[step - 1]
        assert predicted.loc[predicted["step"] == step, column].item() == pytest.approx(value, rel=1e-5)
    with pytest.raises(SettingError, match="read its target"):
        rs.train(frame, target=own, task=task, features=["weather", own], window=6, bidirectional=True, **QUICK)


@pytest.mark.usefixtures("uncompiled")
def test_predictions_for_new_data_need_what_is_known_of_the_steps_after_them() -> None:
    frame = shop(60, planned=5)
    run = rs.train(
        frame, target="sales", features="weather", known=["promotion", "holiday"], calendar=True, window=5, horizon=3,
        **QUICK,
    )  # fmt: skip
    with_plan = run.predict(frame)
    assert with_plan.shape == (51, 3)
    assert np.isfinite(with_plan).all()
    assert run.forecast(3) == pytest.approx(with_plan[-1], rel=1e-6)
    with pytest.warns(UserWarning, match="for 0 of the 3 steps after its last observed row"):
        without = run.predict(frame.iloc[:55])
    assert np.array_equal(np.isnan(without).sum(axis=1), [0] * 48 + [1, 2, 3])
    known = ~np.isnan(without)
    assert np.array_equal(without[known], with_plan[known])
    predicted = run.predictions()
    for origin in sorted(set(predicted["origin"])):
        own = predicted.loc[predicted["origin"] == origin, "prediction"].to_numpy()
        assert np.array_equal(own, with_plan[origin - 4])
    with pytest.raises(DataError, match="column of dates or times"):
        run.predict(frame.drop(columns="day"))


@pytest.mark.usefixtures("uncompiled")
def test_a_forecast_takes_the_plan_of_the_file_or_of_the_caller() -> None:
    frame = shop(60, planned=5)
    run = rs.train(frame, target="sales", known="promotion", window=5, horizon=3, **{**QUICK, "updates": 20})
    planned = frame["promotion"].to_numpy()[55:]
    assert np.array_equal(run.forecast(5), run.forecast(5, known=planned))
    assert np.array_equal(run.forecast(5), run.forecast(5, known=pd.DataFrame({"promotion": planned})))
    other = run.forecast(5, known=1 - planned)
    assert (other[:3] != run.forecast(3)).all()
    assert np.array_equal(run.forecast(3, start=40), run.predict(frame)[40 - 5])
    with pytest.raises(SettingError, match="not known at step 6") as caught:
        run.forecast(6)
    assert caught.value.field == "known"
    with pytest.raises(DataError, match="promotion"):
        run.forecast(5, known=pd.DataFrame({"price": planned}))
    again = rs.load(run.save())
    assert np.array_equal(again.forecast(5), run.forecast(5))
    blind = rs.train(frame, target="sales", window=5, horizon=3, **QUICK)
    with pytest.raises(SettingError, match="no input of this run is known ahead"):
        blind.forecast(3, known=planned)
