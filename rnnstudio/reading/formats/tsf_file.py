"""The .tsf format of the Monash archive (forecastingdata.org): several series with names, dates and a frequency."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account
from rnnstudio.core.byte_budget import NUMBER_BYTES, ByteBudget
from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.file_checks import decoding, existing_file, join_names
from rnnstudio.reading.table import Table
from rnnstudio.reading.text.text_encoding import decode

_KIND = "a .tsf file of the Monash archive"
_MISSING = ("?", "nan", "")
_TYPES = ("string", "numeric", "date")
_FREQUENCY = re.compile(r"(?:(\d{1,6})[_ ])?(second|minute|hour|day|week|month|quarter|year)s?")
_WORDS = {
    "secondly": "second", "minutely": "minute", "half_hourly": "30_minutes", "hourly": "hour", "daily": "day",
    "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year",
}  # fmt: skip
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_UNITS = {"second": "s", "minute": "m", "hour": "h", "day": "D", "week": "W"}


@dataclass
class _Content:
    """What a .tsf file holds.

    Attributes:
        attributes: Name and type of each attribute, in order.
        tags: The other tags and their values.
        cells: For each series the text of its attributes.
        values: The values of each series; NaN where one is missing.
        lines: Line of each series.
    """

    attributes: list[tuple[str, str]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    cells: list[list[str]] = field(default_factory=list)
    values: list[NDArray[np.float64]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def read_tsf(path: str | Path, options: ReadOptions | None = None) -> Table:
    r"""Return the series of a .tsf file below each other: a time column, a column for each attribute, and `value`.

    Args:
        path: The file.
        options: How its text is read.

    Raises:
        DataError: The file is damaged, or a line differs from the declaration; the message names the line.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder, "two.tsf")
        ...     tags = "@attribute series_name string\n@attribute start_timestamp date\n@frequency daily\n@data\n"
        ...     _ = file.write_text(tags + "A:2024-01-01 00-00-00:1,2,3\nB:2024-01-01 00-00-00:4,?,6\n")
        ...     table = read_tsf(file)
        >>> table.columns, len(table.cells), table.account.series, table.account.time.frequency
        (['time', 'series_name', 'value'], 6, 'series_name', 'D')
    """
    options = options or ReadOptions()
    file = existing_file(path, _KIND)
    with decoding(file, _KIND):
        decoded = decode(file.name, file.read_bytes(), options.encoding)
        content = _parse(file.name, decoded.utf8.decode())
        budget = ByteBudget.of_file(file)
        for cells, values in zip(content.cells, content.values, strict=True):  # each attribute is repeated in each row
            row = NUMBER_BYTES + sum(NUMBER_BYTES + len(cell) for cell in cells)
            budget.take(file.name, row * len(values), "a table with the attributes in each row")
        return _table(file.name, content, options, decoded.encoding)


def _parse(name: str, text: str) -> _Content:
    content = _Content()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if "data" not in content.tags:
            _parse_tag(name, number, line, content)
            continue
        *cells, values = line.split(":")
        if len(cells) != len(content.attributes):
            raise DataError(
                f"{name}, line {number}: {len(content.attributes)} attributes and the values of a series are "
                f"expected, separated by colons; received {len(cells)} attributes."
            )
        content.cells.append([cell.strip() for cell in cells])
        content.values.append(_values(name, number, values))
        content.lines.append(number)
    if not content.values:
        reason = "received none" if "data" in content.tags else "received no line @data"
        raise DataError(f"{name}: series after the line @data are expected; {reason}.")
    return content


def _parse_tag(name: str, line: int, text: str, content: _Content) -> None:
    tag, *words = text.split()
    if not tag.startswith("@"):
        raise DataError(
            f"{name}, line {line}: a line such as '@frequency daily' or '@data' is expected; received {text[:40]!r}."
        )
    if tag.lower() != "@attribute":
        content.tags[tag[1:].lower()] = " ".join(words)
        return
    if len(words) != 2 or words[1].lower() not in _TYPES or words[0] in dict(content.attributes):
        raise DataError(
            f"{name}, line {line}: '@attribute' with a new name and one of the types {', '.join(_TYPES)} is expected; "
            f"received {text[:40]!r}."
        )
    content.attributes.append((words[0], words[1].lower()))


def _values(name: str, line: int, text: str) -> NDArray[np.float64]:
    cells = [cell.strip() for cell in text.split(",")]
    try:
        return np.array([np.nan if cell.lower() in _MISSING else float(cell) for cell in cells])
    except ValueError:
        for cell in cells:
            if cell.lower() not in _MISSING and not _is_float(cell):
                raise DataError(f"{name}, line {line}: a number or ? is expected; received {cell[:40]!r}.") from None
        raise


def _is_float(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _table(name: str, content: _Content, options: ReadOptions, encoding: str) -> Table:
    import pandas as pd

    from rnnstudio.reading.table_of_columns import table_of_columns
    from rnnstudio.reading.text.unique_names import unique_names
    from rnnstudio.reading.value_columns import value_column

    lengths = [len(values) for values in content.values]
    frame: dict[str, Any] = {}
    dates = [j for j, (_, kind) in enumerate(content.attributes) if kind == "date"]
    steps = _steps(name, content.tags.get("frequency", ""))
    if dates and steps is not None:
        starts = [_date(name, line, cells[dates[0]]) for line, cells in zip(content.lines, content.cells, strict=True)]
        frame["time"] = np.concatenate([_stamps(s, n, *steps) for s, n in zip(starts, lengths, strict=True)])
    for j, (attribute, _) in enumerate(content.attributes):
        if "time" not in frame or j != dates[0]:
            frame[attribute] = pd.Categorical([cells[j] for cells in content.cells]).repeat(lengths)
    series = _names_series(content, dates[0] if "time" in frame else -1)
    is_several = len(lengths) > 1
    if is_several and not series:
        series = "series"
        frame[series] = np.repeat([f"T{i}" for i in range(1, len(lengths) + 1)], lengths)
    frame["value"] = np.concatenate(content.values)
    names = unique_names([*frame])
    columns = {
        column: value_column(column, pd.Series(values), options)
        for column, values in zip(names, frame.values(), strict=True)
    }
    rows = np.repeat(content.lines, lengths).tolist()
    horizon = content.tags.get("horizon", "")
    assumed = (
        (f"The file is meant for forecasts of {horizon} steps; set horizon to {horizon} for those.",)
        if horizon.isdigit()
        else ()
    )
    about = Account(name, "Monash .tsf", 0, (), encoding=encoding, header=(1,), assumed=assumed)
    if is_several and not options.series:
        options = replace(options, series=series)
    return _with_frequency(table_of_columns(columns, rows, options, about, ()), content.tags.get("frequency", ""))


def _names_series(content: _Content, date: int) -> str:
    """Return the first attribute that has another value for each series; empty if none has."""
    for j, (attribute, _) in enumerate(content.attributes):
        if j != date and len({cells[j] for cells in content.cells}) == len(content.cells):
            return attribute
    return ""


def _with_frequency(table: Table, frequency: str) -> Table:
    """Return a table with the frequency that the file declares, where the stamps are too few for it."""
    from rnnstudio.reading.times.clock import frequency_in_words, season_of

    assert table.account is not None
    time = table.account.time
    if time is not None and not time.frequency and (alias := _alias(frequency, time.first)):
        time = replace(time, frequency=alias, every=frequency_in_words(alias), season=season_of(alias))
    return replace(table, account=replace(table.account, header=(), time=time))


def _steps(name: str, frequency: str) -> tuple[int, str] | None:
    """Return the number and the unit of the steps of a frequency; None where the file declares none."""
    if not frequency:
        return None
    word = frequency.lower().replace("-", "_")
    match = _FREQUENCY.fullmatch(_WORDS.get(word, word))
    if not match or match[1] == "0":
        raise DataError(
            f"{name}: @frequency must be one of {join_names(list(_WORDS))}, or such as 10_minutes; received "
            f"{frequency[:40]!r}."
        )
    return int(match[1] or 1), match[2]


def _date(name: str, line: int, text: str) -> np.datetime64:
    match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2})[-:]?(\d{2})[-:]?(\d{2}(?:\.\d{1,9})?))?", text)
    try:
        if match:
            clock = f"T{match[2]}:{match[3]}:{match[4]}" if match[2] else ""
            return np.datetime64(f"{match[1]}{clock}", "ns")
    except ValueError:
        pass
    raise DataError(f"{name}, line {line}: a date such as 2024-01-31 00-00-00 is expected; received {text[:40]!r}.")


def _stamps(start: np.datetime64, count: int, every: int, unit: str) -> NDArray[np.datetime64]:
    """Return stamps from a start on; months keep the day, or end where the month does."""
    if unit in _UNITS:
        step = np.timedelta64(every, _UNITS[unit]).astype("timedelta64[ns]")  # type: ignore[call-overload]
        return np.asarray(start + np.arange(count) * step)
    months = start.astype("datetime64[M]") + every * _MONTHS[unit] * np.arange(count)
    first_day = months.astype("datetime64[D]")
    days_in = ((months + 1).astype("datetime64[D]") - first_day).astype(np.int64)
    day = int((start.astype("datetime64[D]") - start.astype("datetime64[M]").astype("datetime64[D]")).astype(int))
    is_end = day + 1 == days_in[0]
    days = days_in - 1 if is_end else np.minimum(day, days_in - 1)
    clock = start - start.astype("datetime64[D]")
    return np.asarray((first_day + days).astype("datetime64[ns]") + clock)


def _alias(frequency: str, first: str) -> str:
    """Return a declared frequency as pandas writes it; empty where months do not begin or end at the first stamp."""
    from rnnstudio.reading.times.clock import find_frequency

    word = frequency.lower().replace("-", "_")
    match = _FREQUENCY.fullmatch(_WORDS.get(word, word))
    return find_frequency(_stamps(np.datetime64(first, "ns"), 24, int(match[1] or 1), match[2])) if match else ""
