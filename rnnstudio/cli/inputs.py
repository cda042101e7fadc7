"""Inputs of a prediction from a file: the columns of a series, or separate sequences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rnnstudio.core.data_info import DataInfo
    from rnnstudio.core.missing import Missing
    from rnnstudio.core.precision import Floats
    from rnnstudio.core.predictions import Times
    from rnnstudio.core.read_options import ReadOptions
    from rnnstudio.core.scaling import Scalers
    from rnnstudio.reading.table import Table
    from rnnstudio.results.run import Run


def series_inputs(
    source: Path, run: Run, changed: ReadOptions | None = None, series: str = ""
) -> tuple[Floats, Times | None]:
    """Return the series in a file, `(steps, features)`, and its times.

    Missing values that `Run.predict` fills are NaN.

    Args:
        source: The file.
        run: The run that predicts.
        changed: How this file is read where it differs from the training's.
        series: Which of the run's series it continues; empty where the run has one.

    Raises:
        DataError: The file cannot be read, or lacks the columns the run was trained on.
        SettingError: The file leaves open how it is to be read, or holds several series.
        UnknownNameError: The run has no such series.
    """
    from rnnstudio.core.errors import DataError
    from rnnstudio.core.imputation import impute_series
    from rnnstudio.core.missing import MissingRule
    from rnnstudio.library.shared.reading_settings import options_of
    from rnnstudio.library.shared.series_columns import place_in
    from rnnstudio.reading.categories import with_categories
    from rnnstudio.reading.files import read_file
    from rnnstudio.reading.series.missing_rows import with_missing_rows
    from rnnstudio.results.frames import check_one_series
    from rnnstudio.results.new_inputs import NewInputs

    options = replace(options_of(run.experiment.data, changed), frequency=run.info.frequency)
    scalers = run.scalers
    if series:
        scalers = scalers.of_series(run.info.index_of_series(series))
        options = replace(options, series="none")
    try:
        table = read_file(source, run.info.features[0], options)
    except DataError:  # the new file has other columns, arrays or sheets
        table = read_file(source, options=replace(options, time="", variable=""))
    check_one_series(table)
    if getattr(run.experiment.data, "missing", "error") in ("past", "mask", "error"):
        table = with_missing_rows(table)
    table, unknown = with_categories(table, run.info.input_names)
    _say(" ".join(unknown))
    _say(" ".join(table.account.assumed if table.account else ()))
    columns = _columns(table, run.info)
    missing: Missing = getattr(run.experiment.data, "missing", "error")
    values, where = table.values(columns, missing), place_in(table, columns)
    _say_far([values], run.info, scalers, table.name)
    if missing == "interpolate":
        return impute_series(values, MissingRule(missing), where, table.name).values, table.times
    _, note = NewInputs.of(run.experiment, run.info, scalers).complete(
        [values], lambda _, i, j: where(i, j), table.name
    )
    _say(note)
    return values, table.times


def several_series_inputs(
    source: Path, run: Run, changed: ReadOptions | None = None
) -> dict[str, tuple[Floats, Times | None]]:
    """Return the inputs of each series in a file by name, `(steps, features)` with NaN for missing values, and times.

    Args:
        source: The file.
        run: The run that predicts.
        changed: How this file is read where it differs from the training's.

    Raises:
        DataError: The file cannot be read, or lacks columns of the training.
    """
    from rnnstudio.core.errors import DataError
    from rnnstudio.core.input_columns import similar_column
    from rnnstudio.core.names import names_in, text_of
    from rnnstudio.reading.files import read_file
    from rnnstudio.results.several_series import options_of_series, series_values

    options = options_of_series(run, changed)
    try:
        table = read_file(source, "", options)
    except DataError:
        names = names_in(options.series or "")
        columns = read_file(source, "", replace(options, series="none", names=())).columns
        similar = [similar_column(name, columns) or name for name in names]
        if similar == names:
            raise
        _say(f"{source.name} has no column {text_of(names)!r}; the column {text_of(similar)!r} is read.")
        options = replace(options, series=text_of(similar), names=tuple(similar))
        table = read_file(source, "", options)
    values, notes = series_values(table, run, options)
    for note in notes:
        _say(note)
    return values


def inputs_of_series(
    source: Path, run: Run, series: str, changed: ReadOptions | None = None
) -> tuple[Floats, Times | None]:
    """Return the inputs of one of several series, `(steps, features)`, and its times.

    They are the rows that the file names so, or all rows where it names no series.

    Args:
        source: The file.
        run: The run that predicts.
        series: Name of the series.
        changed: How this file is read where it differs from the training's.

    Raises:
        DataError: The file cannot be read, or lacks columns of the training.
        UnknownNameError: The run or the file has no such series.
    """
    from rnnstudio.core.errors import UnknownNameError
    from rnnstudio.library.shared.reading_settings import options_of
    from rnnstudio.reading.files import read_file
    from rnnstudio.results.several_series import series_columns

    run.info.index_of_series(series)
    table = read_file(source, "", replace(options_of(run.experiment.data, changed), series="none"))
    if not set(series_columns(run)) <= set(table.columns):
        return series_inputs(source, run, changed, series)
    found = several_series_inputs(source, run, changed)
    if series not in found:
        raise UnknownNameError("series", series, list(found))
    return found[series]


def sequence_inputs(
    source: Path, run: Run, changed: ReadOptions | None = None
) -> tuple[list[Any], list[Floats]] | None:
    """Return the names and values of the separate sequences in a file; None where it holds one series.

    Values are NaN where one is missing that `Run.predict` fills.

    Args:
        source: The file.
        run: The run that predicts.
        changed: How this file is read where it differs from the training's.

    Raises:
        DataError: The file cannot be read, or values are missing.
    """
    from rnnstudio.core.imputation import impute_sequences
    from rnnstudio.core.input_columns import similar_column
    from rnnstudio.core.missing import MissingRule
    from rnnstudio.library.shared.reading_settings import options_of
    from rnnstudio.reading.categories import with_categories
    from rnnstudio.reading.files import read_file
    from rnnstudio.reading.sequence_files import ENDINGS_OF_SEQUENCES, read_new_sequences
    from rnnstudio.reading.series.labelled_table import inputs_from_table
    from rnnstudio.reading.series.sequence_names import with_joined_names
    from rnnstudio.results.new_inputs import NewInputs

    column = getattr(run.experiment.data, "sequence", "")
    options = replace(options_of(run.experiment.data, changed), series=None)
    missing: Missing = getattr(run.experiment.data, "missing", "error")
    names: list[Any]
    ending, is_of_sequences = source.suffix.lower(), run.experiment.data.dataset == "sequences"
    if ending == ".ts" or (not column and (ending == ".npz" or (is_of_sequences and ending in ENDINGS_OF_SEQUENCES))):
        sequences = read_new_sequences(source, options, run.info.window * run.info.frame)
        names = list(range(1, len(sequences) + 1))
    else:
        table = read_file(source, column, options)
        if similar := similar_column(column, table.columns):
            _say(f"{table.name} has no column {column!r}; the column {similar!r} is read.")
            column = similar
            table = read_file(source, column, replace(options, names=(*options.names, column)))
        table = with_joined_names(table, column)
        if column not in table.columns:
            if column:
                click.echo(f"{table.name} has no column {column!r}; its rows are read as one sequence.", err=True)
            return None
        table, unknown = with_categories(table, run.info.input_names)
        _say(" ".join(unknown))
        names, sequences = inputs_from_table(table, column, _columns(table, run.info), missing)

    def where(sequence: int, step: int, _: int) -> str:
        return f"sequence {names[sequence]}, step {step + 1}"

    _say_far(list(sequences), run.info, run.scalers, source.name)
    if missing == "interpolate":
        return names, list(impute_sequences(list(sequences), MissingRule(missing), where, source.name).sequences)
    _, note = NewInputs.of(run.experiment, run.info, run.scalers).complete(list(sequences), where, source.name)
    _say(note)
    return names, list(sequences)


def _say_far(sequences: list[Floats], info: DataInfo, scalers: Scalers, name: str) -> None:
    """Say which features are not of the size of those of the training."""
    from rnnstudio.results.far_inputs import far_inputs_notes

    for note in far_inputs_notes(sequences, info.input_names, scalers.inputs, name):
        _say(note)


def _columns(table: Table, info: DataInfo) -> list[str]:
    """Return the input columns; what was assumed to find them is said."""
    from rnnstudio.core.input_columns import input_columns
    from rnnstudio.results.other_units import other_units_notes

    alone = table.preferred_target and len(info.input_names) == 1  # the variable of a file of arrays
    numeric = [table.preferred_target] if alone else table.numeric_columns()
    columns, assumed = input_columns(info.input_names, table.columns, numeric, table.name, has_names=table.has_names)
    for note in (assumed, *other_units_notes(table, columns, info)):
        _say(note)
    return columns


def _say(note: str) -> None:
    if note:
        click.echo(f"Note: {note}", err=True)
