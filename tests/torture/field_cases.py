"""Interrupted runs of several kinds, so that each saved field has a meaning in one of them at least."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import rnnstudio as rs
from rnnstudio.results.run import Run
from rnnstudio.results.run_archive import STATE_FILES
from tests.altered_runs import rewrite
from tests.interrupted import crashed

_RNG = np.random.default_rng(2)
_X = _RNG.normal(size=(60, 6, 2))
_Y = _RNG.integers(0, 2, 60)  # noise, so that the best weights are early ones
_COMMON = {"evaluate_every": 10, "val_fraction": 0.25}


@dataclass(frozen=True)
class Case:
    """A run whose training goes on.

    Attributes:
        make: Makes the run in the run list and returns its folder; its argument is an empty folder for its data.
        only: Patterns of the names of the fields that are tried.
        ways: Whether they are left out, altered, or both.
        more: Number of further updates; None for those that were planned.
    """

    make: Callable[[Path], Path]
    only: tuple[str, ...] = ("*",)
    ways: tuple[str, ...] = ("altered",)
    more: int | None = None


_EARLY: dict[str, Any] = {
    "task": "classify",
    "units": 8,
    "updates": 100,
    "learning_rate": 0.05,
    "patience": 3,
    "restore_best_weights": True,
    "dropout": 0.1,
    **_COMMON,
}


def _early(work: Path) -> Path:
    """Return a run whose best evaluation is that of update 30, and which ends early after update 60."""
    return crashed(_X, _Y, after=40, **_EARLY)


def _anew(work: Path) -> Path:
    """Return a run without a state of its training, which begins anew, so that initial weights matter."""
    settings = _EARLY | {"patience": 0, "updates": 40, "peephole": True, "head_initializer": "normal"}
    folder = crashed(_X, _Y, after=10, **settings, conv_filters=3, conv_layers=1, conv_width=2, conv_stride=1)
    for name in STATE_FILES:
        rewrite(folder, leave_out=name)
    return folder


def _extended(work: Path) -> Path:
    """Return a run that has ended."""
    run = rs.train(_X, _Y, **_EARLY | {"updates": 40, "verbose": 0})
    assert isinstance(run, Run)
    return Path(run.path)


def _series(work: Path) -> Path:
    """Return a stateful network that predicts a value at each step of a series."""
    steps = np.arange(400)
    x = np.stack([np.sin(steps / 5), np.cos(steps / 7)], axis=1) + 0.1 * _RNG.normal(size=(400, 2))
    settings = {"optimizer": "momentum", "momentum": 0.9, "schedule": "cosine", "clip_norm": 0.1, "l2": 1e-3}
    return crashed(
        x, x[:, 0] + x[:, 1], after=30, task="regress", window=8, units=6, stateful=True, sampling="sequential",
        batch_size=4, updates=60, **settings, **_COMMON,
    )  # fmt: skip


def _labels(work: Path) -> Path:
    """Return a network of several parts that predicts a class for each step; some are missing."""
    x = _RNG.normal(size=(40, 24, 3))
    y = (x[:, :, 0] > 0).astype(int)
    y[::7, 3:5] = -1
    settings = {"dense_units": [6], "layers": 2, "cell": "gru", "class_weight": "balanced"}
    return crashed(
        x, y, after=20, task="label", units=6, epochs=10, batch_size=8, label_smoothing=0.1, optimizer="rmsprop",
        momentum=0.5, **settings, **_COMMON,
    )  # fmt: skip


def _table(work: Path) -> Path:
    """Return a forecast with bands of a column of a file, with a column that is known ahead and the calendar."""
    days = pd.date_range("2024-01-01", periods=260, freq="D")
    price = _RNG.integers(1, 4, 260)
    sales = 20 + 5 * np.sin(np.arange(260) * 2 * np.pi / 7) - 3 * price + _RNG.normal(size=260)
    file = work / "sales.csv"
    pd.DataFrame({"date": days, "sales": sales.round(2), "price": price}).to_csv(file, index=False)
    settings = {"levels": [80], "calendar": "true", "linear_skip": True, "scale_windows": "last_value"}
    return crashed(
        file, None, after=20, task="forecast", target="sales", known="price", window=14, horizon=3, units=6,
        updates=40, refit=True, **settings, **_COMMON,
    )  # fmt: skip


def _shops(work: Path) -> Path:
    """Return a forecast for the shops of a file, which begin at different dates, with gaps and a doubled row."""
    days = pd.date_range("2024-01-01", periods=150, freq="D")
    parts = []
    for number, (shop, first) in enumerate((("north", 0), ("south", 40))):
        steps = np.arange(first, 150)
        sales = 10.0 * (number + 1) + 3 * np.sin(steps * 2 * np.pi / 7) + _RNG.normal(size=len(steps))
        sales[20:22], sales[30] = np.nan, np.nan
        parts.append(pd.DataFrame({"date": days[first:], "shop": shop, "sales": sales.round(2)}))
    table = pd.concat([*parts, parts[0].iloc[[5]]])
    file = work / "shops.csv"
    table.to_csv(file, index=False, sep=";")
    return crashed(
        file, None, after=20, task="forecast", target="sales", series="shop", max_gap=2, window=7, horizon=2, units=4,
        updates=40, **_COMMON,
    )  # fmt: skip


def _archive(work: Path) -> Path:
    """Return a network that names a class at each step, of one of the arrays of a file."""
    values = _RNG.normal(size=(300, 3))
    values[:, 2] = values[:, 0] > 0
    file = work / "series.npz"
    np.savez(file, first=values, second=values[:200])
    return crashed(
        file, None, after=20, task="label", variable="first", target="first3", classes="0,1", window=10, units=4,
        updates=40, **_COMMON,
    )  # fmt: skip


def _people(work: Path) -> Path:
    """Return a network that names the class of a sequence, of a file with several sequences of each person."""
    frame = pd.DataFrame(_RNG.normal(size=(480, 2)), columns=["a", "b"])
    frame["trial"] = np.repeat(np.arange(60), 8)
    frame["person"] = frame["trial"] // 4
    frame["kind"] = np.where(frame["person"] % 2, "walk", "run")
    file = work / "people.csv"
    frame.to_csv(file, index=False)
    return crashed(
        file, None, after=20, task="classify", target="kind", sequence="trial", group="person", features="a,b",
        units=4, updates=40, **_COMMON,
    )  # fmt: skip


def _generated(work: Path) -> Path:
    """Return a run whose data are drawn by a seed, anew for each epoch."""
    return crashed("echo", None, after=20, units=4, series_length=600, epochs=60, data_seed=5)


_SETTINGS = ("experiment.json: *", "checkpoint.json: *", "checkpoint.npz: carried/*", "plan.npy", "context.npy")
_ARRAYS = ("arrays.json: *", "arrays.npz: *")
CASES = {
    "early": Case(_early, ways=("left out", "altered")),
    "extended": Case(_extended, ("experiment.json: *", "checkpoint.json: *", "run.json: *"), more=20),
    "anew": Case(_anew, ("experiment.json: model.*", "experiment.json: *seed")),
    "series": Case(_series, (*_SETTINGS, *_ARRAYS, "scaler.json: *")),
    "labels": Case(_labels, (*_SETTINGS, *_ARRAYS)),
    "generated": Case(_generated, ("experiment.json: *",)),
    "table": Case(_table, (*_SETTINGS, "data.json: *")),
    "shops": Case(_shops, (*_SETTINGS, "data.json: *")),
    "archive": Case(_archive, ("experiment.json: *", "data.json: *")),
    "people": Case(_people, ("experiment.json: *", "data.json: *")),
}
