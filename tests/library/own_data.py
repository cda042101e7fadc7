"""Small data for every data set: files and arrays of a user, and small copies of the published ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import rnnstudio as rs
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.experiment import compose
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets.arrays import from_arrays
from tests.small_har import write_har

SALES = pd.DataFrame({
    "receipt": [f"d{i}" for i in range(60)],
    "promo": np.arange(60) % 3,
    "sales": np.sin(np.arange(60) / 3).round(3),
    "state": np.where(np.arange(60) % 10 < 6, "low", "high"),
})  # fmt: skip

COLUMNS = {"sequence": "id", "target": "kind"}  # of `long_frame`
ETT_COLUMNS = ("HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT")  # of ETTh2.csv


def long_frame(lengths: tuple[int, ...] = (5, 3, 4) * 6, **columns: Any) -> pd.DataFrame:
    """Return sequences in a long table; the class says whether a sequence rises."""
    parts = [
        pd.DataFrame({
            "id": f"s{i}", "x": (1 if i % 2 else -1) * np.arange(n) + i / 10, "who": f"p{i % 6}",
            "kind": "up" if i % 2 else "down",
        })
        for i, n in enumerate(lengths)
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True).assign(**columns)


def saved(folder: Path, frame: pd.DataFrame = SALES, ending: str = ".csv") -> Path:
    """Write a table to sales.csv, or another kind of file, and return its path."""
    file = folder / f"sales{ending}"
    write = {".csv": frame.to_csv, ".tsv": lambda f, **o: frame.to_csv(f, sep="\t", **o), ".xlsx": frame.to_excel}
    if ending == ".parquet":
        frame.to_parquet(file)
    elif ending == ".npz":
        np.savez(file, sales=frame["sales"], promo=frame["promo"])
    else:
        write[ending](file, index=False)
    return file


def load(file: Path, **settings: Any) -> SequenceData:
    """Return the data set of a file."""
    experiment = rs.experiment(str(file), **settings)
    return DATASETS.get(experiment.data.dataset).load(experiment.data, experiment.seed)


def arrays(x: Any, y: Any = None, classes: Any = (), **settings: Any) -> SequenceData:
    """Return the data set of arrays."""
    experiment = compose("arrays", settings)
    return from_arrays(x, y, experiment.data, experiment.seed, classes)  # type: ignore[arg-type]


def write_mnist(folder: Path) -> Path:
    """Write a small mnist.npz of random images, and return it."""
    rng = np.random.default_rng(0)
    file = folder / "mnist.npz"
    arrays = {}
    for split, count in (("train", 20), ("test", 6)):
        arrays[f"x_{split}"] = rng.integers(0, 256, (count, 28, 28), np.uint8)
        arrays[f"y_{split}"] = rng.integers(0, 10, count).astype(np.uint8)
    np.savez(file, **arrays)
    return file


def write_etth2(folder: Path) -> Path:
    """Write hourly values of the columns of ETTh2.csv, and return the file."""
    hours = np.arange(200)
    columns = {name: (np.sin(hours / (3 + n)) * (n + 1)).round(3) for n, name in enumerate(ETT_COLUMNS)}
    times = pd.date_range("2016-07-01", periods=len(hours), freq="h")
    file = folder / "ETTh2.csv"
    pd.DataFrame({"date": times, **columns}).to_csv(file, index=False)
    return file


def with_sizes(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a long table with a value for each sequence, its greatest x."""
    return frame.assign(size=frame.groupby("id")["x"].transform("max"))


def start_settings(name: str, folder: Path, task: str = "") -> dict[str, Any]:
    """Return the settings under which a data set loads small data."""
    match name:
        case "file":
            return {"file": str(saved(folder)), "window": 4, "target": "sales"}
        case "sequences" if task == "regress_sequence":
            return {"file": str(saved(folder, with_sizes(long_frame(odd=1.0)))), "sequence": "id", "target": "size"}
        case "sequences":
            return {"file": str(saved(folder, long_frame(odd=1.0))), **COLUMNS}
        case "har":
            return {"file": str(write_har(folder / "har", subjects=4))}
        case "mnist_rows":
            return {"file": str(write_mnist(folder))}
        case "etth2":
            return {"file": str(write_etth2(folder)), "window": 4, "horizon": 3}
        case "echo":
            return {"series_length": 100}
    return {}
