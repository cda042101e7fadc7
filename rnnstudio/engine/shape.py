"""The sizes of a network's inputs and outputs."""

from __future__ import annotations

from dataclasses import dataclass

from rnnstudio.core.settings import ModelSettings
from rnnstudio.engine.past import NamedData, Past


@dataclass(frozen=True)
class Shape:
    """Sizes of a network's inputs and outputs.

    Attributes:
        features: Inputs of each step.
        outputs: Outputs of each prediction.
        return_sequences: Whether there is a prediction for each step, or one for the sequence.
        past: Where the inputs hold the past of what is predicted; None where the network has no use of it.
        samples: Samples of a window, where there is a past.
        known: Index of each input that is known ahead.
        steps_ahead: Steps of a forecast; 0 for other tasks.
        quantiles: Probability of each quantile of a prediction, in order; none where the outputs alone are predicted.
        series: Number of series that each have a learned vector; 0 where none has.
    """

    features: int
    outputs: int
    return_sequences: bool
    past: Past | None = None
    samples: int = 0
    known: tuple[int, ...] = ()
    steps_ahead: int = 0
    quantiles: tuple[float, ...] = ()
    series: int = 0

    @classmethod
    def of(cls, data: NamedData, settings: ModelSettings, quantiles: tuple[float, ...] = ()) -> Shape:
        """Return the sizes of a network for data, of which all or only their description may be known."""
        past, is_forecast = Past.of(data, settings), data.task == "forecast"
        outputs = data.outputs
        if is_forecast and settings.multi_step == "recursive":
            outputs = len(data.target_names)  # of one step, which is fed back
        return cls(
            len(data.features) * data.frame,
            outputs,
            data.task in ("label", "regress"),
            past,
            data.window * data.frame if past else 0,
            tuple(data.features.index(name) for name in data.known) if is_forecast else (),
            outputs // len(data.target_names) if is_forecast else 0,
            quantiles,
            len(data.series) if settings.series_embedding else 0,
        )
