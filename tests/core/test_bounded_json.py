"""JSON of others is bounded before it is parsed."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.bounded_json import MAX_DEPTH, bounded_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**200), 10**200) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_python_reads_is_read(value: Any) -> None:
    assert bounded_json(json.dumps(value)) == value
    assert bounded_json(json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass")) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 1_000_000, "levels deep"),
        ('{"a":' * 1_000_000, "levels deep"),
        ("[" + "[]," * 6_000_000 + "1]", "values"),
        ('"' + "a" * (33 << 20) + '"', "at most"),
        ("1" * 5000, "300 digits"),
        ("[1, -1" + "0" * 400 + "]", "300 digits"),
    ],
    ids=["lists", "objects", "values", "bytes", "number", "negative number"],
)
def test_too_much_is_refused_soon(text: str, message: str) -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match=message):
        bounded_json(text)
    assert time.process_time() - began < 4


def test_brackets_and_digits_in_texts_do_not_count() -> None:
    text = json.dumps({"[" * 500: "{" * 500 + '\\"[' * 100, "digits": "1" * 500})
    assert bounded_json(text) == json.loads(text)


def test_the_deepest_allowed_json_is_read() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert bounded_json(text) == json.loads(text)


def test_a_text_that_never_ends_takes_no_quadratic_time() -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match="Unterminated"):
        bounded_json('"' + '\\"' * 2_000_000 + "[" * 100)
    assert time.process_time() - began < 4
