"""Published metrics are compared with the run's at the same updates."""

import numpy as np

from rnnstudio.core.catalog import PublishedSeries, Recipe
from rnnstudio.core.events import Evaluated, StepsDone
from rnnstudio.core.history import History
from rnnstudio.core.published import compare_with_publication


def test_published_metrics_are_compared_at_the_same_update() -> None:
    history = History()
    for event in (
        StepsDone(0, np.array([3, 2], np.float32)),
        Evaluated(2, {"test_loss": 1.5}),
        StepsDone(2, np.array([1], np.float32)),
    ):
        history.apply(event)
    recipe = Recipe(
        "r",
        "R",
        "p",
        "S.",
        {},
        (PublishedSeries("train_loss", ((0, 0.7), (4, 0.1))), PublishedSeries("test_loss", ((2, 0.2), (3, 0.3)))),
    )
    rows = [(c.metric, c.update, c.published, c.run) for c in compare_with_publication(recipe, history)]
    assert rows == [
        ("train_loss", 0, 0.7, 3.0),
        ("train_loss", 4, 0.1, None),
        ("test_loss", 2, 0.2, 1.5),
        ("test_loss", 3, 0.3, None),
    ]
