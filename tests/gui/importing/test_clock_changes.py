"""Files of local times with clock changes, and of several zones: import page and data page say the same of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt

from tests.gui.driving import open_page, shown_page
from tests.gui.scripted import ScriptedTrain

KINDS = {  # how the times are written, the first time as it is read, and what the times are
    "autumn": ("2024-10-20", "%Y-%m-%d %H:%M", "2024-10-19 23:00", "standard time"),
    "spring": ("2024-03-20", "%Y-%m-%d %H:%M", "2024-03-20 00:00", "standard time"),
    "offsets": ("2024-10-20", "%Y-%m-%dT%H:%M%z", "2024-10-19 22:00", "UTC"),
    "one zone": ("2024-11-20", "%Y-%m-%dT%H:%M%z", "2024-11-20 00:00", "UTC+01:00"),
    "no zone": ("2024-11-20", "%Y-%m-%d %H:%M", "2024-11-20 00:00", ""),
}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_summary_and_data_page_show_the_same_times_and_say_what_they_are(qtbot, studio, tmp_path, kind):
    begin, written, first, zone = KINDS[kind]
    times = pd.date_range(begin, periods=600, freq="h", tz="Europe/Berlin")
    file = tmp_path / "meter.csv"
    kw = np.random.default_rng(0).normal(100, 10, 600)
    file.write_text("\n".join(["time,kW", *(f"{t:{written}},{v:.2f}" for t, v in zip(times, kw, strict=True))]))
    window = studio(ScriptedTrain())
    page = open_page(qtbot, window, file)
    model = page.rows.model()
    assert model.headerData(0, Qt.Orientation.Horizontal) == (f"time ({zone})" if zone else "time")
    assert model.index(0, 0).data() == first
    last = model.index(model.rowCount() - 1, 0).data()
    assert f"{first} to {last}" in page.summary
    assert (f", {zone}," in page.summary) == bool(zone)
    box, is_local = page.controls.box("doubles"), zone == "standard time"
    assert box.isVisibleTo(page) == is_local
    notes = page.notes
    assert ("the clock change, as in Europe/Berlin" in notes) == is_local
    page.accept()
    data = shown_page(qtbot, window)
    assert f"from {first} to {last}{f', {zone}' if zone else ''}." in data.summary
    said = [note.lstrip("• ") for note in notes.splitlines() if "clock change" in note]
    assert said == [note for note in data.notes.splitlines() if "clock change" in note]
    assert np.datetime_as_string(data._view.data.times[0, 0], unit="m") == first.replace(" ", "T")


@pytest.mark.parametrize("kind", ["autumn", "spring"])
def test_the_times_of_the_file_can_be_kept_and_the_control_stays(qtbot, studio, tmp_path, kind):
    begin, written, *_ = KINDS[kind]
    times = pd.date_range(begin, periods=600, freq="h", tz="Europe/Berlin")
    file = tmp_path / "meter.csv"
    file.write_text("\n".join(["time,kW", *(f"{t:{written}},{i % 24 + i / 1000}" for i, t in enumerate(times))]))
    page = open_page(qtbot, studio(ScriptedTrain()), file)
    assert page.controls.box("doubles").currentText() == "found: standard time"
    page.set_setting("doubles", "keep")
    qtbot.waitUntil(lambda: not page.is_busy)
    assert page.rows.model().headerData(0, Qt.Orientation.Horizontal) == "time"
    assert page.rows.model().index(0, 0).data() == f"{begin} 00:00"
    assert page.controls.box("doubles").isVisibleTo(page)
    assert page.controls.box("doubles").currentData() == "keep"
