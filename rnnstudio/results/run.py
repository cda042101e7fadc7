"""A trained run: its figures, its history, and the network to ask."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import DATASETS, RECIPES
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.published import compare
from rnnstudio.core.ragged import is_ragged, one_sequence
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import DataInfo, SequenceData, as_floats, flat_steps

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.engine.predict import Predictor

Weights = dict[str, NDArray[np.float32]]


@dataclass
class _Lazy:
    """What is only made when asked for."""

    predictor: Predictor | None = None
    data: SequenceData | None = None


class Run:
    """What training leaves behind; comes from `train` or `load`.

    Attributes:
        name: What it is called in the run list; empty until it is saved there.
        path: Its folder; empty until it is saved.
        experiment: What was run.
        outcome: completed, early_stopped, stopped, diverged or failed.
        metrics: The final figures by name: `train_loss`, `test_loss`, `test_accuracy`, `test_rmse` ... Losses are in
            the network's units, `rmse` and `mae` in the data's own.
        baseline: The naive answers on the same part, by name, each with its figures.
        warnings: What the user should know about it, one sentence each.
    """

    __module__ = "rnnstudio"
    __slots__ = (
        "_lazy", "baseline", "context", "experiment", "info", "metrics", "name", "path", "record", "scalers",
        "warnings", "weights",
    )  # fmt: skip

    def __init__(
        self,
        experiment: Experiment,
        record: History,
        metrics: dict[str, float],
        baseline: dict[str, dict[str, float]],
        scalers: Scalers,
        info: DataInfo,
        weights: Weights,
        context: NDArray[np.float32],
        *,
        warnings: list[str] | None = None,
        data: SequenceData | None = None,
    ) -> None:
        self.experiment, self.record, self.metrics, self.baseline = experiment, record, metrics, baseline
        self.scalers, self.info, self.weights, self.context = scalers, info, weights, context
        self.warnings = list(warnings or [])
        self.name = self.path = ""
        self._lazy = _Lazy(data=data)

    @property
    def outcome(self) -> str:
        """How it ended: completed, early_stopped, stopped, diverged or failed."""
        return self.record.outcome or "failed"

    @property
    def published(self) -> list[dict[str, Any]]:
        """The recipe's published numbers, each with the run's own at the same update; empty without a recipe."""
        if not self.experiment.recipe or self.experiment.recipe not in RECIPES:
            return []
        return [_finite(row.to_dict()) for row in compare(RECIPES.get(self.experiment.recipe), self.record)]

    def __repr__(self) -> str:
        """Return a few lines for the prompt."""
        experiment, log = self.experiment, self.record
        figures = ", ".join(f"{k} {v:.4g}" for k, v in self.metrics.items())
        return (
            f"<Run {self.name or '(not saved)'}: {experiment.recipe or experiment.data.dataset}, "
            f"{experiment.model.cell} "
            f"{experiment.model.units}, {log.step:,} updates, {self.outcome}; {figures}>"
        )

    def history(self) -> pd.DataFrame:
        """Return a data frame with a row per update; held-out figures stand where they were taken, elsewhere NaN."""
        return self.record.frame()

    def summary(self) -> dict[str, Any]:
        """Return what `--json` prints: plain numbers, texts, lists and dicts only."""
        log = self.record
        return {
            "run": self.name,
            "path": self.path,
            "recipe": self.experiment.recipe,
            "dataset": self.experiment.data.dataset,
            "outcome": self.outcome,
            "error": log.error,
            "updates": float(log.step),
            "seconds": log.wall_seconds,
            "updates_per_second": log.updates_per_second,
            "device": log.device,
            "parameters": float(log.parameters),
            "metrics": _finite(self.metrics),
            "baseline": {k: _finite(v) for k, v in self.baseline.items()},
            "published": self.published,
            "warnings": list(self.warnings),
        }

    def predict(self, x: Any, *, probabilities: bool = False) -> Any:
        """Return what the network tells for `x`.

        Args:
            x: `(N, T, F)` sequences, `(T, F)` or `(T,)` one sequence, in the data's units; data frames, lists and
                read-only or Fortran-order arrays are taken as well, and lists of sequences of unequal length.
            probabilities: For classes: their probabilities, `(..., C)`, in the order of `classes`, instead of the
                names.

        Returns:
            classify: class names, `(N,)`. label: class names, `(N, T)`. regress: values, `(N, T, D)`. forecast: the
            next values after each window, `(N, windows, horizon)`, where one sequence longer than the window gives one
            answer per place the window fits. The first axis is left out for one sequence, the last where its length
            is 1. For sequences of unequal length: a list with the answer to each, for classify an array as well.

        Raises:
            DataError: Wrong shape, text or NaN.
        """
        if is_ragged(x):
            return self._predict_each([one_sequence(part, f"x[{i}]") for i, part in enumerate(x)], probabilities)
        sequences, single = self._sequences(x)
        scaled = self.scalers.inputs.apply(sequences)
        outputs = self._answers(scaled)
        info = self.info
        if info.classes:
            if probabilities:
                raised = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
                told: NDArray[Any] = raised / raised.sum(axis=-1, keepdims=True)
            else:
                told = np.array(info.classes)[outputs.argmax(axis=-1)]
            return told[0] if single else told
        values = len(info.target_names)
        inverted = self.scalers.targets.invert(outputs.reshape(*outputs.shape[:-1], -1, values))
        answer: NDArray[Any] = inverted.reshape(outputs.shape)
        answer = answer[..., 0] if answer.shape[-1] == 1 else answer
        return answer[0] if single else answer

    def _predict_each(self, sequences: list[NDArray[np.float32]], probabilities: bool) -> Any:
        """Return the answers to sequences of unequal length; those of one length are asked about together."""
        told: list[Any] = [None] * len(sequences)
        for length in {len(s) for s in sequences}:
            places = [i for i, s in enumerate(sequences) if len(s) == length]
            found = self.predict(np.stack([sequences[i] for i in places]), probabilities=probabilities)
            for place, answer in zip(places, found, strict=True):
                told[place] = answer
        return np.array(told) if self.info.task == "classify" else told

    def _sequences(self, x: Any) -> tuple[NDArray[np.float32], bool]:
        array, width = as_floats(x, "x"), len(self.info.features)
        if array.ndim == 1 and width == 1:
            array, single = array[None, :, None], True
        elif array.ndim == 2 and array.shape[1] == width:
            array, single = array[None], True
        elif array.ndim == 2 and width == 1:
            array, single = array[..., None], False
        else:
            single = False
        if array.ndim != 3 or array.shape[2] != width or not array.size:
            raise DataError(
                f"x must have {width} feature(s) per step ({', '.join(self.info.features[:6])}): shape "
                f"(sequences, steps, {width}) or (steps, {width}); received {array.shape}."
            )
        return array, single

    def _answers(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return outputs for sequences in the network's units, in windows as in training where the state is fresh."""
        info, predictor = self.info, self.predictor()
        steps, window, frame = x.shape[1], info.window, info.frame
        least = frame * (window if info.one_series and info.task == "forecast" else 1)
        if steps < least:
            raise DataError(f"x must have at least {least} steps, the window of this run; received {steps}.")
        if not info.one_series or self._carried:
            return predictor.outputs(x[:, : steps // frame * frame].reshape(len(x), steps // frame, -1))
        if info.task == "forecast":
            views = np.lib.stride_tricks.sliding_window_view(x, window * frame, axis=1).swapaxes(2, 3)
            flat = predictor.outputs(views.reshape(-1, window, frame * x.shape[2]))
            return flat.reshape(len(x), -1, flat.shape[-1])
        if steps <= window:
            return predictor.outputs(x)
        views = np.lib.stride_tricks.sliding_window_view(x, window, axis=1).swapaxes(2, 3)
        flat = predictor.outputs(views.reshape(-1, window, x.shape[2]))
        last = flat[:, -1].reshape(len(x), steps - window + 1, -1)
        begin = predictor.outputs(x[:, :window])[:, : window - 1]
        return np.concatenate([begin, last], axis=1)

    @property
    def _carried(self) -> bool:
        return self.experiment.model.state == "carried"

    def forecast(self, steps: Any = 20, start: Any = None) -> NDArray[np.float32]:
        """Return values told on from their own predictions (a free run), in the data's units.

        Args:
            steps: How many.
            start: Step of the series at which to begin; None begins after its end.

        Returns:
            `(steps,)` for one feature, else `(steps, F)`.

        Raises:
            SettingError: The run's task does not predict its own input, or a number is out of range.
        """
        count = _whole(steps, "steps", 1, 1_000_000)
        if not self.info.feeds_back:
            raise SettingError(
                "forecast needs a run that predicts its own series; this one tells "
                f"{', '.join(self.info.target_names)} "
                f"(task {self.info.task}).",
                "steps",
            )
        context = self.context
        if start is not None:
            series = flat_steps(self.data().inputs)
            begin = _whole(start, "start", self.info.window * self.info.frame, len(series))
            context = series[:begin]
        told = self.predictor().free_run(
            self.scalers.inputs.apply(context), count, window=self.info.window, carried=self._carried
        )
        values = self.scalers.inputs.invert(told)
        return values[:, 0] if values.shape[1] == 1 else values

    def data(self) -> SequenceData:
        """Return the data the run was trained on, in the data's units; read again where they are not in memory."""
        if self._lazy.data is None:
            settings = self.experiment.data
            self._lazy.data = DATASETS.get(settings.dataset).load(settings, self.experiment.seed)
        return self._lazy.data

    def predictor(self) -> Predictor:
        """Return the network to ask, made on first use."""
        if self._lazy.predictor is None:
            from rnnstudio.engine.network import Network, Shape
            from rnnstudio.engine.predict import Predictor

            info = self.info
            shape = Shape(len(info.features) * info.frame, info.outputs, info.task in ("label", "regress"))
            network = Network(self.experiment.model, shape, self.experiment.seed)
            network.set_weights(self.weights)
            self._lazy.predictor = Predictor(network)
        return self._lazy.predictor

    def save(self, path: str | os.PathLike[str] | None = None, *, overwrite: bool = False) -> str:
        """Keep the run in a folder and return its path.

        Args:
            path: The folder; a new one in the run list when None.
            overwrite: Replace, as a whole, another run that is there already; this run's own folder always may be.

        Raises:
            StoreError: The place is taken, or it cannot be written; the run stays in memory and whatever was there
                before stays as it was.
        """
        from rnnstudio.results.store import save

        return str(save(self, Path(path) if path is not None else None, overwrite=overwrite))

    def export(self, path: str | os.PathLike[str]) -> str:
        """Write the history as CSV and return the file's path.

        Raises:
            SettingError: The file's ending is none that can be written.
            StoreError: It cannot be written.
        """
        from rnnstudio.export.tables import write_csv

        if Path(path).suffix.lower() != ".csv":
            raise SettingError(f"path must end in .csv (the history as a table); received {Path(path).name!r}.", "path")
        return str(write_csv(self.history(), path))

    def plot(self, kind: str = "loss", path: str | os.PathLike[str] | None = None) -> str:
        """Draw a picture of the run into a file and return its path.

        Args:
            kind: loss, accuracy, echo, forecast, ahead, confusion or sequences.
            path: A .png or .svg file; `KIND.png` in the current folder when None.

        Raises:
            RnnStudioError: The run has no such picture, or it cannot be drawn here.
        """
        from rnnstudio.results.pictures import draw

        return str(draw(self, kind, Path(path) if path is not None else Path(f"{kind}.png")))


def _finite(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with None for numbers JSON cannot write."""
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in values.items()}


def _whole(value: Any, name: str, low: int, high: int) -> int:
    """Return a whole number that R may have sent as 20.0."""
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float, np.integer, np.floating))
        or not low <= value <= high
        or value != int(value)
    ):
        raise SettingError(f"{name} must be a whole number from {low} to {high}; received {value!r}.", name)
    return int(value)


def from_trained(trained: Any) -> Run:
    """Return the run of what the engine's `train` returned."""
    data, experiment = trained.data, trained.experiment
    context = flat_steps(data.inputs)
    carried = experiment.model.state == "carried"
    context = context[-min(len(context), 100_000 if carried else data.span) :] if data.feeds_back else context[:0]
    warnings = [trained.history.error] if trained.history.error else []
    warnings += data.notes
    if experiment.data.scale == "standard" and experiment.data.scale_on == "all" and len(data.test):
        warnings.append(
            "The scaler was fitted on all the data, the test part included (scale_on all), so test figures are "
            "a little too good."
        )
    if experiment.training.patience and not len(data.valid) and len(data.test):
        warnings.append(
            "Early stopping watched the test part (valid_fraction 0), so its best figure is a little too good."
        )
    return Run(
        experiment,
        trained.history,
        trained.metrics,
        trained.baseline,
        trained.scalers,
        DataInfo.of(data),
        trained.weights,
        np.array(context),
        warnings=warnings,
        data=data,
    )
