"""Which split the class predictions of a run belong to."""

from __future__ import annotations

from rnnstudio.core.history import History


def predicted_split(history: History) -> str:
    """Return the split of a run's class predictions: test, else val, else train, whichever has windows first."""
    windows = history.info.windows if history.info else {}
    return next((split for split in ("test", "val") if windows.get(split)), "train")
