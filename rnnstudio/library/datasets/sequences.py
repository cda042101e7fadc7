"""The user's own labelled sequences, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import SettingError
from rnnstudio.core.missing import Missing, missing_setting
from rnnstudio.core.names import Names, names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings, FilePath, Real, Whole, setting
from rnnstudio.library.datasets._frames import frame_setting
from rnnstudio.library.datasets._whole import from_labelled
from rnnstudio.reading.files import ENDINGS, read_file
from rnnstudio.reading.labelled import LabelledSequences
from rnnstudio.reading.labelled_npz import read_labelled_npz
from rnnstudio.reading.labelled_table import labelled_from_table
from rnnstudio.reading.labelled_ts import read_labelled_ts


class SequencesSettings(DataSettings):
    """Separate sequences with a class each: UCR/UEA .ts, .npz with x and y, or a long table with a row per step."""

    dataset: Literal["sequences"] = "sequences"
    task: Literal["classify"] = "classify"
    file: FilePath = setting(
        "", "Path of the file; a .ts file called ..._TRAIN brings the ..._TEST beside it along.", path=ENDINGS
    )
    sequence: str = setting(
        "", "Tables: the column that says which sequence a row belongs to.", label="Sequence column"
    )
    target: str = setting("", "Tables: the column of classes.", label="Class column")
    features: Names = setting(
        "", "Tables: the columns the network reads, with commas; all other columns of numbers when empty."
    )
    group: str = setting(
        "",
        "Tables: the column that says who or what a sequence comes from; nobody is in two parts.",
        label="Group column",
    )
    scale: Literal["none", "standard"] = setting(
        "standard", "Scale each feature to mean 0 and standard deviation 1, or leave it."
    )
    missing: Missing = missing_setting()
    frame: Whole = frame_setting()
    classes: Names = setting(
        "", "Names of the classes in the order wanted, with commas; those in the file when empty.", advanced=True
    )
    test_fraction: Real = setting(
        0.2,
        "Share of the sequences (or of the groups) to test on, chosen by seed within each class, unless the file says.",
        ge=0.0,
        lt=1.0,
    )
    val_fraction: Real = setting(
        0.0, "Share of the sequences that early stopping decides on, chosen likewise.", ge=0.0, lt=1.0, advanced=True
    )


@dataset(SequencesSettings, "Your own labelled sequences", usual={"epochs": 100, "learning_rate": 0.005})
def load(settings: SequencesSettings, seed: int) -> SequenceData:
    """Return the sequences with their classes."""
    if not settings.file:
        raise SettingError("file must name a file such as Coffee_TRAIN.ts or data.csv; received nothing.", "file")
    return from_labelled(read_labelled(settings), settings, seed, tuple(names_in(settings.classes)))


def read_labelled(settings: SequencesSettings) -> LabelledSequences:
    """Return the sequences of the file that the settings name.

    Raises:
        DataError: It cannot be read.
        SettingError: A table's columns are not named.
    """
    match Path(settings.file).suffix.lower():
        case ".ts":
            return read_labelled_ts(settings.file)
        case ".npz" if not settings.sequence:
            return read_labelled_npz(settings.file)
    table = read_file(settings.file, settings.sequence)
    features = names_in(settings.features)
    return labelled_from_table(table, settings.sequence, settings.target, features, settings.group, settings.missing)
