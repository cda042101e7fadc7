"""Bars of class probabilities."""

import numpy as np
from PySide6.QtCore import QRectF

from rnnstudio.gui.charts.probability_bars import bar_boxes


def test_the_true_class_has_a_bar_even_if_it_is_the_least_likely(qapp):
    names = tuple(f"class {i}" for i in range(40))
    probabilities = np.linspace(0.05, 0.0, 40, dtype=np.float32)
    classes = [c for c, _ in bar_boxes(QRectF(0, 0, 150, 60), names, probabilities, truth=39)]
    assert classes == sorted(classes)
    assert classes[0] == 0
    assert classes[-1] == 39
    assert len(classes) < 8
