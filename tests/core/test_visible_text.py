"""Control characters in text of files and runs are shown, and all other characters stay as they are."""

from __future__ import annotations

import ast
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.errors import DataError
from rnnstudio.core.visible_text import visible


def acts(character: str) -> bool:
    """Return whether a terminal, or the order of letters in a line, obeys a character."""
    kind, is_direction = unicodedata.category(character), unicodedata.bidirectional(character)
    return (kind in ("Cc", "Cs", "Zl", "Zp") and character not in "\t\n") or is_direction in (
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    )  # fmt: skip


@given(st.text(st.characters()))
def test_no_character_acts_and_the_others_stay(text: str) -> None:
    shown = visible(text)
    assert not any(map(acts, shown))
    parts = [visible(character) for character in text]
    assert shown == "".join(parts)
    for character, part in zip(text, parts, strict=True):
        assert part == character or ast.literal_eval(f'"{part}"') == character
        assert (part == character) or acts(character) or unicodedata.bidirectional(character) in ("L", "R", "AL")


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_text_without_control_characters_is_the_same_object_as_text(text: str) -> None:
    assert visible(text) == text


def test_every_error_of_the_package_shows_them() -> None:
    assert str(DataError("a\x1b[2Jb.csv: no table.")) == r"a\x1b[2Jb.csv: no table."
