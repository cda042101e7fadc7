"""Features that share one small plot."""

import numpy as np
import pytest

from rnnstudio.gui.charts.feature_groups import feature_groups, is_image


def test_features_that_differ_only_in_their_suffix_share_an_axis():
    names = [f"{kind}_{axis} ({unit})" for kind, unit in (("acc", "g"), ("gyro", "rad/s")) for axis in "xyz"]
    assert [(group.title, group.unit, group.features, group.labels) for group in feature_groups(names)] == [
        ("acc (g)", "g", (0, 1, 2), ("x", "y", "z")),
        ("gyro (rad/s)", "rad/s", (3, 4, 5), ("x", "y", "z")),
    ]


def test_other_features_share_an_axis_if_they_are_few_and_of_one_unit():
    titles = [group.title for group in feature_groups(["temperature (°C)", "pressure (bar)"])]
    assert titles == ["temperature (°C)", "pressure (bar)"]
    assert [(group.title, group.labels) for group in feature_groups(["a", "b"])] == [("values", ("a", "b"))]
    assert [(group.title, group.labels) for group in feature_groups(["load"])] == [("load", ("",))]


def test_more_than_twelve_features_are_an_image():
    assert not is_image(12)
    assert is_image(13)


@pytest.mark.parametrize("names", [["a", "b", "c"], ["acc_x (g)", "acc_y (g)", "acc_z (g)"], ["t", "acc_x", "acc_y"]])
@pytest.mark.parametrize("scale", [1, 5, 20, 1e6])
@pytest.mark.parametrize("offset", [0, 3, 1000])
def test_every_line_takes_a_good_part_of_its_axis(names, scale, offset):
    lows = np.array([0.0, offset, -scale])
    ranges = np.stack([lows, lows + np.array([1, 1, scale])], axis=1)
    groups = feature_groups(names, ranges)
    assert sorted(i for group in groups for i in group.features) == [0, 1, 2]
    for group in groups:
        of_group = ranges[list(group.features)]
        shared = of_group[:, 1].max() - of_group[:, 0].min()
        assert (np.diff(of_group, axis=1) >= 0.1 * shared).all()
        assert len(group.labels) == len(group.features)
        if len(group.features) == 1:
            assert group.title == names[group.features[0]]
    if offset == 0 and scale == 1:
        assert groups == feature_groups(names)  # nothing is divided that can be read


def test_a_constant_feature_divides_no_group():
    ranges = np.array([[0, 1], [0.5, 0.5], [-1, 1]], float)
    assert feature_groups(["a", "b", "c"], ranges) == feature_groups(["a", "b", "c"])
