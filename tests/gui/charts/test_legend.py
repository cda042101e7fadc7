"""The legend above a plot."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSizeF

from rnnstudio.gui.charts.legend import Entry, Legend

NAMES = [f"Published training accuracy {i}" for i in range(6)]


@pytest.mark.usefixtures("qapp")
def test_a_low_plot_has_a_short_legend_whose_tooltip_has_the_other_entries() -> None:
    legend = Legend()
    legend.show_entries([Entry(name) for name in NAMES])
    legend.resize(QSizeF(450, 100))
    full = legend.maximumHeight()
    legend.fit_into(full / 0.35 + 1)
    assert (legend.maximumHeight(), legend.toolTip()) == (full, "")
    legend.fit_into(full)
    assert legend.maximumHeight() <= 0.35 * full + 4
    assert legend.toolTip().splitlines()[-1] == NAMES[-1]
    assert NAMES[0] not in legend.toolTip()
    legend.fit_into(10)
    assert 0 < legend.maximumHeight() < full / 2  # one row at least


@pytest.mark.usefixtures("qapp")
def test_a_count_that_must_be_noticed_is_shown_first() -> None:
    legend = Legend()
    legend.show_entries([Entry(NAMES[0]), Entry("3 outside the view", badge=True)])
    assert legend.texts[0] == "3 outside the view"
