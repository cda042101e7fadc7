"""Runs that differ by seed as one run that predicts and forecasts the mean of their predictions."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnstudio.core.bands import margins_at_end, mean_calibration
from rnnstudio.core.decision import Decision
from rnnstudio.core.errors import DataError
from rnnstudio.results.backtest_result import Backtest
from rnnstudio.results.contents import RunContents
from rnnstudio.results.group_backtest import backtest_each, mean_backtest
from rnnstudio.results.run import Run

if TYPE_CHECKING:
    from rnnstudio.core.sequence import SequenceData
    from rnnstudio.results.ensemble_table import EnsembleTable
    from rnnstudio.results.held_out_table import HeldOutTable
    from rnnstudio.results.trained_network import TrainedNetwork

_OF_ONE_RUN = ("kept_predictions", "last_backtest")  # what is of one network alone


class EnsembleRun(Run):
    """The first of several runs with the mean of all their predictions, for everything that predicts or forecasts."""

    __slots__ = ("members",)

    members: list[Run]

    @classmethod
    def of_members(cls, members: Sequence[Run]) -> EnsembleRun:
        """Return the ensemble of runs that differ by seed."""
        run = cls.__new__(cls)
        for field in fields(RunContents):
            value = None if field.name in _OF_ONE_RUN else getattr(members[0], field.name)
            setattr(run, field.name, value)
        run._data, run._network, run._refit_network = members[0]._data, None, None
        run.calibration = mean_calibration([member.calibration for member in members])
        run.members, run.decision = list(members), mean_decision([member.decision for member in members])
        run.refitted = members[0].refitted if all(member.refitted for member in members) else None
        return run

    def refit(
        self,
        should_stop: Callable[[], bool] = lambda: False,
        report: Callable[[int, int], None] = lambda done, total: None,
    ) -> bool:
        """Train those again on all rows that have not been, and return whether that was finished."""
        for member in self.members:
            if member.refitted is None and not member.refit(should_stop, report):
                return False
        self.refitted, self._refit_network = self.members[0].refitted, None
        return True

    def calibrate(self) -> None:
        """Compute the margins of the bands after the test set, where the members have bands.

        Raises:
            DataError: The data cannot be loaded.
        """
        if self.calibration is None or not np.isnan(self.calibration.margins).all():
            return
        data = self.data()
        margins = margins_at_end(self.calibration, self.scalers.targets, len(data.inputs))
        if len(data.test):
            table = self.held_out()
            for _ in table.blocks():
                pass
            margins = margins if table.margins is None else table.margins
        self.calibration = replace(self.calibration, margins=margins)

    def at(self, update: Any) -> EnsembleRun:
        """Refuse: the runs of a group have moments, not their mean.

        Raises:
            DataError: Always.
        """
        raise DataError(f"The mean of a group has no moments: take one of its runs ({update!r:.40} of its training).")

    def _prepare_bands(self) -> None:
        """Calibrate the bands for the mean of the forecasts, where the data can be loaded."""
        if self.calibration is None and any(member.calibration is not None for member in self.members):
            sentence = "The forecast has no bands, because one of the runs has none: forecast with one of the others."
            warnings.warn(sentence, UserWarning, stacklevel=5)
        try:
            self.calibrate()
        except DataError as error:
            self.calibration = None
            warnings.warn(f"The forecast has no bands, because the data are needed: {error}", UserWarning, stacklevel=5)

    def compute_backtest(
        self,
        origins: Any,
        steps: Any,
        every: Any,
        refit: Any,
        *,
        should_stop: Callable[[], bool],
        report: Callable[[int, int, str], None],
        save: Any = True,
    ) -> Backtest:
        """Return the backtest of the mean of the forecasts, which an ensemble does not save."""
        each = backtest_each(self.members, (origins, steps, every, refit), should_stop, report)
        self.last_backtest = mean_backtest(each, self.name)
        return self.last_backtest

    def held_out(self) -> EnsembleTable:
        """Return the table of the mean predictions on the held-out set.

        Raises:
            DataError: The data cannot be loaded, or were arrays.
        """
        from rnnstudio.results.ensemble_table import ensemble_table  # loads TensorFlow

        return ensemble_table(self, self.data(), [member._trained_network() for member in self.members])

    def _held_out_table(self, data: SequenceData) -> HeldOutTable:
        return self.held_out()

    def _trained_network(self) -> TrainedNetwork:
        if self._network is None:
            self._network = self._mean_of([member._trained_network() for member in self.members])
        return self._network

    def _network_of_refit(self) -> TrainedNetwork:
        if self._refit_network is None:
            self._refit_network = self._mean_of([member._network_of_refit() for member in self.members])
        return self._refit_network

    def _mean_of(self, networks: Sequence[TrainedNetwork]) -> TrainedNetwork:
        from rnnstudio.results.ensemble_network import EnsembleNetwork  # loads TensorFlow

        return EnsembleNetwork(networks, self.decision, self.info.classes)


def mean_decision(decisions: Sequence[Decision | None]) -> Decision | None:
    """Return the rule of an ensemble: the mean of the thresholds, for the mean of the probabilities.

    Without a threshold in each of them the more probable class is predicted.

    >>> mean_decision([Decision(1, 0.25), Decision(1, 0.75)])
    Decision(positive=1, threshold=0.5, is_even=False)
    """
    first = decisions[0]
    if first is None:
        return None
    thresholds = [own.threshold for own in decisions if own is not None and own.threshold is not None]
    mean = sum(thresholds) / len(thresholds) if len(thresholds) == len(decisions) else None
    return Decision(first.positive, mean, first.is_even)
