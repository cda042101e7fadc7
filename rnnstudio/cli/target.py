"""What a run on the user's own file predicts, in words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnstudio.core.read_options import ReadOptions
    from rnnstudio.core.sequence import SequenceData
    from rnnstudio.core.settings import DataSettings

_MAX_NAMES = 10  # names of columns or classes in a sentence
_MAX_BYTES = 20_000_000  # reading a larger file again takes too long


def target_description(data: SequenceData, settings: DataSettings) -> str:
    """Return which column or classes of a file are predicted, and the alternatives; empty for other data sets.

    Args:
        data: The data as loaded.
        settings: Their settings.
    """
    file = Path(getattr(settings, "file", ""))
    if settings.dataset == "sequences":
        lengths = data.inputs.shape[1:2] if data.lengths is None else (data.lengths.min(), data.lengths.max())
        steps = " to ".join(f"{length:,}" for length in lengths)
        return (
            f"predicting the class of {len(data.inputs):,} sequences of {steps} steps in {file.name}; "
            f"{len(data.classes)} classes: {_names(data.classes)}"
        )
    if settings.dataset == "file" or (settings.dataset == "machinery" and file.name):
        flag = "variable" if settings.dataset == "machinery" else "target"
        from rnnstudio.library.shared.reading_settings import options_of

        return target_column_description(str(file), data.target_names[0], data.features, flag, options_of(settings))
    return ""


def target_column_description(
    file: str, target: str, features: Sequence[str] = (), flag: str = "target", options: ReadOptions | None = None
) -> str:
    """Return which column of a file is predicted and which others could be.

    Args:
        file: Path of the file.
        target: The predicted column; the data set's default when empty.
        features: The input columns.
        flag: Name of the flag that selects another column.
        options: How the file was read.
    """
    from rnnstudio.reading.files import read_file

    if target and Path(file).stat().st_size > _MAX_BYTES:
        return f"predicting {target!r} of {Path(file).name}"
    table = read_file(file, target, options)
    target = target or table.default_target()
    others = [name for name in table.numeric_columns() if name not in (target, *features)]
    parts = [f"predicting {target!r} of {table.name}"]
    if tuple(features) not in ((), (target,)):
        parts[0] += f" from {_names(features)}"
    if others:
        parts.append(f"other numeric columns: {_names(others)} (--{flag} {shlex.quote(others[0])})")
    return "; ".join(parts)


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:_MAX_NAMES]) + (", ..." if len(names) > _MAX_NAMES else "")
