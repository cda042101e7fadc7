"""How far a training is, on standard error: a bar in a terminal, a line every two seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.output import console, number
from rnnstudio.core.events import Event, StepsDone
from rnnstudio.core.history import History

if TYPE_CHECKING:
    from rich.table import Table

_LINE_SECONDS = 2.0
_BAR_SECONDS = 0.1


class Progress:
    """Follows a run's events and says nothing; the base of those that do."""

    def __init__(self) -> None:
        self.history = History()
        self._clock: tuple[float, int] | None = None  # time and updates when the first chunk, which compiles, was done

    def take(self, event: Event) -> None:
        """Take note of an event."""
        self.history.apply(event)
        if isinstance(event, StepsDone) and self._clock is None:
            self._clock = time.monotonic(), self.history.step

    def draw(self) -> None:
        """Bring the terminal up to date; called about ten times a second."""

    def tell(self, sentence: str) -> None:
        """Say something that is no figure."""

    def close(self) -> None:
        """Leave the terminal as it was."""

    def position(self) -> str:
        """Return how far the run is."""
        log = self.history
        return f"update {log.step:,} of {log.updates:,}"

    def epoch(self) -> str:
        """Return the epoch; nothing where every update is one."""
        log = self.history
        if log.updates_per_epoch < 2:
            return ""
        last = -(-log.updates // log.updates_per_epoch)
        return f"epoch {min(log.step // log.updates_per_epoch + 1, last):,} of {last:,}"

    def figures(self) -> list[str]:
        """Return the newest figures, each with its name."""
        log = self.history
        found = [f"train_loss {number(float(log.loss.values[-1]))}"] if log.step else []
        newest = log.evaluations[-1] if log.evaluations else {}
        name = next((n for n in ("test_accuracy", "test_loss", "val_accuracy", "val_loss") if n in newest), None)
        if name is not None:
            found.append(f"{name} {number(newest[name])}")
        elif len(log.accuracy):
            found.append(f"train_accuracy {number(float(log.accuracy.values[-1]))}")
        return found

    def speed(self) -> float:
        """Return updates per second of the clock, looks at the test part included; 0 while unknown."""
        if self._clock is None:
            return 0.0
        began, first = self._clock
        done, spent = self.history.step - first, time.monotonic() - began
        return done / spent if done > 0 and spent > 0.2 else 0.0

    def left(self) -> str:
        """Return the time left if all planned updates are done."""
        speed = self.speed()
        if not speed:
            return ""
        seconds = round((self.history.updates - self.history.step) / speed)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02} left" if hours else f"{minutes}:{seconds:02} left"

    def pace(self) -> str:
        """Return the speed for reading."""
        speed = self.speed()
        return f"{speed:,.0f} updates/s" if speed >= 10 else f"{speed:.2g} updates/s" if speed else ""


class Lines(Progress):
    """A line now and then, for logs."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.monotonic()

    def draw(self) -> None:
        """Write a line if it is time."""
        now = time.monotonic()
        if self.history.step and now - self._last >= _LINE_SECONDS:
            self._last = now
            self.tell(
                "  ".join(filter(None, (self.position(), self.epoch(), *self.figures(), self.pace(), self.left())))
            )

    def tell(self, sentence: str) -> None:
        """Write a line."""
        click.echo(sentence, err=True)


class Bar(Progress):
    """A bar and the newest figures under it, redrawn in place and gone at the end."""

    def __init__(self) -> None:
        super().__init__()
        from rich.live import Live

        self._console = console(stderr=True)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._said = ""
        self._last = 0.0
        self._widths: list[int] = []
        self._live.start()

    def take(self, event: Event) -> None:
        """Take note of an event; the first updates end the preparations."""
        if isinstance(event, StepsDone) and not self.history.step:
            self._said = ""
        super().take(event)

    def draw(self) -> None:
        """Draw, but not more often than can be seen."""
        now = time.monotonic()
        if now - self._last >= _BAR_SECONDS:
            self._last = now
            self._live.update(self._picture(), refresh=True)

    def tell(self, sentence: str) -> None:
        """Show a sentence until the next."""
        self._said = sentence
        self._live.update(self._picture(), refresh=True)

    def close(self) -> None:
        """Take the bar away and give the cursor back."""
        self._live.stop()

    def _picture(self) -> Any:
        from rich.console import Group
        from rich.text import Text

        if not self.history.step:
            return Text(self._said)
        figures = Text(self._in_place([self.epoch(), *self.figures(), self.pace()]), no_wrap=True)
        return Group(self._bar(), figures, *([Text(self._said)] if self._said else []))

    def _in_place(self, texts: list[str]) -> str:
        """Return the texts side by side, each as wide as it has ever been, so that none jumps about."""
        self._widths += [0] * (len(texts) - len(self._widths))
        self._widths = [max(width, len(text)) for width, text in zip(self._widths, texts, strict=False)]
        return "   ".join(text.ljust(width) for text, width in zip(texts, self._widths, strict=False) if width)

    def _bar(self) -> Table:
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        log = self.history
        row = Table.grid(expand=True, padding=(0, 2, 0, 0))
        row.add_column(ratio=1)
        for _ in range(3):
            row.add_column(no_wrap=True, justify="right")
        share = log.step / log.updates if log.updates else 0.0
        row.add_row(
            ProgressBar(total=1.0, completed=share, complete_style="cyan", finished_style="cyan"),
            f"{share:.0%}",
            self.position(),
            self.left(),
        )
        return row


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """Give what suits the terminal, and leave the terminal as it was."""
    shown = Progress() if quiet else Bar() if sys.stderr.isatty() else Lines()
    try:
        yield shown
    finally:
        shown.close()
