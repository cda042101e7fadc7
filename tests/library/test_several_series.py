"""Several series in one table: windows, splits, scalers, baselines and metrics recomputed from the raw rows."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.baselines import evaluate_baselines
from rnnstudio.core.errors import DataError, SettingError, UnknownNameError
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays
from tests.without_xla import without_xla

pytestmark = pytest.mark.usefixtures("uncompiled")
ONE_FIXTURE = [HealthCheck.function_scoped_fixture]  # for all examples of a test

DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Drawn:
    """A table of several series, and the settings of its windows."""

    frame: pd.DataFrame
    window: int
    horizon: int
    stride: int
    test: float
    val: float
    by_date: bool
    context: Literal["reach_back", "inside"]


@st.composite
def tables(draw: st.DrawFn) -> Drawn:
    """Draw series of unequal lengths that begin at different days, with missing cells and days, their rows mixed."""
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    parts = []
    for n in range(draw(st.integers(2, 4))):
        length = draw(st.integers(8, 40))
        days = np.datetime64("2024-01-01") + np.arange(length) + draw(st.integers(0, 6))
        values = 10.0 ** draw(st.integers(-1, 6)) * (rng.normal(size=length) + rng.normal() * 5)
        part = pd.DataFrame({"day": days.astype("datetime64[ns]"), "shop": f"shop {9 - n}", "sales": values})
        inner = rng.permutation(np.arange(1, length - 1))[: draw(st.integers(0, 3))]
        if draw(st.booleans()):
            part.loc[inner, "sales"] = np.nan
        else:
            part = part.drop(index=inner)
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
    return Drawn(
        frame,
        draw(st.integers(1, 5)),
        draw(st.integers(1, 3)),
        draw(st.integers(1, 2)),
        draw(st.sampled_from([0.0, 0.2, 0.4])),
        draw(st.sampled_from([0.0, 0.2])),
        draw(st.booleans()),
        draw(st.sampled_from(["reach_back", "inside"])),
    )


def loaded(drawn: Drawn, **more: object) -> SequenceData:
    chosen = ArraySettings(
        series="shop",
        target="sales",
        window=drawn.window,
        horizon=drawn.horizon,
        stride=drawn.stride,
        test_fraction=drawn.test,
        val_fraction=drawn.val,
        split_by="date" if drawn.by_date else "share",
        test_context=drawn.context,
        max_gap=100,
        **more,  # type: ignore[arg-type]
    )
    return from_arrays(drawn.frame, None, chosen, 0)


def raw_series(drawn: Drawn) -> dict[str, pd.Series]:
    """Return each series by day, with NaN for missing days and cells, by loops over the rows."""
    series = {}
    for shop in sorted(drawn.frame["shop"].unique()):
        rows = drawn.frame[drawn.frame["shop"] == shop].set_index("day")["sales"].sort_index()
        series[shop] = rows.asfreq("D").loc[rows.first_valid_index() : rows.last_valid_index()]
    return series


def expected_windows(drawn: Drawn) -> dict[str, list[tuple[str, pd.Timestamp]]]:
    """Return shop and first day of each window by split, from the days alone."""
    total = drawn.window + drawn.horizon
    reaches_back = drawn.context == "reach_back"
    series = {shop: values for shop, values in raw_series(drawn).items() if len(values) >= total}
    days = sorted(set().union(*(set(values.index) for values in series.values())))
    windows: dict[str, list[tuple[str, pd.Timestamp]]] = {"train": [], "val": [], "test": []}
    for shop, values in series.items():
        own = days if drawn.by_date else list(values.index)
        test = len(own) - int(len(own) * drawn.test + 1e-9)
        val = test - int(len(own) * drawn.val + 1e-9)
        split_of = {day: "train" if i < val else "val" if i < test else "test" for i, day in enumerate(own)}
        found: dict[str, list[tuple[str, pd.Timestamp]]] = {"train": [], "val": [], "test": []}
        for split, of_split in found.items():
            inside = [i for i, day in enumerate(values.index) if split_of[day] == split]
            first = drawn.window if reaches_back and split != "train" else 0  # the sample that the set must hold
            starts = [i for i in range(len(values)) if {i + first, i + total - 1} <= set(inside)]
            of_split += [(shop, values.index[i]) for i in starts[:: drawn.stride]]
        if found["train"]:
            for split, of_split in found.items():
                windows[split] += of_split
    return windows


def received_windows(data: SequenceData) -> dict[str, list[tuple[str, pd.Timestamp]]]:
    assert data.times is not None
    length = data.inputs.shape[1]
    return {
        split: [
            (data.series[int(data.starts[w]) // length], pd.Timestamp(data.times.ravel()[data.starts[w]]))
            for w in getattr(data, split)
        ]
        for split in ("train", "val", "test")
    }


def usable(drawn: Drawn) -> dict[str, list[tuple[str, pd.Timestamp]]]:
    """Return the expected windows; another table is drawn where a split has none."""
    windows = expected_windows(drawn)
    assume(windows["train"])
    assume(windows["val"] or not drawn.val)
    assume(windows["test"] or not drawn.test)
    raw = raw_series(drawn)
    for shop in {shop for shop, _ in windows["train"]}:  # else there is nothing to scale or to learn
        targets = [
            raw[shop].loc[day:].iloc[drawn.window :][: drawn.horizon] for s, day in windows["train"] if s == shop
        ]
        assume(pd.concat(targets).notna().any())
    return windows


@settings(max_examples=40, deadline=None, suppress_health_check=ONE_FIXTURE)
@given(tables())
def test_windows_lie_in_one_series_and_on_one_side_of_the_cut(drawn: Drawn) -> None:
    windows = usable(drawn)
    data = loaded(drawn)
    assert received_windows(data) == windows
    raw = raw_series(drawn)
    for split in ("train", "val", "test"):
        indices = getattr(data, split)
        for (shop, day), inputs, targets in zip(
            windows[split], data.window_inputs(indices), data.window_targets(indices), strict=True
        ):
            values = raw[shop].loc[day:].iloc[: drawn.window + drawn.horizon]
            assert ((values.index[1:] - values.index[:-1]) == DAY).all()
            filled = raw[shop].ffill().loc[day:].iloc[: drawn.window]
            np.testing.assert_array_equal(inputs[:, 0], filled.to_numpy())
            np.testing.assert_array_equal(targets[:, 0], values.iloc[drawn.window :].to_numpy())
    if drawn.by_date and windows["test"]:
        first = min(day for _, day in windows["test"]) + (drawn.window if drawn.context == "reach_back" else 0) * DAY
        assert all(day + (drawn.window + drawn.horizon - 1) * DAY < first for _, day in windows["train"])


@settings(max_examples=30, deadline=None, suppress_health_check=ONE_FIXTURE)
@given(tables(), st.booleans())
def test_a_scaler_knows_the_training_windows_of_its_series_only(drawn: Drawn, each: bool) -> None:
    windows = usable(drawn)
    data = loaded(drawn, scale_each=each)
    chosen = ArraySettings(series="shop", scale_each=each)
    scalers, raw = Scalers.fit(data, chosen), raw_series(drawn)
    covered: dict[str, set[pd.Timestamp]] = {shop: set() for shop in data.series}
    for shop, day in windows["train"]:
        covered[shop] |= {day + i * pd.Timedelta(days=1) for i in range(drawn.window + drawn.horizon)}
    values = [raw[shop].ffill().loc[sorted(days)].to_numpy() for shop, days in covered.items()]
    values = values if each else [np.concatenate(values)]
    mean, scale = np.array([v.mean() for v in values]), np.array([v.std() or 1.0 for v in values])
    np.testing.assert_allclose(np.atleast_2d(scalers.inputs.mean)[:, 0], mean, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(np.atleast_2d(scalers.inputs.scale)[:, 0], scale, rtol=1e-9)
    scaled = scalers.apply(data)
    for n, shop in enumerate(data.series):
        own = raw[shop].ffill().to_numpy()
        i = n if each else 0
        expected = ((own - mean[i]) / scale[i]).astype(np.float32)
        np.testing.assert_allclose(scaled.inputs[n, : len(own), 0], expected, rtol=1e-5, atol=1e-5)


@settings(max_examples=30, deadline=None, suppress_health_check=ONE_FIXTURE)
@given(tables(), st.sampled_from([0, 2, 3]))
def test_baselines_know_the_past_of_their_series_only(drawn: Drawn, period: int) -> None:
    windows = usable(drawn)
    assume(windows["test"])
    data = loaded(drawn, period=period)
    raw = raw_series(drawn)
    assume(any(raw[s].loc[d:].iloc[drawn.window :][: drawn.horizon].notna().any() for s, d in windows["test"]))
    errors: dict[str, list[float]] = {"last_value": [], "training_mean": [], "seasonal_last_value": [], "drift": []}
    total = drawn.window + drawn.horizon
    for shop in data.series:
        own, filled = raw[shop], raw[shop].ffill().to_numpy()
        trained = [own.loc[day:].iloc[drawn.window : total] for s, day in windows["train"] if s == shop]
        mean = pd.concat(trained).mean()
        starts = [own.index.get_loc(day) for s, day in windows["test"] if s == shop]
        for begin in starts:
            first = begin + drawn.window
            for h in range(drawn.horizon):
                truth = own.iloc[first + h]
                if np.isnan(truth):
                    continue
                errors["last_value"].append(truth - filled[first - 1])
                errors["training_mean"].append(truth - mean)
                slope = (filled[first - 1] - filled[0]) / max(first - 1, 1)
                errors["drift"].append(truth - filled[first - 1] - (h + 1) * slope)
                if data.period:
                    seasons = -(-(h + 1) // data.period)
                    earliest = starts[0] + drawn.window - -(-1 // data.period) * data.period
                    lowest = min(
                        starts[0] + drawn.window + k - -(-(k + 1) // data.period) * data.period
                        for k in range(drawn.horizon)
                    )
                    assert lowest <= earliest
                    season = filled[first + h - seasons * data.period] if lowest >= 0 else filled[first - 1]
                    errors["seasonal_last_value"].append(truth - season)
    received = evaluate_baselines(data, data.test)
    for name, metrics in received.items():
        assert metrics["rmse"] == pytest.approx(np.sqrt(np.mean(np.square(errors[name]))), rel=1e-9)
        assert metrics["mae"] == pytest.approx(np.mean(np.abs(errors[name])), rel=1e-9)
    assert {"last_value", "drift", "training_mean"} <= set(received)


# -- a training --------------------------------------------------------------------------------------------------------


def shops(lengths: dict[str, int], seed: int = 0) -> pd.DataFrame:
    """Return a table of shops below each other whose sales differ in size."""
    rng = np.random.default_rng(seed)
    parts = []
    for i, (name, length) in enumerate(lengths.items()):
        days = pd.date_range("2024-01-01", periods=length)
        sales = 10.0 ** (i + 1) * (5 + np.sin(np.arange(length) * 2 * np.pi / 7) + rng.normal(size=length) / 10)
        parts.append(pd.DataFrame({"day": days, "shop": name, "sales": sales}))
    return pd.concat(parts, ignore_index=True)


SHOPS = shops({"B": 60, "A": 50, "C": 40})
SETTINGS = {"series": "shop", "target": "sales", "window": 7, "horizon": 2, "epochs": 2, "units": 4, "save": False}


@pytest.fixture(scope="module", params=[True, False], ids=["scaled each, reach back", "scaled together, inside"])
def run(request: pytest.FixtureRequest) -> rs.Run:
    context = "reach_back" if request.param else "inside"
    with without_xla():
        return rs.train(SHOPS, verbose=0, scale_each=request.param, test_fraction=0.4, test_context=context, **SETTINGS)


def test_metrics_are_those_of_the_predictions_of_each_series(run: rs.Run) -> None:
    cut = pd.Timestamp("2024-01-01") + pd.Timedelta(days=36)
    errors = {}
    predicted = dict(zip("ABC", run.predict(SHOPS), strict=True))
    for shop, rows in SHOPS.groupby("shop"):
        sales, days = rows["sales"].to_numpy(), rows["day"].to_numpy()
        first = 7 if run.info.test_context == "reach_back" else 0  # the row that must lie in the test set
        starts = [i for i in range(len(sales) - 8) if days[i + first] >= cut]
        truth = np.array([sales[i + 7 : i + 9] for i in starts])
        if len(starts):
            errors[shop] = predicted[str(shop)][starts] - truth
    has_c = run.info.test_context == "reach_back"  # its 4 rows after the cut are too few for a window
    assert set(errors) == ({"A", "B", "C"} if has_c else {"A", "B"})
    every = np.concatenate(list(errors.values()))
    assert run.metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean(every**2)), rel=1e-4)
    table = run.by_series.set_index("series")
    assert table.loc["C", "windows"] == (3 if has_c else 0)
    assert np.isnan(table.loc["C", "test_rmse"]) != has_c
    for shop, of_shop in errors.items():
        assert table.loc[shop, "windows"] == len(of_shop)
        assert table.loc[shop, "test_rmse"] == pytest.approx(np.sqrt(np.mean(of_shop**2)), rel=1e-4)
        assert table.loc[shop, "test_mae"] == pytest.approx(np.mean(np.abs(of_shop)), rel=1e-4)
    assert any("no window of 1 series: 'C'" in warning for warning in run.warnings) != has_c


def test_a_forecast_continues_each_series_from_its_own_end(run: rs.Run) -> None:
    forecast, table = run.forecast(4), run.forecast_table(4)
    assert run.info.series == ("A", "B", "C")
    for n, shop in enumerate(run.info.series):
        rows = SHOPS[SHOPS["shop"] == shop]
        last, sales = rows["day"].iloc[-1], list(rows["sales"].iloc[-7:])
        for _ in range(2):
            window = pd.DataFrame({"shop": shop, "sales": sales[-7:]})
            sales += list(run.predict(window)[0].ravel())
        np.testing.assert_allclose(forecast[n], sales[7:], rtol=1e-4)
        own = table[table["series"] == shop]
        assert own["time"].tolist() == [last + pd.Timedelta(days=i) for i in range(1, 5)]
        np.testing.assert_array_equal(own["sales"], forecast[n])


def test_the_table_of_predictions_names_the_series(run: rs.Run) -> None:
    table = run.plot_table()
    columns = ["series", "step", "time", "split", "truth", "one_step", "naive", "free", "multi_step"]
    assert list(table.columns) == columns
    for shop, rows in SHOPS.groupby("shop"):
        own = table[(table["series"] == shop) & (table["split"] != "")].reset_index(drop=True)
        np.testing.assert_array_equal(own["time"], rows["day"])
        np.testing.assert_allclose(own["truth"], rows["sales"])
        known = own["one_step"].notna()
        np.testing.assert_allclose(own["naive"][known], own["truth"].shift(1)[known])
        assert set(own["split"][own["time"] < pd.Timestamp("2024-02-06")]) == {"train"}
        one_step = dict(zip("ABC", run.predict(SHOPS), strict=True))[str(shop)][:, 0]
        at = np.flatnonzero(known)
        np.testing.assert_allclose(own["one_step"][known], one_step[at - 7], rtol=1e-4)


def test_each_series_has_a_free_running_and_a_multi_step_forecast_from_its_held_out_set_on(run: rs.Run) -> None:
    table = run.plot_table()
    of_c = 36 if run.info.test_context == "reach_back" else 40  # inside, it has no window in the test set
    for shop, begin, end in (("A", 36, 50), ("B", 36, 60), ("C", of_c, 40)):
        own = table[table["series"] == shop].set_index("step")
        free = own["free"].dropna()
        assert free.index.tolist() == list(range(begin, max(end, begin + 20)))
        np.testing.assert_allclose(free, run.forecast(len(free), start=begin, series=shop), rtol=1e-5)
        assert own["multi_step"].dropna().index.tolist() == [begin, begin + 1]
        np.testing.assert_allclose(own["multi_step"].dropna(), free.iloc[:2], rtol=1e-6)
        days = pd.date_range("2024-01-01", periods=len(own))
        assert own["time"].tolist() == list(days[own.index])


def test_one_of_several_series_is_forecast_by_its_name(run: rs.Run) -> None:
    every, table = run.forecast(5), run.forecast_table(5, 20, "B")
    for n, shop in enumerate("ABC"):
        np.testing.assert_allclose(run.forecast(5, series=shop), every[n], rtol=1e-6)
    assert table["series"].tolist() == ["B"] * 5
    assert table["time"].tolist() == list(pd.date_range("2024-01-21", periods=5))
    sales = list(SHOPS[SHOPS["shop"] == "B"]["sales"][:20])
    for _ in range(3):
        sales += list(run.predict(np.array(sales[-7:]), series="B").ravel())
    np.testing.assert_allclose(table["sales"], sales[20:25], rtol=1e-4)
    with pytest.raises(SettingError, match=r"start counts the steps of one series.*Choose one of them with series"):
        run.forecast(5, start=20)
    with pytest.raises(UnknownNameError, match="There is no series called 'D'"):
        run.forecast(5, series="D")
    with pytest.raises(SettingError, match=r"start must be .*7.*40"):
        run.forecast(5, start=41, series="C")


def test_values_without_a_column_of_series_are_those_of_the_series_named(run: rs.Run) -> None:
    for n, shop in enumerate("ABC"):
        rows = SHOPS[SHOPS["shop"] == shop]
        expected = run.predict(SHOPS)[n]
        for x in (rows["sales"].to_numpy(), rows[["sales"]], rows[["day", "sales"]]):
            np.testing.assert_array_equal(run.predict(x, series=shop), expected)
    with pytest.raises(UnknownNameError, match="There is no series called 'D'"):
        run.predict(SHOPS[["sales"]], series="D")
    commas = SHOPS.assign(sales=[repr(sales).replace(".", ",") for sales in SHOPS["sales"].tolist()])
    for one, other in zip(run.predict(commas, decimal_mark="comma"), run.predict(SHOPS), strict=True):
        np.testing.assert_array_equal(one, other)
    alone = rs.train(np.arange(40.0), window=5, units=2, updates=1, verbose=0, save=False)
    for call in (alone.predict, lambda x, series: alone.forecast(3, series=series)):
        with pytest.raises(SettingError, match="series names one of several series, and this run has one"):
            call(np.arange(10.0), series="A")


@pytest.mark.timeout(600)  # six trainings without XLA, on a busy machine
@settings(max_examples=6, deadline=None, suppress_health_check=ONE_FIXTURE)
@given(tables(), st.sampled_from(["past", "mask"]), st.booleans())
def test_a_forecast_of_all_series_is_that_of_each(drawn: Drawn, missing: str, each: bool) -> None:
    windows = usable(drawn)
    assume(len({shop for shop, _ in windows["train"]}) > 1)
    chosen = {"series": "shop", "target": "sales", "window": drawn.window, "horizon": drawn.horizon, "max_gap": 100}
    chosen |= {"stride": drawn.stride, "test_fraction": drawn.test, "val_fraction": drawn.val, "missing": missing}
    chosen |= {"units": 2, "updates": 1, "verbose": 0, "save": False, "scale_each": each}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        split_by = "date" if drawn.by_date else "share"
        run = rs.train(drawn.frame, split_by=split_by, test_context=drawn.context, **chosen)
    every, table = run.forecast(7), run.plot_table()
    for n, shop in enumerate(run.info.series):
        np.testing.assert_allclose(every[n], run.forecast(7, series=shop), rtol=1e-5)
        free = table[table["series"] == shop].set_index("step")["free"].dropna()
        expected = run.forecast(len(free), start=int(free.index[0]), series=shop)
        np.testing.assert_allclose(free, expected, rtol=1e-4, atol=1e-6)


def test_a_saved_run_is_the_same_run(run: rs.Run, tmp_path: Path) -> None:
    again = rs.load(run.save(tmp_path / "run"))
    pd.testing.assert_frame_equal(again.by_series, run.by_series)
    pd.testing.assert_frame_equal(again.plot_table(), run.plot_table())
    np.testing.assert_array_equal(again.forecast(3), run.forecast(3))
    for one, other in zip(again.predict(SHOPS), run.predict(SHOPS), strict=True):
        np.testing.assert_array_equal(one, other)
    assert again.summary()["by_series"] == run.summary()["by_series"]


def test_an_unknown_series_is_predicted_only_where_all_have_one_scale(run: rs.Run) -> None:
    new = SHOPS[SHOPS["shop"] == "A"].assign(shop="D")
    if run.scalers.inputs.mean.ndim == 1:
        np.testing.assert_array_equal(run.predict(new)[0], run.predict(SHOPS[SHOPS["shop"] == "A"])[0])
        return
    with pytest.raises(DataError, match=r"not trained on the series 'D'.*scale_each false"):
        run.predict(new)
    with pytest.raises(DataError, match=r"no column 'shop'.* series set to its name"):
        run.predict(new[["sales"]])


def test_one_series_by_name_is_the_same_training_as_one_series() -> None:
    alone = SHOPS[SHOPS["shop"] == "A"]
    named = rs.train(alone, verbose=0, **SETTINGS)
    plain = rs.train(alone, verbose=0, **{**SETTINGS, "series": ""})
    assert named.metrics == plain.metrics
    assert named.baseline == plain.baseline
    np.testing.assert_array_equal(named.record.loss.values, plain.record.loss.values)
    np.testing.assert_array_equal(named.forecast(5)[0], plain.forecast(5))


@pytest.mark.parametrize(("task", "context"), [("regress", "reach_back"), ("label", "inside")])
def test_other_tasks_have_windows_in_one_series_too(task: str, context: str) -> None:
    frame = SHOPS.assign(state=np.where(SHOPS["sales"] % 2 > 1, "high", "low"), temp=np.arange(len(SHOPS)) % 5.0)
    target = "state" if task == "label" else "sales"
    settings = {**SETTINGS, "task": task, "target": target, "features": "temp", "horizon": 1, "val_fraction": 0.2}
    run = rs.train(frame, verbose=0, test_context=context, **settings)
    data = run.data()
    length = data.inputs.shape[1]
    for window in range(len(data.starts)):
        n, begin = divmod(int(data.starts[window]), length)
        rows = frame[frame["shop"] == data.series[n]].iloc[begin : begin + 7]
        (targets,) = data.window_targets(np.array([window], np.int32))
        expected = rows[target].map({"high": 0, "low": 1}) if task == "label" else rows["sales"]
        is_held_out = context == "reach_back" and window >= len(data.train)  # the last row of the window counts
        np.testing.assert_array_equal(targets.ravel(), expected.iloc[-1:] if is_held_out else expected)
        np.testing.assert_array_equal(data.window_inputs(np.array([window], np.int32))[0, :, 0], rows["temp"])
    assert run.by_series["windows"].sum() == len(data.test)
    assert run.by_series["skill"].notna().any()


# -- questions and refusals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", ["shop", "shop,item"])
def test_a_table_with_several_series_is_asked_about(tmp_path: Path, columns: str) -> None:
    frame = SHOPS
    if columns == "shop,item":
        frame = pd.concat([SHOPS.assign(item="tea"), SHOPS.assign(item="milk")], ignore_index=True)
    file = tmp_path / "shops.csv"
    frame.to_csv(file, index=False)
    named = columns.replace(",", ", ")
    with pytest.raises(SettingError, match=f"Set series to {named} .* or none") as caught:
        rs.train(file, verbose=0, save=False)
    assert caught.value.field == "series"
    account = rs.inspect(file)
    assert account.series == named
    assert account.target == "sales"
    assert [question.setting for question in account.questions] == ["series"]
    assert not rs.inspect(file, series=columns).questions
    experiment = rs.experiment(file, series=columns, window=7, updates=1)
    data = rs.train(experiment, verbose=0, save=False).data()
    assert len(data.series) == (3 if columns == "shop" else 6)
    assert "A" in data.series or "A, milk" in data.series


def test_rows_that_are_one_series_are_read_in_the_order_of_the_file() -> None:
    settings = ArraySettings(series="none", target="sales", window=7)
    data = from_arrays(SHOPS, None, settings, 0)
    assert data.series == ()
    np.testing.assert_array_equal(data.inputs[0, :, 0], SHOPS["sales"])


def test_series_that_are_too_short_are_left_out_and_named() -> None:
    frame = shops({"long": 40, "short": 6, "late": 12})
    frame.loc[frame["shop"] == "late", "day"] += pd.Timedelta(days=25)
    settings = ArraySettings(series="shop", target="sales", window=7, horizon=2, test_fraction=0.25)
    data = from_arrays(frame, None, settings, 0)
    assert data.series == ("long",)
    assert any(
        "2 of 3 series are left out: a window of 7 steps takes 9 samples" in note
        and "'late' (12)" in note
        and "'short' (6)" in note
        for note in data.notes
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"window": 60}, "none of the 3 series of column 'shop' has as many .* the longest has 60"),
        ({"series": "store"}, "no column 'store'"),
        ({"series": "sales"}, "series names the column 'sales', which is also"),
        (
            {"test_fraction": 0.05, "test_context": "inside"},
            "test_fraction 0.05: the test set of no series holds a window",
        ),
        (
            {"test_fraction": 0.05, "horizon": 4},
            r"test_fraction 0.05: the test set of no series holds the targets of a window, which take 4 samples\. .* "
            "or a smaller horizon",
        ),
        (
            {"stateful": True, "task": "regress", "horizon": 1},
            "stateful needs one long series; these data are 3 series",
        ),
        ({"sequence": "shop", "task": "classify"}, "series and sequence exclude each other"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises((DataError, SettingError), match=message):
        rs.train(SHOPS, verbose=0, **{**SETTINGS, **changes})


def test_a_row_without_a_series_is_refused() -> None:
    frame = SHOPS.assign(shop=SHOPS["shop"].where(SHOPS.index != 70))
    with pytest.raises(DataError, match=r"row 71, column 'shop': the name of a series is expected"):
        from_arrays(frame, None, ArraySettings(series="shop", target="sales", window=7), 0)


def test_arrays_have_no_column_of_series() -> None:
    with pytest.raises(SettingError, match="series names a column of a data frame"):
        rs.train(np.arange(50.0), series="shop", verbose=0, save=False)


def test_a_long_gap_names_its_series() -> None:
    frame = SHOPS[~((SHOPS["shop"] == "A") & SHOPS["day"].between("2024-01-10", "2024-01-25"))]
    with pytest.raises(SettingError, match=r"Series 'A' of x has no values for 16 steps"):
        rs.train(frame, verbose=0, **SETTINGS)


def test_masks_are_the_same_features_in_every_series() -> None:
    frame = SHOPS.assign(sales=SHOPS["sales"].where(~SHOPS.index.isin([70, 71])))
    settings = ArraySettings(series="shop", target="sales", window=7, missing="mask")
    data = from_arrays(frame, None, settings, 0)
    assert data.features == ("sales", "sales observed", "sales steps since observed")
    n = data.series.index("A")
    assert data.inputs[n, 10:12, 1:].tolist() == [[0, 1], [0, 2]]
    others = np.delete(data.inputs, n, axis=0)[:, :40]
    np.testing.assert_array_equal(others[..., 1], 1)
    np.testing.assert_array_equal(others[..., 2], 0)


@pytest.mark.filterwarnings("ignore:The rows are not in order")
def test_predict_takes_what_a_data_frame_leaves_open_and_no_other_setting() -> None:
    days = pd.date_range("2024-01-01", periods=60)
    values = 5 + np.sin(np.arange(60.0))
    run = rs.train(pd.DataFrame({"day": days, "x": values}), window=5, units=2, updates=1, verbose=0, save=False)
    rows = np.random.default_rng(0).permutation(12)
    frame = pd.DataFrame({"day": days[:12].strftime("%d/%m/%Y"), "x": values[:12]}).iloc[rows]
    with pytest.raises(SettingError, match="Set date_order to day_first"):
        run.predict(frame)
    np.testing.assert_array_equal(run.predict(frame, date_order="day_first"), run.predict(values[:12]))
    ascending = frame.sort_values("day")
    np.testing.assert_array_equal(run.predict(ascending, time="none"), run.predict(values[:12]))
    with pytest.raises(SettingError, match=r"predict takes the settings of reading time, .*; received decimal\."):
        run.predict(frame, decimal="comma")
    with pytest.raises(SettingError, match="for a data frame; received date_order for ndarray"):
        run.predict(values, date_order="day_first")
    with pytest.raises(SettingError, match="date_order"):
        run.predict(frame, date_order="american")


def test_a_series_whose_first_steps_ahead_are_not_known_is_drawn_without_a_forecast() -> None:
    """Its plan begins before its validation set does, so that its free-running forecast has no step."""
    from rnnstudio.core.predictions import SeveralSeriesPredictions

    rows = np.arange(6.0)
    predictions = SeveralSeriesPredictions(
        series=np.repeat(np.arange(2, dtype=np.int32), 3), step=np.tile(np.arange(3), 2), truth=rows, one_step=rows,
        val_begin=np.array([1, 2]), test_begin=np.array([2, 2]), free_series=np.array([1], np.int32),
        free_at=np.array([2]), free=np.array([5.0]), multi_step=np.array([[np.nan, np.nan], [5.0, 6.0]]),
    )  # fmt: skip
    assert predictions.one(0).multi_step_at.tolist() == [1, 2]
    assert predictions.one(1).multi_step_at.tolist() == [2, 3]
