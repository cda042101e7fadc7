"""The user's own labelled sequences, from a file."""

from __future__ import annotations

from typing import Literal

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import SettingError
from rnnstudio.core.missing import Missing
from rnnstudio.core.names import Name, Names, names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import FilePath, Real, Scale, Whole, scale_setting, setting
from rnnstudio.library.shared.labelled import from_labelled, with_known_values
from rnnstudio.library.shared.reading_settings import FileTextSettings
from rnnstudio.library.shared.settings import frame_setting, max_gap_setting, missing_setting
from rnnstudio.library.shared.table_sequences import sequences_from_table
from rnnstudio.reading.files import ENDINGS, read_file
from rnnstudio.reading.sequence_files import holds_sequences, read_sequences
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.reading.series.sequence_rows import without_rows_question
from rnnstudio.reading.table import Table


class SequencesSettings(FileTextSettings):
    """Separate sequences with a class or value each: UCR/UEA files, .npz with x and y, or a long table."""

    dataset: Literal["sequences"] = "sequences"
    task: Literal["classify", "regress_sequence"] = setting(
        "classify", "What to predict for each sequence: a class (task classify) or a value (task regress_sequence)."
    )
    file: FilePath = setting(
        "",
        "Path of the file; for a file ..._TRAIN, the file ..._TEST in the same folder is the test set.",
        path=ENDINGS,
    )
    sequence: Names = setting(
        "",
        "Tables: column that identifies the sequence each row belongs to, or several separated by commas, such as "
        "person and trial.",
        label="Sequence column",
    )
    target: Name = setting(
        "",
        "Tables: column of classes or values; first or last where each row is a sequence.",
        label="Class or value column",
    )
    features: Names = setting(
        "",
        "Tables: columns that the network reads, separated by commas, a text column as an input of 0 and 1 for each "
        "value; all other numeric columns when empty.",
        label="Input columns",
        when_empty="all other numeric columns",
    )
    group: Name = setting(
        "",
        "Tables: column that identifies the person or device of each sequence; a group is in one split only.",
        label="Group column",
    )
    scale: Scale = scale_setting("standard")
    missing: Missing = missing_setting()
    max_gap: Whole = max_gap_setting()
    frame: Whole = frame_setting()
    classes: Names = setting(
        "",
        "Names of the classes in order, separated by commas; those in the file when empty.",
        when_empty="those in the file",
        advanced=True,
    )
    test_fraction: Real = setting(
        0.2,
        "Share of the sequences, or of the groups, for the test set, drawn by seed in each class, or over the range of "
        "values, unless the file has a test set.",
        ge=0.0,
        lt=1.0,
    )
    val_fraction: Real = setting(
        0.0,
        "Share of the sequences, or of the groups, for the validation set, which early stopping monitors.",
        label="Validation fraction",
        ge=0.0,
        lt=1.0,
        advanced=True,
        automatic=True,
    )


@dataset(SequencesSettings, "Your own labelled sequences")
def load(settings: SequencesSettings, seed: int) -> SequenceData:
    r"""Return the sequences with their classes or values.

    Raises:
        SettingError: `file` is empty, or the columns of a table are not named.
        DataError: The file cannot be read.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "Rise_TRAIN.ts")
    ...     _ = file.write_text("@classLabel true up down\n@data\n" + "1,2,3:up\n3,2,1:down\n" * 5)
    ...     data = load(SequencesSettings(file=str(file)), seed=0)
    >>> data.classes, data.inputs.shape
    (('up', 'down'), (10, 3, 1))
    """
    if not settings.file:
        raise SettingError("file must name a file such as Coffee_TRAIN.ts or data.csv; received nothing.", "file")
    return sequences_of(read_content(settings), settings, seed)


def sequences_of(content: Table | LabelledSequences, settings: SequencesSettings, seed: int) -> SequenceData:
    """Return the sequences with their classes or values, of a file that has been read.

    Raises:
        SettingError: The columns of a table are not named, or a setting does not fit.
        DataError: Values are missing, or the sequences cannot be trained on.
    """
    classes = tuple(names_in(settings.classes))
    if isinstance(content, LabelledSequences):
        return from_labelled(with_known_values(content, settings), settings, seed, classes)
    return sequences_from_table(without_rows_question(content), settings, seed, classes)


def read_content(settings: SequencesSettings) -> Table | LabelledSequences:
    """Return the content of a file: sequences, or a table with a column that names the sequence of each row.

    Raises:
        DataError: The file cannot be read.
    """
    has_values, is_row = settings.task == "regress_sequence", settings.target in ("first", "last")
    if not settings.sequence and (is_row or holds_sequences(settings.file, is_wanted=True, has_values=has_values)):
        return read_labelled(settings)
    return read_file(settings.file, settings.sequence, settings.read_options())


def read_labelled(settings: SequencesSettings) -> LabelledSequences:
    """Return the sequences of a file that holds nothing else.

    Raises:
        DataError: The file cannot be read.
    """
    has_values = settings.task == "regress_sequence"
    return read_sequences(settings.file, settings.target, settings.read_options(), has_values=has_values)
