"""Labelled sequences whose training and test set are two files, as in the UCR and UEA archives."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.account import Account
from rnnstudio.core.errors import DataError
from rnnstudio.reading.changed_files import unchanged
from rnnstudio.reading.formats.ts_stamps import Stamps, stamps_note
from rnnstudio.reading.series.labelled import LabelledSequences

_SPLIT_NAME = re.compile(r"(.*_)(train|test)(\.[a-z]+)", re.IGNORECASE)


@dataclass(frozen=True)
class SequenceFile:
    """The labelled sequences of one file.

    Attributes:
        sequences: One array `(T, F)` per sequence; NaN where a value is missing.
        labels: Class of each sequence, or its value as text; "?" where the value is missing.
        lines: Line number of each sequence, counted from 1.
        classes: Classes that the file declares, in its order.
        account: How the file was read; None where nothing had to be found out.
        class_column: Rows of sequences: the column of classes, `first`, `last` or its name.
        stamps: Numbers or dates of the steps of each sequence, in order; empty where the file holds none.
        target: Name that the file gives its classes or values; empty for none.
        has_values: Whether the file says that it holds values rather than classes.
    """

    sequences: list[NDArray[np.float64]]
    labels: list[str]
    lines: list[int]
    classes: tuple[str, ...] = ()
    account: Account | None = None
    stamps: Sequence[Stamps] = ()
    class_column: str = ""
    target: str = ""
    has_values: bool = False


def matching_file(path: str | Path) -> Path | None:
    """Return the test file of a training file in the same folder, or the reverse; None if there is none."""
    file = Path(path).expanduser()
    name = _SPLIT_NAME.fullmatch(file.name)
    if not name:
        return None
    wanted = f"{name[1]}{'test' if name[2].lower() == 'train' else 'train'}{name[3]}".lower()
    try:
        matches = [other for other in file.parent.iterdir() if other.name.lower() == wanted and other.is_file()]
    except OSError:
        return None
    return min(matches) if matches else None


def is_split_file(path: str | Path) -> bool:
    """Return whether a file has the name of a training or test file.

    >>> is_split_file("Coffee_TRAIN.tsv"), is_split_file("train_FD001.txt")
    (True, False)
    """
    return _SPLIT_NAME.fullmatch(Path(path).name) is not None


def is_test_file(path: str | Path) -> bool:
    """Return whether a file has the name of a test file.

    Example:
        >>> is_test_file("GunPoint_TEST.ts")
        True
    """
    name = _SPLIT_NAME.fullmatch(Path(path).name)
    return name is not None and name[2].lower() == "test"


def read_train_and_test(path: str | Path, read: Callable[[Path], SequenceFile]) -> LabelledSequences:
    """Return the sequences of a file, and those of the other file of a pair.

    If the file is called `..._TRAIN` or `..._TEST` and the other file is in the same folder, both are read.

    Args:
        path: The file.
        read: Reads one file; that of the training is read first.

    Raises:
        DataError: A file is damaged or changes while it is read, or the two files have different numbers of
            dimensions.
    """
    requested = Path(path).expanduser()
    match = matching_file(requested)
    files = []
    for file in sorted(filter(None, (requested, match)), key=is_test_file):
        with unchanged(file):
            files.append((file, read(file)))
    sequences = [sequence for _, content in files for sequence in content.sequences]
    widths = {sequence.shape[1] for sequence in sequences}
    if len(widths) > 1:
        raise DataError(
            f"{files[0][0].name} and {files[1][0].name} must have the same number of dimensions; received "
            f"{' and '.join(map(str, sorted(widths)))}."
        )
    if len({content.has_values for _, content in files}) > 1:
        raise DataError(
            f"{files[0][0].name} and {files[1][0].name} must both hold a class for each sequence, or both a value; "
            "received one of each kind."
        )
    positions = [(file.name, line) for file, content in files for line in content.lines]
    width = widths.pop()
    test: NDArray[np.bool_] | None = None
    notes = tuple(dict.fromkeys(note for _, content in files if content.account for note in content.account.assumed))
    if match is not None:
        test = np.array([is_test_file(file) for file, content in files for _ in content.sequences])
        both = (
            f"{match.name} was read together with {requested.name}: {int((~test).sum()):,} training sequences and "
            f"{int(test.sum()):,} test sequences; test_fraction is not used."
        )
        notes = (both, *notes)
    stamps = [of_sequence for _, content in files for of_sequence in content.stamps]
    frequency, about_stamps = stamps_note(stamps) if stamps else ("", "")
    has_dates = len(stamps) == len(sequences) and all(of_sequence.dtype.kind == "M" for of_sequence in stamps)

    def where(n: int, step: int, j: int) -> str:
        dimension = f", dimension {j + 1}" if width > 1 else ""
        return f"{positions[n][0]}, line {positions[n][1]}{dimension}, value {step + 1}"

    return LabelledSequences(
        name=files[0][0].name,
        sequences=sequences,
        labels=np.array([label for _, content in files for label in content.labels], np.str_),
        features=tuple(f"dimension{i + 1}" for i in range(width)) if width > 1 else ("value",),
        where=where,
        classes=tuple(dict.fromkeys(name for _, content in files for name in content.classes)),
        test=test,
        notes=(*notes, *filter(None, [about_stamps])),
        times=[np.asarray(of_sequence, "datetime64[ns]") for of_sequence in stamps] if has_dates else None,
        frequency=frequency if has_dates else "",
        account=files[0][1].account,
        target=files[0][1].target,
        has_values=files[0][1].has_values,
    )
