"""Files of separate labelled sequences of any supported format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.changed_files import unchanged
from rnnstudio.reading.file_checks import existing_file
from rnnstudio.reading.formats.arff_tables import holds_arff_sequences, holds_arff_values, read_arff_sequences
from rnnstudio.reading.formats.labelled_npz import read_inputs_npz, read_labelled_npz
from rnnstudio.reading.formats.labelled_rows import TEXT_ENDINGS, holds_rows, inputs_of_rows, read_rows
from rnnstudio.reading.formats.numpy_files import member_names, read_member
from rnnstudio.reading.formats.train_test_files import SequenceFile, read_train_and_test
from rnnstudio.reading.formats.ts_file import declares_values as ts_declares_values
from rnnstudio.reading.formats.ts_file import holds_series, read_ts
from rnnstudio.reading.series.labelled import LabelledSequences, has_fractions
from rnnstudio.reading.series.sequence_marks import with_marks

ENDINGS_OF_SEQUENCES = (".ts", ".npz", ".arff", *TEXT_ENDINGS)  # of files that can hold separate sequences


def holds_sequences(path: str | Path, is_wanted: bool = False, has_values: bool = False) -> bool:
    """Return whether a file contains separate labelled sequences; its name, array names and first rows decide.

    Args:
        path: The file.
        is_wanted: Whether the caller expects sequences, so that rows of sequences may have another name than
            `..._TRAIN` or `..._TEST`.
        has_values: Whether the caller expects a value for each sequence.

    >>> holds_sequences("Coffee_TRAIN.ts")
    True
    """
    match Path(path).suffix.lower():
        case ".ts":
            return is_wanted or not holds_series(path)
        case ".npz":
            names = {name.lower() for name in member_names(path)}
            return is_wanted or {"x", "y"} <= names or {"x_train", "y_train"} <= names
        case ".arff":
            return holds_arff_sequences(path, is_wanted or has_values)
    return holds_rows(path, is_wanted or has_values, has_values)


def declares_values(path: str | Path) -> bool:
    """Return whether a file of separate sequences says that each has a value rather than a class.

    A .ts file declares it, an .arff file has a numeric attribute in place of one of classes, and .npz holds fractions.

    Raises:
        DataError: A .npz file is damaged.
    """
    match Path(path).suffix.lower():
        case ".ts":
            return ts_declares_values(path)
        case ".npz":
            names = {name.lower(): name for name in member_names(path)}
            own = next((names[name] for name in ("y", "y_train") if name in names), "")
            return bool(own) and has_fractions(read_member(existing_file(path, "a .npz file"), own))
        case ".arff":
            return holds_arff_values(path)
    return False


def read_sequences(
    path: str | Path, target: str = "", options: ReadOptions | None = None, *, has_values: bool = False
) -> LabelledSequences:
    """Return the labelled sequences of a file, with those of its partner file `..._TRAIN` or `..._TEST`.

    Args:
        path: The file.
        target: Rows of sequences: the column of classes or values; found when empty.
        options: How text is read.
        has_values: Whether the targets are values, where the file leaves it open.

    Raises:
        DataError: The file is damaged, changes while it is read, or holds something else.
        SettingError: It is unclear which column holds the classes or values, or whether a number means a missing value.
    """
    labelled = _labelled(path, target, options, has_values)
    marks = options.missing_values if options else ()
    return replace(labelled, sequences=with_marks(labelled.sequences, labelled.features, marks))


def _labelled(path: str | Path, target: str, options: ReadOptions | None, has_values: bool) -> LabelledSequences:
    match Path(path).suffix.lower():
        case ".ts":
            return read_train_and_test(path, read_ts)
        case ".npz":
            with unchanged(path):
                return read_labelled_npz(path)
        case ".arff":
            return read_train_and_test(path, lambda file: read_arff_sequences(file, options))
    column = target

    def read(file: Path) -> SequenceFile:
        nonlocal column  # few rows of a test file may leave open what those of the training do not
        content = read_rows(file, column, options, has_values=has_values)
        column = column or content.class_column
        return content

    return read_train_and_test(path, read)


def read_new_sequences(
    path: str | Path,
    options: ReadOptions | None = None,
    steps: int = 0,
    target: str = "",
    *,
    has_values: bool = False,
) -> tuple[list[NDArray[np.float64]], tuple[str, ...]]:
    """Return the sequences of a file, each `(T, F)`, whose classes or values are not needed, and what was assumed.

    Args:
        path: The file.
        options: How text is read.
        steps: Steps of the longest sequence of the training; 0 where unknown.
        target: Rows of sequences: the column of classes or values in the training; empty to find it.
        has_values: Whether the training had values rather than classes.

    Raises:
        DataError: The file is damaged, changes while it is read, or holds something else.
        SettingError: A number can mean a missing value.
    """
    with unchanged(path):
        content = _new_sequences(path, options, steps, target, has_values)
    sequences, assumed = content.sequences, content.account.assumed if content.account else ()
    names = [f"dimension{j + 1}" for j in range(sequences[0].shape[1])] if sequences else []
    return list(with_marks(sequences, names, options.missing_values if options else ())), assumed


def _new_sequences(
    path: str | Path, options: ReadOptions | None, steps: int, target: str, has_values: bool
) -> SequenceFile:
    match Path(path).suffix.lower():
        case ".ts":
            return read_ts(path, with_classes=False)
        case ".npz":
            return SequenceFile(list(read_inputs_npz(path)), [], [])
        case ".arff":
            return read_arff_sequences(path, options)
    return inputs_of_rows(path, options, steps, target, has_values=has_values)
