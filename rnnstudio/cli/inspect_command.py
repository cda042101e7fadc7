"""`rnnstudio inspect`: how a file is read, what was assumed, and what is open."""

from __future__ import annotations

from typing import Any

import click

from rnnstudio.cli.options import flag_names
from rnnstudio.cli.output import json_text

_FLAGS = {  # the settings that decide how a file is read, with the names of their values
    "time": "COLUMN", "date_order": "ORDER", "decimal_mark": "MARK", "thousands_mark": "MARK", "missing_values": "TEXT",
    "header": "ROWS", "separator": "NAME", "encoding": "NAME",
}  # fmt: skip


def _flag(name: str) -> click.Option:
    return click.Option([*flag_names(name), name], default=None, metavar=_FLAGS[name], help=f"As in train: {name}.")


@click.command(short_help="Show how a file is read.", params=[_flag(name) for name in _FLAGS])
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all fields.")
def inspect(file: str, as_json: bool, **settings: Any) -> None:
    """Show how a data file is read: its columns and times, what is assumed, and what is open.

    A training reads the file in the same way; `rnnstudio train FILE --help` describes the flags.
    """
    from rnnstudio.api import inspect as account_of

    account = account_of(file, **{name: value for name, value in settings.items() if value is not None})
    click.echo(json_text(account.to_dict()) if as_json else str(account))
