"""The texts that stand for a missing value in a column of numbers or dates."""

from __future__ import annotations

from collections.abc import Collection

MISSING_MARKS = frozenset((
    "", "na", "n/a", "n.a.", "nan", "-nan", "<na>", "nat", "null", "(null)", "none", "nil", "?", ".", "-", "--", "---",
    "\N{EN DASH}", "\N{EM DASH}", "#n/a", "#n/a n/a", "#na", "#value!", "#div/0!", "#ref!", "#num!", "#null!", "#name?",
    "k.a.", "k. a.", "missing",
))  # fmt: skip


def is_missing_mark(cell: str, further: Collection[str] = ()) -> bool:
    """Return whether a cell of a column of numbers stands for a missing value.

    Args:
        cell: Its text.
        further: Further marks of missing values, as the setting `missing_values` names them.

    >>> is_missing_mark("#N/A"), is_missing_mark("-999"), is_missing_mark("-999", ["-999"])
    (True, False, True)
    """
    return cell.strip().lower() in MISSING_MARKS or cell.strip() in further
