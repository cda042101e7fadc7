"""The list of runs names what it shows and counts what it cannot read."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.gui.driving import train, train_classes
from tests.gui.scripted import ScriptedTrain


def rows(window) -> list[dict[str, str]]:
    """Return the texts of all rows of the run list by heading."""
    model = window.runs.table.model()
    headings = [model.headerData(j, Qt.Orientation.Horizontal) for j in range(model.columnCount())]
    headings = [heading.replace("\n", " ") for heading in headings]
    return [
        {heading: model.data(model.index(i, j)) for j, heading in enumerate(headings)} for i in range(model.rowCount())
    ]


def test_settings_and_metrics_have_their_labels(qtbot, studio):
    window = studio(ScriptedTrain())
    window.panel.form.begin("airline")
    train(qtbot, window)
    [row] = rows(window)
    assert row.pop("Saved")
    assert row == {
        "Run": "airline-1",
        "Recipe or data": "Airline passengers",
        "Cell": "LSTM",
        "Units": "100",
        "Learning rate": "0.01",
        "Seed": "0",
        "Training loss": "0.1",
        "Test accuracy": "–",
        "Test RMSE": "50",
        "Outcome": "completed",
        "Time": "0:02",
    }
    train_classes(qtbot, window)
    assert [row["Test accuracy"] for row in rows(window)] == ["80.00%", "–"]


def test_the_filter_searches_all_columns(qtbot, studio):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    window.panel.form.begin("airline")
    train(qtbot, window)
    window.runs._filter.setText("passengers")
    assert [row["Run"] for row in rows(window)] == ["airline-1"]


def test_runs_that_cannot_be_read_are_counted(qtbot, studio):
    window = studio(ScriptedTrain())
    train(qtbot, window)
    Path(window.view.run.path, "metrics.json").write_text("{")
    window.runs.reload()
    note = next(label for label in window.runs.findChildren(QLabel) if "Every run" in label.text())
    assert "1 run cannot be read" in note.text()
    assert "metrics.json" in note.toolTip()
