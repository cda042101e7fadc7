"""The plot of classified sequences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QToolButton

from rnnstudio.core.events import Predicted
from rnnstudio.gui.charts.numbers import percent
from rnnstudio.gui.charts.probability_bars import bar_boxes
from tests.gui.histories import (
    HAR_CLASSES,
    class_predictions,
    classified_history,
    dated,
    finished_history,
    started_history,
)

SIZE = (560, 400)


@pytest.fixture
def plot(draw_plot):
    return draw_plot("sequences", "classes", finished_history("classes", 100), size=SIZE)


def indices_on_page(plot) -> list[int]:
    return [sequence.index for sequence in plot.grid.sequences]


def button(plot, name: str) -> QToolButton:
    return next(b for b in plot.findChildren(QToolButton) if b.accessibleName().startswith(name))


def test_the_legend_says_how_many_sequences_of_which_set_are_kept(plot):
    assert plot.legend.texts[0] == "30 of 60 (test set)"
    assert plot.legend.texts[-4:] == ["True class", "✓ Correct", "✗ Incorrect", "After update 100"]


def test_one_sequence_of_each_class_comes_first(plot):
    assert [sequence.truth for sequence in plot.grid.sequences[:3]] == [0, 1, 2]


def test_pages_are_turned_by_buttons_and_keys(plot, qtbot):
    capacity, first = plot.grid.capacity, indices_on_page(plot)
    browser = plot.browser
    assert browser.range_label.text() == f"1–{capacity} of 30"
    assert not browser.previous_page.isEnabled()
    qtbot.mouseClick(button(plot, "Next page"), Qt.MouseButton.LeftButton)
    assert browser.range_label.text().startswith(f"{capacity + 1}–")
    assert not set(first) & set(indices_on_page(plot))
    qtbot.keyClick(plot, Qt.Key.Key_PageUp)
    assert indices_on_page(plot) == first
    for _ in range(40):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert browser.range_label.text().endswith("30 of 30")
    assert not browser.next_page.isEnabled()


def test_misclassified_sequences_only(plot, qtbot):
    qtbot.keyClick(plot, Qt.Key.Key_W)
    assert plot.browser.misclassified_only.isChecked()
    assert plot.browser.range_label.text().endswith("of 6")
    assert not any(sequence.correct for sequence in plot.grid.sequences)
    assert (plot.to_frame()["truth"] != plot.to_frame()["prediction"]).all()


def test_without_misclassified_sequences_a_message_says_so_and_the_filter_can_be_removed(draw_plot):
    plot = draw_plot("sequences", "classes", classified_history(("a", "b"), [0, 1], [0, 1]), size=SIZE)
    plot.browser.misclassified_only.setChecked(True)
    assert plot.message == "All saved sequences are classified correctly."
    plot.browser.misclassified_only.setChecked(False)
    assert plot.message == ""


def test_one_cell_is_shown_until_it_is_cleared(plot, qtbot):
    plot.show_cell(0, 1)
    assert {(sequence.truth, sequence.predicted) for sequence in plot.grid.sequences} == {(0, 1)}
    assert plot.browser.cell.text().startswith("true sit, predicted stand")
    assert not plot.browser.misclassified_only.isEnabled()
    with qtbot.waitSignal(plot.cell_changed) as changed:
        qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert changed.args == [None]
    assert plot.browser.cell.isHidden()
    assert plot.browser.range_label.text().endswith("of 30")


def test_a_cell_that_becomes_empty_during_training_is_explained(draw_plot):
    history = started_history("classes", 100)
    history.apply(Predicted(0, class_predictions()))
    plot = draw_plot("sequences", "classes", history, size=SIZE)
    plot.show_cell(0, 1)
    history.apply(Predicted(10, replace(class_predictions(), predicted=class_predictions().truth)))
    plot.show_history(history)
    assert plot.message.startswith("No saved sequence of class sit is predicted as stand now.")


def test_a_run_without_saved_sequences_says_so(draw_plot):
    predictions = class_predictions()
    none_kept = replace(
        predictions, shown=predictions.shown[:0], inputs=predictions.inputs[:0], lengths=predictions.lengths[:0]
    )
    history = started_history("classes", 10)
    history.apply(Predicted(1, none_kept))
    assert draw_plot("sequences", "classes", history).message == "This run has saved no sequences to show."


def test_padding_is_neither_drawn_nor_written(draw_plot):
    plot = draw_plot("sequences", "classes", finished_history("classes", 100), size=(900, 900))
    table = plot.to_frame()
    assert table[table["sequence"] == 1]["step"].tolist() == list(range(12))
    assert table.columns.tolist()[:6] == ["sequence", "truth", "prediction", "step", "acc_x (g)", "acc_y (g)"]
    assert table["p(sit)"].max() == pytest.approx(0.8)


def test_hover_shows_step_seconds_values_and_probabilities(plot):
    card = plot.grid.cards[0]
    box, sequence = card.signal_boxes[0], card.sequence
    text, target = plot.grid.readout(box.center())
    step = round(0.5 * 19)
    assert step < len(sequence.signals)
    assert text.startswith(f"sample {step} ({step / 50:g} s): ")
    assert text.endswith(" g")
    assert f"x {sequence.signals[step][0]:.3g}".replace("-", "−") in text
    assert target.width() == 1
    text, _ = plot.grid.readout(QPointF(box.right() - 1, box.center().y()))
    assert text == "sample 19 (0.38 s): after the end of the sequence"
    for c, bar in bar_boxes(card.bars_box, ("sit", "stand", "lie"), sequence.probabilities, sequence.truth):
        expected = f"probability of {('sit', 'stand', 'lie')[c]}: {percent(float(sequence.probabilities[c]))}"
        assert plot.grid.readout(bar.center())[0] == expected
    assert plot.grid.readout(QPointF(-5, -5))[0] == ""


def test_many_features_are_an_image(draw_plot):
    history = classified_history(tuple("0123456789"), range(10), range(10), 16, 16)
    plot = draw_plot("sequences", "classes", history, size=SIZE)
    assert plot.grid.info.groups == ()
    box = plot.grid.cards[0].signal_boxes[0]
    assert box.width() == pytest.approx(box.height())
    image = plot.drawing.image()
    scene = plot.grid.mapRectToScene(box)
    shades = {image.pixel(x, round(scene.center().y())) for x in range(round(scene.left()), round(scene.right()))}
    assert len(shades) >= 10
    text, _ = plot.grid.readout(box.topLeft() + QPointF(box.width() * 5.5 / 16, box.height() * 3.5 / 16))
    assert text.startswith("sample 3 (0.06 s), pixel5: ")


@pytest.mark.parametrize("size", [(200, 120), (420, 236), (1200, 800)])
def test_cards_stay_inside_at_any_size(draw_plot, size):
    for history in (
        finished_history("classes", 10),
        classified_history(HAR_CLASSES, range(6), range(6), 20, 100),
    ):
        plot = draw_plot("sequences", "classes", history, size=size)
        bounds = plot.grid.boundingRect().adjusted(-1, -1, 1, 1)
        assert plot.grid.cards or size == (200, 120)
        assert all(bounds.contains(card.box) for card in plot.grid.cards)


def test_a_card_names_the_date_of_each_step(draw_plot):
    plot = draw_plot("sequences", "classes", dated(finished_history("classes", 100), "h", "2022-10-25"), size=SIZE)
    card = plot.grid.cards[0]
    text, _ = card.readout(card.signal_boxes[0].center())
    step = int(text.split("(sample ")[1].split()[0].rstrip(":)"))
    shown = plot._predictions.shown.tolist().index(card.sequence.index)
    expected = pd.Timestamp("2022-10-25") + pd.Timedelta(hours=20 * shown + step)
    assert text.startswith(expected.strftime("%Y-%m-%d %H:%M ("))
    table = plot.to_frame()
    first = table[table["sequence"] == card.sequence.index + 1]
    assert first["time"].iloc[step] == expected


def test_sequences_with_values_show_true_and_predicted_value_and_no_classes(draw_plot):
    history = finished_history("values", 100)
    plot = draw_plot("sequences", "values", history, size=SIZE)
    plot.grab()
    predictions, sequence = history.predictions, plot.grid.cards[1].sequence
    assert (sequence.truth, sequence.predicted) == (predictions.truth[2], predictions.predicted[2])
    assert plot.browser.misclassified_only.text() == "Largest errors first"
    assert not any("Correct" in text or "class" in text for text in plot.legend.texts)
    table = plot.to_frame()
    assert list(table.columns[:4]) == ["sequence", "truth", "prediction", "step"]
    plot.browser.misclassified_only.setChecked(True)
    errors = np.abs(predictions.predicted - predictions.truth)[predictions.shown]
    shown = [card.sequence.index for card in (plot.grab(), plot.grid.cards)[1]]
    assert shown == (100 + predictions.shown[np.argsort(-errors, kind="stable")])[: len(shown)].tolist()
