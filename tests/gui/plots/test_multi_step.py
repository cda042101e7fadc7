"""The picture of many values told ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rnnstudio.core.events import Finished, Predicted
from rnnstudio.core.experiment import compose
from rnnstudio.gui.plots.multi_step import MultiStepPlot, naive_answer
from tests.gui.histories import a_run, multi_step, started

SIZE = (560, 400)


def texts(part) -> list[str]:
    return [entry.text for entry in part.key.entries]


def test_it_is_for_runs_that_tell_several_values_at_once():
    assert MultiStepPlot.suits(compose("arrays", {"task": "forecast", "horizon": 10}))
    assert not MultiStepPlot.suits(compose("arrays", {"task": "forecast", "horizon": 1}))
    assert not MultiStepPlot.suits(compose("airline", {}))


def test_one_prediction_above_and_the_free_run_below_begin_at_the_same_line(show):
    picture = show("multi_step", "multi_step", a_run("multi_step", 100), size=SIZE)
    assert picture.once.begin_line.value() == picture.free.begin_line.value() == 474.5
    assert texts(picture.once)[0] == "10 values at once"
    assert texts(picture.free)[0] == "100 free-running"
    for part in (picture.once, picture.free):
        pens = [entry.pen for entry in part.key.entries if entry.pen is not None]
        assert len({tuple(pen.dashPattern()) for pen in pens}) == 3, "colour is not the only difference"
        (left, right), _ = part.plot.vb.viewRange()
        assert left < 474 < right
    assert picture.free.plot.getAxis("bottom").labelText == "sample (50 in a second)"
    assert "(g)" in picture.once.plot.getAxis("left").labelText


def test_errors_stand_beside_those_of_the_last_value(show):
    picture = show("multi_step", "multi_step", a_run("multi_step", 100), size=SIZE)
    series = multi_step().truth
    truth, last = series[375:385], series[374]
    assert picture.once.errors() == pytest.approx(
        {"told": 2.0, "naive": float(np.sqrt(np.mean((truth - last) ** 2)))}, rel=1e-4
    )
    assert "told, RMSE 2" in texts(picture.once)


def test_where_a_season_is_known_the_value_of_a_season_ago_is_beaten_or_not():
    truth = np.tile([0.0, 1.0, 2.0, 3.0], 6)
    name, values = naive_answer(truth, np.arange(20, 30), 4)
    assert name == "naive: season ago"
    assert values.tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1], "and on beyond the end of the series"
    assert naive_answer(truth, np.arange(20, 30), 0)[0] == "naive: last value"
    assert naive_answer(np.linspace(0, 1, 24), np.arange(20, 24), 4)[0] == "naive: last value"


def test_hover_tells_sample_seconds_and_values(show):
    picture = show("multi_step", "multi_step", a_run("multi_step", 100), size=SIZE)
    lines = picture.once.readout(476.2)[0].splitlines()
    assert lines[0] == "sample 476 (9.52 s), in g"
    assert [line.split()[0] for line in lines[1:]] == ["truth", "told", "naive:"]
    assert picture.once.readout(50.0)[0] == ""


def test_the_view_follows_the_predictions_until_the_user_moves_it(show):
    history = started("multi_step", 100)
    history.apply(Predicted(1, multi_step()))
    picture = show("multi_step", "multi_step", history, size=SIZE)
    wild = replace(multi_step(), multi_step=np.full(10, 220.0, np.float32))
    picture.once.plot.vb.sigRangeChangedManually.emit([True, True])
    seen = picture.once.plot.vb.viewRange()
    history.apply(Predicted(2, wild))
    history.apply(Finished("completed"))
    picture.show_history(history)
    assert picture.once.plot.vb.viewRange() == seen
    assert "10 off scale" in texts(picture.once)
    picture.show_all()
    assert "10 off scale" not in texts(picture.once)


def test_where_nothing_is_fed_back_the_one_prediction_stands_alone(show):
    history = started("multi_step", 100)
    history.apply(Predicted(1, replace(multi_step(), free_at=None, free=None)))
    picture = show("multi_step", "multi_step", history, size=SIZE)
    assert not picture.free.plot.isVisible()
    assert picture.once.plot.getAxis("bottom").labelText == "sample (50 in a second)"
    assert picture.to_frame()["multi_step"].notna().sum() == 10


def test_the_table_has_a_row_per_step_told(show):
    table = show("multi_step", "multi_step", a_run("multi_step", 10), size=SIZE).to_frame().set_index("step")
    assert table.columns.tolist() == ["truth", "multi_step", "free", "naive"]
    assert table.index.tolist() == list(range(475, 575))
    assert table["multi_step"].notna().sum() == 10
    assert table["truth"].notna().sum() == 25, "the series ends before the free run does"
    assert table["naive"].nunique() == 1
