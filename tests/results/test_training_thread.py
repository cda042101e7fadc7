"""A session tells every event, then exactly one end, whatever its work does; no TensorFlow here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.events import Event, Finished, StepsDone
from rnnstudio.results.event_queue import EventQueue
from rnnstudio.results.training_thread import TrainingEnded, TrainingThread

Emit = Callable[[Event], None]
Stop = Callable[[], bool]


def chunk(step: int) -> StepsDone:
    return StepsDone(step, np.ones(1, np.float32))


def endless(emit: Emit, should_stop: Stop) -> str:
    step = 0
    while not should_stop():
        emit(chunk(step))
        step += 1
        time.sleep(0.001)
    emit(Finished("stopped"))
    return "kept"


def session(work: Any) -> tuple[TrainingThread, EventQueue[Any]]:
    queue: EventQueue[Any] = EventQueue()
    return TrainingThread(work, queue), queue


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_stop_ends_the_work_and_gives_its_result() -> None:
    running, queue = session(endless)
    running.start()
    seen: list[Any] = []
    wait_for(lambda: bool(seen.extend(queue.drain()) or len(seen) > 3))
    assert running.running
    running.stop()
    assert running.join(5)
    seen += queue.drain()
    assert [m.first_step for m in seen[:-2]] == list(range(len(seen) - 2))
    assert seen[-2] == Finished("stopped")
    assert seen[-1] == TrainingEnded("kept", None)
    assert not running.running


def test_pause_holds_the_work_and_resume_lets_it_go_on() -> None:
    running, queue = session(endless)
    running.start()
    wait_for(lambda: bool(queue.drain()))
    running.pause()
    assert running.paused
    time.sleep(0.05)  # what was under way may still be told
    queue.drain()
    time.sleep(0.05)
    assert queue.drain() == []
    assert running.running
    running.resume()
    assert not running.paused
    wait_for(lambda: bool(queue.drain()))
    running.stop()
    assert running.join(5)


def test_stop_ends_a_paused_session() -> None:
    running, queue = session(endless)
    running.pause()
    running.start()
    time.sleep(0.02)
    assert queue.drain() == []
    running.stop()
    assert running.join(5)
    assert queue.drain() == [Finished("stopped"), TrainingEnded("kept", None)]


@pytest.mark.parametrize("problem", [ValueError("the data are wrong"), KeyboardInterrupt(), SystemExit(3)])
def test_work_that_raises_still_finishes_once(problem: BaseException) -> None:
    def work(emit: Emit, should_stop: Stop) -> None:
        emit(chunk(0))
        raise problem

    running, queue = session(work)
    running.start()
    assert running.join(5)
    _, finished, ended = queue.drain()
    assert (finished.outcome, finished.error) == ("failed", str(problem) or type(problem).__name__)
    assert ended == TrainingEnded(None, problem)


def test_work_that_fails_after_its_end_is_not_finished_twice() -> None:
    def work(emit: Emit, should_stop: Stop) -> None:
        emit(Finished("completed"))
        raise OSError("the disk is full")

    running, queue = session(work)
    running.start()
    assert running.join(5)
    finished, ended = queue.drain()
    assert finished == Finished("completed")
    assert str(ended.error) == "the disk is full"


def test_joining_what_never_began_returns_at_once() -> None:
    running, _ = session(endless)
    assert running.join(5)
    assert not running.running


def test_the_mailbox_loses_nothing_and_rings_once_per_emptying() -> None:
    rings: list[None] = []
    queue: EventQueue[tuple[int, int]] = EventQueue(lambda: rings.append(None))
    count = 20_000

    def put(who: int) -> None:
        for i in range(count):
            queue.put((who, i))

    threads = [threading.Thread(target=put, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    got: list[tuple[int, int]] = []
    drains = 0
    while any(t.is_alive() for t in threads):
        found = queue.drain()
        drains += bool(found)
        got += found
    for thread in threads:
        thread.join()
    last = queue.drain()
    got += last
    drains += bool(last)
    for who in (0, 1):
        assert [i for w, i in got if w == who] == list(range(count))
    assert len(rings) == drains
    assert queue.drain() == []
