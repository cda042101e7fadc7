"""Ticks of linear and logarithmic axes."""

import math

import numpy as np
import pytest

from rnnstudio.gui.charts.ticks import LABEL_HEIGHT, linear_texts, linear_ticks, log_ticks


def test_linear_ticks_are_few_round_and_distinct():
    for low, high in ((0, 66_600), (0, 1), (-0.013, 0.9), (0.998, 1.0), (-5, 1e9), (987_654_321, 987_656_000)):
        ((step, values),) = linear_ticks(low, high, lambda step: 8)
        texts = linear_texts(values, step)
        assert 2 <= len(values) <= 8
        assert len(set(texts)) == len(texts)


def test_whole_numbers_come_from_a_smallest_step_of_one():
    ((step, values),) = linear_ticks(0.2, 2.6, lambda step: 8, min_step=1.0)
    assert (step, values) == (1.0, [1.0, 2.0])


def test_numbers_of_a_logarithmic_axis_do_not_touch():
    for low, high, length in ((-4, 1, 170), (-0.2, 0.1, 170), (-30, 36, 170), (0.3, 0.31, 170), (-2.6, -0.15, 120)):
        _, numbered = log_ticks(low, high, length)[0]
        assert 2 <= len(numbered) <= 8
        assert np.diff(numbered).min() * length / (high - low) >= 13
        assert all(low <= value <= high for value in numbered)


@pytest.mark.parametrize("length", [20, 30, 45, 60, 100, 200])
@pytest.mark.parametrize(("low", "high"), [(40, 900), (150, 850), (90, 120), (1.2, 1.9), (0.02, 3)])
def test_numbers_of_a_short_logarithmic_axis_do_not_touch(low, high, length):
    low, high = math.log10(low), math.log10(high)
    (_, numbered), *_ = log_ticks(low, high, length)
    assert len(numbered) >= 1
    assert np.diff(numbered).min(initial=np.inf) * length / (high - low) >= LABEL_HEIGHT / 2 - 1e-6
