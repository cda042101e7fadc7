"""The true classes and values that new data hold beside their inputs, where they hold any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.labels import class_name
from rnnstudio.core.names import names_in, text_of
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.formats.labelled_npz import read_labelled_npz
from rnnstudio.reading.formats.labelled_rows import read_rows
from rnnstudio.reading.formats.ts_file import read_ts
from rnnstudio.reading.series.missing_rows import with_missing_rows
from rnnstudio.reading.series.sequence_names import with_joined_names
from rnnstudio.reading.series.series_columns import tables_of_series
from rnnstudio.reading.table import Table
from rnnstudio.results.contents import RunContents
from rnnstudio.results.new_data import NewData
from rnnstudio.results.new_reading import NewReading
from rnnstudio.results.new_source import NewSource
from rnnstudio.results.several_series import series_columns

Truth = NDArray[Any]
_FILLED = ("past", "mask", "error")  # rules of missing values by which rows that the clock lacks are read


def truth_of(source: NewSource, run: RunContents, changed: ReadOptions | None, new: NewData) -> list[Truth] | None:
    """Return the truth of each series, `(T, D)`, or of each sequence, `(1, D)`; None where the data hold none.

    Classes are text, empty where one is missing, and values numbers, NaN where one is missing.

    Args:
        source: The file or data frame.
        run: The run that predicts.
        changed: How it is read where it differs from the training's.
        new: Its inputs.
    """
    try:
        truth = (
            _of_sequences(source, run, changed, new) if new.kind == "sequences" else _of_rows(source, run, changed, new)
        )
    except (RnnStudioError, KeyError):  # a column of the truth that cannot be read must not keep one from predicting
        return None
    return truth if truth is not None and any(_known(own).any() for own in truth) else None


def _known(truth: Truth) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = truth != "" if truth.dtype.kind in "OU" else ~np.isnan(truth)
    return known


def _of_rows(source: NewSource, run: RunContents, changed: ReadOptions | None, new: NewData) -> list[Truth] | None:
    """Return the truth of rows of one or several series."""
    info, reading = run.info, NewReading(source, run, changed)
    names = (names_in((changed.series if changed else "") or "") or series_columns(run)) if info.series else []
    in_table = bool(names) and not info.columns_as_series and new.kind == "several"
    series = text_of(names) if in_table else "none" if info.series else None
    options = reading.options(frequency=info.frequency, **({} if series is None else {"series": series}))
    table = reading.table(options, info.features[0])
    parts = tables_of_series(table, names) if in_table else dict.fromkeys(new.names or ("",), table)
    truth = []
    for name, values in zip(new.names or ("",), new.values, strict=True):
        part = parts[name]
        whole = with_missing_rows(part) if getattr(run.experiment.data, "missing", "error") in _FILLED else part
        columns = [str(name)] if info.columns_as_series else list(info.target_names)
        if any(column not in whole.columns for column in columns) or len(whole.cells) != len(values):
            return None
        truth.append(_cells(whole, columns, classes=bool(info.classes)))
    return truth


def _of_sequences(source: NewSource, run: RunContents, changed: ReadOptions | None, new: NewData) -> list[Truth] | None:
    """Return the truth of separate sequences: of each the first row in a table, or the label in a file of sequences."""
    info, column = run.info, getattr(run.experiment.data, "sequence", "")
    if not column:
        labels = _labels(source.path, NewReading(source, run, changed).options(series=None), run)
        return None if labels is None or len(labels) != len(new.values) else _as_truth(labels, run)
    target = str(getattr(run.experiment.data, "target", "")) or info.target_names[0]
    table = NewReading(source, run, changed).table(NewReading(source, run, changed).options(series=None), column)
    table = with_joined_names(table, column)
    if target not in table.columns:
        return None
    names, cells = table.texts(column), _cells(table, [target], classes=bool(info.classes))
    first = {str(name): i for i, name in reversed(list(enumerate(names.tolist())))}
    return [cells[[first[str(name)]]] for name in new.names]


def _labels(path: Path | None, options: ReadOptions, run: RunContents) -> Any:
    """Return classes or values of a file of sequences; None where it has none."""
    if path is None:
        return None
    target = str(getattr(run.experiment.data, "target", ""))
    match path.suffix.lower():
        case ".ts":
            return read_ts(path).labels
        case ".npz":
            return read_labelled_npz(path).labels
        case ".arff":
            return None
    return read_rows(path, target, options, has_values=not run.info.classes).labels


def _as_truth(labels: Any, run: RunContents) -> list[Truth]:
    if run.info.classes:
        return [np.array([[class_name(label)]], object) for label in np.asarray(labels).tolist()]
    return [np.array([[np.nan if label in ("?", "") else float(label)]]) for label in labels]


def _cells(table: Table, columns: list[str], *, classes: bool) -> Truth:
    """Return columns as values `(rows, D)`, or as names of classes."""
    if not classes:
        return table.values(columns, "past")
    texts = table.texts(columns[0])
    return np.array([["" if text == "" else class_name(text)] for text in texts.tolist()], object)
