"""Looks at the held-out parts: figures, and what pictures of prediction and truth are drawn from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.metrics import ClassificationMetrics, RegressionMetrics, batches_of, without_padding
from rnnstudio.core.predictions import (
    ClassPredictions,
    LabelPredictions,
    Predictions,
    SequencePredictions,
    SeriesPredictions,
)
from rnnstudio.core.scaling import Scaler, Scalers
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps
from rnnstudio.engine.predict import Predictor

_MOST_LOOKED_AT = 50_000  # windows of a part judged while training goes on, evenly spread; at the end all are
_MOST_WINDOWS = 4096  # drawn one-step predictions; more would not be seen
_MOST_CARRIED = 100_000  # steps through which a state is stateful for a picture
_MOST_ROWS = 5  # sequences drawn, as in the echo's source
_MOST_SHOWN, _MOST_NUMBERS = 256, 1 << 20  # sequences that go along with a picture of classes, and their numbers in all
FREE_STEPS = 20  # steps fed back where there is no test part to compare with


class Evaluator:
    """Judges a network on one data set.

    Args:
        data: In their own units.
        scalers: From there to the network's units and back.
        predictor: Asks the network.
        stateful: Whether the state runs on from window to window.
    """

    def __init__(self, data: SequenceData, scalers: Scalers, predictor: Predictor, *, stateful: bool) -> None:
        self.data, self.scalers, self.predictor, self.stateful = data, scalers, predictor, stateful
        self._logits: NDArray[np.float32] | None = None  # of the windows below, at this look
        self._windows = self._pictured()

    def _pictured(self) -> Ints:
        """Return the windows that a picture of classes shows: the test part's, else those nearest to it."""
        data = self.data
        return _spread(next((p for p in (data.test, data.val) if len(p)), data.train[:_MOST_WINDOWS]))

    def figures(self, *, final: bool = False) -> dict[str, float]:
        """Return loss, accuracy and macro F1, or loss, rmse and mae, of the validation and test parts there are.

        Args:
            final: Judge every window, however many there are.
        """
        self._logits = None  # the weights may be others now
        found: dict[str, float] = {}
        for name, part in (("val", self.data.val), ("test", self.data.test)):
            if len(part):
                judged = self._stateful_set(part) if self.stateful else self._part(part if final else _spread(part))
                found |= {f"{name}_{key}": value for key, value in judged.items()}
        return found

    def _part(self, part: Ints) -> dict[str, float]:
        data, tally = self.data, _Tally(self.data, self.scalers)
        keep = data.target_per_sequence and np.array_equal(part, self._windows)
        logits = []
        for some in batches_of(data, part):
            outputs = self._outputs(some)
            tally.add(*without_padding(data, some, *_paired(outputs, data.window_targets(some), data)))
            if keep:
                logits.append(outputs)
        if keep:
            self._logits = np.concatenate(logits)
        return tally.result()

    def _stateful_set(self, part: Ints) -> dict[str, float]:
        """Judge a part with the state carried through it as a whole, begun with zeros, as in training."""
        data, tally = self.data, _Tally(self.data, self.scalers)
        begin, end = int(data.starts[part[0]]), int(data.starts[part[-1]]) + data.window
        outputs = self.predictor.run(self._scaled(flat_steps(data.inputs)[None, begin:end]))[0]
        truth = flat_steps(data.targets)[None, begin + data.target_offset : end + data.target_offset]
        tally.add(*_paired(outputs, truth, data))
        return tally.result()

    def _outputs(self, windows: Ints) -> NDArray[np.float32]:
        samples = self.data.window_inputs(windows)
        scaled = self._scaled(samples.reshape(len(samples), self.data.span, -1)).reshape(samples.shape)
        return self.predictor.outputs(scaled, self.data.window_lengths(windows))

    def _scaled(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.scalers.inputs.apply(samples)

    def predictions(self) -> Predictions | None:
        """Return what a picture of the held-out predictions is drawn from; None where the task has none."""
        if self.data.target_per_sequence:
            return self._classes()
        if self.data.classes:
            return None
        return self._series() if self.data.one_series else self._sequences()

    def _classes(self) -> ClassPredictions:
        """Return all answers of the part that is pictured, and some of its sequences."""
        data, windows = self.data, self._windows
        logits = self._outputs(windows) if self._logits is None else self._logits
        self._logits = None
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        truth, predicted = data.window_targets(windows), logits.argmax(axis=1).astype(np.int32)
        shown = _some_of_each(truth * len(data.classes) + predicted, data.span * data.inputs.shape[-1])
        inputs = data.window_inputs(windows[shown]).reshape(len(shown), data.span, -1)
        lengths = np.full(len(data.inputs), data.span) if data.lengths is None else data.lengths
        return ClassPredictions(
            truth=truth.astype(np.int32),
            predicted=predicted,
            probabilities=(raised / raised.sum(axis=1, keepdims=True)).astype(np.float32),
            shown=shown,
            inputs=inputs,
            lengths=lengths[data.starts[windows[shown]] // data.inputs.shape[1]].astype(np.int32),
        )

    def _sequences(self) -> SequencePredictions:
        data, invert = self.data, self.scalers.targets.invert
        part = (data.test if len(data.test) else data.train)[:_MOST_ROWS]
        outputs, truth = self._outputs(part), data.window_targets(part)
        arrays = {
            "inputs": data.window_inputs(part)[..., 0],
            "truth": truth[..., 0],
            "predicted": invert(outputs.reshape(truth.shape))[..., 0],
        }
        lengths = data.window_lengths(part)
        if lengths is not None:
            padding = np.arange(data.window) >= lengths[:, None]
            arrays = {name: np.where(padding, np.float32(np.nan), values) for name, values in arrays.items()}
        return SequencePredictions(**arrays)

    def _series(self) -> SeriesPredictions:
        data, invert = self.data, self.scalers.targets.invert
        series = flat_steps(data.targets)
        first, last, at, one_step = self._stateful_steps() if self.stateful else self._stateless_steps()
        val_begin, test_begin = self._bounds()
        naive = free_at = free = multi_step_at = multi_step = None
        if data.autoregressive:
            naive = series[at - 1, 0]
            free_at, free = self.free_from(val_begin)
            if data.task == "forecast" and data.target_steps > 1:
                multi_step_at, multi_step = self.free_from(val_begin, data.target_steps)
        return SeriesPredictions(
            first=first,
            truth=series[first:last, 0].copy(),
            val_begin=val_begin,
            test_begin=test_begin,
            one_step_at=at,
            one_step=invert(one_step)[:, 0],
            naive=naive,
            free_at=free_at,
            free=free,
            multi_step_at=multi_step_at,
            multi_step=multi_step,
        )

    def _stateless_steps(self) -> tuple[int, int, NDArray[np.int64], NDArray[np.float32]]:
        """Return the reach of steps looked at, and positions and values of each window's one-step prediction.

        Of very many windows those around the beginning of the held-out part.
        """
        data = self.data
        count = len(data.train) + len(data.val) + len(data.test)
        begin = max(0, min(len(data.train) - _MOST_WINDOWS // 4, count - _MOST_WINDOWS))
        parts = (data.train[begin:], data.val, data.test)
        windows = np.concatenate([part[:_MOST_WINDOWS] for part in parts])[:_MOST_WINDOWS]
        positions = data.target_positions(windows)
        outputs = self._outputs(windows).reshape(*positions.shape, data.targets.shape[-1])
        end = data.inputs.shape[1] if windows[-1] == len(data.starts) - 1 else int(positions.max()) + 1
        last = -1 if data.return_sequences else 0  # the answer that stands on the whole window, one step ahead
        return int(data.starts[windows[0]]), end, positions[:, last], outputs[:, last]

    def _stateful_steps(self) -> tuple[int, int, NDArray[np.int64], NDArray[np.float32]]:
        """Return the same with an answer at every step, the state running on through the series."""
        data = self.data
        inputs = flat_steps(data.inputs)
        count = len(inputs) - data.target_offset
        first, begin = max(0, count - _MOST_WINDOWS), max(0, count - _MOST_CARRIED)
        outputs = self.predictor.run(self._scaled(inputs[None, begin:count]))[0][0]
        return first, len(inputs), np.arange(first, count) + data.target_offset, outputs[first - begin :]

    def free_from(self, begin: int, steps: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return positions and values, in the data's units, of a free run whose first told step is `begin`."""
        data = self.data
        series = flat_steps(data.inputs)
        begin = max(begin, data.span)
        count = steps or min(max(FREE_STEPS, len(series) - begin), 1000)
        context = series[max(0, begin - (_MOST_CARRIED if self.stateful else data.span)) : begin]
        told = self.predictor.free_run(self._scaled(context), count, window=data.window, stateful=self.stateful)
        return begin + np.arange(count), self.scalers.targets.invert(told)[:, 0]

    def _bounds(self) -> tuple[int, int]:
        """Return the first steps of the validation and of the test part; the series' length where there is none."""
        data, length = self.data, self.data.inputs.shape[1]
        test = int(data.starts[data.test[0]]) if len(data.test) else length
        return (int(data.starts[data.val[0]]) if len(data.val) else test), test


class _Tally:
    """The figures of a part: of classes, or of values in both units."""

    def __init__(self, data: SequenceData, scalers: Scalers) -> None:
        self._classes = ClassificationMetrics(len(data.classes)) if data.classes else None
        self._scaled, self._errors, self._scaler = RegressionMetrics(), RegressionMetrics(), scalers.targets

    def add(self, outputs: NDArray[np.float32], truth: NDArray[Any]) -> None:
        if self._classes is not None:
            self._classes.add(outputs, truth)
            return
        self._scaled.add(outputs, self._scaler.apply(truth))
        self._errors.add(self._scaler.invert(outputs), truth)

    def result(self) -> dict[str, float]:
        if self._classes is not None:
            return self._classes.result()
        return {"loss": self._scaled.mean_square, **self._errors.result()}


def _paired(outputs: NDArray[np.float32], truth: NDArray[Any], data: SequenceData) -> list[NDArray[Any]]:
    return [outputs if data.classes else outputs.reshape(truth.shape), truth]


def _spread(part: Ints) -> Ints:
    """Return at most so many windows of a part that looking at them does not hold the training up."""
    if len(part) <= _MOST_LOOKED_AT:
        return part
    return part[np.linspace(0, len(part) - 1, _MOST_LOOKED_AT).astype(np.int64)]


def _some_of_each(kinds: NDArray[np.int32], numbers: int) -> Ints:
    """Return places of some of each kind, as many of each as there is room for."""
    order = np.argsort(kinds, kind="stable")
    ordered = kinds[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    most = max(1, min(_MOST_SHOWN, _MOST_NUMBERS // max(1, numbers)))
    return np.sort(order[np.argsort(rank, kind="stable")[:most]]).astype(np.int32)


def batch_predictions(
    data: SequenceData, scaler: Scaler, starts: Ints, outputs: NDArray[np.float32]
) -> LabelPredictions:
    """Return the rows of one training batch with the classes told at each step; -1 in the padding of a short sequence.

    Args:
        data: Where the batch was taken from.
        scaler: Of its inputs, which are shown as the network sees them.
        starts: First step of each row, `(B,)`.
        outputs: Logits, `(B, steps, classes)`.
    """
    rows = starts[:_MOST_ROWS, None] + np.arange(data.window)
    classes = {
        "truth": flat_steps(data.targets)[rows + data.target_offset],
        "predicted": outputs[:_MOST_ROWS].argmax(axis=-1).astype(np.int32),
    }
    if data.lengths is not None:  # whole sequences, one after the other
        padding = np.arange(data.window) >= data.lengths[rows[:, :1] // data.inputs.shape[1]]
        classes = {name: np.where(padding, -1, values) for name, values in classes.items()}
    return LabelPredictions(inputs=scaler.apply(flat_steps(data.inputs)[rows])[..., 0], **classes)
