"""Loads and oil temperature of an electricity transformer, every hour (ETTh2; Zhou et al. 2021)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Literal

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import DataError
from rnnstudio.core.names import Names
from rnnstudio.core.paths import data_folders, existing
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import FilePath, Real, Scale, Whole, WindowSettings, scale_setting, setting
from rnnstudio.library.shared.series import SeriesSettings
from rnnstudio.library.shared.settings import frame_setting
from rnnstudio.library.shared.table_series import series_from_table
from rnnstudio.reading import downloads
from rnnstudio.reading.files import read_file

_CSV = "ETTh2.csv"
_SHA256 = "a3dc2c597b9218c7ce1cd55eb77b283fd459a1d09d753063f944967dd6b9218b"
_FOLDERS = ("etth2", "ETT-small", "series", "")  # in the user's folder: our name, the publisher's, and others
_MONTH = 30 * 24  # hours; publications count months of 30 days
DOWNLOAD = downloads.DownloadSource(
    name="etth2",
    files={_CSV: _SHA256},
    urls=(
        "https://raw.githubusercontent.com/zhouhaoyi/ETDataset/main/ETT-small/",
        "https://huggingface.co/datasets/thuml/Time-Series-Library/resolve/main/ETT-small/",
    ),
    size=2_418_000,
    hosts=("cdn-lfs.huggingface.co", "cdn-lfs.hf.co", "cdn-lfs-us-1.hf.co", "cas-bridge.xethub.hf.co"),  # its storage
)


class Etth2Settings(WindowSettings):
    """Six loads and the oil temperature of a transformer, every hour; one network predicts the seven series."""

    dataset: Literal["etth2"] = "etth2"
    task: Literal["forecast"] = "forecast"
    file: FilePath = setting(
        "",
        "ETTh2.csv, or another file with such columns; when empty, a file on this computer is used or downloaded.",
        advanced=True,
        path=(".csv",),
        when_empty="found on this computer, or downloaded",
    )
    target: Names = setting(
        "",
        "Columns to predict, separated by commas, each a series of its own; all seven when empty.",
        label="Columns to predict",
        when_empty="all seven",
        advanced=True,
    )
    scale: Scale = scale_setting("standard")
    scale_each: bool = setting(
        True,
        "Scale each series with its own mean and standard deviation, or all with the same.",
        label="Scale each series",
        advanced=True,
    )
    window: Whole = setting(24, "Steps in each window.", unit="steps", ge=1, le=1_000_000, automatic=True)
    frame: Whole = frame_setting("hours")
    stride: Whole = setting(1, "Hours from one window to the next.", unit="hours", ge=1, le=1_000_000, advanced=True)
    horizon: Whole = setting(96, "Hours to predict after each window.", unit="hours", ge=1, le=10_000)
    first_rows: Whole = setting(
        20 * _MONTH,
        "Use only so many hours, the first; publications use 20 months of 30 days. 0 uses all 17,420.",
        label="First rows only",
        unit="hours",
        ge=0,
        le=1_000_000_000,
        advanced=True,
    )
    test_fraction: Real = setting(
        0.2, "Share of the hours, at the end, for the test set: 4 of the 20 months.", ge=0.0, lt=1.0
    )
    val_fraction: Real = setting(
        0.2,
        "Share of the hours, just before the test set, for the validation set, which early stopping monitors: 4 of the "
        "20 months.",
        label="Validation fraction",
        ge=0.0,
        lt=1.0,
        advanced=True,
    )


def fetch() -> Path:
    """Return the path of the file on this computer, after a download where it is missing."""
    return _find("")[0]


@dataset(Etth2Settings, "Electricity transformer", fetch=fetch)
def load(settings: Etth2Settings, seed: int) -> SequenceData:
    """Return windows of seven series: high, middle and low useful and useless load, and the oil temperature.

    >>> data = load(Etth2Settings(window=15, frame=48), seed=0)
    >>> data.series[-1], data.inputs.shape, data.windows["test"] // 7
    ('OT', (7, 14400, 1), 2785)
    """
    path, notes = _find(settings.file)
    values = {name: getattr(settings, name) for name in type(settings).model_fields if name != "file"}
    try:
        data = series_from_table(read_file(path), SeriesSettings(**values, columns_as_series=True), settings.task)
    except DataError as error:
        raise downloads.local_data_error(DOWNLOAD, path, error, chosen=bool(settings.file)) from None
    if not _is_original(path):
        notes += ("The file differs from the publisher's, so metrics cannot be compared with published ones.",)
    return replace(data, notes=(*notes, *data.notes), step_name="hour")


def _is_original(path: Path) -> bool:
    """Return whether a file has the publisher's content; line ends may be those of Windows."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest() == _SHA256


def _find(file: str) -> tuple[Path, tuple[str, ...]]:
    """Return the path of the file, after a download where it is missing, and notes about the download."""
    if file:
        path = existing(file)
        return (path / _CSV if path.is_dir() else path), ()
    downloaded = DOWNLOAD.folder / _CSV
    for folder in (folder for name in _FOLDERS for folder in data_folders(name)):
        path = folder / _CSV
        if path != downloaded and path.is_file():
            return path, ()
    return downloaded, downloads.fetch(DOWNLOAD)  # verifies the file if it exists
