"""The command group: the window without a command, and every error as a sentence and an exit code.

Exit codes: 0 done; 1 it went wrong on the way (not saved, diverged, cannot be drawn); 2 the request was wrong;
130 Ctrl-C.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import click

from rnnstudio import __version__
from rnnstudio.cli.display import has_display
from rnnstudio.cli.doctor import doctor
from rnnstudio.cli.fetch import fetch
from rnnstudio.cli.lists import describe, list_
from rnnstudio.cli.train import train
from rnnstudio.cli.use import export, forecast, plot, predict
from rnnstudio.core.errors import DataError, RnnStudioError, SettingError, UnknownNameError

_HELP = """Recurrent neural networks on sequence data: pick, train, watch, compare.

Without a command the window opens.

\b
rnnstudio train airline                      train a published work
rnnstudio train echo --cell gru --units 8    ... with changes
rnnstudio train my.csv --window 24           ... or your own series
rnnstudio forecast latest --steps 20         ask the run you trained last
"""  # \b is click's mark for lines that are kept as they are


class Problem(click.ClickException):
    """Something went wrong on the way: `Error: sentence`, then the exit code."""

    exit_code = 1


class WrongRequest(Problem):
    """What was asked for cannot be."""

    exit_code = 2


class Studio(click.Group):
    """The commands, in the order a newcomer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order they were added."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run what was asked for."""
        try:
            return super().invoke(ctx)
        except (SettingError, UnknownNameError, DataError) as error:
            raise WrongRequest(str(error)) from None
        except RnnStudioError as error:
            raise Problem(str(error)) from None
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            raise click.exceptions.Exit(130) from None


@click.group(
    cls=Studio,
    help=_HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="rnnstudio", message="%(prog)s %(version)s")
@click.pass_context
def studio(ctx: click.Context) -> None:
    """Open the window where no command was given."""
    if ctx.invoked_subcommand is None:
        ctx.exit(_open_window())


def _open_window() -> int:
    if not has_display():
        click.echo(
            "Error: There is no display to open the window on (DISPLAY and WAYLAND_DISPLAY are not set). "
            "Train in the terminal instead: rnnstudio train airline",
            err=True,
        )
        return 2
    from rnnstudio.gui.app import main as open_window

    return open_window(sys.argv[:1])


for command in (train, list_, describe, forecast, predict, plot, export, fetch, doctor):
    studio.add_command(command)


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a windowed program has none
            stream.reconfigure(errors="replace")  # an old code page may lack a letter of an author's name
    studio(prog_name="rnnstudio")
