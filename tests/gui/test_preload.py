"""TensorFlow is loaded while the start page is open, and does not slow down the window afterwards."""

from __future__ import annotations

import gc
import time

import pytest

from rnnstudio.gui.preload import load_tensorflow


@pytest.fixture
def unfrozen():
    """Let Python search all objects for garbage again."""
    yield
    gc.unfreeze()


def test_a_search_for_garbage_passes_over_the_objects_of_tensorflow(unfrozen):
    assert load_tensorflow().startswith(("CPU", "GPU"))
    assert gc.get_freeze_count() > 100_000
    begin = time.thread_time()
    gc.collect()
    assert time.thread_time() - begin < 0.05
