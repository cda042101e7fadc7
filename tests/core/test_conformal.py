"""Margins of bands: the quantiles of earlier errors, adapted so that bands hold their share of the true values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.conformal import RunningMargins, fewest_errors, margins_of
from tests import reference_bands as reference

LEVELS = [50, 80, 95]


@given(st.integers(0, 60), st.integers(1, 99), st.integers(0, 5))
def test_a_margin_is_the_error_of_the_rank_that_holds_the_level(count, level, missing):
    errors = np.random.default_rng(count).normal(size=(count + missing, 1, 1))
    errors[:missing] = np.nan
    outside = np.array([[1 - level / 100]])
    received = margins_of(errors, outside, [level])[0, 0]
    np.testing.assert_equal(received, reference.margin(errors.ravel().tolist(), 1 - level / 100, level))
    assert np.isnan(received) == (count < fewest_errors(level))


@st.composite
def forecasts(draw):
    """Draw errors of calibration and test windows with their origins, some of them missing."""
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    count, steps, columns = draw(st.integers(0, 60)), draw(st.integers(1, 4)), draw(st.integers(1, 2))
    bands = draw(st.sampled_from([1, len(LEVELS)]))
    before, after = (np.abs(rng.normal(size=(n, steps, bands, columns))) for n in (draw(st.integers(0, 40)), count))
    after *= np.linspace(1, draw(st.sampled_from([0.3, 1.0, 4.0])), count)[:, None, None, None]
    for errors in (before, after):
        errors[rng.random(errors.shape[:2]) < draw(st.sampled_from([0.0, 0.2]))] = np.nan
    return before, after, 5 + draw(st.integers(1, 3)) * np.arange(count)


@given(forecasts(), st.integers(0, 60))
def test_margins_at_each_origin_are_those_of_a_loop_over_the_errors_that_are_known_there(drawn, split):
    before, after, origins = drawn
    running = RunningMargins(LEVELS, before, len(origins))
    split = min(split, len(origins))  # windows may come in several blocks
    parts = [running.of_windows(origins[:split], after[:split]), running.of_windows(origins[split:], after[split:])]
    margins, at_end = np.concatenate(parts), running.at_end()
    for h, level, d in np.ndindex(before.shape[1], len(LEVELS), before.shape[3]):
        own = [errors[:, h, level % errors.shape[2], d].tolist() for errors in (before, after)]
        expected, last = reference.running(*own, origins.tolist(), h + 1, LEVELS[level])
        np.testing.assert_allclose(margins[:, h, level, d], expected, rtol=1e-12)
        np.testing.assert_allclose(at_end[h, level, d], last, rtol=1e-12)


@given(forecasts(), st.integers(0, 59))
def test_no_error_of_a_row_after_its_origin_reaches_a_margin(drawn, first):
    before, after, origins = drawn
    changed = after.copy()
    for i, h in np.ndindex(after.shape[:2]):
        if first < len(origins) and origins[i] + h + 1 > origins[first]:
            changed[i, h] = 1e6
    one, other = (RunningMargins(LEVELS, before, len(origins)).of_windows(origins, e) for e in (after, changed))
    np.testing.assert_array_equal(one[: first + 1], other[: first + 1])


@pytest.mark.parametrize("growth", [1.0, 5.0, 0.2])
def test_bands_hold_their_share_of_the_values_also_of_a_series_that_changes(growth):
    rng = np.random.default_rng(1)
    errors = np.abs(rng.normal(size=(4000, 1, 1, 1))) * np.linspace(1, growth, 4000)[:, None, None, None]
    running = RunningMargins([80, 95], np.abs(rng.normal(size=(100, 1, 1, 1))), 4000)
    margins = running.of_windows(np.arange(4000), errors)
    shares = (errors <= margins).mean(axis=(0, 1, 3))
    np.testing.assert_allclose(shares, [0.8, 0.95], atol=0.012)


def test_a_very_long_set_has_several_origins_with_one_margin():
    errors = np.abs(np.random.default_rng(2).normal(size=(9000, 1, 1, 1)))
    margins = RunningMargins([80], errors[:50], 9000).of_windows(np.arange(9000), errors)
    assert (np.diff(margins[:, 0, 0, 0].reshape(-1, 3), axis=1) == 0).all()
    assert len(np.unique(margins)) > 100
