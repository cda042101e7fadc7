"""Old names of settings and old layouts of saved runs, brought to the current names when they are used.

A setting that is renamed gets a row in `RENAMED`. A change of a run's files raises `FORMAT_VERSION` and gets its own
step in `_STEPS`, with a saved run of the previous version among the test fixtures.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from rnnstudio.core.errors import SettingError
from rnnstudio.core.upgrade_inputs import to_version_4
from rnnstudio.core.upgrade_sentences import upgrade_sentence
from rnnstudio.core.upgrade_windows import to_version_3

if TYPE_CHECKING:
    from rnnstudio.core.history import History

FORMAT_VERSION: Literal[5] = 5

T = TypeVar("T")


@dataclass(frozen=True)
class Renamed:
    """A setting with a new name.

    Attributes:
        old: Its old name.
        new: Its new name.
        values: New values by old value, where the values changed too.
        version: The format version that has the new name.
    """

    old: str
    new: str
    values: Mapping[Any, Any] = field(default_factory=dict)
    version: int = 2

    def value(self, old: Any) -> Any:
        """Return the new value for an old one; a value that was never allowed is returned as it is."""
        return self.values.get(old, old) if isinstance(old, str) else old

    @property
    def sentence(self) -> str:
        """The warning about the old name."""
        return f"`{self.old}` is now `{self.new}`."


RENAMED = (
    Renamed("state", "stateful", {"fresh": False, "carried": True}),
    Renamed("readout", "pooling"),
    Renamed("keep", "restore_best_weights", {"last": False, "best": True}),
    Renamed("order", "sampling", {"once": "shuffle_once"}),
    Renamed("scale_on", "fit_scaler_on"),
    Renamed("rotate", "rotation_std"),
    Renamed("cell_init", "cell_initializer"),
    Renamed("head_init", "head_initializer"),
    Renamed("head_init_std", "head_initializer_std"),
    Renamed("valid_fraction", "val_fraction"),
    Renamed("valid_people", "val_subjects"),
)

RENAMED_PLOTS = (Renamed("ahead", "multi_step"),)

_RECORDED: ContextVar[list[Renamed] | None] = ContextVar("recorded", default=None)


def renamed_settings(known: Collection[str]) -> dict[str, Renamed]:
    """Return the settings that have an old name, by their old name.

    Args:
        known: Names of the settings in use; a name among them is never taken for an old one.
    """
    return {r.old: r for r in RENAMED if r.new in known and r.old not in known}


def upgrade_settings(values: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Return settings under their new names, and warn of each old one.

    Args:
        values: Settings by name, as the caller passed them.
        known: Names of the settings in use; a name among them is never taken for an old one.

    Raises:
        SettingError: A setting is given under both its old and its new name.
    """
    renamed = renamed_settings(known)
    result: dict[str, Any] = {}
    for name, value in values.items():
        if name not in renamed:
            result[name] = value
            continue
        setting = renamed[name]
        if setting.new in values:
            raise _given_twice(setting)
        result[setting.new] = setting.value(value)
        _warn(setting)
    return result


def upgrade_plot_kind(kind: str) -> str:
    """Return the current name of a kind of plot, and warn of an old one."""
    renamed = next((renamed for renamed in RENAMED_PLOTS if renamed.old == kind), None)
    if renamed is None:
        return kind
    _warn(renamed)
    return renamed.new


@contextmanager
def recording() -> Iterator[list[Renamed]]:
    """Collect the old names used within the block instead of raising Python warnings about them."""
    settings: list[Renamed] = []
    token = _RECORDED.set(settings)
    try:
        yield settings
    finally:
        _RECORDED.reset(token)


def recorded(function: Callable[..., T], /, *args: Any, **settings: Any) -> tuple[T, list[str]]:
    """Call a function and return its result with the warnings about old names, for callers without Python warnings.

    Args:
        function: The function, such as `rnnstudio.train`.
        *args: Its positional arguments.
        **settings: Its keyword arguments.
    """
    with recording() as renamed:
        result = function(*args, **settings)
    return result, [setting.sentence for setting in renamed]


def _given_twice(setting: Renamed) -> SettingError:
    return SettingError(
        f"{setting.new} is given twice: {setting.old} is its old name. Leave {setting.old} out.", setting.new
    )


def _warn(setting: Renamed) -> None:
    record = _RECORDED.get()
    if record is None:
        warnings.warn(setting.sentence, FutureWarning, stacklevel=_callers_level())
    elif setting not in record:
        record.append(setting)


