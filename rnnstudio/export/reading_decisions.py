"""How the file of a run was read, for a script that trains the run again: as settings, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from rnnstudio.core.account import Account
from rnnstudio.core.account_changes import account_change
from rnnstudio.core.column_roles import time_columns
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.found_settings import found_setting
from rnnstudio.core.names import text_of
from rnnstudio.core.read_options import DateOrder, DecimalMark, Separator, ThousandsMark
from rnnstudio.library.datasets.file import FileSettings
from rnnstudio.library.shared.reading_settings import FileTextSettings
from rnnstudio.library.shared.target_columns import first_target
from rnnstudio.reading.files import read_file

OF_READING = {*FileTextSettings.model_fields, "series", "doubles", "target"} - {"scale", "fit_scaler_on", "dataset"}
_CHOICES = {
    "separator": get_args(Separator), "decimal_mark": get_args(DecimalMark), "thousands_mark": get_args(ThousandsMark),
}  # fmt: skip
_FREE = ("encoding", "header")


def reading_decisions(data: FileSettings, info: DataInfo) -> dict[str, str]:
    """Return the settings that read the file of a run as its training did, beside those that the run has.

    They are the column to predict and the inputs, and how the text is read, if the file is still there and is read in
    the same way with them.

    Args:
        data: The data settings of the run.
        info: The description of its data.
    """
    columns = {column["name"] for column in info.account.get("columns", ())}
    decided: dict[str, str] = {}
    if not data.target and not info.account.get("variable") and {*info.predicted_names} <= columns:
        decided["target"] = text_of(info.predicted_names)
    inputs = [name for name in info.column_names if name not in info.known]
    own_inputs = tuple(inputs) == info.target_names
    if inputs and not data.features and not own_inputs and {*inputs} <= columns:
        decided["features"] = text_of(inputs)
    found = _found(data, info.account)
    again = _account(data.model_copy(update={**decided, **found})) if found else None
    if again is not None and not account_change(info.account, again):
        decided |= found
    return decided


def _found(data: FileSettings, then: Mapping[str, Any]) -> dict[str, str]:
    """Return what was found in the file for settings that the run leaves open; empty where it has changed."""
    account = _account(data)
    if account is None or not then or account_change(then, account):
        return {}
    found = {name: found_setting(account, name) for name in (*_CHOICES, *_FREE)} if account.separator else {}
    found["time"] = text_of(time_columns(account)) if account.time else "none"
    order = found_setting(account, "date_order").replace(" ", "_")
    if order in get_args(DateOrder):
        found["date_order"] = order
    default = {name: field.default for name, field in FileSettings.model_fields.items()}
    return {
        name: value
        for name, value in found.items()
        if value and getattr(data, name) == default[name] and value in _CHOICES.get(name, (value,))
    }


def _account(data: FileSettings) -> Account | None:
    """Return how a file is read; None where it cannot be."""
    try:
        return read_file(data.file, first_target(data.target), data.read_options()).account
    except RnnStudioError:
        return None


def decisions_in_words(data: FileSettings, info: DataInfo) -> list[str]:
    """Return what was found in the file of a run and assumed of it, one sentence each."""
    then = info.account
    parts = [
        f"{then['rows']:,} rows",
        *filter(None, (str(then.get("encoding", "")), then.get("separator") and f"separator {then['separator']}")),
        f"time in {then['time']['column']}" if then.get("time") else "no column of times",
    ]
    predicted = f"{info.roles_text} (task {info.task})"
    sentences = [
        f"{Path(data.file).name} was read as {then['format']}: {', '.join(parts)}.",
        f"Predicted: {predicted}.",
    ]
    return [*sentences, *(f"Assumed: {sentence}" for sentence in then.get("assumed", ()))]
