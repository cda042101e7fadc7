"""What `make torture ARGS=fields` says of fields that change nothing."""

from __future__ import annotations

import pytest

from tests.torture.fields import altered, differences, faults


def test_differences_are_named_as_fields() -> None:
    one = {
        "run.json": {"training": {"notes": []}, "warnings": []},
        "weights.npz": {"head/bias": b"1"},
        "plan.npy": b"2",
    }
    other = {"run.json": {"training": {"notes": ["x"]}, "warnings": []}, "weights.npz": {}, "plan.npy": b"3"}
    assert list(differences(one, one)) == []
    assert list(differences(one, other)) == ["run.json: training.notes", "weights.npz: head/bias", "plan.npy"]


@pytest.mark.parametrize(
    ("name", "what", "count"),
    [
        ("checkpoint.json: step", "differs", 0),
        ("checkpoint.json: step", "refused", 0),
        ("checkpoint.json: step", "same", 1),
        ("checkpoint.json: monitor.bar", "same", 0),  # named
        ("run.json: history.error", "differs", 1),  # named as one that changes nothing
        ("data.json: unit", "kept", 0),
        ("experiment.json: model.units", "kept", 1),  # a setting must change more than itself
        ("arrays.json: series", "IndexError: 2", 1),
    ],
)
def test_a_field_must_change_what_goes_on_or_be_named(name: str, what: str, count: int) -> None:
    assert len(faults({("early", name, "altered"): what})) == count


def test_a_field_need_have_a_meaning_in_one_of_the_runs_only() -> None:
    name = "experiment.json: training.momentum"
    assert faults({("early", name, "altered"): "kept", ("series", name, "altered"): "differs"}) == []


def test_another_value_is_of_the_same_kind() -> None:
    values = [True, 2, 0.5, "a", [1, 2], []]
    assert all(type(altered(value)) is type(value) and altered(value) != value for value in values)
