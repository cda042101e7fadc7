"""Bytes are counted and checked in pieces as in one go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.reading import long_bytes
from rnnstudio.reading.long_bytes import count_bytes, has_byte, is_utf8


@pytest.fixture(autouse=True, params=[3, 1 << 22])
def piece(request, monkeypatch):
    """Pieces of a few bytes, so that signs lie across their ends, and the usual ones."""
    monkeypatch.setattr(long_bytes, "_PIECE", request.param)


texts = st.lists(st.sampled_from(["a", "\r", "\n", "\r\n", "ö", "—", "𝄞", '"'])).map("".join)


@given(texts, st.sampled_from([b"\n", b"\r", b"\r\n", b'"']))
def test_signs_are_counted_like_by_python(text, sign):
    assert count_bytes(text.encode(), sign) == text.encode().count(sign)
    if len(sign) == 1:
        assert has_byte(text.encode(), sign) == (sign in text.encode())
    assert count_bytes(memoryview(text.encode()), sign) == text.encode().count(sign)


@given(texts, st.binary(max_size=3))
def test_utf8_is_recognized_like_by_python(text, end):
    raw = text.encode() + end
    try:
        raw.decode("utf-8")
        expected = True
    except UnicodeDecodeError:
        expected = False
    assert is_utf8(raw) == expected
