"""The user's own series, from a file."""

from __future__ import annotations

from typing import Literal

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import SettingError
from rnnstudio.core.names import Names, names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import FilePath, setting
from rnnstudio.library.shared.reading_settings import FileTextSettings
from rnnstudio.library.shared.series import SeriesSettings
from rnnstudio.library.shared.table_series import series_from_table
from rnnstudio.library.shared.target_columns import first_target
from rnnstudio.reading.files import ENDINGS, read_file


class FileSettings(SeriesSettings, FileTextSettings):
    """One long series, or several, from a file: CSV, TSV, Excel, Parquet, NumPy, MATLAB, WAV or pickle."""

    dataset: Literal["file"] = "file"
    task: Literal["forecast", "regress", "label"] = setting(
        "forecast",
        "What to predict: the values after each window (task forecast), or a value (task regress) or a class "
        "(task label) at each step.",
    )
    file: FilePath = setting("", "Path of the file; its ending names the format.", path=ENDINGS)
    classes: Names = setting(
        "",
        "Names of the classes in order, separated by commas (task label); those in the file, sorted, when empty.",
        when_empty="those in the file",
        advanced=True,
    )


@dataset(FileSettings, "Your own series")
def load(settings: FileSettings, seed: int) -> SequenceData:
    """Return sliding windows of the chosen columns.

    Raises:
        SettingError: `file` is empty, or settings contradict each other.
        DataError: The file cannot be read, or a column is missing.

    >>> from rnnstudio.core.paths import resource
    >>> data = load(FileSettings(file=str(resource("data/airline.csv")), window=12), seed=0)
    >>> data.features, data.period
    (('Passengers',), 12)
    """
    if not settings.file:
        raise SettingError("file must name a file such as data.csv; received nothing.", "file")
    table = read_file(settings.file, first_target(settings.target), settings.read_options())
    return series_from_table(table, settings, settings.task, names_in(settings.classes))
