"""Fixtures of all tests: an empty home folder, the real data, and a trained run."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rnnstudio.core import automatic_rules
from rnnstudio.core.experiment import compose
from rnnstudio.results.run import Run
from tests.without_xla import in_python, without_xla

# One folder for the compiled programs of all tests and their child processes, since each test has a new home.
_COMPILED = Path(__file__).resolve().parents[1] / ".pytest_cache" / "compiled"
os.environ.setdefault("TF_XLA_FLAGS", f"--tf_xla_persistent_cache_directory={_COMPILED}")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # by a shell that started the tests in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh, empty RNNSTUDIO_HOME."""
    folder = tmp_path / "home"
    monkeypatch.setenv("RNNSTUDIO_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True, scope="session")
def without_automatic_bands() -> Iterator[None]:
    """No bands unless a test asks for levels: their calibration trains up to five further networks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(automatic_rules, "LEVELS", ())
        yield


@pytest.fixture
def automatic_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands of the levels that users have."""
    monkeypatch.setattr(automatic_rules, "LEVELS", (80, 95))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data sets."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("RNNSTUDIO_DATA") or root.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"real data are needed: set RNNSTUDIO_DATA to their folder (searched: {folder})")
    return folder


@pytest.fixture
def uncompiled() -> Iterator[None]:
    """Train without XLA."""
    with without_xla():
        yield


@pytest.fixture(name="in_python")
def fixture_in_python() -> Iterator[None]:
    """Run everything as Python, nothing traced or compiled."""
    with in_python():
        yield


@pytest.fixture(scope="session")
def airline_run() -> Run:
    """A short run of the airline recipe, not saved; tests must not change it."""
    from rnnstudio.api import train_experiment

    experiment = compose("airline", {"units": 8, "updates": 60, "evaluate_every": 20, "patience": 0, "seed": 3})
    return train_experiment(experiment, lambda event: None, lambda: False, save=False)


@pytest.fixture
def fresh_airline(airline_run: Run) -> Callable[[], Run]:
    """A function that returns copies of the airline run, which a test may save and change."""

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


@pytest.fixture(scope="session")
def cases(real_data: Path) -> Path:
    """The folder of small files as people have them."""
    return real_data.parent / "cases"
