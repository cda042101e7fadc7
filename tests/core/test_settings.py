"""Settings take what R, a form and a flag send, and refuse the rest with a sentence that helps."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.errors import RnnStudioError, SettingError, UnknownNameError
from rnnstudio.core.experiment import Experiment, compose


def value(name: str, given: Any) -> Any:
    return compose("airline", {name: given}).flat()[name]


@pytest.mark.parametrize("given", [64, 64.0, np.float32(64), np.int64(64), "64"], ids=repr)
def test_whole_floats_are_taken_for_whole_numbers(given: Any) -> None:
    assert value("units", given) == 64
    assert type(value("units", given)) is int


@pytest.mark.parametrize(
    "given",
    [2.5, True, np.True_, float("nan"), float("inf"), -(2**31), 0, None, "many", [64], 1e30, "2.5"],
    ids=repr,
)
def test_what_is_no_whole_number_is_refused_with_name_and_range(given: Any) -> None:
    with pytest.raises(SettingError) as caught:
        value("units", given)
    assert caught.value.field == "units"
    assert str(caught.value).startswith("units must be a whole number from 1 to 65536; received ")


@pytest.mark.parametrize("given", [True, float("nan"), "nan", float("inf"), -1, 0, 1001, [0.1], None], ids=repr)
def test_what_is_no_number_in_range_is_refused(given: Any) -> None:
    with pytest.raises(SettingError, match=r"^learning_rate must be a number above 0 and up to 1000; received "):
        value("learning_rate", given)


@pytest.mark.parametrize(
    ("given", "taken"),
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
def test_lists_take_scalars_and_nothing(given: Any, taken: list[int]) -> None:
    assert value("dense_units", given) == taken


@pytest.mark.parametrize("given", [True, [True], [64, 2.5], float("nan"), 0, "a", -(2**31)])
def test_lists_refuse_what_is_no_whole_number(given: Any) -> None:
    with pytest.raises(SettingError, match=r"^dense_units must be whole numbers from 1 to 65536; received "):
        value("dense_units", given)


@pytest.mark.parametrize(("given", "taken"), [(True, True), (1.0, True), (0, False), ("true", True), ("no", False)])
def test_flags_take_what_means_true_or_false(given: Any, taken: bool) -> None:
    assert value("bidirectional", given) is taken


def test_flags_refuse_the_rest() -> None:
    with pytest.raises(SettingError, match=r"^bidirectional must be true or false; received 2"):
        value("bidirectional", 2)


def test_choices_name_themselves_and_the_nearest() -> None:
    with pytest.raises(
        SettingError, match=r"^pooling must be one of last, mean, max; received 'meen'. Did you mean mean"
    ):
        value("pooling", "meen")
    with pytest.raises(SettingError, match="Did you mean adam") as caught:
        value("optimizer", "adm")
    assert caught.value.field == "optimizer"


def test_unknown_names_say_what_there_is() -> None:
    with pytest.raises(UnknownNameError, match=r"called 'unit'. Did you mean units"):
        value("unit", 3)
    with pytest.raises(UnknownNameError, match=r"no recipe called 'airlin'. Did you mean airline\?"):
        compose("airlin", {})


def test_what_can_be_one_thing_only_may_be_said_and_nothing_else() -> None:
    assert compose("echo", {"task": "label", "scale": "none"}) == compose("echo", {})
    with pytest.raises(SettingError, match=r"^task must be label for the data set echo; received 'classify'"):
        compose("echo", {"task": "classify"})


def test_another_cell_or_data_set_leaves_the_recipes_own_settings_behind() -> None:
    gru = compose("airline", {"cell": "gru"})
    assert gru.recipe == "airline"
    assert "forget_bias" not in gru.flat()
    other = compose("airline", {"dataset": "file"})
    assert (other.recipe, other.data.dataset, other.model.units) == ("", "file", 100)


def edited(section: str, name: str, given: Any) -> str:
    plain = json.loads(compose("airline", {}).to_json())
    plain[section][name] = given
    return json.dumps(plain)


def test_experiments_from_files_are_checked_with_the_same_sentences() -> None:
    with pytest.raises(SettingError, match=r"^window must be a whole number from 1 to 1000000; received -3"):
        Experiment.from_json(edited("data", "window", -3))
    with pytest.raises(UnknownNameError, match=r"no cell called 'lstn'. Did you mean lstm"):
        Experiment.from_json(edited("model", "cell", "lstn"))
    with pytest.raises(SettingError, match="not as expected"):
        Experiment.from_json(edited("training", "no_such", 1))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"recipe": "../x"}'])
def test_what_is_no_experiment_is_refused(text: str) -> None:
    with pytest.raises(SettingError):
        Experiment.from_json(text)


def test_a_recipes_name_cannot_lead_out_of_the_run_list() -> None:
    plain = json.loads(compose("airline", {}).to_json())
    with pytest.raises(SettingError, match="recipe"):
        Experiment.from_json(json.dumps({**plain, "recipe": "../../airline"}))


def test_messages_stay_below_what_r_shows() -> None:
    for given in ("x" * 5000, list(range(5000))):
        with pytest.raises(RnnStudioError) as caught:
            value("units", given)
        assert len(str(caught.value)) < 900
    assert len(str(UnknownNameError("run", "x", [f"airline-{i}" for i in range(1000)]))) < 900
