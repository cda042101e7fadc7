"""How many updates one call runs: enough to make Python's overhead negligible, few enough to stop at once."""

from __future__ import annotations

TARGET_SECONDS = 0.05


class Pacer:
    """Adapts the number of updates per chunk, so that a chunk takes about `TARGET_SECONDS`.

    The number never changes what is computed.

    Args:
        max_size: Largest number of updates in one chunk.
    """

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self.size = 1
        self._is_warm = False

    def done(self, updates: int, seconds: float) -> None:
        """Adapt to a chunk of `updates` that took `seconds`; the first one is ignored, because it compiles."""
        if not self._is_warm:
            self._is_warm, self.size = True, min(4, self.max_size)
            return
        if seconds <= 0:
            self.size = min(self.size * 4, self.max_size)
            return
        wanted = updates * TARGET_SECONDS / seconds
        self.size = int(min(max(1.0, wanted, self.size / 4), self.size * 4, self.max_size))
