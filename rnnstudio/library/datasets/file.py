"""The user's own series, from a file of any kind."""

from __future__ import annotations

from typing import Literal

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import SettingError
from rnnstudio.core.names import Names, names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import FilePath, setting
from rnnstudio.library.datasets._series import SeriesSettings, from_table
from rnnstudio.reading.files import ENDINGS, read_file


class FileSettings(SeriesSettings):
    """One long series from a file: CSV, TSV, Excel, Parquet, NumPy, MATLAB, WAV or pickle."""

    dataset: Literal["file"] = "file"
    task: Literal["forecast", "regress", "label"] = setting(
        "forecast", "Tell the next values after the window, or the next value or a class at every step of it."
    )
    file: FilePath = setting("", "Path of the file; its ending says what it is.", path=ENDINGS)
    classes: Names = setting(
        "",
        "Names of the classes in the order wanted, with commas (task label); those in the file, sorted, when empty.",
        advanced=True,
    )


@dataset(FileSettings, "Your own series", usual={"epochs": 100, "learning_rate": 0.005})
def load(settings: FileSettings, seed: int) -> SequenceData:
    """Return the chosen columns cut into windows."""
    if not settings.file:
        raise SettingError("file must name a file such as data.csv; received nothing.", "file")
    table = read_file(settings.file, settings.target)
    return from_table(table, settings, settings.task, names_in(settings.classes))
