"""Columns of values that have a type already: from data frames, Parquet files and the cells of a workbook."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from rnnstudio.core.account import Account, ColumnAccount
from rnnstudio.core.labels import class_name
from rnnstudio.core.precision import Floats, float_type
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.column import DURATION, Column, count_few
from rnnstudio.reading.cells.columns import read_column, read_names
from rnnstudio.reading.cells.written_names import names_of_values
from rnnstudio.reading.stamps.exchanged_dates import dates_beside_texts
from rnnstudio.reading.table import Table
from rnnstudio.reading.table_of_columns import table_of_columns
from rnnstudio.reading.times.time_zones import values_in_one_zone

_PIECE = 1 << 17  # cells
_DATES = (datetime.datetime, datetime.date)


def frame_table(
    name: str,
    frame: pd.DataFrame,
    options: ReadOptions | None = None,
    format_name: str = "data frame",
    assumed: Sequence[str] = (),
) -> Table:
    """Return the table of a data frame. An index of dates, or one with a name, becomes the first column.

    Args:
        name: What messages call it.
        frame: The frame, with columns of different names.
        options: How its text is read.
        format_name: What the account calls it.
        assumed: What is to be said about the columns that are not in it.

    >>> frame = pd.DataFrame({"day": ["2024-01-02", "2024-01-01"], "sales": [1.5, 2]})
    >>> frame_table("x", frame).numbers(["sales"]).tolist()
    [[2.0], [1.5]]
    """
    options = options or ReadOptions()
    frame = _with_index(frame)
    columns = {str(column): value_column(str(column), frame[column], options) for column in frame.columns}
    about = Account(name, format_name, rows=0, columns=(), header=(1,), assumed=tuple(assumed))
    table = table_of_columns(columns, range(1, len(frame) + 1), options, about, ())
    account = replace(table.account, header=()) if table.account else None
    return replace(table, account=account)


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose index became its first columns, unless it only counts or numbers the rows."""
    levels = [frame.index.get_level_values(i) for i in range(frame.index.nlevels)]
    columns: dict[str, Any] = {}
    for level in levels:
        is_time = isinstance(level, pd.DatetimeIndex | pd.PeriodIndex)
        is_named = level.name is not None and str(level.name) != "" and level.name not in frame.columns
        if not (is_time or is_named or level.dtype.kind not in "iuf"):
            continue
        free = (n for n in ("time", "index", "time of the row") if n not in frame.columns and (is_time or n != "time"))
        label = str(level.name) if is_named else next(n for n in free if n not in columns)
        columns[label] = level.to_timestamp() if isinstance(level, pd.PeriodIndex) else level
    if not columns:
        return frame
    index = pd.DataFrame({label: pd.Series(values, index=frame.index) for label, values in columns.items()})
    return pd.concat([index, frame], axis=1)


def value_column(name: str, values: pd.Series[Any] | Sequence[Any], options: ReadOptions, unit: str = "") -> Column:
    """Return a column of values; text among them is read as in a text table.

    Args:
        name: Its name.
        values: Its cells.
        options: How its text is read.
        unit: Its unit.

    >>> value_column("promo", pd.Series([True, None], dtype="boolean"), ReadOptions()).values.tolist()
    ['True', None]
    """
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
    column = _value_column(name, series, options, unit)
    if column.account.kind == "number" and column.names is None:
        column.use_names(names_of_values(name, series, column.values, [row for row, _ in column.unread], options))
    return column


