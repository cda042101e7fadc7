"""What holds for all series, tables, windows and scalers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.scaling import Scaler, Scalers
from rnnstudio.core.sequence import SequenceData, flat_steps
from rnnstudio.core.windows import sliding_windows
from rnnstudio.engine.plan import make_plan
from rnnstudio.reading.text_table import read_table

FINITE = st.floats(-1e6, 1e6, width=32)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def cut(draw: st.DrawFn) -> SequenceData:
    steps = draw(st.integers(4, 120))
    series = np.arange(steps, dtype=np.float32)[:, None]
    window = draw(st.integers(1, 12))
    forecast = draw(st.booleans())
    try:
        return sliding_windows(
            series,
            series,
            task="forecast" if forecast else "regress",
            window=window,
            stride=draw(st.integers(0, 8)),
            target_offset=window if forecast else draw(st.integers(0, 3)),
            target_steps=draw(st.integers(1, 5)) if forecast else None,
            test_fraction=draw(st.floats(0, 0.6)),
            val_fraction=draw(st.floats(0, 0.4)),
            leave_out=draw(st.integers(0, 2)),
            autoregressive=True,
        )
    except SettingError as error:  # a part is too short, and the sentence names the setting to change
        assume(error.field not in ("window", "test_fraction", "val_fraction"))
        raise


@given(cut())
@quick
def test_no_window_straddles_two_parts_and_time_only_goes_forward(data: SequenceData) -> None:
    covered = [set(np.flatnonzero(data.covered(part)).tolist()) for part in (data.train, data.val, data.test)]
    for i, one in enumerate(covered):
        for other in covered[i + 1 :]:
            assert not one & other
            assert not one or not other or max(one) < min(other)
    assert len(data.train)
    windows = np.concatenate([data.train, data.val, data.test])
    np.testing.assert_array_equal(windows, np.arange(len(data.starts)))
    # The series counts its own steps, so that values say where they are from.
    np.testing.assert_array_equal(data.window_inputs(windows)[:, 0, 0], data.starts)
    np.testing.assert_array_equal(data.window_targets(windows)[..., 0], data.target_positions(windows))


@given(
    st.integers(8, 200), st.integers(0, 6), st.integers(1, 4), st.integers(0, 2), st.floats(0, 0.5), st.integers(1, 3)
)
@quick
def test_the_window_that_is_advised_is_the_largest_that_trains(
    steps: int, stride: int, ahead: int, leave_out: int, test_fraction: float, frame: int
) -> None:
    series = np.zeros((steps, 1), np.float32)

    def cut_with(window: int) -> SequenceData:
        return sliding_windows(
            series,
            series,
            task="forecast",
            window=window,
            stride=stride,
            frame=frame,
            target_offset=window * frame,
            target_steps=ahead,
            test_fraction=test_fraction,
            leave_out=leave_out,
        )

    with pytest.raises(SettingError) as caught:
        cut_with(steps)
    advised = re.search(r"a window of at most (\d+)", str(caught.value))
    if advised:
        assert len(cut_with(int(advised[1])).train)
    with pytest.raises(SettingError):
        cut_with(int(advised[1]) + 1 if advised else 1)


@given(arrays(np.float32, st.tuples(st.integers(1, 30), st.integers(1, 4)), elements=FINITE))
@quick
def test_scaling_and_back_gives_the_same_numbers(steps: Any) -> None:
    scaler = Scaler.fit(steps)
    scaled = scaler.apply(steps)
    size = np.abs(steps).max(axis=0) + 1e-3
    assert (np.abs(scaler.invert(scaled) - steps) <= 2e-6 * size).all()
    assert np.isfinite(scaled).all()


@given(FINITE, st.integers(1, 200))
@quick
def test_a_constant_feature_becomes_0(value: float, count: int) -> None:
    steps = np.full((count, 1), value, np.float32)
    np.testing.assert_array_equal(Scaler.fit(steps).apply(steps), 0)


@given(cut(), st.sampled_from(["train", "all"]))
@quick
def test_a_scaler_sees_its_part_only(data: SequenceData, part: str) -> None:
    chosen = compose("arrays", {"scale": "standard", "fit_scaler_on": part}).data
    steps = flat_steps(data.inputs)
    seen = steps[data.covered(data.train)] if part == "train" else steps
    found = Scalers.fit(data, chosen).inputs
    np.testing.assert_allclose(found.mean, seen.mean(axis=0, dtype=np.float64))
    np.testing.assert_allclose(found.scale, seen.std(axis=0, dtype=np.float64) or 1.0)


@given(st.integers(1, 60), st.integers(1, 20), st.sampled_from(["shuffle", "sequential"]), st.integers(0, 2**31 - 1))
@quick
def test_every_window_is_seen_once_in_each_pass(count: int, batch: int, order: str, seed: int) -> None:
    assume(batch <= count)
    series = np.zeros((count + 2, 1), np.float32)
    data = sliding_windows(series, series, task="regress", window=3, stride=1)
    settings = {"batch_size": batch, "sampling": order, "seed": seed, "task": "regress", "window": 3}
    plan = make_plan(compose("arrays", settings), data)
    assert plan.updates_per_epoch == -(-count // batch)
    block = next(plan.blocks())
    stream = block.which[: block.count].ravel()
    passes = [stream[i : i + count] for i in range(0, len(stream) - count + 1, count)]
    assert passes
    for one in passes[:20]:
        assert sorted(one) == list(range(count))
        if order == "sequential":
            assert list(one) == list(range(count))
    np.testing.assert_array_equal(block.starts, data.starts[block.which])
    np.testing.assert_array_equal(next(plan.blocks()).which, block.which)


NUMBERS = st.lists(st.floats(-(2.0**99), 2.0**99, width=32), min_size=2, max_size=2)


@given(
    st.lists(NUMBERS, min_size=1, max_size=30),
    st.sampled_from([",", ";", "\t", "|"]),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@quick
def test_a_table_written_and_read_gives_the_same_numbers(
    tmp_path: Path, rows: Any, separator: str, header: bool, end: str, note: bool, encoding: str
) -> None:
    lines = [separator.join(['"first"', "naïve"])] if header else []
    lines += [separator.join(map(repr, row)) for row in rows]
    lines += ["", "Source: a closing note"] if note else []
    file = tmp_path / "table.csv"
    file.write_bytes((end.join(lines) + end).encode(encoding))
    table = read_table(file)
    assert table.columns == (["first", "naïve"] if header else ["column1", "column2"])
    assert table.numeric_columns() == table.columns
    np.testing.assert_array_equal(table.numbers(table.columns), np.array(rows, np.float32))


@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.3, 0.7])
def test_shares_of_the_series_are_not_spoiled_by_rounding(fraction: float) -> None:
    series = np.zeros((100, 1), np.float32)
    data = sliding_windows(series, series, task="regress", window=1, stride=1, test_fraction=fraction)
    assert len(data.test) == round(100 * fraction)


@given(st.integers(2, 300), st.integers(1, 40), st.integers(0, 5))
@quick
def test_an_order_shuffled_once_goes_on_as_the_work_goes_on(windows: int, batch: int, seed: int) -> None:
    assume(batch <= windows)
    chosen = compose("airline", {"window": 1, "sampling": "shuffle_once", "batch_size": batch, "seed": seed})
    series = np.zeros((windows, 1), np.float32)
    data = sliding_windows(series, series, task="regress", window=1, stride=1)
    plan = make_plan(chosen, data)
    drawn = []
    for block in plan.blocks():
        drawn.extend(block.which[: block.count])
        if len(drawn) >= 1500:
            break
    once = np.full(windows, -1)  # the order the windows were shuffled into, as far as the batches show it
    for i, seen in enumerate(drawn):
        begin = i * batch % max(1, windows - batch)
        known = once[begin : begin + batch]
        np.testing.assert_array_equal(np.where(known < 0, seen, known), seen)
        once[begin : begin + batch] = seen
    shown = once[once >= 0]
    assert len(set(shown.tolist())) == len(shown)
    again = next(make_plan(chosen, data).blocks())
    np.testing.assert_array_equal(again.which[0], drawn[0])
