"""The settings of data sets that say how a table is read, where it leaves it open or the guess is wrong."""

from __future__ import annotations

from dataclasses import fields, replace

from rnnstudio.core.names import Name, Names, names_in
from rnnstudio.core.read_options import DateOrder, DecimalMark, ReadOptions, Separator, ThousandsMark
from rnnstudio.core.settings import DataSettings, setting


class TextSettings(DataSettings):
    """How the text in a table is read, from a file or a data frame."""

    time: Names = setting(
        "",
        "Column of dates or times, by which the rows are sorted, or a date and a clock column separated by a comma; "
        "none where the rows are in order; found when empty.",
        label="Time column",
        when_empty="found in the file",
        advanced=True,
    )
    date_order: DateOrder = setting(
        "auto", "Order of day, month and year in dates; decided by the whole column when auto.", advanced=True
    )
    decimal_mark: DecimalMark = setting("auto", "Sign before the decimals of numbers.", advanced=True)
    thousands_mark: ThousandsMark = setting("auto", "Sign between groups of three digits of numbers.", advanced=True)
    missing_values: Names = setting(
        "",
        "Further marks of missing values, such as -999, separated by commas; empty cells, NA, NaN and the like are "
        "marks anyway; none where numbers that look like such marks are numbers.",
        label="Marks of missing values",
        when_empty="no further ones",
        advanced=True,
    )

    def read_options(self) -> ReadOptions:
        """Return how a table is to be read."""
        return ReadOptions(
            encoding=getattr(self, "encoding", ""),
            separator=getattr(self, "separator", "auto"),
            header=getattr(self, "header", ""),
            decimal_mark=self.decimal_mark,
            thousands_mark=self.thousands_mark,
            missing_values=tuple(names_in(self.missing_values)),
            date_order=self.date_order,
            time=self.time,
            series=getattr(self, "series", None),
            variable=getattr(self, "variable", ""),
            doubles=getattr(self, "doubles", "auto"),
            names=self._columns_of_names(),
        )

    def _columns_of_names(self) -> tuple[str, ...]:
        """Return the columns whose cells are names, of series, sequences, groups or classes."""
        settings = ["series", "sequence", "group", *(["target"] if self.task in ("label", "classify") else [])]
        return tuple(name for setting in settings for name in names_in(getattr(self, setting, "")))


class FileTextSettings(TextSettings):
    """How a file is read."""

    variable: Name = setting(
        "",
        "Array, data frame or sheet to read, where a file of arrays, an HDF5 file or a workbook holds several; chosen "
        "when empty.",
        label="Array or sheet",
        when_empty="chosen in the file",
        advanced=True,
    )
    header: Name = setting(
        "",
        "Rows with the names of the columns, such as 1 or 2-4; none where the file names no columns; found when empty.",
        label="Header rows",
        when_empty="found in the file",
        advanced=True,
    )
    separator: Separator = setting("auto", "Sign between the columns of a text file.", advanced=True)
    encoding: str = setting(
        "",
        "Encoding of a text file, such as utf-8, cp1252 or gbk; found when empty.",
        when_empty="found in the file",
        advanced=True,
    )


def options_of(settings: DataSettings, changed: ReadOptions | None = None) -> ReadOptions:
    """Return how data are to be read for a run: as in its training, but for what the caller chooses.

    Args:
        settings: The data settings of the run; a data set without settings of reading has their defaults.
        changed: What the caller chooses for these data; the defaults leave it to the training's settings.

    >>> options_of(TextSettings(dataset="file", task="forecast", date_order="day_first")).date_order
    'day_first'
    """
    options = settings.read_options() if isinstance(settings, TextSettings) else ReadOptions()
    if changed is None:
        return options
    default = ReadOptions()
    chosen = {f.name: getattr(changed, f.name) for f in fields(changed)}
    return replace(options, **{name: value for name, value in chosen.items() if value != getattr(default, name)})
