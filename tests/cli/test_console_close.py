"""The end of a console on Windows, which is only acted here, stops a training of the terminal and saves its run."""

from __future__ import annotations

import signal
from typing import Any

import pytest

import rnnstudio as rs
from rnnstudio.cli import foreground
from tests.results.test_console_close import CLOSE, Console, console

__all__ = ["console"]


def test_the_training_of_the_terminal_is_stopped_and_saved(
    console: Console, invoke: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait, sent = foreground._wait_for_end, []

    def close_and_wait(*arguments: Any) -> Any:
        sent.append(console.send(CLOSE))
        return wait(*arguments)

    monkeypatch.setattr(foreground, "_wait_for_end", close_and_wait)
    handler = signal.getsignal(signal.SIGTERM)
    invoke("train", "toy", "--updates", "1000000", "--quiet")
    sent[0].join(5)
    assert console.has_ended.is_set()
    assert signal.getsignal(signal.SIGTERM) == handler
    assert console.handlers == []
    [row] = rs.runs()
    assert row["outcome"] == "stopped"
