"""The row of controls above training curves: smoothing, logarithmic axis, back to the newest update."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSlider, QToolButton, QWidget

from rnnstudio.gui.plain_text import PlainLabel


class CurveControls(QWidget):
    """The settings of a view of training curves.

    Attributes:
        smoothing: Slider of the smoothing factor, in hundredths.
        log_scale: Whether the vertical axis is logarithmic.
        latest: Button that makes the view follow the run again; hidden while it does.
    """

    def __init__(self) -> None:
        super().__init__()
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, 99)
        self.smoothing.setValue(60)
        self.smoothing.setMinimumWidth(60)
        self.smoothing.setMaximumWidth(110)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setToolTip("Smoothing factor of the exponential moving average; 0 shows the raw values only.")
        self.log_scale = QCheckBox("Log scale")
        self.log_scale.setAccessibleName("Logarithmic vertical axis")
        self.log_scale.setToolTip("Logarithmic vertical axis. Values of zero and below cannot be shown on it.")
        self.latest = QToolButton()
        self.latest.setText("Latest")
        self.latest.setToolTip("Follow the run again. A double-click on the plot does the same.")
        policy = self.latest.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # else the plot changes its size with the button
        self.latest.setSizePolicy(policy)
        self.latest.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 0)
        row.setSpacing(8)
        self._smoothing_label = PlainLabel("Smoothing")
        for widget in (self._smoothing_label, self.smoothing, self.log_scale):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.latest)

    def show_smoothing(self, visible: bool) -> None:
        """Show or hide the slider; there is nothing to smooth without a value per update."""
        self._smoothing_label.setVisible(visible)
        self.smoothing.setVisible(visible)

    @property
    def smoothing_factor(self) -> float:
        """Weight of the previous average at each update, 0 to 0.99."""
        return self.smoothing.value() / 100
