"""Progress of a training on standard error: a bar in a terminal, a line every two seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rnnstudio.cli.output import console, echo, number
from rnnstudio.core.events import Event, FollowUp, NotSaved, Started, StepsDone
from rnnstudio.core.history import History
from rnnstudio.core.wording import metric_label

if TYPE_CHECKING:
    from rich.table import Table

_LINE_SECONDS = 2.0
_BAR_SECONDS = 0.1
_MIN_SPEED_SECONDS = 0.2  # a shorter time gives no reliable speed


class Progress:
    """Collects the events of trainings and shows nothing; the base of the classes that show them."""

    def __init__(self) -> None:
        self.history = History()
        self.runs, self._run = 1, 0  # number of trainings, one after the other, and of the current one
        self._first_chunk: tuple[float, int] | None = (
            None  # time and updates at its end, so that the speed leaves out the compilation
        )

    def handle(self, event: Event) -> None:
        """Handle one event; the events of another training follow those of a finished one."""
        if isinstance(event, Started):
            self._run += 1
            if self.history.outcome is not None:
                self.history, self._first_chunk = History(), None
        self.history.apply(event)
        if isinstance(event, NotSaved):
            self.say(event.text)
        if isinstance(event, StepsDone) and self._first_chunk is None:
            self._first_chunk = time.monotonic(), self.history.step

    def draw(self) -> None:
        """Update the terminal; called about ten times a second."""

    def say(self, sentence: str) -> None:
        """Show a sentence."""

    def close(self) -> None:
        """Restore the terminal."""

    def updates(self) -> str:
        """Return the number of updates done, and planned."""
        run = f"run {self._run} of {self.runs}  " if self.runs > 1 else ""
        return f"{run}update {self.history.step:,} of {self.history.updates:,}"

    def epoch(self) -> str:
        """Return the epoch; empty where each update is one epoch."""
        history = self.history
        if history.updates_per_epoch < 2:
            return ""
        last = -(-history.updates // history.updates_per_epoch)
        return f"epoch {min(history.step // history.updates_per_epoch + 1, last):,} of {last:,}"

    def metrics(self) -> list[str]:
        """Return the newest metrics with their labels."""
        history = self.history
        texts = [_metric_text("train_loss", float(history.loss.values[-1]))] if history.step else []
        newest = history.evaluations[-1] if history.evaluations else {}
        name = next((n for n in ("test_accuracy", "test_loss", "val_accuracy", "val_loss") if n in newest), None)
        if name is not None:
            texts.append(_metric_text(name, newest[name]))
        elif len(history.accuracy):
            texts.append(_metric_text("train_accuracy", float(history.accuracy.values[-1])))
        return texts

    def updates_per_second(self) -> float:
        """Return the speed in elapsed time, evaluations included; 0 while it is unknown."""
        if self._first_chunk is None:
            return 0.0
        began, first = self._first_chunk
        updates, seconds = self.history.step - first, time.monotonic() - began
        return updates / seconds if updates > 0 and seconds > _MIN_SPEED_SECONDS else 0.0

    def time_left(self) -> str:
        """Return the time until all planned updates are done."""
        speed = self.updates_per_second()
        if not speed:
            return ""
        seconds = round((self.history.updates - self.history.step) / speed)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02} left" if hours else f"{minutes}:{seconds:02} left"

    def speed(self) -> str:
        """Return the speed as text; empty while it is unknown."""
        speed = self.updates_per_second()
        return f"{speed:,.0f} updates/s" if speed >= 10 else f"{speed:.2g} updates/s" if speed else ""


def _metric_text(name: str, value: float) -> str:
    return f"{metric_label(name)} {number(value)}"


class Lines(Progress):
    """A line every two seconds, for logs."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.monotonic()

    def draw(self) -> None:
        """Write a line if two seconds have passed."""
        now = time.monotonic()
        if self.history.outcome is not None:
            return
        if self.history.step and now - self._last >= _LINE_SECONDS:
            self._last = now
            texts = (self.updates(), self.epoch(), *self.metrics(), self.speed(), self.time_left())
            self.say("  ".join(filter(None, texts)))

    def handle(self, event: Event) -> None:
        """Handle one event; what follows the training is said once."""
        super().handle(event)
        if isinstance(event, FollowUp) and event.text:
            self.say(f"{event.text[0].upper()}{event.text[1:]} ...")

    def say(self, sentence: str) -> None:
        """Write a line."""
        echo(sentence, err=True)


class Bar(Progress):
    """A bar above the newest metrics, redrawn in place and removed at the end."""

    def __init__(self) -> None:
        super().__init__()
        from rich.live import Live

        self._console = console(stderr=True)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._sentence = ""
        self._last = 0.0
        self._widths: list[int] = []
        self._live.start()

    def handle(self, event: Event) -> None:
        """Handle one event; the first updates replace the sentence about the preparations."""
        if isinstance(event, StepsDone) and not self.history.step:
            self._sentence = ""
        if isinstance(event, FollowUp):
            self._sentence = f"{event.text[0].upper()}{event.text[1:]} ..." if event.text else ""
        super().handle(event)

    def draw(self) -> None:
        """Redraw at most ten times a second."""
        now = time.monotonic()
        if now - self._last >= _BAR_SECONDS:
            self._last = now
            self._live.update(self._content(), refresh=True)

    def say(self, sentence: str) -> None:
        """Show a sentence until the next one."""
        self._sentence = sentence
        self._live.update(self._content(), refresh=True)

    def close(self) -> None:
        """Remove the bar and show the cursor again."""
        self._live.stop()

    def _content(self) -> Any:
        from rich.console import Group
        from rich.text import Text

        from rnnstudio.core.visible_text import visible

        sentence = visible(self._sentence)
        if not self.history.step:
            return Text(sentence)
        line = Text(self._in_columns([self.epoch(), *self.metrics()]), no_wrap=True)
        return Group(self._bar(), line, *([Text(sentence)] if sentence else []))

    def _in_columns(self, texts: list[str]) -> str:
        """Return the texts in columns that never get narrower, so that the numbers do not move."""
        self._widths += [0] * (len(texts) - len(self._widths))
        self._widths = [max(width, len(text)) for width, text in zip(self._widths, texts, strict=False)]
        return "   ".join(text.ljust(width) for text, width in zip(texts, self._widths, strict=False) if width)

    def _bar(self) -> Table:
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        history = self.history
        row = Table.grid(expand=True, padding=(0, 2, 0, 0))
        row.add_column(ratio=1)
        for _ in range(4):
            row.add_column(no_wrap=True, justify="right")
        share = history.step / history.updates if history.updates else 0.0
        row.add_row(
            ProgressBar(total=1.0, completed=share, complete_style="cyan", finished_style="cyan"),
            f"{share:.0%}",
            self.updates(),
            self.speed(),
            self.time_left(),
        )
        return row


@contextmanager
def progress_display(*, quiet: bool) -> Iterator[Progress]:
    """Yield the display that suits the terminal, and restore the terminal at the end."""
    display = Progress() if quiet else Bar() if sys.stderr.isatty() else Lines()
    try:
        yield display
    finally:
        display.close()
