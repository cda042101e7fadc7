"""N. Shukla, "Machine Learning with TensorFlow", chapter 10: the airline passengers.

>>> import rnnstudio as rs
>>> experiment = rs.experiment("airline", cell="gru", updates=500)
>>> experiment.model.cell, experiment.training.updates
('gru', 500)
"""

from rnnstudio.core.catalog import PublishedSeries, Recipe, recipe

_UPDATES = (0, 100, 200, 300, 400)

recipe(
    Recipe(
        name="airline",
        title="Airline passengers",
        publication='N. Shukla, "Machine Learning with TensorFlow", chapter 10',
        summary="An LSTM predicts next month's airline passengers, then continues the series from its own predictions.",
        defaults={
            "dataset": "airline",
            "task": "regress",
            "window": 5,
            "test_fraction": 0.2,
            "test_context": "inside",
            "scale": "standard",
            "fit_scaler_on": "all",
            "cell": "lstm",
            "units": 100,
            "forget_bias": 1.0,
            "cell_initializer": "glorot_joint",
            "head_initializer": "normal",
            "optimizer": "adam",
            "learning_rate": 0.01,
            "batch_size": 0,
            "sampling": "sequential",
            "epochs": 10_000,
            "evaluate_every": 100,
            "patience": 3,
        },
        published=(
            PublishedSeries(
                "train_loss",
                tuple(zip(_UPDATES, (1.163, 0.0422, 0.0407, 0.0392, 0.0375), strict=True)),
                "Every 100 updates.",
            ),
            PublishedSeries(
                "test_loss",
                tuple(zip(_UPDATES, (3.131, 0.2425, 0.2778, 0.2688, 0.2427), strict=True)),
                "Every 100 updates.",
            ),
        ),
        remarks=(
            "The book scales with mean and standard deviation of all data, including the test set (fit_scaler_on all); "
            "for your own data the scaler is fitted on the training set.",
            "The book uses its test set for early stopping, so its best test error is slightly too good.",
            "learning_rate 0.01 and units 100 are from the author's notebook; the book's repository has 0.003 and 5.",
        ),
        plot="forecast",
        order=3,
    )
)
