"""What the columns of a table are for: which one is predicted where the caller names none, and why."""

from __future__ import annotations

import re
from dataclasses import replace

from rnnstudio.core.account import Account, ColumnAccount

_TARGET_NAMES = re.compile(
    r"wert|sales?|revenue|turnover|umsatz|absatz|verkauf|verkäufe|ventas|ventes|demand|nachfrage|"
    r"load|last|consumption|verbrauch|passengers?|close|price|preis|kurs|count|cnt|amount|menge|output|power|leistung"
)
_WHOLE_TARGET_NAMES = {"y", "target", "value", "values"}  # which say something only where they are the whole name
_TIME_NAMES = re.compile(
    r"dates?|datum|times?|zeit|timestamps?|years?|jahr|months?|monat|weeks?|woche|days?|tag|weekday|dow|hours?|stunde|"
    r"minutes?|seconds?|secs?|msecs?|ms|elapsed|laufzeit|quarters?|season|epoch"
)
_CLASS_NAMES = re.compile(
    r"labels?|class|classes|klasse|state|status|zustand|failure|fault|fehler|ausfall|occupancy|activity|category|anomaly"
)
_MAX_CLASSES = 100
_PARTS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")


def with_roles(account: Account) -> Account:
    """Return an account with the column that is predicted where the caller names none.

    It is never a column of classes, 0 and 1, yes and no, times or running numbers of rows, and never one that is
    constant or equal to an earlier one.

    >>> columns = (ColumnAccount("Aktion", "number", distinct=2), ColumnAccount("Umsatz", "number"))
    >>> with_roles(Account("shop.csv", "text table", 3, columns)).target
    'Umsatz'
    """
    of_series = account.series.split(", ")
    numbers = [
        c
        for c in account.columns
        if c.kind == "number" and not c.distinct and not c.same_as and c.name not in of_series
    ]
    fitting = [c for c in numbers if not _is_named(c.name, _TIME_NAMES)] or numbers
    classes = tuple(c.name for c in account.columns if c.name not in of_series and _is_of_classes(c, account.rows))
    names = [c.name for c in fitting if c.name not in classes] or [c.name for c in fitting]
    named = [n for n in names if n.strip().lower() in _WHOLE_TARGET_NAMES or _is_named(n, _TARGET_NAMES)]
    if not names:
        return replace(account, class_columns=classes)
    if len(names) == 1:
        target, reason = names[0], "it is the only column of numbers that fits"
    elif named:
        target, reason = named[0], "of its name"
    elif account.time is not None:
        target, reason = names[0], "it is the first column of numbers beside the time"
    else:
        target, reason = names[-1], "it is the last column of numbers"
    others = tuple(name for name in names if name != target)
    return replace(account, target=target, target_reason=reason, other_targets=others, class_columns=classes)


def _is_of_classes(column: ColumnAccount, rows: int) -> bool:
    few = column.kind in ("text", "yes/no") and 2 <= column.distinct <= min(_MAX_CLASSES, rows // 2)
    return (few or (column.kind == "number" and column.distinct == 2)) and _is_named(column.name, _CLASS_NAMES)


def _is_named(name: str, pattern: re.Pattern[str]) -> bool:
    return any(pattern.fullmatch(part.lower()) for part in _PARTS.split(name) if part)
