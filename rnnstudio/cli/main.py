"""The command group: the window without a command; every error as one sentence with an exit code.

Exit codes: 0 success; 1 failure (not saved, diverged, cannot be drawn); 2 invalid request; 130 Ctrl-C.
"""

from __future__ import annotations

import errno
import io
import sys
from importlib import import_module
from typing import Any

import click

from rnnstudio import __version__
from rnnstudio.cli.backtest_command import backtest
from rnnstudio.cli.display import has_display
from rnnstudio.cli.doctor import doctor
from rnnstudio.cli.fetch import fetch
from rnnstudio.cli.forecast_command import forecast
from rnnstudio.cli.inspect_command import inspect
from rnnstudio.cli.lists import describe, list_
from rnnstudio.cli.notes_command import note, rename
from rnnstudio.cli.output import echo
from rnnstudio.cli.resume_command import resume
from rnnstudio.cli.run_commands import export, plot, predict
from rnnstudio.cli.train import train
from rnnstudio.cli.trash_command import delete, trash
from rnnstudio.core.errors import DataError, RnnStudioError, SettingError, UnknownNameError

_HELP = """Train recurrent neural networks on sequence data, and watch and compare the runs.

Without a command the window opens.

\b
rnnstudio train airline                      train a recipe
rnnstudio train echo --cell gru --units 8    ... with other settings
rnnstudio train my.csv --horizon 7           ... or your own series
rnnstudio inspect my.csv                     see how a file is read
rnnstudio forecast latest --steps 20         forecast with the newest run
"""  # \b is click's mark for lines that are not wrapped


class FailureError(click.ClickException):
    """A failure: `Error: sentence`, and exit code 1."""

    exit_code = 1


class InvalidRequestError(FailureError):
    """A request that cannot be fulfilled: exit code 2."""

    exit_code = 2


class Studio(click.Group):
    """The commands in the order in which a newcomer needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they were added."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (SettingError, UnknownNameError, DataError) as error:
            raise InvalidRequestError(str(error)) from None
        except RnnStudioError as error:
            raise FailureError(str(error)) from None
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of a pipe has closed it
                raise
            file = f" ({error.filename})" if error.filename else ""
            sentence = f"The system reports: {error.strerror or error}{file}. See `rnnstudio doctor`."
            raise FailureError(sentence) from None
        except KeyboardInterrupt:
            echo("Stopped.", err=True)
            raise click.exceptions.Exit(130) from None


@click.group(
    cls=Studio,
    help=_HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="rnnstudio", message="%(prog)s %(version)s")
@click.option("--smoke", is_flag=True, help="Test the whole program once in its window, print the result, and exit.")
@click.pass_context
def studio(ctx: click.Context, smoke: bool) -> None:
    """Open the window where no command is given."""
    if ctx.invoked_subcommand is not None:
        return
    _check_window()
    if smoke:
        from rnnstudio.gui.smoke import main as run_smoke_test

        echo(run_smoke_test(sys.argv[:1]))
        return
    _open_window()


@click.command("open")
@click.argument("what", metavar="[RUN|FILE]", default="")
def open_(what: str) -> None:
    """Open the window with a saved run, or with a data file to train on.

    A run is its name in the run list, `latest`, its folder, or a .rnnrun file.
    """
    _check_window()
    _open_window(what)


def _check_window() -> None:
    """Check that the window can open.

    Raises:
        InvalidRequestError: There is no display, or a library is missing.
    """
    if not has_display():
        raise InvalidRequestError(
            "There is no display for the window (DISPLAY and WAYLAND_DISPLAY are not set). "
            "Train in the terminal instead: rnnstudio train airline"
        )
    try:
        import_module("rnnstudio.gui.application")
    except ImportError as error:
        raise InvalidRequestError(
            f"The window cannot open, because a system library is missing: {error}. On Debian and Ubuntu: "
            "sudo apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0"
        ) from None


def _open_window(what: str = "") -> None:
    from rnnstudio.gui.app import main as open_window

    sys.exit(open_window(sys.argv[:1], what))


for command in (
    train, resume, open_, inspect, list_, describe, forecast, backtest, predict, plot, export, fetch, doctor,
    rename, note, delete, trash,
):  # fmt: skip
    studio.add_command(command)


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None in a windowed program
            stream.reconfigure(errors="replace")  # an old code page may lack a letter of an author's name
    studio(prog_name="rnnstudio")
