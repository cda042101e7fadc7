"""Old names of settings and old layouts of saved runs, brought to today's names when they are used.

A setting that gets a new name gets a row in `RENAMED`. A change of a run's files raises `FORMAT_VERSION` and gets a
step of its own in `_STEPS`, with a saved run of the version before it among the test fixtures.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rnnstudio.core.errors import SettingError

FORMAT_VERSION: Literal[2] = 2


@dataclass(frozen=True)
class Renamed:
    """A setting with a new name.

    Attributes:
        old: Its old name.
        new: Its new name.
        values: New values by old value, where they changed as well.
    """

    old: str
    new: str
    values: Mapping[Any, Any] = field(default_factory=dict)

    def value(self, old: Any) -> Any:
        """Return the new value for an old one; a value that was never allowed stays, for the message about it."""
        return self.values.get(old, old) if isinstance(old, str) else old


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


def upgrade_settings(values: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Return settings under their new names, and warn of each old one.

    Args:
        values: Settings by name, as a caller gave them.
        known: Names of the settings there are; a name among them is never taken for an old one.

    Raises:
        SettingError: A setting is given under its old and its new name.
    """
    renamed = {r.old: r for r in RENAMED if r.new in known and r.old not in known}
    result: dict[str, Any] = {}
    for name, value in values.items():
        if name not in renamed:
            result[name] = value
            continue
        change = renamed[name]
        if change.new in values:
            raise SettingError(
                f"{change.new} is given twice: {change.old} is its old name. Leave {change.old} out.", change.new
            )
        result[change.new] = change.value(value)
        warnings.warn(renaming(change), FutureWarning, stacklevel=_callers_level())
    return result


def renaming(change: Renamed) -> str:
    """Return the sentence that warns of an old name."""
    return f"`{change.old}` is now `{change.new}`."


def _callers_level() -> int:
    """Return the stack level of the first caller outside this package, so that Python warns once for each place."""
    import sys

    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("rnnstudio."):
        level, frame = level + 1, frame.f_back
    return level


def upgrade_experiment(plain: dict[str, Any]) -> dict[str, Any]:
    """Return an experiment as in `experiment.json`, of any version up to this one, in this version's names."""
    version = plain.get("schema_version", 1)
    if not isinstance(version, int) or version < 1:
        return plain  # refused when it is read
    upgraded: dict[str, Any] = upgrade_run({"experiment": plain}, version)["experiment"]
    return upgraded


def upgrade_run(run: dict[str, Any], version: int) -> dict[str, Any]:
    """Return the contents of a run's files in this version's names.

    Args:
        run: Any of `experiment`, `metrics` and `data` (the JSON files), `history` (the part of `run.json`) and
            `columns` (the arrays of `history.npz`).
        version: The version that wrote them.
    """
    for step in _STEPS[version - 1 :]:
        run = step(run)
    return run


def _to_version_2(run: dict[str, Any]) -> dict[str, Any]:
    """Settings, metrics and predictions got the field's own names."""
    run = dict(run)
    if "experiment" in run:
        experiment = {**run["experiment"], "schema_version": 2}
        for section in ("data", "model", "training"):
            if isinstance(experiment.get(section), Mapping):
                experiment[section] = _new_names(experiment[section])
        run["experiment"] = experiment
    if "metrics" in run:
        metrics = run["metrics"]
        run["metrics"] = {
            **metrics,
            "metrics": {_val(name): value for name, value in metrics["metrics"].items()},
            "baseline": {
                method: {_val(name): value for name, value in figures.items()}
                for method, figures in metrics["baseline"].items()
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
        run["history"] = history
    if "columns" in run:
        run["columns"] = _columns_of_version_2(run["columns"])
    return run


_KINDS_OF_VERSION_1 = {"labels": "label", "classes": "classify"}
_PREDICTIONS_OF_VERSION_1 = {"ahead": "multi_step", "ahead_at": "multi_step_at"}


def _new_names(settings: Mapping[str, Any]) -> dict[str, Any]:
    changes = {r.old: r for r in RENAMED}
    return {
        changes[name].new if name in changes else name: changes[name].value(value) if name in changes else value
        for name, value in settings.items()
    }


def _val(metric: str) -> str:
    return metric.replace("valid_", "val_")


def _columns_of_version_2(columns: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, values in columns.items():
        kind, _, column = name.partition("/")
        if kind in ("eval", "eval_step"):
            found[f"{kind}/{_val(column)}"] = values
        elif name == "probe/parts":  # the first steps of the validation and the test set
            found["predictions/val_begin"], found["predictions/test_begin"] = values[0], values[1]
        elif kind == "probe":
            found[f"predictions/{_PREDICTIONS_OF_VERSION_1.get(column, column)}"] = values
        else:
            found[name] = values
    return found


_STEPS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (_to_version_2,)
