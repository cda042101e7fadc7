"""What the last bits of a training depend on."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path

import pytest

import rnnstudio as rs
from rnnstudio.results import machine as machines
from rnnstudio.results import resuming
from rnnstudio.results.machine import machine
from tests.interrupted import crashed


def test_a_run_keeps_processor_instructions_threads_and_flags(home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=false")
    folder = crashed("toy", updates=400, units=2)
    stored = json.loads((folder / "run.json").read_text())["training"]
    assert stored["threads"] == os.cpu_count()
    assert stored["xla_flags"] == "--xla_cpu_enable_fast_math=false"
    assert stored["machine"] == platform.machine()
    assert stored["processor"]
    if platform.machine() == "x86_64":
        assert {"SSE2", "SSE3"} <= set(stored["instructions"].split())
    if platform.system() == "Linux" and platform.machine() == "x86_64":
        assert stored["processor"] in Path("/proc/cpuinfo").read_text(encoding="utf-8")


def test_going_on_elsewhere_says_that_the_last_bits_may_differ(home, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = crashed("toy", updates=400, units=2)
    assert not any("bits" in warning for warning in rs.resume(folder, updates=5, verbose=0).warnings)
    other = machine() | {"instructions": "SSE2", "threads": 64}
    monkeypatch.setattr(resuming, "machine", lambda: other)
    warnings = rs.resume(folder, updates=5, verbose=0).warnings
    assert "The training went on with other values of instructions, threads, so the last bits may differ." in warnings


def test_where_numpy_does_not_say_the_instructions_are_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(machines, "import_module", absent)
    assert machine()["instructions"] == ""
