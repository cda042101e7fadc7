"""A file before it is trained on: how it is read, and its first and last rows, or its classes with a few sequences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rnnstudio.core.account import Account
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import compose, schema
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.setting_types import TASKS_PER_SEQUENCE
from rnnstudio.core.variable_account import VariableAccount
from rnnstudio.library.datasets.file import FileSettings
from rnnstudio.library.datasets.sequences import SequencesSettings, read_labelled
from rnnstudio.library.shared.reading_settings import TextSettings
from rnnstudio.reading.files import read_file, read_head, read_variables
from rnnstudio.reading.preview import Preview, preview_of
from rnnstudio.reading.sequence_files import holds_sequences
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.reading.table import Table
from rnnstudio.results.data_reader import Stamp, file_stamp
from rnnstudio.results.inspection import account_of_sequences
from rnnstudio.results.sequence_preview import SequencePreview, sequence_preview_of
from rnnstudio.results.sequence_task import task_of_file


@dataclass(frozen=True)
class ImportedFile:
    """A file, or its beginning, as it was read.

    Attributes:
        account: How it was read.
        preview: Its first and last rows; None for labelled sequences.
        table: Its columns; None for labelled sequences.
        sequences: The classes with a few sequences; None for a table.
        labelled: The sequences; None for a table.
        complete: Whether the whole file was read.
        stamp: The stamp of the file before it was read, see `file_stamp`.
        options: How it was read.
    """

    account: Account
    preview: Preview | None = None
    table: Table | None = None
    sequences: SequencePreview | None = None
    labelled: LabelledSequences | None = None
    complete: bool = True
    stamp: Stamp = ()
    options: ReadOptions = field(default_factory=ReadOptions)


def read_beginning(path: str, settings: Mapping[str, Any]) -> ImportedFile | None:
    """Return the beginning of a long text table; None for a short file, which is read at once.

    Args:
        path: The file.
        settings: Settings of reading by flat name, such as `separator`.

    Raises:
        DataError: Its beginning cannot be read.
        SettingError: A setting does not fit the file.
    """
    if settings.get("task") in TASKS_PER_SEQUENCE:
        return None
    table = read_head(path, _file_settings(path, settings).read_options())
    return None if table is None else _of_table(table, complete=False)


def read_whole(path: str, settings: Mapping[str, Any]) -> ImportedFile:
    """Return a file as a training reads it.

    Args:
        path: The file.
        settings: Settings of reading by flat name, such as `separator`; `task` classify and regress_sequence read each
            row as a sequence with its class or value.

    Raises:
        DataError: It cannot be read.
        SettingError: A setting does not fit the file.
    """
    stamp = file_stamp(path)  # before reading: a file that changes later is read again
    if Path(path).is_file() and (settings.get("task") in TASKS_PER_SEQUENCE or holds_sequences(path)):
        known = schema("sequences", "lstm").keys()
        chosen = {name: value for name, value in settings.items() if name in known}
        chosen.setdefault("task", task_of_file(path, {}))
        data = compose("sequences", {"file": path, **chosen}).data
        assert isinstance(data, SequencesSettings)
        labelled = read_labelled(data)
        if data.task == "regress_sequence":
            labelled = replace(labelled, has_values=True)
        preview = sequence_preview_of(labelled)
        return ImportedFile(account_of_sequences(labelled), sequences=preview, labelled=labelled, stamp=stamp)
    options = _file_settings(path, settings).read_options()
    return replace(_of_table(read_file(path, "", options)), stamp=stamp, options=options)


def with_names(
    file: ImportedFile, dataset: str, settings: Mapping[str, Any], before: ImportedFile | None = None
) -> ImportedFile:
    """Return a file in which the columns that these settings use as names are read as names, as in a training.

    It is read again where they were read as numbers or times, of which two different texts can be one, unless it was
    read so before.

    Args:
        file: The file.
        dataset: `file` or `sequences`.
        settings: Settings of the data set by flat name.
        before: What this function returned for it before.

    Raises:
        DataError: The file cannot be read any more.
        SettingError: A setting does not fit.
    """
    if file.table is None:
        return file
    data = compose(dataset, settings).data
    assert isinstance(data, TextSettings)
    options = data.read_options()
    kinds = {column.name: column.kind for column in file.account.columns}
    if all(name in file.options.names or kinds.get(name, "text") == "text" for name in options.names):
        return file
    path = str(settings["file"])
    stamp = file_stamp(path)
    if before is not None and (before.options, before.stamp) == (options, stamp):
        return before
    return replace(file, table=read_file(path, "", options), stamp=stamp, options=options)


def variables_in(path: str) -> tuple[VariableAccount, ...]:
    """Return the arrays that can be read, of a file of arrays that cannot be read as it is; empty for other files."""
    try:
        variables = read_variables(path)
    except RnnStudioError:
        return ()
    return variables.series_accounts() if variables else ()


def _of_table(table: Table, complete: bool = True) -> ImportedFile:
    assert table.account is not None
    return ImportedFile(table.account, preview_of(table), table, complete=complete)


def _file_settings(path: str, settings: Mapping[str, Any]) -> FileSettings:
    reading = {name: value for name, value in settings.items() if name != "task"}
    data = compose("file", {"file": path, **reading}).data
    assert isinstance(data, FileSettings)
    return data
