"""The .ts format of the UCR and UEA archives of labelled sequences (www.timeseriesclassification.com)."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.numerals import is_number
from rnnstudio.reading.file_checks import decoding, existing_file
from rnnstudio.reading.formats.train_test_files import SequenceFile
from rnnstudio.reading.formats.ts_stamps import Stamps, split_stamped

_KIND = "a .ts file of the UCR and UEA archives"
_MISSING = ("?", "nan")
_MAX_TAGS = 10_000  # lines above @data
_BINARY_SAMPLE = 65_536  # bytes searched for a zero byte

Header = dict[str, str]  # tag without @, in lower case -> value


def holds_series(path: str | Path) -> bool:
    """Return whether a .ts file declares neither classes nor numbers for its sequences, which are series then."""
    header = _header(path)
    return "data" in header and _declares_none(header)


def declares_values(path: str | Path) -> bool:
    """Return whether a .ts file declares a number for each of its sequences."""
    return _has_values(_header(path))


def _header(path: str | Path) -> Header:
    """Return what stands above the sequences of a file; empty where it cannot be read."""
    header: Header = {}
    try:
        with Path(path).expanduser().open(encoding="utf-8-sig", errors="replace") as lines:
            for line in islice(lines, _MAX_TAGS):
                if line.startswith("@"):
                    tag, _, value = line[1:].strip().partition(" ")
                    header[tag.lower()] = value.strip().lower()
                    if tag.lower() == "data":
                        break
    except (OSError, RuntimeError, ValueError):
        return {}
    return header


def read_ts(path: str | Path, *, with_classes: bool = True) -> SequenceFile:
    """Return the sequences of a .ts file with their classes or values.

    Args:
        path: The file.
        with_classes: Whether each must have a class or value; else these are not read.

    Raises:
        DataError: The file is not a .ts file, declares neither classes nor values, or a line differs from the
            declaration; the message names the line.
    """
    file = existing_file(path, _KIND)
    with decoding(file, _KIND):
        raw = file.read_bytes()
    if b"\0" in raw[:_BINARY_SAMPLE]:
        raise DataError(f"{file.name}: {_KIND} is expected, which is text; received binary data.")
    header: Header = {}
    sequences, labels, lines = [], [], []
    classes: tuple[str, ...] = ()
    stamps: list[Stamps] = []
    is_stamped, is_labelled, has_values = False, True, False
    for number, line in enumerate(raw.decode("utf-8-sig", errors="replace").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith(("#", "%")):
            continue
        if "data" not in header:
            tag, value = _parse_tag(file.name, number, text)
            header[tag] = value
            if tag == "data":
                has_values = with_classes and _has_values(header)
                classes = _declared_classes(file.name, header) if with_classes and not has_values else ()
                is_labelled = with_classes or not _declares_none(header)
                is_stamped = header.get("timestamps", "false").lower() == "true"
            continue
        if is_stamped:
            dimensions, of_sequence, label = split_stamped(file.name, number, text if is_labelled else f"{text}:")
            stamps.append(of_sequence)
        else:
            values, _, label = (part.strip() for part in text.rpartition(":")) if is_labelled else (text, "", "")
            dimensions = [[cell.strip() for cell in dimension.split(",")] for dimension in values.split(":")]
        if classes and label not in classes:
            raise DataError(
                f"{file.name}, line {number}: the class must be one of {', '.join(classes[:20])}, as declared by "
                f"@classLabel; received {label[:40]!r}."
            )
        if has_values and label.lower() not in _MISSING and not is_number(label):
            raise DataError(
                f"{file.name}, line {number}: a number is expected after the last colon, as declared by @targetLabel; "
                f"received {label[:40]!r}."
            )
        sequences.append(_parse_sequence(file.name, number, dimensions))
        labels.append(label)
        lines.append(number)
    if not sequences:
        reason = "received none" if "data" in header else "received no line @data"
        raise DataError(f"{file.name}: sequences after the line @data are expected; {reason}.")
    _check_widths(file.name, header, sequences, lines)
    _check_lengths(file.name, header, sequences, lines)
    return SequenceFile(sequences, labels, lines, classes, stamps=stamps, has_values=has_values)


def _parse_tag(name: str, line: int, text: str) -> tuple[str, str]:
    if not text.startswith("@"):
        raise DataError(
            f"{name}, line {line}: a line such as '@classLabel true a b' or '@data' is expected; received "
            f"{text[:40]!r}."
        )
    tag, _, value = text[1:].partition(" ")
    return tag.lower(), value.strip()


def _declared_classes(name: str, header: Header) -> tuple[str, ...]:
    has_classes, *classes = header.get("classlabel", "false").split() or ["false"]
    if has_classes.lower() != "true":
        raise DataError(
            f"{name}: a class or value for each sequence is expected; neither @classLabel nor @targetLabel is true. "
            "Use the data set file to forecast the sequences as series."
        )
    return tuple(dict.fromkeys(classes))


def _has_values(header: Header) -> bool:
    return header.get("targetlabel", "").lower().startswith("true")


def _declares_none(header: Header) -> bool:
    return not any(header.get(tag, "").lower().startswith("true") for tag in ("classlabel", "targetlabel"))


def _parse_sequence(name: str, line: int, texts: list[list[str]]) -> NDArray[np.float64]:
    """Return the sequence in a line, `(T, F)`, from the cells of each dimension."""
    dimensions = []
    for j, cells in enumerate(texts, start=1):
        try:
            dimensions.append([np.nan if cell.lower() in _MISSING else float(cell) for cell in cells])
        except ValueError:
            invalid = next(cell for cell in cells if not _is_value(cell))
            raise DataError(
                f"{name}, line {line}, dimension {j}: a number or ? is expected; received {invalid[:40]!r}."
            ) from None
    if len({len(values) for values in dimensions}) > 1:
        raise DataError(
            f"{name}, line {line}: all dimensions of a sequence must have the same length; received "
            f"{', '.join(str(len(values)) for values in dimensions[:10])} values."
        )
    sequence = np.array(dimensions, np.float64).T
    with np.errstate(over="ignore"):
        if np.isinf(sequence.astype(np.float32)).any():
            raise DataError(f"{name}, line {line}: finite numbers that fit into float32 are expected; one does not.")
    return np.ascontiguousarray(sequence)


def _check_widths(name: str, header: Header, sequences: list[NDArray[np.float64]], lines: list[int]) -> None:
    declared = header.get("dimensions", header.get("dimension", ""))
    width = int(declared) if re.fullmatch("[0-9]{1,9}", declared) else sequences[0].shape[1]
    for sequence, line in zip(sequences, lines, strict=True):
        if sequence.shape[1] != width:
            raise DataError(f"{name}, line {line}: {width} dimensions are expected; received {sequence.shape[1]}.")


def _check_lengths(name: str, header: Header, sequences: list[NDArray[np.float64]], lines: list[int]) -> None:
    if header.get("equallength", "").lower() != "true":
        return
    length = len(sequences[0])
    for sequence, line in zip(sequences, lines, strict=True):
        if len(sequence) != length:
            raise DataError(
                f"{name}, line {line}: {length} values are expected, because @equalLength is true; received "
                f"{len(sequence)}."
            )


def _is_value(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell.lower() in _MISSING
    return True
