"""The step of `core.upgrade` to format version 4, in which the past of the column to predict is an input by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rnnstudio.core.names import names_in


def to_version_4(run: dict[str, Any]) -> dict[str, Any]:
    """Return a run's files of version 3 in version 4: inputs are those that `features` names, where it names any.

    Args:
        run: As for `core.upgrade.upgrade_run`.
    """
    run = dict(run)
    if "experiment" in run:
        run["experiment"] = experiment = {**run["experiment"], "schema_version": 4}
        data = experiment.get("data")
        if isinstance(data, Mapping) and data.get("dataset") in ("file", "arrays"):
            features, target = (_text(data.get(name, "")) for name in ("features", "target"))
            if features and target not in names_in(features):
                experiment["data"] = {"use_past": False, **data}
    return run


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
