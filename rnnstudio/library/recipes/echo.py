"""E. Hallström, "How to build a recurrent neural network in TensorFlow", KDnuggets 2017."""

from rnnstudio.core.catalog import PublishedSeries, Recipe, recipe

_WINDOWS = 666  # per epoch: 50,000 bits in 5 rows, read 15 at a time

recipe(
    Recipe(
        name="echo",
        title="Echo of random bits",
        publication='E. Hallström, "How to build a recurrent neural network in TensorFlow", KDnuggets 2017',
        summary="Four hidden units learn to repeat a stream of random bits three steps late: a memory in the making.",
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
                "Printed every 100 windows; epochs counted from 0.",
            ),
        ),
        remarks=(
            "The loss stays near 0.69 until it breaks; when that happens differs from seed to seed.",
            "Each epoch starts with a spike: the first bits of four of the five rows echo bits that the fresh "
            "state has not seen.",
            "A window no longer than the echo delay cannot learn: try window 3.",
        ),
        plot="echo",
        order=1,
    )
)
