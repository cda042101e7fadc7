"""The result page compares a run with its baseline and with the publication."""

from __future__ import annotations

from types import SimpleNamespace
from unittest import mock

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QTableWidget

from rnnstudio.core.advice import Suggestion
from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.conclusions import conclusions
from rnnstudio.core.experiment import compose
from rnnstudio.core.published import compare_with_publication
from rnnstudio.core.published_results import published_results
from rnnstudio.gui.result import Result, data_sentence
from tests.gui.driving import import_file, train, train_classes
from tests.gui.histories import finished_history
from tests.gui.scripted import ScriptedTrain


def fake_run(kind: str, metrics: dict, baselines: dict, changes: dict | None = None, warnings=()) -> SimpleNamespace:
    """Return what the page reads of a run of a recipe."""
    history = finished_history(kind, 400)
    recipe = RECIPES.get(kind)
    chosen = kind == "airline"
    return SimpleNamespace(
        better_before=None,
        chosen_on_test=chosen,
        footnote="* Early stopping used the test set." if chosen else "",
        name="run-1",
        path="",
        outcome="early_stopped",
        record=history,
        info=history.info,
        metrics=metrics,
        baseline=baselines,
        warnings=warnings,
        class_rows=[],
        target_metrics=[],
        decision=None,
        positive_class="",
        experiment=compose(kind, changes or {}),
        conclusions=conclusions(metrics, baselines, history.info),
        suggestions=[],
        published=[row.to_dict() for row in compare_with_publication(recipe, history)],
        published_results=published_results(compose(kind, changes or {}), metrics),
    )


def airline_run(**options) -> SimpleNamespace:
    baselines = {"last_value": {"test_rmse": 50.0}, "seasonal_last_value": {"test_rmse": 40.0}}
    return fake_run("airline", {"train_loss": 0.5, "test_rmse": 30.0, "skill": 0.25}, baselines, **options)


@pytest.fixture
def page(qtbot):
    result = Result()
    qtbot.addWidget(result)
    return result


def texts(page: Result) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel)]


def rows(table: QTableWidget) -> list[list[str]]:
    return [[table.item(i, j).text() for j in range(table.columnCount())] for i in range(table.rowCount())]


def test_the_conclusions_and_suggestions_of_a_run_are_shown(page):
    run = airline_run()
    run.requested = compose("airline", {"epochs": "auto"})
    run.suggestions = [
        Suggestion({"window": 24}, "Read two whole seasons, a year each, in each window."),
        Suggestion({"restore_best_weights": True, "patience": 10}, "Keep the best weights."),
        Suggestion({"predict_change": "last_value"}, "Predict the change."),
    ]
    page.show_run(run)
    assert run.conclusions[0] in texts(page)
    (shown,) = [text for text in texts(page) if text.startswith("These settings may help:")]
    assert shown.splitlines()[1:] == [
        "• Window 5 → 24: Read two whole seasons, a year each, in each window.",
        "• Final weights last → best, Patience 3 → 10: Keep the best weights.",
        "• Predict the change from none → last value: Predict the change.",
    ]
    received = []
    page.settings_chosen.connect(lambda experiment, settings: received.append((experiment, settings)))
    page.findChild(QPushButton).click()
    settings = {"window": 24, "restore_best_weights": True, "patience": 10, "predict_change": "last_value"}
    assert received == [(run.requested, settings)]


def test_without_suggestions_there_is_no_button(page):
    page.show_run(airline_run())
    assert page.findChild(QPushButton) is None
    assert not any("may help" in text for text in texts(page))


