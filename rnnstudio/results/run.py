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
from rnnstudio.core.prediction_table import prediction_table
from rnnstudio.core.published import compare_with_publication
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import DataInfo, SequenceData, flat_steps
from rnnstudio.results.frames import from_frame

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.trained_network import TrainedNetwork

Weights = dict[str, NDArray[np.float32]]


@dataclass
class _Lazy:
    """What is only made when asked for."""

    answers: TrainedNetwork | None = None
    data: SequenceData | None = None


class Run:
    """What training leaves behind; comes from `train` or `load`.

    Attributes:
        name: What it is called in the run list; empty until it is saved there.
        path: Its folder, or its .rnnrun file; empty until it is saved.
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
        return [
            _finite(row.to_dict()) for row in compare_with_publication(RECIPES.get(self.experiment.recipe), self.record)
        ]

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

    def predictions(self) -> pd.DataFrame:
        """Return the newest predictions on the held-out part beside the truth, in the data's units.

        Columns:
            A class per step (task label): `row`, `step`, `input`, `truth`, `predicted`, of rows of the last batch. A
            class per sequence (classify): `sequence`, `truth`, `predicted`, `probability`. One series: `step`, `part`,
            `truth`, `one_step` and, where predictions can be fed back, `naive`, `free` and `ahead`, NaN where nothing
            was told. Other sequences of values: `sequence`, `step`, `input`, `truth`, `predicted`.

        Raises:
            DataError: The run ended before it was looked at.
        """
        if self.record.predictions is None:
            raise DataError("This run has no predictions to show: it ended before the first look at them.")
        return prediction_table(self.record.predictions, self.info.classes)

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
            x: `(N, T, F)` sequences, `(T, F)` or `(T,)` one sequence, in the data's units; lists and read-only or
                Fortran-order arrays are taken as well, and lists of sequences of unequal length. Of data frames the
                columns called after the features are read; the run's `sequence` column parts them into sequences.
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
        columns = from_frame(x, self.info.features, getattr(self.experiment.data, "sequence", ""))
        return self._answers().predict(columns, probabilities=probabilities)

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
        if not self.info.autoregressive:
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
        values = self._answers().forecast(context, count)
        return values[:, 0] if values.shape[1] == 1 else values

    def data(self) -> SequenceData:
        """Return the data the run was trained on, in the data's units; read again where they are not in memory."""
        if self._lazy.data is None:
            settings = self.experiment.data
            self._lazy.data = DATASETS.get(settings.dataset).load(settings, self.experiment.seed)
        return self._lazy.data

    def _answers(self) -> TrainedNetwork:
        """Return the network to ask, made on first use."""
        if self._lazy.answers is None:
            from rnnstudio.results.trained_network import TrainedNetwork

            self._lazy.answers = TrainedNetwork(self.experiment, self.info, self.scalers, self.weights)
        return self._lazy.answers

    def save(self, path: str | os.PathLike[str] | None = None, *, overwrite: bool = False) -> str:
        """Keep the run in a folder, or as one file, and return its path.

        Args:
            path: The folder, or a file that ends in .rnnrun; a new folder in the run list when None.
            overwrite: Replace, as a whole, another run that is there already; this run's own folder always may be.

        Raises:
            StoreError: The place is taken, or it cannot be written; the run stays in memory and whatever was there
                before stays as it was.
        """
        from rnnstudio.results.store import save

        return str(save(self, Path(path) if path is not None else None, overwrite=overwrite))

    def export(self, path: str | os.PathLike[str]) -> str:
        """Write the history as CSV, a script that trains the run again, or all of it as one file; return its path.

        Args:
            path: What is written is told by its ending: .csv (the history), .R or .py (a script), .rnnrun (the run,
                which the Studio opens and `load` reads).

        Raises:
            SettingError: The file's ending is none that can be written.
            StoreError: It cannot be written, or a run of arrays is to be a script.
        """
        from rnnstudio.export.scripts import write_script
        from rnnstudio.export.tables import write_csv
        from rnnstudio.results.run_archive import RUN_SUFFIX
        from rnnstudio.results.store import write_packed

        ending = Path(path).suffix.lower()
        if ending == ".csv":
            return str(write_csv(self.history(), path))
        if ending in (".r", ".py"):
            return str(write_script(self.experiment, self.record, self.metrics, Path(path)))
        if ending == RUN_SUFFIX:
            return str(write_packed(self, Path(path)))
        raise SettingError(
            f"path must end in .csv (the history as a table), .R or .py (a script that trains it again) or {RUN_SUFFIX} "
            f"(the run as one file); received {Path(path).name!r}.",
            "path",
        )

    def plot(self, kind: str = "loss", path: str | os.PathLike[str] | None = None) -> str:
        """Draw a picture of the run into a file and return its path.

        Args:
            kind: loss, accuracy, echo, forecast, multi_step, confusion or sequences.
            path: A .png or .svg file; `KIND.png` in the current folder when None.

        Raises:
            RnnStudioError: The run has no such picture, or it cannot be drawn here.
        """
        from rnnstudio.results.plot_files import draw

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


def run_of(trained: Any) -> Run:
    """Return the run of what the engine's `train` returned."""
    data, experiment = trained.data, trained.experiment
    context = flat_steps(data.inputs)
    stateful = experiment.model.stateful
    context = context[-min(len(context), 100_000 if stateful else data.span) :] if data.autoregressive else context[:0]
    warnings = [trained.history.error] if trained.history.error else []
    warnings += data.notes
    if experiment.data.scale == "standard" and experiment.data.fit_scaler_on == "all" and len(data.test):
        warnings.append(
            "The scaler was fitted on all the data, the test part included (fit_scaler_on all), so test figures are "
            "a little too good."
        )
    batch, training = experiment.training.batch_size, len(data.train)
    if batch > training and not stateful:
        warnings.append(f"batch_size {batch} is more than there is to train on; each update sees all {training}.")
    if experiment.training.patience and not len(data.val) and len(data.test):
        warnings.append(
            "Early stopping watched the test part (val_fraction 0), so its best figure is a little too good."
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
