"""Random settings for files of series: data, model and training."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.combinations.table_of_series import SeriesFile

Generator = np.random.Generator
TASKS = ("forecast", "forecast", "forecast", "regress", "label")


def one_of(rng: Generator, *values: Any) -> Any:
    """Draw one of these values."""
    return values[int(rng.integers(len(values)))]


def data_settings(rng: Generator, file: SeriesFile, task: str) -> dict[str, Any]:
    """Draw the settings of the data."""
    chosen: dict[str, Any] = {
        "task": task,
        "window": int(rng.integers(1, 13)),
        **file.settings,
        **_columns(rng, file, task),
    }
    if task == "forecast":
        chosen |= {"horizon": one_of(rng, 1, 1, 2, 3, 5, 8), "frame": one_of(rng, 1, 1, 1, 2, 3, 4)}
        if chosen["frame"] > 1:
            chosen["window"] = int(rng.integers(1, 5))
    chosen |= {
        "stride": one_of(rng, 1, 1, 2, 3),
        "test_fraction": one_of(rng, 0.2, 0.2, 0.3, 0.15, 0.0),
        "val_fraction": one_of(rng, 0.0, 0.15, 0.2),
        "test_context": one_of(rng, "reach_back", "reach_back", "inside"),
        "missing": one_of(rng, "past", "past", "mask", "drop"),
        "max_gap": one_of(rng, 10, 30),
        "period": one_of(rng, 0, 0, 7, 5),
        "scale": one_of(rng, "standard", "standard", "standard", "none"),
        "fit_scaler_on": one_of(rng, "train", "train", "train", "all"),
    }
    if task != "label" and rng.random() < 0.2:
        chosen["scale"] = "log"
    if file.several or chosen.get("columns_as_series"):
        chosen |= {"split_by": one_of(rng, "date", "share"), "scale_each": bool(rng.random() < 0.7)}
    if rng.random() < 0.2:
        chosen["first_rows"] = int(rng.integers(60, 120))
    chosen["calendar"] = bool(file.style.frequency and rng.random() < 0.3)
    return chosen


def _columns(rng: Generator, file: SeriesFile, task: str) -> dict[str, Any]:
    """Draw which columns are predicted, read, and known ahead."""
    past = [name for name in ("rain", "sky", "load") if rng.random() < 0.25]
    if task == "label":
        own = ["state"] if rng.random() < 0.15 else []
        return {"target": "state", "features": ",".join([*past, "sales", *own])}
    targets = ["sales", "load"] if rng.random() < 0.3 else ["sales"]
    past = [name for name in past if name not in targets]
    chosen: dict[str, Any] = {"target": ",".join(targets)}
    if len(targets) > 1 and not file.several and rng.random() < 0.6:
        chosen["columns_as_series"] = True
    if task == "regress":
        own = targets[: int(rng.integers(1, 3))] if rng.random() < 0.4 else []
        return chosen | {"features": ",".join([*past, *own]) or ",".join(targets)}
    known = [name for name in ("price", "promo", "event") if rng.random() < 0.2]
    if known:
        chosen["known"] = ",".join(known)
    if (past or known) and rng.random() < 0.25:
        chosen["use_past"] = False
    return chosen | ({"features": ",".join(past)} if past else {})


def model_settings(rng: Generator, data: dict[str, Any]) -> dict[str, Any]:
    """Draw the settings of the network."""
    task = data["task"]
    chosen: dict[str, Any] = {
        "cell": one_of(rng, "rnn", "lstm", "gru", "mingru", "minlstm"),
        "units": int(rng.integers(2, 5)),
        "layers": one_of(rng, 1, 1, 1, 2),
        "bidirectional": bool(rng.random() < 0.2),
        "pooling": one_of(rng, "last", "last", "mean", "max"),
        "dense_units": one_of(rng, [], [], [], [3]),
        "dropout": one_of(rng, 0.0, 0.0, 0.2),
        "cell_initializer": one_of(rng, "keras", "keras", "glorot_joint"),
        "head_initializer": one_of(rng, "glorot", "glorot", "normal", "truncated_normal"),
        "head_initializer_std": 0.1,
        "conv_filters": 0,
        "stateful": False,
        "linear_skip": False,
        "predict_change": "none",
        "scale_windows": "none",
    }
    if task in ("forecast", "classify", "regress_sequence") and rng.random() < 0.25:
        chosen |= {
            "conv_filters": 3,
            "conv_layers": one_of(rng, 1, 2),
            "conv_width": 2,
            "conv_stride": one_of(rng, 1, 2),
        }
    if chosen["cell"] == "lstm":
        chosen |= {
            "peephole": bool(rng.random() < 0.3),
            "forget_bias": one_of(rng, 1.0, 0.0),
            "cell_clip": one_of(rng, 0.0, 3.0),
        }
    if chosen["cell"] == "gru":
        chosen |= {"reset_after": bool(rng.random() < 0.5), "gate_bias": one_of(rng, 0.0, 1.0)}
    if chosen["cell"] == "rnn":
        chosen["activation"] = one_of(rng, "tanh", "relu", "sigmoid")
    if task in ("label", "regress") and rng.random() < 0.25:
        chosen |= {"stateful": True, "bidirectional": False}
    if task == "forecast":
        chosen |= {
            "multi_step": one_of(rng, "direct", "direct", "recursive"),
            "linear_skip": bool(rng.random() < 0.3),
            "predict_change": one_of(rng, "none", "none", "last_value", "season"),
            "scale_windows": one_of(rng, "none", "none", "last_value", "standard"),
        }
        chosen["freeze_linear_skip"] = chosen["linear_skip"] and chosen["units"] % 2 == 0  # draws nothing more
    return chosen


def training_settings(rng: Generator, task: str) -> dict[str, Any]:
    """Draw the settings of the training."""
    chosen: dict[str, Any] = {
        "optimizer": one_of(rng, "adam", "sgd", "rmsprop"),
        "learning_rate": one_of(rng, 0.001, 0.01),
        "schedule": one_of(rng, "constant", "cosine"),
        "momentum": one_of(rng, 0.0, 0.0, 0.5),
        "batch_size": one_of(rng, 4, 8, 32),
        "updates": int(rng.integers(1, 4)),
        "sampling": one_of(rng, "shuffle", "sequential", "random", "shuffle_once"),
        "l2": one_of(rng, 0.0, 0.0, 0.001),
        "clip_norm": one_of(rng, 0.0, 1.0),
        "evaluate_every": one_of(rng, 0, 1),
        "patience": one_of(rng, 0, 0, 2),
        "restore_best_weights": bool(rng.random() < 0.3),
        "epochs": 1,
        "data_seed": one_of(rng, -1, 5),
        "seed": int(rng.integers(1000)),
    }
    if task in ("label", "classify"):
        return chosen | {
            "label_smoothing": one_of(rng, 0.0, 0.0, 0.1),
            "class_weight": one_of(rng, "none", "balanced"),
            "decision_threshold": one_of(rng, "argmax", "argmax", "validation"),
        }
    chosen["loss"] = one_of(rng, "mse", "mse", "mae", "huber")
    if task == "forecast":
        chosen["refit"] = bool(rng.random() < 0.1)
        chosen["levels"] = [80, 95] if rng.random() < 0.15 else []  # their calibration trains further networks
    return chosen
