"""Files of separate labelled sequences of any supported format."""

from __future__ import annotations

from pathlib import Path

from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.labelled import LabelledSequences
from rnnstudio.reading.labelled_npz import read_labelled_npz
from rnnstudio.reading.labelled_rows import holds_rows, read_rows
from rnnstudio.reading.numpy_files import member_names
from rnnstudio.reading.train_test_files import read_train_and_test
from rnnstudio.reading.ts_file import read_ts


def holds_sequences(path: str | Path, is_wanted: bool = False) -> bool:
    """Return whether a file contains separate labelled sequences; its name, array names and first rows decide.

    Args:
        path: The file.
        is_wanted: Whether the caller expects sequences, so that rows of sequences may have another name than
            `..._TRAIN` or `..._TEST`.

    >>> holds_sequences("Coffee_TRAIN.ts")
    True
    """
    match Path(path).suffix.lower():
        case ".ts":
            return True
        case ".npz":
            names = {name.lower() for name in member_names(path)}
            return is_wanted or {"x", "y"} <= names or {"x_train", "y_train"} <= names
    return holds_rows(path, is_wanted)


def read_sequences(path: str | Path, target: str = "", options: ReadOptions | None = None) -> LabelledSequences:
    """Return the labelled sequences of a file, with those of its partner file `..._TRAIN` or `..._TEST`.

    Args:
        path: The file.
        target: Rows of sequences: the column of classes; found when empty.
        options: How text is read.

    Raises:
        DataError: The file is damaged, or holds something else.
        SettingError: It is unclear which column holds the classes.
    """
    match Path(path).suffix.lower():
        case ".ts":
            return read_train_and_test(path, read_ts)
        case ".npz":
            return read_labelled_npz(path)
    return read_train_and_test(path, lambda file: read_rows(file, target, options))
