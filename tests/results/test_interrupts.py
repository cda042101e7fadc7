"""Ctrl-C during a training in the calling process, as in R."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.results.interrupts import deferred_interrupts, should_raise_interrupt


def test_after_an_interrupt_the_run_is_saved_and_the_next_call_works() -> None:
    def interrupt(updates: float, metrics: dict[str, float]) -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt, match="saved as echo-1"):
        rs.train("echo", callback=interrupt, verbose=0)
    [saved] = api.runs()
    assert saved["outcome"] == "stopped"
    assert rs.train("echo", epochs=1, verbose=0).outcome == "completed"


@pytest.mark.parametrize("seconds", [0.5, 0.8, 1.1, 1.5])
def test_training_works_after_an_interrupt_at_any_time(seconds: float) -> None:
    ctrl_c = threading.Timer(seconds, signal.raise_signal, [signal.SIGINT])
    settings: dict[str, Any] = {"units": 6, "epochs": 100_000, "verbose": 0, "max_seconds": 30}
    ctrl_c.start()
    with pytest.raises(KeyboardInterrupt):
        rs.train("echo", **settings)  # compiles the first time
    ctrl_c.join()
    assert rs.train("echo", **{**settings, "epochs": 1}).outcome == "completed"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_first_interrupt_is_deferred_and_the_second_is_raised() -> None:
    assert should_raise_interrupt()  # no training
    with deferred_interrupts() as ctrl_c:
        assert should_raise_interrupt()  # the training has not started
        ctrl_c.deferring = True
        assert not should_raise_interrupt(reset=False)
        assert ctrl_c.pressed
        assert should_raise_interrupt()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert should_raise_interrupt()


def test_an_interrupt_goes_to_the_training_within_a_callback_first() -> None:
    inner: list[float] = []

    def press(updates: float, metrics: dict[str, float]) -> None:
        inner.append(updates)
        if len(inner) == 2:
            signal.raise_signal(signal.SIGINT)

    def callback(updates: float, metrics: dict[str, float]) -> bool:
        with pytest.raises(KeyboardInterrupt):
            rs.train("echo", callback=press, verbose=0, save=False, max_seconds=20)
        return False

    assert rs.train("echo", callback=callback, verbose=0, save=False).outcome == "stopped"
    assert len(inner) == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_after_an_interrupt_the_finished_seeds_are_saved_as_a_group() -> None:
    seen: list[float] = []

    def interrupt_the_second(updates: float, metrics: dict[str, float]) -> None:
        if seen and updates <= seen[-1]:
            signal.raise_signal(signal.SIGINT)
        seen.append(updates)

    settings: dict[str, Any] = {"units": 2, "epochs": 20, "verbose": 0}
    with pytest.raises(KeyboardInterrupt, match="the finished runs are saved as the group echo-seeds-1"):
        rs.train("echo", seeds=4, callback=interrupt_the_second, **settings)
    [group] = rs.groups()
    assert group["seeds"] == [0]
    assert {run["outcome"] for run in rs.runs()} == {"completed", "stopped"}
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


ENDED = """
import rnnstudio as rs
rs.train("echo", epochs=100_000, verbose=1)
print("not reached")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_script_that_is_ended_saves_its_run_first(home, name):
    process = subprocess.Popen([sys.executable, "-u", "-c", ENDED], stdout=subprocess.PIPE, text=True)
    next(line for line in process.stdout if line.startswith("update "))
    process.send_signal(getattr(signal, name))
    out, _ = process.communicate(timeout=60)
    assert process.returncode == -getattr(signal, name)
    assert "not reached" not in out
    assert [run["outcome"] for run in rs.runs()] == ["stopped"]
