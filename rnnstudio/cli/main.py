"""The command group: the window without a command, and every error as a sentence and an exit code.

Exit codes: 0 done; 1 it went wrong on the way (not saved, diverged, cannot be drawn); 2 the request was wrong;
130 Ctrl-C.
"""

from __future__ import annotations

import errno
import io
import sys
from importlib import import_module
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
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe has seen enough
                raise
            where = f" ({error.filename})" if error.filename else ""
            raise Problem(f"The system refused: {error.strerror or error}{where}. See `rnnstudio doctor`.") from None
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
@click.option("--smoke", is_flag=True, help="Try the whole program once in its window, say how it went, and end.")
@click.pass_context
def studio(ctx: click.Context, smoke: bool) -> None:
    """Open the window where no command was given."""
    if ctx.invoked_subcommand is not None:
        return
    _need_window()
    if smoke:
        from rnnstudio.gui.smoke import main as try_all

        click.echo(try_all(sys.argv[:1]))
        return
    _open_window()


@click.command("open")
@click.argument("what", metavar="[RUN|FILE]", default="")
def open_(what: str) -> None:
    """Open the window on a saved run, or on a file of data ready to be trained on.

    A run is its name in the run list, `latest`, its folder, or a .rnnrun file.
    """
    _need_window()
    _open_window(what)


def _need_window() -> None:
    if not has_display():
        raise WrongRequest(
            "There is no display to open the window on (DISPLAY and WAYLAND_DISPLAY are not set). "
            "Train in the terminal instead: rnnstudio train airline"
        )
    try:
        import_module("rnnstudio.gui.application")
    except ImportError as error:
        raise WrongRequest(
            f"The window cannot open, because a library of the system is missing: {error}. On Debian and Ubuntu: "
            "sudo apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0"
        ) from None


def _open_window(what: str = "") -> None:
    from rnnstudio.gui.app import main as open_window

    sys.exit(open_window(sys.argv[:1], what))


for command in (train, open_, list_, describe, forecast, predict, plot, export, fetch, doctor):
    studio.add_command(command)


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a windowed program has none
            stream.reconfigure(errors="replace")  # an old code page may lack a letter of an author's name
    studio(prog_name="rnnstudio")
