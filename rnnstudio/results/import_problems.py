"""Cells of a file that are no numbers, and missing values: where they stand, and what can be done about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from rnnstudio.core.column_roles import Role, possible_roles
from rnnstudio.core.missing import DEFAULT_MAX_GAP, count_of
from rnnstudio.core.names import names_in, text_of
from rnnstudio.core.wording import enumeration
from rnnstudio.reading.cell_errors import possible_marks
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.reading.table import Table
from rnnstudio.reading.times.clock import lacking_stamps

_MAX_SHOWN = 5  # different cells that are no numbers in a sentence
_MAX_CLASSES = 50  # different values of a column that may be one of classes
_MAX_COLUMNS = 6  # named in a sentence


@dataclass(frozen=True)
class Place:
    """A row of a table, and a column; the column is empty for the whole row."""

    text: str
    row: int
    column: str = ""


@dataclass(frozen=True)
class Remedy:
    """What can be done about a problem.

    Attributes:
        label: Text of its button.
        meaning: What it does.
        settings: The settings that do it; an empty value has a setting found.
        column: The column that is used otherwise; empty for none.
        role: What for.
        is_chosen: Whether it is done already.
    """

    label: str
    meaning: str
    settings: Mapping[str, str] = field(default_factory=dict)
    column: str = ""
    role: Role = "ignore"
    is_chosen: bool = False


@dataclass(frozen=True)
class Problem:
    """Something in a file that a training must treat.

    Attributes:
        kind: Whether cells are no numbers, or missing.
        columns: The columns it is about.
        parts: A sentence; places in it are rows that the preview shows.
        remedies: What can be done about it.
    """

    kind: Literal["cells", "missing"]
    columns: tuple[str, ...]
    parts: tuple[str | Place, ...]
    remedies: tuple[Remedy, ...]

    @property
    def sentence(self) -> str:
        """The problem in words."""
        return "".join(part.text if isinstance(part, Place) else part for part in self.parts)

    @property
    def places(self) -> list[Place]:
        """Where it stands."""
        return [part for part in self.parts if isinstance(part, Place)]

    @property
    def is_open(self) -> bool:
        """Whether nothing is done about it."""
        return not any(remedy.is_chosen for remedy in self.remedies)


def cells_problems(table: Table, columns: Collection[str], marks: str, label: str = "") -> list[Problem]:
    """Return a problem for each column with cells that are no numbers, or that were made marks of missing values.

    Args:
        table: The table.
        columns: The columns that are used.
        marks: The marks of missing values that are set.
        label: The column of classes, in which every cell is a name.
    """
    problems = []
    for name in columns:
        own = [mark for mark in names_in(marks) if mark in _missing_marks(table, name)]
        cells = table.unread.get(name, {})
        texts = list(dict.fromkeys(cells.values()))
        if name == label or not (texts or own):
            continue
        remedies = []
        if own and not texts:
            others = [mark for mark in names_in(marks) if mark not in own]
            count = sum(_missing_marks(table, name)[mark] for mark in own)
            parts: tuple[str | Place, ...] = (
                f"Column {name!r}: {count_of(count, 'cell')} with {_quoted(own)} count as missing.",
            )
            wanted, meaning = {"missing_values": text_of(others)}, f"Do not read {_quoted(own)} as missing values."
            remedies.append(Remedy("Treat as missing", meaning, wanted, is_chosen=True))
        else:
            row = min(cells)
            count_text = "a cell that is no number" if len(cells) == 1 else f"{len(cells):,} cells that are no numbers"
            parts = (
                f"Column {name!r} holds {count_text}: {_quoted(texts[:_MAX_SHOWN])}, first in ",
                Place(table.place(row), row, name),
                ".",
            )
            if marks_of_cells := possible_marks(texts):
                wanted = {"missing_values": text_of([*names_in(marks), *marks_of_cells])}
                remedies.append(Remedy("Treat as missing", f"Read {_quoted(texts)} as missing values.", wanted))
        if texts and _may_hold_classes(table, name):
            meaning = f"Column {name!r} holds names of classes, which are predicted."
            remedies.append(Remedy("Treat as class", meaning, column=name, role="class"))
        problems.append(Problem("cells", (name,), parts, tuple(remedies)))
    return problems


def missing_problem(
    table: Table, columns: Collection[str], settings: Mapping[str, Any], needed: str, unit: str = "steps"
) -> Problem | None:
    """Return the problem of missing values and of rows that the clock lacks; None where nothing is missing.

    Args:
        table: The table.
        columns: The columns of numbers that are used.
        settings: Settings of the data set by flat name.
        needed: The longest gap, where it is longer than the settings allow; else empty.
        unit: What missing drop leaves out.
    """
    parts: list[str | Place] = []
    listed = 0
    for name in columns:
        gaps = np.flatnonzero(np.isnan(table.to_floats(name)[0]))
        gaps = gaps[~np.isin(gaps, list(table.unread.get(name, {})))]
        if not len(gaps):
            continue
        listed += 1
        if listed <= _MAX_COLUMNS:
            row = int(gaps[0])
            first = "in " if len(gaps) == 1 else "first in "
            count = "" if len(gaps) == 1 else f"{len(gaps):,}, "
            before = "Values are missing: " if listed == 1 else ", "
            parts += [f"{before}column {name!r} ({count}{first}", Place(table.place(row), row, name), ")"]
    if listed > _MAX_COLUMNS:
        parts.append(f" and {listed - _MAX_COLUMNS:,} more columns")
    if listed:
        parts.append(". ")
    parts += _lacking_rows(table)
    return _missing(columns, parts, settings, needed, unit) if parts else None


def missing_in_sequences(labelled: LabelledSequences, settings: Mapping[str, Any], needed: str) -> Problem | None:
    """Return the problem of missing values in labelled sequences; None where nothing is missing.

    Args:
        labelled: The sequences.
        settings: Settings of the data set by flat name.
        needed: The longest gap, where it is longer than the settings allow; else empty.
    """
    incomplete = [i for i, sequence in enumerate(labelled.sequences) if np.isnan(sequence).any()]
    if not incomplete:
        return None
    step, feature = (int(index) for index in np.argwhere(np.isnan(labelled.sequences[incomplete[0]]))[0])
    place = labelled.where(incomplete[0], step, feature)
    count = f"{count_of(len(incomplete), 'sequence')} of {len(labelled.sequences):,}"
    sentence = f"Values are missing in {count}, the first at {place}. "
    return _missing(labelled.features, [sentence], settings, needed, "sequences")


def _missing(
    columns: Collection[str], parts: list[str | Place], settings: Mapping[str, Any], needed: str, unit: str
) -> Problem:
    """Return the problem of missing values that a sentence describes, with both remedies."""
    fills = settings.get("missing", "past") in ("", "past", "mask")
    drops = settings.get("missing") == "drop"
    allowed = settings.get("max_gap") or str(DEFAULT_MAX_GAP)
    if needed:
        parts.append(f"The longest gap has {int(needed):,} steps; Fill sets max_gap to {needed}. ")
    elif fills and int(allowed) > DEFAULT_MAX_GAP:
        parts.append(f"Gaps of up to {int(allowed):,} steps are filled. ")
    fill = {"missing": "past", "max_gap": needed or settings.get("max_gap", "")}
    return Problem(
        "missing",
        tuple(columns),
        tuple(parts),
        (
            Remedy(
                "Fill",
                "Take the last value before each missing one. Missing values to predict do not count.",
                fill,
                is_chosen=fills and not needed,
            ),
            Remedy(
                "Drop",
                f"Leave out the {unit} with missing values. What stands around them is treated as consecutive."
                if unit == "steps"
                else f"Leave out the {unit} with missing values.",
                {"missing": "drop", "max_gap": ""},
                is_chosen=drops,
            ),
        ),
    )


def _lacking_rows(table: Table) -> list[str | Place]:
    """Return the sentence about rows that the clock of a table lacks; empty where it lacks none."""
    time = table.account.time if table.account else None
    if table.account is None or time is None or table.times is None or not time.missing_rows:
        return []
    one = time.missing_rows == 1
    parts: list[str | Place] = [
        f"{time.missing_rows:,} {'row' if one else 'rows'} of one {time.every} {'is' if one else 'are'} missing"
        f"{'' if one else f', at most {time.longest_gap:,} in a row'}"
    ]
    if not table.account.series:
        lacking = lacking_stamps(table.times, time.frequency)
        row = max(0, int(np.searchsorted(table.times, lacking[0])) - 1)
        parts += [f", {'' if one else 'the first '}after ", Place(table.place(row), row)]
    return [*parts, ". "]


def _missing_marks(table: Table, name: str) -> Mapping[str, int]:
    return table.account.column(name).missing_marks if table.account else {}


def _may_hold_classes(table: Table, name: str) -> bool:
    """Return whether a column can be one of classes, and has few enough values."""
    import pandas as pd

    if table.account is None or "class" not in possible_roles(table.account.column(name)):
        return False
    return len(pd.unique(table.cells[name])) <= _MAX_CLASSES


def _quoted(texts: Collection[str]) -> str:
    return enumeration([repr(text[:40]) for text in texts])
