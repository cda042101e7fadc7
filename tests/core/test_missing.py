"""Missing values: filled from the past only, cut at the ends, dropped or refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnstudio.core.errors import DataError, RnnStudioError, SettingError
from rnnstudio.core.imputation import ImputedSeries, impute_sequences, impute_series
from rnnstudio.core.missing import Missing, MissingRule, mask_names

FINITE = st.floats(-(2.0**99), 2.0**99, width=32)
SERIES = arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=FINITE | st.just(np.nan))


def impute(values: Any, how: Missing, max_gap: int = 100) -> ImputedSeries:
    return impute_series(np.asarray(values), MissingRule(how, max_gap), lambda i, j: f"row {i}, column {j}", "x")


@given(SERIES, st.sampled_from(["past", "drop", "interpolate"]))
@settings(max_examples=80, deadline=None)
def test_an_imputed_series_has_no_missing_values_and_keeps_all_others(values: Any, how: Missing) -> None:
    try:
        imputed = impute(values, how)
    except RnnStudioError:
        assert np.isnan(values).any()
        return
    assert not np.isnan(imputed.values).any()
    is_known = ~np.isnan(values[imputed.remaining])
    np.testing.assert_array_equal(imputed.values[is_known], values[imputed.remaining][is_known])
    assert bool(imputed.notes) == bool(np.isnan(values).any())


@given(SERIES, SERIES, st.integers(0, 29), st.sampled_from(["past", "mask"]))
@settings(max_examples=150, deadline=None)
def test_no_value_after_a_step_changes_an_input_at_or_before_it(
    values: Any, later: Any, step: int, how: Missing
) -> None:
    width, length = values.shape[1], len(values)
    changed = values.copy()
    # Only values change: which of them are missing decides the further features of `mask`.
    replacement = np.resize(np.nan_to_num(later), (length, width))
    changed[step + 1 :] = np.where(np.isnan(values), np.nan, replacement)[step + 1 :]
    try:
        before, after = impute(values, how), impute(changed, how)
    except RnnStudioError:
        return
    np.testing.assert_array_equal(before.remaining, after.remaining)
    kept = int(before.remaining[: step + 1].sum())
    np.testing.assert_array_equal(before.values[:kept], after.values[:kept])


@given(SERIES, st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_a_step_that_becomes_missing_changes_no_earlier_input(values: Any, max_gap: int) -> None:
    shorter = values.copy()
    shorter[-1] = np.nan
    try:
        whole, cut = impute(values, "past", max_gap), impute(shorter, "past", max_gap)
    except RnnStudioError:
        return
    count = min(len(cut.values), len(whole.values) - bool(whole.remaining[-1]))
    np.testing.assert_array_equal(whole.values[:count], cut.values[:count])


def by_hand(values: Any) -> tuple[Any, Any]:
    """Return values and steps since, filled in a loop."""
    filled, since = np.array(values, float), np.zeros(np.shape(values), int)
    for j in range(filled.shape[1]):
        for i in range(1, len(filled)):
            if np.isnan(filled[i, j]):
                filled[i, j], since[i, j] = filled[i - 1, j], since[i - 1, j] + 1
    return filled, since


@given(SERIES)
@settings(max_examples=80, deadline=None)
def test_mask_adds_whether_a_value_was_observed_and_the_steps_since(values: Any) -> None:
    values[0] = np.nan_to_num(values[0])
    values[-1] = np.nan_to_num(values[-1])
    imputed = impute(values, "mask")
    filled, since = by_hand(values)
    missing = [j for j in range(values.shape[1]) if np.isnan(values[:, j]).any()]
    assert imputed.masked == tuple(missing)
    expected = [filled, *(np.stack([since[:, j] == 0, since[:, j]], axis=1) for j in missing)]
    np.testing.assert_array_equal(imputed.values, np.concatenate(expected, axis=1))
    assert len(mask_names(tuple(map(str, missing)))) == 2 * len(missing)


def test_gaps_at_both_ends_are_cut_and_said() -> None:
    imputed = impute([[np.nan], [np.nan], [1.0], [np.nan], [2.0], [np.nan]], "past")
    assert imputed.values[:, 0].tolist() == [1, 1, 2]
    assert imputed.remaining.tolist() == [False, False, True, True, True, False]
    assert imputed.notes[0].startswith("2 steps at the start and 1 step at the end of x were left out")
    assert imputed.notes[1].startswith(
        "1 missing value of x was filled with the last value before, the first at row 3,"
    )


@pytest.mark.parametrize(("gap", "refused"), [(3, False), (4, True)])
def test_a_gap_longer_than_max_gap_is_refused_with_its_place_and_the_choices(gap: int, refused: bool) -> None:
    values = np.arange(20.0)[:, None]
    values[5 : 5 + gap] = np.nan
    if not refused:
        assert len(impute(values, "past", 3).values) == 20
        return
    with pytest.raises(SettingError, match=r"4 steps in a row, from row 5, column 0 on; .* Set max_gap to 4 .*drop"):
        impute(values, "past", 3)


def test_missing_targets_stay_and_rows_without_any_target_at_the_ends_are_cut() -> None:
    gaps = np.array([True, False, True, False, True])[:, None]
    imputed = impute_series(np.zeros((5, 1)), MissingRule(), lambda i, j: f"{i} {j}", "x", gaps)
    assert imputed.remaining.tolist() == [False, True, True, True, False]
    assert "1 value to predict of x is missing, the first at 2 1; it counts neither" in imputed.notes[1]


def test_missing_values_are_refused_by_error() -> None:
    with pytest.raises(DataError, match=r"x has 2 missing values, the first at row 1, column 0.*past, mask or drop"):
        impute([[1.0], [np.nan], [np.nan]], "error")


def test_sequences_are_filled_and_cut_one_by_one() -> None:
    sequences = [np.array([[np.nan], [1.0], [np.nan]]), np.array([[5.0], [np.nan], [7.0]])]
    imputed = impute_sequences(sequences, MissingRule("past"), lambda n, i, j: f"{n} {i} {j}", "x")
    assert [s[:, 0].tolist() for s in imputed.sequences] == [[1], [5, 5, 7]]
    assert imputed.kept == [slice(1, 2), slice(0, 3)]
    assert imputed.notes[0].startswith("2 steps at the ends of sequences of x were left out")
    assert "1 missing value of x was filled with the last value before, the first at 1 1 0" in imputed.notes[1]
