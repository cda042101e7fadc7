"""Reading .ts files, the form of the UCR and UEA archives of labelled sequences (www.timeseriesclassification.com)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import decoding, existing_file

_KIND = "a .ts file of the UCR and UEA archives"
_PART = re.compile(r"(.*_)(train|test)(\.ts)", re.IGNORECASE)


@dataclass(frozen=True)
class TsFile:
    """Sequences of a .ts file.

    Attributes:
        sequences: One `(T, F)` for each, NaN where a value is missing.
        labels: Class of each.
        classes: The classes the file announces, in its order.
        lines: Line of each, counted from 1.
    """

    sequences: list[NDArray[np.float64]]
    labels: list[str]
    classes: tuple[str, ...]
    lines: list[int]


def read_ts(path: str | Path) -> TsFile:
    """Return the sequences of a .ts file with their classes.

    Raises:
        DataError: It is no such file, has no classes, or a line is not as announced; the message names the line.
    """
    file = existing_file(path, _KIND)
    with decoding(file, _KIND):
        raw = file.read_bytes()
    if b"\0" in raw[:65536]:
        raise DataError(f"{file.name} holds binary data; {_KIND} is text.")
    about: dict[str, str] = {}
    sequences, labels, lines = [], [], []
    begun = False
    for number, line in enumerate(raw.decode("utf-8-sig", errors="replace").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not begun:
            if not text.startswith("@"):
                raise DataError(
                    f"{file.name}, line {number}: a line such as '@classLabel true a b' or '@data' is expected; "
                    f"received {text[:40]!r}."
                )
            word, _, rest = text[1:].partition(" ")
            about[word.lower()] = rest.strip()
            if word.lower() == "data":
                begun = True
                classes = _classes(file.name, about)
            continue
        values, _, label = text.rpartition(":")
        if classes and label.strip() not in classes:
            raise DataError(
                f"{file.name}, line {number}: the class must be one of {', '.join(classes[:20])} as @classLabel says; "
                f"received {label.strip()[:40]!r}."
            )
        sequences.append(_sequence(file.name, number, values))
        labels.append(label.strip())
        lines.append(number)
    if not sequences:
        raise DataError(f"{file.name} holds no sequences{'' if begun else ' (there is no line @data)'}.")
    _check_widths(file.name, about, sequences, lines)
    return TsFile(sequences, labels, classes, lines)


def matching_file(path: str | Path) -> Path | None:
    """Return the test file that belongs to a training file, or the other way round; None where there is none."""
    file = Path(path).expanduser()
    named = _PART.fullmatch(file.name)
    if not named:
        return None
    wanted = f"{named[1]}{'test' if named[2].lower() == 'train' else 'train'}{named[3]}".lower()
    try:
        beside = [other for other in file.parent.iterdir() if other.name.lower() == wanted and other.is_file()]
    except OSError:
        return None
    return min(beside) if beside else None


def is_test_file(path: str | Path) -> bool:
    """Return whether a file is called as the archives call their test files."""
    named = _PART.fullmatch(Path(path).name)
    return named is not None and named[2].lower() == "test"


def _classes(name: str, about: dict[str, str]) -> tuple[str, ...]:
    said, *classes = about.get("classlabel", "false").split() or ["false"]
    if said.lower() != "true" or about.get("timestamps", "false").lower() == "true":
        what = "has no classes (@classLabel is not true)" if said.lower() != "true" else "has time stamps"
        raise DataError(f"{name} {what}; sequences of plain values, each with its class at the end, are expected.")
    return tuple(dict.fromkeys(classes))


def _sequence(name: str, line: int, text: str) -> NDArray[np.float64]:
    """Return the dimensions of one line, parted by colons, side by side."""
    dimensions = []
    for j, part in enumerate(text.split(":"), start=1):
        cells = [cell.strip() for cell in part.split(",")]
        try:
            dimensions.append([np.nan if cell.lower() in ("?", "nan") else float(cell) for cell in cells])
        except ValueError:
            bad = next(cell for cell in cells if not _is_number(cell))
            raise DataError(
                f"{name}, line {line}, dimension {j}: a number or ? is expected; received {bad[:40]!r}."
            ) from None
    if len({len(d) for d in dimensions}) > 1:
        raise DataError(
            f"{name}, line {line}: all dimensions of a sequence must be equally long; received "
            f"{', '.join(str(len(d)) for d in dimensions[:10])} values."
        )
    with np.errstate(over="ignore"):
        found = np.array(dimensions, np.float64).T
        if np.isinf(found.astype(np.float32)).any():
            raise DataError(f"{name}, line {line}: a number is infinite or too large.")
    return np.ascontiguousarray(found)


def _check_widths(name: str, about: dict[str, str], sequences: list[NDArray[np.float64]], lines: list[int]) -> None:
    said = about.get("dimensions", about.get("dimension", ""))
    width = int(said) if re.fullmatch("[0-9]{1,9}", said) else sequences[0].shape[1]
    for sequence, line in zip(sequences, lines, strict=True):
        if sequence.shape[1] != width:
            raise DataError(f"{name}, line {line}: {width} dimensions are expected; received {sequence.shape[1]}.")
    if about.get("equallength", "").lower() == "true" and len({len(s) for s in sequences}) > 1:
        line = next(n for s, n in zip(sequences, lines, strict=True) if len(s) != len(sequences[0]))
        raise DataError(
            f"{name}, line {line}: all sequences are equally long as @equalLength says ({len(sequences[0])} values); "
            "received another number."
        )


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell.lower() in ("?", "nan")
    return True
