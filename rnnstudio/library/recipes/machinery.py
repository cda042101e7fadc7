"""S. Lee, "Recurrent Neural Network", iSystems Design Lab, UNIST: the vibration of a rotating machine."""

from rnnstudio.core.catalog import PublishedSeries, Recipe, recipe

recipe(
    Recipe(
        name="machinery",
        title="Vibration of a machine",
        publication='S. Lee, "Recurrent Neural Network", iSystems Design Lab, UNIST',
        summary="From 1,000 samples of a machine's vibration two LSTM layers tell the next 100, then go on alone.",
        defaults={
            "dataset": "machinery",
            "window": 10,
            "frame": 100,
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
                "Cost of the one window of that update, printed every 250.",
            ),
        ),
        remarks=(
            "The work's own signal is not public. A made-up one of the same length and range stands in its place, so "
            "its printed cost shows the course to expect, not numbers to meet.",
            "Your own signal, or a measured one such as 105_0.mat of the Case Western Reserve University Bearing Data "
            "Center, is read with the setting file.",
            "The naive answer that is hardest to beat is the value one turn of the shaft earlier. order shuffle, "
            "batch_size 16, learning_rate 0.001 and 4,000 updates end at half its error or little more (seeds 0 to 2).",
            "Each update sees one window, in the order of time, so the loss jumps from one to the next.",
        ),
        plot="multi_step",
        order=5,
    )
)
