"""What a run predicts and from what, in words, and a saved run or group with what is to be known about it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rnnstudio.cli.output import echo
from rnnstudio.core.data_info import DataInfo, inputs_in_words
from rnnstudio.core.errors import SettingError
from rnnstudio.core.wording import listed

if TYPE_CHECKING:
    from rnnstudio.core.account import Account
    from rnnstudio.core.sequence import SequenceData
    from rnnstudio.core.settings import DataSettings
    from rnnstudio.results.run import Run
    from rnnstudio.results.run_group import RunGroup

_MAX_NAMES = 10  # names of columns or classes in a sentence


def target_description(data: SequenceData, settings: DataSettings) -> str:
    """Return what is predicted and from which inputs; of a file also the alternatives.

    Args:
        data: The data as loaded.
        settings: Their settings.
    """
    file = Path(getattr(settings, "file", ""))
    info = DataInfo.of(data)
    if settings.dataset == "sequences":
        lengths = data.inputs.shape[1:2] if data.lengths is None else (data.lengths.min(), data.lengths.max())
        steps = " to ".join(f"{length:,}" for length in lengths)
        what = "class" if data.classes else "value"
        named = f"the {what}" if data.target_names[0] in ("class", "target") else f"{data.target_names[0]}, the {what},"
        values = f"values from {data.targets.min():.4g} to {data.targets.max():.4g}"
        kinds = f"{len(data.classes)} classes: {listed(data.classes, _MAX_NAMES)}" if data.classes else values
        return (
            f"predicting {named} of {len(data.inputs):,} sequences of {steps} steps in {file.name}; {kinds}; from "
            f"{info.inputs_text(_MAX_NAMES)}"
        )
    if data.account is None:
        return f"predicting {info.roles_text}" if info.roles_text else ""
    flag = "variable" if settings.dataset == "machinery" else "target"
    inputs = info.inputs_text(_MAX_NAMES)
    if info.columns_as_series:
        text = target_column_description(data.account, info.predicted_names, (), flag)
        return f"{text}; each is a series of its own, predicted from {inputs}"
    return target_column_description(data.account, info.predicted_names, info.input_names, flag, inputs)


def target_column_description(
    account: Account,
    targets: Sequence[str],
    features: Sequence[str] = (),
    flag: str = "target",
    inputs: str = "",
) -> str:
    """Return which column of a file is predicted and which others could be.

    Args:
        account: How the file was read.
        targets: The predicted columns.
        features: The input columns.
        flag: Name of the flag that selects another column.
        inputs: The input columns in words, where more is known of them.
    """
    fitting = dict.fromkeys(filter(None, (account.target, *account.other_targets, *account.class_columns)))
    others = [name for name in fitting if name not in (*targets, *features)]
    parts = [f"predicting {listed([*map(repr, targets)], _MAX_NAMES)} of {account.name}"]
    if features:
        parts[0] += f" from {inputs or inputs_in_words(features, (), targets, _MAX_NAMES)}"
    if others:
        names = listed(others, _MAX_NAMES)
        parts.append(f"others that can be predicted: {names} (--{flag} {shlex.quote(others[0])})")
    return "; ".join(parts)


def load_with_notes(name: str, at: str | None = None) -> Run | RunGroup:
    """Return a saved run or group, and report the runs of a group that are missing, or of which moment the run is.

    Args:
        name: Its path or name.
        at: A moment of the training of a run, as for `Run.at`; None for its own weights.

    Raises:
        UnknownNameError: There is none.
        StoreError: It cannot be read.
        SettingError: It is a group, and `at` is given; or `at` is no moment.
        DataError: It does not have the weights of this moment.
    """
    from rnnstudio.results.group_store import load_any
    from rnnstudio.results.run import Run

    loaded = load_any(name)
    for sentence in [] if isinstance(loaded, Run) else loaded.warnings:
        echo(f"Note: {sentence}", err=True)
    if at is None:
        return loaded
    if not isinstance(loaded, Run):
        raise SettingError(f"--at is for one run; {loaded.name} is a group. Name one of its runs.", "at")
    return at_moment(loaded, at)


def at_moment(run: Run, at: str) -> Run:
    """Return a run as it was at a moment of its training, and report which one it is.

    Raises:
        SettingError: `at` is no moment.
        DataError: The run does not have these weights.
    """
    moment = run.at(at)
    for sentence in moment.warnings:
        if sentence not in run.warnings:
            echo(f"Note: {sentence}", err=True)
    return moment
