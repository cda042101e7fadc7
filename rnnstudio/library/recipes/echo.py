"""E. Hallström, "How to build a recurrent neural network in TensorFlow", KDnuggets 2017.

>>> import rnnstudio as rs
>>> experiment = rs.experiment("echo", echo_step=5)
>>> experiment.data.echo_step, experiment.model.stateful
(5, True)
"""

from rnnstudio.core.catalog import PublishedSeries, Recipe, recipe

_WINDOWS = 666  # updates per epoch: 50,000 bits in 5 rows of windows of 15

recipe(
    Recipe(
        name="echo",
        title="Echo of random bits",
        publication='E. Hallström, "How to build a recurrent neural network in TensorFlow", KDnuggets 2017',
        summary="A simple RNN of four units learns to repeat random bits after three steps, which needs a memory.",
        defaults={
            "dataset": "echo",
            "series_length": 50_000,
            "echo_step": 3,
            "window": 15,
            "cell": "rnn",
            "units": 4,
            "stateful": True,
            "cell_initializer": "uniform_0_1",
            "head_initializer": "uniform_0_1",
            "optimizer": "adagrad",
            "learning_rate": 0.3,
            "batch_size": 5,
            "epochs": 100,
        },
        published=(
            PublishedSeries(
                "train_loss",
                (
                    (0, 0.694),
                    (2 * _WINDOWS + 200, 0.528),
                    (2 * _WINDOWS + 300, 0.038),
                    (2 * _WINDOWS + 600, 0.0081),
                    (3 * _WINDOWS, 0.254),
                    (3 * _WINDOWS + 600, 0.0030),
                    (4 * _WINDOWS, 0.188),
                    (4 * _WINDOWS + 600, 0.0020),
                ),
                "Printed every 100 windows; epochs are counted from 0.",
            ),
        ),
        remarks=(
            "The loss stays near 0.69 for some epochs and then falls; the seed decides when.",
            "The loss has a peak at the start of each epoch: the state is reset, and the first targets of four of the "
            "five rows are bits before it.",
            "The network cannot learn with a window that is not longer than the echo delay: try window 3.",
        ),
        plot="echo",
        order=1,
    )
)
