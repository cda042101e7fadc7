"""Sentences of the import page about a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QLocale

from rnnstudio.core.account import Account, Question
from rnnstudio.core.column_roles import ROLE_LABELS, Role, Roles
from rnnstudio.core.errors import RnnStudioError, SettingError
from rnnstudio.core.missing import count_of
from rnnstudio.core.time_account import time_text
from rnnstudio.core.variable_account import VariableAccount
from rnnstudio.core.wording import listed
from rnnstudio.gui.importing.controls import READING_SETTINGS
from rnnstudio.results.import_check import ImportCheck

OF_TRAINING = {"missing", "max_gap"}  # settings that do not change how the file is read
_COLUMNS = ("target", "features", "known", "sequence", "group")  # settings that the uses of the columns decide
_USES: dict[str, Role] = {
    "target": "target", "features": "input", "known": "known", "series": "series", "sequence": "sequence",
    "group": "group",
}  # fmt: skip
_SET_COLUMNS = re.compile(rf"\b([Ss])et ({'|'.join(_USES)}) to (?:add )?")
_MAX_NAMED = 3  # columns in a sentence
_MAX_ARRAYS = 6  # with a button each; the list has all


def locale_date_order() -> str:
    """Return the order of dates in the user's country: day_first, month_first or year_first."""
    written = QLocale().dateFormat(QLocale.FormatType.ShortFormat).lower()
    first = min("dmy", key=lambda letter: written.find(letter) % (len(written) + 1))
    return {"d": "day_first", "m": "month_first", "y": "year_first"}[first]


def own_date_order(account: Account, settings: Mapping[str, str]) -> Question | None:
    """Return the question about the order of dates that the user's country answers, where the user did not."""
    own = "" if "date_order" in settings else locale_date_order()
    return next((q for q in account.questions if q.setting == "date_order" and own in q.choices), None)


def variable_question(error: RnnStudioError, variables: Sequence[VariableAccount]) -> Question | None:
    """Return the question which array of a file is meant, where the reader asks for it; None for other errors."""
    if not isinstance(error, SettingError) or error.field != "variable" or not variables:
        return None
    sentence = str(error).split(" Set variable")[0]
    return Question("variable", {v.name: str(v) for v in variables[:_MAX_ARRAYS]}, sentence)


def has_more_to_say(account: Account) -> bool:
    """Return whether the list of the features of labelled sequences says more than their number."""
    return len(account.columns) > 1 or any(column.missing for column in account.columns)


def notes_of(account: Account, check: ImportCheck, target_chosen: bool, roles: Roles) -> list[str]:
    """Return what is assumed about a file and what a training does with it, without what its problems say already.

    Args:
        account: How the file was read.
        check: What a training does.
        target_chosen: Whether the user chose what is predicted.
        roles: What each column is used for.
    """
    is_guessed = bool(account.target and account.other_targets and account.target_reason) and not target_chosen
    another = "set Use to Predict this for another column"
    guess = f"{account.target} is predicted, because {account.target_reason}; {another}."
    notes = dict.fromkeys([*([guess] if is_guessed else []), *account.assumed, *check.notes, *_unused(account, roles)])
    time = account.time
    is_said = any(problem.kind == "missing" for problem in check.problems) and time is not None
    begin = f"{count_of(time.missing_rows, 'row')} of one {time.every}" if is_said and time else "\0"
    return [note for note in notes if not note.startswith(begin)]


def _unused(account: Account, roles: Roles) -> list[str]:
    """Return a sentence about columns of two numbers that a forecast does not use; they may be known ahead."""
    if "time" not in roles.values() or "target" not in roles.values():
        return []
    names = [
        column.name
        for column in account.columns
        if column.kind == "number" and column.distinct == 2 and roles.get(column.name) == "ignore"
    ]
    text = (
        f"Not used: {listed(names, _MAX_NAMED)}. What is known in advance, as a promotion is, has the Use Known ahead."
    )
    return [text] if names else []


def why_not(check: ImportCheck) -> str:
    """Return why a training would not start, and where that can be changed; empty where it would."""
    problem = check.problem
    if problem is None or not isinstance(problem, SettingError):
        return str(problem or "")
    if problem.field in OF_TRAINING and check.problems:
        return "Choose Fill or Drop first."
    in_form = problem.field not in {*READING_SETTINGS, *_COLUMNS, *OF_TRAINING}
    return f"{problem}{' You can change this in the form, after OK.' if in_form else ''}"


def with_uses(text: str) -> str:
    """Return a text with the uses of columns, which the page asks for, in place of settings that name columns.

    >>> with_uses("Column 'time' only counts rows; it is no input, unless you set features to it.")
    "Column 'time' only counts rows; it is no input, unless you set Use to Input for it."
    >>> with_uses("Set target to another one.")
    'Set Use to Predict this for another one.'
    """
    return _SET_COLUMNS.sub(lambda found: f"{found[1]}et Use to {ROLE_LABELS[_USES[found[2]]]} for ", text)


def size_text(account: Account) -> str:
    """Return the name of a file and its number of rows or sequences."""
    if account.sequences:
        kind = f"of {len(account.classes)} classes" if account.classes else "with one value each"
        return f"{account.name}: {account.sequences:,} sequences {kind}"
    return f"{account.name}: {count_of(account.rows, 'row')}"


def summary_text(account: Account, complete: bool) -> str:
    """Return a sentence about a file, or about its beginning where it is not complete."""
    columns = count_of(len(account.columns), "column")
    time = f" Time: {time_text(account.time)}." if account.time else ""
    if not complete:
        return f"{account.name}: the first {account.rows:,} rows, {columns}."
    if account.sequences:
        low, high = account.lengths
        steps = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        return f"{size_text(account)}, {steps} steps each, {columns}."
    open_series = any(question.setting == "series" for question in account.questions)
    names = {column.name: column.distinct for column in account.columns}
    several = "" if open_series or not names.get(account.series) else f" of {names[account.series]:,} series"
    return f"{size_text(account)}{several}, {columns}.{time}"
