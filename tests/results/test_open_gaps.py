"""Gaps that a training refuses are open in the account of a file, data frame or sequences, with the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.core.account import Question
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays
from rnnstudio.results.source import experiment_of
from tests.properties import quick


def open_gap(x: Any, **settings: Any) -> Question | None:
    """Return the question about a gap in the account."""
    return next((question for question in rs.inspect(x, **settings).questions if question.setting == "max_gap"), None)


def load(x: Any, **settings: Any) -> None:
    """Load data as a training does."""
    if isinstance(x, Path):
        data = experiment_of(str(x), settings).data
        DATASETS.get(data.dataset).load(data, 0)
    else:
        chosen = compose("arrays", settings).data
        assert isinstance(chosen, ArraySettings)
        from_arrays(x, None, chosen, 0)


def daily(gap: int, kind: str) -> pd.DataFrame:
    """Return 150 days of sales, of which `gap` in a row are empty or have no row."""
    frame = pd.DataFrame(
        {"day": pd.date_range("2024-01-01", periods=150).strftime("%Y-%m-%d"), "sales": np.arange(150.0) ** 1.5}
    )
    if kind == "rows":
        return frame.drop(index=range(50, 50 + gap)).reset_index(drop=True)
    if kind == "cells":
        frame.loc[50 : 49 + gap, "sales"] = np.nan
        return frame
    two = pd.concat([frame.assign(shop="a"), frame.assign(shop="b").drop(index=range(50, 50 + gap))])
    return two.reset_index(drop=True)


@pytest.mark.parametrize("source", ["file", "frame"])
@pytest.mark.parametrize("kind", ["cells", "rows", "one of two series"])
@pytest.mark.parametrize(
    ("gap", "settings"),
    [(10, {}), (11, {}), (30, {}), (30, {"missing": "mask"}), (30, {"max_gap": 30}), (30, {"missing": "drop"})],
)
def test_a_gap_is_open_where_a_training_refuses_it(
    tmp_path: Path, source: str, kind: str, gap: int, settings: dict[str, Any]
) -> None:
    settings = settings | {"window": 3} | ({"series": "shop"} if kind == "one of two series" else {})
    x: Any = daily(gap, kind)
    if source == "file":
        x.to_csv(tmp_path / "a.csv", index=False)
        x = tmp_path / "a.csv"
    else:
        settings |= {"target": "sales"}
    question = open_gap(x, **settings)
    if gap <= settings.get("max_gap", 10) or settings.get("missing") == "drop":
        assert question is None
        load(x, **settings)
        return
    assert question is not None
    assert list(question.choices) == [str(gap)]
    assert f"has no values for {gap} steps in a row, from " in question.sentence
    assert question.sentence.endswith("at most 10 are filled from the past. With missing drop, they are left out.")
    with pytest.raises(SettingError) as refused:
        load(x, **settings)
    assert refused.value.field == "max_gap"
    load(x, **settings | {"max_gap": gap})
    load(x, **settings | {"missing": "drop"})


@pytest.mark.parametrize("source", ["table", "frame", "ts"])
@pytest.mark.parametrize("gap", [10, 11, 25])
def test_gaps_within_sequences_are_open(tmp_path: Path, source: str, gap: int) -> None:
    rows = [
        {"part": part, "x": "" if part == 3 and 5 <= k < 5 + gap else k * (part + 1), "trend": "ab"[part % 2]}
        for part in range(12)
        for k in range(40)
    ]
    frame = pd.DataFrame(rows).replace("", None).astype({"x": float})
    settings = {"sequence": "part", "target": "trend"}
    x: Any = frame
    if source == "frame":
        settings["task"] = "classify"
    elif source == "table":
        x = tmp_path / "a.csv"
        frame.to_csv(x, index=False)
    else:
        x, settings = tmp_path / "a.ts", {}
        lines = [
            ",".join("?" if v != v else f"{v:g}" for v in values["x"]) + f":{values['trend'].iloc[0]}"
            for _, values in frame.groupby("part")
        ]
        x.write_text("@missing true\n@classLabel true a b\n@data\n" + "\n".join(lines) + "\n")
    question = open_gap(x, **settings)
    assert (question is None) == (gap <= 10)
    if question is not None:
        assert list(question.choices) == [str(gap)]
        load(x, **settings, max_gap=gap)


@quick
@given(st.lists(st.booleans(), min_size=30, max_size=80), st.lists(st.booleans(), min_size=80, max_size=80))
def test_the_value_that_is_named_is_the_smallest_that_fills_all_gaps(
    of_sales: list[bool], of_promo: list[bool]
) -> None:
    count = len(of_sales)
    frame = pd.DataFrame({"sales": np.arange(count) ** 1.5, "promo": np.arange(count) % 7.0})
    frame.loc[of_sales, "sales"], frame.loc[of_promo[:count], "promo"] = np.nan, np.nan
    frame.loc[0] = frame.loc[count - 1] = [1.0, 2.0]
    settings = {"target": "sales", "features": "sales,promo", "max_gap": 2, "window": 2, "test_fraction": 0.0}
    longest = max(
        int(gaps.groupby((~gaps).cumsum()).sum().max()) for gaps in (frame[name].isna() for name in ("sales", "promo"))
    )
    question = open_gap(frame, **settings)
    assert (list(question.choices) if question else []) == ([str(longest)] if longest > 2 else [])
