"""The confusion matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from rnnstudio.core.events import Predicted
from rnnstudio.gui.charts.matrix_layout import MARGIN
from rnnstudio.gui.theme import DARK, LIGHT
from tests.gui.drawn import move_mouse, view_position
from tests.gui.histories import HAR_CLASSES, class_predictions, classified_history, finished_history, started_history

SIZE = (560, 400)


@pytest.fixture
def plot(draw_plot):
    return draw_plot("confusion", "classes", finished_history("classes", 100), size=SIZE)


def click_cell(qtbot, plot, cell) -> None:
    position = view_position(plot, plot.matrix, plot.matrix.arrangement.box(cell).center())
    qtbot.mouseMove(plot.canvas.viewport(), position)
    qtbot.mouseClick(plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=position)


def test_the_legend_says_how_many_predictions_are_correct_in_which_set_and_when(plot):
    assert plot.legend.texts == ["48 of 60 correct (80.0\u202f%)", "Misclassified", "Test set: after update 100"]


def test_hover_shows_count_and_percentage_of_the_true_class(plot, qtbot):
    plot.show()
    matrix = plot.matrix
    move_mouse(qtbot, plot, matrix, matrix.arrangement.box((0, 1)).center())
    qtbot.waitUntil(lambda: matrix.hovered == (0, 1))
    assert matrix.readout((0, 1)) == "true sit, predicted stand: 4 of 20 (20.0\u202f%)"
    move_mouse(qtbot, plot, matrix, matrix.arrangement.box((0, MARGIN)).center())
    qtbot.waitUntil(lambda: matrix.hovered == (0, MARGIN))
    assert matrix.readout((0, MARGIN)) == "recall of sit: 16 of 20 (80.0\u202f%) classified correctly"
    assert matrix.readout((MARGIN, 2)) == "precision of lie: 16 of 20 (80.0\u202f%) predictions correct"
    plot.hide_cursor()
    assert matrix.hovered is None


def test_a_class_without_sequences_has_no_percentage(draw_plot):
    history = classified_history(("a", "b", "c"), [0, 0, 1], [0, 1, 1])
    plot = draw_plot("confusion", "classes", history, size=SIZE)
    assert plot.matrix.readout((2, 0)) == "true c, predicted a: 0 of 0"
    assert plot.matrix.readout((2, MARGIN)) == "recall of c: 0 of 0 classified correctly"
    assert plot.to_frame().set_index(["truth", "prediction"]).loc[("c", "a"), "percent"] == 0


def test_a_click_selects_a_cell_that_has_sequences_and_no_other(plot, qtbot):
    plot.show()
    with qtbot.waitSignal(plot.cell_selected) as selected:
        click_cell(qtbot, plot, (0, 1))
    assert selected.args == [0, 1]
    with qtbot.assertNotEmitted(plot.cell_selected):
        click_cell(qtbot, plot, (1, 0))
    assert plot.matrix.selected == (0, 1)


def test_cells_are_selected_by_keyboard(plot, qtbot):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(plot, key)
    assert plot.matrix.focused == (0, 1)
    assert plot.accessibleDescription() == plot.matrix.readout((0, 1))
    with qtbot.waitSignal(plot.cell_selected) as selected:
        qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert selected.args == [0, 1]


def test_correct_cells_have_a_frame_so_that_no_colour_is_needed(draw_plot):
    for theme in (LIGHT, DARK):
        plot = draw_plot("confusion", "classes", finished_history("classes", 100), theme=theme, size=SIZE)
        image, frame = plot.drawing.image(), QColor(theme.text).rgb()

        def has_frame(cell, plot=plot, image=image, frame=frame) -> bool:
            box = plot.matrix.mapRectToScene(plot.matrix.arrangement.box(cell))
            left, y = round(box.left()), round(box.bottom()) - 8
            return frame in {image.pixel(x, y) for x in range(left, left + 5)}

        assert [has_frame((i, i)) for i in range(3)] == [True] * 3
        assert not has_frame((0, 1))
        assert not has_frame((1, 0))


@pytest.mark.parametrize(("count", "size"), [(2, SIZE), (6, SIZE), (10, SIZE), (60, SIZE), (6, (200, 120))])
def test_any_number_of_classes_fits(draw_plot, count, size):
    names = HAR_CLASSES if count == 6 else tuple(f"class {i}" for i in range(count))
    truth = np.repeat(np.arange(count), 3)
    plot = draw_plot("confusion", "classes", classified_history(names, truth, truth), size=size)
    arrangement, bounds = plot.matrix.arrangement, plot.matrix.boundingRect()
    for cell in ((0, 0), (count - 1, count - 1), (0, MARGIN), (MARGIN, count - 1)):
        assert bounds.adjusted(-1, -1, 1, 1).contains(arrangement.box(cell)), cell
        assert arrangement.cell_at(arrangement.box(cell).center()) == cell
    assert len(plot.to_frame()) == count**2


def test_during_training_the_colours_fade_and_the_numbers_change_at_once(draw_plot, qtbot):
    history = started_history("classes", 100)
    history.apply(Predicted(0, class_predictions()))
    plot = draw_plot("confusion", "classes", history, size=SIZE)
    plot.show()
    all_correct = replace(class_predictions(), predicted=class_predictions().truth)
    history.apply(Predicted(10, all_correct))
    plot.show_history(history)
    assert np.trace(plot.matrix.counts) == 60
    assert plot.matrix.visible_shares[0, 1] > 0
    qtbot.waitUntil(lambda: plot.matrix.visible_shares[0, 1] == 0)


def test_a_matrix_that_is_not_visible_shows_the_last_counts_at_once(plot):
    assert plot.matrix.visible_shares[0, 0] == 0.8


def test_the_table_has_a_row_per_cell(plot):
    table = plot.to_frame()
    assert table.columns.tolist() == ["truth", "prediction", "count", "percent"]
    assert table["count"].sum() == 60
    assert table.set_index(["truth", "prediction"]).loc[("lie", "sit"), ["count", "percent"]].tolist() == [4, 20]
