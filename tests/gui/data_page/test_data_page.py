"""The page of the data before a training, in the real window with real files."""

from __future__ import annotations

import threading
import time
from html import unescape

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QLabel

from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.gaps import EMPTY
from rnnstudio.gui.charts.trace import Trace
from rnnstudio.gui.theme import DARK, LIGHT
from tests.gui.driving import click, open_page, shown_page, train, type_into
from tests.gui.scripted import ScriptedTrain


def open_data(qtbot, studio, file, **settings):
    """Show a file with some settings in the form, as after OK on the import page."""
    studio.panel.form.begin("file", file=str(file), **settings)
    return shown_page(qtbot, studio)


@pytest.fixture
def series(tmp_path):
    """A file with 300 rows of 2 columns; row i has the values i and 1000 - i, and rows 40 to 42 are empty."""
    lines = ["day,a,b"]
    days = np.arange("2024-01-01", "2024-10-27", dtype="datetime64[D]")
    lines += [f"{day},{'' if 40 <= i < 43 else i},{1000 - i}" for i, day in enumerate(days)]
    file = tmp_path / "series.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_ok_on_the_import_page_shows_the_data_without_reading_the_file_again(qtbot, studio, series, monkeypatch):
    reads = []
    monkeypatch.setattr("rnnstudio.results.data_reader.read_file", lambda *a: reads.append(a))
    window = studio(ScriptedTrain())
    click(qtbot, open_page(qtbot, window, series), "OK")
    page = shown_page(qtbot, window)
    assert page.summary.startswith("series.csv: 300 rows, every day from 2024-01-01 to 2024-10-26. Predicted: ")
    assert reads == []
    assert page.chart.isVisible()
    assert page.problem == ""


def test_choosing_data_leaves_nothing_of_another_run_on_the_screen(qtbot, studio, series):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    pages = window.view.pages
    assert pages.currentWidget() is pages.live
    assert pages.live.forecast.message == ""
    page = open_data(qtbot, window, series)
    assert pages.currentWidget() is page
    assert window.view.run is None
    assert not window.menus.save_run.isEnabled()
    assert all(plot.message for plot in pages.live.plots.values() if plot.suits(window.panel.form.experiment))
    assert len(pages.live.plots["loss"].to_frame()) == 0
    texts = " ".join(label.text() for label in pages.result.findChildren(QLabel))
    assert "appears here after its training" in texts
    assert "epoch" not in " ".join(label.text() for label in window.status.findChildren(QLabel))


def test_a_saved_run_is_shown_with_its_plots_and_its_data_are_one_tab_away(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    path = window.view.run.path
    window.panel.form.begin("echo")
    window.show_run(path)
    pages = window.view.pages
    assert pages.currentWidget() is pages.live
    pages.setCurrentWidget(pages.data)
    assert shown_page(qtbot, window).summary.startswith("Airline passengers: 144 months")


def test_the_page_follows_the_form(qtbot, studio, series):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, target="b", window=10, frame=1, horizon=2, val_fraction=0.0)
    chart = page.chart
    for setting, value in (
        ("window", "20"),
        ("horizon", "5"),
        ("stride", "3"),
        ("test_fraction", "0.4"),
        ("val_fraction", "0.1"),
    ):
        type_into(window, setting, value)
        shown_page(qtbot, window)
        data = window.panel.form.experiment.data
        expected = DATASETS.get("file").load(data, 0)
        begins = [
            int(expected.target_positions(getattr(expected, split)[:1]).min()) if split != "train" else 0
            for split in ("train", "val", "test")
            if len(getattr(expected, split))
        ]
        assert [span.begin + 0.5 for span in chart._plotted.spans] == begins
        whole, near = chart.rows[0]
        for axes in (whole, near):
            left, right = axes.window.getRegion()
            assert right - left == data.window
            assert axes.targets.getRegion()[1] - axes.targets.getRegion()[0] == data.horizon
            assert axes.targets.getRegion()[0] == right
        assert (left + 0.5) in expected.starts
        assert f"One window: {data.window} rows" in chart.legend.texts
        assert f"Predicted: {data.horizon} rows" in chart.legend.texts
        assert page.summary.endswith(
            f"Windows: {len(expected.train):,} training, {len(expected.val):,} validation, {len(expected.test):,} test."
        )


