"""Exports of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import RnnStudioError, SettingError, StoreError
from rnnstudio.results.run import Run

Copies = Callable[[], Run]


def test_export_writes_the_history_and_refuses_other_suffixes(fresh_airline: Copies, tmp_path: Path) -> None:
    run = fresh_airline()
    file = run.export(tmp_path / "history.csv")
    table = pd.read_csv(file)
    assert table.columns.tolist() == run.history().columns.tolist()
    np.testing.assert_allclose(table["train_loss"], run.history()["train_loss"], rtol=1e-6)
    with pytest.raises((SettingError, RnnStudioError)):
        run.export(tmp_path / "history.docx")
    with pytest.raises(StoreError, match="cannot be written"):
        run.export(tmp_path / "no" / "such" / "history.csv")
