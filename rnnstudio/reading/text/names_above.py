"""Names of columns in several rows: joined, beside units, or below groups of merged cells (North over units, sum)."""

from __future__ import annotations

from collections import Counter

from rnnstudio.reading.text.text_layout import Row
from rnnstudio.reading.text.units_row import units_among


def with_groups(names: tuple[str, ...], titles: list[Row]) -> tuple[tuple[str, ...], int]:
    """Return names that repeat or are empty with the words above them, and the line of these; 0 where none are taken.

    Each word stands over the columns up to the next one, as merged cells are written.

    Args:
        names: The names of the columns.
        titles: The rows above the names, the nearest one last.

    >>> with_groups(("month", "sum", "n", "sum", "n"), [(1, ["", "North", "", "South", ""])])
    (('month', 'North sum', 'North n', 'South sum', 'South n'), 1)
    """
    if not titles or len(titles[-1][1]) != len(names):
        return names, 0
    line, above = titles[-1]
    counts = Counter(names)
    joined, group = [], ""
    for name, word in zip(names, above, strict=True):
        group = word or group
        is_doubtful = name and counts[name] > 1
        joined.append(f"{group} {name}".strip() if is_doubtful else name or word)
    is_needed = joined != list(names) and max(counts.values()) > 1
    return (tuple(joined), line) if is_needed and len(set(joined)) == len(joined) else (names, 0)


def without_keys(heads: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return rows that name the columns, and rows above them of a key with a colon and its value, which do not.

    >>> without_keys([(1, ["Frequency:", "Monthly"]), (2, ["DATE", "VALUE"])])
    ([(2, ['DATE', 'VALUE'])], [(1, ['Frequency:', 'Monthly'])])
    """
    count = 0
    while (
        count < len(heads) - 1
        and heads[count][1][0].endswith(":")
        and not all(cell.endswith(":") for cell in heads[count][1] if cell)
    ):
        count += 1
    return heads[count:], heads[:count]


def join_names(
    heads: list[Row], width: int, may_have_units: bool = True
) -> tuple[tuple[str, ...], tuple[str, ...], int, set[int]]:
    """Return names, units, the line of the units and further lines that are not read, from the rows of a header.

    Where the first row names each column, a second one holds units. Else the rows are joined: `nose x`.
    """
    if not heads:
        return (), (), 0, set()
    first = heads[0][1]
    names = [cell for cell in first if cell]
    if (
        may_have_units
        and len(heads) > 1
        and len(set(names)) == len(names)
        and all(cell or not unit for cell, unit in zip(first, heads[1][1], strict=True))
    ):
        units, line = units_among(heads[1:])
        return tuple(first), units, line, {number for number, _ in heads[1:] if number != line}
    rows = [row for _, row in heads if len(heads) == 1 or len({*row[1:], *()} - {""}) != 1 or width <= 2]
    names = []
    for j in range(width):
        parts = [row[j] for row in (rows or [first]) if row[j]]
        names.append(parts[-1] if parts and j == 0 and len(rows) > 1 else " ".join(parts))
    return tuple(names), (), 0, set()
