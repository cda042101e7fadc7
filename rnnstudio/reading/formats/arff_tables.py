"""The rows of .arff files as a table, or as labelled sequences where each row is one."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account
from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.errors import DataError, RnnStudioError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.file_checks import decoding, existing_file
from rnnstudio.reading.formats.arff_file import KIND, ArffFile, Attribute, arff_declarations, parse_arff
from rnnstudio.reading.formats.train_test_files import SequenceFile
from rnnstudio.reading.series.labelled import trim_missing_end
from rnnstudio.reading.table import Table

_JAVA = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "SSS": "%f", "'T'": "T"}
_MIN_STEPS = 12  # numbered attributes, from which on a row is a sequence; the shortest of the UCR archive has 15
_FORMAT = "Weka .arff"


def read_arff(path: str | Path, options: ReadOptions | None = None) -> Table:
    """Return the rows of an .arff file as a table: numbers, dates, and nominal values as text.

    Raises:
        DataError: The file is damaged, or a value differs from its declaration; the message names the line.
    """
    from rnnstudio.reading.table_of_columns import table_of_columns
    from rnnstudio.reading.text.unique_names import unique_names

    options = options or ReadOptions()
    content = parse_arff(path, options.encoding)
    file = existing_file(path, KIND)
    ByteBudget.of_file(file).check_array(file.name, (len(content.rows), len(content.attributes)))
    names = unique_names([attribute.name for attribute in content.attributes])
    with decoding(file, KIND):
        columns = {
            name: _column(file.name, name, attribute, content, j, options)
            for j, (name, attribute) in enumerate(zip(names, content.attributes, strict=True))
        }
    about = Account(file.name, _FORMAT, 0, (), encoding=content.encoding, header=(1,))
    table = table_of_columns(columns, content.lines, options, about, ())
    assert table.account is not None
    return replace(table, account=replace(table.account, header=()))


def holds_arff_sequences(path: str | Path, is_wanted: bool = False) -> bool:
    """Return whether each row of an .arff file is a sequence with its class or value; the declarations decide.

    Args:
        path: The file.
        is_wanted: Whether the caller expects sequences: numbered attributes and another number may be a table.
    """
    try:
        declared = arff_declarations(path)
    except RnnStudioError:
        return False
    is_relational = any(attribute.kind == "relational" for attribute in declared.attributes)
    has_steps = is_relational or len(declared.attributes) > _MIN_STEPS
    has_value = declared.value_index >= 0 and (is_relational or is_wanted)
    return has_steps and (declared.class_index >= 0 or has_value)


def holds_arff_values(path: str | Path) -> bool:
    """Return whether each row of an .arff file is a sequence with its value, a number, rather than its class."""
    try:
        declared = arff_declarations(path)
    except RnnStudioError:
        return False
    return declared.class_index < 0 and declared.value_index >= 0


def read_arff_sequences(path: str | Path, options: ReadOptions | None = None) -> SequenceFile:
    """Return the sequences in the rows of an .arff file. Missing values at their end are padding.

    Raises:
        DataError: The file is damaged, its rows are no sequences, or a value differs from its declaration.
    """
    content = parse_arff(path, (options or ReadOptions()).encoding)
    has_values = content.class_index < 0
    name, index = Path(path).name, content.value_index if has_values else content.class_index
    if index < 0:
        raise DataError(
            f"{name}: numbered numeric attributes, one for each step, or one relational attribute are expected, and a "
            "nominal one with the classes or a numeric one with the values. For a row for each step, set sequence to "
            "the attribute that names the sequence."
        )
    ByteBudget.of_file(Path(path)).check_array(name, (len(content.rows), len(content.attributes)))
    declared = content.attributes[index]
    labels, sequences = [], []
    for line, cells in zip(content.lines, content.rows, strict=True):
        labels.append(_target(name, line, declared, cells[index]))
        steps = cells[:index] + cells[index + 1 :]
        sequences.append(_sequence(name, line, steps, content.attributes[0 if index else 1].kind == "relational"))
    width = sequences[0].shape[1]
    for line, sequence in zip(content.lines, sequences, strict=True):
        if sequence.shape[1] != width:
            raise DataError(f"{name}, line {line}: {width} dimensions are expected; received {sequence.shape[1]}.")
    unlabelled = labels.index("") if "" in labels else -1
    if unlabelled >= 0:
        raise DataError(f"{name}, line {content.lines[unlabelled]}: a class is expected; received none.")
    account = Account(
        name, _FORMAT, 0, (), encoding=content.encoding,
        assumed=(f"Each row is a sequence; its {'value' if has_values else 'class'} is {declared.name!r}.",),
    )  # fmt: skip
    return SequenceFile(
        list(trim_missing_end(sequences)),
        labels,
        content.lines,
        declared.values,
        account,
        target=declared.name,
        has_values=has_values,
    )


def _sequence(name: str, line: int, cells: list[str | None], is_relational: bool) -> NDArray[np.float64]:
    """Return the sequence in a row, `(T, F)`."""
    if not is_relational:
        return np.array([_number(name, line, cell) for cell in cells])[:, None]
    rows = [row.split(",") for row in (cells[0] or "").strip().split("\n")]
    if len({len(row) for row in rows}) > 1:
        raise DataError(f"{name}, line {line}: all dimensions of a sequence must have the same length.")
    values = [[_number(name, line, cell.strip() if cell.strip() != "?" else None) for cell in row] for row in rows]
    return np.ascontiguousarray(np.array(values).T)


def _number(name: str, line: int, cell: str | None) -> float:
    if cell is None:
        return float("nan")
    try:
        number = float(cell)
    except ValueError:
        number = float("inf")
    if np.isinf(number):
        raise DataError(f"{name}, line {line}: a finite number or ? is expected; received {cell[:40]!r}.")
    return number


def _nominal(name: str, line: int, attribute: Attribute, cell: str | None) -> str | None:
    if cell is not None and cell not in attribute.values:
        raise DataError(
            f"{name}, line {line}: the value of {attribute.name!r} must be one of "
            f"{', '.join(attribute.values[:20])}, as declared; received {cell[:40]!r}."
        )
    return cell


def _target(name: str, line: int, attribute: Attribute, cell: str | None) -> str:
    """Return the class of a sequence, empty where it is missing; or its value as text, "?" where it is missing."""
    if attribute.kind == "nominal":
        return _nominal(name, line, attribute, cell) or ""
    number = _number(name, line, cell)
    return "?" if np.isnan(number) else repr(number)


def _column(name: str, label: str, attribute: Attribute, content: ArffFile, j: int, options: ReadOptions) -> Column:
    """Return one attribute as a column."""
    import pandas as pd

    from rnnstudio.reading.value_columns import name_column, value_column

    cells: list[Any] = [row[j] for row in content.rows]
    if attribute.kind == "numeric":
        values = [_number(name, line, cell) for line, cell in zip(content.lines, cells, strict=True)]
        column = value_column(label, pd.Series(values, dtype=np.float64), options)
    elif attribute.kind == "date":
        pattern = _strptime(attribute.pattern)
        dates = pd.to_datetime(pd.Series(cells), format=pattern) if pattern else pd.Series(cells, dtype=object)
        column = value_column(label, dates, options)
    elif attribute.kind == "nominal":
        for line, cell in zip(content.lines, cells, strict=True):
            _nominal(name, line, attribute, cell)
        column = name_column(label, pd.Series(cells, dtype=object), options)
    else:
        column = value_column(label, pd.Series(cells, dtype=object), options)
    if set(column.account.missing_marks) == {""}:
        column.account = replace(column.account, missing_marks={"?": column.account.missing})
    return column


def _strptime(pattern: str) -> str:
    """Return a pattern of dates as Python writes it, from one of Java; empty where it has other parts.

    >>> _strptime("dd.MM.yyyy HH:mm"), _strptime("EEE, d MMM")
    ('%d.%m.%Y %H:%M', '')
    """
    parts = re.findall(r"'[^']*'|[A-Za-z]+|[^A-Za-z']+", pattern or "yyyy-MM-dd'T'HH:mm:ss")
    written = [_JAVA.get(part, "" if part[0].isalpha() else part.strip("'")) for part in parts]
    return "".join(written) if all(written) else ""
