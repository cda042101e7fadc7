"""The pictures of classification: which class is taken for which, and what such sequences look like."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton

from rnnstudio.core.events import Predicted
from rnnstudio.core.history import History
from rnnstudio.core.predictions import ClassPredictions
from rnnstudio.core.sequence import DataInfo
from rnnstudio.gui.charts.axes import percent
from rnnstudio.gui.charts.feature_groups import groups, is_image
from rnnstudio.gui.charts.fit_text import wrapped
from rnnstudio.gui.charts.probability_bars import bar_places
from rnnstudio.gui.theme import DARK, LIGHT
from tests.gui.histories import a_run, predicted_classes, started, steps

SIZE = (560, 400)
HAR = ("WALKING", "WALKING_UPSTAIRS", "WALKING_DOWNSTAIRS", "SITTING", "STANDING", "LAYING")


def classes_of(names: tuple[str, ...], truth, told, features: int = 1, length: int = 20) -> History:
    """Return a run that told `told` where `truth` is true, and keeps the signals of all."""
    history = started("classes", 100)
    about = {**vars(history.info), "classes": names, "feature_units": ()}
    about["features"] = tuple(f"pixel{i}" for i in range(features))
    history.info = DataInfo(**about)
    steps(history, [1.0])
    truth, told = np.asarray(truth, np.int32), np.asarray(told, np.int32)
    shares = np.full((len(truth), len(names)), 0.01, np.float32)
    shares[np.arange(len(truth)), told] = 1 - 0.01 * (len(names) - 1)
    signals = np.random.default_rng(2).random((len(truth), length, features), np.float32)
    shown, lengths = np.arange(len(truth), dtype=np.int32), np.full(len(truth), length, np.int32)
    history.apply(Predicted(50, ClassPredictions(truth, told, shares, shown, signals, lengths)))
    return history


def place_of(picture, item, point: QPointF) -> QPoint:
    return picture.canvas.mapFromScene(item.mapToScene(point))


def point_at(qtbot, picture, item, point: QPointF) -> None:
    qtbot.mouseMove(picture.canvas.viewport(), place_of(picture, item, point) + QPoint(2, 2))
    qtbot.wait(30)  # a second move so soon would not be told
    qtbot.mouseMove(picture.canvas.viewport(), place_of(picture, item, point))


def click_cell(qtbot, picture, cell) -> None:
    place = place_of(picture, picture.matrix, picture.matrix.rect_of(cell).center())
    qtbot.mouseMove(picture.canvas.viewport(), place)
    qtbot.mouseClick(picture.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)


# The confusion matrix


def test_the_key_says_how_many_are_right_of_which_part_and_when(show):
    picture = show("confusion", "classes", a_run("classes", 100), size=SIZE)
    assert [entry.text for entry in picture.key.entries] == [
        "48 of 60 right (80.0\u202f%)",
        "wrong",
        "test part after 100 updates",
    ]


def test_hover_tells_count_and_percent_of_the_true_class(show, qtbot):
    picture = show("confusion", "classes", a_run("classes", 100), size=SIZE)
    picture.show()
    matrix = picture.matrix
    point_at(qtbot, picture, matrix, matrix.rect_of((0, 1)).center())
    qtbot.waitUntil(lambda: matrix.pointed == (0, 1))
    assert matrix.sentence((0, 1)) == "true sit, told stand: 4 of 20 (20.0\u202f%)"
    point_at(qtbot, picture, matrix, matrix.rect_of((0, -1)).center())
    qtbot.waitUntil(lambda: matrix.pointed == (0, -1))
    assert matrix.sentence((0, -1)) == "recall of sit: 16 of 20 were found (80.0\u202f%)"
    assert matrix.sentence((-1, 2)) == "precision of lie: 16 of 20 told were right (80.0\u202f%)"
    picture.hide_cursor()
    assert matrix.pointed is None


def test_a_class_that_is_not_there_has_no_percent(show):
    picture = show("confusion", "classes", classes_of(("a", "b", "c"), [0, 0, 1], [0, 1, 1]), size=SIZE)
    assert picture.matrix.sentence((2, 0)) == "true c, told a: 0 of 0"
    assert picture.matrix.sentence((2, -1)) == "recall of c: 0 of 0 were found"
    assert picture.to_frame().set_index(["true", "told"]).loc[("c", "a"), "percent"] == 0


def test_a_click_chooses_a_cell_that_has_sequences_and_no_other(show, qtbot):
    picture = show("confusion", "classes", a_run("classes", 100), size=SIZE)
    picture.show()
    with qtbot.waitSignal(picture.chosen) as asked:
        click_cell(qtbot, picture, (0, 1))
    assert asked.args == [0, 1]
    with qtbot.assertNotEmitted(picture.chosen):
        click_cell(qtbot, picture, (1, 0))
    assert picture.matrix.chosen == (0, 1)


def test_cells_are_chosen_by_keys(show, qtbot):
    picture = show("confusion", "classes", a_run("classes", 100), size=SIZE)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(picture, key)
    assert picture.matrix.focused == (0, 1)
    assert picture.accessibleDescription() == picture.matrix.sentence((0, 1))
    with qtbot.waitSignal(picture.chosen) as asked:
        qtbot.keyClick(picture, Qt.Key.Key_Return)
    assert asked.args == [0, 1]


def test_right_cells_are_framed_so_that_no_colour_is_needed(show):
    for theme in (LIGHT, DARK):
        picture = show("confusion", "classes", a_run("classes", 100), theme=theme, size=SIZE)
        image, frame = picture.image(), QColor(theme.text).rgb()

        def framed(cell, picture=picture, image=image, frame=frame) -> bool:
            box = picture.matrix.mapRectToScene(picture.matrix.rect_of(cell))
            left, middle = round(box.left()), round(box.bottom()) - 8
            return frame in {image.pixel(x, middle) for x in range(left, left + 5)}

        assert [framed((i, i)) for i in range(3)] == [True] * 3
        assert not framed((0, 1))
        assert not framed((1, 0))


@pytest.mark.parametrize(("count", "size"), [(2, SIZE), (6, SIZE), (10, SIZE), (60, SIZE), (6, (200, 120))])
def test_any_number_of_classes_fits(show, count, size):
    names = HAR if count == 6 else tuple(f"class {i}" for i in range(count))
    truth = np.repeat(np.arange(count), 3)
    picture = show("confusion", "classes", classes_of(names, truth, truth), size=size)
    matrix = picture.matrix
    inside = matrix.boundingRect()
    for cell in ((0, 0), (count - 1, count - 1), (0, -1), (-1, count - 1)):
        assert inside.adjusted(-1, -1, 1, 1).contains(matrix.rect_of(cell)), cell
        assert matrix.cell_at(matrix.rect_of(cell).center()) == cell
    assert len(picture.to_frame()) == count**2


def test_while_it_trains_the_colours_fade_and_the_numbers_do_not_wait(show, qtbot):
    history = started("classes", 100)
    history.apply(Predicted(0, predicted_classes()))
    picture = show("confusion", "classes", history, size=SIZE)
    picture.show()
    all_correct = replace(predicted_classes(), predicted=predicted_classes().truth)
    history.apply(Predicted(10, all_correct))
    picture.show_history(history)
    assert np.trace(picture.matrix.counts) == 60
    assert picture.matrix._now[0, 1] > 0
    qtbot.waitUntil(lambda: picture.matrix._now[0, 1] == 0)


def test_an_exported_matrix_shows_the_last_counts_at_once(show):
    picture = show("confusion", "classes", a_run("classes", 100), size=SIZE)
    assert picture.matrix._now[0, 0] == 0.8


def test_the_table_has_a_row_per_cell(show):
    table = show("confusion", "classes", a_run("classes", 10)).to_frame()
    assert table.columns.tolist() == ["true", "told", "count", "percent"]
    assert table["count"].sum() == 60
    assert table.set_index(["true", "told"]).loc[("lie", "sit"), ["count", "percent"]].tolist() == [4, 20]


# The sequences


def chosen_places(picture) -> list[int]:
    return [sample.place for sample in picture.sheet._samples]


def button(picture, name: str) -> QToolButton:
    return next(b for b in picture.findChildren(QToolButton) if b.accessibleName().startswith(name))


def test_one_sequence_of_each_class_comes_first(show):
    picture = show("sequences", "classes", a_run("classes", 100), size=SIZE)
    assert [sample.truth for sample in picture.sheet._samples[:3]] == [0, 1, 2]


def test_pages_are_turned_by_buttons_and_keys(show, qtbot):
    picture = show("sequences", "classes", a_run("classes", 100), size=SIZE)
    size, first = picture.sheet.capacity, chosen_places(picture)
    assert picture.browser.place.text() == f"1–{size} of 30"
    assert not picture.browser.back.isEnabled()
    qtbot.mouseClick(button(picture, "More sequences"), Qt.MouseButton.LeftButton)
    assert picture.browser.place.text().startswith(f"{size + 1}–")
    second = chosen_places(picture)
    assert not set(first) & set(second)
    qtbot.keyClick(picture, Qt.Key.Key_PageUp)
    assert chosen_places(picture) == first
    for _ in range(40):
        qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert picture.browser.place.text().endswith("30 of 30")
    assert not picture.browser.forth.isEnabled()


def test_wrong_ones_alone(show, qtbot):
    picture = show("sequences", "classes", a_run("classes", 100), size=SIZE)
    qtbot.keyClick(picture, Qt.Key.Key_W)
    assert picture.browser.wrong_only.isChecked()
    assert picture.browser.place.text().endswith("of 6")
    assert all(sample.truth != sample.told for sample in picture.sheet._samples)
    assert (picture.to_frame()["true"] != picture.to_frame()["told"]).all()


def test_where_nothing_is_wrong_it_says_so_and_the_way_back_stays(show):
    picture = show("sequences", "classes", classes_of(("a", "b"), [0, 1], [0, 1]), size=SIZE)
    picture.browser.wrong_only.setChecked(True)
    assert picture.empty == "None of the sequences kept is told wrongly."
    picture.browser.wrong_only.setChecked(False)
    assert picture.empty == ""


def test_one_cell_alone_until_it_is_left(show, qtbot):
    picture = show("sequences", "classes", a_run("classes", 100), size=SIZE)
    picture.show_cell(0, 1)
    assert {(sample.truth, sample.told) for sample in picture.sheet._samples} == {(0, 1)}
    assert picture.browser.cell.text().startswith("true sit, told stand")
    assert not picture.browser.wrong_only.isEnabled()
    with qtbot.waitSignal(picture.cell_changed) as left:
        qtbot.keyClick(picture, Qt.Key.Key_Escape)
    assert left.args == [None]
    assert picture.browser.cell.isHidden()
    assert picture.browser.place.text().endswith("of 30")


def test_a_run_that_keeps_no_sequences_says_so(show):
    found = predicted_classes()
    found = replace(found, shown=found.shown[:0], inputs=found.inputs[:0], lengths=found.lengths[:0])
    history = started("classes", 10)
    history.apply(Predicted(1, found))
    assert show("sequences", "classes", history).empty == "This run keeps no sequences to look at."


def test_padding_is_neither_drawn_nor_written(show):
    picture = show("sequences", "classes", a_run("classes", 100), size=(900, 900))
    table = picture.to_frame()
    assert table[table["sequence"] == 1]["step"].tolist() == list(range(12))
    assert table.columns.tolist()[:6] == ["sequence", "true", "told", "step", "acc_x (g)", "acc_y (g)"]
    assert table["p(sit)"].max() == pytest.approx(0.8)


def test_hover_tells_step_seconds_values_and_probabilities(show):
    picture = show("sequences", "classes", a_run("classes", 100), size=SIZE)
    card = picture.sheet._cards[0]
    figure = card.figures[0]
    text, about = picture.sheet.readout(figure.center())
    step = round(0.5 * 19)
    values = card.sample.signals[step] if step < len(card.sample.signals) else None
    assert text.startswith(f"sample {step} ({step / 50:g} s): ")
    assert values is not None
    assert text.endswith(" g")
    assert f"x {values[0]:.3g}".replace("-", "−") in text
    assert about.width() == 1
    text, _ = picture.sheet.readout(QPointF(figure.right() - 1, figure.center().y()))
    assert text == "sample 19 (0.38 s): the sequence has ended"
    sample = card.sample
    for c, bar in bar_places(card.bars, ("sit", "stand", "lie"), sample.probabilities, sample.truth):
        expected = f"probability of {('sit', 'stand', 'lie')[c]}: {percent(float(sample.probabilities[c]))}"
        assert picture.sheet.readout(bar.center())[0] == expected
    assert picture.sheet.readout(QPointF(-5, -5))[0] == ""


def test_many_features_are_an_image(show):
    digits = tuple("0123456789")
    picture = show("sequences", "classes", classes_of(digits, range(10), range(10), 16, 16), size=SIZE)
    assert picture.sheet.kind.groups == ()
    figure = picture.sheet._cards[0].figures[0]
    assert figure.width() == pytest.approx(figure.height())
    image = picture.image()
    scene = picture.sheet.mapRectToScene(figure)
    shades = {image.pixel(x, round(scene.center().y())) for x in range(round(scene.left()), round(scene.right()))}
    assert len(shades) >= 10
    text, _ = picture.sheet.readout(figure.topLeft() + QPointF(figure.width() * 5.5 / 16, figure.height() * 3.5 / 16))
    assert text.startswith("sample 3 (0.06 s), pixel5: ")


@pytest.mark.parametrize("size", [(200, 120), (420, 236), (1200, 800)])
def test_cards_stay_inside_at_any_size(show, size):
    for history in (a_run("classes", 10), classes_of(HAR, range(6), range(6), 20, 100)):
        picture = show("sequences", "classes", history, size=size)
        inside = picture.sheet.boundingRect().adjusted(-1, -1, 1, 1)
        assert picture.sheet._cards or size == (200, 120)
        assert all(inside.contains(card.box) for card in picture.sheet._cards)


def test_the_true_class_has_a_bar_even_where_it_is_the_least_likely():
    names = tuple(f"class {i}" for i in range(40))
    shares = np.linspace(0.05, 0.0, 40, dtype=np.float32)
    shown = [c for c, _ in bar_places(QRectF(0, 0, 150, 60), names, shares, truth=39)]
    assert shown == sorted(shown)
    assert shown[0] == 0
    assert shown[-1] == 39
    assert len(shown) < 8


# What they are made of


def test_features_that_differ_in_their_last_part_share_an_axis():
    names = [f"{kind}_{axis} ({unit})" for kind, unit in (("acc", "g"), ("gyro", "rad/s")) for axis in "xyz"]
    found = groups(names)
    assert [(g.title, g.unit, g.features, g.labels) for g in found] == [
        ("acc (g)", "g", (0, 1, 2), ("x", "y", "z")),
        ("gyro (rad/s)", "rad/s", (3, 4, 5), ("x", "y", "z")),
    ]
    assert [g.title for g in groups(["temperature (°C)", "pressure (bar)"])] == ["temperature (°C)", "pressure (bar)"]
    assert [(g.title, g.labels) for g in groups(["a", "b"])] == [("values", ("a", "b"))]
    assert [(g.title, g.labels) for g in groups(["load"])] == [("load", ("",))]
    assert not is_image(12)
    assert is_image(13)


def test_percent_is_never_rounded_to_all_or_nothing():
    assert [percent(x) for x in (0, 1, 0.075, 0.00001, 0.99999)] == [
        f"{text}\u202f%" for text in ("0", "100", "7.5", "<0.1", ">99.9")
    ]
    assert percent(0.996, 0) == ">99\u202f%"


def test_long_names_are_parted_near_their_middle():
    assert [wrapped(name) for name in ("WALKING_DOWNSTAIRS", "LAYING", "a b c d e f")] == [
        ["WALKING_", "DOWNSTAIRS"],
        ["LAYING"],
        ["a b c", "d e f"],
    ]
