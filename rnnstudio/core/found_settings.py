"""What was found in a file for each setting of reading, in words: the first choice of each control."""

from __future__ import annotations

import re

from rnnstudio.core.account import Account
from rnnstudio.core.time_account import STANDARD_TIME, TimeAccount, first_date_part

_SIGNS = {".": "point", ",": "comma"}
_EXAMPLE = re.compile(r"1(\D?)234(\D)5")  # how an account shows numbers: with the marks of the column


def found_setting(account: Account, name: str) -> str:
    """Return what a file has for a setting of reading; empty where it has nothing of the kind.

    Args:
        account: How the file was read.
        name: The setting: variable, separator, encoding, header, decimal_mark, thousands_mark, date_order, time,
            doubles or missing_values.

    >>> from rnnstudio.core.account import ColumnAccount
    >>> columns = (ColumnAccount("sales", "number", written="1.234,5", missing=2, missing_marks={"n/a": 2}),)
    >>> account = Account("a.csv", "text table", 9, columns, "utf-8", "semicolon", header=(1,))
    >>> [found_setting(account, name) for name in ("decimal_mark", "thousands_mark", "header", "missing_values")]
    ['comma', 'point', '1', 'n/a']
    """
    match name:
        case "separator" | "encoding" | "variable":
            return str(getattr(account, name))
        case "header":
            return _header(account)
        case "decimal_mark":
            return _joined(_marks(account)[0]) or "point"
        case "thousands_mark":
            return _joined(_marks(account)[1]) or "none"
        case "date_order":
            return _date_order(account)
        case "doubles":
            return _doubles(account.time) if account.time else ""
        case "time":
            return account.time.column if account.time else "none"
        case _:
            marks = {mark or "empty cells" for column in account.columns for mark in column.missing_marks}
            return _joined(sorted(marks, key=lambda mark: (mark != "empty cells", mark))[:6]) or "none"


def _doubles(time: TimeAccount) -> str:
    if time.zone == STANDARD_TIME:
        return time.zone
    return f"{time.doubles:,} rows" if time.doubles else ""


def _header(account: Account) -> str:
    if not account.header:
        return "none" if account.separator or account.format.startswith("Excel workbook") else ""
    first, last = account.header[0], account.header[-1]
    return str(first) if first == last else f"{first}-{last}"


def _marks(account: Account) -> tuple[list[str], list[str]]:
    """Return the decimal marks and the thousands marks of all columns of numbers, from the numbers that show them."""
    shown = [_EXAMPLE.match(column.written) for column in account.columns if column.kind == "number"]
    pairs = [(match[2], match[1]) for match in shown if match]
    return [_SIGNS[mark] for mark, _ in pairs], [_mark_name(mark) for _, mark in pairs if mark]


def _mark_name(mark: str) -> str:
    return _SIGNS.get(mark, "blank" if mark.isspace() else "apostrophe")


def _date_order(account: Account) -> str:
    written = next((column.written for column in account.columns if column.kind == "time"), "")
    first = first_date_part(written)
    return f"{first} first" if first else ""


def _joined(parts: list[str]) -> str:
    return ", ".join(dict.fromkeys(parts))
