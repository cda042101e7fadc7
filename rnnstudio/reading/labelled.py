"""Separate sequences with a class each: from .ts files, from .npz files, and from long tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.missing import Missing, Sequences
from rnnstudio.reading.arrays import member_names, read_member
from rnnstudio.reading.opening import existing, listed, shaped
from rnnstudio.reading.table import Table
from rnnstudio.reading.ucr import is_test, partner, read_ts


@dataclass(frozen=True)
class Labelled:
    """Sequences with a class each.

    Attributes:
        name: What messages call them.
        sequences: `(N, T, F)`, or N arrays `(T, F)` of unequal length; NaN where a value is missing.
        labels: Class of each, `(N,)`, text or whole numbers.
        features: Names of the features.
        where: Says where sequence, step and feature are in the file.
        classes: Classes the file announces, in its order.
        groups: Who or what each comes from, `(N,)`.
        test: Which are for testing, `(N,)`, where the file says so.
        notes: What the user should know.
    """

    name: str
    sequences: Sequences
    labels: NDArray[Any]
    features: tuple[str, ...]
    where: Callable[[int, int, int], str]
    classes: tuple[str, ...] = ()
    groups: NDArray[Any] | None = None
    test: NDArray[np.bool_] | None = None
    notes: tuple[str, ...] = ()


def labelled_ts(path: str | Path) -> Labelled:
    """Return the sequences of a .ts file; one called `..._TRAIN.ts` brings the `..._TEST.ts` beside it along.

    Raises:
        DataError: A file is damaged, or the two do not belong together.
    """
    first = Path(path).expanduser()
    read = [(first, read_ts(first))]
    beside = partner(first)
    if beside is not None:
        read.append((beside, read_ts(beside)))
    read.sort(key=lambda item: is_test(item[0]))
    sequences = [s for _, found in read for s in found.sequences]
    widths = {s.shape[1] for s in sequences}
    if len(widths) > 1:
        raise DataError(f"{read[0][0].name} and {read[1][0].name} have different numbers of dimensions.")
    places = [(file.name, line) for file, found in read for line in found.lines]
    width = widths.pop()
    parts: NDArray[np.bool_] | None = None
    notes: tuple[str, ...] = ()
    if beside is not None:
        parts = np.array([is_test(file) for file, found in read for _ in found.sequences])
        notes = (
            f"{beside.name}, found beside {first.name}, gives the parts: {int((~parts).sum()):,} sequences to train on "
            f"and {int(parts.sum()):,} to test on; test_fraction plays no part.",
        )
    return Labelled(
        name=read[0][0].name,
        sequences=sequences,
        labels=np.array([label for _, found in read for label in found.labels], np.str_),
        features=tuple(f"dimension{i + 1}" for i in range(width)) if width > 1 else ("value",),
        where=lambda n, step, j: f"{places[n][0]}, line {places[n][1]}, dimension {j + 1}, value {step + 1}",
        classes=tuple(dict.fromkeys(c for _, found in read for c in found.classes)),
        test=parts,
        notes=notes,
    )


def labelled_npz(path: str | Path) -> Labelled:
    """Return the sequences of a .npz file with arrays `x` and `y`, or `x_train`, `y_train`, `x_test` and `y_test`.

    `x` is `(N, T)` or `(N, T, F)`; steps at the end without any value are none, or `lengths` says how many there are.
    `groups` may say where each sequence comes from.

    Raises:
        DataError: An array is missing, of the wrong shape, or damaged.
    """
    file = existing(path, "arrays of NumPy (.npz)")
    names = {name.lower(): name for name in member_names(file)}

    def read(name: str) -> NDArray[Any]:
        return read_member(file, names[name])

    if not ({"x", "y"} <= set(names) or {"x_train", "y_train"} <= set(names)):
        raise DataError(
            f"{file.name} must hold the arrays x and y, or x_train, y_train, x_test and y_test; it holds "
            f"{listed(list(names.values())) or 'none that can be read'}."
        )
    ends = [""] if {"x", "y"} <= set(names) else ["_train", *(["_test"] if {"x_test", "y_test"} <= set(names) else [])]
    xs = [_sequences_in(read(f"x{end}"), f"{names[f'x{end}']} in {file.name}") for end in ends]
    ys = [read(f"y{end}") for end in ends]
    for x, y, end in zip(xs, ys, ends, strict=True):
        if y.ndim == 2 and y.shape[1] == 1:
            y.shape = (len(y),)
        if y.shape != (len(x),):
            raise DataError(
                f"{names[f'y{end}']} in {file.name} must hold one class per sequence, shape ({len(x)},); received "
                f"{shaped(y.shape)}."
            )
        if y.dtype.kind == "f" and not np.isfinite(y).all():
            raise DataError(f"{names[f'y{end}']} in {file.name} must name a class everywhere; some are missing.")
    if len({x.shape[2] for x in xs}) > 1:
        raise DataError(f"x_train and x_test in {file.name} must have the same features.")

    def beside(name: str) -> NDArray[Any] | None:
        if not {f"{name}{end}" for end in ends} <= set(names):
            return None
        found = np.concatenate([read(f"{name}{end}").ravel() for end in ends])
        if len(found) != sum(map(len, xs)):
            raise DataError(f"{name} in {file.name} must have one value per sequence; received {len(found)}.")
        return found

    lengths = beside("lengths")
    whole = [x for part in xs for x in part] if lengths is not None or len({x.shape[1] for x in xs}) > 1 else None
    sequences: Sequences = np.concatenate(xs) if whole is None else whole
    if lengths is not None:
        if lengths.dtype.kind not in "iuf" or (lengths < 1).any() or (lengths > [len(s) for s in sequences]).any():
            raise DataError(f"lengths in {file.name} must be whole numbers from 1 to the steps of x.")
        sequences = [s[: int(n)] for s, n in zip(sequences, lengths, strict=True)]
    counts = np.cumsum([0, *map(len, xs)])

    def where(n: int, step: int, j: int) -> str:
        part = int(np.searchsorted(counts, n, side="right")) - 1
        return f"{names[f'x{ends[part]}']}[{n - counts[part]}, {step}, {j}]"

    width = xs[0].shape[2]
    return Labelled(
        name=file.name,
        sequences=unpadded(sequences),
        labels=np.concatenate(ys),
        features=tuple(f"feature{i + 1}" for i in range(width)) if width > 1 else ("value",),
        where=where,
        groups=beside("groups"),
        test=np.repeat([end == "_test" for end in ends], [len(x) for x in xs]) if "_test" in ends else None,
    )


def _sequences_in(x: NDArray[Any], name: str) -> NDArray[Any]:
    if x.dtype.kind not in "biuf" or x.ndim not in (2, 3) or not x.size:
        raise DataError(
            f"{name} must hold numbers of shape (sequences, steps) or (sequences, steps, features); received "
            f"{shaped(x.shape)} of {x.dtype}."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isinf(x.astype(np.float32)).any():
            raise DataError(f"{name} must hold finite numbers; some are infinite or too large.")
    return x[..., None] if x.ndim == 2 else x


def unpadded(sequences: Sequences) -> Sequences:
    """Return the sequences without the steps at their ends that hold no value at all."""
    if isinstance(sequences, np.ndarray) and not np.isnan(sequences[:, -1]).all(axis=-1).any():
        return sequences
    ends = [np.flatnonzero(~np.isnan(s).all(axis=1)) for s in sequences]
    return [s[: (end[-1] if len(end) else 0) + 1] for s, end in zip(sequences, ends, strict=True)]


def labelled_table(
    table: Table, sequence: str, target: str, features: Sequence[str] = (), group: str = "", missing: Missing = "error"
) -> Labelled:
    """Return the sequences of a long table, which has a row for each step of each sequence, in their order.

    Args:
        table: The table.
        sequence: Column that says which sequence a row belongs to.
        target: Column of classes, the same in all rows of a sequence.
        features: Columns the network reads; all other columns of numbers when empty.
        group: Column that says who or what a sequence comes from; empty for none.
        missing: What will be done about missing values.

    Raises:
        SettingError: `sequence` or `target` is not given.
        DataError: A column is missing, or a sequence has two classes or groups.
    """
    for field, column, what in (
        ("sequence", sequence, "which sequence a row belongs to"),
        ("target", target, "its class"),
    ):
        if not column:
            raise SettingError(
                f"{field} must name the column of {table.name} that says {what}. Its columns: {listed(table.columns)}.",
                field,
            )
    table.check([sequence, target, *features, *([group] if group else [])])
    taken = {sequence, target, group}
    chosen = list(features) or [c for c in table.numeric_columns() if c not in taken]
    if not chosen:
        raise DataError(f"{table.name} has no column of numbers beside {listed(sorted(taken - {''}))}.")
    names = table.texts(sequence)
    rows, heads, own_head = _rows_of(table, sequence, names)
    values = table.values(chosen, missing)
    labels = table.texts(target)
    groups = table.texts(group) if group else None
    for column, cells in ((target, labels), (group, groups)):
        if cells is not None:
            _check_same(table, sequence, column, names, cells, own_head)
    if labels.dtype.kind == "U" and (labels == "").any():
        if missing != "drop":
            row = int(np.flatnonzero(labels == "")[0])
            raise DataError(
                f"{table.name}, row {table.lines[row]}, column {target!r}: a class is expected; received an empty "
                "cell. Mend the file, or set missing to drop."
            )
        values[labels == ""] = np.nan  # so that these sequences are dropped
    return Labelled(
        name=table.name,
        sequences=[values[r] for r in rows],
        labels=labels[heads],
        features=tuple(chosen),
        where=lambda n, step, j: f"row {table.lines[int(rows[n][step])]}, column {chosen[j]!r}",
        groups=None if groups is None else groups[heads],
    )


def inputs_npz(path: str | Path) -> list[NDArray[Any]]:
    """Return the sequences `x` (else `x_test`) of a .npz file, which may lack classes.

    Raises:
        DataError: There are none, or they have the wrong shape.
    """
    file = existing(path, "arrays of NumPy (.npz)")
    names = {name.lower(): name for name in member_names(file)}
    wanted = next((names[name] for name in ("x", "x_test") if name in names), "")
    if not wanted:
        raise DataError(f"{file.name} must hold the array x; it holds {listed(list(names.values())) or 'none'}.")
    return list(unpadded(_sequences_in(read_member(file, wanted), f"{wanted} in {file.name}")))


def inputs_table(table: Table, sequence: str, features: Sequence[str]) -> tuple[list[str], list[NDArray[np.float64]]]:
    """Return the names and values of a long table's sequences, which may lack classes.

    Raises:
        DataError: A column is missing, or a cell is no number.
    """
    names = table.texts(sequence)
    rows, heads, _ = _rows_of(table, sequence, names)
    values = table.values(features, "interpolate")
    return [str(name) for name in names[heads]], [values[r] for r in rows]


def _rows_of(
    table: Table, sequence: str, names: NDArray[Any]
) -> tuple[list[NDArray[np.intp]], NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows of each sequence, the first of them, and for each row the first of its sequence.

    Sequences are in the order in which they begin; their rows need not stand side by side.
    """
    gone = np.flatnonzero([name == "" for name in names])
    if len(gone):
        raise DataError(f"{table.name}, row {table.lines[int(gone[0])]}, column {sequence!r}: a sequence is expected.")
    _, firsts, codes, counts = np.unique(names, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(codes, kind="stable")
    begins = np.cumsum(counts) - counts
    found = np.argsort(firsts, kind="stable")
    return [order[begins[k] : begins[k] + counts[k]] for k in found], firsts[found], firsts[codes]


def _check_same(
    table: Table, sequence: str, column: str, names: NDArray[Any], cells: NDArray[Any], heads: NDArray[np.intp]
) -> None:
    """Refuse a sequence that has two classes or comes from two places."""
    odd = np.flatnonzero(cells != cells[heads])
    if len(odd):
        row, head = int(odd[0]), int(heads[odd[0]])
        raise DataError(
            f"{table.name}: all rows of a sequence must have one {column!r}; {sequence} {str(names[row])[:40]!r} has "
            f"{str(cells[head])[:40]!r} in row {table.lines[head]} and {str(cells[row])[:40]!r} in row "
            f"{table.lines[row]}."
        )
