"""The window. No other package imports Qt or pyqtgraph."""
