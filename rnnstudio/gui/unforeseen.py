"""What nobody foresaw: said in the window, and kept for a bug report."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from rnnstudio.core.paths import home


def keep_details(error: BaseException) -> str:
    """Keep the traceback for a bug report, and return a sentence that says where."""
    log = home() / "studio.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError as problem:
        return f"The details could not be written to {log}: {problem.strerror}."
    return f"The details are in {log}."


def say_by(say: Callable[[str], None]) -> None:
    """Let errors that end nothing, such as one of a button's work, be said in the window, not only in a terminal."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if isinstance(error, Exception):
            say(f"Something went wrong that was not foreseen: {str(error) or kind.__name__}. {keep_details(error)}")

    sys.excepthook = hook
