"""Schedule of the predictions for plots, which limits them to a small share of the training time."""

from __future__ import annotations

import time

_BATCH_SECONDS = 0.1  # shortest time between two plots of the training batch
INTERVAL_FACTOR = 10  # shortest time between two plots of the held-out set, in times that one takes: a free run is slow


class PlotSchedule:
    """Decides whether it is time for the next predictions."""

    def __init__(self) -> None:
        self._last = self._seconds = 0.0

    def is_batch_due(self) -> bool:
        """Return whether predictions of the training batch are due."""
        return time.monotonic() - self._last > _BATCH_SECONDS

    def batch_done(self) -> None:
        """Record that predictions of the training batch are computed now."""
        self._last = time.monotonic()

    def is_held_out_due(self) -> bool:
        """Return whether predictions of the held-out set are due."""
        return time.monotonic() - self._last > INTERVAL_FACTOR * self._seconds

    def held_out_done(self, seconds: float, *, compiled: bool = False) -> None:
        """Record that predictions of the held-out set have been computed.

        Args:
            seconds: The time that they took.
            compiled: Whether a program was compiled during that time, which then says little about the next ones: these
                are due after the same time once, so that even a slow free run takes at most half of it.
        """
        self._last, self._seconds = time.monotonic(), seconds / INTERVAL_FACTOR if compiled else seconds
