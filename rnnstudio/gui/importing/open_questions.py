"""What a file leaves open on the import page, and which of it the user has answered."""

from __future__ import annotations

from collections.abc import Mapping

from rnnstudio.core.account import Question
from rnnstudio.core.column_roles import Roles, roles_problem
from rnnstudio.gui.importing.choice import ImportChoice
from rnnstudio.results.import_file import ImportedFile


def questions_of(file: ImportedFile, roles: Roles) -> list[Question]:
    """Return the questions about a file: what is unclear in it, and what is predicted; of sequences, no series."""
    target = file.account.target_question if file.table is not None else None
    of_sequences = "sequence" in roles.values()
    asked = [question for question in file.account.questions if not (of_sequences and question.setting == "series")]
    return [*asked, *([target] if target else [])]


def answers_of(roles: Roles, choice: ImportChoice) -> dict[str, str]:
    """Return the answers that were given, by setting; the column to predict counts once the user chose it."""
    is_chosen = any(role in ("target", "class", "sequence") for _, role in choice.roles)
    predicted = next((name for name, role in roles.items() if role in ("target", "class")), "")
    return {**choice.settings, "target": predicted if is_chosen else ""}


def what_is_missing(file: ImportedFile, roles: Roles, answers: Mapping[str, str]) -> str:
    """Return what the user is to do before the file can be used: a question to answer or a use to choose."""
    if file.table is None:
        return ""
    account, used = file.account, {"", *(name for name, role in roles.items() if role != "ignore")}
    without = ("doubles", "series") if "sequence" in roles.values() else ()
    is_open = [
        question.setting not in without and (question.setting == "series" or question.column in used)
        for question in account.questions
    ]
    is_open.append(account.target_question is not None and not answers["target"])
    if any(is_open):
        return f"Answer the question{'s' if sum(is_open) > 1 else ''} at the top first."
    return roles_problem(roles)
