"""The content of a file that has been read, from which data are made as often as settings change."""

from __future__ import annotations

from rnnstudio.core.names import names_in
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings
from rnnstudio.library.datasets.file import FileSettings
from rnnstudio.library.datasets.sequences import SequencesSettings, sequences_of
from rnnstudio.library.shared.prepared_series import PreparedSeries
from rnnstudio.library.shared.settings import check_frame
from rnnstudio.library.shared.table_series import prepare_series, with_windows
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.reading.table import Table

_WINDOWS_ONLY = {  # settings of windows, splits and scaling
    "window", "stride", "horizon", "frame", "test_fraction", "val_fraction", "test_context",
    "split_by", "period", "scale", "scale_each", "fit_scaler_on",
}  # fmt: skip


class ReadContent:
    """The content of a file; series are prepared once for all windows and splits.

    Args:
        content: The table, or the sequences.
    """

    def __init__(self, content: Table | LabelledSequences) -> None:
        self._content = content
        self._prepared: tuple[object, PreparedSeries] | None = None

    def load(self, settings: DataSettings, seed: int) -> SequenceData:
        """Return the data of settings, as the `load` of the data set `file` or `sequences` does.

        Raises:
            RnnStudioError: They cannot be trained on.
        """
        if isinstance(settings, SequencesSettings):
            return sequences_of(self._content, settings, seed)
        assert isinstance(settings, FileSettings)
        assert isinstance(self._content, Table)
        check_frame(settings.frame, settings.task)
        chosen, kept = settings.model_dump(exclude=_WINDOWS_ONLY), self._prepared
        if kept is None or kept[0] != chosen or kept[1].depends_on_windows:
            self._prepared = None  # not in memory together with the next one
            series = prepare_series(self._content, settings, settings.task, names_in(settings.classes))
            kept = self._prepared = chosen, series
        return with_windows(kept[1], settings)
