"""What the user chose on the import page, as it is remembered for a file."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, get_args

from rnnstudio.core.column_roles import Role, Roles, settings_of
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import schema
from rnnstudio.gui.saved_settings import saved_settings
from rnnstudio.reading.series.labelled import LabelledSequences
from rnnstudio.results.import_file import ImportedFile

_KEY, _MAX_FILES = "imports", 50  # files whose choices are remembered, the newest first
_MAX_RECENT = 10


@dataclass
class ImportChoice:
    """The settings of reading that the user set, and the roles of columns that the user chose.

    Attributes:
        settings: By flat name, such as `separator`.
        roles: Column and role, in the order of the choices.
    """

    settings: dict[str, str] = field(default_factory=dict)
    roles: list[tuple[str, Role]] = field(default_factory=list)

    def choose_role(self, name: str, role: Role) -> None:
        """Add the choice of a role; it replaces the one for the same column."""
        self.roles = [(other, chosen) for other, chosen in self.roles if other != name] + [(name, role)]

    def choose_target(self, name: str, class_columns: Collection[str]) -> None:
        """Choose the column to predict, its classes if it is one of `class_columns`; an empty name takes it back."""
        self.roles = [(other, role) for other, role in self.roles if role not in ("target", "class")]
        if name:
            self.choose_role(name, "class" if name in class_columns else "target")

    def set(self, name: str, value: str) -> None:
        """Set a setting of reading; an empty value leaves it to be found."""
        self.settings.pop(name, None)
        if value:
            self.settings[name] = value

    def all_settings(self, path: str, roles: Roles, labelled: LabelledSequences | None) -> tuple[str, dict[str, Any]]:
        """Return the data set that reads a file so, and its settings.

        Args:
            path: The file.
            roles: The role of each column of a table.
            labelled: The sequences of a file that holds nothing else; None for a table.
        """
        dataset, settings = settings_of(roles)
        if labelled is not None:
            dataset, settings = "sequences", {"task": "regress_sequence" if labelled.has_values else "classify"}
        known = schema(dataset, "lstm").keys() - {"task"}
        reading = {name: value for name, value in self.settings.items() if name in known}
        return dataset, {"file": path, **settings, **reading}


@dataclass(frozen=True)
class Import:
    """A file as the user wants it to be trained on.

    Attributes:
        dataset: `file` or `sequences`.
        settings: Its settings by flat name.
        description: A sentence about it.
        problem: Why it cannot be trained on as it is; None where it can.
        file: What was read.
    """

    dataset: str
    settings: dict[str, Any]
    description: str
    problem: RnnStudioError | None
    file: ImportedFile


def remembered_choice(path: str) -> ImportChoice:
    """Return what was chosen for a file the last time; nothing for a new file."""
    stored: Any = _stored().get(path)
    try:
        settings = {str(name): str(value) for name, value in stored["settings"].items()}
        roles: list[tuple[str, Role]] = [(str(n), r) for n, r in stored["roles"] if r in get_args(Role)]
    except (TypeError, KeyError, ValueError, AttributeError):
        return ImportChoice()
    return ImportChoice(settings, roles)


def remember_choice(path: str, choice: ImportChoice) -> None:
    """Remember what was chosen for a file, and that it was the last one opened."""
    others = {other: stored for other, stored in _stored().items() if other != path}
    newest = {path: {"settings": choice.settings, "roles": choice.roles}, **others}
    saved_settings().setValue(_KEY, json.dumps(dict(list(newest.items())[:_MAX_FILES])))


def recent_files() -> list[str]:
    """Return the files opened last, the newest first."""
    return list(_stored())[:_MAX_RECENT]


def _stored() -> dict[str, Any]:
    try:
        stored = json.loads(str(saved_settings().value(_KEY, "{}")))
    except json.JSONDecodeError:
        return {}
    return stored if isinstance(stored, dict) else {}
