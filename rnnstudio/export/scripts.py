"""A script in R or Python that trains a run's network again."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnstudio.core.account_fingerprint import fingerprint_of
from rnnstudio.core.catalog import RECIPES
from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.differences import differences
from rnnstudio.core.errors import StoreError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.names import names_in
from rnnstudio.core.wording import metric_label
from rnnstudio.export.reading_decisions import OF_READING, decisions_in_words, reading_decisions
from rnnstudio.export.writing import write_file
from rnnstudio.library.datasets.file import FileSettings

_COMMENT_WIDTH, _MAX_LINE = 100, 80  # characters
_REFUSAL = "The file is not read as in the run: compare this account with the comments of the script."
_RESULTS = ("test_accuracy", "test_rmse", "test_scaled_mse", "train_accuracy", "train_loss")  # the first one is stated
_NAME_LISTS = ("classes", "features")  # settings that hold names separated by commas; lists in a script


def write_script(
    experiment: Experiment, record: History, metrics: Mapping[str, float], path: Path, footnote: str = ""
) -> Path:
    """Write the script that trains a run again, and return its path.

    Args:
        experiment: The experiment of the run.
        record: Its history.
        metrics: Its final metrics.
        path: A file with the suffix .R or .py.
        footnote: A sentence about test metrics, where a choice was made on the test set; see `core.chosen_on_test`.

    Raises:
        StoreError: It cannot be written, or the run was trained on arrays, which no script contains.
    """
    start, settings = _start_and_settings(experiment, record)
    comments, check = _comments(experiment, record, metrics, footnote), ""
    data, info = experiment.data, record.info
    is_r = path.suffix.lower() == ".r"
    if isinstance(data, FileSettings) and info is not None and info.account and start == "file":
        settings |= reading_decisions(data, info)
        settings |= {name: names_in(settings[name]) for name in _NAME_LISTS if isinstance(settings.get(name), str)}
        comments += decisions_in_words(data, info)
        check = (_r_check if is_r else _python_check)(settings, fingerprint_of(info.account))
    text = (_r_script if is_r else _python_script)(start, settings, comments, _plots(record), check)
    return write_file(path, lambda file: file.write_text(text, encoding="utf-8"))


def _start_and_settings(experiment: Experiment, record: History) -> tuple[str, dict[str, Any]]:
    """Return the recipe or data set to name, and the settings that differ from it."""
    dataset = experiment.data.dataset
    if dataset == "arrays":
        raise StoreError(
            "This run was trained on arrays, which are not saved with it, so a script could not train it again. "
            "Export a run of a recipe, a data set or a file."
        )
    if _ends_where_stopped(experiment, record):
        training = experiment.training.model_copy(update={"updates": record.step})
        experiment = experiment.model_copy(update={"training": training})
    start = experiment.recipe if experiment.recipe in RECIPES else dataset
    settings = {} if experiment.recipe or start not in RECIPES else {"recipe": "none"}
    settings |= {difference.name: difference.value for difference in differences(experiment, start)}
    return start, settings | {name: names_in(settings[name]) for name in _NAME_LISTS if name in settings}


def _comments(experiment: Experiment, record: History, metrics: Mapping[str, float], footnote: str) -> list[str]:
    """Return what the reader of the script should know, one sentence each."""
    metric = next((name for name in _RESULTS if name in metrics), None)
    marked = "" if metric is None else mark(metric, bool(footnote))
    result = f", {metric_label(metric)}{marked} {metrics[metric]:.4g}" if metric else ""
    sentences = [f"Trains an rnnstudio run again: {record.step:,} updates{result}."]
    if marked:
        sentences.append(footnote)
    if experiment.recipe in RECIPES:
        sentences.append(f"Publication: {RECIPES.get(experiment.recipe).publication}")
    if _ends_where_stopped(experiment, record):
        sentences.append(f"The run was stopped after {record.step:,} updates, so updates is {record.step} here.")
    elif record.outcome == "stopped":
        sentences.append(f"The run was stopped after {record.step:,} updates; this script trains to the end.")
    return sentences


def _ends_where_stopped(experiment: Experiment, record: History) -> bool:
    """Return whether the script ends where the run was stopped; a learning-rate schedule would change by that."""
    return record.outcome == "stopped" and record.step > 0 and experiment.training.schedule == "constant"


def _plots(record: History) -> list[str]:
    """Return the names of the plots that show the training and the predictions."""
    names = ["loss"]
    info = record.info
    if info is not None and info.classes:
        names.append("echo" if info.task == "label" else "confusion")
    elif info is not None:
        names.append("predicted_true" if info.task == "regress_sequence" else "forecast")
    return names


def _r_check(settings: Mapping[str, Any], fingerprint: str) -> str:
    """Return the lines that refuse a file that is read in another way than in the run."""
    arguments = [f"{name} = {_r_value(settings[name])}" for name in settings if name in OF_READING]
    call = _call("rnn_inspect", ["file", *arguments], indent="  ", end="")
    return (
        f"file <- {_r_value(settings['file'])}\naccount <- {call}\n"
        f"if (account$fingerprint != {_quoted(fingerprint)}) {{\n"
        f'  print(account)\n  stop("{_REFUSAL}", call. = FALSE)\n}}\n\n'
    )


def _python_check(settings: Mapping[str, Any], fingerprint: str) -> str:
    """Return the lines that refuse a file that is read in another way than in the run."""
    arguments = [f"{name}={_python_value(settings[name])}" for name in settings if name in OF_READING]
    call = _call("inspect", ["file", *arguments], indent="    ", end=",")
    return (
        f"file = {_quoted(settings['file'])}\naccount = {call}\nif account.fingerprint != {_quoted(fingerprint)}:\n"
        f'    raise SystemExit(f"{{account}}\\n{_REFUSAL}")\n\n'
    )


def _r_script(start: str, settings: Mapping[str, Any], comments: list[str], plots: list[str], check: str) -> str:
    values = {name: "file" if check and name == "file" else _r_value(value) for name, value in settings.items()}
    arguments = [_r_value(start), *(f"{name} = {value}" for name, value in values.items())]
    call = _call("rnn_train", arguments, indent="  ", end="")  # R allows no comma at the end
    lines = "".join(f'plot(run, "{name}")\n' for name in plots)
    return f"{_comment(comments)}\nlibrary(rnnstudio)\n\n{check}run <- {call}\n\nprint(summary(run))\n{lines}"


def _python_script(start: str, settings: Mapping[str, Any], comments: list[str], plots: list[str], check: str) -> str:
    values = {name: "file" if check and name == "file" else _python_value(value) for name, value in settings.items()}
    arguments = [_quoted(start), *(f"{name}={value}" for name, value in values.items())]
    call = _call("train", arguments, indent="    ", end=",")
    imported = "inspect, train" if check else "train"
    lines = "".join(f'run.plot("{name}", "{name}.png")\n' for name in plots)
    return f"{_comment(comments)}\nfrom rnnstudio import {imported}\n\n{check}run = {call}\n\nprint(run)\n{lines}"


def _call(function: str, arguments: list[str], *, indent: str, end: str) -> str:
    """Return a call on one line if it is short enough, else with one argument per line."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _MAX_LINE:
        return line
    lines = ",\n".join(indent + argument for argument in arguments)
    return f"{function}(\n{lines}{end}\n)"


def _comment(sentences: list[str]) -> str:
    return "\n".join(
        textwrap.fill(sentence, _COMMENT_WIDTH, initial_indent="# ", subsequent_indent="# ") for sentence in sentences
    )


def _quoted(text: str) -> str:
    """Return a text in double quotes; the escapes of JSON are those of R and Python too."""
    return json.dumps(text, ensure_ascii=False)


def _r_value(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, list):
        return f"c({', '.join(_r_value(v) for v in value)})" if value else "list()"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _python_value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_python_value(v) for v in value)}]"
    return _quoted(value) if isinstance(value, str) else repr(value)
