"""S. Lee, "Recurrent Neural Network", iSystems Design Lab, UNIST: the vibration of a rotating machine.

>>> import rnnstudio as rs
>>> experiment = rs.experiment("machinery", horizon=50)
>>> experiment.data.window * experiment.data.frame, experiment.data.horizon
(1000, 50)
"""

from rnnstudio.core.catalog import PublishedSeries, Recipe, recipe

recipe(
    Recipe(
        name="machinery",
        title="Vibration of a machine",
        publication='S. Lee, "Recurrent Neural Network", iSystems Design Lab, UNIST',
        summary="A two-layer LSTM predicts the next 100 samples of a machine's vibration from the 1,000 before them.",
        defaults={
            "dataset": "machinery",
            "window": 10,
            "frame": 100,
            "test_context": "inside",
            "horizon": 100,
            "stride": 5,
            "cell": "lstm",
            "units": 100,
            "layers": 2,
            "dense_units": [100],
            "forget_bias": 1.0,
            "cell_initializer": "glorot_joint",
            "head_initializer": "normal",
            "head_initializer_std": 0.01,
            "optimizer": "adam",
            "learning_rate": 0.0002,
            "batch_size": 1,
            "sampling": "sequential",
            "updates": 2500,
            "evaluate_every": 250,
        },
        published=(
            PublishedSeries(
                "train_loss",
                (
                    (0, 0.1786),
                    (250, 0.1378),
                    (500, 0.0834),
                    (750, 0.0763),
                    (1000, 0.0226),
                    (1250, 0.0037),
                    (1500, 0.0079),
                    (1750, 0.0861),
                    (2000, 0.0031),
                    (2250, 0.0151),
                ),
                "Loss of the single window of that update, printed every 250 updates.",
            ),
        ),
        remarks=(
            "The publication's signal is not public. A simulated signal of the same length and range replaces it, so "
            "the loss should fall as the published one does, but its values differ.",
            "Set file to your own signal or to a measured one, such as 105_0.mat of the Case Western Reserve "
            "University Bearing Data Center.",
            "The best baseline is the value one turn of the shaft earlier. Set sampling shuffle, batch_size 16, "
            "learning_rate 0.001 and 4,000 updates: the test error is then about half of the baseline's (seeds 0 "
            "to 2).",
            "Each update uses a single window, in the order of time, so the loss varies strongly between updates.",
        ),
        plot="multi_step",
        order=5,
    )
)
