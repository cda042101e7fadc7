"""A trained run that can be had back as it was at earlier moments of its training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rnnstudio.core.errors import DataError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.results.array_data import read_array_data
from rnnstudio.results.backtested_run import BacktestedRun
from rnnstudio.results.contents import RunContents
from rnnstudio.results.run_archive import open_run
from rnnstudio.results.run_as_of import (
    contents_as_of,
    evaluation_of,
    history_until,
    kept_updates,
    moment_of,
    weights_of,
)

if TYPE_CHECKING:
    from rnnstudio.engine.evaluated_weights import WeightsEvaluation


class TimedRun(BacktestedRun):
    """The moments of a run."""

    __slots__ = ("_evaluation",)

    _evaluation: WeightsEvaluation | None  # with a network of its own, built on first use

    @classmethod
    def of(cls, contents: RunContents) -> Self:
        """Return the run with these contents; see `Run.of`."""
        raise NotImplementedError

    @property
    def kept_updates(self) -> list[int]:
        """The numbers of updates whose weights the run has: about 20 spread over the training, the best, the last.

        >>> import rnnstudio as rs
        >>> rs.train("toy", updates=4, verbose=0, save=False).kept_updates
        [0, 1, 2, 3, 4]
        """
        return kept_updates(self)

    def at(self, update: Any) -> Self:
        """Return the run as it was after the nearest of its `kept_updates`, with the metrics of the weights then.

        It predicts, forecasts and draws with these weights. Its history ends there; it is not saved, and has no bands.
        The run itself is returned where these are its own weights, unless they were not evaluated: those of a run that
        was interrupted between two evaluations have metrics here alone.

        Args:
            update: A number of updates; best, for the weights of the best evaluation; or last.

        Raises:
            SettingError: It is neither.
            DataError: The run has no such weights.
            StoreError: They cannot be read.

        >>> import rnnstudio as rs
        >>> run = rs.train("toy", updates=4, verbose=0, save=False)
        >>> run.at(2).record.step, run.at("best").metrics["test_loss"] <= run.metrics["test_loss"]
        (2, True)
        """
        step = moment_of(self, update)
        if step == self.record.weights_step and self.metrics:
            return self
        weights, record = weights_of(self, step), history_until(self, step)
        try:
            if self._evaluation is None:
                self._evaluation = evaluation_of(self, self._data_of_moments())
            evaluated, problem = self._evaluation.evaluate(weights, record), ""
        except DataError as error:
            evaluated, problem = None, str(error)
        run = type(self).of(contents_as_of(self, record, weights, evaluated, problem))
        run._data = self._data
        return run

    def _data_of_moments(self) -> SequenceData:
        """Return the data of the run; of arrays those in its folder.

        Raises:
            DataError: They cannot be loaded.
        """
        if self._data is None and self.path and self.experiment.data.dataset == "arrays":
            with open_run(Path(self.path)) as files:
                self._data = read_array_data(files, self.info)
        return self.data()
