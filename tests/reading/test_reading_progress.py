"""Long files report how far they have been read, and can be stopped."""

from __future__ import annotations

import gc

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import StoppedError
from rnnstudio.reading.files import read_file
from rnnstudio.reading.reading_progress import reading_reported_to

FRAME = pd.DataFrame({"load": np.arange(3_000) % 7, "price": np.arange(3_000) % 11 + 0.5})
WRITERS = {
    "a.xlsx": lambda file: FRAME.to_excel(file, index=False),
    "a.npz": lambda file: np.savez_compressed(file, load=np.sin(np.arange(500_000.0))),
    "a.csv": lambda file: FRAME.to_csv(file, index=False),
}


@pytest.mark.parametrize(
    ("name", "unit", "total"), [("a.xlsx", "rows", 3_001), ("a.npz", "bytes", 4_000_128), ("a.csv", "columns", 2)]
)
def test_progress_rises_to_the_end_that_the_file_declares(tmp_path, name, unit, total):
    WRITERS[name](tmp_path / name)
    events = []
    with reading_reported_to(events.append):
        read_file(tmp_path / name)
    of_unit = [event for event in events if event.unit == unit]
    assert {event.total for event in of_unit} == {total}
    done = [event.done for event in of_unit]
    assert done == sorted(done)
    assert 0 <= done[0] < done[-1] <= total
    assert all(0 <= event.percent <= 99 for event in events)
    count = len(events)
    read_file(tmp_path / name)
    assert len(events) == count  # nothing is reported after the block


@pytest.mark.parametrize("name", list(WRITERS))
def test_a_reading_can_be_stopped_at_every_report(tmp_path, name):
    WRITERS[name](tmp_path / name)
    events = []
    with (
        reading_reported_to(events.append, lambda: len(events) >= 1),
        pytest.raises(StoppedError, match="the file was not read to its end"),
    ):
        read_file(tmp_path / name)
    assert len(events) == 1


def test_python_does_not_search_for_garbage_while_a_workbook_is_read(tmp_path):
    WRITERS["a.xlsx"](tmp_path / "a.xlsx")
    searches = []
    with reading_reported_to(lambda progress: searches.append(gc.isenabled())):
        read_file(tmp_path / "a.xlsx")
    assert searches
    assert not any(searches)
    assert gc.isenabled()
    with reading_reported_to(lambda progress: None, lambda: True), pytest.raises(StoppedError):
        read_file(tmp_path / "a.xlsx")
    assert gc.isenabled()
