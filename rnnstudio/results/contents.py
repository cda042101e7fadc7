"""What a run consists of, in memory and in its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.advice import Suggestion, suggestions
from rnnstudio.core.automatic import Choice
from rnnstudio.core.bands import Calibration
from rnnstudio.core.better_before import BetterBefore, better_before
from rnnstudio.core.chosen_on_test import chosen_on_test, footnote, has_best_weights
from rnnstudio.core.conclusions import conclusions
from rnnstudio.core.coverage import coverage_sentences
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.decision import Decision
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.lag import LagErrors
from rnnstudio.core.precision import Floats
from rnnstudio.core.scaling import Scalers
from rnnstudio.results.backtest_result import Backtest
from rnnstudio.results.moments import Moments
from rnnstudio.results.refit import Refit

if TYPE_CHECKING:
    import pandas as pd

Weights = dict[str, NDArray[np.float32]]


@dataclass(slots=True, eq=False, repr=False)
class RunContents:
    """The values of a run that its files hold, and where those files are.

    Attributes:
        experiment: All settings.
        record: The events of the training as columns.
        metrics: Final metrics by name.
        baseline: Metrics of each baseline by the baseline's name.
        scalers: From original to scaled units and back.
        info: Names and sizes of the data.
        weights: Final weights by name, such as `lstm1/kernel`.
        context: The end of the series in original units, `(T, F)`, which a forecast continues; of several series
            `(N, T, F)`; empty for others.
        plan: What is known ahead of the steps after the end of the series, `(1, P, K)`, or `(N, P, K)`, NaN where
            nothing is; None without a plan in the file.
        warnings: What the user should know, one sentence each.
        decision: Of two classes the positive one, the rarer in the training set, and the rule by which it is predicted;
            None for others, and where the run is of an earlier version.
        class_rows: Of classes, a row for each, of which `class_metrics` is the data frame.
        choices: The automatic settings, each with the value that was chosen from the training set, and the reason.
        series_metrics: Of several series, a row for each: `series`, `windows`, its metrics on the held-out set, and the
            best baseline's.
        target_metrics: Of several targets, a row for each: `target`, its metrics, and the best baseline's.
        kept_predictions: Of a run of arrays, whose data are not saved, the table of its predictions; else None.
        lag: Errors of predictions one step ahead against the last value; None where there are none, and where the run
            is of an earlier version.
        calibration: What calibrates the bands of forecasts; None where there are none.
        last_backtest: The newest backtest of the run; None where there is none.
        refitted: Weights trained on all rows, which forecasts of the future use; None where there are none.
        training: What going on with the training needs besides: the SHA-256 of its data, the run whose weights it
            started from, machine, versions and notes; empty in runs of earlier versions.
        moments: The weights of moments of the training; None in runs of earlier versions.
        save_problem: Why the run could not be saved where it was to be, a sentence that is among the warnings of a run
            that is not saved, and in no file; empty where it was.
        unfinished: Whether another process trains it now (running) or none does (interrupted), where it has not ended.
        name: Name in the run list, or of the folder or file; empty until the run is saved.
        path: Folder or .rnnrun file; empty until the run is saved.
    """

    experiment: Experiment
    record: History
    metrics: dict[str, float]
    baseline: dict[str, dict[str, float]]
    scalers: Scalers
    info: DataInfo
    weights: Weights
    context: Floats
    warnings: list[str] = field(default_factory=list)
    decision: Decision | None = None
    class_rows: list[dict[str, Any]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    series_metrics: list[dict[str, Any]] = field(default_factory=list)
    target_metrics: list[dict[str, Any]] = field(default_factory=list)
    kept_predictions: dict[str, NDArray[Any]] | None = None
    lag: LagErrors | None = None
    last_backtest: Backtest | None = None
    refitted: Refit | None = None
    calibration: Calibration | None = None
    plan: Floats | None = None
    training: dict[str, Any] = field(default_factory=dict)
    moments: Moments | None = None
    save_problem: str = ""
    unfinished: str = "interrupted"
    name: str = ""
    path: str = ""

    def predictions_to_keep(self) -> dict[str, NDArray[Any]] | None:
        """Return the arrays of `kept_predictions` for the files of the run."""
        return self.kept_predictions

    @property
    def outcome(self) -> str:
        """How the training ended: completed, early_stopped, stopped, diverged or failed; running or interrupted."""
        return self.record.outcome or self.unfinished

    @property
    def positive_class(self) -> str:
        """Of two classes, the name of that of ROC AUC, average precision and threshold; empty for other runs."""
        return "" if self.decision is None else self.info.classes[self.decision.positive]

    @property
    def chosen_on_test(self) -> bool:
        """Whether early stopping or the best weights used the test set, so that its metrics are too good."""
        training = self.experiment.training
        sets = [name for name, count in self.info.windows.items() if count]
        return chosen_on_test(
            patience=training.patience,
            restores_best=training.restore_best_weights,
            sets=sets,
            picked=self.record.picked,
        )

    @property
    def has_best_weights(self) -> bool:
        """Whether the weights are those of the best evaluation."""
        return has_best_weights(self.experiment.training.restore_best_weights, self.record.picked)

    @property
    def better_before(self) -> BetterBefore | None:
        """What was better at the best evaluation than with the final weights; None where nothing was."""
        if self.has_best_weights:
            return None
        return better_before(self.metrics, self.record.evaluations, self.info)

    @property
    def footnote(self) -> str:
        """A sentence about the metrics that tables mark, because a choice was made on the test set; else empty."""
        training = self.experiment.training
        if not self.chosen_on_test:
            return ""
        return footnote(
            patience=training.patience, restores_best=training.restore_best_weights, picked=self.record.picked
        )

    @property
    def conclusions(self) -> list[str]:
        """Sentences on the best baseline, late predictions, the best evaluation, bands, and weights of all rows."""
        sentences = conclusions(
            self.metrics,
            self.baseline,
            self.info,
            self.lag,
            self.record.step,
            decision=self.decision,
            chosen_on_test=self.chosen_on_test,
            restores_best=self.has_best_weights,
            initial=next((e for e in self.record.evaluations if e["step"] == 0), None),
            before=self.better_before,
        )
        sentences += coverage_sentences(self.metrics, self.calibration, chosen_on_test=self.chosen_on_test)
        return sentences if self.refitted is None else [*sentences, self.refitted.sentence]

    @property
    def suggestions(self) -> list[Suggestion]:
        """Settings that may help where the run is hardly better than its best baseline, each with the reason."""
        return suggestions(self.experiment, self.info, self.metrics, self.baseline, self.record.step)

    @property
    def requested(self) -> Experiment:
        """The experiment before the automatic settings were chosen from the training set; equal to it without any."""
        return self.experiment.model_copy(update={"automatic": tuple(choice.setting for choice in self.choices)})

    @property
    def by_series(self) -> pd.DataFrame:
        """Of several series, a data frame with a row for each: windows, metrics, and those of the best baseline.

        The column `chosen_on_test` is there where it is true.
        """
        import pandas as pd

        return self._marked(pd.DataFrame(self.series_metrics))

    @property
    def by_target(self) -> pd.DataFrame:
        """Of several targets, a data frame with a row for each: its metrics, and those of the best baseline."""
        import pandas as pd

        return self._marked(pd.DataFrame(self.target_metrics))

    @property
    def by_step(self) -> pd.DataFrame:
        """Of forecasts of several steps, a data frame with the errors at each step ahead; empty for other runs.

        Columns: `step_ahead`, from 1; `split`, the set they are computed on (test, else val); `targets`, the known true
        values; `rmse` and `mae`, in original units; and those of each baseline, such as `last_value_rmse`. Errors of
        several targets, whose units may differ, are in scaled units: `scaled_mse`, `scaled_mae` and so on.
        """
        import pandas as pd

        return pd.DataFrame() if self.record.step_errors is None else self._marked(self.record.step_errors.frame())

    def history_table(self) -> pd.DataFrame:
        """Return the history as a data frame, a row per update; the column `chosen_on_test` exists where it is true."""
        return self._marked(self.record.frame())

    @property
    def class_metrics(self) -> pd.DataFrame:
        """Of classes, a data frame with a row for each: its metrics on the test set, else on the set before it.

        Columns: `split` (test, val or train), `class`, `support` (true members), `precision`, `recall` and `f1`, NaN
        where the class is never predicted or does not occur, `confused_with`, the most frequent incorrect prediction
        for its members, and `confused`, how often that occurs.
        """
        import pandas as pd

        table = pd.DataFrame(self.class_rows)
        shares = [name for name in ("precision", "recall", "f1") if name in table]
        return self._marked(table.astype(dict.fromkeys(shares, float)))

    def _marked(self, table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(chosen_on_test=True) if self.chosen_on_test and len(table) else table
