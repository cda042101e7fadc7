"""What data hold, in words and numbers, before a training: sizes, dates, splits, windows, classes and lengths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.known_targets import windows_have_targets, with_targets
from rnnstudio.core.missing import count_of
from rnnstudio.core.period_text import period_text
from rnnstudio.core.row_windows import windows_read
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.times import Resolution, resolution_of, time_text
from rnnstudio.core.wording import listed, split_label
from rnnstudio.reading.times.clock import frequency_in_words
from rnnstudio.results.data_reader import DataView

SPLIT_NAMES = {"train": "training", "val": "validation", "test": "test"}
SPLITS = tuple(SPLIT_NAMES)
_MAX_NAMES = 4
_MAX_BINS = 20


@dataclass(frozen=True)
class SplitSpan:
    """The samples of one series that a split holds, as far as its windows cover or predict them.

    Attributes:
        split: train, val or test.
        begin: Position of the first sample.
        end: Position after the last one.
    """

    split: str
    begin: int
    end: int


@dataclass(frozen=True)
class WindowSpan:
    """One window of one series.

    Attributes:
        index: Number of the window in the order of time, from 0.
        split: train, val or test.
        begin: Position of its first sample.
        end: Position after its last one.
        target_begin: Position of its first target.
        target_end: Position after its last one.
    """

    index: int
    split: str
    begin: int
    end: int
    target_begin: int
    target_end: int


def split_spans(data: SequenceData) -> list[SplitSpan]:
    """Return the samples of one series that each split covers; a split without windows is left out.

    >>> from rnnstudio.core.windows import forecast_windows
    >>> series = np.zeros((20, 1), np.float32)
    >>> split_spans(forecast_windows(series, window=3, horizon=2, test_fraction=0.3))
    [SplitSpan(split='train', begin=0, end=14), SplitSpan(split='test', begin=14, end=20)]
    """
    spans = []
    for split in SPLITS:
        windows = getattr(data, split)
        if len(windows):
            starts = data.starts[windows]
            first, last = int(starts.min()), int(starts.max())
            end = last + data.total_samples
            if split != "train" and data.test_context == "reach_back":  # the inputs of its first windows lie before it
                end = last + data.target_offset + data.target_steps
                first += data.target_offset + data.target_steps - data.counted_targets(windows)
            spans.append(SplitSpan(split, first, end))
    return spans


class SeriesWindows:
    """The windows of one series in the order of time.

    Args:
        data: One series.
        bidirectional: Whether the network reads windows in both directions.

    Attributes:
        last_of_training: Index of the last training window with a known target, or of the last window if there is none.
    """

    def __init__(self, data: SequenceData, *, bidirectional: bool = False) -> None:
        self._data, self._bidirectional = data, bidirectional
        self._order = np.argsort(data.starts, kind="stable")
        self._sorted = data.starts[self._order]
        self._counts = _count(data) if data.missing_targets else None
        train = data.starts[with_targets(data, data.train)]
        self.last_of_training = self.nearest(float(train.max())) if len(train) else len(self) - 1
        self._resolution: Resolution = "day" if data.times is None else resolution_of(data.times, data.frequency)

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, index: int) -> WindowSpan:
        data, window = self._data, int(self._order[index])
        begin = int(data.starts[window])
        split = next(split for split in SPLITS if _contains(getattr(data, split), window))
        windows = self._order[index : index + 1].astype(np.int32)
        targets = data.target_positions(windows)
        if data.return_sequences and data.counted_targets(windows) < data.target_steps:
            begin = int(windows_read(data, windows, bidirectional=self._bidirectional)[0][0])
        end = begin + data.window_samples
        return WindowSpan(index, split, begin, end, int(targets[0, 0]), int(targets[0, -1]) + 1)

    def nearest(self, position: float) -> int:
        """Return the index of the window that begins nearest to a position."""
        after = int(np.searchsorted(self._sorted, position))
        candidates = [i for i in (after - 1, after) if 0 <= i < len(self)]
        return min(candidates, key=lambda i: abs(float(self._sorted[i]) - position))

    def text(self, window: WindowSpan, noun: str) -> str:
        """Return what one of the windows reads and predicts.

        Args:
            window: The window.
            noun: What a sample is, such as "row".
        """
        data = self._data
        is_unknown = self._counts is not None and not self._counts[self._order[window.index]]
        unknown = ", which is missing in the data; this window does not count" if is_unknown else ""
        steps = f" ({count_of(data.window, 'step')} of {data.frame:,})" if data.frame > 1 else ""
        return (
            f"{split_label(window.split).capitalize()}: the network reads {count_of(window.end - window.begin, noun)}"
            f"{steps}, {self._range(window.begin, window.end)}, and predicts "
            f"{count_of(window.target_end - window.target_begin, noun)}, "
            f"{self._range(window.target_begin, window.target_end)}{unknown}."
        )

    def _range(self, begin: int, end: int) -> str:
        """Return the first and the last sample of a range, as dates where they are known, else as positions."""
        first, last = self._position(begin), self._position(end - 1)
        return first if end - begin == 1 else f"{first} to {last}"

    def _position(self, position: int) -> str:
        times = self._data.times
        date = "" if times is None else time_text(times[0, position], self._resolution)
        return date or f"{position:,}"


def used_windows(data: SequenceData) -> dict[str, int]:
    """Return the number of windows, or sequences, of each split that have a known target and therefore count."""
    return {split: len(with_targets(data, getattr(data, split))) for split in SPLITS}


def class_counts(data: SequenceData) -> dict[str, NDArray[np.int64]]:
    """Return the number of sequences of each class in each split, `(C,)`, for task classify."""
    return {split: np.bincount(data.targets[getattr(data, split)], minlength=len(data.classes)) for split in SPLITS}


def value_counts(data: SequenceData) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.float64]]:
    """Return the number of sequences of each split in bins of their value, and the ends of the bins.

    Args:
        data: Sequences with one value each (task regress_sequence); the first target is counted.

    >>> from rnnstudio.core.windows import whole_sequences
    >>> x = np.zeros((4, 2, 1), np.float32)
    >>> values = np.array([[0.0], [1.0], [1.0], [2.0]])
    >>> data = SequenceData("regress_sequence", x, values, train=np.arange(4, dtype=np.int32), **whole_sequences(x))
    >>> counts, edges = value_counts(data)
    >>> counts["train"].sum(), edges[[0, -1]]
    (np.int64(4), array([0., 2.]))
    """
    values = data.targets[:, 0].astype(np.float64)
    low, high = float(values.min()), float(values.max())
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
    edges = np.linspace(low, high, min(_MAX_BINS, max(2, round(float(np.sqrt(len(values)))))) + 1)
    return {split: np.histogram(values[getattr(data, split)], edges)[0].astype(np.int64) for split in SPLITS}, edges


def sequence_lengths(data: SequenceData) -> NDArray[np.int64]:
    """Return the number of samples of each sequence or series, `(N,)`."""
    count, steps = data.inputs.shape[:2]
    return np.full(count, steps) if data.lengths is None else data.lengths.astype(np.int64)


def source_name(view: DataView) -> str:
    """Return the name of the file, or the title of the data set."""
    file = str(getattr(view.experiment.data, "file", ""))
    return Path(file).name if file else DATASETS.get(view.experiment.data.dataset).title


def sample_name(view: DataView) -> str:
    """Return what one sample is: a row of a table, or the data set's own word, such as "month"."""
    data = view.data
    if data is None or (data.step_name == "step" and view.experiment.data.dataset == "file"):
        return "row"
    return "sample" if data.step_name == "step" and data.frame > 1 else data.step_name


