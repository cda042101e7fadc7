"""The files of a run, written and read without pickle.

A run's folder holds `experiment.json`, `history.npz`, `metrics.json`, `scaler.json`, `weights.npz`, `data.json`,
`versions.json`, `context.npy` (the end of a series, which a forecast continues) and `run.json` (time, warnings and
the rest of the history); that of a run of arrays also `predictions.npz`, with a plan `plan.npy`, with bands
`calibration.npz`, after a backtest `backtest.json` and `backtest.npz`, and with weights trained on all rows
`refit.json` and `refit.npz`; `moment-500.npz` has the weights after 500 updates, and `updates-0.npz` the first updates
of a long training. `results/run_folder.py` says how they are written.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Collection, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from rnnstudio.core.bands import calibration_arrays
from rnnstudio.core.errors import NewerVersionError, StoreError
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.upgrade import FORMAT_VERSION
from rnnstudio.results.backtest_files import backtest_writers
from rnnstudio.results.checked_files import (
    Files,
    RunFiles,
    read_json,
)
from rnnstudio.results.contents import RunContents
from rnnstudio.results.file_writers import array_writer, arrays_writer, json_writer
from rnnstudio.results.history_files import history_writers
from rnnstudio.results.moments import moment_file
from rnnstudio.results.refit import Refit
from rnnstudio.results.run_folder import Write, commit, make_folder

PREDICTIONS_FILE, PLAN_FILE, CALIBRATION_FILE = "predictions.npz", "plan.npy", "calibration.npz"
REFIT_FILE, REFIT_WEIGHTS_FILE = "refit.json", "refit.npz"


def write_run(
    run: RunContents,
    folder: Path,
    *,
    created: str = "",
    keep: Collection[str] = (),
    files: Mapping[str, Write] | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Write the files of a run into a folder that is empty, or has an earlier state of this run, which they replace.

    Args:
        run: The run.
        folder: The folder; it is made where it does not exist.
        created: When the run was first saved, as `created_in` returns it; now where it is empty.
        keep: Names of files that stay as they are.
        files: The functions that write further files, by name.
        more: What `run.json` says besides.

    Raises:
        OSError: A file cannot be written; the folder is left with what it held.
    """
    make_folder(folder, exist_ok=True)
    moments, stored = moment_writers(run, folder)
    writers = {**files_of(run), **moments, **(files or {})}
    commit(folder, writers, {**rest_of(run, created), **(more or {})}, (*keep, *stored))


def moment_writers(run: RunContents, folder: Path) -> tuple[dict[str, Write], list[str]]:
    """Return the functions that write the weights of moments of a run, and the names of those that are in a folder."""
    if run.moments is None:
        return {}, []
    writers = run.moments.writers(folder)
    return writers, [name for name in map(moment_file, run.moments.steps) if name not in writers]


def rest_of(run: RunContents, created: str = "") -> dict[str, Any]:
    """Return the contents of `run.json` but for the files."""
    best = None if run.moments is None else run.moments.best
    return {
        "schema_version": FORMAT_VERSION,
        "created": created or time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "history": run.record.to_dict(),
        "warnings": [sentence for sentence in run.warnings if sentence != run.save_problem],
        "automatic": [asdict(choice) for choice in run.choices],
        "training": run.training if best is None else {**run.training, "best_update": best},
    }


def created_in(folder: Path) -> str:
    """Return the time at which the run in a folder was first saved; empty where there is none."""
    try:
        return str(RunFiles.of_folder(folder).rest["created"])
    except (StoreError, LookupError):
        return ""


def files_of(run: RunContents) -> dict[str, Write]:
    """Return the function that writes each file of a run, by the name of the file."""
    files: dict[str, Write] = {
        "experiment.json": json_writer(json.loads(run.experiment.to_json())),
        "metrics.json": json_writer(_metrics(run)),
        "scaler.json": json_writer(_plain_scalers(run.scalers)),
        "data.json": json_writer(asdict(run.info)),
        "versions.json": json_writer(versions()),
        **history_writers(run.record),
        "weights.npz": arrays_writer(run.weights),
        "context.npy": array_writer(run.context),
    }
    if run.refitted is not None:
        files |= refit_writers(run.refitted)
    if run.calibration is not None:
        files[CALIBRATION_FILE] = arrays_writer(calibration_arrays(run.calibration))
    if run.plan is not None:
        files[PLAN_FILE] = array_writer(run.plan)
    if (kept := run.predictions_to_keep()) is not None:
        files[PREDICTIONS_FILE] = arrays_writer(kept)
    if run.last_backtest is not None:
        files |= backtest_writers(run.last_backtest)
    return files


def _metrics(run: RunContents) -> dict[str, Any]:
    decision = {"decision": run.decision.to_dict()} if run.decision is not None else {}
    by_class = {"by_class": run.class_rows} if run.class_rows else {}
    by_series = {"by_series": run.series_metrics} if run.series_metrics else {}
    by_series |= {"by_target": run.target_metrics} if run.target_metrics else {}
    lag = {"lag": run.lag.to_dict()} if run.lag is not None else {}
    values = {"outcome": run.outcome, "metrics": run.metrics, "baseline": run.baseline}
    return {**values, **decision, **by_class, **by_series, **lag}


def refit_writers(refit: Refit) -> dict[str, Write]:
    """Return the functions that write weights that were trained on all rows, by the names of the files."""
    plain = {"scalers": _plain_scalers(refit.scalers), "updates": refit.updates, "windows": refit.windows}
    return {REFIT_FILE: json_writer(plain), REFIT_WEIGHTS_FILE: arrays_writer(refit.weights)}


def _plain_scalers(scalers: Scalers) -> dict[str, Any]:
    return {
        name: {field: array.tolist() for field, array in vars(scaler).items() if array is not None}
        for name, scaler in (("inputs", scalers.inputs), ("targets", scalers.targets))
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and packages that decide the exact numbers of a training."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    """Read the versions, which takes 20 ms."""
    from importlib.metadata import PackageNotFoundError, version

    installed = {"python": sys.version.split()[0], "platform": sys.platform}
    for package in ("rnnstudio", "tensorflow", "tensorflow-cpu", "keras", "numpy"):
        try:
            installed[package] = version(package)
        except PackageNotFoundError:
            continue
    return installed


def damaged(files: Files, error: Exception) -> StoreError:
    """Return the error for a run that cannot be read: its files are damaged, or a newer version saved them."""
    if newer := _newer_version(files):
        return NewerVersionError(
            f"The run in {files.title} was saved by rnnstudio {newer}; this is {_our_version()} and cannot read it. "
            "Update to open it."
        )
    reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
    return StoreError(f"The run in {files.title} is damaged and cannot be opened ({reason}).")


def _newer_version(files: Files) -> str:
    """Return the version of rnnstudio that saved a run where it is newer than this one, else an empty text."""
    try:
        saved = str(read_json(files, "versions.json")["rnnstudio"])
    except (StoreError, LookupError):
        return ""
    return saved if _numbers(saved) > _numbers(_our_version()) else ""


def _our_version() -> str:
    return versions().get("rnnstudio", "0")


def _numbers(version: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"[0-9]{1,9}", version[:100])]
