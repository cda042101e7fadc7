"""What of an account decides which numbers are read, and its fingerprint, which a script compares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

OF_FILE = {
    "variable": "array or sheet", "encoding": "encoding", "separator": "separator", "header": "header rows",
    "units_row": "row of units", "skipped_above": "rows left out above", "skipped_below": "rows left out below",
    "series": "column of series", "rate": "rows per second", "lengths": "lengths of the sequences",
    "classes": "sequences of each class",
}  # fmt: skip
OF_TIME = {
    "column": "time column", "frequency": "frequency", "first": "first time", "last": "last time", "zone": "time zone",
    "doubles": "double stamps", "missing_rows": "missing rows",
}  # fmt: skip
OF_COLUMN = {"kind": "type", "written": "way of writing", "missing": "number of missing values", "unit": "unit"}
_DIGITS = 16


def fingerprint_of(account: Mapping[str, Any]) -> str:
    """Return a text that is the same for two accounts where the same numbers are read in the same way.

    Args:
        account: The account as plain values.

    >>> account = {"rows": 9, "sequences": 0, "columns": [], "time": None, "separator": "comma"}
    >>> fingerprint_of(account) == fingerprint_of({**account, "assumed": ["a note"]})
    True
    >>> fingerprint_of(account) == fingerprint_of({**account, "separator": "tab"})
    False
    """
    columns = [[column["name"], *(column.get(name) for name in OF_COLUMN)] for column in account["columns"]]
    time = [(account["time"] or {}).get(name) for name in OF_TIME]
    parts = [account["rows"], account["sequences"], columns, time, *(account.get(name) for name in OF_FILE)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_DIGITS]