def test_the_window_is_stepped_by_keys_dragged_and_placed_by_a_click(qtbot, studio, series):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, target="a", window=10, stride=4)
    stepper, whole = page.chart.stepper, page.chart.rows[0][0]
    first = whole.window.getRegion()[0]
    stepper.number.setFocus()
    qtbot.keyClick(stepper.number, Qt.Key.Key_Down)
    assert whole.window.getRegion()[0] == first - 4
    stepper.slider.setFocus()
    qtbot.keyClick(stepper.slider, Qt.Key.Key_Home)
    assert whole.window.getRegion() == (-0.5, 9.5)
    assert stepper.number.value() == 1
    assert stepper.text.startswith(
        "Training set: the network reads 10 rows, 2024-01-01 to 2024-01-10, and predicts 1 row"
    )
    whole.window.setRegion((101.2, 111.2))  # as the mouse moves it: it snaps to the nearest window
    assert whole.window.getRegion() == (99.5, 109.5)
    assert stepper.number.value() == 26
    view = whole.axes.vb
    scene = view.mapViewToScene(view.mapSceneToView(view.sceneBoundingRect().center()))
    expected = view.mapSceneToView(scene).x()
    point = page.chart.canvas.mapFromScene(scene)
    qtbot.mouseClick(page.chart.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(point.x(), point.y()))
    qtbot.waitUntil(lambda: abs(whole.window.getRegion()[0] - expected) < 4)


def test_a_change_draws_each_line_once_and_another_window_only_what_is_around_it(qtbot, studio, series, monkeypatch):
    drawn = []

    def counted(trace, *arguments, **options):
        drawn.append(trace)
        draw(trace, *arguments, **options)

    draw = Trace.draw
    monkeypatch.setattr(Trace, "draw", counted)
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, target="a", features="a,b", window=5)
    whole, near = zip(*page.chart.rows, strict=True)
    drawn.clear()
    type_into(window, "window", "7")
    assert shown_page(qtbot, window).chart.stepper.text.startswith("Training set: the network reads 7 rows")
    assert [drawn.count(axes.trace) for axes in (*whole, *near)] == [1, 1, 1, 1]
    drawn.clear()
    page.chart.stepper.slider.setValue(3)
    assert [drawn.count(axes.trace) for axes in (*whole, *near)] == [0, 0, 1, 1]
    drawn.clear()
    type_into(window, "learning_rate", "0.25")
    assert shown_page(qtbot, window).chart.stepper.number.value() == 4
    assert drawn == []


def test_missing_values_are_marked_and_counted(qtbot, studio, series):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, target="a")
    whole = page.chart.rows[0][0]
    marks = whole._gap_marks[EMPTY].getData()[0]
    assert "missing" in page.notes
    assert marks.tolist() == [40, 41, 42]
    assert "Values missing in 3 rows" in page.chart.legend.texts


def test_inputs_are_drawn_below_the_predicted_column_and_can_be_chosen(qtbot, studio, series):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, target="b", features="b,a")
    assert [row[0].quantity.name for row in page.chart.rows] == ["b", "a"]
    assert page._below.currentText() == "a"
    page = open_data(qtbot, window, series, target="b", features="b")
    assert not page.chart.rows[1][0].axes.isVisible()
    assert not page._below.isVisible()


def test_several_series_are_chosen_from_a_list_with_their_rows(qtbot, studio, cases):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, cases / "07_stores.csv", series="store")
    assert [page._series.itemText(i) for i in range(3)] == ["A (150 rows)", "B (150 rows)", "C (150 rows)"]
    first = page.chart.to_frame()["sales"].tolist()
    page._series.setCurrentIndex(2)
    qtbot.waitUntil(lambda: not page.is_busy)
    table = (cases / "07_stores.csv").read_text().splitlines()[1:]
    expected = [float(line.split(",")[2]) for line in table if line.split(",")[1] == "C"]
    assert page.chart.to_frame()["sales"].tolist() == expected != first


def test_a_series_that_is_too_short_is_drawn_with_the_sentence_of_the_training_in_words_of_the_form(
    qtbot, studio, series
):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, window=290)
    assert page.problem.startswith("Window: the training set has 240 of the 300 samples")
    assert page.chart.isVisible()
    assert len(page.chart.to_frame()) == 300
    assert not page.chart.stepper.isVisible()
    assert page.chart.legend.texts == ["Values missing in 3 rows"]
    type_into(window, "window", "20")
    assert shown_page(qtbot, window).problem == ""
    assert page.chart.stepper.isVisible()


