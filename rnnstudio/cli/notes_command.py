"""`rnnstudio rename` and `rnnstudio note`: what you call a saved run, and what you say about it."""

from __future__ import annotations

import click

from rnnstudio.cli.output import echo
from rnnstudio.core.errors import SettingError


@click.command(short_help="Give a saved run or group a name.")
@click.argument("run")
@click.argument("name")
def rename(run: str, name: str) -> None:
    """Give a saved run or group a name, by which all commands find it and which lists show; "" removes it.

    RUN is a name in the run list, a folder, a .rnnrun file, or `latest`. It may train at the moment, or be damaged: the
    name of its folder, by which it is found as well, and its results stay as they are.
    """
    from rnnstudio import api
    from rnnstudio.results.store_calls import noted_path

    folder = noted_path(run).name
    given = api.rename(run, name)
    echo(f"{folder} has the name {given!r} now." if given else f"{folder} has no other name now.")


@click.command(short_help="Write, print or remove the note of a saved run.")
@click.argument("run")
@click.argument("text", required=False)
@click.option("--clear", is_flag=True, help="Remove the note.")
def note(run: str, text: str | None, clear: bool) -> None:
    """Write a note about a saved run or group; without TEXT print it.

    RUN is a name in the run list, a folder, a .rnnrun file, or `latest`.
    """
    from rnnstudio import api
    from rnnstudio.results.store_calls import noted_path

    if clear and text is not None:
        raise SettingError("--clear removes the note, so no TEXT is expected beside it.", "clear")
    result = api.note(run, "" if clear else text)
    folder = noted_path(run).name
    if text is None and not clear:
        echo(result or f"{folder} has no note. Write one: rnnstudio note {folder} TEXT", err=not result)
    else:
        echo(f"The note of {folder} was {'removed' if not result else 'written'}.")
