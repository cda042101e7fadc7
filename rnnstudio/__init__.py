"""rnnstudio: recurrent neural networks on sequence data, from window, command line, Python and R.

>>> import rnnstudio as rs
>>> run = rs.train("airline", cell="gru", units=8, updates=1, verbose=0, save=False)
>>> run.forecast(20).shape
(20,)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Backtest",
    "DataError",
    "Experiment",
    "RnnStudioError",
    "Run",
    "RunGroup",
    "SettingError",
    "StoreError",
    "UnknownNameError",
    "backtest",
    "cells",
    "datasets",
    "delete",
    "describe",
    "doctor",
    "empty_trash",
    "experiment",
    "fetch",
    "forecast",
    "groups",
    "inspect",
    "load",
    "note",
    "open_studio",
    "optimizers",
    "recipes",
    "rename",
    "restore",
    "resume",
    "runs",
    "train",
    "trash",
]

if TYPE_CHECKING:
    from rnnstudio.api import (
        backtest,
        cells,
        datasets,
        delete,
        describe,
        doctor,
        empty_trash,
        experiment,
        fetch,
        forecast,
        groups,
        inspect,
        load,
        note,
        open_studio,
        optimizers,
        recipes,
        rename,
        restore,
        resume,
        runs,
        train,
        trash,
    )
    from rnnstudio.core.errors import DataError, RnnStudioError, SettingError, StoreError, UnknownNameError
    from rnnstudio.core.experiment import Experiment
    from rnnstudio.results.backtest_result import Backtest
    from rnnstudio.results.run import Run
    from rnnstudio.results.run_group import RunGroup

_ERRORS = ("DataError", "RnnStudioError", "SettingError", "StoreError", "UnknownNameError")


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that `import rnnstudio` is fast."""
    if name not in __all__:
        raise AttributeError(f"module 'rnnstudio' has no attribute {name!r}")
    from importlib import import_module

    if name in _ERRORS:
        module = "rnnstudio.core.errors"
    else:
        elsewhere = {
            "Backtest": "rnnstudio.results.backtest_result",
            "Experiment": "rnnstudio.core.experiment",
            "Run": "rnnstudio.results.run",
            "RunGroup": "rnnstudio.results.run_group",
        }
        module = elsewhere.get(name, "rnnstudio.api")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return [*__all__, "__version__"]
