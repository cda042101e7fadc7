"""What the last bits of a training depend on besides the versions of packages."""

from __future__ import annotations

import os
import platform
from importlib import import_module
from typing import Any

from rnnstudio.core.processor import processor_lines


def machine() -> dict[str, Any]:
    """Return the name of the processor, its instruction set, its threads, and the flags of the compiler."""
    return {
        "processor": _processor(),
        "machine": platform.machine(),
        "instructions": " ".join(_instructions()),
        "threads": os.cpu_count() or 0,
        "xla_flags": os.environ.get("XLA_FLAGS", ""),
    }


def _processor() -> str:
    """Return the name of the processor; Python knows it on Windows and macOS only."""
    names = ("model name", "Model", "CPU part")
    named = (line.partition(":")[2].strip() for line in processor_lines() if line.startswith(names))
    return next(named, "") or platform.processor() or platform.machine()


def _instructions() -> list[str]:
    """Return the names of the instructions of the processor that NumPy knows; empty where it does not say."""
    try:
        features = import_module("numpy._core._multiarray_umath").__cpu_features__
    except (ImportError, AttributeError):
        return []
    return sorted(name for name, is_there in features.items() if is_there)
