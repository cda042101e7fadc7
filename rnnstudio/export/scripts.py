"""A run as a script in R or Python that trains the same network again."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.differences import differences
from rnnstudio.core.errors import StoreError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.names import names_in
from rnnstudio.export.writing import write_file

_WIDTH, _SHORT = 100, 80
_NAMES = ("classes", "features")  # settings that are names with commas in one text; lists in a script


def write_script(experiment: Experiment, record: History, metrics: Mapping[str, float], path: Path) -> Path:
    """Write the script that trains a run again, in the language its ending says (.R or .py), and return its path.

    Raises:
        StoreError: It cannot be written, or the run was made from arrays, whose numbers no script has.
    """
    start, changes = _as_call(experiment, record)
    language = _r if path.suffix.lower() == ".r" else _python
    text = language(start, changes, _remarks(experiment, record, metrics), _pictures(record))
    return write_file(path, lambda file: file.write_text(text, encoding="utf-8"))


def _as_call(experiment: Experiment, record: History) -> tuple[str, dict[str, Any]]:
    """Return the recipe or data set to name, and the settings that differ from it."""
    data = experiment.data.dataset
    if data == "arrays":
        raise StoreError(
            "This run was made from arrays, whose numbers are not stored with it: a script could not train it again. "
            "Export a run of a recipe, a data set or a file."
        )
    if _ends_early(experiment, record):
        ended = experiment.training.model_copy(update={"updates": record.step})
        experiment = experiment.model_copy(update={"training": ended})
    start = experiment.recipe if experiment.recipe in RECIPES else data
    changes = {difference.name: difference.value for difference in differences(experiment, start)}
    return start, changes | {name: names_in(changes[name]) for name in _NAMES if name in changes}


def _remarks(experiment: Experiment, record: History, metrics: Mapping[str, float]) -> list[str]:
    """Return what the reader of the script should know, a sentence each."""
    reached = next((n for n in ("test_accuracy", "test_rmse", "train_accuracy", "train_loss") if n in metrics), None)
    figure = f", {reached.replace('_', ' ')} {metrics[reached]:.4g}" if reached else ""
    lines = [f"Trains again what rnnstudio trained: {record.step:,} updates{figure}."]
    if experiment.recipe in RECIPES:
        lines.append(f"The work: {RECIPES.get(experiment.recipe).publication}")
    if _ends_early(experiment, record):
        lines.append(f"It was stopped after {record.step:,} updates, which is what updates says here.")
    elif record.outcome == "stopped":
        lines.append(f"It was stopped after {record.step:,} updates; this script goes on to the end.")
    return lines


def _ends_early(experiment: Experiment, record: History) -> bool:
    """Return whether the script ends where the run was stopped; a schedule would then be another one."""
    return record.outcome == "stopped" and record.step > 0 and experiment.training.schedule == "constant"


def _pictures(record: History) -> list[str]:
    """Return which pictures show how the run learned and what it tells."""
    kinds = ["loss"]
    info = record.info
    if info is not None and info.classes:
        kinds.append("echo" if info.task == "label" else "confusion")
    elif info is not None:
        kinds.append("forecast")
    return kinds


def _r(start: str, changes: Mapping[str, Any], remarks: list[str], kinds: list[str]) -> str:
    arguments = [_r_value(start), *(f"{name} = {_r_value(value)}" for name, value in changes.items())]
    call = _on_lines("rnn_train", arguments, indent="  ", last="")  # R allows no comma at the end
    plots = "".join(f'plot(run, "{kind}")\n' for kind in kinds)
    return f"{_comment(remarks)}\nlibrary(rnnstudio)\n\nrun <- {call}\n\nprint(summary(run))\n{plots}"


def _python(start: str, changes: Mapping[str, Any], remarks: list[str], kinds: list[str]) -> str:
    arguments = [_text(start), *(f"{name}={_python_value(value)}" for name, value in changes.items())]
    call = _on_lines("train", arguments, indent="    ", last=",")
    plots = "".join(f'run.plot("{kind}", "{kind}.png")\n' for kind in kinds)
    return f"{_comment(remarks)}\nfrom rnnstudio import train\n\nrun = {call}\n\nprint(run)\n{plots}"


def _on_lines(function: str, arguments: list[str], *, indent: str, last: str) -> str:
    """Return a call on one line where that is short, else with an argument per line."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _SHORT:
        return line
    inner = ",\n".join(indent + argument for argument in arguments)
    return f"{function}(\n{inner}{last}\n)"


def _comment(lines: list[str]) -> str:
    return "\n".join(textwrap.fill(line, _WIDTH, initial_indent="# ", subsequent_indent="# ") for line in lines)


def _text(value: str) -> str:
    """Return a text between double quotes; JSON's escapes are R's and Python's too."""
    return json.dumps(value, ensure_ascii=False)


def _r_value(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, list):
        return f"c({', '.join(_r_value(v) for v in value)})" if value else "list()"
    return _text(value) if isinstance(value, str) else repr(value)


def _python_value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_python_value(v) for v in value)}]"
    return _text(value) if isinstance(value, str) else repr(value)
