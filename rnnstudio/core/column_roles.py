"""What each column of a file is used for, and the settings that say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from rnnstudio.core.account import Account, ColumnAccount
from rnnstudio.core.names import text_of
from rnnstudio.core.wording import enumeration

Role = Literal["time", "target", "target too", "class", "input", "known", "series", "sequence", "group", "ignore"]
Roles = Mapping[str, Role]

ROLE_LABELS: dict[Role, str] = {
    "time": "Time",
    "target": "Predict this",
    "target too": "Predict this, too",
    "class": "Predict its classes",
    "input": "Input",
    "known": "Known ahead",
    "series": "Series",
    "sequence": "Sequence",
    "group": "Group",
    "ignore": "Ignore",
}
ROLE_MEANINGS: dict[Role, str] = {
    "time": "Dates or times: the rows are sorted by this column.",
    "target": "The numbers in this column are predicted. Its past values are an input, too, except for sequences.",
    "target too": "The numbers in this column are predicted together with those that already are.",
    "class": "The names in this column are classes: one is predicted for each row, or for each sequence.",
    "input": "The network reads this column.",
    "known": "The network reads this column, also for the steps to be predicted: promotions, holidays, prices.",
    "series": "Names the series of each row, for a file with several series below each other.",
    "sequence": "Names the sequence of each row, for many separate sequences; several columns may name it together.",
    "group": "Names the person or machine of each sequence; a group is in one split only.",
    "ignore": "This column is not used.",
}
_POSSIBLE: dict[str, tuple[Role, ...]] = {
    "number": ("target", "target too", "class", "input", "known", "time", "series", "sequence", "group", "ignore"),
    "yes/no": ("class", "input", "known", "ignore"),
    "text": ("class", "input", "known", "series", "sequence", "group", "ignore"),
    "time": ("time", "ignore"),
    "index": ("time", "series", "sequence", "group", "ignore"),
    "empty": ("ignore",),
}


def possible_roles(column: ColumnAccount) -> tuple[Role, ...]:
    """Return the roles that a column can have.

    >>> possible_roles(ColumnAccount("store", "text"))
    ('class', 'input', 'known', 'series', 'sequence', 'group', 'ignore')
    """
    if column.kind == "empty" and len([mark for mark in column.missing_marks if mark]) > 1:
        return ("class", "ignore")  # such as None and NA
    return _POSSIBLE[column.kind]


def common_roles(columns: Sequence[ColumnAccount]) -> list[Role]:
    """Return the roles that all of some columns can have; several columns cannot each be what there is one of.

    >>> common_roles([ColumnAccount("price", "number"), ColumnAccount("promotion", "yes/no")])
    ['input', 'known', 'ignore']
    """
    possible = [possible_roles(column) for column in columns]
    several = ("target", "input", "known", "series", "sequence", "ignore")
    return [
        role for role in possible[0] if all(role in of for of in possible) and (len(columns) == 1 or role in several)
    ]


def time_columns(account: Account) -> list[str]:
    """Return the columns that the times of the rows come from."""
    if account.time is None:
        return []
    names = {column.name for column in account.columns}
    return [account.time.column] if account.time.column in names else account.time.column.split(", ")


def series_columns(account: Account) -> list[str]:
    """Return the columns that name the series of each row; none while that is an open question."""
    is_open = any(question.setting == "series" for question in account.questions)
    return account.series.split(", ") if account.series and not is_open else []


def default_roles(account: Account) -> dict[str, Role]:
    """Return the role of each column where the user chooses none.

    >>> columns = (ColumnAccount("day", "time"), ColumnAccount("sales", "number"), ColumnAccount("promo", "number"))
    >>> default_roles(Account("shop.csv", "text table", 9, columns, target="sales"))
    {'day': 'ignore', 'sales': 'target', 'promo': 'ignore'}
    """
    roles: dict[str, Role] = {column.name: "ignore" for column in account.columns}
    if account.target:
        roles[account.target] = "target"
    roles.update({name: "series" for name in series_columns(account) if name in roles})
    roles.update({name: "time" for name in time_columns(account) if name in roles})
    return roles


def chosen_roles(account: Account, choices: Iterable[tuple[str, Role]]) -> dict[str, Role]:
    """Return the role of each column after the choices of the user, one after the other.

    Choices that do not fit the file are left out. One column is predicted, unless others are too ("target too"), and
    one names groups; several may name a sequence together. The first choice of a column of classes or of sequences
    makes all columns of numbers inputs.
    """
    roles, target = default_roles(account), ""
    possible = {column.name: possible_roles(column) for column in account.columns}
    for name, role in choices:
        if role in possible.get(name, ()) and role not in ("time", "series"):
            target = name if role in ("target", "target too") else "" if name == target else target
            _choose(account, roles, name, role, target)
    return roles


def _choose(account: Account, roles: dict[str, Role], name: str, role: Role, chosen_target: str) -> None:
    """Give a column a role; `chosen_target` is the column whose numbers the user wants predicted, empty for none."""
    predicts_classes = "class" in roles.values()
    if role == "target too" and "sequence" not in roles.values():
        roles.update({other: "ignore" for other, current in roles.items() if current == "class"})
        roles[name] = "target"
        return
    role = "target" if role == "target too" else role
    for other, current in roles.items():
        rivals = ("target", "class") if role in ("target", "class") else (role,)
        if role in ("target", "class", "group") and current in rivals and other != name:
            roles[other] = "ignore"
    roles[name] = role
    if role == "sequence" and "class" not in roles.values() and not chosen_target:
        # also where it was the column of the classes
        own = next((n for n in account.class_columns if n != name), "")
        own = own or next((c.name for c in account.columns if c.kind == "text" and roles[c.name] == "ignore"), "")
        roles.update({n: "ignore" for n, current in roles.items() if current == "target"})  # that of a series
        if own:
            roles[own] = "class"
    if "sequence" in roles.values():  # a sequence has one value
        only = chosen_target if roles.get(chosen_target) == "target" else _first(roles, "target")
        roles.update({other: "ignore" for other, current in roles.items() if current == "target" and other != only})
    if role in ("class", "sequence") and not predicts_classes:
        for column in account.columns:
            if column.kind in ("number", "yes/no") and roles[column.name] == "ignore":
                roles[column.name] = "input"


def settings_of(roles: Roles) -> tuple[str, dict[str, Any]]:
    """Return the data set that reads a file with these roles, and its settings `task`, `target`, `features` and so on.

    >>> settings_of({"day": "time", "sales": "target", "promo": "input"})
    ('file', {'task': 'forecast', 'target': 'sales', 'features': ['sales', 'promo']})
    """
    inputs, known = _inputs(roles)
    group, label, target = (_first(roles, role) for role in ("group", "class", "target"))
    sequence = text_of([name for name, role in roles.items() if role == "sequence"])
    if sequence:
        task = "classify" if label or not target else "regress_sequence"
        chosen = {"task": task, "sequence": sequence, "target": label or target, "features": inputs, "group": group}
        return "sequences", {name: value for name, value in chosen.items() if value}
    if label:
        return "file", {"task": "label", "target": label, "features": inputs}
    targets = [name for name, role in roles.items() if role == "target"]
    together = target if len(targets) < 2 else targets
    features = {"features": [*targets, *inputs]} if inputs else {}
    return "file", {"task": "forecast", "target": together, **features, **({"known": known} if known else {})}


def roles_problem(roles: Roles) -> str:
    """Return what is missing before a network can be trained with these roles; empty where nothing is.

    >>> roles_problem({"day": "time", "sales": "input"})
    'Choose the column to predict: click its role.'
    """
    values = set(roles.values())
    if "sequence" in values and not values & {"class", "target"}:
        return (
            "Choose the column with the class or value of each sequence: give it the role Predict its classes, or "
            "Predict this."
        )
    if "group" in values and "sequence" not in values:
        return "The role Group is for sequences: give the column that names them the role Sequence."
    if not values & {"target", "class"}:
        return "Choose the column to predict: click its role."
    if "class" in values and not values & {"input", "known"}:
        return "Choose the columns from which the classes are predicted: give them the role Input."
    if "sequence" in values and not values & {"input", "known"}:
        return "Choose the columns from which the values are predicted: give them the role Input."
    return ""


def roles_text(roles: Roles) -> str:
    """Return a sentence about what is predicted from what.

    >>> roles_text({"day": "time", "sales": "target", "promo": "input"})
    "Column 'sales' is predicted from its own past values and from promo."
    >>> roles_text({"sales": "target", "promo": "known"})
    "Column 'sales' is predicted from its own past values and from promo, known ahead."
    """
    inputs, known = _inputs(roles)
    listed = _listed(inputs)
    label, target = _first(roles, "class"), _first(roles, "target")
    if not label and "sequence" in roles.values():
        return f"The value of each sequence in column {target!r} is predicted from {listed}."
    if label:
        each = "each sequence" if "sequence" in roles.values() else "each row"
        return f"The class of {each} in column {label!r} is predicted from {listed}."
    sources = ["its own past values", *([f"from {listed}"] if inputs else [])]
    sources += [f"from {_listed(known)}, known ahead"] if known else []
    targets = [repr(name) for name, role in roles.items() if role == "target"]
    if len(targets) > 1:
        sources[0] = "their own past values"
        return f"Columns {enumeration(targets, most=5)} are predicted from {enumeration(sources)}."
    return f"Column {target!r} is predicted from {enumeration(sources)}."


def _inputs(roles: Roles) -> tuple[list[str], list[str]]:
    """Return the inputs, and those that are known ahead; without a forecast these are inputs like others."""
    is_forecast = not {"class", "sequence"} & set(roles.values())
    known = [name for name, role in roles.items() if role == "known" and is_forecast]
    return [name for name, role in roles.items() if role in ("input", "known") and name not in known], known


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more"])


def _first(roles: Roles, role: Role) -> str:
    return next((name for name, current in roles.items() if current == role), "")
