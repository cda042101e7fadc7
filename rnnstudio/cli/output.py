"""How results are written to the terminal: plain tables and JSON."""

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

_PIPED_WIDTH = 200  # columns of a table that goes to a file or another program, which has no width of its own


def console(*, stderr: bool = False) -> Console:
    """Return the terminal as rich sees it; text is never searched for markup or numbers to colour."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else _PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> Table:
    """Return a table without frames.

    Args:
        columns: Headings; those of text that may be broken into lines come last.
        rows: Cells.
        right: Columns of numbers, set to the right and never broken.
    """
    from rich.table import Table

    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for i, column in enumerate(columns):
        made.add_column(column, justify="right" if column in right else "left", no_wrap=column in right or i == 0)
    for row in rows:
        made.add_row(*row)
    return made


def json_text(value: Any) -> str:
    """Return JSON that every reader takes: what is not finite becomes null."""
    return json.dumps(_finite(value), indent=2, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(v) for v in value]
    return value


def number(value: float | None) -> str:
    """Return a figure with four digits that matter; a dash where there is none."""
    return "-" if value is None or not math.isfinite(value) else f"{value:.4g}"


def shown(value: Any) -> str:
    """Return a setting's value as it would be typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ",".join(str(v) for v in value) or "none"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if value != "" else "none"


def with_unit(value: Any, unit: str) -> str:
    """Return a value with its unit."""
    return f"{shown(value)} {unit}" if unit else shown(value)


def meaning(kind: str, description: str, allowed: str) -> str:
    """Return what a setting means and what it may be, where that is not plain."""
    return description if kind in ("flag", "text") else f"{description} {allowed[0].upper()}{allowed[1:]}."


def wrote(path: object) -> None:
    """Say where a file was written; on standard error, because standard output is for results."""
    click.echo(f"Wrote {path}", err=True)
