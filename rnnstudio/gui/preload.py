"""Loads modules while the start page is open, so that the first plots and the first training come sooner."""

from __future__ import annotations

from importlib import import_module


def load_plots() -> None:
    """Load the modules that draw."""
    import_module("rnnstudio.gui.pages")


def load_tensorflow() -> str:
    """Load TensorFlow and return the device that trains, such as "CPU: no GPU found"."""
    import_module("rnnstudio.engine.train")
    from rnnstudio.engine.runtime import device

    return ": ".join(device())
