"""Chunks of updates are sized so that each takes about the same time."""

import pytest

from rnnstudio.engine.pacing import TARGET_SECONDS, Pacer


def test_chunks_grow_to_the_target_time_and_never_beyond_the_maximum() -> None:
    pacer = Pacer(1000)
    per_update = 0.001
    for _ in range(10):
        pacer.done(pacer.size, pacer.size * per_update)
    assert pacer.size == pytest.approx(TARGET_SECONDS / per_update, rel=0.1)
    for _ in range(10):
        pacer.done(pacer.size, 0.0)
    assert pacer.size == 1000
    for _ in range(10):
        pacer.done(pacer.size, pacer.size * 10.0)
    assert pacer.size == 1


def test_the_first_chunk_includes_compiling_and_does_not_count() -> None:
    pacer = Pacer(100)
    pacer.done(1, 60.0)
    assert pacer.size == 4
