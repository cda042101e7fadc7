"""How a file was read, as `data.json` holds it, as a pydantic model."""

from __future__ import annotations

from pydantic import JsonValue as Json

from rnnstudio.results.validation.value_types import Count, Name, Stored, Text


class StoredColumn(Stored):
    """A `ColumnAccount`."""

    name: Name
    kind: Name
    written: Text = ""
    decimal_mark: Name = ""


class StoredAccount(Stored):
    """How a file was read, an `Account` as plain values: the fields that are more than compared."""

    format: Name
    rows: Count
    sequences: Count
    columns: list[StoredColumn]
    time: dict[str, Json] | None
    variable: Text = ""


def as_account(plain: dict[str, Json]) -> dict[str, Json]:
    """Return an account unchanged after its check; an empty one, of data that were not read, is none."""
    if plain:
        StoredAccount.model_validate(plain)
    return plain
