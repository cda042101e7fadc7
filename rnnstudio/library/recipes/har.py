"""A. Taspinar, "Building Recurrent Neural Networks in Tensorflow", 2018: human activities, in six models.

>>> import rnnstudio as rs
>>> rs.describe("recipe", "har")["models"][:3]
['har', 'har_lstm', 'har_gru']
>>> rs.experiment("har_two_layer_lstm").model.layers, rs.experiment("har_best").data.frame
(2, 8)
"""

from rnnstudio.core.catalog import PublishedSeries, Recipe, recipe
from rnnstudio.library.shared.models import BACKWARD, other_models

_RNN = recipe(
    Recipe(
        name="har",
        title="Human activities",
        publication='A. Taspinar, "Building Recurrent Neural Networks in Tensorflow", 2018',
        summary="A simple RNN classifies activities such as walking and sitting from nine signals of a smartphone.",
        defaults={
            "dataset": "har",
            "cell": "rnn",
            "units": 32,
            "cell_initializer": "glorot_joint",
            "head_initializer": "truncated_normal",
            "head_initializer_std": 1.0,
            "optimizer": "adam",
            "learning_rate": 0.001,
            "batch_size": 100,
            "updates": 5000,
            "sampling": "shuffle_once",
            "l2": 0.001,
            "evaluate_every": 500,
        },
        published=(
            PublishedSeries(
                "test_accuracy",
                tuple(
                    zip(
                        range(0, 5000, 500),
                        (0.2799, 0.6067, 0.6868, 0.6922, 0.5093, 0.6597, 0.6593, 0.6966, 0.7044, 0.7068),
                        strict=True,
                    )
                ),
                "Printed every 500 updates.",
            ),
            PublishedSeries("train_accuracy", ((3500, 0.79),), "On the current batch."),
        ),
        remarks=(
            "The training windows are shuffled once; batch i starts at (i * 100) mod (7352 - 100).",
            "Other results on the same test set: two-layer LSTMs 91.7 % (G. Chevalier) and 93.48 % (csarron/lstm_har), "
            "an LSTM 90.9 % with a standard deviation of 0.9 over ten runs.",
        ),
        plot="confusion",
        order=40,
    )
)

_ONLY = ("The publication prints metrics for its simple RNN only.",)
_LSTM = {"cell": "lstm", "forget_bias": 1.0}

other_models(
    _RNN,
    "The same data, settings and batches as the recipe har, with the model",
    {
        "lstm": ("LSTM", _LSTM, _ONLY),
        "gru": ("GRU", {"cell": "gru", "reset_after": False, "gate_bias": 1.0}, _ONLY),
        "bidirectional_lstm": ("bidirectional LSTM", {**_LSTM, "bidirectional": True}, (BACKWARD, *_ONLY)),
        "two_layer_lstm": ("two-layer LSTM", {**_LSTM, "layers": 2}, _ONLY),
        "multi_layer_lstm": ("four-layer LSTM", {**_LSTM, "layers": 4}, _ONLY),
    },
)

recipe(
    Recipe(
        name="har_best",
        title="Human activities: best model",
        publication="rnnstudio; the data of Anguita et al. 2013",
        summary="A GRU reads eight samples per step and trains on randomly rotated signals.",
        defaults={
            "dataset": "har",
            "frame": 8,
            "scale": "standard",
            "cell": "gru",
            "units": 128,
            "pooling": "max",
            "optimizer": "adam",
            "learning_rate": 0.005,
            "schedule": "cosine",
            "batch_size": 64,
            "updates": 2000,
            "label_smoothing": 0.1,
            "clip_norm": 1.0,
            "rotation_std": 23.0,
            "evaluate_every": 200,
        },
        remarks=(
            "The settings were chosen by the accuracy on held-out training subjects, in three folds: 96.3 %, the "
            "better estimate for unseen people.",
            "Random rotation of the sensors improves the result most, because people wear a phone at many angles.",
        ),
        plot="confusion",
        order=48,
        model_of="har",
    )
)
