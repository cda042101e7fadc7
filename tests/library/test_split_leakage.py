"""Several series are split without leaks: nothing at or after the held-out dates changes what is learned from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays

FIRST = pd.Timestamp("2024-01-01")
SKIES = ["sun", "rain", "fog", "snow"]


def table(spans: dict[str, tuple[int, int]], seed: int = 0, gaps: bool = False) -> pd.DataFrame:
    """Return series that begin and end at these days, with a number, a text and a value to predict."""
    rng = np.random.default_rng(seed)
    parts = []
    for i, (name, (begin, end)) in enumerate(spans.items()):
        days = FIRST + pd.to_timedelta(np.arange(begin, end), "D")
        size = 10.0 ** (i % 3)
        part = pd.DataFrame({
            "day": days, "shop": name, "heat": size * rng.normal(size=len(days)), "sky": rng.choice(SKIES, len(days)),
            "sales": size * (5 + np.sin(np.arange(begin, end)) + rng.normal(size=len(days)) / 5),
        })  # fmt: skip
        if gaps and len(days) > 12:
            part.loc[[4, 5], "heat"], part.loc[[7], "sales"], part.loc[[9], "sky"] = np.nan, np.nan, None
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    return frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)


SPANS = {
    "equal lengths": {"A": (0, 60), "B": (0, 60)},
    "unequal lengths": {"A": (0, 60), "B": (3, 41), "C": (11, 60), "D": (0, 52)},
    "one begins after the cut": {"A": (0, 60), "B": (0, 60), "late": (50, 60)},
    "one ends before the cut": {"A": (0, 60), "B": (0, 60), "early": (0, 30)},
    "one of a single day": {"A": (0, 60), "B": (0, 60), "one": (59, 60)},
    "short ones after the others": {"A": (0, 60), "B": (0, 60), "s1": (90, 93), "s2": (120, 122)},
}
CHOICES: list[dict[str, Any]] = [
    {"features": "sales"},
    {"features": "sales,heat,sky"},
    {"features": "heat,sky", "task": "regress"},
    {"features": "heat", "task": "label", "target": "sky"},
    {"features": "sales,sky", "missing": "mask"},
    {"features": "sales,sky", "missing": "drop"},
]
TOTAL = 7  # days in a window with its targets


def load(frame: pd.DataFrame, **chosen: Any) -> tuple[SequenceData, ArraySettings]:
    given = {"series": "shop", "target": "sales", "window": 5, "horizon": 2, "test_fraction": 0.2, "val_fraction": 0.15}
    settings = ArraySettings(**{**given, **chosen})
    return from_arrays(frame, None, settings, 0), settings


def held_out_rows(every: pd.DataFrame, by_date: bool, needed: tuple[str, ...] = ()) -> pd.Series:
    """Return which rows are held out, by the days alone: 20 % and 15 % of those of all series that hold a window.

    Rows without a value in a needed column are left out before.
    """
    frame = every.dropna(subset=list(needed))
    sizes = frame.groupby("shop")["day"].agg(lambda days: (days.max() - days.min()).days + 1)
    long = frame[frame["shop"].isin(sizes[sizes >= TOTAL].index)]
    days = sorted(long["day"].unique())
    if by_date:
        return every["day"] >= days[len(days) - int(len(days) * 0.2) - int(len(days) * 0.15)]
    place = frame.groupby("shop")["day"].rank().astype(int) - 1
    size = frame.groupby("shop")["day"].transform("size")
    held_out = place >= size - (size * 0.2).astype(int) - (size * 0.15).astype(int)
    return held_out.reindex(every.index, fill_value=False)


@pytest.mark.parametrize("by_date", [True, False])
@pytest.mark.parametrize("chosen", CHOICES, ids=lambda chosen: " ".join(chosen.values()))
@pytest.mark.parametrize("spans", SPANS)
def test_held_out_rows_change_nothing_that_is_learned_from(spans: str, chosen: dict[str, Any], by_date: bool) -> None:
    frame = table(SPANS[spans], gaps=by_date)
    needed = ("sales", "sky") if chosen.get("missing") == "drop" else ()
    held_out = held_out_rows(frame, by_date, needed)
    changed = frame.copy()
    changed.loc[held_out, ["heat", "sales"]] = frame.loc[held_out, ["heat", "sales"]] * -1000 + 7
    if chosen.get("task") != "label":
        changed.loc[held_out & frame["sky"].notna(), "sky"] = "storm"
    how = {**chosen, "split_by": "date" if by_date else "share"}
    for each in (True, False):
        (one, settings), (other, _) = load(frame, scale_each=each, **how), load(changed, scale_each=each, **how)
        assert one.series == other.series
        assert one.features == other.features
        assert not any("storm" in feature for feature in other.features)
        np.testing.assert_array_equal(one.window_inputs(one.train), other.window_inputs(other.train))
        np.testing.assert_array_equal(one.window_targets(one.train), other.window_targets(other.train))
        for name in ("inputs", "targets"):
            first, second = (getattr(Scalers.fit(data, settings), name) for data in (one, other))
            np.testing.assert_array_equal(first.mean, second.mean)
            np.testing.assert_array_equal(first.scale, second.scale)
        if not chosen.get("task"):
            assert one.period == other.period
        assert not np.array_equal(one.window_inputs(one.test), other.window_inputs(other.test))


@pytest.mark.parametrize("spans", SPANS)
def test_each_series_is_used_or_said(spans: str) -> None:
    frame = table(SPANS[spans])
    data, _ = load(frame, features="sales")
    held_out = held_out_rows(frame, by_date=True)
    notes = " ".join(data.notes)
    for shop, rows in frame.groupby("shop"):
        trained = int((~held_out[rows.index]).sum())
        if trained < TOTAL:
            assert f"'{shop}' ({len(rows)})" in notes
            assert shop not in data.series
        elif not held_out[rows.index].any():
            assert f"The test set has no window of 1 series: '{shop}'." in notes
        else:
            assert shop in data.series
    test = data.times.ravel()[data.target_positions(data.test)]  # type: ignore[union-attr]
    trained_days = data.times.ravel()[data.covered(data.train)]  # type: ignore[union-attr]
    assert test.min() > trained_days.max()


def test_series_that_all_begin_after_the_dates_of_the_others_are_refused_with_what_to_do() -> None:
    with pytest.raises(SettingError, match=r"^window must fit into the training set of a series.*Choose a smaller"):
        load(table({"A": (0, 5), "B": (6, 11)}), features="sales")


@pytest.mark.parametrize(("begin", "end"), [(0, 0), (9, 0), (0, 9), (5, 8)])
@pytest.mark.parametrize("missing", ["past", "drop"])
def test_categories_of_one_series_are_those_of_its_training_rows(begin: int, end: int, missing: str) -> None:
    """Rows that are cut at the ends move the cut between training and test set."""
    frame = table({"A": (0, 60)}).sort_values("day", ignore_index=True)
    frame.loc[: begin - 1, "sales"] = np.nan
    frame.loc[60 - end :, "sales"] = np.nan
    remaining = np.arange(begin, 60 - end)
    trained = remaining[: len(remaining) - int(len(remaining) * 0.2) - int(len(remaining) * 0.15)]
    for row, known in ((trained[-1], True), (trained[-1] + 1, False), (60 - end - 1, False)):
        changed = frame.copy()
        changed.loc[row, "sky"] = "storm"
        data, _ = load(changed, series="", features="sales,sky", missing=missing, max_gap=10)
        assert ("sky=storm" in data.features) is known
        if not known:
            assert any("The training set has no 'storm' in column 'sky'" in note for note in data.notes)
