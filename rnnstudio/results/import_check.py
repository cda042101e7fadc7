"""Whether a file can be trained on as it is: its problems, what a training assumes, and why it would not start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnnstudio.core.automatic import resolve
from rnnstudio.core.errors import RnnStudioError, SettingError, StoppedError
from rnnstudio.core.experiment import compose
from rnnstudio.core.missing import fill_past, observed_range
from rnnstudio.core.names import names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.shared.target_columns import named_targets
from rnnstudio.reading.preview import Preview, number_text, with_rows
from rnnstudio.reading.series.series_columns import tables_of_series
from rnnstudio.reading.table import Table
from rnnstudio.results.import_file import ImportedFile, with_names
from rnnstudio.results.import_problems import Problem, cells_problems, missing_in_sequences, missing_problem
from rnnstudio.results.read_content import ReadContent

_MAX_TRIES = 5  # for the longest gap
_MAX_PLACES = 12  # rows that are added to the preview


@dataclass(frozen=True)
class ImportCheck:
    """What a training on a file would do.

    Attributes:
        problem: Why it would not start; None where it would.
        problems: Cells that are no numbers, and missing values.
        notes: What it assumes, one sentence each.
        preview: The rows of the file with those of the problems, filled and left out as in the training.
        file: The file as a training reads it, see `with_names`; None where it cannot.
    """

    problem: RnnStudioError | None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    preview: Preview | None = None
    file: ImportedFile | None = None


def check_import(
    file: ImportedFile, dataset: str, settings: Mapping[str, Any], before: ImportedFile | None = None
) -> ImportCheck:
    """Return what a training on a file that has been read would do with these settings.

    Args:
        file: The file.
        dataset: `file` or `sequences`.
        settings: Settings of the data set by flat name.
        before: The `file` of the check before, which is not read again where it is the same.

    Raises:
        StoppedError: The caller does not want to know any more, see `reading_reported_to`.
    """
    try:
        file = with_names(file, dataset, settings, before)
    except RnnStudioError as refusal:
        return ImportCheck(refusal)
    error, data = _attempt(file, dataset, settings)
    table, notes = file.table, data.notes if data else ()
    if table is None or file.preview is None:
        assert file.labelled is not None
        of_sequences = missing_in_sequences(file.labelled, settings, _longest_gap(file, dataset, settings, error))
        return ImportCheck(error, (of_sequences,) if of_sequences else (), notes, file=file)
    used = _used_columns(table, dataset, settings)
    numeric = [name for name in used if table.account is None or table.account.column(name).kind == "number"]
    label = str(settings.get("target", "")) if dataset == "sequences" or settings.get("task") == "label" else ""
    marks = str(settings.get("missing_values", ""))
    problems = cells_problems(table, numeric, marks, label)
    numeric = [name for name in numeric if name != label]
    needed = _longest_gap(file, dataset, settings, error)
    unit = "sequences" if dataset == "sequences" else "steps"
    missing = missing_problem(table, numeric, settings, needed, unit)
    if missing is not None:
        problems.append(missing)
    preview = _with_problems(file.preview, table, problems)
    if data is not None and dataset == "file":
        preview = _as_trained(preview, table, data, settings)
    return ImportCheck(error, tuple(problems), notes, preview, file)


def _attempt(
    file: ImportedFile, dataset: str, settings: Mapping[str, Any]
) -> tuple[RnnStudioError | None, SequenceData | None]:
    """Return the error that a training would give, or its data."""
    content = file.labelled if file.table is None else file.table
    assert content is not None
    try:
        return None, resolve(compose(dataset, settings), ReadContent(content).load).data
    except StoppedError:
        raise
    except RnnStudioError as error:
        return error, None


def _longest_gap(file: ImportedFile, dataset: str, settings: Mapping[str, Any], error: RnnStudioError | None) -> str:
    """Return the value of `max_gap` that fills all gaps, where the settings allow too little; else empty."""
    needed = ""
    for _ in range(_MAX_TRIES):
        if not isinstance(error, SettingError) or error.field != "max_gap" or not error.suggestion:
            break
        needed = error.suggestion
        error, _ = _attempt(file, dataset, {**settings, "max_gap": needed})
    return needed


def _used_columns(table: Table, dataset: str, settings: Mapping[str, Any]) -> list[str]:
    features = settings.get("features") or ()
    wanted = names_in(features) if isinstance(features, str) else list(features)
    if not wanted and dataset == "sequences":
        named = {settings.get("group"), settings.get("target"), *names_in(str(settings.get("sequence", "")))}
        wanted = [name for name in table.numeric_columns() if name not in named]
    targets = _targets(settings, table)
    if not targets and dataset == "file" and not wanted:
        targets = [table.default_target()]
    return [name for name in dict.fromkeys([*wanted, *targets]) if name in table.columns]


def _targets(settings: Mapping[str, Any], table: Table) -> list[str]:
    """Return the columns to predict that the settings name."""
    target = settings.get("target") or ""
    return named_targets(target, table.columns) if isinstance(target, str) else list(target)


def _with_problems(preview: Preview, table: Table, problems: list[Problem]) -> Preview:
    """Return a preview with the rows at which problems stand, and the row before and after each."""
    places = [place for problem in problems for place in problem.places][:_MAX_PLACES]
    rows = {row for place in places for row in range(place.row - 1, place.row + 2) if 0 <= row < len(table.cells)}
    return with_rows(preview, table, rows) if places else preview


def _as_trained(preview: Preview, table: Table, data: SequenceData, settings: Mapping[str, Any]) -> Preview:
    """Return a preview with what a training fills in and leaves out."""
    masks = 2 * len(data.masked_features)
    features = [name for name in data.features[: len(data.features) - masks] if name in table.columns]
    is_class = bool(data.classes)
    targets = [] if is_class else [name for name in _targets(settings, table) if name in table.columns]
    names = list(dict.fromkeys([*features, *targets]))
    values = np.column_stack([table.to_floats(name)[0] for name in names]) if names else np.empty((len(table.cells), 0))
    gaps = np.isnan(values)
    shown = {row: i for i, row in enumerate(preview.positions)}
    if not gaps.any():
        return preview
    if settings.get("missing") == "drop":
        return replace(preview, left_out=frozenset(i for row, i in shown.items() if gaps[row].any()))
    filled, left_out = {}, set[int]()
    own = [names.index(target) for target in targets]
    for rows in _rows_of_series(table, names_in(str(settings.get("series", ""))), set(shown)):
        inputs, width = gaps[rows][:, : len(features)], len(features)
        of_targets = None if is_class or features == targets else gaps[rows][:, own]
        try:
            begin, end = observed_range(inputs, of_targets, len(rows), lambda i, j: "", table.name)
        except RnnStudioError:
            return preview
        values_before = fill_past(values[rows][:, :width]).values
        for k, row in enumerate(rows):
            i = shown.get(int(row))
            if i is None:
                continue
            if not begin <= k < end:
                left_out.add(i)
                continue
            for j in np.flatnonzero(inputs[k]):
                if names[j] in preview.columns:
                    filled[i, preview.columns.index(names[j])] = number_text(values_before[k, j])
    return replace(preview, filled=filled, left_out=frozenset(left_out))


def _rows_of_series(table: Table, series: list[str], shown: set[int]) -> list[Any]:
    """Return the rows of each series of which a row is shown."""
    if not series or series == ["none"]:
        return [np.arange(len(table.cells))]
    numbered = replace(table, row_numbers=range(len(table.cells)))
    parts = [np.asarray(part.row_numbers, np.intp) for part in tables_of_series(numbered, series).values()]
    return [rows for rows in parts if shown.intersection(rows.tolist())]
