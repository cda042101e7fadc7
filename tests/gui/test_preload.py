"""TensorFlow is loaded while the start page is open, and does not slow down the window afterwards."""

from __future__ import annotations

import gc

import pytest

from rnnstudio.gui.preload import load_tensorflow


@pytest.fixture
def unfrozen():
    """Let Python search all objects for garbage, which tests/guards.py prevents, and prevent it again."""
    gc.unfreeze()
    yield
    gc.freeze()


def test_a_search_for_garbage_passes_over_the_objects_of_tensorflow(unfrozen):
    assert load_tensorflow().startswith(("CPU", "GPU"))
    assert gc.get_freeze_count() > 100_000
    assert len(gc.get_objects()) < 10_000  # those of a search
