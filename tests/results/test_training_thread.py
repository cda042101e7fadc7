"""A training thread reports every event and then exactly one end, whatever its function does; without TensorFlow."""

from __future__ import annotations

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


def one_step(step: int) -> StepsDone:
    return StepsDone(step, np.ones(1, np.float32))


def train_until_stopped(emit: Emit, should_stop: Stop) -> str:
    step = 0
    while not should_stop():
        emit(one_step(step))
        step += 1
        time.sleep(0.001)
    emit(Finished("stopped"))
    return "result"


def create(train: Any) -> tuple[TrainingThread, EventQueue[Any]]:
    queue: EventQueue[Any] = EventQueue()
    return TrainingThread(train, queue), queue


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_stop_ends_the_training_with_its_result() -> None:
    thread, queue = create(train_until_stopped)
    thread.start()
    events: list[Any] = []
    wait_for(lambda: bool(events.extend(queue.drain()) or len(events) > 3))
    assert thread.running
    thread.stop()
    assert thread.join(5)
    events += queue.drain()
    assert [event.first_step for event in events[:-2]] == list(range(len(events) - 2))
    assert events[-2] == Finished("stopped")
    assert events[-1] == TrainingEnded("result", None)
    assert not thread.running


def test_pause_interrupts_the_training_and_resume_continues_it() -> None:
    thread, queue = create(train_until_stopped)
    thread.start()
    wait_for(lambda: bool(queue.drain()))
    thread.pause()
    assert thread.paused
    time.sleep(0.05)  # the current step may still be reported
    queue.drain()
    time.sleep(0.05)
    assert queue.drain() == []
    assert thread.running
    thread.resume()
    assert not thread.paused
    wait_for(lambda: bool(queue.drain()))
    thread.stop()
    assert thread.join(5)


def test_stop_ends_a_paused_training() -> None:
    thread, queue = create(train_until_stopped)
    thread.pause()
    thread.start()
    time.sleep(0.02)
    assert queue.drain() == []
    thread.stop()
    assert thread.join(5)
    assert queue.drain() == [Finished("stopped"), TrainingEnded("result", None)]


@pytest.mark.parametrize("problem", [ValueError("the data are not valid"), KeyboardInterrupt(), SystemExit(3)])
def test_a_training_that_raises_finishes_exactly_once(problem: BaseException) -> None:
    def train(emit: Emit, should_stop: Stop) -> None:
        emit(one_step(0))
        raise problem

    thread, queue = create(train)
    thread.start()
    assert thread.join(5)
    _, finished, ended = queue.drain()
    assert (finished.outcome, finished.error) == ("failed", str(problem) or type(problem).__name__)
    assert ended == TrainingEnded(None, problem)


def test_a_training_that_fails_after_its_end_does_not_finish_twice() -> None:
    def train(emit: Emit, should_stop: Stop) -> None:
        emit(Finished("completed"))
        raise OSError("the disk is full")

    thread, queue = create(train)
    thread.start()
    assert thread.join(5)
    finished, ended = queue.drain()
    assert finished == Finished("completed")
    assert str(ended.error) == "the disk is full"


def test_join_returns_at_once_if_the_thread_was_not_started() -> None:
    thread, _ = create(train_until_stopped)
    assert thread.join(5)
    assert not thread.running
