"""What tests share: a home of their own, the real data, and trainings that several of them look at."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnstudio.core.experiment import compose
from rnnstudio.results.run import Run

# One place for the programs of all tests and of the processes they start: each home of a test is a new one.
_COMPILED = Path(__file__).resolve().parents[1] / ".pytest_cache" / "compiled"
os.environ.setdefault("TF_XLA_FLAGS", f"--tf_xla_persistent_cache_directory={_COMPILED}")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh, empty RNNSTUDIO_HOME."""
    folder = tmp_path / "home"
    monkeypatch.setenv("RNNSTUDIO_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data sets."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("RNNSTUDIO_DATA") or root.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"real data are needed: set RNNSTUDIO_DATA to their folder (looked in {folder})")
    return folder


@pytest.fixture
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the loop of updates without XLA: the same numbers but for rounding, a second sooner."""
    from rnnstudio.engine import programs
    from rnnstudio.engine.runtime import tf

    monkeypatch.setattr(programs, "_kept", [])  # one with XLA, kept by another test, rounds otherwise

    function = tf.function

    def without_xla(body: Any, jit_compile: bool = False, **options: Any) -> Any:
        return body if jit_compile else function(body, **options)

    monkeypatch.setattr(tf, "function", without_xla)


@pytest.fixture(scope="session")
def airline_run() -> Run:
    """A short run of the airline recipe, not saved; not to be changed."""
    from rnnstudio.api import train_experiment

    chosen = compose("airline", {"units": 8, "updates": 60, "evaluate_every": 20, "patience": 0, "seed": 3})
    return train_experiment(chosen, lambda event: None, lambda: False, save=False)


@pytest.fixture
def fresh_airline(airline_run: Run) -> Callable[[], Run]:
    """Makes copies of the airline run that a test may save, spoil or rename."""

    def copy() -> Run:
        run = airline_run
        return Run(
            run.experiment,
            run.record,
            dict(run.metrics),
            {k: dict(v) for k, v in run.baseline.items()},
            run.scalers,
            run.info,
            run.weights,
            run.context,
            warnings=run.warnings,
        )

    return copy
