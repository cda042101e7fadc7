"""A plan is matched with the steps of a forecast by its times, from a file, a data frame, or in order without times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import rnnstudio as rs
from rnnstudio.cli.main import studio
from rnnstudio.core.errors import DataError, SettingError

pytestmark = pytest.mark.usefixtures("uncompiled")
SMALL: dict[str, Any] = {"units": 4, "updates": 3, "window": 6, "verbose": 0, "task": "forecast", "horizon": 3}


def sales(rows: int = 80, begin: str = "2024-01-01") -> pd.DataFrame:
    n = np.arange(rows)
    promo = (n % 7 == 0) * 1
    days = pd.date_range(begin, periods=rows)
    return pd.DataFrame({"day": days, "sales": 50 + 9 * np.sin(n / 3) + 20 * promo, "promo": promo})


@pytest.fixture(scope="module")
def run() -> rs.Run:
    return rs.train(sales(), target="sales", known="promo", save=False, **SMALL)


def plan(steps: int) -> pd.DataFrame:
    """Return a plan that begins ten days before the steps and is not in order."""
    days = pd.date_range("2024-03-11", periods=10 + steps)
    frame = pd.DataFrame({"day": days, "promo": (np.arange(10 + steps) % 3 == 0) * 1})
    return frame.sample(frac=1, random_state=0)


@pytest.mark.parametrize("steps", [2, 3, 8])
def test_rows_are_those_of_the_steps_whatever_others_there_are(run: rs.Run, steps: int, tmp_path: Path) -> None:
    own = plan(steps).sort_values("day")["promo"].to_numpy()[-steps:]
    expected = run.forecast(steps, known=own)
    np.testing.assert_array_equal(run.forecast(steps, known=plan(steps)), expected)
    plan(steps).to_csv(tmp_path / "plan.csv", index=False)
    np.testing.assert_array_equal(run.forecast(steps, known=tmp_path / "plan.csv"), expected)
    without_times = pd.DataFrame({"promo": own})
    np.testing.assert_array_equal(run.forecast(steps, known=without_times), expected)
    assert not np.allclose(run.forecast(steps, known=1 - own), expected)


def test_a_plan_of_other_days_or_without_a_column_is_refused(run: rs.Run) -> None:
    with pytest.raises(DataError, match="no row of the steps from 2024-03-21 to 2024-03-22"):
        run.forecast(2, known=plan(3).assign(day=lambda t: t["day"] - pd.Timedelta(days=400)))
    with pytest.raises(DataError, match="must have the columns that are known ahead, promo"):
        run.forecast(2, known=plan(3).rename(columns={"promo": "weather"}))
    with pytest.raises(SettingError, match="'promo' is not known at step 3"):
        run.forecast(3, known=plan(2))


def test_each_series_has_its_own_rows() -> None:
    both = pd.concat([sales(60).assign(shop="north"), sales(50).assign(shop="south")], ignore_index=True)
    run = rs.train(both, target="sales", known="promo", series="shop", save=False, **SMALL)
    plans = pd.concat([sales(70)[-10:].assign(shop="north"), sales(60)[-12:].assign(shop="south", promo=1)])
    known = np.stack([sales(70)["promo"].to_numpy()[60:64, None], np.ones((4, 1))])
    np.testing.assert_array_equal(run.forecast(4, known=plans[["day", "shop", "promo"]]), run.forecast(4, known=known))


def test_the_command_line_reads_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNSTUDIO_HOME", str(tmp_path))
    sales().to_csv(tmp_path / "sales.csv", index=False)
    plan(5).to_csv(tmp_path / "plan.csv", index=False)
    run = rs.train(tmp_path / "sales.csv", target="sales", known="promo", **SMALL)
    out = tmp_path / "next.csv"
    line = ["forecast", "latest", "--steps", "5", "--known", str(tmp_path / "plan.csv"), "-o", str(out)]
    result = CliRunner().invoke(studio, line)
    assert result.exit_code == 0, result.output
    np.testing.assert_allclose(pd.read_csv(out)["sales"], run.forecast(5, known=plan(5)), rtol=1e-6)


@pytest.fixture(scope="module")
def run_with_events() -> rs.Run:
    events = np.where(np.arange(80) % 9 == 0, "fair", np.where(np.arange(80) % 11 == 0, "7", ""))
    table = sales().drop(columns="promo").assign(event=events)
    return rs.train(table, target="sales", known="event", save=False, calendar=False, **SMALL)


@pytest.mark.parametrize(
    "cells", [["", "fair", ""], ["", "", ""], ["7", "", "7"], [7, 7, 7], [None, None, "fair"], [None, None, None]]
)
def test_an_empty_cell_of_a_column_of_text_is_no_event_and_few_rows_decide_nothing(
    run_with_events: rs.Run, cells: list[Any], tmp_path: Path
) -> None:
    """A plan has few rows: without an event its column is empty, and with the event 7 it could hold numbers."""
    names = [name.removeprefix("event=") for name in run_with_events.info.known]
    texts = ["" if cell is None else str(cell) for cell in cells]
    expected = run_with_events.forecast(3, known=[[float(text == name) for name in names] for text in texts])
    table = pd.DataFrame({"day": pd.date_range("2024-03-21", periods=3), "event": cells})
    np.testing.assert_array_equal(run_with_events.forecast(3, known=table), expected)
    table.to_csv(tmp_path / "plan.csv", index=False)
    np.testing.assert_array_equal(run_with_events.forecast(3, known=tmp_path / "plan.csv"), expected)


def test_new_data_without_any_event_are_continued(run_with_events: rs.Run, tmp_path: Path) -> None:
    newer = sales(40, "2024-06-01").drop(columns="promo").assign(event="")
    newer.loc[37:, "sales"] = np.nan
    newer.to_csv(tmp_path / "newer.csv", index=False)
    received = run_with_events.forecast(3, input=tmp_path / "newer.csv")
    fair = newer.assign(event=["fair", *[""] * 39])  # far before the window
    np.testing.assert_array_equal(received, run_with_events.forecast(3, input=fair))


def test_an_event_that_the_training_does_not_have_is_said(run_with_events: rs.Run) -> None:
    with pytest.warns(UserWarning, match="The training set has no 'party' in column 'event'; 1 row"):
        run_with_events.forecast(3, known=pd.DataFrame({"event": ["", "party", "fair"]}))


def test_yes_and_no_in_a_plan_may_be_written_in_any_way(tmp_path: Path) -> None:
    words = sales().assign(promo=np.where(sales()["promo"] == 1, "Ja", "nein"))
    run = rs.train(words, target="sales", known="promo", save=False, **SMALL)
    expected = run.forecast(4, known=[1, 0, 1, 0])
    days = pd.date_range("2024-03-21", periods=4)
    for spelled in (
        ["Ja", "nein", "JA", "Nein"],
        ["yes", "no", "Yes", "NO"],
        [1, 0, 1, 0],
        ["ja", "nein", "ja", "nein"],
    ):
        frame = pd.DataFrame({"day": days, "promo": spelled})
        np.testing.assert_array_equal(run.forecast(4, known=frame), expected)
    frame = pd.DataFrame({"day": days, "promo": ["x", None, "x", None]})
    frame.to_csv(tmp_path / "plan.csv", index=False)
    expected_words = r"column 'promo': this run was trained on numbers there, or on yes and no, .* received 'x'\. Write"
    with pytest.raises(DataError, match=expected_words):
        run.forecast(4, known=tmp_path / "plan.csv")
