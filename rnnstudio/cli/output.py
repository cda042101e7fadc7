"""Output on the terminal: plain tables, JSON, and numbers as text."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_MANY = 500  # rows of a table
_PIPED_WIDTH = 200  # columns of a table written to a file or another program


def console(*, stderr: bool = False) -> Console:
    """Return rich's console for a standard stream; it does not interpret markup or highlight numbers."""
    from rich.console import Console
    from rich.text import Text

    from rnnstudio.core.visible_text import visible

    class PlainConsole(Console):
        """A console on which text of files and runs cannot act."""

        def render_str(self, text: str, **options: Any) -> Text:
            """Return text to print."""
            return super().render_str(visible(text), **options)

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else _PIPED_WIDTH
    return PlainConsole(file=stream, width=width, highlight=False, markup=False, emoji=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> Table:
    """Return a table without borders.

    Args:
        columns: Headings. The first column is never wrapped.
        rows: Cells.
        right: Columns of numbers, which are aligned to the right and never wrapped.
    """
    from rich.table import Table

    result = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for i, column in enumerate(columns):
        result.add_column(column, justify="right" if column in right else "left", no_wrap=column in right or i == 0)
    for row in rows:
        result.add_row(*row)
    return result


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Print a table as `table` makes it; one of thousands of rows without wrapping, for which rich takes seconds.

    Args:
        columns: Headings.
        rows: Cells.
        right: Columns of numbers, which are aligned to the right.
    """
    from rnnstudio.core.visible_text import visible

    if len(rows) <= _MANY:
        console().print(table(columns, rows, right=right))
        return
    cells = [[visible(text) for text in row] for row in (columns, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numeric = [column in right for column in columns]
    for row in cells:
        padded = (
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(row, widths, numeric, strict=True)
        )
        click.echo("  ".join(padded).rstrip())


def json_text(value: Any) -> str:
    """Return standard JSON: NaN and infinity become null."""
    from rnnstudio.core.plain import without_nan

    return json.dumps(without_nan(value), indent=2, allow_nan=False)


def number(value: float | None) -> str:
    """Return a number with four significant digits; a dash for None, NaN and infinity.

    >>> number(0.123456), number(None)
    ('0.1235', '-')
    """
    return "-" if value is None or not math.isfinite(value) else f"{value:.4g}"


def with_unit(value: Any, unit: str, when_empty: str = "") -> str:
    """Return the value of a setting with its unit, which is a plural, or what is used where it is empty.

    >>> with_unit(24, "steps"), with_unit(1, "steps"), with_unit(0.5, ""), with_unit("", "", "found in the file")
    ('24 steps', '1 step', '0.5', 'found in the file')
    """
    from rnnstudio.core.differences import value_text
    from rnnstudio.core.given_settings import is_auto

    if value == "" and when_empty:
        return when_empty
    unit = "" if is_auto(value) else unit
    if value == 1:
        unit = {"people": "person"}.get(unit, unit.removesuffix("s"))
    return f"{value_text(value)} {unit}" if unit else value_text(value)


def setting_help(kind: str, description: str, allowed: str) -> str:
    """Return the description of a setting, with its allowed values where they are not obvious."""
    return description if kind in ("flag", "text") else f"{description} {allowed[0].upper()}{allowed[1:]}."


def echo(text: object, *, err: bool = False) -> None:
    """Print a line on standard output, or on standard error, in which control characters are escaped."""
    from rnnstudio.core.visible_text import visible

    click.echo(visible(str(text)), err=err)


def report_written(path: object) -> None:
    """Report a written file on standard error; standard output is for results."""
    echo(f"Wrote {path}", err=True)


def warn(sentence: str) -> None:
    """Write a warning to standard error."""
    echo(f"Warning: {sentence}", err=True)