def _value_column(name: str, series: pd.Series[Any], options: ReadOptions, unit: str) -> Column:
    if isinstance(series.dtype, pd.ArrowDtype) and pa.types.is_decimal(series.dtype.pyarrow_dtype):
        series = series.astype("float64")
    if isinstance(series.dtype, pd.PeriodDtype):
        series = series.dt.to_timestamp()
    is_missing = series.isna().to_numpy(bool)
    if pd.api.types.is_bool_dtype(series.dtype):
        return _texts(name, series.astype(object).map({True: "True", False: "False"}), options, unit)
    if pd.api.types.is_numeric_dtype(series.dtype):
        own = series.dtype if isinstance(series.dtype, np.dtype) else np.dtype(np.float64)
        return _numbers(name, series.to_numpy(float_type(own), na_value=np.nan), unit)
    if pd.api.types.is_timedelta64_dtype(series.dtype):
        return _durations(name, series)
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return _times(name, series, unit)
    if pd.api.types.is_string_dtype(series.dtype) and series.dtype != object:
        return _texts(name, series, options, unit)
    cells = series.to_numpy(object)
    is_text = np.array([isinstance(cell, str) for cell in cells], bool)
    if is_text[~is_missing].all():
        return _texts(name, series.where(~is_missing, None), options, unit)
    known = cells[~is_missing & ~is_text]
    if all(isinstance(cell, bool | np.bool_) for cell in known) and not is_text.any():
        return _texts(name, series.map({True: "True", False: "False"}), options, unit)
    if all(isinstance(cell, datetime.time) for cell in known) and not is_text.any():
        return _texts(
            name,
            series.map(lambda cell: cell.isoformat() if cell == cell and cell is not None else None),
            options,
            unit,
        )
    return _mixed(name, cells, is_text, is_missing, options, unit)


def name_column(name: str, series: pd.Series[Any], options: ReadOptions) -> Column:
    """Return a column of text whose cells are names, although they may be written like numbers or dates.

    >>> name_column("class", pd.Series(["1", "2", None]), ReadOptions()).account.kind
    'text'
    """
    column = _texts(name, series, options, "")
    return column if column.account.kind in ("yes/no", "empty") else read_names(name, _arrow(series), options)


def _mixed(
    name: str,
    cells: NDArray[Any],
    is_text: NDArray[np.bool_],
    is_missing: NDArray[np.bool_],
    options: ReadOptions,
    unit: str,
) -> Column:
    """Return a column that holds values of several types: text that can be read is one of the values."""
    is_value = ~is_text & ~is_missing
    known = cells[is_value]
    is_date = all(isinstance(cell, _DATES) for cell in known)
    plain: Any = None
    empty: Any = None
    zone, note = "", ""
    if is_date:
        found, empty = _stamps(known), np.datetime64("NaT", "ns")
        plain, zone, note = found or (None, "", "")
    elif all(pd.api.types.is_number(cell) or type(cell).__name__ == "Decimal" for cell in known):
        plain, empty = known.astype(np.float64), np.float64("nan")
    if plain is None:
        return _as_text(name, cells, is_missing, options, unit)
    kind = "time" if is_date else "number"
    values: NDArray[Any] = np.full(len(cells), empty)
    values[is_value] = plain
    marks = {"": int(is_missing.sum())} if is_missing.any() else {}
    account = ColumnAccount(name, kind, unit, "", int(is_missing.sum()), marks, 0)  # type: ignore[arg-type]
    column = Column(account, values, zone=zone, notes=[note] if note else [])
    if is_text.any():
        text = _texts(name, pd.Series(cells[is_text]), options, unit)
        if text.account.kind not in (kind, "empty") or text.unread or (text.has_units and is_value.any()):
            if is_date or int(is_text.sum()) * 2 >= len(cells):
                return _as_text(name, cells, is_missing, options, unit)
            rows = np.flatnonzero(is_text)
            bad = [(int(i), str(cells[i])) for i in rows if str(cells[i]).strip()]
            column.unread = [(i, t) for i, t in bad if not _is_mark(name, t, options)]
        else:
            values[is_text] = text.values if text.account.kind == kind else empty
            column.notes += text.notes
            if is_date:
                values[is_value], question = dates_beside_texts(name, plain, text, options)
                column.questions += [question] if question else []
            column.formats, column.text, column.text_rows = text.formats, text.text, np.flatnonzero(is_text)
        missing = np.isnat(values) if is_date else np.isnan(values)
        marks = {**text.account.missing_marks, **marks}
        column.account = replace(account, missing=int(missing.sum()) - len(column.unread), missing_marks=marks)
    if not is_date:
        column.account = replace(column.account, distinct=count_few(values))
    return column


