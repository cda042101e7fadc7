"""Runs and data files that are mutated: runs of every format and kind, archives of them, and small files of data."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import rnnstudio as rs
from rnnstudio.results.run_archive import open_run
from rnnstudio.results.run_folder import LOCK_FILE
from rnnstudio.results.run_reading import read_run
from tests.interrupted import crashed
from tests.samples import FORMATS
from tests.torture.mutations import is_small_file
from tests.without_xla import in_python

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "runs"


def write_corpus(folder: Path, *, trained: bool = True) -> None:
    """Write the corpus: `runs/NAME`, `group`, `archives/NAME.rnnrun` and `data/FORMAT-NUMBER.SUFFIX`.

    Args:
        folder: An empty folder.
        trained: Whether runs of the newest format are trained, too, which takes a minute.
    """
    runs = folder / "runs"
    runs.mkdir(parents=True)
    for version in sorted(FIXTURES.iterdir()):
        for run in sorted(version.iterdir()):
            if (run / "run.json").exists():
                shutil.copytree(run, runs / f"{version.name}-{run.name}")
    if trained:
        _train(folder)
    (folder / "archives").mkdir()
    for run in sorted(runs.iterdir()):
        pack_all(run, folder / "archives" / f"{run.name}.rnnrun")
    (folder / "data").mkdir()
    for name, of_format in FORMATS.items():
        for i, content in enumerate(of_format.samples()):
            (folder / "data" / f"{name.replace(' ', '_')}@{i}{of_format.ending}").write_bytes(content)


def pack_all(folder: Path, file: Path) -> None:
    """Write the files of a folder into an archive, whatever they are."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in sorted(folder.iterdir()):
            if member.name != LOCK_FILE and is_small_file(member):
                archive.write(member, member.name)


def upgraded(run: Path, folder: Path) -> None:
    """Write a run of an earlier format in the newest one."""
    with open_run(run) as files:
        rs.Run.of(read_run(files)).save(folder)


def _train(folder: Path) -> None:
    """Train runs of every task and kind."""
    runs, rng = folder / "runs", np.random.default_rng(0)
    os.environ["RNNSTUDIO_HOME"] = str(folder / "home")
    for run in sorted(runs.iterdir()):
        upgraded(run, runs / f"again-{run.name}")
    days = pd.date_range("2024-01-01", periods=160)
    load = np.sin(np.arange(160) / 3) + 0.1 * rng.normal(size=160)
    series = pd.DataFrame({"day": days, "load": load, "heat": load**2, "state": np.where(load > 0, "on", "off")})
    sites = pd.concat([series.assign(site=name) for name in ("north", "south")])
    steps = pd.DataFrame(rng.normal(size=(400, 2)), columns=["a", "b"]).assign(trial=np.repeat(np.arange(40), 10))
    steps["kind"] = np.where(steps.groupby("trial")["a"].transform("sum") > 0, "up", "down")
    steps["score"] = steps.groupby("trial")["b"].transform("sum")
    brief: dict[str, Any] = {"units": 3, "updates": 6, "evaluate_every": 2, "patience": 0, "verbose": 0}
    of_series: dict[str, Any] = {**brief, "task": "forecast", "time": "day", "window": 8, "horizon": 3}
    one = series.drop(columns="state")
    of_trials = {**brief, "sequence": "trial", "features": "a,b"}
    starts: dict[str, tuple[Any, dict[str, Any]]] = {
        "bands": (one, {**of_series, "target": "load", "levels": [80], "refit": True}),
        "targets": (one, {**of_series, "target": "load,heat"}),
        "sites": (
            sites.drop(columns="state"),
            {**of_series, "target": "load", "series": "site", "series_embedding": 2},
        ),
        "label": (series, {**brief, "task": "label", "target": "state", "window": 8, "time": "day"}),
        "regress": (one, {**brief, "task": "regress", "target": "load", "features": "heat", "window": 8}),
        "classify": (
            steps,
            {
                **of_trials,
                "task": "classify",
                "target": "kind",
                "val_fraction": 0.3,
                "decision_threshold": "validation",
            },
        ),
        "score": (steps, {**of_trials, "task": "regress_sequence", "target": "score"}),
    }
    with in_python():
        for name, (start, settings) in starts.items():
            run = rs.train(start, save=str(runs / name), **settings)
            if name == "bands":
                run.backtest(origins=2, steps=2, verbose=0)
        rs.train("toy", seeds=2, save=str(folder / "group"), **{**brief, "units": 2})
        shutil.copytree(crashed("toy", units=2, updates=40), runs / "interrupted")
        arrays = rng.normal(size=(30, 6, 2)), np.arange(30) % 2
        shutil.copytree(crashed(*arrays, task="classify", units=2, updates=40), runs / "interrupted-arrays")
    shutil.rmtree(folder / "home")
