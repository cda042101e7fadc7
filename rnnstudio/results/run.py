"""A trained run: its metrics, its history and its predictions."""

from __future__ import annotations

import os
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.plain import without_nan
from rnnstudio.core.plot_table import plot_table
from rnnstudio.core.precision import Floats
from rnnstudio.core.published import compare_with_publication
from rnnstudio.core.published_results import published_results
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.upgrade import upgrade_plot_kind
from rnnstudio.core.visible_text import visible
from rnnstudio.results.contents import RunContents, Weights
from rnnstudio.results.exporting import export_run
from rnnstudio.results.noted import Noted
from rnnstudio.results.plot_files import draw
from rnnstudio.results.saving import save_run
from rnnstudio.results.summary import summary_of
from rnnstudio.results.timed_run import TimedRun

if TYPE_CHECKING:
    import pandas as pd


class Run(TimedRun, Noted):
    """The result of a training, returned by `train` and `load`.

    Attributes:
        name: Name in the run list, or of the folder or file; empty until the run is saved.
        path: Folder or .rnnrun file; empty until the run is saved.
        experiment: All settings.
        outcome: completed, early_stopped, stopped, diverged or failed; of a run that has not ended running (a process
            trains it) or interrupted.
        metrics: Final metrics by name: `train_loss`, `test_loss`, `test_accuracy`, `test_rmse` ... Losses are in scaled
            units, `rmse` and `mae` in original units. Several targets, whose units may differ, have `scaled_mse` and
            `scaled_mae` in their place.
        baseline: Metrics of each baseline on the same set, by the baseline's name.
        chosen_on_test: Whether early stopping or the best weights used the test set, because there is no validation
            set: its metrics are then better than on new data.
        warnings: What the user should know, one sentence each.

    >>> import rnnstudio as rs
    >>> run = rs.train("toy", updates=1, verbose=0, save=False)
    >>> run.outcome
    'completed'
    """

    __module__ = "rnnstudio"
    __slots__ = ()

    def __init__(
        self,
        experiment: Experiment,
        record: History,
        metrics: dict[str, float],
        baseline: dict[str, dict[str, float]],
        scalers: Scalers,
        info: DataInfo,
        weights: Weights,
        context: Floats,
        *,
        warnings: list[str] | None = None,
        data: SequenceData | None = None,
    ) -> None:
        super().__init__(experiment, record, metrics, baseline, scalers, info, weights, context, list(warnings or []))
        self._data = data
        self._network = self._refit_network = self._evaluation = None

    @classmethod
    def of(cls, contents: RunContents) -> Self:
        """Return the run with these contents."""
        run = cls.__new__(cls)
        for field in fields(RunContents):
            setattr(run, field.name, getattr(contents, field.name))
        run._data = run._network = run._refit_network = run._evaluation = None
        return run

    @property
    def published(self) -> list[dict[str, Any]]:
        """The published metrics of the recipe, each with the run's at the same update; empty without a recipe."""
        if self.experiment.recipe not in RECIPES:
            return []
        rows = compare_with_publication(RECIPES.get(self.experiment.recipe), self.record)
        return [without_nan(row.to_dict()) for row in rows]

    @property
    def published_results(self) -> list[dict[str, Any]]:
        """The published results of other models on the same test set, each with the run's; empty where there are none.

        >>> import rnnstudio as rs
        >>> rs.train("toy", updates=1, verbose=0, save=False).published_results
        []
        """
        return without_nan(published_results(self.experiment, self.metrics))  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        """Return name, network, updates, outcome and metrics in one line."""
        start, model = self.experiment.recipe or self.experiment.data.dataset, self.experiment.model
        metrics = ", ".join(f"{name} {value:.4g}" for name, value in self.metrics.items())
        return visible(
            f"<Run {self.name or '(not saved)'}: {start}, {model.cell} {model.units}, {self.record.step:,} updates, "
            f"{self.outcome}; {metrics}{'; chosen on the test set' if self.chosen_on_test else ''}"
            f"{'; refit on all rows, not tested' if self.refitted else ''}>"
        )

    def history(self) -> pd.DataFrame:
        """Return a data frame with one row per update; validation and test metrics are NaN between evaluations.

        Where `chosen_on_test` is true, it is a column.

        >>> import rnnstudio as rs
        >>> run = rs.train("toy", updates=2, verbose=0, save=False)
        >>> run.history()["update"].tolist()
        [0, 1, 2]
        """
        return self.history_table()

    def plot_table(self) -> pd.DataFrame:
        """Return a data frame with what the plots draw: of a large set a part, and several lines of a series.

        `predictions` has all predictions on the held-out set. Columns:
            One class per step (task label): `row`, `step`, `input`, `truth`, `prediction`, of rows of the last batch.
            One class per sequence (classify): `sequence`, `truth`, `prediction`, `probability`. One series: `step`,
            `split`, `truth`, `one_step` and, for an autoregressive run, `naive`, `free` and `multi_step`, NaN where
            there is no prediction; of several series also `series`. Other sequences of values: `sequence`, `step`,
            `input`, `truth`, `prediction`. Where the data have times, `time` (datetime64) follows `step`.

        Raises:
            DataError: The run ended before the first evaluation.

        >>> import rnnstudio as rs
        >>> run = rs.train("toy", updates=1, verbose=0, save=False)
        >>> list(run.plot_table().columns)
        ['sequence', 'step', 'input', 'truth', 'prediction']
        """
        if self.record.predictions is None:
            raise DataError("This run has no predictions to draw: it ended before the first evaluation.")
        column = "series" if self.info.series else "target"
        return plot_table(
            self.record.predictions, self.info.classes, self.info.frequency, self.info.drawn_names, column
        )

    def operating_points(self) -> pd.DataFrame:
        """Return what each threshold of two classes predicts correctly on the test set, else the validation set.

        Columns: `threshold`, from the highest probability of `positive_class` down, `true_positives`,
        `false_positives`, `recall`, `false_positive_rate` and `precision`. Of over 2,000 thresholds some are left out.
        Where `chosen_on_test` is true, it is a column.

        Raises:
            DataError: There are not two classes in the set, or an earlier version saved the run.

        >>> import numpy as np, rnnstudio as rs
        >>> x, classes = np.random.default_rng(0).normal(size=(40, 5, 1)), np.arange(40) % 2
        >>> run = rs.train(x, classes, task="classify", updates=1, verbose=0, save=False)
        >>> float(run.operating_points()["recall"].iloc[-1])
        1.0
        """
        if self.record.points is None:
            raise DataError(
                "This run has no operating points: they need two classes that both occur in the test or validation "
                "set, and a run that this version trained."
            )
        return self._marked(self.record.points.frame())

    def summary(self) -> dict[str, Any]:
        """Return the run's results as plain numbers, texts, lists and dicts; what `--json` prints.

        >>> import rnnstudio as rs
        >>> run = rs.train("toy", updates=1, verbose=0, save=False)
        >>> run.summary()["updates"]
        1.0
        """
        return summary_of(self, self.published, self.published_results)

    def save(self, path: str | os.PathLike[str] | None = None, *, overwrite: bool = False) -> str:
        """Save the run as a folder or a .rnnrun file, and return its path.

        Args:
            path: A folder, or a file with the suffix .rnnrun; None for a new folder in the run list.
            overwrite: Whether another run at `path` may be replaced. The run's own path is always replaced.

        Raises:
            StoreError: Something else is at `path`, or it cannot be written. Existing files stay unchanged.

        >>> import tempfile
        >>> import rnnstudio as rs
        >>> run = rs.train("toy", updates=1, verbose=0, save=False)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = run.save(f"{folder}/toy.rnnrun")
        ...     rs.load(path).metrics == run.metrics
        True
        """
        return str(save_run(self, Path(path) if path is not None else None, overwrite=overwrite))

    def resume(self, updates: Any = None, **options: Any) -> Any:
        """Go on with the training of this saved run, and return the run, or the group; see `rnnstudio.resume`.

        Args:
            updates: Number of further updates; None for those that were planned and are not done.
            **options: `x`, `y`, `callback`, `max_seconds`, `verbose` and `checkpoint_seconds` of `rnnstudio.resume`.

        >>> import tempfile
        >>> import rnnstudio as rs
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     run = rs.train("toy", updates=2, verbose=0, save=f"{folder}/toy")
        ...     run.resume(updates=1, verbose=0).record.step
        3
        """
        resume = import_module("rnnstudio").resume  # a function of a layer above this one, which returns a run
        return resume(self, updates=updates, **options)

    def delete(self) -> None:
        """Move this saved run into the trash; see `rnnstudio.delete`. What is in memory can be saved again."""
        import_module("rnnstudio").delete(self)

    def export(self, path: str | os.PathLike[str], *, table: str = "history", decimal: str = "point") -> str:
        """Write a table, a script that trains the run again, or a copy of the run, and return the path.

        Args:
            path: The suffix selects the contents: .csv or .parquet (a table), .R or .py (script), .rnnrun (the run as
                one file, for the window and `load`).
            table: history, a row per update; predictions, all of the held-out set; or by_step, errors by step ahead.
            decimal: Of a .csv file: point separates columns by commas; comma separates them by semicolons.

        Raises:
            SettingError: Another suffix, table or decimal mark.
            DataError: The predictions cannot be computed, see `predictions`, or there are no steps ahead.
            StoreError: It cannot be written, or a script is wanted for a run of arrays.

        >>> import tempfile, rnnstudio as rs
        >>> run = rs.train("toy", updates=1, verbose=0, save=False)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     run.export(f"{folder}/history.csv").endswith("history.csv")
        True
        """
        return str(export_run(self, Path(path), table, decimal, self._prediction_blocks))

    def plot(self, kind: str = "loss", path: str | os.PathLike[str] | None = None, series: Any = "") -> str:
        """Draw a plot of the run into a file and return its path.

        Args:
            kind: loss, accuracy, echo, forecast, multi_step, by_step, confusion, sequences, roc or precision_recall.
            path: A .png or .svg file; `KIND.png` in the current folder when None.
            series: Of several series the one to draw, by kind forecast and multi_step; the first when empty.

        Raises:
            RnnStudioError: The run has no such plot, or it cannot be drawn here.

        >>> import rnnstudio as rs
        >>> run = rs.train("toy", updates=1, verbose=0, save=False)
        >>> run.plot("loss", "toy.png")  # doctest: +SKIP
        '/home/user/toy.png'
        """
        kind = upgrade_plot_kind(kind)
        return str(draw(self, kind, Path(path) if path is not None else Path(f"{kind}.png"), series))
