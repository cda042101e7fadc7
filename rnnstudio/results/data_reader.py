"""The data of an experiment before its training: as a training loads them, but each file is read only once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnstudio.core.automatic import Choice, resolve
from rnnstudio.core.catalog import load_data
from rnnstudio.core.errors import DataError, RnnStudioError, SettingError, StoppedError
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.fetching import reporting_to
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings
from rnnstudio.engine.plan import make_plan
from rnnstudio.engine.validation import validate
from rnnstudio.library.datasets.file import FileSettings
from rnnstudio.library.datasets.sequences import SequencesSettings, read_content
from rnnstudio.library.shared.target_columns import first_target
from rnnstudio.reading.changed_files import file_state
from rnnstudio.reading.files import read_file, reads_variables
from rnnstudio.reading.formats.train_test_files import matching_file
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.reading.table import Table
from rnnstudio.results.read_content import ReadContent

_NO_SPLITS = {  # values of settings with which the data can be drawn where they are too short for the user's
    "window": 1, "stride": 1, "horizon": 1, "frame": 1, "test_fraction": 0.0, "val_fraction": 0.0,
    "max_gap": 1_000_000,
}  # fmt: skip
_MAX_KEPT = 2  # data sets: that of the training, and the whole training set from which automatic settings are chosen
Stamp = tuple[tuple[str, int, int], ...]  # path, size and time of change of files


@dataclass(frozen=True)
class DataView:
    """The data of an experiment, and why it could not be trained on them.

    Attributes:
        experiment: The experiment.
        data: The data as its training would use them, or without its windows and splits; None where they cannot be
            read.
        problem: The error that a training would raise; None where it would not.
        choices: What is chosen for the automatic settings.
        has_windows: Whether `data` have the windows and splits of the experiment.
    """

    experiment: Experiment
    data: SequenceData | None
    problem: RnnStudioError | None = None
    choices: tuple[Choice, ...] = ()
    has_windows: bool = True


def file_stamp(path: str) -> Stamp:
    """Return what changes when a file, or the other file of a pair ..._TRAIN and ..._TEST, is written again."""
    if not path:
        return ()
    files = (Path(path).expanduser(), matching_file(path))
    states = {file: file_state(file) for file in files if file is not None}
    return tuple((str(file), *state) for file, state in states.items() if state is not None)


class DataReader:
    """Loads the data of experiments, one after the other; what was read last is kept.

    Other windows, splits or columns need no reading, and other settings of model and training no work at all.

    Args:
        downloads: Whether data that are not on this computer are downloaded, rather than refused.

    >>> view = DataReader().view(compose("airline", {}))
    >>> view.data.windows, view.problem
    ({'train': 110, 'val': 0, 'test': 22}, None)
    """

    def __init__(self, *, downloads: bool = False) -> None:
        self._downloads = downloads
        self._content: tuple[object, ReadContent] | None = None
        self._data: dict[tuple[DataSettings, int, Stamp], SequenceData] = {}

    def keep(self, content: Table | LabelledSequences, stamp: Stamp, dataset: str, settings: Mapping[str, Any]) -> None:
        """Keep the content of a file that has been read elsewhere.

        Args:
            content: The table or the sequences.
            stamp: The stamp of the file before it was read.
            dataset: `file` or `sequences`.
            settings: Settings of the data set by flat name, with which it was read.
        """
        data = compose(dataset, settings).data
        if isinstance(data, FileSettings | SequencesSettings):
            self._content = _content_key(data, stamp), ReadContent(content)

    def view(self, experiment: Experiment) -> DataView:
        """Return the data of an experiment, and why it could not be trained on them."""
        settings, seed = experiment.data, experiment.seed_of_data
        try:
            resolved = resolve(experiment, self.load)
        except RnnStudioError as problem:
            return DataView(experiment, self._without_splits(problem, settings, seed), problem, has_windows=False)
        data, choices = resolved.data, resolved.choices
        try:
            validate(resolved.experiment, data)
            make_plan(resolved.experiment, data)
        except RnnStudioError as problem:
            return DataView(experiment, data, problem, choices)
        return DataView(experiment, data, None, choices)

    def load(self, settings: DataSettings, seed: int) -> SequenceData:
        """Return the data of settings, as the `load` of their data set does.

        Raises:
            RnnStudioError: They cannot be loaded.
        """
        stamp = file_stamp(str(getattr(settings, "file", "")))
        key = settings, seed, stamp
        if key not in self._data:
            if len(self._data) == _MAX_KEPT or any(known[2] != stamp for known in self._data):
                self._data.clear()  # not in memory together with the next ones
            self._data[key] = self._loaded(settings, seed, stamp)
        return self._data[key]

    def _loaded(self, settings: DataSettings, seed: int, stamp: Stamp) -> SequenceData:
        if isinstance(settings, FileSettings | SequencesSettings) and settings.file:
            key = _content_key(settings, stamp)
            if self._content is None or self._content[0] != key:
                self._content = None  # not in memory together with the next one
                self._content = key, ReadContent(_read(settings))
            return self._content[1].load(settings, seed)
        if self._downloads:
            return load_data(settings, seed)
        try:
            with reporting_to(lambda event: None, lambda: True):
                return load_data(settings, seed)
        except StoppedError:
            raise DataError("These data are not on this computer yet. Train downloads them.") from None

    def _without_splits(self, problem: RnnStudioError, settings: DataSettings, seed: int) -> SequenceData | None:
        """Return the data without windows and splits, where these or a gap are the problem; None otherwise."""
        if not isinstance(problem, SettingError) or problem.field not in _NO_SPLITS:
            return None
        simple = {name: value for name, value in _NO_SPLITS.items() if name in type(settings).model_fields}
        try:
            return self.load(settings.model_copy(update=simple), seed)
        except RnnStudioError:
            return None


def _read(settings: FileSettings | SequencesSettings) -> Table | LabelledSequences:
    if isinstance(settings, SequencesSettings):
        return read_content(settings)
    return read_file(settings.file, first_target(settings.target), settings.read_options())


def _content_key(settings: FileSettings | SequencesSettings, stamp: Stamp) -> object:
    """Return what decides the content that is read."""
    if isinstance(settings, SequencesSettings):
        return stamp, settings.file, settings.task, settings.sequence or settings.target, settings.read_options()
    variable = first_target(settings.target) if reads_variables(settings.file) else ""
    return stamp, settings.file, variable, settings.read_options()
