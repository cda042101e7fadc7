"""Separate sequences before training: how many of each class or value, how long they are, and a few of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from rnnstudio.core.gaps import EMPTY
from rnnstudio.core.missing import count_of
from rnnstudio.core.sequence import SequenceData
from rnnstudio.gui.charts.chart import Chart
from rnnstudio.gui.charts.feature_groups import FeatureGroup, feature_groups, is_image
from rnnstudio.gui.charts.legend import Entry
from rnnstudio.gui.charts.numbers import label_with_unit, number
from rnnstudio.gui.charts.signals import line_pen
from rnnstudio.gui.data_page.class_bars import BARS_HEIGHT, ClassBars, split_brush
from rnnstudio.gui.data_page.example_grid import Example, ExampleGrid, ExampleInfo
from rnnstudio.gui.data_page.quantity_axes import GAP_SYMBOLS
from rnnstudio.gui.data_page.value_histogram import ValueHistogram
from rnnstudio.gui.plain_text import PlainLabel
from rnnstudio.gui.theme import LIGHT, ORANGE, PURPLE, Theme
from rnnstudio.results.data_summary import SPLIT_NAMES, SPLITS, class_counts, sequence_lengths, value_counts

if TYPE_CHECKING:
    import pandas as pd

_MAX_BINS = 20
_MEASURED = 8  # sequences of each class that decide which features share a small plot
_WIDTHS = (260, 560)
_HIDDEN, _UNLIMITED = 0.0, 1e6


class SequencesChart(Chart):
    """Counts of classes or values and lengths on the left, examples on the right.

    Attributes:
        bars: The class counts.
        values: The counts of values, in place of the former.
        grid: The examples.
        controls: The row with `chosen_class`, which the panel shows.
        chosen_class: Chooses the class of the examples.
    """

    name = "data"
    title = "Data before training"
    columns = 2
    empty_message = "Reading …"

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._data: SequenceData | None = None
        self._noun = "sample"
        self._groups: tuple[FeatureGroup, ...] = ()
        self.bars, self.grid = ClassBars(), ExampleGrid()
        self.canvas.addItem(self.bars, 1, 0)
        self.values = ValueHistogram(self.add_axes(2, 0, left="sequences"))
        self._histogram_axes = self.add_axes(3, 0, bottom="length", left="sequences", whole_numbers=True)
        self._histogram_axes.setMouseEnabled(x=False, y=False)
        self._histogram = pg.BarGraphItem(x0=[], x1=[], height=[])
        self._histogram_axes.addItem(self._histogram, ignoreBounds=True)
        self.canvas.addItem(self.grid, 1, 1, 3, 1)
        self.canvas.ci.layout.setHorizontalSpacing(14)
        self.share_width(_WIDTHS)
        self.chosen_class = QComboBox()
        self.chosen_class.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chosen_class.setAccessibleName("Class of the sequences that are drawn")
        self.chosen_class.currentIndexChanged.connect(lambda _: self._show_examples())
        self.controls = QWidget()
        row = QHBoxLayout(self.controls)
        row.setContentsMargins(16, 0, 0, 0)
        label = PlainLabel("Draw sequences of")
        label.setBuddy(self.chosen_class)
        row.addWidget(label)
        row.addWidget(self.chosen_class)
        self.grid.geometryChanged.connect(self._show_examples)
        self.set_theme(theme)

    @property
    def _has_values(self) -> bool:
        """Whether each sequence has one value."""
        return self._data is not None and self._data.target_per_sequence and not self._data.classes

    def show_sequences(self, data: SequenceData, noun: str) -> None:
        """Draw separate sequences.

        Args:
            data: The sequences, one window each.
            noun: What a sample is, such as "row".
        """
        self._data, self._noun = data, noun
        lengths = sequence_lengths(data)
        self._show_classes(data)
        self._show_lengths(lengths)
        self._groups = _groups(data)
        with_left = data.target_per_sequence or bool(data.classes) or lengths.min() < lengths.max()
        for item in (self.bars, self._histogram_axes, self.values.axes):
            item.setMaximumWidth(_UNLIMITED if with_left else _HIDDEN)
        self.share_width((_WIDTHS[0] if with_left else 0, _WIDTHS[1]))
        self.show_message("")
        self._show_examples()
        self._show_legend()

    def clear(self, message: str) -> None:
        """Draw nothing, and say why."""
        self._data = None
        self.grid.show_examples(())
        self.legend.show_entries([])
        self.show_message(message)

    def _show_classes(self, data: SequenceData) -> None:
        has_values = self._has_values
        self.bars.show_counts(data.classes, class_counts(data) if data.classes else {})
        self.bars.setVisible(not has_values)
        self.bars.setMinimumHeight(0 if has_values else BARS_HEIGHT)
        self.values.axes.setVisible(has_values)
        if has_values:
            self.values.show_values(*value_counts(data), label_with_unit(data.target_names[0], data.unit))
        names = ["all classes", *data.classes] if data.classes else []
        self.controls.setVisible(bool(names))
        if [self.chosen_class.itemText(i) for i in range(self.chosen_class.count())] != names:
            self.chosen_class.blockSignals(True)
            self.chosen_class.clear()
            self.chosen_class.addItems(names)
            self.chosen_class.blockSignals(False)

    def _show_lengths(self, lengths: NDArray[np.int64]) -> None:
        unequal = bool(lengths.min() < lengths.max())
        self._histogram_axes.setVisible(unequal)
        layout = self.canvas.ci.layout
        for row, share in ((1, 3 if not self._has_values else 0), (2, 3 if self._has_values else 0), (3, 2 * unequal)):
            layout.setRowMaximumHeight(row, _UNLIMITED if share else _HIDDEN)
            layout.setRowStretchFactor(row, share)
        if unequal:
            count, edges = length_histogram(lengths)
            self._histogram.setOpts(x0=edges[:-1], x1=edges[1:], height=count)
            view = self._histogram_axes.vb
            view.setRange(xRange=(float(edges[0]), float(edges[-1])), yRange=(0, float(count.max()) * 1.08), padding=0)
            self._histogram_axes.getAxis("bottom").set_label(f"length in {self._noun}s")

    def _show_examples(self) -> None:
        data = self._data
        if data is None:
            return
        self.grid.info = replace(self.grid.info, groups=self._groups)  # they decide how many fit
        capacity, chosen = self.grid.capacity, self.chosen_class.currentIndex() - 1
        classes: list[int | None] = [chosen] if chosen >= 0 else [*range(len(data.classes))] or [None]
        each = max(1, capacity // len(classes))
        examples = [example for label in classes for example in _examples(data, label, each)]
        self.grid.info = _info(data, self._groups, examples)
        self.grid.show_examples(examples[:capacity])

    def _show_legend(self) -> None:
        data = self._data
        if data is None:
            return
        border = pg.mkPen(self.theme.faint)
        entries = [
            Entry(
                f"{SPLIT_NAMES[split].capitalize()}: {len(getattr(data, split)):,}",
                border,
                "s",
                split_brush(self.theme, split).color().name(),
                line=False,
            )
            for split in SPLITS
            if len(getattr(data, split))
        ]
        labels = max((group.labels for group in self._groups), key=len, default=())
        if len(labels) > 1:
            entries += [Entry(label, line_pen(self.theme, i)) for i, label in enumerate(labels)]
        if data.gaps is not None and self._groups:
            text = f"Values filled in {count_of(int(data.gaps.any(axis=1).sum()), 'sequence')}"
            entries.append(Entry(text, pg.mkPen(PURPLE), GAP_SYMBOLS[EMPTY], PURPLE, line=False))
        if data.frame > 1:
            text = f"One step: {count_of(data.frame, self._noun)}"
            entries.append(Entry(text, pg.mkPen(ORANGE), "s", ORANGE, line=False))
        self.legend.show_entries(entries)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        super().set_theme(theme)
        self.bars.theme = self.grid.theme = theme
        self._histogram.setOpts(brush=theme.faint, pen=pg.mkPen(theme.background))
        self.values.set_theme(theme)
        self.bars.update()
        self.grid.update()
        self._show_legend()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per sequence: its class or value, its split and its length."""
        import pandas as pd

        data = self._data
        if data is None:
            return pd.DataFrame(columns=["sequence", "split", "length"])
        lengths = sequence_lengths(data)
        split = np.full(len(lengths), "", dtype=object)
        for name in SPLITS:
            split[getattr(data, name)] = SPLIT_NAMES[name]
        table = pd.DataFrame({"sequence": np.arange(1, len(lengths) + 1), "split": split, "length": lengths})
        if data.classes:
            table.insert(1, "class", np.array(data.classes)[data.targets])
        elif data.target_per_sequence:
            table.insert(1, "value", data.targets[:, 0])
        return table


