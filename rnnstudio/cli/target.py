"""What a run on the user's own file predicts, in words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnstudio.core.account import Account
    from rnnstudio.core.sequence import SequenceData
    from rnnstudio.core.settings import DataSettings

_MAX_NAMES = 10  # names of columns or classes in a sentence


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
    if data.account is None:
        return ""
    flag = "variable" if settings.dataset == "machinery" else "target"
    return target_column_description(data.account, data.target_names[0], data.features, flag)


def target_column_description(account: Account, target: str, features: Sequence[str] = (), flag: str = "target") -> str:
    """Return which column of a file is predicted and which others could be.

    Args:
        account: How the file was read.
        target: The predicted column.
        features: The input columns.
        flag: Name of the flag that selects another column.
    """
    numeric = [column.name for column in account.columns if column.kind in ("number", "yes/no")]
    others = [name for name in numeric if name not in (target, *features)]
    parts = [f"predicting {target!r} of {account.name}"]
    if tuple(features) not in ((), (target,)):
        parts[0] += f" from {_names(features)}"
    if others:
        parts.append(f"other numeric columns: {_names(others)} (--{flag} {shlex.quote(others[0])})")
    return "; ".join(parts)


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:_MAX_NAMES]) + (", ..." if len(names) > _MAX_NAMES else "")
