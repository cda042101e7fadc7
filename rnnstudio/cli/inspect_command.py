"""`rnnstudio inspect`: how a file is read, what was assumed, and what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.options import flag_names
from rnnstudio.cli.output import echo, json_text

if TYPE_CHECKING:
    from rnnstudio.core.automatic import Choice

_FLAGS = {  # settings that decide how a file is read: the names of their values, and what they are
    "variable": ("NAME", "Array, data frame or sheet to read, where the file holds several."),
    "time": ("COLUMN", "Column of dates or times that orders the rows; none where they are in order."),
    "date_order": ("ORDER", "day_first, month_first or year_first."),
    "doubles": ("RULE", "Rows with the time of another row: keep, first, last or mean."),
    "decimal_mark": ("MARK", "point or comma."),
    "thousands_mark": ("MARK", "none, point, comma, blank or apostrophe."),
    "missing_values": ("TEXT", "Further marks of missing values, such as -999, separated by commas."),
    "header": ("ROWS", "Rows with the names of the columns, such as 1 or 2-4, or none."),
    "separator": ("NAME", "comma, semicolon, tab, bar or blank."),
    "encoding": ("NAME", "Encoding of the text, such as utf-8, cp1252 or gbk."),
}
_OF_GAPS = {  # settings of a training that decide which gaps are open
    "missing": ("RULE", "What a training does about missing values: past, mask, drop or error."),
    "max_gap": ("N", "Missing steps in a row that it fills at most; longer gaps are open."),
}


def reading_flags() -> list[click.Parameter]:
    """Return the flags that decide how a file is read."""
    return _flags(_FLAGS)


def _flags(texts: Mapping[str, tuple[str, str]]) -> list[click.Parameter]:
    return [
        click.Option([flag_names(name)[0], name], default=None, metavar=metavar, help=description)
        for name, (metavar, description) in texts.items()
    ]


@click.command(short_help="Show how a file is read.", params=[*reading_flags(), *_flags(_OF_GAPS)])
@click.argument("file")
@click.option(
    "--settings", "with_choices", is_flag=True, help="Also the settings that a training chooses without further flags."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all fields.")
def inspect(file: str, with_choices: bool, as_json: bool, **settings: Any) -> None:
    """Show how a data file is read: its columns and times, what is assumed, and what is open.

    A training reads the file in the same way, with the same flags. Without them, all is found.
    """
    from rnnstudio.api import inspect as account_of

    given = {name: value for name, value in settings.items() if value is not None}
    account = account_of(file, **given)
    choices = _choices(file, given) if with_choices else ()
    if as_json:
        plain = {"automatic": [asdict(choice) for choice in choices]} if with_choices else {}
        echo(json_text({**account.to_dict(), **plain}))
        return
    echo(str(account))
    for line in _lines(choices):
        echo(line)


def _choices(file: str, settings: Mapping[str, Any]) -> Sequence[Choice]:
    """Return the settings that a training of a file chooses from its training set."""
    from rnnstudio.api import experiment
    from rnnstudio.core.automatic import resolve
    from rnnstudio.results.data_reader import DataReader

    return resolve(experiment(file, **settings), DataReader().load).choices


def _lines(choices: Sequence[Choice]) -> list[str]:
    """Return the choices that have a reason, a line each."""
    from rnnstudio.core.differences import value_text
    from rnnstudio.core.wording import setting_label

    chosen = [choice for choice in choices if choice.reason]
    return [f"Automatic: {setting_label(c.setting)} {value_text(c.value)}: {c.reason}" for c in chosen]
