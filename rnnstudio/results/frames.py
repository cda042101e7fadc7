"""Inputs of a prediction from a data frame or a dict of columns."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rnnstudio.core.columns import as_columns, as_frame, has_columns, has_named_rows, is_series
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.input_columns import input_columns, similar_column
from rnnstudio.core.missing import Missing
from rnnstudio.core.names import names_in
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.settings import DataSettings
from rnnstudio.core.wording import enumeration
from rnnstudio.library.shared.reading_settings import options_of
from rnnstudio.reading.categories import with_categories
from rnnstudio.reading.series.labelled_table import inputs_from_table
from rnnstudio.reading.series.missing_rows import with_missing_rows
from rnnstudio.reading.series.sequence_names import with_joined_names
from rnnstudio.reading.table import Table
from rnnstudio.results.other_units import other_units_notes

READING_SETTINGS = ("time", "date_order", "doubles", "decimal_mark", "thousands_mark", "missing_values")


def frame_options(x: Any, settings: Mapping[str, Any]) -> ReadOptions | None:
    """Return how a data frame is to be read where it differs from the training's; None where nothing was chosen.

    Args:
        x: A data frame, a dict of columns, or something else.
        settings: The settings of reading by name.

    Raises:
        SettingError: A setting is unknown or has an unknown value, or `x` has no columns.
    """
    if not settings:
        return None
    from rnnstudio.core.experiment import compose

    unknown = [name for name in settings if name not in READING_SETTINGS]
    if unknown or not has_columns(x):
        received = f"{unknown[0]}" if unknown else f"{next(iter(settings))} for {type(x).__name__}"
        raise SettingError(
            f"predict takes the settings of reading {enumeration(READING_SETTINGS)} for a data frame; received "
            f"{received}.",
            unknown[0] if unknown else next(iter(settings)),
        )
    return options_of(compose("file", dict(settings)).data)


def from_frame(
    x: Any,
    info: DataInfo,
    settings: DataSettings,
    changed: ReadOptions | None = None,
) -> Any:
    """Return the input columns of a data frame or dict of columns as arrays; anything else unchanged.

    It is read like the data of the training: sorted by time, with text read as numbers.

    Args:
        x: A data frame, a dict of columns, or something else.
        info: What the run knows of its data. Columns are used by position only if the columns or the features have no
            names; a warning says so.
        settings: The data settings of the run.
        changed: How it is read where it differs from the training's.

    Returns:
        The columns, `(T, F)`, or, where the run has a column of sequences, a list of one such array per sequence, in
        order of first appearance. Missing values are NaN.

    Raises:
        DataError: Some features or the sequence column are missing, a row has no sequence, a cell is no number, or
            columns have the same name or different lengths.
    """
    features = info.input_names
    sequence = getattr(settings, "sequence", "")
    x = _with_column_names(x, features, sequence)
    if not has_columns(x):
        return x
    from rnnstudio.reading.value_columns import frame_table

    own = {"series": None} if sequence else {"frequency": info.frequency}
    options, renamed = replace(options_of(settings, changed), **own), ""
    table = frame_table("x", as_frame(x), options)
    if similar := similar_column(sequence, table.columns):
        renamed = f"x has no column {sequence!r}; the column {similar!r} is read."
        sequence = similar
        table = frame_table("x", as_frame(x), replace(options, names=(*options.names, sequence)))
    table = with_joined_names(table, sequence)
    if sequence and sequence not in table.columns:
        raise DataError(
            f"x must have the column {sequence}, which identifies the sequence of each row, as in training. A single "
            "sequence can be passed as an array."
        )
    if not sequence:
        check_one_series(table)
    missing: Missing = getattr(settings, "missing", "error")
    table, unknown = with_categories(table, features)
    inputs = [name for name in table.columns if name not in (sequence, *names_in(sequence))]
    found, assumed = input_columns(features, inputs, inputs, "x")
    units = other_units_notes(table, found, info)
    for sentence in filter(
        None, (renamed, assumed, *units, *unknown, *(table.account.assumed if table.account else ()))
    ):
        warnings.warn(sentence, UserWarning, stacklevel=3)
    if sequence:
        return inputs_from_table(table, sequence, found, missing)[1]
    if missing in ("past", "mask", "error"):
        table = with_missing_rows(table)
    return table.values(found, "past")


def check_one_series(table: Table) -> None:
    """Refuse several series for a run that was trained on one.

    Raises:
        DataError: The table seems to hold several.
    """
    if table.account is not None and table.account.series:
        raise DataError(
            f"{table.name} holds several series, one for each value of {table.account.series}; the run was trained on "
            "one. Pass the rows of one series, or train on several."
        )


def _with_column_names(x: Any, features: tuple[str, ...], sequence: str) -> Any:
    """Return a column of pandas with a name or times as a data frame, so that its name counts and times order it."""
    if is_series(x) and not sequence and (has_named_rows(x) or x.name is not None):
        return x.to_frame(features[0] if x.name is None and len(features) == 1 else str(x.name))
    return as_columns(x)
