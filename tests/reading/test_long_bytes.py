"""Bytes are counted and checked in pieces as in one go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.reading.text import long_bytes
from rnnstudio.reading.text.long_bytes import (
    as_utf8,
    count_bytes,
    find_bytes,
    has_byte,
    has_pair,
    is_utf8,
    lines_of,
)


@pytest.fixture(autouse=True, params=[3, 1 << 22])
def piece(request, monkeypatch):
    """Pieces of a few bytes, so that signs lie across their ends, and the usual ones."""
    monkeypatch.setattr(long_bytes, "_PIECE", request.param)
    monkeypatch.setattr(long_bytes, "_PAIRS", request.param)


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


@given(texts, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030"]))
def test_text_in_another_encoding_is_the_same_in_utf8(text, encoding):
    assert as_utf8(text.encode(encoding), encoding) == text.encode()


@given(
    st.binary(max_size=12), st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-16-le", "utf-32", "gb18030", "cp932"])
)
def test_what_is_not_text_in_an_encoding_is_refused_at_the_same_place(raw, encoding):
    def outcome(decoded):
        try:
            return decoded()
        except UnicodeError as error:
            return type(error), getattr(error, "start", 0)

    expected = outcome(lambda: raw.decode(encoding).removeprefix("\ufeff").encode("utf-8"))
    assert outcome(lambda: as_utf8(raw, encoding)) == expected


@given(texts)
def test_lines_are_those_of_python(text):
    assert list(lines_of(text.encode())) == text.encode().splitlines()


@given(texts, st.sampled_from(["\n\n", "\n\r\n", "ö", "a\n"]), st.integers(0, 5))
def test_bytes_are_found_like_by_python(text, sign, begin):
    raw = text.encode()
    assert find_bytes(raw, sign.encode(), begin) == raw.find(sign.encode(), begin)


@given(texts, st.sampled_from(["\n\n", "\n\r", "a\n", "\r\n"]))
def test_pairs_are_found_like_by_python(text, pair):
    assert has_pair(text.encode(), pair.encode()) == (pair in text)
