"""The pictures of a run: what is drawn, marked, counted and saved."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from rnnstudio.core.errors import RnnStudioError, SettingError, StoreError
from rnnstudio.core.events import Evaluated, Finished, Predicted
from rnnstudio.core.experiment import compose
from rnnstudio.core.history import History
from rnnstudio.core.sequence import DataInfo
from rnnstudio.gui.charts.axes import linear_texts, linear_ticks, log_ticks, number
from rnnstudio.gui.charts.trace import Smoothed, thin, thin_mean
from rnnstudio.gui.plots import PLOTS
from rnnstudio.gui.render import draw_file
from rnnstudio.gui.theme import DARK, LIGHT
from tests.gui.histories import PREDICTIONS, WINDOW, a_run, chosen, labels, series, started, steps


def texts(picture) -> list[str]:
    return [entry.text for entry in picture.key.entries]


def wheel(picture) -> None:
    viewport = picture.canvas.viewport()
    place = QPointF(viewport.rect().center())
    event = QWheelEvent(
        place, viewport.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def drawn(item) -> tuple[np.ndarray, np.ndarray]:
    x, y = item.getData()
    return np.asarray([] if x is None else x), np.asarray([] if y is None else y)


# Every picture


SUITED = [(p.name, recipe) for p in PLOTS for recipe in PREDICTIONS if p.suits(chosen(recipe))]
ONCE = list({kind: (kind, recipe) for kind, recipe in SUITED}.values())


@pytest.mark.parametrize(("kind", "recipe"), SUITED)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_picture_survives_nothing_one_update_and_a_whole_run(show, kind, recipe, theme):
    picture = show(kind, recipe, theme=theme)
    assert picture.empty.endswith(".")
    assert len(picture.to_frame()) == 0
    for updates in (0, 1, 1000):
        history = a_run(recipe, updates) if updates else started(recipe, 1000)
        picture.begin(chosen(recipe))
        picture.show_history(history)
        picture.set_theme(theme)
        image = picture.image()
        assert bool(picture.empty) == (updates == 0)
        background = QColor(theme.background).rgb()
        seen = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
        assert len(seen - {background}) > 0
        assert image.pixel(image.width() - 1, image.height() - 1) == background
    assert len(picture.to_frame()) > 0


def test_every_kind_of_picture_is_looked_at_here():
    assert {kind for kind, _ in ONCE} == set(PLOTS.names())


@pytest.mark.parametrize(("kind", "recipe"), ONCE)
def test_every_picture_begins_anew(show, kind, recipe):
    picture = show(kind, recipe, a_run(recipe, 50))
    assert not picture.empty
    picture.begin(chosen(recipe))
    assert picture.empty
    assert len(picture.to_frame()) == 0
    picture.show_history(a_run(recipe, 20))
    assert not picture.empty


@pytest.mark.parametrize(("kind", "recipe"), SUITED)
def test_a_second_look_after_the_same_update_is_drawn(show, kind, recipe):
    history = a_run(recipe, 50)
    picture = show(kind, recipe, history)
    history.apply(Predicted(50, PREDICTIONS[recipe]()))
    picture.show_history(history)
    assert not picture.empty


@pytest.mark.parametrize(("kind", "recipe"), ONCE)
def test_every_picture_saves_as_png_svg_and_pdf_with_the_same_content(show, tmp_path, kind, recipe):
    picture = show(kind, recipe, a_run(recipe, 200))
    for ending in (".png", ".svg", ".pdf"):
        picture.save(tmp_path / f"picture{ending}")
    image = QImage(str(tmp_path / "picture.png"))
    assert (image.width(), image.height()) == (2 * picture.image().width(), 2 * picture.image().height())
    root = ET.parse(tmp_path / "picture.svg").getroot()
    assert root.tag.endswith("svg")
    written = " ".join(t.text or "" for t in root.iter() if t.tag.endswith("text"))
    assert picture.key.entries[0].text in written
    assert (tmp_path / "picture.pdf").read_bytes().startswith(b"%PDF")


def test_saving_says_what_is_wrong_with_a_path(show, tmp_path):
    picture = show("loss", "echo", a_run("echo", 20))
    with pytest.raises(SettingError, match=r"\.png, \.svg"):
        picture.save(tmp_path / "picture.bmp")
    with pytest.raises(StoreError, match="cannot be written"):
        picture.save(tmp_path / "nowhere" / "picture.png")


def test_no_picture_draws_with_opengl(show):
    pictures = [show(kind, "echo") for kind in PLOTS.names()]
    assert {type(picture.canvas.viewport()).__name__ for picture in pictures} == {"QWidget"}


# Loss


def test_a_nan_is_marked_at_its_update_and_the_line_goes_on(show):
    losses = np.linspace(1, 0.5, 20)
    losses[7], losses[12] = np.nan, np.inf
    history = started("echo", 20)
    steps(history, losses)
    picture = show("loss", "echo", history)
    x, y = drawn(picture.curves.bad_marks)
    assert x.tolist() == [7, 12]
    _, (low, high) = picture.plot.vb.viewRange()
    assert ((y > low) & (y < high)).all()
    assert "not finite (2)" in texts(picture)
    assert picture.off_scale == 0


def test_marks_of_nan_stay_when_a_run_grows_past_them(show):
    history = started("echo", 10_000)
    picture = show("loss", "echo", history)
    steps(history, [1.0, np.nan])
    picture.show_history(history)
    steps(history, np.full(5000, 0.5))
    picture.show_history(history)
    assert drawn(picture.curves.bad_marks)[0].tolist() == [1]


def test_log_masks_zero_and_below_and_counts_them(show):
    history = started("echo", 6)
    steps(history, [1, 0, 0.1, -2, 0.01, 0.001])
    picture = show("loss", "echo", history)
    assert picture.controls.log_scale.isChecked()
    _, y = drawn(picture.curves.raw.item)
    assert np.isfinite(y).tolist() == [True, False, True, False, True, True]
    assert "2 off scale" in texts(picture)
    picture.controls.log_scale.setChecked(False)
    assert drawn(picture.curves.raw.item)[1].tolist() == pytest.approx([1, 0, 0.1, -2, 0.01, 0.001])
    assert picture.off_scale == 0
    assert picture.to_frame()["train_loss"].tolist() == pytest.approx([1, 0, 0.1, -2, 0.01, 0.001])


def test_points_the_user_zooms_away_are_counted(show):
    history = started("echo", 100)
    steps(history, np.full(100, 0.5))
    picture = show("loss", "echo", history)
    wheel(picture)
    picture.plot.vb.setRange(xRange=(0, 49), yRange=(-5, -4), padding=0)
    assert "50 off scale" in texts(picture)


def test_wheel_pauses_following_and_latest_or_a_double_click_resumes(show, qtbot):
    history = started("echo", 10_000)
    steps(history, np.full(100, 0.5))
    picture = show("loss", "echo", history)
    assert picture.following
    assert picture.controls.latest.isHidden()
    wheel(picture)
    zoomed = picture.plot.vb.viewRange()
    steps(history, np.full(900, 0.5))
    picture.show_history(history)
    assert not picture.following
    assert not picture.controls.latest.isHidden()
    assert picture.plot.vb.viewRange() == zoomed
    picture.controls.latest.click()
    assert picture.following
    assert picture.plot.vb.viewRange()[0][1] >= 1000
    wheel(picture)
    viewport = picture.canvas.viewport()
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.rect().center())
    assert picture.following


def test_following_shows_every_point_of_a_growing_run(show):
    history = started("echo", 100_000)
    picture = show("loss", "echo", history)
    rng = np.random.default_rng(1)
    for size in (1, 3, 50, 700, 5000):
        steps(history, rng.lognormal(-3, 2, size))
        picture.show_history(history)
        (left, right), (low, high) = picture.plot.vb.viewRange()
        assert left <= 0
        assert right >= history.step - 1
        values = np.log10(history.loss.values)
        assert low <= values.min()
        assert high >= values.max()
        assert picture.off_scale == 0


def test_a_spike_of_one_update_among_100_000_is_drawn(show):
    losses = np.full(100_000, 0.01)
    losses[54_321] = 7.0
    history = started("echo", 100_000)
    steps(history, losses)
    picture = show("loss", "echo", history)
    x, y = drawn(picture.curves.raw.item)
    assert len(x) < 5000
    assert y.max() == pytest.approx(np.log10(7.0))
    assert abs(x[y.argmax()] - 54_321) < 200


def test_the_raw_line_stays_under_the_smooth_one(show):
    history = started("echo", 500)
    steps(history, np.random.default_rng(0).lognormal(0, 1, 500))
    picture = show("loss", "echo", history)
    picture.controls.smoothing.setValue(90)
    raw, smooth = drawn(picture.curves.raw.item)[1], drawn(picture.curves.smooth.item)[1]
    assert np.ptp(smooth) < np.ptp(raw) / 2
    assert "smoothed 0.90" in texts(picture)
    picture.controls.smoothing.setValue(0)
    assert "train loss" in texts(picture)
    assert not any(text.startswith("smoothed") for text in texts(picture))


def test_best_look_published_numbers_and_epochs_are_in_the_key(show):
    history = started("airline", 400)
    steps(history, np.geomspace(1, 0.1, 400))
    for step, loss in ((0, 3.0), (200, 0.2), (400, 0.5)):
        history.apply(Evaluated(step, {"test_loss": loss}))
    picture = show("loss", "airline", history)
    key = texts(picture)
    assert "best test 0.2 at 200" in key
    assert {"published train loss", "published test loss", "epoch"} <= set(key)
    x, y = drawn(picture.curves.published_marks[1])
    assert dict(zip(x, 10**y, strict=True))[100] == pytest.approx(0.2425)
    x, y = drawn(picture.curves.best_mark)
    assert (x[0], 10 ** y[0]) == (200, pytest.approx(0.2))


def test_epoch_lines_go_where_they_would_be_a_wall(show):
    for per_epoch, expected in ((100, True), (1, False), (3, False)):
        history = started("echo", 1000, per_epoch)
        steps(history, np.full(1000, 0.5))
        assert ("epoch" in texts(show("loss", "echo", history))) == expected


def test_hover_tells_update_epoch_and_values(show):
    picture = show("loss", "airline", a_run("airline", 1000))
    text, at = picture.readout(250.3)
    assert at == 250
    assert text.splitlines()[0] == "update 250, epoch 2.5"
    assert f"train loss {number(np.geomspace(1, 0.01, 1000)[250])}" in text
    assert "test loss" in text


def test_the_table_holds_looks_and_published_numbers_at_their_updates(show):
    table = show("loss", "airline", a_run("airline", 400)).to_frame().set_index("update")
    assert table.loc[100, "published_test_loss"] == 0.2425
    assert np.isnan(table.loc[101, "published_test_loss"])
    assert table.loc[200, "test_loss"] == pytest.approx(0.5 + 1 / 201)


# Accuracy or error


def test_accuracy_where_there_are_classes_error_with_unit_elsewhere(show):
    picture = show("accuracy", "echo", a_run("echo", 100))
    assert {"train accuracy", "test accuracy"} <= set(texts(picture))
    assert not picture.controls.log_scale.isChecked()
    picture = show("accuracy", "airline", a_run("airline", 100))
    assert {"test RMSE", "test MAE"} <= set(texts(picture))
    assert picture.controls.log_scale.isChecked()
    assert "thousand passengers" in picture.plot.getAxis("left").labelText


def test_a_text_longer_than_its_axis_is_cut_short(show):
    picture = show("accuracy", "airline", a_run("airline", 100), size=(480, 160))
    axis = picture.plot.getAxis("left")
    assert axis.labelText.startswith("error (")
    assert axis.labelText.endswith("…")
    assert axis.label.boundingRect().width() <= axis.size().height() + 4


def test_the_naive_answer_hardest_to_beat_is_a_line(show):
    picture = show("accuracy", "airline", a_run("airline", 100))
    picture.show_baseline({"last_value": {"test_rmse": 42.0}, "seasonal_last_value": {"test_rmse": 40.0}})
    assert "naive: seasonal last value 40" in texts(picture)
    assert 10 ** picture.curves.naive_line.value() == pytest.approx(40)
    picture.begin(compose("airline", {}))
    picture.show_history(a_run("airline", 50))
    assert not any(text.startswith("naive") for text in texts(picture))


def test_without_a_test_part_the_error_says_so(show):
    history = started("airline", 10)
    steps(history, np.ones(10))
    assert "no test part" in show("accuracy", "airline", history).empty


# Echo


def test_a_wrong_bit_is_outlined_and_counted(show):
    history = started("echo", 10)
    steps(history, np.ones(10))
    history.apply(Predicted(10, labels(wrong=[(1, 4), (1, 5), (3, 14)])))
    picture = show("echo", "echo", history, size=(900, 600))
    assert [[rect.x() for rect in row.wrong] for row in picture.rows] == [[], [4, 5], [], [14], []]
    assert "72 of 75 right (96%)" in texts(picture)
    place = picture.rows[3].mapRectToScene(picture.rows[3].wrong[0])
    image = picture.image()
    dark = QColor(LIGHT.text).rgb()
    edge = range(round(place.left()) - 2, round(place.left()) + 3)
    assert dark in {image.pixel(x, round(place.center().y())) for x in edge}


def test_bars_have_the_heights_of_the_source_work(show):
    history = started("echo", 1)
    steps(history, [0.7])
    history.apply(Predicted(1, labels()))
    picture = show("echo", "echo", history)
    for row in picture.rows:
        heights = [{rect.height() for rect in rects} for _, rects in row.layers]
        assert heights == [{1.0}, {0.5}, {0.3}]
        assert row.boundingRect().getRect() == (0, 0, WINDOW, 2)


def test_more_than_two_classes_are_bars_of_different_heights(show):
    history = started("echo", 1)
    history.info = DataInfo(**{**vars(history.info), "classes": ("a", "b", "c")})
    steps(history, [0.7])
    history.apply(Predicted(1, labels(classes=3)))
    picture = show("echo", "echo", history)
    heights = {round(rect.height(), 3) for row in picture.rows for rect in row.layers[1][1]}
    assert heights == {0.25, 0.5}


def test_the_echo_table_has_a_row_per_bit(show):
    table = show("echo", "echo", a_run("echo", 10)).to_frame()
    assert table.shape == (5 * WINDOW, 5)
    np.testing.assert_array_equal(table["truth"].to_numpy(int).reshape(5, WINDOW), labels().truth)


# Forecast


def test_the_view_is_fitted_again_when_the_run_ends_unless_the_user_has_moved_it(show):
    for moved in (False, True):
        history, wild = started("airline", 100), series()
        wild = replace(wild, one_step=np.full_like(wild.one_step, 220))
        steps(history, [1.0])
        history.apply(Predicted(1, wild))
        picture = show("forecast", "airline", history)
        if moved:
            picture.plot.vb.sigRangeChangedManually.emit([True, True])
        history.apply(Predicted(1, series()))
        picture.show_history(history)
        assert picture.plot.vb.viewRange()[1][1] > 220
        history.apply(Finished("completed", "", 1.0))
        picture.show_history(history)
        assert (picture.plot.vb.viewRange()[1][1] < 200) is not moved


def test_a_series_shows_truth_one_step_free_run_naive_answer_and_parts(show):
    picture = show("forecast", "airline", a_run("airline", 100))
    assert texts(picture) == ["truth", "naive: last value", "one step ahead", "free-running"]
    dashes = [tuple(entry.pen.dashPattern()) for entry in picture.key.entries]
    assert len(set(dashes)) == len(dashes)
    assert picture.begin_line.value() == 114.5
    assert [text.toPlainText() for text in picture._names if text.isVisible()] == ["train", "test"]
    assert "thousand passengers" in picture.plot.getAxis("left").labelText
    assert "month 130" in picture.readout(130.2)[0]
    assert "thousand passengers" in picture.readout(130.2)[0]


def test_nothing_is_drawn_where_nothing_was_told(show):
    picture = show("forecast", "airline", a_run("airline", 100))
    x, y = drawn(picture._traces["one_step"].item)
    assert np.isnan(y[(x > 109) & (x < 120)]).all()
    assert np.isfinite(y[(x <= 109) | (x >= 120)]).all()


def test_the_slider_asks_for_another_free_run_and_the_answer_is_drawn(show, qtbot):
    picture = show("forecast", "airline", a_run("airline", 100))
    assert not picture.start.isEnabled()
    picture.enable_start(True)
    assert (picture.start.minimum(), picture.start.maximum(), picture.start.value()) == (WINDOW, 140, 115)
    with qtbot.waitSignal(picture.start_chosen, timeout=2000) as asked:
        picture.start.setValue(60)
        picture.start.setValue(70)
    assert asked.args == [70]
    picture.show_free_run(range(70, 90), np.full((20, 1), 111.0))
    table = picture.to_frame().set_index("step")
    assert table["free"].dropna().index.tolist() == list(range(70, 90))
    assert picture.begin_line.value() == 69.5
    picture.show_free_run(80, np.full(5, 99.0))
    assert picture.to_frame().set_index("step")["free"].dropna().index.tolist() == list(range(80, 85))


def test_a_prediction_far_off_leaves_the_truth_readable_and_is_counted(show):
    history = started("airline", 10)
    predictions = series()
    predictions.one_step[:] = 1e30
    history.apply(Predicted(10, predictions))
    picture = show("forecast", "airline", history)
    _, (low, high) = picture.plot.vb.viewRange()
    assert high - low < 1000
    assert f"{len(predictions.one_step)} off scale" in texts(picture)


def test_a_long_series_opens_around_the_test_part(show):
    history = started("airline", 10)
    history.apply(Predicted(10, series(40_000, first=1000)))
    picture = show("forecast", "airline", history)
    (left, right), _ = picture.plot.vb.viewRange()
    assert right - left < 2000
    assert left < 40_975 < right
    assert all(len(drawn(trace.item)[0]) < 5000 for trace in picture._traces.values())


def test_toy_sequences_stand_apart_beside_the_published_outputs(show):
    picture = show("forecast", "toy", a_run("toy", 100))
    _, y = drawn(picture._traces["truth"].item)
    assert np.flatnonzero(np.isnan(y)).tolist() == [4]
    assert texts(picture) == ["input", "truth", "prediction", "published prediction"]
    table = picture.to_frame()
    assert table.loc[table["sequence"] == 2, "published"].tolist() == [4.07, 9.08, 11.94, 12.94]
    assert picture.readout(6)[0].startswith("sequence 2, step 2")
    assert picture._start_row.isHidden()


# Files


class Saved:
    """What `draw_file` reads of a run."""

    def __init__(self, recipe: str, record: History) -> None:
        self.experiment, self.record, self.baseline = compose(recipe, {}), record, {"last_value": {"test_rmse": 45.0}}


def test_a_run_is_drawn_into_a_png_of_1200_by_800_or_an_svg(qapp, tmp_path):
    run = Saved("airline", a_run("airline", 100))
    for kind in ("loss", "accuracy", "forecast"):
        image = QImage(str(draw_file(run, kind, tmp_path / f"{kind}.png")))
        assert (image.width(), image.height()) == (1200, 800)
        root = ET.parse(draw_file(run, kind, tmp_path / f"{kind}.SVG")).getroot()
        assert root.get("viewBox") == "0 0 900 600"


def test_a_program_without_qt_draws_one_picture_after_the_other_and_ends_well(tmp_path):
    script = "; ".join(
        [
            "import sys, pathlib; sys.path.insert(0, sys.argv[1])",
            "from tests.gui.plots.test_plots import Saved, a_run, draw_file",
            "run, folder = Saved('airline', a_run('airline', 50)), pathlib.Path(sys.argv[2])",
            "[draw_file(run, kind, folder / f'{kind}.png') for kind in ('loss', 'forecast', 'loss', 'accuracy')]",
        ]
    )
    root = str(Path(__file__).resolve().parents[3])
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", script, root, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix) == ["accuracy.png", "forecast.png", "loss.png"]


def test_a_picture_the_run_does_not_have_is_refused_with_those_it_has(qapp, tmp_path):
    run = Saved("airline", a_run("airline", 100))
    with pytest.raises(RnnStudioError, match=r"has no picture 'echo'; it has: accuracy, forecast, loss"):
        draw_file(run, "echo", tmp_path / "x.png")
    with pytest.raises(RnnStudioError, match=r"There is no plot called 'los'. Did you mean loss"):
        draw_file(run, "los", tmp_path / "x.png")
    with pytest.raises(RnnStudioError, match=r"\.png or \.svg"):
        draw_file(run, "loss", tmp_path / "x.jpg")
    with pytest.raises(RnnStudioError, match="No prediction yet"):
        draw_file(Saved("airline", started("airline", 100)), "forecast", tmp_path / "x.png")
    assert not list(tmp_path.glob("x.*"))


# What they are made of


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.99])
def test_smoothing_is_the_debiased_mean_however_it_arrives(share):
    x = np.random.default_rng(3).lognormal(0, 1, 3000).astype(np.float32)
    x[[5, 700]] = np.nan, np.inf
    expected, total, weight = [], 0.0, 0.0
    for value in x.astype(float):
        total, weight = share * total, share * weight
        if np.isfinite(value):
            total, weight = total + value, weight + 1
        expected.append(total / weight if np.isfinite(value) else np.nan)
    bits = Smoothed(share)
    for end in (1, 2, 50, 51, 1500, 3000):
        found = bits.follow(x[:end])
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 7, 999, 12_345])
def test_thinning_keeps_the_lowest_and_highest(count):
    values = np.random.default_rng(5).normal(size=count).astype(np.float32)
    index, kept = thin(values, 0, count, 100)
    assert len(kept) <= 450
    assert (np.diff(index) >= 0).all()
    if count:
        assert (kept.min(), kept.max()) == (values.min(), values.max())
    index, means = thin_mean(values, 0, count, 100)
    assert len(index) == len(means) <= 250


def test_numbers_on_axes_are_short_distinct_and_round():
    assert [number(v) for v in (0, 0.5, 1234.5, 66_600, 3.2e-7, 1e-5, np.inf, -2)] == [
        "0", "0.5", "1,234", "66,600", "3.2·10⁻⁷", "10⁻⁵", "∞", "−2",
    ]  # fmt: skip
    for low, high in ((0, 66_600), (0, 1), (-0.013, 0.9), (0.998, 1.0), (-5, 1e9)):
        ((step, values),) = linear_ticks(low, high, lambda step: 8)
        written = linear_texts(values, step)
        assert 2 <= len(values) <= 8
        assert len(set(written)) == len(written)
    for low, high, size in ((-4, 1, 170), (-0.2, 0.1, 170), (-30, 36, 170), (0.3, 0.31, 170), (-2.6, -0.15, 120)):
        _, numbered = log_ticks(low, high, size)[0]
        assert 2 <= len(numbered) <= 8
        assert np.diff(numbered).min() * size / (high - low) >= 13, "numbers that touch cannot be read"
        assert all(low <= value <= high for value in numbered)


def test_smoothing_is_offered_where_there_is_something_to_smooth(show):
    for recipe, offered in (("airline", False), ("echo", True)):
        assert show("accuracy", recipe, a_run(recipe, 100)).controls.smoothing.isHidden() is not offered
