"""Settings accept values from R, forms and flags, and refuse others with a helpful message."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.errors import RnnStudioError, SettingError, UnknownNameError
from rnnstudio.core.experiment import Experiment, compose


def validated(name: str, value: Any) -> Any:
    """Return the value of a setting after validation."""
    return compose("airline", {name: value}).flat()[name]


@pytest.mark.parametrize("value", [64, 64.0, np.float32(64), np.int64(64), "64"], ids=repr)
def test_floats_with_integer_values_are_accepted_as_integers(value: Any) -> None:
    assert validated("units", value) == 64
    assert type(validated("units", value)) is int


@pytest.mark.parametrize(
    "value",
    [2.5, True, np.True_, float("nan"), float("inf"), -(2**31), 0, None, "many", [64], 1e30, "2.5"],
    ids=repr,
)
def test_other_values_than_integers_are_refused_with_name_and_range(value: Any) -> None:
    with pytest.raises(SettingError) as caught:
        validated("units", value)
    assert caught.value.field == "units"
    assert str(caught.value).startswith("units must be a whole number from 1 to 65536, or auto; received ")


@pytest.mark.parametrize("value", [True, float("nan"), "nan", float("inf"), -1, 0, 1001, [0.1], None], ids=repr)
def test_other_values_than_numbers_in_range_are_refused(value: Any) -> None:
    with pytest.raises(
        SettingError, match=r"^learning_rate must be a number above 0 and up to 1000, or auto; received "
    ):
        validated("learning_rate", value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (64.0, [64]),
        (64, [64]),
        ([64.0, 32], [64, 32]),
        ((3,), [3]),
        (np.array([3, 4]), [3, 4]),
        (None, []),
        ("", []),
        ("64, 32", [64, 32]),
        ([], []),
    ],
)
def test_lists_accept_single_numbers_and_empty_values(value: Any, expected: list[int]) -> None:
    assert validated("dense_units", value) == expected


@pytest.mark.parametrize("value", [True, [True], [64, 2.5], float("nan"), 0, "a", -(2**31)])
def test_lists_refuse_other_values_than_integers(value: Any) -> None:
    with pytest.raises(SettingError, match=r"^dense_units must be whole numbers from 1 to 65536; received "):
        validated("dense_units", value)


@pytest.mark.parametrize(("value", "expected"), [(True, True), (1.0, True), (0, False), ("true", True), ("no", False)])
def test_flags_accept_values_that_mean_true_or_false(value: Any, expected: bool) -> None:
    assert validated("bidirectional", value) is expected


def test_flags_refuse_other_values() -> None:
    with pytest.raises(SettingError, match=r"^bidirectional must be true or false, or auto; received 2"):
        validated("bidirectional", 2)


def test_errors_for_choices_list_them_and_suggest_the_closest() -> None:
    with pytest.raises(
        SettingError, match=r"^pooling must be one of last, mean, max, or auto; received 'meen'. Did you mean mean"
    ):
        validated("pooling", "meen")
    with pytest.raises(SettingError, match="Did you mean adam") as caught:
        validated("optimizer", "adm")
    assert caught.value.field == "optimizer"


def test_errors_for_unknown_names_suggest_the_closest() -> None:
    with pytest.raises(UnknownNameError, match=r"called 'unit'. Did you mean units"):
        validated("unit", 3)
    with pytest.raises(UnknownNameError, match=r"no recipe, data set or file called 'airlin'. Did you mean airline\?"):
        compose("airlin", {})


def test_settings_with_a_single_choice_accept_only_that_choice() -> None:
    assert compose("echo", {"task": "label", "scale": "none"}) == compose("echo", {})
    with pytest.raises(SettingError, match=r"^task must be label for the data set echo; received 'classify'"):
        compose("echo", {"task": "classify"})


def test_another_cell_or_data_set_removes_settings_that_only_the_recipe_has() -> None:
    gru = compose("airline", {"cell": "gru"})
    assert gru.recipe == "airline"
    assert "forget_bias" not in gru.flat()
    other = compose("airline", {"dataset": "file"})
    assert (other.recipe, other.data.dataset, other.model.units) == ("", "file", 100)


def edited(section: str, name: str, value: Any) -> str:
    """Return the experiment of airline as JSON with one value changed."""
    plain = json.loads(compose("airline", {}).to_json())
    plain[section][name] = value
    return json.dumps(plain)


def test_experiments_from_files_are_validated_with_the_same_messages() -> None:
    with pytest.raises(SettingError, match=r"^window must be a whole number from 1 to 1000000, or auto; received -3"):
        Experiment.from_json(edited("data", "window", -3))
    with pytest.raises(UnknownNameError, match=r"no cell called 'lstn'. Did you mean lstm"):
        Experiment.from_json(edited("model", "cell", "lstn"))
    with pytest.raises(SettingError, match="not as expected"):
        Experiment.from_json(edited("training", "no_such", 1))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"recipe": "../x"}', "[" * 100_000])
def test_other_json_than_an_experiment_is_refused(text: str) -> None:
    with pytest.raises(SettingError):
        Experiment.from_json(text)


def test_the_name_of_a_recipe_cannot_be_a_path() -> None:
    plain = json.loads(compose("airline", {}).to_json())
    with pytest.raises(SettingError, match="recipe"):
        Experiment.from_json(json.dumps({**plain, "recipe": "../../airline"}))


def test_messages_are_shorter_than_the_limit_of_r() -> None:
    for value in ("x" * 5000, list(range(5000))):
        with pytest.raises(RnnStudioError) as caught:
            validated("units", value)
        assert len(str(caught.value)) < 900
    assert len(str(UnknownNameError("run", "x", [f"airline-{i}" for i in range(1000)]))) < 900


@given(st.sets(st.sampled_from(["window", "units", "dropout", "epochs", "seed", "batch_size"]), min_size=1))
def test_an_error_brings_those_of_all_other_settings_that_are_not_allowed(names: set[str]) -> None:
    wrong = dict.fromkeys(names, "no such value")
    with pytest.raises(SettingError) as caught:
        compose("airline", wrong)
    errors = [caught.value, *caught.value.others]
    assert sorted(error.field for error in errors) == sorted(names)
    for error in errors:
        with pytest.raises(SettingError) as alone:
            compose("airline", {error.field: wrong[error.field]})
        assert str(alone.value) == str(error)
        assert alone.value.others == ()
