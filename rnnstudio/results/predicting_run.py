"""A trained run that predicts from new data."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rnnstudio.core.errors import DataError
from rnnstudio.results.column_series import with_names
from rnnstudio.results.contents import RunContents
from rnnstudio.results.new_data import NewData, read_new_data
from rnnstudio.results.new_evaluation import NewEvaluation, evaluated
from rnnstudio.results.new_predictions import predict_new_data
from rnnstudio.results.new_source import chosen_options, new_source
from rnnstudio.results.new_truth import truth_of
from rnnstudio.results.predicted_rows import predicted_table
from rnnstudio.results.several_series import network_of

if TYPE_CHECKING:
    import pandas as pd

    from rnnstudio.results.trained_network import TrainedNetwork


class PredictingRun(RunContents):
    """The predictions of a run for new data."""

    __slots__ = ("_network",)

    _network: TrainedNetwork | None

    def predict(self, x: Any, *, probabilities: bool = False, series: Any = "", **reading: Any) -> Any:
        """Return the network's predictions for `x`.

        Args:
            x: Sequences `(N, T, F)`, or one sequence `(T, F)` or `(T,)`, in original units; a list of sequences may
                have unequal lengths. Columns of arrays go by position, as many as the run has features. Of one feature,
                a matrix `(N, T)` is N sequences, each at least as long as a window. A data frame, or the path of a
                file, has columns with the names of the features; `sequence` and `series` columns split it. Where
                `missing` is past or mask, NaN is filled and said.
            probabilities: For classes: return the probability of each, `(..., C)`, in the order of `info.classes`.
            series: Of a run of several series: the one that `x` continues, where `x` does not name it.
            **reading: How a file or frame is read, if not as in the training, by the settings that `inspect` takes.

        Returns:
            classify: class names, `(N,)`. label: class names, `(N, T)`. regress: values, `(N, T, D)`. forecast: the
            values after each window, `(N, windows, horizon)`, for each position of the window in a longer sequence. The
            first axis is left out for one sequence, the last where its length is 1. For sequences of unequal length: a
            list with the predictions of each; for classify an array. For several series: a list ordered by name.

        Raises:
            DataError: Wrong shape, text, or missing values that the run does not fill.
            SettingError: More steps in a row are missing than `max_gap`, or a setting is unknown or unclear.

        >>> import rnnstudio as rs
        >>> run = rs.train("toy", updates=1, verbose=0, save=False)
        >>> run.predict([0.1] * 20).shape
        (20,)
        """
        x = with_names(x, self.info) if series in (None, "") else x
        new = self._new_data(x, series, reading)
        if new is None:
            network = network_of(self, self._trained_network(), series)
            return network.predict(x, probabilities=probabilities, are_arrays=True)
        return predict_new_data(new, self, self._trained_network(), probabilities)

    def predict_table(self, x: Any, *, probabilities: bool = False, series: Any = "", **reading: Any) -> pd.DataFrame:
        """Return the predictions for a file or data frame as a data frame, with the times of its rows.

        Arguments and errors are those of `predict`; arrays are refused. Columns: `series` or `sequence` where there are
        several; `step`, the number of rows read before the prediction; `time` of the last of them, where known; then
        `prediction` or, of several values or classes, a column for each. A forecast is of the values after that row.

        >>> import pandas as pd
        >>> import rnnstudio as rs
        >>> sales = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=60), "sales": range(60)})
        >>> run = rs.train(sales, target="sales", window=5, updates=1, verbose=0, save=False)
        >>> run.predict_table(sales)[["step", "time"]].head(2).astype(str).to_numpy().tolist()
        [['5', '2024-01-05'], ['6', '2024-01-06']]
        """
        new = self._new_data(x, series, reading)
        if new is None:
            raise DataError(
                f"predict_table takes a file or a data frame, whose rows may have times; received {type(x).__name__}. "
                "Use predict for arrays."
            )
        predictions = predict_new_data(new, self, self._trained_network(), probabilities)
        return predicted_table(predictions, new, self.info, probabilities)

    def evaluate(self, x: Any, *, series: Any = "", **reading: Any) -> NewEvaluation:
        """Return the predictions for a file or data frame beside the truth in it, with their metrics.

        Arguments and errors are those of `predict_table`. The result has a `table` with the column `truth` beside
        `prediction` where the data hold what is predicted, and of classes their probabilities; `metrics`, accuracy of
        classes, rmse and mae of values, of several targets those of each (rmse_NAME); `count`, the number of
        predictions with a truth; and `notes`.

        >>> import pandas as pd
        >>> import rnnstudio as rs
        >>> sales = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=60), "sales": range(60)})
        >>> run = rs.train(sales, target="sales", task="forecast", window=5, updates=1, verbose=0, save=False)
        >>> result = run.evaluate(sales)
        >>> sorted(result.metrics), result.count, list(result.table.columns)
        (['mae', 'rmse'], 55, ['step', 'time', 'truth', 'prediction'])
        """
        source = new_source(x, self)
        changed = chosen_options(x, source, reading)
        if source is None:
            raise DataError(
                f"evaluate takes a file or a data frame, whose columns have names; received {type(x).__name__}."
            )
        new = read_new_data(source, self, changed, series)
        network = self._trained_network()
        predictions = predict_new_data(new, self, network, False)
        shares = predict_new_data(new, self, network, True) if self.info.classes else None
        return evaluated(predictions, shares, new, self.info, truth_of(source, self, changed, new))

    def _new_data(self, x: Any, series: Any, reading: Mapping[str, Any]) -> NewData | None:
        """Return the inputs in a file or data frame, and warn of what was assumed; None for arrays."""
        source = new_source(x, self)
        changed = chosen_options(x, source, reading)
        if source is None:
            return None
        new = read_new_data(source, self, changed, series)
        for note in new.notes:
            warnings.warn(note, UserWarning, stacklevel=3)
        return new

    def _trained_network(self) -> TrainedNetwork:
        """Return the network with the run's weights, built on first use."""
        if self._network is None:
            from rnnstudio.results.trained_network import TrainedNetwork  # loads TensorFlow

            self._network = TrainedNetwork(self.experiment, self.info, self.scalers, self.weights, self.decision)
        return self._network
