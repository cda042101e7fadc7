"""Human activity recognition with a smartphone at the waist (Anguita et al. 2013, UCI id 240)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.paths import data_folders, existing
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.core.settings import DataSettings, FilePath, Whole, setting
from rnnstudio.core.windows import whole_sequences
from rnnstudio.library.datasets._frames import frame_setting
from rnnstudio.library.datasets._whole import remarks
from rnnstudio.reading import downloads
from rnnstudio.reading.har import SIGNALS, STEPS, Recordings, find_recordings, parse_recordings, read_recordings

ACTIVITIES = ("WALKING", "WALKING_UPSTAIRS", "WALKING_DOWNSTAIRS", "SITTING", "STANDING", "LAYING")
_ZIP = "human+activity+recognition+using+smartphones.zip"
DOWNLOAD = downloads.DownloadSource(
    name="har",
    files={_ZIP: ""},  # zipped anew now and then; what counts are the numbers in it
    urls=("https://archive.ics.uci.edu/static/public/240/",),
    size=61_000_000,
)


class HarSettings(DataSettings):
    """Thirty people walk, climb stairs, sit, stand and lie with a smartphone at the waist; told from 2.56 s of it."""

    dataset: Literal["har"] = "har"
    task: Literal["classify"] = "classify"
    file: FilePath = setting(
        "",
        "Folder or zip archive of UCI HAR; when empty it is looked for on this computer, then downloaded.",
        advanced=True,
        path=("/", ".zip"),
    )
    val_subjects: Whole = setting(
        0,
        "How many of the 21 people of the training part are held out for validation, chosen by the seed.",
        unit="people",
        ge=0,
        le=20,
    )
    frame: Whole = frame_setting(gain="8 makes 16 steps of 72 values out of 128 of 9", most=STEPS)


def fetch() -> Path:
    """Make sure that the recordings are on this computer and whole, and return where."""
    return _read("")[0]


@dataset(HarSettings, "Human activities", usual={"batch_size": 100}, fetch=fetch)
def load(settings: HarSettings, seed: int) -> SequenceData:
    """Return 7352 windows to train on and 2947 to test on, 128 samples of nine signals each, as the publisher has them.

    The signals are acceleration of the body and total acceleration in g, and angular velocity in rad/s, at 50 Hz;
    windows overlap by half. No person is in two parts.
    """
    _, recordings, notes = _read(settings.file)
    count, first_test = len(recordings.activities), recordings.train_windows
    held = _held_out(recordings.subjects[:first_test], settings.val_subjects, seed)
    if not recordings.original:
        notes += ("These are not the publisher's own numbers, so figures cannot be compared with published ones.",)
    train = np.arange(first_test, dtype=np.int32)
    data = SequenceData(
        task=settings.task,
        inputs=recordings.signals,
        targets=recordings.activities,
        **whole_sequences(recordings.signals, settings.frame),
        train=train[~held],
        val=train[held],
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
    return replace(data, notes=(*notes, *remarks(data, settings.scale)))


def _held_out(people: Ints, count: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which of the training windows are of the people held out for validation."""
    known = np.unique(people)
    if count >= len(known):
        raise SettingError(
            f"val_subjects must leave somebody to train on: there are {len(known)} people in the training part; "
            f"received {count}.",
            "val_subjects",
        )
    return np.isin(people, np.random.default_rng([seed, 7]).choice(known, count, replace=False))


def _read(file: str) -> tuple[Path, Recordings, tuple[str, ...]]:
    """Return where the recordings are, what they are, and what was mended."""
    path, notes = _find(file)
    try:
        return path, read_recordings(path), notes
    except DataError as error:
        if path != DOWNLOAD.folder / _ZIP:
            raise downloads.local_data_error(DOWNLOAD, path, error, chosen=bool(file)) from None
    notes = downloads.fetch(DOWNLOAD, _look_through)  # a download that is damaged is mended
    return path, read_recordings(path), notes


def _look_through(file: Path) -> None:
    parse_recordings(file)


def _find(file: str) -> tuple[Path, tuple[str, ...]]:
    """Return where the recordings are, after a download if need be, and what was mended by it."""
    if file:
        path = existing(file)
        return (find_recordings(path) or path), ()
    for folder in data_folders("har"):
        found = find_recordings(folder)
        if found is not None:
            return found, ()
    return DOWNLOAD.folder / _ZIP, downloads.fetch(DOWNLOAD, _look_through)