def length_histogram(lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the number of sequences in each of at most 20 bins of equal whole width, and the ends of the bins.

    >>> length_histogram(np.array([2, 3, 3, 5]))
    (array([1, 2, 0, 1]), array([1.5, 2.5, 3.5, 4.5, 5.5]))
    """
    shortest, longest = int(lengths.min()), int(lengths.max())
    width = -(-(longest - shortest + 1) // _MAX_BINS)
    bins = -(-(longest - shortest + 1) // width)
    edges = (shortest - 0.5 + width * np.arange(bins + 1)).astype(np.float64)
    return np.histogram(lengths, edges)[0].astype(np.int64), edges


def _examples(data: SequenceData, label: int | None, count: int) -> list[Example]:
    """Return the first sequences of a class, or of all where there are no classes; those of the training set first.

    Sequences with values are spread over the range of these.
    """
    order = np.concatenate([getattr(data, split) for split in SPLITS])
    has_values = data.target_per_sequence and not data.classes
    if has_values and len(order) > count:
        by_value = order[np.argsort(data.targets[order, 0], kind="stable")]
        order = by_value[np.linspace(0, len(order) - 1, count).round().astype(int)]
    chosen = order if label is None else order[data.targets[order] == label]
    lengths, examples = sequence_lengths(data), []
    for i in chosen[:count].tolist():
        split = next(name for name in SPLITS if i in getattr(data, name))
        signals: NDArray[Any] = data.inputs[i, : lengths[i]]
        if label is None and not has_values:
            targets = data.targets[i, : lengths[i]].reshape(lengths[i], -1)
            signals = np.concatenate([signals, targets], axis=1)
        title, remark = f"sequence {i + 1:,}", SPLIT_NAMES[split]
        if label is not None or has_values:
            title = number(float(data.targets[i, 0])) if label is None else data.classes[label]
            remark = f"no. {i + 1:,}, {SPLIT_NAMES[split]}"
        marks = np.empty(0) if data.gaps is None else data.gaps[i, : lengths[i]]
        examples.append(Example(title, remark, signals, np.flatnonzero(marks)))
    return examples


def _groups(data: SequenceData) -> tuple[FeatureGroup, ...]:
    """Return which values share a small plot; none where there are so many that a sequence is drawn as an image."""
    units = data.feature_units or ("",) * len(data.features)
    names = [f"{name} ({unit})" if unit else name for name, unit in zip(data.features, units, strict=True)]
    names += () if data.target_per_sequence or data.classes else data.target_names
    if is_image(len(names)):
        return ()
    labels: list[int | None] = [*range(len(data.classes))] or [None]
    values = np.concatenate([e.signals for label in labels for e in _examples(data, label, _MEASURED)])
    known = values[np.isfinite(values).all(axis=1)]
    ranges = np.stack([known.min(axis=0), known.max(axis=0)], axis=1) if len(known) else None
    return tuple(feature_groups(names, ranges))


def _info(data: SequenceData, groups: tuple[FeatureGroup, ...], examples: Sequence[Example]) -> ExampleInfo:
    """Return what the examples have in common; their vertical axes have room for all of them."""
    columns = [list(group.features) for group in groups] or [list(range(data.inputs.shape[-1]))]
    ranges = tuple(_range(np.concatenate([example.signals[:, c].ravel() for example in examples])) for c in columns)
    return ExampleInfo(groups, ranges, data.inputs.shape[1], data.rate, data.frame)


def _range(values: NDArray[Any]) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)
