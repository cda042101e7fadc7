"""Class names that fit."""

from PySide6.QtGui import QFontMetricsF

from rnnstudio.gui.charts.text import shorten, small_font, split_name


def test_long_names_are_split_near_their_middle():
    assert [split_name(name) for name in ("WALKING_DOWNSTAIRS", "LAYING", "a b c d e f")] == [
        ["WALKING_", "DOWNSTAIRS"],
        ["LAYING"],
        ["a b c", "d e f"],
    ]


def test_the_last_word_of_a_name_is_shortened_last(qapp):
    metrics = QFontMetricsF(small_font())
    name = "WALKING_DOWNSTAIRS"
    assert shorten(name, 1000, metrics) == name
    assert shorten(name, metrics.horizontalAdvance("W. DOWNSTAIRS") + 1, metrics) == "W. DOWNSTAIRS"
    assert shorten(name, metrics.horizontalAdvance("W. DOWN"), metrics).endswith("…")
