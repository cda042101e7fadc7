"""The time stamps of sequences in a .ts file: each value stands with its stamp, such as (2024-01-31 12:00:00,1.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.times.clock import find_frequency

_BETWEEN_DIMENSIONS = re.compile(r"\)\s*:\s*\(")
_BETWEEN_STEPS = re.compile(r"\)\s*,\s*\(")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?")
Stamps = NDArray[np.float64] | NDArray[np.datetime64]


def split_stamped(name: str, line: int, text: str) -> tuple[list[list[str]], Stamps, str]:
    """Return the values of each dimension of a sequence, its stamps in order, and its class.

    Args:
        name: Name of the file in messages.
        line: Its line.
        text: The line: pairs of stamp and value, dimensions separated by colons, and the class after the last colon.

    Raises:
        DataError: The line has another form, or the dimensions have different stamps.

    >>> split_stamped("a.ts", 9, "(0,1.5),(1,?):(0,4),(1,5):up")
    ([['1.5', '?'], ['4', '5']], array([0., 1.]), 'up')
    """
    body, closing, label = text.rpartition(")")
    if not closing or not body.startswith("(") or not label.strip().startswith(":"):
        raise DataError(
            f"{name}, line {line}: pairs such as (0,1.5),(1,2.5) and a class after a colon are expected, because "
            f"@timeStamps is true; received {text[:40]!r}."
        )
    dimensions, shared = [], None
    for j, dimension in enumerate(_BETWEEN_DIMENSIONS.split(body[1:]), start=1):
        pairs = [pair.rpartition(",") for pair in _BETWEEN_STEPS.split(dimension)]
        stamps = _stamps(name, line, [stamp.strip() for stamp, _, _ in pairs])
        if shared is not None and not np.array_equal(shared, stamps):
            raise DataError(
                f"{name}, line {line}: all dimensions of a sequence must have the same time stamps; those of dimension "
                f"{j} differ from those of dimension 1."
            )
        shared = stamps
        dimensions.append([value.strip() for _, _, value in pairs])
    assert shared is not None
    order = np.argsort(shared, kind="stable")
    return [[values[i] for i in order] for values in dimensions], shared[order], label.strip()[1:].strip()


def _stamps(name: str, line: int, texts: list[str]) -> Stamps:
    try:
        if all("-" not in text[1:] or "e-" in text.lower() for text in texts):
            numbers = np.array([float(text) for text in texts])
            if np.isfinite(numbers).all():
                return numbers
        if all(map(_DATE.fullmatch, texts)):
            return np.array([text.replace(" ", "T") for text in texts], "datetime64[ns]")
    except ValueError:
        pass
    shown = next((text for text in texts if not _DATE.fullmatch(text)), texts[0])
    raise DataError(
        f"{name}, line {line}: a time stamp is expected, a number or such as 2024-01-31 12:00:00; received "
        f"{shown[:40]!r}."
    )


def stamps_note(stamps: Sequence[Stamps]) -> tuple[str, str]:
    """Return the frequency of the dates of sequences, empty where they have none, and a sentence about the stamps.

    >>> stamps_note([np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.5])])
    ('', 'The time stamps of each sequence are 0.5 apart.')
    >>> stamps_note([np.array([0.0, 0.5, 2.0])])[1]
    'The time stamps of 1 of 1 sequences are irregular; the network reads one value after the other.'
    """
    steps = [np.diff(values) for values in stamps]
    irregular = sum(len(step) > 0 and not _is_even(step) for step in steps)
    dates = [values for values in stamps if values.dtype.kind == "M" and len(values) > 2]
    found = {find_frequency(np.unique(values)) for values in dates}
    frequency = found.pop() if len(found) == 1 else ""
    if irregular and not frequency:
        return "", (
            f"The time stamps of {irregular:,} of {len(stamps):,} sequences are irregular; the network reads one value "
            "after the other."
        )
    every = list(dict.fromkeys(_text(step[0]) for step in steps if len(step)))
    if frequency or not every:
        return frequency, ""
    if len(every) == 1:
        return "", f"The time stamps of each sequence are {every[0]} apart."
    return "", (
        f"The time stamps of some sequences are {every[0]} apart, those of others {every[1]}; the network reads one "
        "value after the other."
    )


def _is_even(step: NDArray[np.generic]) -> bool:
    if step.dtype.kind == "m":
        return bool((step == step[0]).all())
    return bool(np.allclose(step.astype(np.float64), float(step[0]), rtol=1e-6, atol=0.0))


def _text(step: np.generic) -> str:
    if isinstance(step, np.timedelta64):
        return f"{step / np.timedelta64(1, 's'):g} s"
    return f"{float(step):g}"
