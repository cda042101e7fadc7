"""Guards around every test: what a test starts, it must end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

_GRACE_SECONDS = 2.0  # a thread that has been told to end may need a moment


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread behind: it would go on training, or abort the process at its end."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _GRACE_SECONDS
    while leaked := [t for t in threading.enumerate() if t not in before and t.is_alive()]:
        if time.monotonic() > deadline:
            pytest.fail(f"left running: {', '.join(t.name for t in leaked)}")
        time.sleep(0.01)
