"""Lines of truth and predictions over the steps of a series."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.predictions import SeriesPredictions
from rnnstudio.gui.charts.prediction_lines import series_lines


def test_the_line_of_a_large_counter_keeps_its_differences_and_its_gaps() -> None:
    counter = 987_654_321 + 3.0 * np.arange(6)
    predicted_at = np.array([1, 2, 4, 5])
    predictions = SeriesPredictions(
        first=0, truth=counter, val_begin=3, test_begin=4, one_step_at=predicted_at, one_step=counter[predicted_at]
    )
    positions, values = series_lines(predictions)["one_step"]
    np.testing.assert_array_equal(positions, [1, 2, 3, 4, 5])
    np.testing.assert_array_equal(values, [*counter[1:3], np.nan, *counter[4:]])
