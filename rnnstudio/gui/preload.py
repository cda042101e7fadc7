"""Loads modules while the start page is open, so that the first plots and the first training come sooner."""

from __future__ import annotations

import gc
from importlib import import_module


def load_plots() -> None:
    """Load the modules that draw."""
    import_module("rnnstudio.gui.pages")
    gc.freeze()  # else Python searches these modules for garbage now and then, and the window waits


def load_tensorflow() -> str:
    """Load TensorFlow and return the device that trains, such as "CPU: no GPU found"."""
    import_module("rnnstudio.engine.train")
    from rnnstudio.engine.runtime import device

    gc.freeze()  # else Python searches TensorFlow's objects for garbage now and then, and the window waits for 0.2 s
    return ": ".join(device())