def test_the_button_puts_the_settings_of_the_run_and_the_suggested_ones_into_the_form(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline", units=7)
    train(qtbot, window)
    result, experiment = window.view.pages.result, window.view.run.experiment
    window.panel.form.begin("echo")
    result.settings_chosen.emit(experiment, {"window": 12, "patience": 10})
    form = window.panel.form
    assert form.experiment.data.dataset == "airline"
    assert (form.experiment.model.units, form.experiment.data.window, form.experiment.training.patience) == (7, 12, 10)
    assert "The form has these settings now." in window.banner.text


def test_the_settings_of_a_training_stay_as_they_are(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    experiment = window.view.run.experiment
    window.controller.state_changed.emit("training")
    with mock.patch.object(type(window.controller), "running", True):
        window.view.settings_chosen.emit(experiment, {"window": 12})
    assert "An experiment is training" in window.banner.text
    assert window.panel.form.experiment.data.window != 12
    window.controller.state_changed.emit("idle")


def test_the_table_of_metrics_has_labels_values_of_baselines_and_descriptions(page):
    page.show_run(airline_run())
    table = page.findChildren(QTableWidget)[0]
    headers = [table.horizontalHeaderItem(j).text() for j in range(table.columnCount())]
    assert headers == ["Metric", "This run", "Baseline:\nnaive last value", "Baseline:\nseasonal naive", "Description"]
    assert rows(table)[1][:4] == ["Test RMSE*", "30 thousand passengers", "50", "40"]
    assert [row[0] for row in rows(table)] == ["Training loss", "Test RMSE*", "Skill score*"]
    assert "* Early stopping used the test set." in texts(page)
    assert all(row[-1] for row in rows(table)), "every metric is described"


def test_settings_are_named_by_their_labels(page):
    warning = "Early stopping used the test set (val_fraction 0), so the best test metric is slightly too good."
    page.show_run(airline_run(changes={"window": 7, "learning_rate": 0.5}, warnings=[warning]))
    assert any("Window 5 → 7, Learning rate 0.01 → 0.5" in text for text in texts(page))
    assert not any("val_fraction" in text or "learning_rate" in text for text in texts(page))
    assert "run-1 – stopped early after 400 updates" in texts(page)[0]


def test_without_a_run_a_hint_is_shown(page):
    page.show_run(airline_run())
    page.show_run(None)
    assert texts(page) == ["The result of a run appears here after its training. "
                           "Train an experiment, or double-click a run in the list."]  # fmt: skip
    assert not page.findChildren(QTableWidget)


def test_the_result_compares_with_the_baseline_and_lists_the_classes(qtbot, studio):
    window = studio(ScriptedTrain())
    train_classes(qtbot, window)
    window.view.pages.setCurrentWidget(window.view.pages.result)
    texts = [label.text() for label in window.view.pages.result.findChildren(QLabel)]
    assert (
        "Test accuracy 80.0% is better than always predicting the most frequent class (33.3%): 70% fewer errors."
    ) in texts
    tables = window.view.pages.result.findChildren(QTableWidget)
    rows = [[table.item(i, j).text() for j in range(table.columnCount())] for table in tables for i in range(3)]
    assert ["sit", "20", *["80.0\u202f%"] * 3, "stand (4 of 20)"] in rows


def test_a_run_worse_than_its_baseline_is_called_so(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    texts = [label.text() for label in window.view.pages.result.findChildren(QLabel)]
    assert "Test RMSE* 50 thousand passengers is 11% worse than repeating the last value (45)." in texts


def test_published_metrics_are_listed_with_those_of_the_run(qtbot, studio):
    window = studio(ScriptedTrain(chunks=15))
    window.panel.form.begin("airline")
    train(qtbot, window)
    table = window.view.pages.result.findChildren(QTableWidget)[-1]
    headings = [table.horizontalHeaderItem(j).text() for j in range(table.columnCount())]
    sources = ("published", "this run")
    metrics = ("Training loss", "Test loss")
    assert headings == ["Update", *(f"{metric}, {source}" for metric in metrics for source in sources)]
    rows = {table.item(i, 0).text(): [table.item(i, j).text() for j in range(1, 5)] for i in range(table.rowCount())}
    assert rows["100"] == ["0.0422", "0.06364", "0.2425", "0.1"]
    assert rows["400"] == ["0.0375", "–", "0.2427", "–"]
    window.view.pages.setCurrentWidget(window.view.pages.result)
    qtbot.waitUntil(table.isVisible)
    assert table.viewport().width() >= table.horizontalHeader().length()


def test_the_page_names_the_file_and_what_is_predicted_from_what(qtbot, studio, tmp_path):
    window = studio(ScriptedTrain())
    file = tmp_path / "shop_sales.csv"
    file.write_text("day,sales\n" + "".join(f"{i},{i * i % 31}\n" for i in range(150)))
    import_file(qtbot, window, file)
    train(qtbot, window)
    run = window.view.run
    assert data_sentence(run) == f"shop_sales.csv: {run.info.roles_text}."
    assert data_sentence(run) in texts(window.view.pages.result)


def etth2_page(page: Result, **changes) -> Result:
    """Show a run whose test error lies between published ones."""
    run = airline_run()
    run.experiment, run.metrics, run.published = compose("etth2", changes), {"test_scaled_mse": 0.2838}, []
    run.chosen_on_test = False
    run.published_results = published_results(run.experiment, run.metrics)
    page.show_run(run)
    return page


def test_published_results_are_listed_with_the_run_where_its_error_puts_it(page):
    table = etth2_page(page).findChildren(QTableWidget)[-1]
    heads = [table.horizontalHeaderItem(j).text() for j in range(table.columnCount())]
    assert heads == ["Model", "Test scaled MSE", "Test scaled MAE", "Publication"]
    shown = rows(table)
    own = [row[0] for row in shown].index("This run")
    assert shown[own] == ["This run", "0.2838", "–", ""]
    assert shown[own - 1][:3] == ["SegRNN", "0.278", "0.335"]
    assert shown[own - 1][3].startswith("reads 96 hours. Lin et al. 2023, arXiv 2308.11200")
    assert shown[own + 1][0] == "DLinear"
    assert any(text.startswith("• The protocol is that of the publications") for text in texts(page))


def test_a_run_with_another_test_set_says_why_it_is_not_compared(page):
    etth2_page(page, test_fraction=0.3)
    (sentence,) = [text for text in texts(page) if "not comparable" in text]
    assert sentence.endswith("another test set or scale follows from Test fraction 0.2 -> 0.3.")
