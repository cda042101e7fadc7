"""Plots of a run, one module each, which is named after the plot."""

from __future__ import annotations

from rnnstudio.core.registry import Registry
from rnnstudio.gui.charts.plot import Plot

__all__ = ["PLOTS", "Plot", "plot"]

PLOTS: Registry[type[Plot]] = Registry("plot", "rnnstudio.gui.plots")


def plot(cls: type[Plot]) -> type[Plot]:
    """Register a plot under its `name`."""
    return PLOTS.register(cls.name)(cls)
