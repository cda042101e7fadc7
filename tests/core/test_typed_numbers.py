"""Typed numbers: point and comma are decimal marks, thousands marks are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.typed_numbers import TypedNumberError, typed_number


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("learning_rate", "0,001", 0.001),
        ("learning_rate", "0.001", 0.001),
        ("learning_rate", ",5", 0.5),
        ("learning_rate", "1,5e-3", 0.0015),
        ("clip_norm", "1.234", 1.234),
        ("clip_norm", "1.0000", 1.0),
        ("clip_norm", "0.100", 0.1),
        ("clip_norm", "1,0", 1.0),
        ("units", "64,0", 64),
        ("units", " 64 ", 64),
        ("dense_units", "64,128", [64, 128]),
    ],
)
def test_point_and_comma_are_decimal_marks(name: str, text: str, value: object) -> None:
    assert compose("airline", {name: text}).flat()[name] == value


@pytest.mark.parametrize("text", ["1,000", "1.000", "1 000", "1'000", "1\u202f000", "12,345", "1.234,5", "2,000,000"])
def test_thousands_marks_in_whole_numbers_are_refused_with_advice(text: str) -> None:
    with pytest.raises(
        SettingError, match=r"^units must be a whole number from 1 to 65536, or auto; received "
    ) as caught:
        compose("airline", {"units": text})
    assert str(caught.value).endswith(" Write it without thousands marks, such as 1000.")
    assert caught.value.field == "units"


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("1.234,5", "Write it without thousands marks, such as 1234.5."),
        ("1,234.5", "Write it without thousands marks, such as 1234.5."),
        ("1 234", "Write it without thousands marks, such as 1234.5."),
        ("1,234", "Write 1.234 or 1234."),
        ("1,000", "Write 1 or 1000."),
        ("1.000", "Write 1 or 1000."),
        ("-12.340", "Write -12.34 or -12340."),
    ],
)
def test_real_numbers_that_may_have_thousands_marks_are_refused(text: str, advice: str) -> None:
    with pytest.raises(
        SettingError, match=r"^clip_norm must be a number from 0 to 1000000, or auto; received "
    ) as caught:
        compose("airline", {"clip_norm": text})
    assert str(caught.value).endswith(advice)


def test_a_list_does_not_take_thousands_for_two_numbers() -> None:
    for text in ("1,000", "1.000"):
        with pytest.raises(SettingError, match=r"^dense_units must be whole numbers"):
            compose("airline", {"dense_units": text})


@given(st.integers(1000, 10**12), st.sampled_from(",.' \u202f"))
def test_no_grouped_whole_number_is_read_as_another(number: int, mark: str) -> None:
    with pytest.raises(TypedNumberError):
        typed_number(f"{number:,}".replace(",", mark), whole=True)


@given(st.floats(-1e9, 1e9), st.sampled_from(",."))
def test_a_decimal_is_read_exactly_or_refused(number: float, mark: str) -> None:
    text = repr(number).replace(".", mark)
    try:
        assert typed_number(text, whole=False) == number
    except TypedNumberError:
        assert mark == ","
        assert len(text.rpartition(",")[2]) == 3