def summary(view: DataView) -> str:
    """Return in words what was read, and how many windows or sequences training, validation and test set have.

    >>> from rnnstudio.core.experiment import compose
    >>> from rnnstudio.results.data_reader import DataReader
    >>> print(summary(DataReader().view(compose("airline", {}))))
    Airline passengers: 144 months, every month from Jan 1949 to Dec 1960. Predicted: passengers. Input: passengers.
    Season: a year (12 months). Windows: 110 training, 0 validation, 22 test.
    """
    data = view.data
    if data is None:
        return source_name(view)
    parts = [f"{source_name(view)}: {_size(view, data)}{_dates(data)}.", _columns(data)]
    text = " ".join(parts)
    return f"{text}\n{_season(view, data)}{_splits(data)}" if view.has_windows else text


def _size(view: DataView, data: SequenceData) -> str:
    lengths, noun = sequence_lengths(data), sample_name(view)
    shortest, longest = int(lengths.min()), int(lengths.max())
    if data.one_series:
        return count_of(longest, noun)
    each = f"{count_of(longest, noun)} each"
    if shortest < longest:
        each = f"{shortest:,} to {longest:,} {noun}s each (median {float(np.median(lengths)):,g})"
    kind = "series" if data.series else "sequence" if len(lengths) == 1 else "sequences"
    classes = f" in {len(data.classes):,} classes" if data.target_per_sequence and data.classes else ""
    return f"{len(lengths):,} {kind}{classes}, {each}"


def _dates(data: SequenceData) -> str:
    if data.times is None:
        return ""
    known = data.times[~np.isnat(data.times)]
    if not len(known):
        return ""
    resolution = resolution_of(data.times, data.frequency)
    first, last = time_text(known.min(), resolution), time_text(known.max(), resolution)
    every = frequency_in_words(data.frequency)
    zone = data.account.time.zone if data.account is not None and data.account.time is not None else ""
    return f", {f'every {every} ' if every else ''}from {first} to {last}{f', {zone}' if zone else ''}"


def _columns(data: SequenceData) -> str:
    own = "its own past" if len(data.features) == 1 else "their own past"
    features = [own if data.columns_as_series and name in data.target_names else name for name in data.features]
    noun = "Input" if len(features) == 1 else "Inputs"
    return f"Predicted: {listed(data.predicted_names, _MAX_NAMES)}. {noun}: {listed(features, _MAX_NAMES)}."


def _season(view: DataView, data: SequenceData) -> str:
    """Return the season that the training set shows, or that the user has set; empty where there is none."""
    if not data.period:
        return ""
    counted = count_of(data.period, sample_name(view))
    length = period_text(data.period, data.frequency, data.step_name)
    return f"Season: {counted}. " if length[0].isdigit() else f"Season: {length} ({counted}). "


def _splits(data: SequenceData) -> str:
    used, noun = used_windows(data), "Windows" if data.is_windowed else "Sequences"
    text = f"{noun}: {used['train']:,} training, {used['val']:,} validation, {used['test']:,} test."
    unused = {split: count - used[split] for split, count in data.windows.items()}
    if any(unused.values()):
        text += f" {sum(unused.values()):,} more have no known value to predict and do not count."
    return text


def _count(data: SequenceData) -> NDArray[np.bool_]:
    """Return whether each window has a known target that counts, `(W,)`."""
    count = np.zeros(len(data.starts), bool)
    for split in SPLITS:
        windows = getattr(data, split)
        count[windows] = windows_have_targets(data, windows).any(axis=-1)
    return count


def _contains(sorted_windows: NDArray[np.int32], window: int) -> bool:
    i = int(np.searchsorted(sorted_windows, window))
    return i < len(sorted_windows) and int(sorted_windows[i]) == window
