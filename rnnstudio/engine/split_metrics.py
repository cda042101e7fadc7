"""The metrics of the validation or test set, added up batch by batch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.decision import Decision
from rnnstudio.core.metrics import ClassificationMetrics, PinballMean, RegressionMetrics
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import Ints, SequenceData
from rnnstudio.core.step_errors import StepSums, has_step_errors
from rnnstudio.core.target_units import units_differ


class SplitMetrics:
    """The metrics of one set: of classes, or of values in scaled and in original units.

    Args:
        data: In original units.
        scalers: Scalers of the data.
        decision: Of two classes the rule by which one is predicted; None for others.
        loss: The loss of values.
        shares: The probability of each quantile that is predicted; none where values alone are.
        of_one_series: Whether the windows of one of several series are added, whose targets have a unit of their own.

    Attributes:
        classes: The metrics of classes; None for values.
        steps: Errors at each step ahead; None where there are not several steps ahead.
    """

    def __init__(
        self,
        data: SequenceData,
        scalers: Scalers,
        decision: Decision | None,
        loss: str,
        shares: tuple[float, ...] = (),
        *,
        of_one_series: bool = False,
    ) -> None:
        self._pinball = PinballMean(shares) if shares else None
        self.steps = StepSums(data.target_steps) if has_step_errors(data) else None
        self._divides = units_differ(data, of_one_series=of_one_series)
        self.classes = ClassificationMetrics(len(data.classes), decision) if data.classes else None
        self._scaled, self._original, self._scaler = RegressionMetrics(loss), RegressionMetrics(), scalers.targets

    def add(
        self,
        outputs: NDArray[np.float32],
        truth: NDArray[Any],
        series: Ints | None = None,
        quantiles: NDArray[np.float32] | None = None,
    ) -> None:
        """Add scaled outputs and targets in original units; of several series also the series of each window.

        Of a network that predicts them also the scaled quantiles, `(n, Q, outputs)`.
        """
        if self.classes is not None:
            self.classes.add(outputs, truth)
            return
        scaled_truth = self._scaler.apply(truth, series)
        self._scaled.add(outputs, scaled_truth)
        if self._pinball is not None and quantiles is not None:
            self._pinball.add(quantiles, scaled_truth.reshape(len(quantiles), -1))
        if self._divides and self.steps is None:
            return
        values = self._scaler.invert(outputs, series)
        if self._divides:
            values, truth = (self._scaler.in_deviations(each, series) for each in (values, truth))
        else:
            self._original.add(values, truth)
        if self.steps is not None:
            self.steps.add(values.astype(np.float64) - truth)

    def result(self) -> dict[str, float]:
        """Return the metrics by name; errors are in scaled units where those of the targets differ."""
        if self.classes is not None:
            return self.classes.result()
        loss = self._scaled.mean_loss if self._pinball is None else self._pinball.result
        return {"loss": loss, **(self._scaled.scaled_result() if self._divides else self._original.result())}
