"""How many updates one call runs: enough that Python costs nothing, few enough that Stop answers at once."""

from __future__ import annotations

TARGET_SECONDS = 0.05


class Pacer:
    """Adapts the number of updates per chunk to about `TARGET_SECONDS`.

    The number never changes what is computed, only how often Python looks up.

    Args:
        most: Largest number of updates in one chunk.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 1
        self._warm = False

    def done(self, updates: int, seconds: float) -> None:
        """Take note that a chunk of `updates` took `seconds`; the first one compiles and says nothing about speed."""
        if not self._warm:
            self._warm, self.size = True, min(4, self.most)
            return
        if seconds <= 0:
            self.size = min(self.size * 4, self.most)
            return
        wanted = updates * TARGET_SECONDS / seconds
        self.size = int(min(max(1.0, wanted, self.size / 4), self.size * 4, self.most))
