"""When the next predictions for plots are due."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnstudio.engine import plot_schedule
from rnnstudio.engine.plot_schedule import INTERVAL_FACTOR, PlotSchedule


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(plot_schedule, "time", clock)
    return clock


def waits(schedule: PlotSchedule, clock: Clock) -> float:
    """Return the seconds until predictions of the held-out set are due, in tenths of a second."""
    begin = clock.seconds
    while not schedule.is_held_out_due():
        clock.seconds += 0.1
    return clock.seconds - begin


def test_predictions_are_due_after_ten_times_the_time_that_they_take(clock):
    schedule = PlotSchedule()
    schedule.held_out_done(2.0)
    assert waits(schedule, clock) == pytest.approx(INTERVAL_FACTOR * 2.0, abs=0.2)


def test_the_time_of_compiling_does_not_delay_the_predictions_after_it(clock):
    schedule = PlotSchedule()
    schedule.held_out_done(6.0, compiled=True)
    assert waits(schedule, clock) == pytest.approx(6.0, abs=0.2)
    schedule.held_out_done(0.1)
    assert waits(schedule, clock) == pytest.approx(1.0, abs=0.2)


@settings(deadline=None)
@given(seconds=st.floats(0.5, 20.0), chunk=st.floats(0.05, 2.0))
def test_slow_predictions_take_at_most_half_of_the_time_first_and_a_tenth_later(seconds, chunk):
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock()
        patch.setattr(plot_schedule, "time", clock)
        schedule, spent = PlotSchedule(), []
        for _ in range(4):
            clock.seconds += seconds
            schedule.held_out_done(seconds, compiled=not spent)
            before = clock.seconds
            while not schedule.is_held_out_due():
                clock.seconds += chunk
            spent.append(clock.seconds - before)
    assert spent[0] >= seconds
    assert min(spent[1:]) >= INTERVAL_FACTOR * seconds * 0.999
