"""Loads and temperature of a transformer: the publisher's file from every place, and the protocol of publications."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError
from rnnstudio.core.experiment import compose
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.final_metrics import baseline_metrics
from rnnstudio.library.datasets import etth2
from rnnstudio.results.run import Run
from tests.library.own_data import ETT_COLUMNS
from tests.server import serving

FILE = Path("series") / "ETTh2.csv"


def load(**settings: Any) -> SequenceData:
    return etth2.load(compose("etth2", settings).data, 0)  # type: ignore[arg-type]


@pytest.fixture
def original(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The publisher's file, which is not in the folder of the user."""
    monkeypatch.delenv("RNNSTUDIO_DATA", raising=False)
    return real_data / FILE


def scaled(original: Path, rows: int, training_rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the first rows of the file in standard deviations of the training rows, and their mean and deviation."""
    raw = pd.read_csv(original).iloc[:rows][list(ETT_COLUMNS)].to_numpy()
    mean, deviation = raw[:training_rows].mean(axis=0), raw[:training_rows].std(axis=0)
    return (raw - mean) / deviation, mean, deviation


def test_windows_and_scaling_are_those_of_the_publications(original: Path) -> None:
    experiment = compose("etth2", {"file": str(original)})
    data = etth2.load(experiment.data, 0)  # type: ignore[arg-type]
    assert data.series == ETT_COLUMNS
    assert data.notes == ()
    assert {name: count / 7 for name, count in data.windows.items()} == {
        "train": 8640 - 720 - 96 + 1, "val": 2880 - 96 + 1, "test": 2785
    }  # fmt: skip
    values, mean, deviation = scaled(original, 14_400, 8640)
    scalers = Scalers.fit(data, experiment.data)
    np.testing.assert_allclose(scalers.inputs.mean[:, 0], mean, rtol=1e-12)
    np.testing.assert_allclose(scalers.inputs.scale[:, 0], deviation, rtol=1e-12)
    errors = [values[o + 1 : o + 97] - values[o] for o in range(11_519, 11_519 + 2785)]
    expected = np.mean([np.mean(error**2) for error in errors])
    assert baseline_metrics(data, scalers)["last_value"]["test_scaled_mse"] == pytest.approx(expected, rel=1e-9)
    assert round(float(expected), 3) == 0.432  # "Repeat" in table 2 of Zeng et al. 2023


@pytest.fixture(scope="module")
def short_run(real_data: Path) -> Run:
    """A short training on the first two months."""
    return rs.train(
        "etth2", file=str(real_data / FILE), first_rows=1440, window=3, frame=8, horizon=12, units=4, updates=20,
        evaluate_every=10, batch_size=64, save=False, verbose=0,
    )  # fmt: skip


def test_the_scaled_errors_are_those_of_the_raw_file(original: Path, short_run: Run) -> None:
    values, mean, deviation = scaled(original, 1440, 864)
    table = short_run.predictions()
    assert len(table) == 7 * (288 - 12 + 1) * 12
    errors = []
    for n, name in enumerate(ETT_COLUMNS):
        own = table[table["series"] == name]
        predicted = own["prediction"].to_numpy().reshape(-1, 12)
        assert own["step"].iloc[0] == 1152
        truth = np.lib.stride_tricks.sliding_window_view(values[1152:, n], 12)
        errors.append((predicted - mean[n]) / deviation[n] - truth)
    assert short_run.metrics["test_scaled_mse"] == pytest.approx(np.mean(np.square(errors)), rel=1e-5)
    assert short_run.metrics["test_scaled_mae"] == pytest.approx(np.mean(np.abs(errors)), rel=1e-5)


def test_a_run_on_other_rows_is_not_compared_with_publications(short_run: Run) -> None:
    assert short_run.published_results == []


def test_the_file_is_found_where_users_have_it_and_else_downloaded(
    original: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNSTUDIO_DATA", str(tmp_path))
    for folder in ("etth2", "ETT-small", ""):
        file = tmp_path / folder / "ETTh2.csv"
        file.parent.mkdir(exist_ok=True)
        shutil.copy(original, file)
        assert etth2.fetch() == file
        file.unlink()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(content=original.read_bytes()) as server:
        source = etth2.downloads.DownloadSource("etth2", etth2.DOWNLOAD.files, (server.address,), 2_418_000)
        monkeypatch.setattr(etth2, "DOWNLOAD", source)
        downloaded = etth2.fetch()
        assert downloaded == home / "downloads" / "etth2" / "ETTh2.csv"
        downloaded.write_bytes(original.read_bytes()[:-100])
        (note,) = load().notes
        assert note.startswith("ETTh2.csv was truncated or altered (its checksum is different)")
    assert downloaded.read_bytes() == original.read_bytes()


def test_offline_the_file_to_get_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RNNSTUDIO_DATA", raising=False)
    monkeypatch.setattr("rnnstudio.reading.http_download._PAUSE", 0.01)
    source = etth2.downloads.DownloadSource("etth2", etth2.DOWNLOAD.files, ("http://127.0.0.1:1/",), 2_418_000)
    monkeypatch.setattr(etth2, "DOWNLOAD", source)
    with pytest.raises(DataError, match=r"Download ETTh2.csv \(2 MB\) from http://127.0.0.1:1/ETTh2.csv and put it"):
        load()


def test_another_file_is_read_and_noted(original: Path, tmp_path: Path) -> None:
    copy = tmp_path / "ETTh2.csv"
    copy.write_bytes(original.read_bytes().replace(b"\n", b"\r\n"))
    assert load(file=str(tmp_path)).notes == ()
    rows = original.read_text().splitlines()
    copy.write_text("\n".join([*rows[:3000], rows[3000].rsplit(",", 1)[0] + ",1.5", *rows[3001:]]))
    assert "differs from the publisher's" in load(file=str(copy)).notes[0]
    copy.write_text("date,OT\n2016-07-01,x\n")
    with pytest.raises(DataError, match="Without the setting file, other folders are searched"):
        load(file=str(copy))


def test_some_of_the_columns_can_be_predicted(original: Path) -> None:
    assert load(file=str(original), target="OT,HUFL").series == ("OT", "HUFL")
