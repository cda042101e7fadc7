"""The errors a user can meet: one or two sentences that say what was expected, what came, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 899  # R cuts condition messages off a little above this length


class RnnStudioError(Exception):
    """Anything that went wrong in a way the user can mend; its text is meant to be read as it stands."""

    __module__ = "rnnstudio"

    def __init__(self, message: str) -> None:
        super().__init__(message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…")


class SettingError(RnnStudioError, ValueError):
    """A setting has a value it cannot take.

    Args:
        message: The sentence for the user; it names the setting.
        field: Name of the setting, so that a form can mark it; empty where no single one is to blame.
    """

    __module__ = "rnnstudio"

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class UnknownNameError(RnnStudioError, LookupError):
    """A name that is not registered; the message offers the nearest ones.

    Args:
        kind: What was looked up, such as "recipe" or "cell".
        name: The name that was not found.
        known: The names there are.
    """

    __module__ = "rnnstudio"

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(set(known))
        self.suggestions = get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(self.suggestions)}? " if self.suggestions else ""
        super().__init__(f"There is no {kind} called {name!r}. {hint}Known: {', '.join(names) or 'none'}.")
        self.kind, self.name = kind, name


class DataError(RnnStudioError, ValueError):
    """Data that cannot be used as it is: the message names the place (file, row, column, index)."""

    __module__ = "rnnstudio"


class EmptyPlotError(RnnStudioError):
    """A picture that this run has nothing for."""

    __module__ = "rnnstudio"


class StoreError(RnnStudioError):
    """A run could not be written, read or found; nothing that existed before was changed."""

    __module__ = "rnnstudio"


class StoppedError(RnnStudioError):
    """The user stopped it before there was a run to keep, such as during a download."""

    __module__ = "rnnstudio"


class DivergedError(RnnStudioError):
    """The loss became NaN or infinite; the last finite weights were kept."""

    __module__ = "rnnstudio"