def test_a_file_that_cannot_be_read_leaves_no_plot(qtbot, studio, series, tmp_path):
    window = studio(ScriptedTrain())
    open_data(qtbot, window, series)
    page = open_data(qtbot, window, tmp_path / "nothing.csv")
    assert "There is no file" in page.problem
    assert not page.chart.isVisible()
    assert not page.sequences.isVisible()


def test_without_a_file_the_page_says_what_to_do(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("file")
    page = shown_page(qtbot, window)
    assert page.summary == "Choose a file on the left, or open one (Ctrl+O): its data appear here before the training."
    assert page.problem == ""
    assert not page.chart.isVisible()


def test_what_the_network_reads_in_a_gap_is_drawn_filled(qtbot, studio, series):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, target="a", window=10)
    page.chart.show_window(35)  # rows 35 to 44, of which 40 to 42 are empty
    near = page.chart.rows[0][1]
    x, y = near._inputs.getData()
    assert x.tolist() == list(range(35, 45))
    assert y.tolist() == [35, 36, 37, 38, 39, 39, 39, 39, 43, 44]
    x, y = near._read.item.getData()
    assert y.tolist() == [35, 36, 37, 38, 39, 39, 39, 39, 43, 44]
    x, y = near._predicted.getData()
    assert (x.tolist(), y.tolist()) == ([45], [45])


def test_the_steps_of_a_window_of_frames_are_marked(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("machinery")
    near = shown_page(qtbot, window).chart.rows[0][1]
    begin = near.window.getRegion()[0] + 0.5
    assert (near._frames.getData()[0][::2] + 0.5 - begin).tolist() == list(range(100, 1000, 100))


def test_sequences_of_the_import_page_are_not_read_again(qtbot, studio, real_data, monkeypatch):
    monkeypatch.setattr("rnnstudio.results.data_reader.read_content", lambda settings: pytest.fail("read again"))
    window = studio(ScriptedTrain())
    click(qtbot, open_page(qtbot, window, real_data / "classify" / "GunPoint_TRAIN.ts"), "OK")
    page = shown_page(qtbot, window)
    assert page.summary.startswith("GunPoint_TRAIN.ts: 200 sequences in 2 classes, 150 steps each.")
    assert page.sequences.isVisible()


def test_another_file_in_the_form_is_shown(qtbot, studio, series, tmp_path):
    window = studio(ScriptedTrain())
    open_data(qtbot, window, series)
    other = tmp_path / "other.csv"
    other.write_text("v\n" + "\n".join(str(i % 7) for i in range(200)))
    window.view.pages.setCurrentWidget(window.view.pages.live)
    window.panel.form.input("file")._take_file(str(other))
    assert shown_page(qtbot, window).summary.startswith("other.csv: 200 rows.")


def test_sequences_are_counted_by_class_and_drawn(qtbot, studio, real_data):
    window = studio(ScriptedTrain())
    window.panel.form.begin("sequences", file=str(real_data / "classify" / "GunPoint_TRAIN.ts"), val_fraction=0.2)
    page = shown_page(qtbot, window)
    chart = page.sequences
    assert chart.isVisible()
    assert not page.chart.isVisible()
    chart.grab()
    lines = {
        split: (real_data / "classify" / f"GunPoint_{split}.ts").read_text().splitlines() for split in ("TRAIN", "TEST")
    }
    last = {
        split: [line.rsplit(":", 1)[1] for line in rows if line[:1] not in ("@", "#", "")]
        for split, rows in lines.items()
    }
    table = chart.to_frame()
    counts = {label: (last["TRAIN"].count(label), last["TEST"].count(label)) for label in sorted(set(last["TRAIN"]))}
    assert {
        c: (int(t["split"].ne("test").sum()), int(t["split"].eq("test").sum())) for c, t in table.groupby("class")
    } == counts
    assert [text.split(": ")[0] for text in chart.bars.drawn] == list(counts)
    assert sum(int(text.split(": ")[1].split(" / ")[2]) for text in chart.bars.drawn) == len(last["TEST"])
    titles = [example.title for example in chart.grid.examples]
    assert set(titles) == set(counts)
    chart.chosen_class.setCurrentIndex(2)
    assert {example.title for example in chart.grid.examples} == {list(counts)[1]}


@pytest.mark.parametrize("lengths", [(9, 9, 9, 9), (9, 7, 8, 9)])
def test_filled_values_of_sequences_are_marked_at_their_steps(qtbot, studio, tmp_path, lengths):
    missing = {(0, 3), (0, 4), (2, 5)}
    rows = ["trial,class,a,b"]
    for k, length in enumerate(lengths):
        rows += [f"t{k},{'uv'[k % 2]},{'' if (k, i) in missing else i % 3 + k},{i * k % 5}" for i in range(length)]
    file = tmp_path / "trials.csv"
    file.write_text("\n".join(rows) + "\n")
    window = studio(ScriptedTrain())
    window.panel.form.begin("sequences", file=str(file), sequence="trial", target="class", test_fraction=0.5)
    chart = shown_page(qtbot, window).sequences
    chart.grab()
    marked = {
        (int(example.remark.split(",")[0].removeprefix("no. ")) - 1, int(step))
        for example in chart.grid.examples
        for step in example.filled
    }
    assert marked == missing
    assert "Values filled in 2 sequences" in chart.legend.texts


@pytest.mark.parametrize("recipe", ["echo", "airline", "machinery", "toy"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_data_of_every_recipe_are_drawn_and_saved(qtbot, studio, tmp_path, recipe, theme):
    window = studio(ScriptedTrain())
    window.appearance.scheme = "dark" if theme.dark else "light"
    window.panel.form.begin(recipe)
    page = shown_page(qtbot, window)
    chart = page.chart if page.chart.isVisible() else page.sequences
    assert chart.theme == theme
    assert chart.message == ""
    image = chart.grab().toImage()
    assert len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}) > 10
    for ending in (".png", ".svg", ".pdf"):
        file = tmp_path / f"{recipe}{ending}"
        chart.save(file)
        assert file.stat().st_size > 2000
    assert len(chart.to_frame())


def test_every_control_has_a_name_for_screen_readers(qtbot, studio, series):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, features="a,b")
    for control in (
        page._series,
        page._below,
        page.chart.stepper.number,
        page.chart.stepper.slider,
        page.chart,
        page.sequences,
        page.sequences.chosen_class,
    ):
        assert control.accessibleName()


