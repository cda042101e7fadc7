"""Settings that are names, such as columns; several are text with commas in files and flags, lists in Python and R."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator


def _plain(value: object) -> object:
    """Return the value of a NumPy array or scalar, None as no name, and a number as the text of a name."""
    tolist = getattr(value, "tolist", None)
    plain = tolist() if callable(tolist) else value
    if isinstance(plain, float) and plain.is_integer():
        return f"{plain:.0f}"  # R sends whole numbers as floats
    if isinstance(plain, (int, float)) and not isinstance(plain, bool):
        return str(plain)
    return "" if plain is None else plain


def _as_text(value: object) -> object:
    """Return a list of names as comma-separated text; a name with a comma is quoted."""
    plain = _plain(value)
    return text_of([str(_plain(name)) for name in plain]) if isinstance(plain, (list, tuple)) else plain


def _as_name(value: object) -> object:
    """Return the only name of a list, because R does not distinguish it from the name."""
    plain = _plain(value)
    return _plain(plain[0]) if isinstance(plain, (list, tuple)) and len(plain) == 1 else plain


Names = Annotated[str, BeforeValidator(_as_text)]
Name = Annotated[str, BeforeValidator(_as_name)]


def text_of(names: Sequence[str]) -> str:
    """Return the text of a setting that holds names.

    >>> text_of(["a", "b, c"])
    'a,"b, c"'
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(names)
    return line.getvalue()


def names_in(text: str) -> list[str]:
    """Return the names in the text of a setting.

    >>> names_in('a, "b, c",')
    ['a', 'b, c']
    """
    try:
        parts = next(csv.reader([text], skipinitialspace=True), [])
    except csv.Error:
        parts = text.split(",")
    return [name for part in parts if (name := part.strip())]
