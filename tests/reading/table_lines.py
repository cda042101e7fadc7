"""The lines of a table around its rows and between them: titles, comments, units, rules, totals and notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tests.reading.table_columns import WORDS, Column
from tests.reading.table_dates import SERIES

_UNITS = ["°C", "%", "(m/s)", "[kWh]", "kg", "EUR", ""]
_TOTALS = ["Total", "Summe", "Sum", "TOTAL", "Mean", "Average", "Grand total"]
_NOTES = [
    ["Source: national statistics office"], ["(c) 2024 The shop"], ["* preliminary values", "** revised"],
    ["Quelle: eigene Erhebung, 2024"], ["Generated 2024-01-31 12:00"], ["Notes:", "1) since 2020", "2) estimated"],
]  # fmt: skip


def lines_above(
    r: Random, extra: str, header: list[str], columns: list[Column], style: str, separator: str, script: str,
    line: Callable[[Sequence[str]], str],
) -> tuple[list[str], str]:  # fmt: skip
    """Return the lines above the rows and what they are: titles, comments, a header of several rows, units."""
    count = len(columns)
    numbers = [i for i, column in enumerate(columns) if column.kind == "number"]
    names = [column.name for column in columns]
    is_named = style != "R" and len(set(names)) == count and separator != " "
    if extra == "units" and header and numbers and is_named:
        units = [r.choice(_UNITS) if column.kind == "number" else "" for column in columns]
        units[numbers[0]] = "kg"
        return [*header, line(units)], extra
    has_parts = any(column.kind in ("text", "clock") or column.name in ("Year", *SERIES) for column in columns)
    if extra == "three rows" and style == "names" and count > 2 and is_named and all(names) and not has_parts:
        return [line(["scorer", *["net"] * (count - 1)]), line([f"part{i // 2}" for i in range(count)]), *header], extra
    is_wide = sum(column.kind != "empty" for column in columns) > 2
    if extra in ("title", "filled title") and is_wide and separator != " " and style not in ("R", "none"):
        word = WORDS[script][0]
        stations, created = ["Station: Berlin", f"Operator: {word}", ""], [f"Created{separator}2024-01-31", ""]
        titles = r.choice([["Monthly report"], ["Report", ""], stations, [f"{word} 2024"], created])
        fill = separator * (count - 1) if extra == "filled title" else ""
        titles = [title + fill[title.count(separator) :] if title or fill else title for title in titles]
        return [*titles, *header], extra
    if extra == "rule" and count > 1 and header and style not in ("R", "none"):
        return [*header, line(["---"] * count)], extra
    if extra == "comments":
        return ["# exported by the logger", "# 2024-01-31", *header], extra
    if extra == "sep=" and separator in ",;\t|":
        return [f"sep={separator}", *header], extra
    return header, "none"


def lines_between(
    r: Random, body: list[str], columns: Sequence[Column], separator: str, trailing: str
) -> tuple[list[str], str]:
    """Return the rows with a blank line, a comment or rows without their last empty cells, and what was done."""
    kind = r.choice(["none"] * 16 + ["blank line", "blank line", "comment", "short rows"])
    if kind == "blank line" and len(columns) > 1:
        at = r.randint(0, len(body))
        return [*body[:at], "", *body[at:]], kind
    if kind == "comment" and len(columns) > 1 and separator != " " and len(body) > 3:
        at = r.randint(2, len(body) - 1)
        return [*body[:at], "# the logger was restarted", *body[at:]], kind
    last = columns[-1]
    short = [i for i, cell in enumerate(last.cells[:-1]) if not cell and i > 1]
    is_long = len(columns) > 2 and len(short) * 5 < len(body) and separator in ",;|" and not trailing
    if kind == "short rows" and short and is_long and last.kind == "number" and "\n" not in "".join(body):
        rows = [line.rstrip(" ").removesuffix('""').rstrip(" ") if i in short else line for i, line in enumerate(body)]
        return [line.removesuffix(separator) if i in short else line for i, line in enumerate(rows)], kind
    return body, "none"


def lines_below(
    r: Random, columns: list[Column], separator: str, line: Callable[[Sequence[str]], str]
) -> tuple[list[str], str]:
    """Return the lines below the rows and what they are: a total, notes, or rows without cells."""
    footer = r.choice(["none"] * 6 + ["total", "notes", "empty rows"])
    if len(columns) < 2 or separator == " " or len(columns[0].cells) < 4:
        return [], "none"
    if footer == "notes":
        return ["", *r.choice(_NOTES)] if r.random() < 0.7 else list(r.choice(_NOTES)), footer
    if footer == "empty rows":
        return [line([""] * len(columns)).replace('"', "")] * r.randint(1, 3), footer
    filled = [_largest(column) if column.kind == "number" else "" for column in columns[1:]]
    if footer == "total" and any(filled):
        return [line([r.choice(_TOTALS), *filled])], footer
    return [], "none"


def _largest(column: Column) -> str:
    """Return the cell with the largest number, which can be a total or mean; empty beside codes."""
    if len(column.answers.get("missing_values", ())) == 1:
        return ""
    known = [(value, cell) for value, cell in zip(column.values, column.cells, strict=True) if value is not None]
    return max(known)[1] if known else ""
