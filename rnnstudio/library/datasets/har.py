"""Human activity recognition with a smartphone at the waist (Anguita et al. 2013, UCI id 240)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.paths import data_folders, existing
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.core.settings import DataSettings, FilePath, Whole, setting
from rnnstudio.core.windows import whole_sequences
from rnnstudio.library.shared.notes import data_notes
from rnnstudio.library.shared.settings import frame_setting
from rnnstudio.reading import downloads
from rnnstudio.reading.formats.har import (
    PUBLISHED_SHA256,
    SIGNALS,
    STEPS,
    Recordings,
    find_recordings,
    parse_recordings,
    read_recordings,
)

ACTIVITIES = ("WALKING", "WALKING_UPSTAIRS", "WALKING_DOWNSTAIRS", "SITTING", "STANDING", "LAYING")
_ZIP = "human+activity+recognition+using+smartphones.zip"
DOWNLOAD = downloads.DownloadSource(
    name="har",
    files={_ZIP: ""},  # UCI packs the archive anew now and then; the SHA-256 of its numbers is checked instead
    urls=("https://archive.ics.uci.edu/static/public/240/",),
    size=61_000_000,
)


class HarSettings(DataSettings):
    """2.56 s of nine smartphone signals from thirty people; the network predicts one of six activities."""

    dataset: Literal["har"] = "har"
    task: Literal["classify"] = "classify"
    file: FilePath = setting(
        "",
        "Folder or zip archive of UCI HAR; when empty, files on this computer are used or downloaded.",
        advanced=True,
        path=("/", ".zip"),
        when_empty="found on this computer, or downloaded",
    )
    val_subjects: Whole = setting(
        0,
        "Number of the 21 training subjects in the validation set, drawn by seed.",
        label="Validation subjects",
        unit="people",
        ge=0,
        le=20,
        automatic=True,
    )
    frame: Whole = frame_setting(maximum=STEPS)


def fetch() -> Path:
    """Return the folder or archive of the recordings on this computer, after a download where they are missing."""
    return _read("")[0]


@dataset(HarSettings, "Human activities", fetch=fetch)
def load(settings: HarSettings, seed: int) -> SequenceData:
    """Return the publisher's 7352 training and 2947 test windows of 128 samples of nine signals.

    The signals are acceleration of the body and total acceleration in g, and angular velocity in rad/s, at 50 Hz;
    windows overlap by half. Each person is in one split only.

    >>> data = load(HarSettings(), seed=0)
    >>> data.inputs.shape, len(data.train), len(data.test)
    ((10299, 128, 9), 7352, 2947)
    """
    _, recordings, notes = _read(settings.file)
    count, first_test = len(recordings.activities), recordings.train_windows
    in_val = _in_validation(recordings.subjects[:first_test], settings.val_subjects, seed)
    if not recordings.original:
        notes += ("The numbers differ from the publisher's, so metrics cannot be compared with published ones.",)
    train = np.arange(first_test, dtype=np.int32)
    data = SequenceData(
        task=settings.task,
        inputs=recordings.signals,
        targets=recordings.activities,
        **whole_sequences(recordings.signals, settings.frame),
        train=train[~in_val],
        val=train[in_val],
        test=np.arange(first_test, count, dtype=np.int32),
        groups=recordings.subjects,
        rate=50.0,
        classes=ACTIVITIES,
        features=SIGNALS,
        feature_units=tuple("rad/s" if "gyro" in signal else "g" for signal in SIGNALS),
        target_names=("activity",),
        unit="g, rad/s",
        step_name="sample",
    )
    return replace(data, notes=(*notes, *data_notes(data, settings.scale)))


def _in_validation(people: Ints, count: int, seed: int) -> NDArray[np.bool_]:
    """Return a mask of the training windows whose person is drawn for the validation set."""
    subjects = np.unique(people)
    if count >= len(subjects):
        raise SettingError(
            f"val_subjects must be below {len(subjects)}, the subjects of the training set; received {count}.",
            "val_subjects",
        )
    return np.isin(people, np.random.default_rng([seed, 7]).choice(subjects, count, replace=False))


def _read(file: str) -> tuple[Path, Recordings, tuple[str, ...]]:
    """Return the path of the recordings, the recordings, and notes about the download."""
    path, notes = _find(file)
    try:
        return path, read_recordings(path), notes
    except DataError as error:
        if path != DOWNLOAD.folder / _ZIP:
            raise downloads.local_data_error(DOWNLOAD, path, error, chosen=bool(file)) from None
    notes = downloads.fetch(DOWNLOAD, _check)  # replaces a damaged download
    return path, read_recordings(path), notes


def _check(file: Path) -> None:
    """Check that a download holds the numbers that were published.

    Raises:
        DataError: It does not.
    """
    if str(parse_recordings(file)["digest"]) != PUBLISHED_SHA256:
        raise DataError(f"{file.name} must hold the published numbers; received others.")


def _find(file: str) -> tuple[Path, tuple[str, ...]]:
    """Return the path of the recordings, after a download where they are missing, and notes about the download."""
    if file:
        path = existing(file)
        return (find_recordings(path) or path), ()
    for folder in data_folders("har"):
        recordings = find_recordings(folder)
        if recordings is not None:
            return recordings, ()
    return DOWNLOAD.folder / _ZIP, downloads.fetch(DOWNLOAD, _check)
