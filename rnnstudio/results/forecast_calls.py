"""Forecasts and backtests with one call: of a run, or of data that a run is trained on first."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rnnstudio.core.arguments import check_training_arguments
from rnnstudio.core.catalog import DATASETS, RECIPES
from rnnstudio.core.columns import as_columns, has_columns
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.names import names_in
from rnnstudio.library.shared.reading_settings import TextSettings
from rnnstudio.results import store
from rnnstudio.results.backtest_result import Backtest
from rnnstudio.results.group_store import load_any
from rnnstudio.results.inspection import account_of
from rnnstudio.results.run import Run
from rnnstudio.results.run_group import RunGroup
from rnnstudio.results.script_training import train_from_script
from rnnstudio.results.source import experiment_and_data

if TYPE_CHECKING:
    import pandas as pd


def backtest(
    x: Any,
    origins: Any = None,
    *,
    steps: Any = None,
    every: Any = None,
    refit: Any = False,
    verbose: float = 1,
    save: bool | str | os.PathLike[str] = True,
    **settings: Any,
) -> Backtest:
    """Return forecasts from several origins in the past, of a network and of baselines, with their errors.

    Of a run see `Run.backtest`. Of a file, data frame or array a run is trained first, whose horizon is `steps`.

    Args:
        x: A run or group, its name or path; or what `train` takes.
        origins: Number of origins; by default at most 20, spread over the test set.
        steps: Steps ahead; the horizon by default.
        every: Rows from one origin to the next; by default at least `steps`.
        refit: Train the network again at each origin, on all rows before it.
        verbose: 0 for no output, 1 for lines of progress.
        save: As for `train`, where a run is trained; of a run, whether its backtest is saved with it.
        **settings: Settings of the training, as for `train`; a run has its own.

    Raises:
        UnknownNameError: No such recipe, data set, setting or run.
        DataError: The data cannot be used, or the task is not forecast.
        SettingError: A value is not allowed, or origins and steps do not fit the series.
        KeyboardInterrupt: Ctrl-C was pressed.

    >>> import rnnstudio as rs
    >>> result = rs.backtest([n % 7 for n in range(90)], 3, window=7, updates=1, verbose=0, save=False)
    >>> result.origins
    3
    """
    chosen = {"steps": steps, "every": every, "refit": refit, "verbose": verbose}
    if settings.pop("seeds", None) is not None:
        raise SettingError("Leave out seeds: train with seeds, and pass the group to backtest.", "seeds")
    run = _run_of(x, settings)
    if run is None:
        if steps is not None and not _is_named(x):
            settings.setdefault("horizon", steps)
        run = _trained(x, settings, verbose, save)
    return run.backtest(origins, **chosen, save=save is not False)


def forecast(
    x: Any,
    steps: Any = None,
    *,
    until: Any = None,
    known: Any = None,
    level: Any = None,
    refit: Any = None,
    verbose: float = 1,
    save: bool | str | os.PathLike[str] = True,
    **settings: Any,
) -> pd.DataFrame:
    """Return the values after the end of a series as a data frame, with their times and bands, in one call.

    Of a run or group see `Run.forecast_table`. Of a file, data frame or array a run is trained first, whose horizon is
    `steps`; the columns of the plan `known` that the data have too are then known ahead.

    Args:
        x: A run or group, its name or path; or what `train` takes.
        steps: Number of steps; None for those up to `until`, else as for `Run.forecast`.
        until: The last day, month or time to forecast.
        known: What is known ahead of the steps, as for `Run.forecast`.
        level: Levels of bands in percent; None for all.
        refit: Whether weights trained on all rows are used, as for `Run.forecast`.
        verbose: As for `train`.
        save: As for `train`, where a run is trained.
        **settings: Settings of the training, as for `train`; a run has its own.

    Raises:
        UnknownNameError: No such recipe, data set, setting or run.
        DataError: The data cannot be used.
        SettingError: A value is not allowed, or the run forecasts nothing.
        KeyboardInterrupt: Ctrl-C was pressed.

    >>> import rnnstudio as rs
    >>> table = rs.forecast([n % 7 for n in range(90)], 2, window=7, updates=1, levels=80, verbose=0, save=False)
    >>> list(table.columns)
    ['step', 'feature1', 'lower_80', 'upper_80']
    """
    run = _run_of(x, settings)
    if run is None:
        run = _trained(x, settings_to_forecast(x, steps, known, settings), verbose, save)
    return run.forecast_table(steps, until=until, known=known, level=level, refit=refit)


def settings_to_forecast(x: Any, steps: Any, plan: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a training that is to forecast so many steps with this plan.

    Args:
        x: What is trained on.
        steps: Number of steps; None where it is not known.
        plan: A file or data frame with what is known ahead; None without one.
        settings: Settings that are given; they are never replaced.
    """
    chosen = {"task": "forecast", **settings}
    if _is_named(x):
        return dict(settings)
    if steps is not None:
        chosen.setdefault("horizon", steps)
    is_table = isinstance(plan, (str, os.PathLike)) or has_columns(as_columns(plan))
    if plan is None or "known" in chosen or not is_table:
        return chosen
    try:
        account = account_of(x, {name: value for name, value in settings.items() if name in TextSettings.model_fields})
        planned = {column.name for column in account_of(plan, {}).columns}
    except DataError:
        return chosen  # the training, or the forecast, says what is wrong
    given = settings.get("target", account.target)
    target = names_in(given) if isinstance(given, str) else [str(name) for name in given]
    shared = [c.name for c in account.columns if c.kind != "time" and c.name in planned and c.name not in target]
    return chosen | ({"known": shared} if shared else {})


def _run_of(x: Any, settings: Mapping[str, Any]) -> Run | RunGroup | None:
    """Return the run or group that is passed or named, which has no further settings; None for what is trained on.

    Raises:
        SettingError: Settings are given for a run.
    """
    is_saved = isinstance(x, (str, os.PathLike)) and store.is_run(str(x))
    if not is_saved and not isinstance(x, (Run, RunGroup)):
        return None
    if settings:
        raise SettingError(f"A run has settings of its own: leave out {', '.join(settings)}.")
    run: Run | RunGroup = load_any(x) if is_saved else x
    return run


def _is_named(x: Any) -> bool:
    """Return whether a text names a recipe or data set, which have a task and a horizon of their own."""
    return isinstance(x, str) and (x in RECIPES or x in DATASETS)


def _trained(x: Any, settings: Mapping[str, Any], verbose: float, save: bool | str | os.PathLike[str]) -> Run:
    """Return a run that is trained on what `train` takes."""
    check_training_arguments(None, None, save)
    chosen = experiment_and_data(x, None, (), dict(settings), None)
    run: Run = train_from_script(chosen, 1, None, None, None, bool(verbose), save)  # type: ignore[assignment]
    return run
