"""Errors for the user: one or two sentences with what was expected, what was received and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from rnnstudio.core.visible_text import visible

MAX_LENGTH = 899  # R truncates messages that are a little longer


class RnnStudioError(Exception):
    """Base class of the errors that a user can resolve; the text is shown as it is."""

    __module__ = "rnnstudio"

    def __init__(self, message: str) -> None:
        message = visible(message)  # it may quote a file
        super().__init__(message if len(message) <= MAX_LENGTH else message[: MAX_LENGTH - 1] + "…")


class SettingError(RnnStudioError, ValueError):
    """A setting has a value that is not allowed.

    Args:
        message: The sentence for the user; it names the setting.
        field: Name of the setting, so that a form can mark it; empty where no single setting is invalid.
        suggestion: A value that the setting can have instead, as text; empty where none is known.

    Attributes:
        others: The errors of other settings whose values are not allowed either.
    """

    __module__ = "rnnstudio"

    def __init__(self, message: str, field: str = "", suggestion: str = "") -> None:
        super().__init__(message)
        self.field, self.suggestion = field, suggestion
        self.others: tuple[SettingError, ...] = ()


class UnknownNameError(RnnStudioError, LookupError):
    """A name is not registered; the message suggests the closest ones.

    Args:
        kind: What was looked up, such as "recipe" or "cell".
        name: The unknown name.
        known: The registered names.
    """

    __module__ = "rnnstudio"

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(set(known))
        self.suggestions = get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(self.suggestions)}? " if self.suggestions else ""
        super().__init__(f"There is no {kind} called {name!r}. {hint}Known: {', '.join(names) or 'none'}.")
        self.kind, self.name = kind, name


class DataError(RnnStudioError, ValueError):
    """Data cannot be used; the message says where (file, row, column, index)."""

    __module__ = "rnnstudio"


class RegistrationError(RnnStudioError, ValueError):
    """A data set, cell, recipe or plot cannot be registered; its author corrects its file."""

    __module__ = "rnnstudio"


class EmptyPlotError(RnnStudioError):
    """A plot has nothing to show for a run."""

    __module__ = "rnnstudio"


class StoreError(RnnStudioError):
    """A run cannot be written, read or found; existing files are unchanged."""

    __module__ = "rnnstudio"


class NewerVersionError(StoreError):
    """A run was saved by a newer version of the program, which can open it."""

    __module__ = "rnnstudio"


class StoppedError(RnnStudioError):
    """The user stopped before there was a run to save, such as during a download."""

    __module__ = "rnnstudio"
