"""Functions that are called before a file is created, changed, renamed or deleted, by whichever code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod"}
_WRITES = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_RDWR
Listener = Callable[[str, str], None]  # called with the operation and the path; it may raise an error
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Call a function before each operation of the interpreter on files."""
    _add_hook()
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@cache
def _add_hook() -> None:
    sys.addaudithook(_hook)  # it cannot be removed


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _listeners or not (event in _CHANGES or event == "open"):
        return
    if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & _WRITES):
        return
    path = arguments[0]
    if isinstance(path, int):
        return
    folder = arguments[-1] if event in ("os.remove", "os.rmdir", "os.mkdir") else -1
    text = os.fsdecode(path)
    if isinstance(folder, int) and folder >= 0 and not text.startswith("/"):
        text = f"{os.readlink(f'/proc/self/fd/{folder}')}/{text}"  # noqa: PTH115
    for listener in list(_listeners):
        listener(event.removeprefix("os."), text)
