"""The data set airline knows its months."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.experiment import compose
from rnnstudio.library.datasets.airline import load


@pytest.mark.parametrize("task", ["regress", "forecast"])
def test_every_sample_has_its_month(task):
    data = load(compose("airline", {"task": task}).data, 0)
    months = pd.date_range("1949-01-01", "1960-12-01", freq="MS")
    assert (data.times[0] == months.to_numpy()).all()
    assert (data.frequency, DataInfo.of(data).last_time[:10]) == ("MS", "1960-12-01")


@pytest.mark.parametrize("months", [["jan", "feb"], ["1949-01", "1949-03"], ["1949-02", ""]])
def test_a_file_without_months_in_a_row_has_no_stamps(tmp_path, months):
    file = tmp_path / "months.csv"
    values = np.arange(60.0)
    pd.DataFrame({"Month": months * 30, "Passengers": values}).to_csv(file, index=False)
    data = load(compose("airline", {"file": str(file)}).data, 0)
    assert data.times is None
    assert data.frequency == ""