def _callers_level() -> int:
    """Return the stack level, seen from `_warn`, of the first caller outside this package."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("rnnstudio."):
        level, frame = level + 1, frame.f_back
    return level


def upgrade_experiment(plain: dict[str, Any]) -> dict[str, Any]:
    """Return an experiment in the current format, as in `experiment.json`.

    Args:
        plain: The experiment in any format up to the current one.

    Raises:
        SettingError: A setting has both its old and its new name.
    """
    version = plain.get("schema_version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        return plain  # `Experiment` refuses it
    upgraded: dict[str, Any] = upgrade_run({"experiment": plain}, version)["experiment"]
    return upgraded


def upgrade_run(run: dict[str, Any], version: int) -> dict[str, Any]:
    """Return the contents of a run's files in the current format.

    Args:
        run: Any of `experiment`, `metrics` and `data` (the JSON files), `history` and `warnings` (from `run.json`) and
            `columns` (the arrays of `history.npz`).
        version: The format they were written in.
    """
    for step in _STEPS[version - 1 :]:
        run = step(run)
    return run


def add_weights_step(history: History, *, restores_best: bool) -> None:
    """Set `weights_step`, and the `predictions_step` that follows from it, of a run saved before these were recorded.

    Such runs could keep their initial weights as the best ones.

    Args:
        history: The history of the run.
        restores_best: Its `restore_best_weights`.
    """
    history.weights_step = max(0, history.step - 2) if history.outcome == "diverged" else history.step
    if not restores_best:
        return
    evaluated = [history.evaluated(metric) for metric in ("val_loss", "test_loss")]
    steps, values = next((pair for pair in evaluated if len(pair[0])), evaluated[0])
    finite = [(value, step) for step, value in zip(steps.tolist(), values.tolist(), strict=True) if value < math.inf]
    if finite:
        history.weights_step = int(min(finite)[1])
        if history.predictions is not None and history.predictions.kind != "label":
            history.predictions_step = history.weights_step


def _to_version_2(run: dict[str, Any]) -> dict[str, Any]:
    """Bring settings, metrics, predictions and sentences to standard terms."""
    run = dict(run)
    if "experiment" in run:
        experiment = {**run["experiment"], "schema_version": 2}
        for section in ("data", "model", "training"):
            if isinstance(experiment.get(section), Mapping):
                experiment[section] = _new_names(experiment[section], 2)
        run["experiment"] = experiment
    if "metrics" in run:
        metrics = run["metrics"]
        run["metrics"] = {
            **metrics,
            "metrics": {_val(name): value for name, value in metrics["metrics"].items()},
            "baseline": {
                method: {_val(name): value for name, value in values.items()}
                for method, values in metrics["baseline"].items()
            },
        }
    if "data" in run:
        data = dict(run["data"])
        data["autoregressive"] = data.pop("feeds_back")
        data["windows"] = {"val" if name == "valid" else name: count for name, count in data["windows"].items()}
        run["data"] = data
    if "history" in run:
        history = dict(run["history"])
        history.pop("resets", None)
        kind = history.pop("probe_kind")
        history["predictions_kind"] = _KINDS_OF_VERSION_1.get(kind, kind)
        history["predictions_step"] = history.pop("probe_step")
        history["error"] = upgrade_sentence(history["error"])
        run["history"] = history
    if "warnings" in run:
        run["warnings"] = [upgrade_sentence(warning) for warning in run["warnings"]]
    if "columns" in run:
        run["columns"] = _columns_of_version_2(run["columns"])
    return run


_KINDS_OF_VERSION_1 = {"labels": "label", "classes": "classify"}
_PREDICTIONS_OF_VERSION_1 = {"ahead": "multi_step", "ahead_at": "multi_step_at"}


def _new_names(settings: Mapping[str, Any], version: int) -> dict[str, Any]:
    renamed = {r.old: r for r in RENAMED if r.version == version}
    twice = next((r for r in renamed.values() if r.old in settings and r.new in settings), None)
    if twice is not None:
        raise _given_twice(twice)
    return {
        renamed[name].new if name in renamed else name: renamed[name].value(value) if name in renamed else value
        for name, value in settings.items()
    }


def _val(metric: str) -> str:
    return metric.replace("valid_", "val_")


def _columns_of_version_2(columns: Mapping[str, Any]) -> dict[str, Any]:
    upgraded: dict[str, Any] = {}
    for name, values in columns.items():
        kind, _, column = name.partition("/")
        if kind in ("eval", "eval_step"):
            upgraded[f"{kind}/{_val(column)}"] = values
        elif name == "probe/parts":  # first positions of the validation and the test set
            upgraded["predictions/val_begin"], upgraded["predictions/test_begin"] = values[0], values[1]
        elif kind == "probe":
            upgraded[f"predictions/{_PREDICTIONS_OF_VERSION_1.get(column, column)}"] = values
        else:
            upgraded[name] = values
    return upgraded


def _to_version_5(run: dict[str, Any]) -> dict[str, Any]:
    """Name the format; version 5 names all files with checksums in `run.json`, and keeps states of the training."""
    if "experiment" not in run:
        return run
    return {**run, "experiment": {**run["experiment"], "schema_version": 5}}


_STEPS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (
    _to_version_2,
    to_version_3,
    to_version_4,
    _to_version_5,
)
