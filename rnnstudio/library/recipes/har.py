"""A. Taspinar, "Building Recurrent Neural Networks in Tensorflow", 2018: human activities, and its six models."""

from dataclasses import replace
from typing import Any

from rnnstudio.core.catalog import PublishedSeries, Recipe, recipe

_MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "lstm": ("LSTM", {"cell": "lstm"}),
    "gru": ("GRU", {"cell": "gru", "reset_after": False, "gate_bias": 1.0}),
    "bidirectional_lstm": ("bidirectional LSTM", {"cell": "lstm", "bidirectional": True}),
    "two_layer_lstm": ("two-layer LSTM", {"cell": "lstm", "layers": 2}),
    "multi_layer_lstm": ("four-layer LSTM", {"cell": "lstm", "layers": 4}),
}

_RNN = recipe(
    Recipe(
        name="har",
        title="Human activities",
        work='A. Taspinar, "Building Recurrent Neural Networks in Tensorflow", 2018',
        sentence="From nine signals of a smartphone at the waist a simple RNN tells who walks, sits, stands or lies.",
        defaults={
            "dataset": "har",
            "cell": "rnn",
            "units": 32,
            "cell_init": "glorot_joint",
            "head_init": "truncated_normal",
            "head_init_std": 1.0,
            "optimizer": "adam",
            "learning_rate": 0.001,
            "batch_size": 100,
            "updates": 5000,
            "order": "once",
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
                "Shown every 500 steps.",
            ),
            PublishedSeries("train_accuracy", ((3500, 0.79),), "Of the current batch."),
        ),
        remarks=(
            "The training windows are shuffled once; batch i begins at (i * 100) mod (7352 - 100).",
            "Others on the same split: a two-layer LSTM 91.7 % (G. Chevalier) and 93.48 % (csarron/lstm_har), an LSTM "
            "90.9 % with a deviation of 0.9 over ten runs.",
        ),
        picture="confusion",
        place=40,
    )
)

for _place, (_name, (_title, _changes)) in enumerate(_MODELS.items(), start=41):
    recipe(
        replace(
            _RNN,
            name=f"har_{_name}",
            title=f"Human activities: {_title}",
            sentence=f"The same signals, settings and batches with the work's {_title}.",
            defaults={
                **_RNN.defaults,
                **({"forget_bias": 1.0} if _changes["cell"] == "lstm" else {}),
                **_changes,
            },
            published=(),
            remarks=("The work prints numbers for its simple RNN only.", *_RNN.remarks),
            place=_place,
            model_of="har",
        )
    )

recipe(
    Recipe(
        name="har_best",
        title="Human activities, our best",
        work="rnnstudio; the data of Anguita et al. 2013",
        sentence="A GRU that reads eight samples at a time, of a smartphone that is worn a little otherwise each time.",
        defaults={
            "dataset": "har",
            "frame": 8,
            "scale": "standard",
            "cell": "gru",
            "units": 128,
            "readout": "max",
            "optimizer": "adam",
            "learning_rate": 0.005,
            "schedule": "cosine",
            "batch_size": 64,
            "updates": 2000,
            "label_smoothing": 0.1,
            "clip_norm": 1.0,
            "rotate": 23.0,
            "evaluate_every": 200,
        },
        remarks=(
            "Chosen by the accuracy on training people that were held out, in three folds: 96.3 %, the more cautious "
            "figure for people nobody has seen.",
            "Turning the sensors at random while training brings most: people wear a phone at many angles.",
        ),
        picture="confusion",
        place=48,
        model_of="har",
    )
)
