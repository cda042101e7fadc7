"""A trained run with its data, and its predictions on the held-out set, from which its metrics are computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from rnnstudio.core.sequence import SequenceData
from rnnstudio.results.data_of_run import data_of_run
from rnnstudio.results.kept_predictions import arrays_to_keep, kept_table
from rnnstudio.results.predicting_run import PredictingRun

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.held_out_table import HeldOutTable


class EvaluatedRun(PredictingRun):
    """The predictions of a run for its own held-out set."""

    __slots__ = ("_data",)

    _data: SequenceData | None

    def data(self) -> SequenceData:
        """Return the data the run was trained on, in original units; loaded again if not in memory.

        Raises:
            DataError: The data cannot be loaded, were arrays, which are not saved, or are read in another way than in
                the training.

        >>> import rnnstudio as rs
        >>> rs.train("airline", updates=1, verbose=0, save=False).data().inputs.shape
        (1, 144, 1)
        """
        if self._data is None:
            self._data = data_of_run(self.experiment, self.info)
        return self._data

    def share_data(self, other: EvaluatedRun) -> None:
        """Use the data in memory of another run, if it was trained on the same and this one has none in memory."""
        same = self.training.get("data_sha256") == other.training.get("data_sha256")
        if self._data is None and same:
            self._data = other._data

    def predictions(self) -> pd.DataFrame:
        """Return a data frame with all predictions on the test set (else validation, else training set).

        They are computed from the data and the final weights; the metrics of the run are those of this table. A large
        one is written to a file, without holding it in memory, by `export` with table predictions.

        Columns, of which steps count from 0 and are those of `data`:
            forecast: `series` (of several); `origin`, the last step that is read; `step_ahead`, from 1; `step` and
            `time` (where known) of the target; `target` (of several); `truth`; `prediction`; `baseline`, the value of
            the best baseline; of a run with bands `lower_80`, `upper_80` and so on. label and regress: `series` or
            `sequence` (from 1), `step`, `time`, `truth`, `prediction` and, of classes, its `probability`, of values
            `target` and `baseline`; `window`, the first step that is read, where windows overlap. classify: `sequence`,
            `truth`, `prediction`, `probability`, and `probability_CLASS` for each class. regress_sequence: `sequence`,
            `target`, `truth`, `prediction` and `baseline`. A missing truth is missing in the table. Where
            `chosen_on_test` is true, it is a column.

        Raises:
            DataError: The data cannot be loaded, or were arrays, and the table is too large to be saved with the run.

        >>> import rnnstudio as rs
        >>> run = rs.train([n % 7 for n in range(60)], window=7, levels=80, updates=1, verbose=0, save=False)
        >>> list(run.predictions().columns)
        ['origin', 'step_ahead', 'step', 'truth', 'prediction', 'baseline', 'lower_80', 'upper_80']
        """
        import pandas as pd

        return pd.concat(self._prediction_blocks(), ignore_index=True)

    def _prediction_blocks(self) -> Iterator[pd.DataFrame]:
        """Yield the table of `predictions` in parts."""
        if self._data is None and self.experiment.data.dataset == "arrays":
            yield self._marked(kept_table(self.kept_predictions))
            return
        for block in self._held_out_table(self.data()).blocks():
            yield self._marked(block)

    def predictions_to_keep(self) -> dict[str, NDArray[Any]] | None:
        """Return the predictions of a run of arrays, which are saved with it; None for others, and for very many."""
        if self.kept_predictions is None and self._data is not None and self.experiment.data.dataset == "arrays":
            self.kept_predictions = arrays_to_keep(self._held_out_table(self._data))
        return self.kept_predictions

    def held_out(self) -> HeldOutTable:
        """Return the table of the predictions on the held-out set, which is computed block by block.

        Raises:
            DataError: The data cannot be loaded, or were arrays.
        """
        return self._held_out_table(self.data())

    def _held_out_table(self, data: SequenceData) -> HeldOutTable:
        from rnnstudio.results.held_out_table import held_out_table  # loads TensorFlow

        return held_out_table(self, data, self._trained_network())
