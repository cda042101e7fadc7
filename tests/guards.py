"""Around every test: a test ends the threads it starts, and need not wait for the garbage of what was imported."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator

import pytest

_GRACE_SECONDS = 2.0  # a thread that was asked to end may need a moment


def pytest_collection_finish() -> None:
    """Keep what the test files imported, TensorFlow above all, out of every search for garbage: 0.2 s each."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail a test that leaves a thread running: it could continue to train, or abort the process at exit."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _GRACE_SECONDS
    while leaked := [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads still running: {', '.join(thread.name for thread in leaked)}")
        time.sleep(0.01)
