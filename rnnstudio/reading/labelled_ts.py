"""Labelled sequences from .ts files, together with the matching training or test file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.labelled import LabelledSequences
from rnnstudio.reading.ts_file import is_test_file, matching_file, read_ts


def read_labelled_ts(path: str | Path) -> LabelledSequences:
    """Return the sequences of a .ts file.

    If the file is called `..._TRAIN.ts` or `..._TEST.ts` and the other file is in the same folder, both are read.

    Args:
        path: The .ts file.

    Raises:
        DataError: A file is damaged, or the two files have different numbers of dimensions.
    """
    requested = Path(path).expanduser()
    files = [(requested, read_ts(requested))]
    match = matching_file(requested)
    if match is not None:
        files.append((match, read_ts(match)))
    files.sort(key=lambda item: is_test_file(item[0]))
    sequences = [sequence for _, content in files for sequence in content.sequences]
    widths = {sequence.shape[1] for sequence in sequences}
    if len(widths) > 1:
        raise DataError(
            f"{files[0][0].name} and {files[1][0].name} must have the same number of dimensions; received "
            f"{' and '.join(map(str, sorted(widths)))}."
        )
    positions = [(file.name, line) for file, content in files for line in content.lines]
    width = widths.pop()
    test: NDArray[np.bool_] | None = None
    notes: tuple[str, ...] = ()
    if match is not None:
        test = np.array([is_test_file(file) for file, content in files for _ in content.sequences])
        notes = (
            f"{match.name} was read together with {requested.name}: {int((~test).sum()):,} training sequences and "
            f"{int(test.sum()):,} test sequences; test_fraction is not used.",
        )
    return LabelledSequences(
        name=files[0][0].name,
        sequences=sequences,
        labels=np.array([label for _, content in files for label in content.labels], np.str_),
        features=tuple(f"dimension{i + 1}" for i in range(width)) if width > 1 else ("value",),
        where=lambda n, step, j: f"{positions[n][0]}, line {positions[n][1]}, dimension {j + 1}, value {step + 1}",
        classes=tuple(dict.fromkeys(name for _, content in files for name in content.classes)),
        test=test,
        notes=notes,
    )
