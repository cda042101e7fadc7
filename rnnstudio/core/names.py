"""Settings that are lists of names, such as columns: text with commas in files and flags, lists in Python and R."""

from __future__ import annotations

import csv
import io
from typing import Annotated

from pydantic import BeforeValidator


def _as_text(value: object) -> object:
    """Write a list of names as text; a name that holds a comma is put in quotes."""
    tolist = getattr(value, "tolist", None)
    plain = tolist() if callable(tolist) else value
    if plain is None:
        return ""
    if isinstance(plain, (list, tuple)):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow([str(name) for name in plain])
        return line.getvalue()
    return plain


Names = Annotated[str, BeforeValidator(_as_text)]


def names_in(text: str) -> list[str]:
    """Return the names in a setting's text."""
    try:
        found = next(csv.reader([text], skipinitialspace=True), [])
    except csv.Error:
        found = text.split(",")
    return [name for part in found if (name := part.strip())]
