"""What makes tables of many series fast gives what the plain way gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.core.series_windows import OneSeries, Windowing, windows_of_series
from rnnstudio.core.several_series import each_series, one_series, windows_of_each
from rnnstudio.reading.table import Table
from rnnstudio.reading.times.clock import full_clock
from rnnstudio.reading.value_columns import frame_table

TEXTS = st.lists(st.sampled_from(["a", " a ", "", " ", "NA", "None", "1", "1.0", "ä", None]), min_size=1, max_size=30)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_names_are_those_of_each_cell(texts: list[str | None]) -> None:
    expected = ["" if text is None else text.strip() for text in texts]
    for dtype in ("string[pyarrow]", "string[python]", pd.ArrowDtype(pytest.importorskip("pyarrow").string()), object):
        cells = pd.DataFrame({"name": pd.Series(texts, dtype=dtype)})
        assert Table("x", cells, range(len(texts))).texts("name").tolist() == expected


@given(
    st.sampled_from(["ns", "250ms", "s", "30s", "min", "15min", "h", "6h", "D", "3D", "14D"]),
    st.datetimes(pd.Timestamp("1980-01-01"), pd.Timestamp("2030-01-01")),
    st.integers(0, 40),
    st.integers(0, 10**9),
)
@settings(max_examples=100, deadline=None)
def test_the_clock_of_a_fixed_step_is_that_of_pandas(frequency: str, first: object, count: int, rest: int) -> None:
    begin = pd.Timestamp(first)  # type: ignore[arg-type]
    step = pd.tseries.frequencies.to_offset(frequency)
    end = begin + count * pd.Timedelta(step) + pd.Timedelta(rest % pd.Timedelta(step).value, "ns")
    stamps = np.array([begin.as_unit("ns").to_datetime64(), end.as_unit("ns").to_datetime64()])
    np.testing.assert_array_equal(full_clock(stamps, frequency), pd.date_range(*stamps, freq=frequency).to_numpy())


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_each_series_is_the_one_that_is_taken_alone(lengths: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    series = [OneSeries(f"s{i}", rng.normal(size=(n, 1))) for i, n in enumerate([*lengths, 20])]
    data, _ = windows_of_series(series, Windowing(2, 1, 1, 2, 1, 0.2, 0.2, False), "shop", task="forecast")
    windows = rng.permutation(len(data.starts)).astype(np.int32)[: int(rng.integers(0, 30))]
    by_series = windows_of_each(data, windows)
    for n, (own, of_windows) in enumerate(each_series(data, windows)):
        alone = one_series(data, n)
        for name in ("inputs", "targets", "starts", "train", "val", "test"):
            np.testing.assert_array_equal(getattr(own, name), getattr(alone, name))
        expected = [w for w in windows if data.starts[w] // data.inputs.shape[1] == n]
        assert by_series[n].tolist() == expected
        np.testing.assert_array_equal(own.window_inputs(of_windows), data.window_inputs(np.array(expected, np.int32)))
        for split in ("train", "val", "test"):
            np.testing.assert_array_equal(
                own.window_inputs(getattr(own, split)),
                data.window_inputs(windows_of_each(data, getattr(data, split))[n]),
            )


def test_many_series_are_read_within_the_time_of_few_longer_ones() -> None:
    """As many rows in 400 series take at most eight times as long as in four: nothing grows with rows times series."""
    from time import process_time

    from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays

    seconds = {}
    for count in (4, 400):
        rows = 80_000 // count
        frame = pd.DataFrame({
            "day": np.tile(pd.date_range("1960-01-01", periods=rows), count), "sales": np.arange(80_000) % 97.0,
            "shop": np.repeat([f"s{i}" for i in range(count)], rows),
        })  # fmt: skip
        chosen = ArraySettings(series="shop", target="sales", window=10)
        times = []
        for _ in range(2):
            begin = process_time()
            data = from_arrays(frame, None, chosen, 0)
            list(each_series(data, data.test))
            times.append(process_time() - begin)
        seconds[count] = min(times)
        assert len(data.series) == count
    assert seconds[400] < 8 * seconds[4] + 0.5


def test_the_rows_of_series_are_those_of_their_names() -> None:
    from rnnstudio.reading.series.series_columns import tables_of_series

    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"shop": rng.choice(["b", "a", "c"], 60), "a": np.arange(60.0), "note": rng.choice(["x", "7"], 60)}
    )
    frame["a"] = frame["a"].astype(object).where(frame.index != 17, "broken")
    table = frame_table("x", frame)
    parts = tables_of_series(table, ["shop"])
    assert list(parts) == ["a", "b", "c"]
    for name, part in parts.items():
        rows = np.flatnonzero(frame["shop"] == name)
        assert list(part.row_numbers) == (rows + 1).tolist()
        assert part.texts("note").tolist() == frame["note"][rows].tolist()
        assert {part.row_numbers[i]: text for i, text in part.unread.get("a", {}).items()} == (
            {18: "broken"} if 17 in rows else {}
        )
