"""Settings that are lists of names, such as columns: comma-separated text in files and flags, lists in Python and R."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator


def _as_text(value: object) -> object:
    """Return a list of names as comma-separated text; a name with a comma is quoted."""
    tolist = getattr(value, "tolist", None)
    plain = tolist() if callable(tolist) else value
    if plain is None:
        return ""
    if isinstance(plain, (list, tuple)):
        return text_of([str(name) for name in plain])
    return plain


Names = Annotated[str, BeforeValidator(_as_text)]


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
