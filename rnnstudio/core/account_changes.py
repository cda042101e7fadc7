"""Whether a file is still read as in a training: the first thing that is another now, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rnnstudio.core.account import Account
from rnnstudio.core.account_fingerprint import OF_COLUMN, OF_FILE, OF_TIME
from rnnstudio.core.missing import count_of


def plain_account(account: Account | None) -> dict[str, Any]:
    """Return an account as JSON holds it; empty for none."""
    return {} if account is None else dict(json.loads(json.dumps(account.to_dict())))


def account_change(then: Mapping[str, Any], now: Account | None) -> str:
    """Return the first thing that is read in another way than in the training, in words; empty for none.

    Args:
        then: The account of the training, as `plain_account` gives it; empty where it is not known.
        now: The account of the same file.

    >>> then = plain_account(Account("a.csv", "text table", 90, (), separator="comma"))
    >>> account_change(then, Account("a.csv", "text table", 97, (), separator="comma"))
    '90 rows then, 97 rows now'
    >>> account_change(then, Account("a.csv", "text table", 90, (), separator="tab"))
    "separator 'comma' then, 'tab' now"
    """
    plain = plain_account(now)
    if not then or not plain:
        return ""
    for name, noun in (("rows", "row"), ("sequences", "sequence")):
        if then[name] != plain[name]:
            return f"{count_of(then[name], noun)} then, {count_of(plain[name], noun)} now"
    names = [[column["name"] for column in account["columns"]] for account in (then, plain)]
    if names[0] != names[1]:
        gone, new = (next((n for n in a if n not in b), "") for a, b in (names, names[::-1]))
        return f"column {gone!r} then, {new!r} now" if gone or new else "the columns are in another order"
    return (
        _change(then, plain, OF_FILE)
        or _change(then["time"] or {}, plain["time"] or {}, OF_TIME)
        or next(filter(None, map(_change_of_column, then["columns"], plain["columns"])), "")
    )


def _change(then: Mapping[str, Any], now: Mapping[str, Any], words: Mapping[str, str]) -> str:
    for name, word in words.items():
        if then.get(name) != now.get(name):
            return f"{word} {_shown(then.get(name))} then, {_shown(now.get(name))} now"
    return ""


def _change_of_column(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    change = _change(then, now, OF_COLUMN)
    return f"in column {then['name']!r}, {change}" if change else ""


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {count}" for key, count in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return repr(value) if isinstance(value, str) and value else str(value or "none")
