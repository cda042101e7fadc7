"""`rnnstudio fetch`, and the progress of downloads: a bar in a terminal, a line every two seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from rnnstudio.cli.output import console, echo

if TYPE_CHECKING:
    from rnnstudio.core.events import Fetching

_LINE_SECONDS = 2.0


class _DownloadLines:
    """A line every two seconds, for logs."""

    def __init__(self) -> None:
        self.started = False
        self._last = 0.0

    def __call__(self, event: Fetching) -> None:
        self.started = True
        now = time.monotonic()
        if event.note or now - self._last >= _LINE_SECONDS or 0 < event.total == event.done:
            self._last = now
            echo(event.note or event.text, err=True)

    def close(self) -> None:
        """Restore the terminal: nothing to do."""


class _DownloadBar:
    """A bar that is removed at the end."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        self.started = False
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
        if not self.started:
            self.started = True
            self._bar.start()
        if event.note:
            self._bar.console.print(event.note)
        self._bar.update(
            self._task, description=f"fetching {event.name}", completed=event.done, total=event.total or None
        )

    def close(self) -> None:
        """Restore the terminal."""
        self._bar.stop()


@contextmanager
def download_progress(*, quiet: bool) -> Iterator[None]:
    """Show the progress of downloads within the block; after Ctrl-C the next download continues."""
    from rnnstudio.core.fetching import reporting_to

    if quiet:
        yield
        return
    display = _DownloadBar() if sys.stderr.isatty() else _DownloadLines()
    try:
        with reporting_to(display):
            yield
    except KeyboardInterrupt:
        display.close()
        if display.started:
            echo("The partial download is saved; the next download continues from there.", err=True)
        raise
    finally:
        display.close()


@click.command(short_help="Download the files of a data set.")
@click.argument("name")
@click.option("--quiet", is_flag=True, help="No progress; only the path, or an error.")
def fetch(name: str, quiet: bool) -> None:
    """Make sure that the files of a data set (har, mnist_rows) are on this computer, and print their path.

    Files in the folder RNNSTUDIO_DATA are used first, then earlier downloads. Otherwise they are downloaded. An
    interrupted download continues where it ended.
    """
    from rnnstudio import api

    with download_progress(quiet=quiet):
        path = api.fetch(name, verbose=0)
    echo(path)
