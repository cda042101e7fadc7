"""A file before it is trained on: how it is read, its first and last rows, and why it could not be trained on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnstudio.core.account import Account, Question
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import compose
from rnnstudio.core.names import names_in, text_of
from rnnstudio.core.wording import enumeration
from rnnstudio.library.datasets.file import FileSettings
from rnnstudio.library.datasets.sequences import SequencesSettings
from rnnstudio.library.shared.labelled import from_labelled
from rnnstudio.library.shared.table_series import series_from_table
from rnnstudio.reading.files import read_file, read_head
from rnnstudio.reading.labelled_table import labelled_from_table
from rnnstudio.reading.preview import Preview, preview_of
from rnnstudio.reading.sequence_files import holds_sequences
from rnnstudio.reading.sequence_rows import without_rows_question
from rnnstudio.reading.table import Table
from rnnstudio.results.inspection import account_of

_MAX_MARKS = 5  # different cells that are no numbers, up to which they may be marks of missing values


@dataclass(frozen=True)
class ImportedFile:
    """A file, or its beginning, as it was read.

    Attributes:
        account: How it was read.
        preview: Its first and last rows; None for labelled sequences.
        table: Its columns; None for labelled sequences.
        complete: Whether the whole file was read.
    """

    account: Account
    preview: Preview | None = None
    table: Table | None = None
    complete: bool = True


def read_beginning(path: str, settings: Mapping[str, Any]) -> ImportedFile | None:
    """Return the beginning of a long text table; None for a short file, which is read at once.

    Args:
        path: The file.
        settings: Settings of reading by flat name, such as `separator`.

    Raises:
        DataError: Its beginning cannot be read.
        SettingError: A setting does not fit the file.
    """
    if settings.get("task") == "classify":
        return None
    table = read_head(path, _file_settings(path, settings).read_options())
    return None if table is None else _of_table(table, complete=False)


def read_whole(path: str, settings: Mapping[str, Any]) -> ImportedFile:
    """Return a file as a training reads it.

    Args:
        path: The file.
        settings: Settings of reading by flat name, such as `separator`; `task` classify reads each row as a sequence
            with its class.

    Raises:
        DataError: It cannot be read.
        SettingError: A setting does not fit the file.
    """
    if Path(path).is_file() and (settings.get("task") == "classify" or holds_sequences(path)):
        return ImportedFile(account_of(path, settings))
    return _of_table(read_file(path, "", _file_settings(path, settings).read_options()))


def cells_question(file: ImportedFile, columns: Collection[str], marks: str) -> Question | None:
    """Return the question whether cells that are no numbers are missing values; None where there are no such cells.

    Args:
        file: The file.
        columns: The columns that are used.
        marks: The marks of missing values that are set.
    """
    table = file.table
    if table is None:
        return None
    for name in columns:
        cells = table.unread.get(name, {})
        texts = list(dict.fromkeys(cells.values()))
        if not 0 < len(texts) <= _MAX_MARKS:
            continue
        shown = enumeration([repr(text[:40]) for text in texts])
        count = "a cell that is no number" if len(cells) == 1 else f"{len(cells):,} cells that are no numbers"
        sentence = f"Column {name!r} holds {count}: {shown}, first in {table.place(min(cells))}."
        return Question("missing_values", {text_of([*names_in(marks), *texts]): "treat as missing"}, sentence, name)
    return None


def training_problem(file: ImportedFile, dataset: str, settings: Mapping[str, Any]) -> RnnStudioError | None:
    """Return why a table that has been read cannot be trained on with these settings; None where it can.

    Args:
        file: The table.
        dataset: `file` or `sequences`.
        settings: Settings of the data set by flat name.
    """
    try:
        data = compose(dataset, settings).data
        if file.table is None:
            return None
        if isinstance(data, SequencesSettings):
            labelled = labelled_from_table(
                without_rows_question(file.table),
                data.sequence,
                data.target,
                names_in(data.features),
                data.group,
                data.missing,
            )
            from_labelled(labelled, data, 0, tuple(names_in(data.classes)))
        elif isinstance(data, FileSettings):
            series_from_table(file.table, data, data.task, names_in(data.classes))
    except RnnStudioError as error:
        return error
    return None


def _of_table(table: Table, complete: bool = True) -> ImportedFile:
    assert table.account is not None
    return ImportedFile(table.account, preview_of(table), table, complete)


def _file_settings(path: str, settings: Mapping[str, Any]) -> FileSettings:
    reading = {name: value for name, value in settings.items() if name != "task"}
    data = compose("file", {"file": path, **reading}).data
    assert isinstance(data, FileSettings)
    return data
