"""The contents of a run's files, of any format up to the current one, each value validated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.automatic import choices_from
from rnnstudio.core.bands import Calibration, calibration_of_arrays
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.decision import Decision
from rnnstudio.core.errors import StoreError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.lag import LagErrors
from rnnstudio.core.scaling import Scaler, Scalers
from rnnstudio.core.upgrade import add_weights_step, upgrade_run
from rnnstudio.results.backtest_result import Backtest
from rnnstudio.results.checked_files import (
    CHECKED_VERSION,
    RUN_FILE,
    Files,
    RunFiles,
    read_array,
    read_arrays,
    read_json,
)
from rnnstudio.results.contents import RunContents
from rnnstudio.results.history_files import read_history
from rnnstudio.results.moments import Moments
from rnnstudio.results.recorded_classes import recorded_class_rows
from rnnstudio.results.refit import Refit
from rnnstudio.results.run_files import (
    CALIBRATION_FILE,
    PLAN_FILE,
    PREDICTIONS_FILE,
    REFIT_FILE,
    REFIT_WEIGHTS_FILE,
    damaged,
)
from rnnstudio.results.validation.history_arrays import check_history_arrays
from rnnstudio.results.validation.json_models import (
    StoredData,
    StoredMetrics,
    StoredRefit,
    StoredRun,
    StoredScalers,
    StoredTraining,
)
from rnnstudio.results.validation.network_arrays import check_weights
from rnnstudio.results.validation.run_checks import (
    check_calibration,
    check_context,
    check_info,
    check_metrics,
    check_plan,
    check_scalers,
    check_table,
)
from rnnstudio.results.validation.value_types import validated


def read_run(files: RunFiles) -> RunContents:
    """Return the contents of a run's files, of any format up to the current one.

    Each value is validated, so that whatever reads the run later finds types, sizes and limits as this version
    writes them.

    Raises:
        StoreError: The files are damaged, or of a newer version.
    """
    try:
        return _validated_contents(files)
    except StoreError:
        raise
    except Exception as error:  # what is read is not known before it is validated
        raise damaged(files, error) from None


def _validated_contents(files: RunFiles) -> RunContents:
    rest, scaler = files.rest, read_json(files, "scaler.json")
    plain = {name: read_json(files, f"{name}.json") for name in ("experiment", "metrics", "data")}
    columns = read_history(files)
    run_file = {name: rest[name] for name in ("history", "warnings")}
    upgraded = upgrade_run({**plain, **run_file, "columns": columns}, files.version)
    stored = validated(StoredRun, {**rest, "history": upgraded["history"], "warnings": upgraded["warnings"]}, RUN_FILE)
    if stored.history.outcome is None and files.version < CHECKED_VERSION:
        raise ValueError(f"in {RUN_FILE}, history.outcome is missing")
    validated(StoredData, upgraded["data"], "data.json")
    metrics = upgraded["metrics"]
    info = DataInfo.from_dict(upgraded["data"])
    check_info(info)
    check_metrics(validated(StoredMetrics, metrics, "metrics.json"), info)
    experiment = Experiment.from_json(json.dumps(upgraded["experiment"]))
    check_history_arrays(upgraded["columns"], upgraded["history"], info)
    history = History.from_parts(upgraded["history"], upgraded["columns"], info)
    if history.weights_step is None:
        add_weights_step(history, restores_best=experiment.training.restore_best_weights)
    weights, context = read_arrays(files, "weights.npz"), read_array(files, "context.npy")
    if weights:  # a run that has not ended may have none yet; without them it does not predict
        check_weights(weights, experiment, info)
    check_context(context, info)
    return RunContents(
        experiment,
        history,
        _numbers_of(metrics["metrics"]),
        {name: _numbers_of(values) for name, values in metrics["baseline"].items()},
        _scalers_of(scaler, info),
        info,
        weights,
        context,
        list(upgraded["warnings"]),
        training=dict(rest.get("training") or {}),
        choices=choices_from(rest.get("automatic", [])),
        decision=Decision(**metrics["decision"]) if "decision" in metrics else None,
        class_rows=list(metrics.get("by_class", [])) or recorded_class_rows(history),
        series_metrics=list(metrics.get("by_series", [])),
        target_metrics=list(metrics.get("by_target", [])),
        kept_predictions=_read_table(files, PREDICTIONS_FILE),
        last_backtest=Backtest.of_files(files),
        lag=LagErrors.from_dict(metrics["lag"]) if "lag" in metrics else None,
        refitted=_read_refit(files, experiment, info),
        calibration=_read_calibration(files, info),
        plan=_read_plan(files, info),
        moments=_moments_of(files, stored.training),
    )


def _moments_of(files: RunFiles, training: StoredTraining | None) -> Moments | None:
    """Return the weights of moments of a run, which are read when they are needed; None where it has none."""
    moments = Moments.of_files(files, None if training is None else training.best_update)
    return moments if moments.steps else None


def _numbers_of(metrics: Mapping[str, float]) -> dict[str, float]:
    """Return metrics as floats, which JSON may hold as whole numbers."""
    return {name: float(value) for name, value in metrics.items()}


def _read_table(files: Files, name: str) -> dict[str, NDArray[Any]] | None:
    """Return the arrays of a table; None where there is none."""
    if name not in files:
        return None
    arrays = read_arrays(files, name)
    check_table(arrays)
    return arrays


def _read_plan(files: Files, info: DataInfo) -> NDArray[Any] | None:
    """Return what is known ahead of the steps after the series; None where nothing is."""
    if PLAN_FILE not in files:
        return None
    plan = read_array(files, PLAN_FILE)
    check_plan(plan, info)
    return plan


def _read_refit(files: Files, experiment: Experiment, info: DataInfo) -> Refit | None:
    """Return the weights that were trained on all rows; None where the run has none."""
    if REFIT_FILE not in files:
        return None
    plain = read_json(files, REFIT_FILE)
    validated(StoredRefit, plain, REFIT_FILE)
    weights = read_arrays(files, REFIT_WEIGHTS_FILE)
    check_weights(weights, experiment, info)
    return Refit(weights, _scalers_of(plain["scalers"], info), plain["updates"], plain["windows"])


def _read_calibration(files: Files, info: DataInfo) -> Calibration | None:
    """Return what calibrates the bands; None where there are none."""
    if CALIBRATION_FILE not in files:
        return None
    arrays = read_arrays(files, CALIBRATION_FILE)
    check_calibration(arrays, info)
    return calibration_of_arrays(arrays)


def _scalers_of(plain: Mapping[str, Any], info: DataInfo) -> Scalers:
    validated(StoredScalers, plain, "scaler.json")
    parts = (plain["inputs"], plain["targets"])
    scalers = Scalers(*(Scaler(**{name: np.array(v, np.float64) for name, v in part.items()}) for part in parts))
    check_scalers(scalers, info)
    return scalers
