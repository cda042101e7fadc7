"""Numbers as text."""

import numpy as np

from rnnstudio.gui.charts.numbers import label_with_unit, number, percent


def test_numbers_have_four_significant_digits_or_a_power_of_ten():
    assert [number(v) for v in (0, 0.5, 1234.5, 66_600, 3.2e-7, 1e-5, np.inf, -2)] == [
        "0", "0.5", "1,234", "66,600", "3.2·10⁻⁷", "10⁻⁵", "∞", "−2",
    ]  # fmt: skip


def test_percentages_are_never_rounded_to_0_or_100():
    assert [percent(x) for x in (0, 1, 0.075, 0.00001, 0.99999)] == [
        f"{text}\u202f%" for text in ("0", "100", "7.5", "<0.1", ">99.9")
    ]
    assert percent(0.996, 0) == ">99\u202f%"


def test_a_label_names_value_and_unit_once():
    assert label_with_unit("acceleration", "g") == "acceleration (g)"
    assert label_with_unit("passengers", "thousand passengers") == "thousand passengers"
    assert label_with_unit("value", "") == "value"
