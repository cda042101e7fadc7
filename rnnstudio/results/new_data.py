"""New data of a prediction: from a table, whatever it was read from, to the inputs of a run, and what was assumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError, UnknownNameError
from rnnstudio.core.imputation import impute_sequences
from rnnstudio.core.input_columns import similar_column
from rnnstudio.core.missing import Missing, MissingRule, Where
from rnnstudio.core.names import names_in, text_of
from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import Times
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.scaling import Scalers
from rnnstudio.library.shared.notes import few_notes
from rnnstudio.library.shared.series_columns import place_in
from rnnstudio.reading.categories import with_categories
from rnnstudio.reading.sequence_files import ENDINGS_OF_SEQUENCES, read_new_sequences
from rnnstudio.reading.series.labelled_table import inputs_from_table
from rnnstudio.reading.series.missing_rows import with_missing_rows
from rnnstudio.reading.series.sequence_names import with_joined_names
from rnnstudio.reading.series.series_columns import tables_of_series
from rnnstudio.reading.table import Table
from rnnstudio.results.column_series import columns_of_series, with_column_names
from rnnstudio.results.contents import RunContents
from rnnstudio.results.far_inputs import far_inputs_notes
from rnnstudio.results.new_inputs import NewInputs
from rnnstudio.results.new_reading import EndOf, NewReading
from rnnstudio.results.new_source import NewSource
from rnnstudio.results.planned_rows import plan_note, split_plan
from rnnstudio.results.rows_before import follows_note, rows_before
from rnnstudio.results.several_series import series_columns, short_note
from rnnstudio.results.table_columns import table_columns, table_values
from rnnstudio.results.unknown_series import differs_by_series, of_each_series, unpredicted_series

_FILLED = ("past", "mask", "error")  # rules of missing values by which rows that the clock lacks are missing


@dataclass(frozen=True)
class NewData:
    """Inputs of a prediction.

    Attributes:
        kind: One series, or one sequence; several series; or separate sequences.
        names: Names of the series or sequences, the latter by number where they have none; empty for one without.
        values: Inputs of each, `(T, F)` in original units; NaN for missing values that the network fills.
        times: Times of each, `(T,)`; None where they are unknown.
        notes: Sentences: what was assumed and filled.
        plans: Of each series what is known of the steps after its last row, `(P, K)`; None where nothing is.
        before: Of each series the rows of the training that it follows, as `rows_before` returns them.
    """

    kind: Literal["one", "several", "sequences"]
    names: tuple[Any, ...]
    values: list[Floats]
    times: list[Times | None]
    notes: tuple[str, ...]
    plans: list[NDArray[np.float64] | None] = field(default_factory=list)
    before: list[Floats | None] = field(default_factory=list)


def read_new_data(
    source: NewSource,
    run: RunContents,
    changed: ReadOptions | None = None,
    series: Any = "",
    end_of: EndOf | None = None,
) -> NewData:
    """Return the inputs of a prediction in a file or data frame, read as in the training.

    Args:
        source: The file or data frame.
        run: The run that predicts.
        changed: How it is read where it differs from the training's.
        series: Which of the run's series it continues; None or empty for those that it names.
        end_of: From the values of a series `(T, F)`, NaN where missing, to the number of rows that are read; None for
            all rows.

    Raises:
        DataError: It cannot be read, lacks columns of the training, a value is missing that the run does not fill, or a
            gap is longer than `max_gap`.
        SettingError: It leaves open how it is to be read.
        UnknownNameError: The run or the data have no such series.
    """
    reading = NewReading(source, run, changed, end_of)
    if run.info.columns_as_series:
        named = "" if series in (None, "") else run.info.series[run.info.index_of_series(series)]
        table = reading.table(reading.options(frequency=run.info.frequency, series="none"), run.info.series[0])
        return inputs_of_table(table, run, named=named, end_of=end_of)
    if run.info.series or series not in (None, ""):
        named = "" if series in (None, "") else run.info.series[run.info.index_of_series(series)]
        return _several_series(reading, named)
    return (_sequences(reading) if run.info.target_per_sequence else None) or _one_series(reading)


def inputs_of_table(
    table: Table,
    run: RunContents,
    *,
    series: Sequence[str] = (),
    sequence: str = "",
    named: str = "",
    end_of: EndOf | None = None,
) -> NewData:
    """Return the inputs in a table: columns by name, texts as inputs of 0 and 1, rows that the clock lacks as missing.

    Args:
        table: The table.
        run: The run that predicts.
        series: The columns that name the series of a row; none where the rows are one series.
        sequence: The column that names the sequence of a row; empty for series.
        named: The only one of several series that is wanted; empty for all.
        end_of: As for `read_new_data`.

    Raises:
        DataError: A column is missing, a cell is no number, a value is missing that the run does not fill, or a gap is
            longer than `max_gap`.
        SettingError: The table leaves open how it is read.
        UnknownNameError: The table has no such series.
    """
    info = run.info
    missing: Missing = getattr(run.experiment.data, "missing", "error")
    table, unknown = with_categories(table, info.column_names)
    columns, notes = table_columns(table, with_column_names(info, named), (*series, sequence, *names_in(sequence)))
    notes = [*unknown, *(table.account.assumed if table.account else ()), *notes]
    if sequence:
        names, values = inputs_from_table(table, sequence, columns, missing)
        return _of_sequences(names, values, table.name, run, notes)
    parts = tables_of_series(table, list(series)) if series else {named: table}
    each = dict.fromkeys(parts, columns)
    if info.columns_as_series:
        each = columns_of_series(columns, info, named)
        parts = dict.fromkeys(each, table)
    if named not in ("", *parts):
        raise UnknownNameError("series", named, list(parts))
    parts = {named: parts[named]} if named else parts
    unpredicted, left_out = unpredicted_series(run, parts, table.name)
    parts, notes = {name: part for name, part in parts.items() if name not in unpredicted}, [*notes, *left_out]
    known = {name: n for n, name in enumerate(info.series)}
    inputs: list[Floats] = []
    times: list[Times | None] = []
    plans: list[NDArray[np.float64] | None] = []
    earlier: list[Floats | None] = []
    own_notes, short = list[str](), list[str]()
    samples = info.window * info.frame
    needed = samples if info.task == "forecast" and not named else 0
    for name, part in parts.items():
        whole = with_missing_rows(part) if missing in _FILLED else part
        scalers = run.scalers.of_series(known[name]) if name in known else run.scalers
        place = partial(_place, place_in(whole, each[name]))
        called = f"Series {name!r} of {table.name}" if series or info.columns_as_series else table.name
        own = table_values(whole, each[name], info)
        end = None if end_of is None else end_of(own)
        rows, plan = split_plan(own, info, whole.times, end)
        before = rows_before(run, name, whole.times, forecasts=end is not None)
        read = 0 if before is None else len(before) if end is None else min(len(before), max(0, samples - len(rows)))
        if series and read + len(rows) < needed and (end is None or name not in known):
            short.append(name)
            continue
        completed, said = _completed([rows], run, scalers, place, called, before)
        inputs += completed
        plans.append(plan)
        earlier.append(before)
        said += [follows_note(name, len(rows), read)] if read else []
        times.append(None if whole.times is None else whole.times[: len(rows)])
        if end is None:
            said = [*said, *plan_note(plan, info, called)]
        elif end < len(own) and not info.known:
            said = [*said, f"{called} ends with {len(own) - end:,} rows without a value to continue."]
        own_notes += said
    if short:
        notes.append(short_note(short, len(parts), table.name, needed))
        parts = {name: part for name, part in parts.items() if name not in short}
    several = bool(series) or info.columns_as_series
    kind: Literal["one", "several"] = "several" if several and not named else "one"
    own_notes = few_notes(own_notes) if several else own_notes
    return NewData(kind, tuple(filter(None, parts)), inputs, times, (*notes, *own_notes), plans, earlier)


def _place(where: Where, _: int, step: int, feature: int) -> str:
    """Return where a value of the only series stands."""
    return where(step, feature)


def _completed(
    values: Sequence[Floats],
    run: RunContents,
    scalers: Scalers,
    where: Callable[[int, int, int], str],
    name: str,
    before: Floats | None = None,
) -> tuple[list[Floats], list[str]]:
    """Return inputs as the network takes them, and what was filled and is of another size than in the training."""
    notes = far_inputs_notes(values, run.info.input_names, scalers.inputs, name)
    if getattr(run.experiment.data, "missing", "error") == "interpolate":
        return list(impute_sequences(list(values), MissingRule("interpolate"), where, name).sequences), notes
    _, filled = NewInputs.of(run.experiment, run.info, scalers).complete(values, where, name, before)
    return list(values), [*notes, *([filled] if filled else [])]


def _one_series(reading: NewReading, named: str = "") -> NewData:
    """Return the rows as one series, or as one sequence."""
    info = reading.run.info
    chosen = {"series": "none"} if info.series else {}
    table = reading.table(reading.options(frequency=info.frequency, **chosen), info.features[0])
    if table.account is not None and table.account.series:
        raise DataError(
            f"{table.name} holds several series, one for each value of {table.account.series}; the run was trained on "
            "one. Pass the rows of one series, or train on several."
        )
    return inputs_of_table(table, reading.run, named=named, end_of=reading.end_of)


def _several_series(reading: NewReading, named: str) -> NewData:
    """Return each series, or the one that is named; all rows are its own where no column names series."""
    run, source = reading.run, reading.source
    own = reading.changed.series if reading.changed else ""
    names = names_in(own or "") or series_columns(run)
    options = reading.options(series=text_of(names), frequency=run.info.frequency)
    notes = []
    try:
        table = reading.table(options)
    except DataError as error:
        columns = reading.table(replace(options, series="none", names=())).columns
        similar = [similar_column(name, columns) or name for name in names]
        if not set(similar) <= set(columns):
            if named or not differs_by_series(run):
                return _one_series(reading, named)
            raise DataError(
                f"{error} {of_each_series(run).capitalize()}; values of one can be passed with series set to its name."
            ) from None
        if similar == names:
            raise
        notes.append(f"{source.name} has no column {text_of(names)!r}; the column {text_of(similar)!r} is read.")
        if source.frame is None:
            names = similar
        else:  # a name in a frame may have blanks at its ends, which no setting can name
            reading = replace(reading, source=source.renamed(dict(zip(similar, names, strict=True))))
        table = reading.table(replace(options, series=text_of(names), names=tuple(names)))
    new = inputs_of_table(table, run, series=names, named=named, end_of=reading.end_of)
    return replace(new, notes=(*notes, *new.notes))


def _sequences(reading: NewReading) -> NewData | None:
    """Return separate sequences; None where the rows are one, or the run knows no column of sequences."""
    run, source = reading.run, reading.source
    column, options = getattr(run.experiment.data, "sequence", ""), reading.options(series=None)
    if source.path is not None and _holds_sequences(source.path.suffix.lower(), column, run):
        longest = run.info.longest_sequence or run.info.window * run.info.frame
        target, has_values = str(getattr(run.experiment.data, "target", "")), not run.info.classes
        values, assumed = read_new_sequences(source.path, options, longest, target, has_values=has_values)
        return _of_sequences(range(1, len(values) + 1), values, source.name, run, assumed)
    if not column:
        return None
    table, notes = reading.table(options, column), []
    if similar := similar_column(column, table.columns):
        notes.append(f"{table.name} has no column {column!r}; the column {similar!r} is read.")
        column = similar
        table = reading.table(replace(options, names=(*options.names, column)), column)
    table = with_joined_names(table, column)
    if column in table.columns:
        new = inputs_of_table(table, run, sequence=column)
    else:
        notes.append(f"{table.name} has no column {column!r}; its rows are read as one sequence.")
        new = _one_series(reading)
    return replace(new, notes=(*notes, *new.notes))


def _holds_sequences(ending: str, column: str, run: RunContents) -> bool:
    """Return whether a file with this ending holds sequences for a run, rather than a table."""
    of_sequences = run.experiment.data.dataset == "sequences" and ending in ENDINGS_OF_SEQUENCES
    return ending == ".ts" or (not column and (ending == ".npz" or of_sequences))


def _of_sequences(
    names: Sequence[Any], values: Sequence[Floats], source: str, run: RunContents, notes: Sequence[str] = ()
) -> NewData:
    completed, filled = _completed(
        values, run, run.scalers, lambda n, step, _: f"sequence {names[n]}, step {step + 1}", source
    )
    return NewData("sequences", tuple(names), completed, [None] * len(values), (*notes, *filled))
