"""The question about gaps that are longer than a training fills, for those who only want to see how a file is read."""

from __future__ import annotations

from rnnstudio.core.account import Account, Question
from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.names import names_in
from rnnstudio.core.settings import DataSettings
from rnnstudio.library.datasets.arrays import ArraySettings
from rnnstudio.library.datasets.sequences import SequencesSettings, sequences_of
from rnnstudio.library.shared.series import SeriesSettings
from rnnstudio.library.shared.table_series import prepare_series
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.reading.table import Table

_MAX_TRIES = 5  # for the longest gap


def gap_question(content: Table | LabelledSequences, account: Account, settings: DataSettings) -> Question | None:
    """Return the question about gaps longer than `max_gap`, which a training refuses; None where there is none.

    Args:
        content: What was read: a table or sequences.
        account: How it was read.
        settings: The settings of the data, which name columns and say what is done about missing values.

    >>> import pandas as pd
    >>> from rnnstudio.reading.value_columns import frame_table
    >>> frame = pd.DataFrame({"load": [*range(20), *[None] * 12, 5.0, 7.0]})
    >>> settings = compose("arrays", {}).data
    >>> table = frame_table("x", frame, settings.read_options())
    >>> gap_question(table, table.account, settings).advice
    'Set max_gap to 12 (these steps are filled from the past).'
    """
    if getattr(settings, "missing", "error") not in ("past", "mask") or not _may_be_too_long(account, settings):
        return None
    first: SettingError | None = None
    needed = ""
    for _ in range(_MAX_TRIES):
        error = _refusal(content, settings.model_copy(update={"max_gap": int(needed)}) if needed else settings)
        if not isinstance(error, SettingError) or error.field != "max_gap" or not error.suggestion:
            break
        first, needed = first or error, error.suggestion
    if first is None:
        return None
    sentence = str(first).partition(" Set max_gap to ")[0]
    return Question(
        "max_gap",
        {needed: "these steps are filled from the past"},
        f"{sentence} With missing drop, they are left out.",
    )


def _may_be_too_long(account: Account, settings: DataSettings) -> bool:
    """Return whether so much is missing that a gap can be longer than is filled, which spares most files the search."""
    missing = max((column.missing for column in account.columns), default=0)
    lacking = account.time.missing_rows if account.time is not None else 0
    names_sequences = getattr(settings, "sequence", "") != ""
    return names_sequences or missing + lacking > int(getattr(settings, "max_gap", 0))


def _refusal(content: Table | LabelledSequences, settings: DataSettings) -> RnnStudioError | None:
    """Return the error that a training with these settings would give before windows are laid; None for none."""
    try:
        if isinstance(content, LabelledSequences) or getattr(settings, "sequence", "") != "":
            if not isinstance(settings, SequencesSettings):
                assert isinstance(settings, ArraySettings)
                columns = {name: getattr(settings, name) for name in ("sequence", "target", "features", "group")}
                of_gaps = {"missing": settings.missing, "max_gap": settings.max_gap}
                chosen = compose("sequences", {**columns, **of_gaps}).data
                assert isinstance(chosen, SequencesSettings)
                settings = chosen
            sequences_of(content, settings, 0)
        elif isinstance(settings, SeriesSettings):
            prepare_series(content, settings, settings.task, names_in(getattr(settings, "classes", "")))
    except RnnStudioError as error:
        return error
    return None
