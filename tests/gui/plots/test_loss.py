"""The loss plot, and what all training curves do."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from rnnstudio.core.events import Evaluated
from rnnstudio.core.experiment import compose
from rnnstudio.gui.charts.numbers import number
from rnnstudio.gui.plots.loss import LossPlot
from tests.gui.drawn import line, turn_wheel
from tests.gui.histories import add_steps, finished_history, started_history


def test_nan_and_infinity_are_marked_at_their_updates_and_the_line_continues(draw_plot):
    losses = np.linspace(1, 0.5, 20)
    losses[7], losses[12] = np.nan, np.inf
    history = started_history("echo", 20)
    add_steps(history, losses)
    plot = draw_plot("loss", "echo", history)
    x, y = line(plot.curves.not_finite_markers)
    assert x.tolist() == [7, 12]
    _, (low, high) = plot.axes.vb.viewRange()
    assert ((y > low) & (y < high)).all()
    assert "NaN or infinite (2)" in plot.legend.texts
    assert plot.count_outside == 0


def test_marks_of_nan_stay_when_a_run_grows(draw_plot):
    history = started_history("echo", 10_000)
    plot = draw_plot("loss", "echo", history)
    add_steps(history, [1.0, np.nan])
    plot.show_history(history)
    add_steps(history, np.full(5000, 0.5))
    plot.show_history(history)
    assert line(plot.curves.not_finite_markers)[0].tolist() == [1]


def test_a_logarithmic_axis_hides_and_counts_values_of_zero_and_below(draw_plot):
    losses = [1, 0, 0.1, -2, 0.01, 0.001]
    history = started_history("echo", 6)
    add_steps(history, losses)
    plot = draw_plot("loss", "echo", history)
    assert plot.controls.log_scale.isChecked()
    _, y = line(plot.curves.raw.item)
    assert np.isfinite(y).tolist() == [True, False, True, False, True, True]
    assert "2 outside the view" in plot.legend.texts
    plot.controls.log_scale.setChecked(False)
    assert line(plot.curves.raw.item)[1].tolist() == pytest.approx(losses)
    assert plot.count_outside == 0
    assert plot.to_frame()["train_loss"].tolist() == pytest.approx(losses)


def test_values_that_the_user_zooms_away_are_counted(draw_plot):
    history = started_history("echo", 100)
    add_steps(history, np.full(100, 0.5))
    plot = draw_plot("loss", "echo", history)
    turn_wheel(plot)
    plot.axes.vb.setRange(xRange=(0, 49), yRange=(-5, -4), padding=0)
    assert "50 outside the view" in plot.legend.texts


def test_zooming_stops_following_until_latest_or_a_double_click(draw_plot, qtbot):
    history = started_history("echo", 10_000)
    add_steps(history, np.full(100, 0.5))
    plot = draw_plot("loss", "echo", history)
    assert plot.following
    assert plot.controls.latest.isHidden()
    turn_wheel(plot)
    zoomed = plot.axes.vb.viewRange()
    add_steps(history, np.full(900, 0.5))
    plot.show_history(history)
    assert not plot.following
    assert not plot.controls.latest.isHidden()
    assert plot.axes.vb.viewRange() == zoomed
    plot.controls.latest.click()
    assert plot.following
    assert plot.axes.vb.viewRange()[0][1] >= 1000
    turn_wheel(plot)
    viewport = plot.canvas.viewport()
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=viewport.rect().center())
    assert plot.following


def test_a_view_that_follows_shows_every_value_of_a_growing_run(draw_plot):
    history = started_history("echo", 100_000)
    plot = draw_plot("loss", "echo", history)
    rng = np.random.default_rng(1)
    for size in (1, 3, 50, 700, 5000):
        add_steps(history, rng.lognormal(-3, 2, size))
        plot.show_history(history)
        (left, right), (low, high) = plot.axes.vb.viewRange()
        assert left <= 0
        assert right >= history.step - 1
        values = np.log10(history.loss.values)
        assert low <= values.min()
        assert high >= values.max()
        assert plot.count_outside == 0


def test_a_spike_of_one_update_among_100_000_is_drawn(draw_plot):
    losses = np.full(100_000, 0.01)
    losses[54_321] = 7.0
    history = started_history("echo", 100_000)
    add_steps(history, losses)
    plot = draw_plot("loss", "echo", history)
    x, y = line(plot.curves.raw.item)
    assert len(x) < 5000
    assert y.max() == pytest.approx(np.log10(7.0))
    assert abs(x[y.argmax()] - 54_321) < 200


def test_the_raw_line_stays_below_the_smoothed_one(draw_plot):
    history = started_history("echo", 500)
    add_steps(history, np.random.default_rng(0).lognormal(0, 1, 500))
    plot = draw_plot("loss", "echo", history)
    plot.controls.smoothing.setValue(90)
    raw, smooth = line(plot.curves.raw.item)[1], line(plot.curves.smooth.item)[1]
    assert np.ptp(smooth) < np.ptp(raw) / 2
    assert "Smoothed (0.90)" in plot.legend.texts
    plot.controls.smoothing.setValue(0)
    assert "Training loss" in plot.legend.texts
    assert not any(text.startswith("Smoothed") for text in plot.legend.texts)


def test_best_evaluation_published_numbers_and_epochs_are_in_the_legend(draw_plot):
    history = started_history("airline", 400)
    add_steps(history, np.geomspace(1, 0.1, 400))
    for step, loss in ((0, 3.0), (200, 0.2), (400, 0.5)):
        history.apply(Evaluated(step, {"test_loss": loss}))
    plot = draw_plot("loss", "airline", history)
    assert {"Best test loss* 0.2 at 200", "* test set used for early stopping"} <= set(plot.legend.texts)
    assert {"Published training loss", "Published test loss", "Epoch"} <= set(plot.legend.texts)
    x, y = line(plot.curves.published_markers[1])
    assert dict(zip(x, 10**y, strict=True))[100] == pytest.approx(0.2425)
    x, y = line(plot.curves.best_marker)
    assert (x[0], 10 ** y[0]) == (200, pytest.approx(0.2))


def test_epoch_lines_are_left_out_where_they_would_hide_the_curve(draw_plot):
    for per_epoch, expected in ((100, True), (1, False), (3, False)):
        history = started_history("echo", 1000, per_epoch)
        add_steps(history, np.full(1000, 0.5))
        assert ("Epoch" in draw_plot("loss", "echo", history).legend.texts) == expected


def test_hover_shows_update_epoch_and_values(draw_plot):
    plot = draw_plot("loss", "airline", finished_history("airline", 1000))
    text, update = plot.readout(250.3)
    assert update == 250
    assert text.splitlines() == [
        "Update 250, epoch 2.5",
        f"Training loss {number(np.geomspace(1, 0.01, 1000)[250])}",
        f"Test loss {number(0.5 + 1 / 251)} at update 250",
    ]


def test_the_table_holds_evaluations_and_published_numbers_at_their_updates(draw_plot):
    table = draw_plot("loss", "airline", finished_history("airline", 400)).to_frame().set_index("update")
    assert table.loc[100, "published_test_loss"] == 0.2425
    assert np.isnan(table.loc[101, "published_test_loss"])
    assert table.loc[200, "test_loss"] == pytest.approx(0.5 + 1 / 201)


@pytest.mark.parametrize(
    ("kind", "settings", "label"),
    [
        ("airline", {}, "MSE (scaled)"),
        ("airline", {"scale": "none"}, "MSE"),
        ("echo", {}, "cross-entropy (nats)"),
    ],
)
def test_the_loss_is_called_scaled_only_where_the_target_is(qtbot, kind, settings, label):
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.begin(compose(kind, settings))
    assert plot.value_label(started_history(kind, 1)).startswith(label)
    assert ("scaled" in plot.value_label(started_history(kind, 1))) == ("scaled" in label)
