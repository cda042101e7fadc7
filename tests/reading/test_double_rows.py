"""Rows with the time of another row: copies are left out, others are asked about, and the answer is what is read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.account import Account
from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.table import Table
from rnnstudio.reading.value_columns import frame_table
from tests.properties import quick

DAYS = pd.date_range("2024-01-01", periods=40)


def series() -> pd.DataFrame:
    return pd.DataFrame({"day": DAYS, "sales": np.arange(40.0) ** 1.5, "sky": ["sun", "fog"] * 20})


def with_doubles(rows: list[int], change: float) -> pd.DataFrame:
    """Return a series in which some rows stand once more below it, with other numbers where `change` is not 0."""
    extra = series().iloc[rows].assign(sales=lambda frame: frame["sales"] + change)
    return pd.concat([series(), extra], ignore_index=True)


def account(table: Table) -> Account:
    assert table.account is not None
    return table.account


def read(frame: pd.DataFrame, **options: Any) -> Table:
    return frame_table("shop", frame, ReadOptions(**{"series": "", **options}))


def test_copies_are_left_out_and_said() -> None:
    table = read(with_doubles([7, 3], 0.0))
    assert table.account is not None
    assert table.account.time is not None
    assert table.numbers(["sales"])[:, 0].tolist() == series()["sales"].tolist()
    assert "2 rows repeat another row, the first one row 41, which repeats row 8; they are left out." in (
        table.account.assumed
    )
    assert (table.account.rows, table.account.time.doubles, table.account.questions) == (40, 2, ())


def test_a_file_that_holds_everything_twice_is_read_once() -> None:
    table = read(pd.concat([series(), series()], ignore_index=True))
    assert table.numbers(["sales"])[:, 0].tolist() == series()["sales"].tolist()


def test_rows_that_differ_in_a_running_count_alone_are_no_copies() -> None:
    frame = pd.DataFrame({"day": [*DAYS, DAYS[7]], "visits": np.arange(41)})
    table = read(frame)
    assert [
        (q.setting, "row 41, with the time 2024-01-08 of row 8" in q.sentence) for q in account(table).questions
    ] == [("doubles", True)]
    assert read(frame, doubles="keep").numbers(["visits"])[:, 0].tolist() == [*range(8), 40, *range(8, 40)]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("visits", range(41)), ("Unnamed: 0", range(41)), ("index", range(5, 46)), ("id", range(1, 42))],
)
def test_copies_may_have_another_number_of_the_row_which_is_said(name: str, numbers: range) -> None:
    table = read(with_doubles([7], 0.0).assign(**{name: numbers}))
    assert account(table).column(name).kind == "index"
    assert table.numbers(["sales"])[:, 0].tolist() == series()["sales"].tolist()
    assert account(table).assumed[-1] == (
        f"1 row repeats another row but for column {name}, which only counts rows, the first one row 41, which repeats "
        "row 8; it is left out."
    )


def test_rows_that_differ_in_a_second_column_of_times_are_no_copies() -> None:
    frame = with_doubles([7], 0.0).assign(shipped=pd.date_range("2024-02-01", periods=41, freq="37h"))
    table = read(frame, time="day")
    assert [question.setting for question in account(table).questions] == ["doubles"]


@pytest.mark.parametrize("column", ["sales", "sky"])
def test_other_values_are_asked_about_with_the_rows(column: str) -> None:
    frame = with_doubles([7], 0.0)
    frame.loc[40, column] = 9.0 if column == "sales" else "rain"
    table = read(frame)
    with pytest.raises(SettingError) as caught:
        table.numbers(["sales"])
    assert caught.value.field == "doubles"
    assert str(caught.value) == (
        "1 row has the time of another row in column 'day', but other values: the first one is row 41, with the time "
        "2024-01-08 of row 8. Set doubles to keep (all stay, in the order of the file), first (the first one in the "
        "file), last (the last one in the file) or mean (the mean of their numbers)."
    )


def test_rows_of_one_time_are_reversed_with_the_others_where_the_newest_stand_first() -> None:
    newest_first = with_doubles([7], 1.0)[::-1]
    newest_first = pd.concat([newest_first[:20], newest_first[15:]], ignore_index=True)  # with copies in between
    sales = read(newest_first, doubles="keep").numbers(["sales"])[:, 0]
    one = series()["sales"][7]
    assert [value for value in sales if value in (one, one + 1.0)] == [one, one + 1.0]


@given(
    rows=st.lists(st.integers(0, 39), min_size=1, max_size=8),
    how=st.sampled_from(["keep", "first", "last", "mean"]),
    seed=st.integers(0, 99),
    newest_first=st.booleans(),
)
@quick
def test_the_answer_is_what_pandas_computes(rows: list[int], how: str, seed: int, newest_first: bool) -> None:
    random = np.random.default_rng(seed)
    frame = series().loc[np.sort(random.permutation([*range(40), *rows]))].reset_index(drop=True)
    frame["sales"] += random.normal(size=len(frame))
    frame = frame[::-1].reset_index(drop=True) if newest_first else frame
    groups = frame.groupby("day", sort=True)["sales"]
    expected = {"first": groups.first, "last": groups.last, "mean": groups.mean}
    sales = read(frame, doubles=how).numbers(["sales"])[:, 0]
    if how == "keep":
        in_time = frame[::-1] if newest_first else frame
        assert sales.tolist() == in_time.sort_values("day", kind="stable")["sales"].tolist()
    else:
        np.testing.assert_allclose(sales, expected[how]().to_numpy(), rtol=1e-12)


def test_a_mean_counts_known_values_only_and_hides_no_cell_that_is_no_number() -> None:
    frame = with_doubles([7], 4.0).astype({"sales": object})
    frame.loc[7, "sales"] = None
    assert read(frame, doubles="mean").numbers(["sales"])[7, 0] == pytest.approx(7**1.5 + 4.0)
    frame.loc[7, "sales"] = "broken"
    with pytest.raises(Exception, match=r"row 8, column 'sales'.*'broken'"):
        read(frame, doubles="mean").numbers(["sales"])


def test_rows_of_labelled_sequences_are_not_asked_about() -> None:
    account = read(with_doubles([7], 1.0), series=None).account
    assert account is not None
    assert account.questions == ()
    assert "1 row has the time of another row; it is kept." in account.assumed


def test_doubles_are_those_within_a_series() -> None:
    both = pd.concat([series().assign(shop=shop) for shop in "ab"], ignore_index=True)
    extra = both.iloc[[45]].assign(sales=-1.0)
    table = read(pd.concat([both, extra], ignore_index=True), series="shop", doubles="last")
    sales = table.numbers(["sales"])[:, 0]
    assert len(sales) == 80
    assert sales[(table.texts("shop") == "b") & (table.times == np.datetime64("2024-01-06"))].tolist() == [-1.0]


def test_several_series_with_a_few_double_rows_are_found() -> None:
    both = pd.concat([series().assign(shop=shop, sales=series()["sales"] * 2) for shop in "abc"], ignore_index=True)
    extra = both.iloc[[45]].assign(sales=-1.0)
    account = read(pd.concat([both, extra], ignore_index=True)).account
    assert account is not None
    assert {question.setting for question in account.questions} == {"series", "doubles"}


def test_hours_that_have_only_their_day_stay_in_the_order_of_the_file() -> None:
    hours = pd.DataFrame({"day": DAYS.repeat(24).strftime("%Y-%m-%d"), "kW": np.arange(960.0) % 7})
    table = read(hours)
    assert table.numbers(["kW"])[:, 0].tolist() == hours["kW"].tolist()
    newest_first = read(hours[::-1].reset_index(drop=True)).account
    assert newest_first is not None
    assert [question.setting for question in newest_first.questions] == ["doubles"]


@pytest.mark.parametrize("is_apart", [True, False])
def test_a_count_beside_yes_and_no_is_compared_whether_the_clock_has_a_column_of_its_own(is_apart: bool) -> None:
    times = pd.date_range("2024-01-01 08:00", periods=12, freq="h").insert(5, pd.Timestamp("2024-01-01 12:00"))
    stamps = {"day": times.strftime("%Y-%m-%d"), "time": times.strftime("%H:%M")} if is_apart else {"when": times}
    flags = ["yes", "no", "yes", "no", "yes", "yes", *["no"] * 7]
    account = read(pd.DataFrame({"n": range(13), **stamps, "on": flags})).account
    assert account is not None
    assert [question.setting for question in account.questions] == ["doubles"]
