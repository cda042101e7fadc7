"""Sentences of the window name settings by the labels that stand on the page, never as flags or in Python."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from rnnstudio.core.experiment import schema
from tests.gui.driving import open_page, shown_page
from tests.gui.scripted import ScriptedTrain

FIELDS = {**schema("sequences", "lstm"), **schema("file", "lstm")}
CASES = [
    "01_newest_first.csv", "02_years_header.csv", "03_Waves_TRAIN.tsv", "04_turbofan_FD.txt", "05_fred.csv",
    "07_stores.csv", "08_index_column.csv", "09_thousands_point.csv", "10_excel_title.xlsx",
    "10_pose_three_headers.csv", "10_units_row.csv", "11_int_float_labels.csv", "12_total_row.csv",
    "14_after_dropna.parquet", "17_newer_renamed.csv", "21_unsorted_steps.csv", "24_demo.tsf",
    "26_gap_double_clock.csv", "27_preamble_co2.csv", "28_gbk.csv", "99.mat", "shop_sales.csv", "shop_unsorted.csv",
]  # fmt: skip


def in_code(text: str) -> list[str]:
    """Return what names a setting as Python or a flag does; names of columns are in quotes, and not searched."""
    text = re.sub(r"'[^']*'|\S+\.(?:csv|tsv|txt|mat|tsf|parquet|xlsx)\b", "", text)
    found = re.findall(r"--\w+|\w+=\w+|`\w+`", text)
    for name, field in FIELDS.items():
        values = "|".join([*field.choices, "true", "false", "none"])
        if "_" in name:
            found += re.findall(rf"\b{name}\b", text)
        else:
            found += re.findall(rf"\b[Ss]et {name}\b|\b{name} (?:{values})\b|\bor {name} to\b|where {name} is\b", text)
        found += [value for value in field.choices if "_" in value and re.search(rf"\b{value}\b", text)]
    return found


def texts(widget) -> list[str]:
    """Return the visible texts of labels and buttons, and the lines of tooltips."""
    parts = [part for kind in (QLabel, QPushButton) for part in widget.findChildren(kind) if part.isVisibleTo(widget)]
    return [text for part in parts for text in (part.text(), part.toolTip())]


@pytest.mark.parametrize("name", CASES)
def test_no_sentence_about_a_file_names_a_setting_in_code(qtbot, studio, cases, name):
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, cases / name)
    shown = texts(page)
    assert len(shown) > 8
    assert {text: in_code(text) for text in shown if in_code(text)} == {}
    settings = page._settings(page._file)
    page.reject()
    window.panel.form.begin(settings[0], **settings[1])
    data = shown_page(qtbot, window)
    shown = [data.summary, data.problem, *data.notes.splitlines()]
    assert {text: in_code(text) for text in shown if in_code(text)} == {}


@pytest.mark.parametrize(
    ("start", "settings"),
    [
        ("echo", {"stride": "99"}),
        ("echo", {"bidirectional": True}),
        ("echo", {"batch_size": "0"}),
        ("airline", {"stateful": True, "task": "forecast"}),
        ("har", {"stateful": True}),
        ("airline", {"sampling": "shuffle_once", "learning_rate": "1,000"}),
        ("airline", {"window": "1000"}),
        ("airline", {"test_fraction": "0.99"}),
        ("airline", {"updates": "0", "epochs": "0"}),
    ],
)
def test_no_sentence_about_the_form_names_a_setting_in_code(qtbot, studio, start, settings):
    window = studio(ScriptedTrain())
    form = window.panel.form
    form.begin(start)
    for name, value in settings.items():
        form.set_value(name, value)
    said = [label.text() for label in window.panel.findChildren(QLabel, "problem")]
    if form.experiment is not None:
        said.append(shown_page(qtbot, window).problem)
    assert any(said)
    assert {text: in_code(text) for text in said if in_code(text)} == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "filled (missing past).", "set missing to drop", "or missing to drop", "where stateful is true", "--series",
        "max_gap is 10", "missing_values=-999", "month_first or day_first",
    ],
)  # fmt: skip
def test_the_search_finds_what_it_should(sentence):
    assert in_code(sentence)
    assert not in_code("Column 'max_gap' of max_gap.csv holds missing values; set Longest gap to 10.")
