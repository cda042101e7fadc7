"""Features that share one small plot."""

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
