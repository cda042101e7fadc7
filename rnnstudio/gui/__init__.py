"""The window. No other package imports Qt or pyqtgraph."""

from rnnstudio.gui.guarded import guard_overrides

guard_overrides()  # before any class is derived from one of Qt
