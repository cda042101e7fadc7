"""The result page compares a run with its baseline and with the publication."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QTableWidget

from rnnstudio.gui.result import baseline_sentence
from tests.gui.driving import train, train_classes
from tests.gui.scripted import ScriptedTrain


def test_the_result_compares_with_the_baseline_and_lists_the_classes(qtbot, studio):
    window = studio(ScriptedTrain())
    train_classes(qtbot, window)
    window.view.pages.setCurrentIndex(1)
    texts = [label.text() for label in window.view.pages.result.findChildren(QLabel)]
    assert (
        "Test accuracy: 80.0\u202f%. Best baseline: majority class, 33.3\u202f%. "
        "The network makes 70\u202f% fewer errors."
    ) in texts
    tables = window.view.pages.result.findChildren(QTableWidget)
    rows = [[table.item(i, j).text() for j in range(table.columnCount())] for table in tables for i in range(3)]
    assert ["sit", "20", *["80.0\u202f%"] * 3, "stand (4 of 20)"] in rows


def test_a_run_worse_than_its_baseline_is_called_so(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    assert baseline_sentence(window.view.run) == (
        "Test RMSE: 50 thousand passengers. Best baseline: naive last value, 45 thousand passengers. "
        "The network's error is not lower."
    )


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
    window.view.pages.setCurrentIndex(1)
    qtbot.waitUntil(table.isVisible)
    assert table.viewport().width() >= table.horizontalHeader().length()
