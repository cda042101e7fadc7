"""Unexpected errors: shown in the window, with the traceback in a file for a bug report."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from rnnstudio.core.paths import home


def write_crash_log(error: BaseException) -> str:
    """Write the traceback of an error to `studio.log` and return a sentence that names the file."""
    log = home() / "studio.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError as problem:
        return f"The details could not be written to {log}: {problem.strerror}."
    return f"The details are in {log}."


def report_unexpected_errors(show: Callable[[str], None]) -> None:
    """Show errors that no code handles, such as one in a button's slot; without it only a terminal shows them.

    Args:
        show: Shows a message to the user.
    """

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if isinstance(error, Exception):
            show(f"An unexpected error occurred: {str(error) or kind.__name__}. {write_crash_log(error)}")

    sys.excepthook = hook
