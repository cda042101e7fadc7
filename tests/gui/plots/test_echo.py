"""The echo plot."""

from __future__ import annotations

import numpy as np
import pandas as pd
from PySide6.QtGui import QColor

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.events import Predicted
from rnnstudio.gui.theme import LIGHT
from tests.gui.histories import WINDOW, add_steps, dated, finished_history, label_predictions, started_history


def test_incorrect_steps_are_outlined_and_counted(draw_plot):
    history = started_history("echo", 10)
    add_steps(history, np.ones(10))
    history.apply(Predicted(10, label_predictions(incorrect=[(1, 4), (1, 5), (3, 14)])))
    plot = draw_plot("echo", "echo", history, size=(900, 600))
    assert [[rect.x() for rect in row.incorrect] for row in plot.rows] == [[], [4, 5], [], [14], []]
    assert "72 of 75 correct (96.0\u202f%)" in plot.legend.texts
    outline = plot.rows[3].mapRectToScene(plot.rows[3].incorrect[0])
    image = plot.drawing.image()
    edge = range(round(outline.left()) - 2, round(outline.left()) + 3)
    assert QColor(LIGHT.text).rgb() in {image.pixel(x, round(outline.center().y())) for x in edge}


def test_bars_have_the_heights_of_the_publication(draw_plot):
    history = started_history("echo", 1)
    add_steps(history, [0.7])
    history.apply(Predicted(1, label_predictions()))
    plot = draw_plot("echo", "echo", history)
    for row in plot.rows:
        heights = [{rect.height() for rect in rects} for _, rects in row.layers]
        assert heights == [{1.0}, {0.5}, {0.3}]
        assert row.boundingRect().getRect() == (0, 0, WINDOW, 2)


def test_more_than_two_classes_are_bars_of_different_heights(draw_plot):
    history = started_history("echo", 1)
    history.info = DataInfo(**{**vars(history.info), "classes": ("a", "b", "c")})
    add_steps(history, [0.7])
    history.apply(Predicted(1, label_predictions(classes=3)))
    plot = draw_plot("echo", "echo", history)
    heights = {round(rect.height(), 3) for row in plot.rows for rect in row.layers[1][1]}
    assert heights == {0.25, 0.5}


def test_the_table_has_a_row_per_step(draw_plot):
    table = draw_plot("echo", "echo", finished_history("echo", 10)).to_frame()
    assert table.shape == (5 * WINDOW, 5)
    np.testing.assert_array_equal(table["truth"].to_numpy(int).reshape(5, WINDOW), label_predictions().truth)


def test_rows_have_dates(draw_plot):
    plot = draw_plot("echo", "echo", dated(finished_history("echo", 10), "D", "2022-10-25"))
    axis = plot._row_axes[1].getAxis("bottom")
    ((_, positions),) = axis.tickValues(0, 15, 120)
    days = [(np.datetime64("2022-11-09") + int(position)).item().isoformat() for position in positions]
    assert axis.tickStrings(positions, 1, 1) == days
    assert len(days) > 0
    assert plot.to_frame()["time"].iloc[15] == pd.Timestamp("2022-11-09")