def test_the_page_waits_until_it_is_visible(qtbot, studio, series, monkeypatch):
    views = []
    window = studio(ScriptedTrain(chunks=100_000))
    view = window.data_reader.view
    monkeypatch.setattr(window.data_reader, "view", lambda e: views.append(e) or view(e))
    open_data(qtbot, window, series)
    count = len(views)
    window.train()
    qtbot.waitUntil(lambda: window.controller.history.step > 10)
    window.panel.form.set_value("window", 7)
    qtbot.wait(50)
    assert len(views) == count
    window.view.pages.setCurrentWidget(window.view.pages.data)
    qtbot.waitUntil(lambda: len(views) == count + 1)
    window.controller.stop()
    qtbot.waitUntil(lambda: not window.controller.running)


def test_the_axes_of_a_column_begin_at_the_same_place_and_have_room_for_their_numbers(qtbot, studio, series):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, target="b", features="b,a")
    page.chart.grab()
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for column in zip(*page.chart.rows, strict=True):
        lefts = [drawn.axes.vb.sceneBoundingRect().left() for drawn in column]
        assert lefts[0] == lefts[1]
        for drawn in column:
            axis = drawn.axes.getAxis("left")
            texts = axis.generateDrawSpecs(painter)[2]
            assert texts
            assert all(rect.left() >= 0 for rect, _, _ in texts)
    painter.end()


def test_the_mouse_drags_the_window_from_one_start_to_another(qtbot, studio, series):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, target="b", window=40, stride=5)
    whole, canvas = page.chart.rows[0][0], page.chart.canvas
    page.chart.show_window(10)
    page.chart.grab()
    left, right = whole.window.getRegion()

    def pixel(x):
        view = whole.axes.vb
        scene = view.mapViewToScene(QPointF(x, sum(view.viewRange()[1]) / 2))
        return canvas.mapFromScene(scene)

    viewport, begin = canvas.viewport(), (left + right) / 2
    qtbot.mouseMove(viewport, pixel(begin))
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=pixel(begin))
    for shift in (5, 20, 52, 73):
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(pixel(begin + shift)),
            viewport.mapToGlobal(QPointF(pixel(begin + shift))),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        qtbot.wait(20)  # pyqtgraph leaves out moves within 10 ms
        QCoreApplication.sendEvent(viewport, event)
        assert (whole.window.getRegion()[0] + 0.5) % 5 == 0, "a window begins at every fifth row"
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=pixel(begin + 73))
    moved = whole.window.getRegion()[0] - left
    assert abs(moved - 73) <= 5
    assert whole.window.getRegion()[1] - whole.window.getRegion()[0] == 40
    assert page.chart.stepper.number.value() == 11 + moved / 5


