"""Looks at the held-out parts: figures, and what pictures of prediction and truth are drawn from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core import metrics
from rnnstudio.core.events import Probe
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import Ints, SequenceData, flat_steps
from rnnstudio.engine.predict import Predictor

_MOST_WINDOWS = 4096  # drawn one-step predictions; more would not be seen
_MOST_CARRIED = 100_000  # steps through which a state is carried for a picture
_MOST_ROWS = 5  # sequences drawn, as in the echo's source
FREE_STEPS = 20  # steps fed back where there is no test part to compare with


class Looks:
    """Judges a network on one data set.

    Args:
        data: In the network's units.
        scalers: The way back to the data's units.
        predictor: Asks the network.
        carried: Whether the state runs on from window to window.
    """

    def __init__(self, data: SequenceData, scalers: Scalers, predictor: Predictor, *, carried: bool) -> None:
        self.data, self.scalers, self.predictor, self.carried = data, scalers, predictor, carried

    def figures(self) -> dict[str, float]:
        """Return loss and accuracy, or loss, rmse and mae, of the validation and test parts there are."""
        found: dict[str, float] = {}
        for name, part in (("valid", self.data.valid), ("test", self.data.test)):
            if len(part):
                found |= {f"{name}_{key}": value for key, value in self._part(part).items()}
        return found

    def _part(self, part: Ints) -> dict[str, float]:
        outputs, targets = self._answers(part)
        if self.data.classes:
            return {"loss": metrics.cross_entropy(outputs, targets), "accuracy": metrics.accuracy(outputs, targets)}
        outputs = outputs.reshape(targets.shape)
        invert = self.scalers.targets.invert
        loss = float(np.mean((outputs.astype(np.float64) - targets) ** 2))
        return {"loss": loss, **metrics.errors(invert(outputs), invert(targets))}

    def _answers(self, part: Ints) -> tuple[NDArray[np.float32], NDArray[Any]]:
        """Return what the network gives for these windows, and the truth.

        A carried state is carried through the whole part, begun with zeros, as in training.
        """
        data = self.data
        if not self.carried:
            return self._windows(part), data.window_targets(part)
        begin, end = int(data.starts[part[0]]), int(data.starts[part[-1]]) + data.window
        outputs = self.predictor.run(flat_steps(data.inputs)[None, begin:end])[0]
        return outputs, flat_steps(data.targets)[None, begin + data.target_offset : end + data.target_offset]

    def _windows(self, part: Ints) -> NDArray[np.float32]:
        batch = max(1, (1 << 18) // self.data.window)
        return np.concatenate(
            [self.predictor.outputs(self.data.window_inputs(part[i : i + batch])) for i in range(0, len(part), batch)]
        )

    def probe(self) -> Probe | None:
        """Return what a picture of the held-out predictions is drawn from; None where the task has none yet."""
        if self.data.classes or self.data.per_window:
            return None
        return self._series() if self.data.one_series else self._sequences()

    def _sequences(self) -> Probe:
        data, invert = self.data, self.scalers.targets.invert
        part = (data.test if len(data.test) else data.train)[:_MOST_ROWS]
        outputs, truth = self._windows(part), data.window_targets(part)
        return Probe(
            "sequences",
            {
                "inputs": self.scalers.inputs.invert(data.window_inputs(part))[..., 0],
                "truth": invert(truth)[..., 0],
                "predicted": invert(outputs.reshape(truth.shape))[..., 0],
            },
        )

    def _series(self) -> Probe:
        data, invert = self.data, self.scalers.targets.invert
        series = flat_steps(data.targets)
        first, at, one_step = self._carried_steps() if self.carried else self._fresh_steps()
        arrays: dict[str, NDArray[Any]] = {
            "first": np.array(first),
            "truth": invert(series[first:])[:, 0],
            "one_step_at": at,
            "one_step": invert(one_step)[:, 0],
            "parts": np.array(self._bounds()),
        }
        if data.feeds_back:
            arrays["naive"] = invert(series[at - 1])[:, 0]
            arrays["free_at"], arrays["free"] = self.free_from(self._bounds()[0])
        return Probe("series", arrays)

    def _fresh_steps(self) -> tuple[int, NDArray[np.int64], NDArray[np.float32]]:
        """Return the first step looked at, and positions and values of each window's one-step prediction."""
        data = self.data
        windows = np.concatenate([data.train, data.valid, data.test])[-_MOST_WINDOWS:]
        positions = data.target_positions(windows)
        outputs = self._windows(windows).reshape(*positions.shape, data.targets.shape[-1])
        last = -1 if data.every_step else 0  # the answer that stands on the whole window, one step ahead
        return int(data.starts[windows[0]]), positions[:, last], outputs[:, last]

    def _carried_steps(self) -> tuple[int, NDArray[np.int64], NDArray[np.float32]]:
        """Return the same with an answer at every step, the state running on through the series."""
        data = self.data
        inputs = flat_steps(data.inputs)
        count = len(inputs) - data.target_offset
        first, begin = max(0, count - _MOST_WINDOWS), max(0, count - _MOST_CARRIED)
        outputs = self.predictor.run(inputs[None, begin:count])[0][0]
        return first, np.arange(first, count) + data.target_offset, outputs[first - begin :]

    def free_from(self, begin: int, steps: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return positions and values, in the data's units, of a free run whose first told step is `begin`."""
        data = self.data
        series = flat_steps(data.inputs)
        begin = max(begin, data.span)
        count = steps or min(max(FREE_STEPS, len(series) - begin), 1000)
        context = series[max(0, begin - (_MOST_CARRIED if self.carried else data.span)) : begin]
        told = self.predictor.free_run(context, count, window=data.window, carried=self.carried)
        return begin + np.arange(count), self.scalers.targets.invert(told)[:, 0]

    def _bounds(self) -> tuple[int, int]:
        """Return the first steps of the validation and of the test part; the series' length where there is none."""
        data, length = self.data, self.data.inputs.shape[1]
        test = int(data.starts[data.test[0]]) if len(data.test) else length
        return (int(data.starts[data.valid[0]]) if len(data.valid) else test), test


def batch_probe(data: SequenceData, starts: Ints, outputs: NDArray[np.float32]) -> Probe:
    """Return the rows of one training batch with the classes told at each step.

    Args:
        data: Where the batch was taken from.
        starts: First step of each row, `(B,)`.
        outputs: Logits, `(B, steps, classes)`.
    """
    rows = starts[:_MOST_ROWS, None] + np.arange(data.window)
    return Probe(
        "labels",
        {
            "inputs": flat_steps(data.inputs)[rows][..., 0],
            "truth": flat_steps(data.targets)[rows + data.target_offset],
            "predicted": outputs[:_MOST_ROWS].argmax(axis=-1).astype(np.int32),
        },
    )
