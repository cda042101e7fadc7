"""The command that trains an experiment again with another value of a setting, for messages."""

from __future__ import annotations

import shlex
from typing import Any

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.differences import differences, value_text
from rnnstudio.core.experiment import Experiment

_MAX_LENGTH = 350  # characters of a command in a message
_FIRST = ("target", "features", "known", "series")  # settings that a shortened command keeps


def train_command(experiment: Experiment, **changed: Any) -> str:
    """Return the command line that trains an experiment with some values changed.

    Args:
        experiment: The experiment, automatic settings included.
        **changed: Values by flat name.

    >>> from rnnstudio.core.experiment import compose
    >>> train_command(compose("airline", {"window": 7}), units=8)
    'rnnstudio train airline --window 7 --units 8'
    """
    dataset = experiment.data.dataset
    if dataset == "arrays":
        arguments = ", ".join(f"{name}={value!r}" for name, value in changed.items())
        return f"train(x, ..., {arguments}) with the settings of this run"
    start = experiment.recipe if experiment.recipe in RECIPES else dataset
    values = {difference.name: difference.value for difference in differences(experiment, start)} | changed
    if start not in RECIPES or experiment.recipe:
        values.pop("recipe", None)
    else:
        values = {"recipe": "none", **values}
    what = str(values.pop("file", "") or start)
    command = _command(what, values)
    if len(command) <= _MAX_LENGTH:
        return command
    kept = {name: value for name, value in values.items() if name in (*_FIRST, *changed)}
    return f"{_command(what, kept)} (and the other settings of this run)"


def _command(what: str, values: dict[str, Any]) -> str:
    flags = [_flag(name, value) for name, value in values.items()]
    return " ".join(["rnnstudio train", shlex.quote(what), *flags])


def _flag(name: str, value: Any) -> str:
    flag = name.replace("_", "-")
    if isinstance(value, bool):
        return f"--{flag}" if value else f"--no-{flag}"
    return f"--{flag} {shlex.quote(value_text(value))}"
