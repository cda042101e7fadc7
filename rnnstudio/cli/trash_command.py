"""`rnnstudio delete` and `rnnstudio trash`: moving runs into the trash, taking them back, and emptying it."""

from __future__ import annotations

import shlex
from typing import Any

import click

from rnnstudio.cli.output import console, echo, json_text, table


@click.command(short_help="Move saved runs or groups into the trash.")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
def delete(runs: tuple[str, ...]) -> None:
    """Move saved runs or groups into the trash, from which `rnnstudio trash restore RUN` takes them back.

    RUN is a name in the run list, its folder, or `latest`; it may be damaged. The runs of a group stay in the run list.
    """
    from rnnstudio import api

    for run in runs:
        name = api.delete(run)
        echo(f"{name} is in the trash. Take it back with: rnnstudio trash restore {name}")


@click.group(invoke_without_command=True, short_help="List, restore or empty the trash of the run list.")
@click.pass_context
def trash(ctx: click.Context) -> None:
    """List, restore or empty the trash of the run list. Without a command the trash is listed."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_trash)


@trash.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all fields.")
def list_trash(as_json: bool) -> None:
    """List what is in the trash, the newest first."""
    from rnnstudio import api
    from rnnstudio.core.byte_budget import size_text

    rows = api.trash()
    if as_json:
        echo(json_text(rows))
        return
    cells: list[tuple[str, ...]] = [
        (row["run"], row["name"], row["kind"], row["deleted"][:16].replace("T", " "), size_text(int(row["bytes"])))
        for row in rows
    ]
    headings = ["run", "name", "kind", "deleted", "size"]
    if not any(row["name"] for row in rows):
        headings, cells = [headings[0], *headings[2:]], [(own[0], *own[2:]) for own in cells]
    console().print(table(headings, cells, right=["size"]) if rows else "The trash is empty.")


@trash.command("restore")
@click.argument("names", metavar="RUN...", nargs=-1, required=True)
def restore(names: tuple[str, ...]) -> None:
    """Move runs or groups from the trash back into the run list.

    RUN is the name it had, or its path in the trash; of several with one name the newest is restored, and the others
    are listed. Where the name is taken, it gets the next free one.
    """
    from rnnstudio import api

    for name in names:
        rows = [row for row in api.trash() if name in (row["run"], row["path"])]
        rows = rows or [row for row in api.trash() if name == row["name"]]
        folder = api.restore(name)
        new_name = f", as {folder}" if rows and folder != rows[0]["run"] else ""
        if len(rows) < 2:
            echo(f"{rows[0]['run'] if rows else folder} is in the run list again{new_name}.")
            continue
        echo(f"{rows[0]['run']}, deleted {_moment(rows[0])}, is in the run list again{new_name}.")
        for row in rows[1:]:
            echo(
                f"Note: {row['run']}, deleted {_moment(row)}, is still in the trash. Take it back with: "
                f"rnnstudio trash restore {shlex.quote(row['path'])}",
                err=True,
            )


def _moment(row: dict[str, Any]) -> str:
    """Return when a run was deleted, to the second."""
    return str(row["deleted"][:19].replace("T", " "))


@trash.command("empty")
@click.option("--yes", is_flag=True, help="Do not ask.")
def empty(yes: bool) -> None:
    """Delete what is in the trash for good, after asking."""
    from rnnstudio import api

    count = len(api.trash())
    if count and not yes:
        noun = "1 run or group" if count == 1 else f"{count:,} runs and groups"
        click.confirm(f"Delete {noun} in the trash for good?", abort=True, err=True)
    echo(f"{api.empty_trash():,} deleted for good.")
