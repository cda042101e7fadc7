"""The row above a figure along the updates: smoothing, scale, back to the newest."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget


class Controls(QWidget):
    """What a user can change about the view.

    Attributes:
        smoothing: How much the smooth line keeps with each new value, in hundredths.
        log_scale: Whether the vertical axis is logarithmic.
        latest: Follows the run again; hidden while it is followed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, 99)
        self.smoothing.setValue(60)
        self.smoothing.setMinimumWidth(60)
        self.smoothing.setMaximumWidth(110)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setToolTip("How much the line over the raw one is smoothed; 0 leaves the raw line alone.")
        self.log_scale = QCheckBox("log y")
        self.log_scale.setAccessibleName("Logarithmic vertical axis")
        self.log_scale.setToolTip("Powers of ten at equal distances. Values at or below zero have no place there.")
        self.latest = QToolButton()
        self.latest.setText("Latest")
        self.latest.setToolTip("Follow the run again; a double-click into the picture does the same.")
        kept = self.latest.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # the picture must not jump when it comes and goes
        self.latest.setSizePolicy(kept)
        self.latest.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 0)
        row.setSpacing(8)
        self._smooth = QLabel("smooth")
        for widget in (self._smooth, self.smoothing, self.log_scale):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.latest)

    def offer_smoothing(self, on: bool) -> None:
        """Show the slider, or hide it where there is nothing to smooth."""
        self._smooth.setVisible(on)
        self.smoothing.setVisible(on)

    @property
    def share(self) -> float:
        """How much the smooth line keeps with each new value, 0 to 0.99."""
        return self.smoothing.value() / 100
