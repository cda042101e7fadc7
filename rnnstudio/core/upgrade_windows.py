"""The step of `core.upgrade` to format version 3, in which the windows of held-out sets may begin before their set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WINDOWED_IN_VERSION_2 = ("airline", "arrays", "echo", "file", "machinery")


def to_version_3(run: dict[str, Any]) -> dict[str, Any]:
    """Return a run's files of version 2 in version 3: windows of validation and test set lie inside their set.

    Args:
        run: As for `core.upgrade.upgrade_run`.
    """
    run = dict(run)
    if "experiment" in run:
        run["experiment"] = experiment = {**run["experiment"], "schema_version": 3}
        data = experiment.get("data")
        if isinstance(data, Mapping) and (
            data.get("dataset") in _WINDOWED_IN_VERSION_2 or {"window", "stride"} <= data.keys()
        ):
            experiment["data"] = {"test_context": "inside", **data}
    if "data" in run:
        run["data"] = {"test_context": "inside", **run["data"]}
    return run
