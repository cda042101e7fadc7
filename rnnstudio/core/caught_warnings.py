"""Warnings of a call as values, for callers that do not see Python's warnings."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def with_warnings(function: Callable[..., T], /, *args: Any, **settings: Any) -> tuple[T, list[str]]:
    """Call a function and return its result with the sentences that it warned about, each once.

    Args:
        function: The function, such as `Run.predict`.
        *args: Its positional arguments.
        **settings: Its keyword arguments.

    >>> with_warnings(lambda x: warnings.warn("Filled.", UserWarning) or x, 3)
    (3, ['Filled.'])
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        result = function(*args, **settings)
    sentences = [str(warning.message) for warning in caught if warning.category is UserWarning]
    return result, list(dict.fromkeys(sentences))
