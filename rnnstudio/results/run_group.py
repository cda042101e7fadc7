"""A group of runs that differ by seed: their mean and spread, and the mean of their predictions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnstudio.core.baselines import compare_with_baseline
from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.conclusions import comparison_sentence
from rnnstudio.core.coverage import coverage_metrics
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.plain import without_nan
from rnnstudio.core.precision import Floats
from rnnstudio.core.spread import spread_of
from rnnstudio.core.visible_text import visible
from rnnstudio.results.alike_runs import check_alike
from rnnstudio.results.ensemble import EnsembleRun
from rnnstudio.results.group_files import save_group, save_members
from rnnstudio.results.group_outputs import GroupOutputs
from rnnstudio.results.missing_runs import MissingRun
from rnnstudio.results.new_evaluation import NewEvaluation
from rnnstudio.results.noted import Noted
from rnnstudio.results.run import Run
from rnnstudio.results.seed_plan import SeedPlan

if TYPE_CHECKING:
    import pandas as pd


class RunGroup(GroupOutputs, Noted):
    """Runs that differ by the seed of initial weights and order, on the same split of the same data.

    Returned by `train` with `seeds`, and by `load`. Its predictions and forecasts are the mean of those of the runs: of
    values in original units, of classes the mean of the probabilities, from which the class follows. Where the runs
    have a threshold for one of two classes, that of the group is the mean of their thresholds.

    Args:
        runs: The runs, each with another seed.
        missing: Runs of a saved group that were deleted or cannot be read.

    Attributes:
        runs: The runs, in the order of their seeds.
        missing: Runs of the saved group that no result includes, because they were deleted or cannot be read.
        name: Name in the run list, or of the folder; empty until the group is saved.
        path: Folder; empty until the group is saved.
        warnings: What the user should know about the group, one sentence each.
        save_problem: Why the group could not be saved, one of the warnings; empty where it was not to be, or is saved.
        ensemble_metrics: Errors of values, or accuracy, of the mean predictions on the held-out set, by the names of
            `metrics`; empty where they are unknown, and of values in several units.
        plan: The training with several seeds that the runs are of; None where it is not known.

    >>> import rnnstudio as rs
    >>> group = rs.train("toy", seeds=2, updates=1, verbose=0, save=False)
    >>> group.seeds, sorted(group.spread["train_loss"])
    ([14, 15], ['max', 'mean', 'min', 'std'])
    """

    __module__ = "rnnstudio"

    def __init__(
        self, runs: Sequence[Run], *, warnings: Sequence[str] = (), missing: Sequence[MissingRun] = ()
    ) -> None:
        if not runs:
            raise SettingError("A group must have at least one run; received none.")
        check_alike(runs)
        self.runs, self.warnings, self.missing = list(runs), list(warnings), list(missing)
        self.name = self.path = self.save_problem = ""
        self.ensemble_metrics: dict[str, float] = {}
        self.plan: SeedPlan | None = None

    @property
    def seeds(self) -> list[int]:
        """The seed of each run."""
        return [run.experiment.seed for run in self.runs]

    @property
    def seeds_left(self) -> list[int]:
        """The seeds that were to be trained with the others, and are not, because the training was stopped or ended."""
        outcomes = {run.experiment.seed: run.record.outcome for run in self.runs}
        return [] if self.plan is None else self.plan.left(outcomes)

    @property
    def experiment(self) -> Experiment:
        """The settings of the first run; those of the others differ by the seed."""
        return self.runs[0].experiment

    @property
    def info(self) -> DataInfo:
        """Names and sizes of the data, which are those of all runs."""
        return self.runs[0].info

    @property
    def spread(self) -> dict[str, dict[str, float]]:
        """Of each metric `mean`, `std` (of a sample, divided by n - 1), `min` and `max` over the runs, by its name."""
        return spread_of([run.metrics for run in self.runs])

    @property
    def metrics(self) -> dict[str, float]:
        """The mean of each metric over the runs, by its name."""
        return {name: values["mean"] for name, values in self.spread.items()}

    @property
    def baseline(self) -> dict[str, dict[str, float]]:
        """Metrics of each baseline on the same set, by the baseline's name; the same for all runs."""
        return self.runs[0].baseline

    @property
    def chosen_on_test(self) -> bool:
        """Whether early stopping or the best weights used the test set; see `Run`."""
        return self.runs[0].chosen_on_test

    @property
    def counted(self) -> str:
        """The number of runs, as in `4 of 5` where others are missing."""
        return f"{len(self.runs)} of {len(self.runs) + len(self.missing)}" if self.missing else f"{len(self.runs)}"

    @property
    def conclusions(self) -> list[str]:
        """A sentence that compares the mean with the best baseline, and says how many runs are better."""
        comparison = compare_with_baseline(self.metrics, self.baseline)
        if comparison is None:
            return []
        each = [compare_with_baseline(run.metrics, self.baseline) for run in self.runs]
        better = sum(own is not None and own.is_better for own in each)
        sentence = comparison_sentence(comparison, self.info, mark(comparison.metric, self.chosen_on_test))
        count, total = len(self.runs), len(self.runs) + len(self.missing)
        if count == 1:
            return [f"{'One seed' if total == 1 else f'One of {total} seeds'}: {sentence}"]
        how_many = f"All {count}" if better == count else f"{better} of {count}" if better else f"None of the {count}"
        verb = "are" if better > 1 else "is"
        return [f"Mean over {self.counted} seeds: {sentence} {how_many} {verb} better."]

    def table(self) -> pd.DataFrame:
        """Return a data frame with a row for each run: `seed`, `run`, `outcome`, `updates`, and its metrics.

        A run that is missing has no metrics, and the outcome deleted, damaged, unreadable or newer. Where
        `chosen_on_test` is true, it is a column.

        >>> import rnnstudio as rs
        >>> rs.train("toy", seeds=2, updates=1, verbose=0, save=False).table()["seed"].tolist()
        [14, 15]
        """
        import pandas as pd

        table = pd.DataFrame(self._rows())
        return table.assign(chosen_on_test=True) if self.chosen_on_test else table

    def _rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [
            {"seed": run.experiment.seed, "run": run.name, "outcome": run.outcome, "updates": run.record.step}
            | run.metrics
            for run in self.runs
        ]
        unknown = dict.fromkeys(("updates", *self.runs[0].metrics))
        rows += [{"seed": own.seed, "run": own.run, "outcome": own.outcome, **unknown} for own in self.missing]
        return sorted(rows, key=lambda row: int(row["seed"]))

    def summary(self) -> dict[str, Any]:
        """Return the results as plain numbers, texts, lists and dicts; what `--json` prints."""
        return {
            "group": self.name,
            "path": self.path,
            "runs": [run.name for run in self.runs],
            "seeds": [float(seed) for seed in self.seeds],
            "recipe": self.experiment.recipe,
            "dataset": self.experiment.data.dataset,
            "target": list(self.info.predicted_names),
            "metrics": without_nan(self.metrics),
            "spread": without_nan(self.spread),
            "ensemble_metrics": without_nan(self.ensemble_metrics),
            "baseline": without_nan(self.baseline),
            "chosen_on_test": self.chosen_on_test,
            "by_seed": [
                without_nan({**row, "updates": None if row["updates"] is None else float(row["updates"])})
                for row in self._rows()
            ],
            "missing": [{**asdict(run), "seed": float(run.seed)} for run in self.missing],
            "conclusions": self.conclusions,
            "warnings": list(self.warnings),
        }

    def predict(self, x: Any, *, probabilities: bool = False, series: Any = "", **reading: Any) -> Any:
        """Return the mean of the predictions for `x`; arguments, shapes and errors are those of `Run.predict`.

        >>> import rnnstudio as rs
        >>> rs.train("toy", seeds=2, updates=1, verbose=0, save=False).predict([0.1] * 20).shape
        (20,)
        """
        return self.ensemble.predict(x, probabilities=probabilities, series=series, **reading)

    def predict_table(self, x: Any, *, probabilities: bool = False, series: Any = "", **reading: Any) -> pd.DataFrame:
        """Return the mean of the predictions for a file or data frame; see `Run.predict_table`."""
        return self.ensemble.predict_table(x, probabilities=probabilities, series=series, **reading)

    def evaluate(self, x: Any, *, series: Any = "", **reading: Any) -> NewEvaluation:
        """Return the mean of the predictions for a file or data frame beside the truth in it; see `Run.evaluate`."""
        return self.ensemble.evaluate(x, series=series, **reading)

    def forecast(self, steps: Any = None, start: Any = None, series: Any = "", **how: Any) -> Floats:
        """Return the mean of the forecasts of the runs; arguments, shapes and errors are those of `Run.forecast`.

        Beyond the horizon each network reads its own predictions.

        >>> import rnnstudio as rs
        >>> rs.train("airline", seeds=2, updates=1, verbose=0, save=False).forecast(3).shape
        (3,)
        """
        return self.ensemble.forecast(steps, start, series, **how)

    def forecast_table(self, steps: Any = None, start: Any = None, series: Any = "", **how: Any) -> pd.DataFrame:
        """Return the mean of the forecasts as a data frame; see `Run.forecast_table`."""
        return self.ensemble.forecast_table(steps, start, series, **how)

    def predictions(self) -> pd.DataFrame:
        """Return the mean of the predictions on the held-out set, with the columns of `Run.predictions`.

        Raises:
            DataError: The data cannot be loaded, or were arrays, which are not saved.

        >>> import rnnstudio as rs
        >>> list(rs.train("toy", seeds=2, updates=1, verbose=0, save=False).predictions().columns)
        ['sequence', 'step', 'truth', 'prediction', 'baseline']
        """
        return self.ensemble.predictions()

    def evaluate_ensemble(self) -> None:
        """Compute `ensemble_metrics` from the data of the training.

        Raises:
            DataError: The data cannot be loaded.
        """
        ensemble = self.ensemble
        table = ensemble.held_out()
        values = table.metrics()
        if ensemble.calibration is not None and table.split == "test":
            values |= coverage_metrics(table.blocks(), ensemble.calibration.levels)
        self.ensemble_metrics = {name: value for name, value in values.items() if name in self.metrics}

    @property
    def ensemble(self) -> EnsembleRun:
        """The first run, whose predictions for new data and forecasts are those of the group."""
        ensemble = EnsembleRun.of_members(self.runs)
        ensemble.name, ensemble.path = self.name, ""
        return ensemble

    def resume(self, **options: Any) -> RunGroup:
        """Train the seeds that are left of a saved group, and return the group; see `rnnstudio.resume`.

        Args:
            **options: `x`, `y`, `callback`, `max_seconds`, `verbose` and `checkpoint_seconds` of `rnnstudio.resume`.
        """
        group: RunGroup = import_module("rnnstudio").resume(self, **options)
        return group

    def delete(self) -> None:
        """Move this saved group into the trash; see `rnnstudio.delete`. Its runs stay in the run list."""
        import_module("rnnstudio").delete(self)

    def save(self, path: str | os.PathLike[str] | None = None) -> str:
        """Save the names of the runs as a group, and runs that are not saved; return the path of the group.

        Args:
            path: A new folder, which also receives runs that are not saved; None for the run list.

        Raises:
            StoreError: Something is at `path`, or it cannot be written.
        """
        folder = Path(path).expanduser().absolute() if path is not None else None
        problems = {self.save_problem, *(run.save_problem for run in self.runs if not run.path)}
        save_members(self.runs, folder)
        saved = save_group(self.runs, folder, self.ensemble_metrics, plan=self.plan)
        self.name, self.path = saved.name, str(saved)
        self.warnings = [sentence for sentence in self.warnings if sentence not in problems]
        return self.path

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.runs)

    def __repr__(self) -> str:
        """Return name, number of runs, and mean and standard deviation of the metrics in one line."""
        start, model = self.experiment.recipe or self.experiment.data.dataset, self.experiment.model
        metrics = ", ".join(f"{name} {v['mean']:.4g} ± {v['std']:.2g}" for name, v in self.spread.items())
        return visible(
            f"<RunGroup {self.name or '(not saved)'}: {start}, {model.cell} {model.units}, {self.counted} seeds; "
            f"{metrics}{'; chosen on the test set' if self.chosen_on_test else ''}>"
        )
