"""What the tools that try many states or faults print of those that went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable

_SHOWN = 12  # failures of each trial


def report(trials: Iterable[tuple[str, list[str]]]) -> int:
    """Print a line about each trial as soon as it has ended, and its first failures; return 1 where one failed.

    Args:
        trials: The line, and the failures, a sentence each.
    """
    count = 0
    for line, failures in trials:
        sys.stdout.write(f"{line}; {len(failures)} failures\n")
        for failure in failures[:_SHOWN]:
            sys.stdout.write(f"    {failure}\n")
        sys.stdout.flush()
        count += len(failures)
    sys.stdout.write(f"{count} failures\n")
    return int(count > 0)
