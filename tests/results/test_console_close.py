"""The end of a console on Windows stops a training and waits until it is saved; with a Windows that is only acted."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

import rnnstudio as rs
from rnnstudio.results import console_close
from rnnstudio.results.console_close import stopping_on_console_close
from rnnstudio.results.interrupts import deferred_interrupts

CTRL_C, CLOSE, LOGOFF, SHUTDOWN = 0, 2, 5, 6


class Console:
    """What Windows has of a console: the handlers of its events, which it calls on threads of its own."""

    def __init__(self) -> None:
        self.handlers: list[Callable[[int], bool]] = []
        self.has_ended = threading.Event()

    def SetConsoleCtrlHandler(self, handler: Callable[[int], bool], add: bool) -> int:
        if add:
            self.handlers.append(handler)
        else:
            self.handlers.remove(handler)
        return 1

    def send(self, number: int) -> threading.Thread:
        """Call the handlers, the last one first, until one returns true; then the process would end."""

        def call() -> None:
            if any(handler(number) for handler in reversed(self.handlers)):
                self.has_ended.set()

        thread = threading.Thread(target=call)
        thread.start()
        return thread


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Console:
    console = Console()
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=console), raising=False)
    monkeypatch.setattr(ctypes, "WINFUNCTYPE", lambda *types: lambda function: function, raising=False)
    return console


@pytest.mark.parametrize("number", [CLOSE, LOGOFF, SHUTDOWN])
def test_windows_is_kept_waiting_until_the_block_has_ended(console: Console, number: int) -> None:
    stopped = threading.Event()
    with stopping_on_console_close(lambda: stopped.set() or True):  # type: ignore[func-returns-value]
        console.send(number)
        assert stopped.wait(5)
        assert not console.has_ended.wait(0.1)
    assert console.has_ended.wait(5)
    assert console.handlers == []


def test_windows_is_not_kept_waiting_for_longer_than_it_waits(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 3 < console_close._SECONDS < 5  # Windows ends a process after 5 s
    monkeypatch.setattr(console_close, "_SECONDS", 0.05)
    with stopping_on_console_close(lambda: True):
        console.send(CLOSE).join(5)
        assert console.has_ended.is_set()


def test_other_events_are_left_to_other_handlers(console: Console) -> None:
    with stopping_on_console_close(lambda: pytest.fail("it was stopped")):
        console.send(CTRL_C).join(5)
    assert not console.has_ended.is_set()


def test_where_nothing_trains_the_process_ends_at_once(console: Console) -> None:
    with deferred_interrupts() as handler:
        console.send(CLOSE).join(5)
        assert console.has_ended.is_set()
        assert not handler.pressed


def test_the_training_of_a_script_is_stopped_and_saved(console: Console, home: Any) -> None:
    threads: list[threading.Thread] = []

    def close(step: int, metrics: Any) -> bool:
        if not threads:
            threads.append(console.send(CLOSE))
        time.sleep(0.005)
        assert not console.has_ended.is_set()
        return True

    with pytest.raises(KeyboardInterrupt, match="saved as toy-1"):
        rs.train("toy", updates=100_000, verbose=0, callback=close)
    threads[0].join(5)
    assert console.has_ended.is_set()
    assert rs.load("toy-1").outcome == "stopped"  # type: ignore[union-attr]
