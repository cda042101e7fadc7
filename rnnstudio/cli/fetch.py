"""`rnnstudio fetch`, and how a download is shown on standard error: a bar in a terminal, else lines now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from rnnstudio.cli.output import console

if TYPE_CHECKING:
    from rnnstudio.core.events import Fetching

_LINE_SECONDS = 2.0


class _Lines:
    """A line every two seconds, for logs."""

    def __init__(self) -> None:
        self.begun = False
        self._last = 0.0

    def __call__(self, event: Fetching) -> None:
        self.begun = True
        now = time.monotonic()
        if event.note or now - self._last >= _LINE_SECONDS or 0 < event.total == event.done:
            self._last = now
            click.echo(event.note or event.text, err=True)

    def close(self) -> None:
        """Leave the terminal as it was."""


class _Bar:
    """A bar that is gone at the end."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        self.begun = False
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)

    def __call__(self, event: Fetching) -> None:
        if not self.begun:
            self.begun = True
            self._bar.start()
        if event.note:
            self._bar.console.print(event.note)
        self._bar.update(
            self._task, description=f"fetching {event.name}", completed=event.done, total=event.total or None
        )

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._bar.stop()


@contextmanager
def downloads_shown(*, quiet: bool) -> Iterator[None]:
    """Show the downloads within the block; Ctrl-C leaves what is there for the next time, and says so."""
    from rnnstudio.core.fetching import reporting_to

    if quiet:
        yield
        return
    shown = _Bar() if sys.stderr.isatty() else _Lines()
    try:
        with reporting_to(shown):
            yield
    except KeyboardInterrupt:
        shown.close()
        if shown.begun:
            click.echo("What was downloaded is kept, and the next start goes on from there.", err=True)
        raise
    finally:
        shown.close()


@click.command(short_help="Download the files of a data set.")
@click.argument("name")
@click.option("--quiet", is_flag=True, help="No progress; only where the files are, or what went wrong.")
def fetch(name: str, quiet: bool) -> None:
    """Make sure that the files of a data set (har, mnist_rows) are on this computer, and say where.

    They are looked for in the folder RNNSTUDIO_DATA, then among the downloads, else downloaded. A download that was
    broken off goes on where it stopped.
    """
    from rnnstudio import api

    with downloads_shown(quiet=quiet):
        path = api.fetch(name, verbose=0)
    click.echo(path)
