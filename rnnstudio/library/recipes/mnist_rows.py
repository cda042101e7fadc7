"""The "R Deep Learning Cookbook", chapter 6: digits row by row, in the chapter's four models.

>>> import rnnstudio as rs
>>> rs.experiment("mnist_rows").data.image_size, rs.experiment("mnist_rows_lstm").model.cell
(16, 'lstm')
>>> rs.experiment("mnist_rows_best").training.schedule
'cosine'
"""

from rnnstudio.core.catalog import Recipe, recipe
from rnnstudio.library.shared.models import BACKWARD, other_models

_RNN = recipe(
    Recipe(
        name="mnist_rows",
        title="Digits, row by row",
        publication='"R Deep Learning Cookbook", chapter 6',
        summary="A simple RNN reads images of 16 x 16 pixels row by row and classifies the handwritten digit.",
        defaults={
            "dataset": "mnist_rows",
            "image_size": 16,
            "cell": "rnn",
            "units": 64,
            "cell_initializer": "glorot_joint",
            "head_initializer": "normal",
            "head_initializer_std": 1.0,
            "optimizer": "adam",
            "learning_rate": 0.01,
            "batch_size": 500,
            "updates": 100,
            "sampling": "random",
            "evaluate_every": 20,
        },
        remarks=("The publication prints no metrics; it plots the training loss of its bidirectional model.",),
        plot="sequences",
        order=50,
    )
)

other_models(
    _RNN,
    "The same data, settings and batches as the recipe mnist_rows, with the model",
    {
        "bidirectional_rnn": (
            "bidirectional RNN",
            {"bidirectional": True},
            (BACKWARD,),
        ),
        "three_layer_gru": (
            "three-layer GRU",
            {"cell": "gru", "layers": 3, "reset_after": False, "gate_bias": 1.0},
            (),
        ),
        "lstm": ("LSTM", {"cell": "lstm", "forget_bias": 1.0}, ()),
    },
)

recipe(
    Recipe(
        name="mnist_rows_best",
        title="Digits, row by row: best model",
        publication="rnnstudio; the data of LeCun, Cortes and Burges",
        summary="A GRU reads all 28 rows of 28 pixels, with maximum pooling over the rows.",
        defaults={
            "dataset": "mnist_rows",
            "image_size": 28,
            "cell": "gru",
            "units": 128,
            "pooling": "max",
            "optimizer": "adam",
            "learning_rate": 0.003,
            "schedule": "cosine",
            "batch_size": 128,
            "epochs": 8,
            "label_smoothing": 0.1,
            "clip_norm": 1.0,
            "evaluate_every": 469,
        },
        remarks=(
            "The settings were chosen by the accuracy on held-out training images (98.9 %), not on the test set.",
        ),
        plot="sequences",
        order=58,
        model_of="mnist_rows",
    )
)