def _is_mark(name: str, text: str, options: ReadOptions) -> bool:
    return _texts(name, pd.Series([text]), options, "").account.kind == "empty"


def _as_text(name: str, cells: NDArray[Any], is_missing: NDArray[np.bool_], options: ReadOptions, unit: str) -> Column:
    """Return the column as names: numbers as class names, dates as ISO 8601."""
    texts = [None if gap else class_name(cell) for cell, gap in zip(cells, is_missing, strict=True)]
    return _texts(name, pd.Series(texts, dtype=object), options, unit)


def _texts(name: str, series: pd.Series[Any], options: ReadOptions, unit: str) -> Column:
    return read_column(name, _arrow(series), options, unit)


def _arrow(series: pd.Series[Any]) -> Any:
    """Return text as pyarrow has it, in pieces, between which other threads run; empty cells are null."""
    pieces = [series.iloc[begin : begin + _PIECE] for begin in range(0, max(len(series), 1), _PIECE)]
    if series.dtype == object:
        return pa.chunked_array([_arrow_of_objects(piece.to_numpy(object, copy=True)) for piece in pieces])
    texts = pa.chunked_array([pa.array(piece.array, pa.string(), from_pandas=True) for piece in pieces])
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _arrow_of_objects(cells: NDArray[Any]) -> Any:
    cells[[isinstance(cell, str) and not cell for cell in cells]] = None
    return pa.array(cells, pa.string(), from_pandas=True)


def _numbers(name: str, values: Floats, unit: str) -> Column:
    gaps = np.isnan(values)
    missing = int(gaps.sum())
    if missing:
        values = np.where(gaps, values.dtype.type(np.nan), values)  # R's missing number is a signalling NaN
    kind = "empty" if missing == len(values) else "number"
    marks = {"": missing} if missing else {}
    account = ColumnAccount(name, kind, unit, "", missing, marks, count_few(values))  # type: ignore[arg-type]
    return Column(account, values)


def _durations(name: str, series: pd.Series[Any]) -> Column:
    """Return durations as seconds."""
    seconds = series.astype("timedelta64[ns]").dt.total_seconds().to_numpy(np.float64, na_value=np.nan)
    column = _numbers(name, seconds, "s")
    column.account = replace(column.account, written=DURATION)
    return column


def _times(name: str, series: pd.Series[Any], unit: str) -> Column:
    if getattr(series.dt, "tz", None) is None:
        stamps, zone, note = series.to_numpy("datetime64[ns]"), "", ""
    else:
        local, utc = series.dt.tz_localize(None), series.dt.tz_convert("UTC").dt.tz_localize(None)
        stamps, zone, note = values_in_one_zone(local.to_numpy("datetime64[ns]"), utc.to_numpy("datetime64[ns]"))
    missing = int(np.isnat(stamps).sum())
    marks = {"": missing} if missing else {}
    account = ColumnAccount(name, "time", unit, "", missing, marks)
    return Column(account, stamps, zone=zone, notes=[note] if note else [])


def _stamps(cells: NDArray[Any]) -> tuple[NDArray[np.datetime64], str, str] | None:
    """Return the stamps of dates, their zone and a sentence about it; None where only some have a zone."""
    has_zone = [getattr(cell, "tzinfo", None) is not None for cell in cells]
    some, every = any(has_zone), all(has_zone)
    if some != every:
        return None
    plain = pd.to_datetime(pd.Series([cell.replace(tzinfo=None) if some else cell for cell in cells]))
    local = plain.to_numpy("datetime64[ns]")
    if not some:
        return local, "", ""
    utc = pd.to_datetime(pd.Series(cells), utc=True).dt.tz_localize(None)
    return values_in_one_zone(local, utc.to_numpy("datetime64[ns]"))