def test_data_are_loaded_on_another_thread_and_only_the_newest_are_shown(qtbot, studio, series, monkeypatch):
    window = studio(ScriptedTrain())
    threads, view = [], window.data_reader.view
    monkeypatch.setattr(
        window.data_reader, "view", lambda e: threads.append(threading.current_thread()) or time.sleep(0.05) or view(e)
    )
    page = open_data(qtbot, window, series, target="b", window=10)
    for number in range(11, 31):
        window.panel.form.set_value("window", number)
    shown_page(qtbot, window)
    assert threading.main_thread() not in threads
    assert len(threads) < 10, "values that were overtaken are not loaded"
    assert "One window: 30 rows" in page.chart.legend.texts


def test_other_data_may_be_viewed_while_an_experiment_trains(qtbot, studio, series):
    window = studio(ScriptedTrain(chunks=100_000))
    window.panel.form.begin("airline")
    window.train()
    qtbot.waitUntil(lambda: window.controller.history.step > 10)
    click(qtbot, window.panel, "Edit a copy for the next run")
    page = open_data(qtbot, window, series)
    pages = window.view.pages
    assert pages.currentWidget() is page
    pages.setCurrentWidget(pages.live)
    qtbot.waitUntil(lambda: len(pages.live.plots["loss"].to_frame()) > 10)
    pages.setCurrentWidget(pages.data)
    window.controller.stop()
    qtbot.waitUntil(lambda: not window.controller.running)
    assert window.view.run.experiment.recipe == "airline"
    assert pages.currentWidget() is page


def test_a_class_at_each_step_is_drawn_by_its_name(qtbot, studio, cases):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, cases / "08_index_column.csv", task="label", target="state", series="none")
    axis = page.chart.rows[0][0].axes.getAxis("left")
    assert axis._tickLevels == [[(0, "bad"), (1, "good")]]
    rows = [line.split(",") for line in (cases / "08_index_column.csv").read_text().splitlines()[1:]]
    table = page.chart.to_frame()
    assert table["state"].tolist() == [row[3] for row in rows]
    np.testing.assert_allclose(table["vibration"], [float(row[2]) for row in rows])
    assert table["split"].value_counts().to_dict() == {"training": 648, "validation": 72, "test": 180}


def test_unequal_lengths_have_a_histogram(qtbot, studio, tmp_path):
    lengths = [3, 3, 4, 9, 9, 9, 12, 5, 3, 7]
    file = tmp_path / "runs.ts"
    rows = "".join(
        f"{','.join(['1', '2'] * 6)[: 2 * n - 1]}:{'up' if i % 2 else 'down'}\n" for i, n in enumerate(lengths)
    )
    file.write_text(f"@classLabel true up down\n@data\n{rows}")
    window = studio(ScriptedTrain())
    window.panel.form.begin("sequences", file=str(file))
    page = shown_page(qtbot, window)
    assert "3 to 12 steps each (median 6)" in page.summary
    chart = page.sequences
    assert chart._histogram_axes.isVisible()
    bars = chart._histogram.opts
    counted = {(b + e) / 2: h for b, e, h in zip(bars["x0"], bars["x1"], bars["height"], strict=True) if h}
    assert counted == {n: lengths.count(n) for n in set(lengths)}
    assert chart.to_frame()["length"].tolist() == lengths
    window.panel.form.begin("toy")
    shown_page(qtbot, window)
    assert not chart._histogram_axes.isVisible()


def test_a_card_that_trains_at_once_does_not_load_the_data_twice(qtbot, studio, monkeypatch):
    window = studio(ScriptedTrain())
    views = []
    monkeypatch.setattr(window.data_reader, "view", views.append)
    window.cards.train.emit("airline")
    qtbot.waitUntil(lambda: not window.controller.running)
    qtbot.wait(100)
    assert window.view.pages.currentWidget() is window.view.pages.live
    assert views == []


def test_all_notes_are_shown_by_a_link_and_for_another_file_only_the_first(qtbot, studio, series):
    window = studio(ScriptedTrain())
    page = open_data(qtbot, window, series, target="a")
    label = page._notes
    assert label.text().endswith("more</a>")
    assert len(label.notes) > 1
    assert label.notes[1] not in label.text()
    label.linkActivated.emit("#")
    assert all(note in unescape(label.text()) for note in label.notes)
    label.linkActivated.emit("#")
    assert label.notes[1] not in label.text()
    assert label.focusPolicy() & Qt.FocusPolicy.TabFocus  # the link is reached without a mouse
