"""What every registered plot does; CONTRIBUTING's plot is tested by this file too."""

from __future__ import annotations

import doctest
import pkgutil
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from rnnstudio.core.events import Evaluated, Predicted
from rnnstudio.core.history import History
from rnnstudio.gui import plots
from rnnstudio.gui.charts.legend import Legend
from rnnstudio.gui.plots import PLOTS
from rnnstudio.gui.theme import DARK, LIGHT
from tests.gui.histories import PREDICTIONS, add_steps, experiment_of, finished_history, started_history

SUITED = [
    (plot.name, kind)
    for plot in PLOTS
    for kind in PREDICTIONS
    if plot.suits(experiment_of(kind)) and plot.suits_data(started_history(kind, 1).info)
]
ONCE = list({name: (name, kind) for name, kind in SUITED}.values())


def colors_of(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


def test_every_module_registers_its_plot():
    modules = {module.name for module in pkgutil.iter_modules(plots.__path__)}
    assert set(PLOTS.names()) == modules, "a plot is a module of its name, and its class has the decorator @plot"


def test_titles_differ():
    titles = [plot.title for plot in PLOTS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(("name", "kind"), ONCE)
def test_a_new_plot_has_the_colours_of_its_theme_and_shows_all_data(draw_plot, name, kind):
    plot = draw_plot(name, kind, finished_history(kind, 100), theme=DARK)
    assert plot.legend.theme is DARK, "__init__ ends with self.set_theme(theme)"
    for axes in plot._axes:
        drawn = axes.isVisible() and axes.items
        assert not drawn or axes.viewRange() != [[0, 1], [0, 1]], "axes need enableAutoRange() or setRange()"


def test_every_plot_suits_some_kind_of_run():
    assert {name for name, _ in ONCE} == set(PLOTS.names())


@pytest.mark.parametrize("name", PLOTS.names())
def test_a_plot_has_a_name_a_title_an_order_and_an_accessible_name(draw_plot, name):
    cls = PLOTS.get(name)
    assert cls.__module__ == f"rnnstudio.gui.plots.{name}", "the command line takes the names from the modules"
    assert cls.name == name
    assert cls.title
    assert isinstance(cls.order, int)
    plot = draw_plot(name, next(kind for plot_name, kind in ONCE if plot_name == name))
    assert plot.accessibleName() == plot.canvas.accessibleName() == cls.title
    assert isinstance(plot.legend, Legend)


@pytest.mark.parametrize("name", PLOTS.names())
def test_the_docstring_has_an_example_that_runs(name):
    module = sys.modules[PLOTS.get(name).__module__]
    failed, attempted = doctest.testmod(module)
    assert attempted > 0
    assert failed == 0


@pytest.mark.parametrize(("name", "kind"), SUITED)
def test_a_plot_says_whether_it_is_the_first_to_show(name, kind):
    assert PLOTS.get(name).default_for(experiment_of(kind)) in (True, False)


@pytest.mark.parametrize(("name", "kind"), SUITED)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_plot_shows_a_message_before_the_first_update_and_draws_any_run_after_it(draw_plot, name, kind, theme):
    plot = draw_plot(name, kind, theme=theme)
    assert plot.message.endswith(".")
    assert len(plot.to_frame()) == 0
    background = QColor(theme.background).rgb()
    for updates in (0, 1, 1000):
        history = finished_history(kind, updates) if updates else started_history(kind, 1000)
        plot.begin(experiment_of(kind))
        plot.show_history(history)
        plot.set_theme(theme)
        image = plot.drawing.image()
        assert bool(plot.message) == (updates == 0)
        assert colors_of(image) - {background}
        assert image.pixel(image.width() - 1, image.height() - 1) == background
    assert len(plot.to_frame()) > 0


@pytest.mark.parametrize(("name", "kind"), SUITED)
def test_a_plot_takes_any_history(draw_plot, name, kind):
    plot = draw_plot(name, kind, History())
    assert plot.message.endswith(".")
    assert len(plot.to_frame()) == 0
    without_predictions = started_history(kind, 100)
    add_steps(without_predictions, np.linspace(1, 0.5, 10))
    diverged = started_history(kind, 100)
    add_steps(diverged, [1.0, np.nan, np.inf, 0.0, -1.0])
    diverged.apply(Evaluated(5, {"test_loss": np.nan, "test_rmse": np.inf, "test_accuracy": np.nan}))
    diverged.apply(Predicted(5, PREDICTIONS[kind]()))
    for history in (without_predictions, diverged, finished_history(kind, 100)):
        plot.begin(experiment_of(kind))
        plot.show_history(history)
        plot.show_history(history)
        plot.grab()
        plot.to_frame()


@pytest.mark.parametrize(("name", "kind"), SUITED)
def test_baselines_and_the_mouse_leave_the_drawing_and_its_message(draw_plot, name, kind):
    plot = draw_plot(name, kind)
    for history in (None, finished_history(kind, 100)):
        if history is not None:
            plot.show_history(history)
        plot.show_baseline({})
        plot.show_baseline({"majority_class": {"test_accuracy": 0.5}, "last_value": {"test_rmse": 42.0}})
        plot.reset_view()
        plot.hide_cursor()
        assert not plot.grab().isNull()
        assert bool(plot.message) == (history is None)


@pytest.mark.parametrize(("name", "kind"), ONCE)
def test_begin_clears_a_plot(draw_plot, name, kind):
    plot = draw_plot(name, kind, finished_history(kind, 50))
    assert not plot.message
    plot.begin(experiment_of(kind))
    assert plot.message
    assert len(plot.to_frame()) == 0
    plot.show_history(finished_history(kind, 20))
    assert not plot.message


@pytest.mark.parametrize(("name", "kind"), SUITED)
def test_new_predictions_after_the_same_update_are_drawn(draw_plot, name, kind):
    history = finished_history(kind, 50)
    plot = draw_plot(name, kind, history)
    history.apply(Predicted(50, PREDICTIONS[kind]()))
    plot.show_history(history)
    assert not plot.message


@pytest.mark.parametrize(("name", "kind"), ONCE)
def test_set_theme_changes_the_background(draw_plot, name, kind):
    plot = draw_plot(name, kind, finished_history(kind, 50), theme=LIGHT)
    for theme in (DARK, LIGHT):
        plot.set_theme(theme)
        image = plot.drawing.image()
        assert image.pixel(image.width() - 1, image.height() - 1) == QColor(theme.background).rgb()


@pytest.mark.parametrize(("name", "kind"), ONCE)
def test_png_svg_and_pdf_have_the_same_content(draw_plot, tmp_path, name, kind):
    plot = draw_plot(name, kind, finished_history(kind, 200))
    for suffix in (".png", ".svg", ".pdf"):
        plot.save(tmp_path / f"plot{suffix}")
    image, screen = QImage(str(tmp_path / "plot.png")), plot.drawing.image()
    assert (image.width(), image.height()) == (2 * screen.width(), 2 * screen.height())
    root = ET.parse(tmp_path / "plot.svg").getroot()
    assert root.tag.endswith("svg")
    written = " ".join(element.text or "" for element in root.iter() if element.tag.endswith("text"))
    assert plot.legend.texts, "a plot says what it draws"
    assert all(text in written for text in plot.legend.texts)
    assert (tmp_path / "plot.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(("name", "kind"), ONCE)
def test_no_plot_draws_with_opengl(draw_plot, name, kind):
    assert type(draw_plot(name, kind).canvas.viewport()).__name__ == "QWidget"
