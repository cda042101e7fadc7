"""A trained run that can be backtested."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rnnstudio.core.arguments import whole_number
from rnnstudio.core.errors import SettingError, StoppedError
from rnnstudio.results.backtest_files import backtest_writers
from rnnstudio.results.backtest_result import Backtest
from rnnstudio.results.forecasting_run import ForecastingRun
from rnnstudio.results.interrupts import deferred_interrupts
from rnnstudio.results.run_as_of import CONTINUED
from rnnstudio.results.saving import save_part

if TYPE_CHECKING:
    from rnnstudio.results.backtesting import Report, Subject

_MAX = 1_000_000


class BacktestedRun(ForecastingRun):
    """The backtest of a run."""

    __slots__ = ()

    def backtest(
        self,
        origins: Any = None,
        *,
        steps: Any = None,
        every: Any = None,
        refit: Any = False,
        verbose: float = 1,
        save: Any = True,
    ) -> Backtest:
        """Return forecasts from several origins in the past, of the network and of baselines, with their errors.

        No row after an origin has a part in its forecasts. The network is that of the run where it was trained on rows
        before the first origin; else one with the settings of the run is trained on those rows.

        Args:
            origins: Number of origins; by default at most 20, spread over the test set.
            steps: Steps ahead; the horizon by default. More than the horizon are fed back block by block.
            every: Rows from one origin to the next; by default at least `steps`.
            refit: Train the network again at each origin, on all rows before it.
            verbose: 0 for no output, 1 for lines of progress.
            save: Save the backtest with a saved run, in place of an earlier one.

        Raises:
            DataError: The task is not forecast, or the data cannot be loaded.
            SettingError: The origins or steps do not fit the series.
            StoreError: The backtest cannot be saved; `last_backtest` holds it.
            KeyboardInterrupt: Ctrl-C was pressed.

        >>> import rnnstudio as rs
        >>> run = rs.train([n % 7 for n in range(90)], window=7, updates=1, verbose=0, save=False)
        >>> run.backtest(3, steps=1, verbose=0).origins
        3
        """
        return interruptible_backtest(self.compute_backtest, origins, steps, every, refit, verbose=verbose, save=save)

    def compute_backtest(
        self,
        origins: Any,
        steps: Any,
        every: Any,
        refit: Any,
        *,
        should_stop: Callable[[], bool],
        report: Report,
        save: Any = True,
    ) -> Backtest:
        """Return a backtest; window and command line use this function.

        Args:
            origins: As in `backtest`.
            steps: As in `backtest`.
            every: As in `backtest`.
            refit: As in `backtest`.
            should_stop: Asked between chunks of updates.
            report: Receives the progress.
            save: As in `backtest`.

        Raises:
            StoppedError: `should_stop` was true.
            RnnStudioError: As in `backtest`.
        """
        from rnnstudio.results.backtesting import Request, run_backtest  # loads TensorFlow

        if self.record.picked:
            raise SettingError(
                "A backtest trains networks with the settings of a run, which do not say that the weights after update "
                f"{self.record.weights_step:,} were picked. Backtest the run as it was trained.",
                "run",
            )
        if refit not in (True, False):
            raise SettingError(f"refit must be true or false; received {refit!r}.", "refit")
        numbers = {"origins": origins, "steps": steps, "every": every}
        whole = {name: None if v is None else whole_number(v, name, 1, _MAX) for name, v in numbers.items()}
        request = Request(**whole, refit=bool(refit))
        self.last_backtest = run_backtest(self._subject(), request, should_stop, report)
        if save and self.path:
            save_part(self, backtest_writers(self.last_backtest))
        return self.last_backtest

    def save(self, path: Any = None, *, overwrite: bool = False) -> str:
        """Save the run; see `Run.save`."""
        raise NotImplementedError

    def _subject(self) -> Subject:
        from rnnstudio.results.backtest_network import FittedNetwork
        from rnnstudio.results.backtesting import Subject

        data = self.data()
        reads_later_rows = (
            self.chosen_on_test
            or self.experiment.data.fit_scaler_on == "all"
            or self.outcome in ("failed", "diverged")
            or any(warning.startswith(CONTINUED) for warning in self.warnings)
        )
        fitted = None if reads_later_rows else FittedNetwork(self.experiment, self.info, self.scalers, self.weights)
        return Subject(data, self.requested, self.experiment, fitted, self.name, self.calibration)


def interruptible_backtest(compute: Callable[..., Backtest], *request: Any, verbose: float, save: Any) -> Backtest:
    """Return a backtest that Ctrl-C stops.

    Args:
        compute: `compute_backtest` of a run or group.
        *request: Its origins, steps, every and refit.
        verbose: 0 for no output, 1 for lines of progress.
        save: As in `Run.backtest`.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    with deferred_interrupts() as ctrl_c:
        ctrl_c.deferring = True
        report = _print_lines if verbose else _say_nothing
        try:
            return compute(*request, should_stop=lambda: ctrl_c.pressed, report=report, save=save)
        except StoppedError:
            raise KeyboardInterrupt("the backtest was stopped") from None


def _print_lines(done: int, of: int, text: str) -> None:
    if text:
        sys.stdout.write(f"backtest: part {done + 1} of {of}, {text}\n")
        sys.stdout.flush()


def _say_nothing(done: int, of: int, text: str) -> None:
    """Report nothing."""
