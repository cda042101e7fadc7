"""The scores of each method of a backtest as a table, the best first."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from rnnstudio.core.wording import method_label, score_label
from rnnstudio.gui.charts.numbers import percent
from rnnstudio.gui.plain_text import tip
from rnnstudio.results.backtest_result import Backtest

_ROW_HEIGHT = 24  # pixels
_TIPS = {
    "rmse": "Root mean squared error, in the unit of the series.",
    "mae": "Mean absolute error, in the unit of the series.",
    "mase": "Mean absolute error, divided by that of repeating the value a season before, before the first origin.",
    "smape": "Symmetric mean absolute percentage error, from 0 to 200 %.",
    "crps": "Continuous ranked probability score, estimated from the quantiles of the bands.",
    "wql": "Weighted quantile loss: CRPS divided by the mean size of the true values.",
}


def scores_table(backtest: Backtest) -> QTableWidget:
    """Return a row per method with its scores."""
    scores = backtest.metrics()
    measures = [str(name) for name in scores if name != "method" and scores[name].notna().any()]
    by = "mase" if "mase" in measures else "rmse"
    rows = scores.sort_values(by, kind="stable").to_dict("records")
    table = QTableWidget(len(rows), 1 + len(measures))
    table.setAccessibleName("Scores of the methods")
    for j, text in enumerate(["Method", *(score_label(name) for name in measures)]):
        header = QTableWidgetItem(text)
        header.setToolTip(tip(_TIPS.get(measures[j - 1], "Share of true values within the band.") if j else ""))
        table.setHorizontalHeaderItem(j, header)
    for i, row in enumerate(rows):
        texts = [
            method_label(row["method"]),
            *(_text(name, row[name]) for name in measures),
        ]
        for j, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if j:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if row["method"] == "network":
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            table.setItem(i, j, item)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    columns = table.horizontalHeader()
    columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.setFixedHeight(_ROW_HEIGHT * len(rows) + columns.sizeHint().height() + 6)
    widths = [max(table.sizeHintForColumn(j), columns.sectionSizeHint(j)) for j in range(1 + len(measures))]
    table.setMinimumWidth(min(sum(widths) + 6, 620))
    return table


def _text(name: str, value: float) -> str:
    """Return a score with four digits, shares and percentages with their sign; a dash for none.

    >>> _text("mase", 0.63421), _text("smape", 4.4131), _text("mae", float("nan"))
    ('0.6342', '4.413\u202f%', '–')
    """
    if math.isnan(value):
        return "–"
    if name.startswith("coverage"):
        return percent(value)
    return f"{value:.4g}\u202f%" if name == "smape" else f"{value:.4g}"
