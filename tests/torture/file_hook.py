"""Functions that are called before a file is created, changed, renamed, deleted or read, by whichever code."""

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
_READS = {"os.listdir", "os.scandir"}
_listeners: list[Listener] = []
_readers: list[Listener] = []  # those of them that are called before files are read, too


@contextmanager
def listening(listener: Listener, *, reads: bool = False) -> Iterator[None]:
    """Call a function before each operation of the interpreter on files.

    Args:
        listener: The function.
        reads: Whether it is also called, with the operation `read`, before a file or folder is opened to be read.
    """
    _add_hook()
    _listeners.append(listener)
    _readers.extend([listener] if reads else [])
    try:
        yield
    finally:
        _listeners.remove(listener)
        _readers[:] = [reader for reader in _readers if reader is not listener]


@cache
def _add_hook() -> None:
    sys.addaudithook(_hook)  # it cannot be removed


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _listeners or not (event in _CHANGES or event in _READS or event == "open"):
        return
    is_read = event in _READS or (event == "open" and not (isinstance(arguments[2], int) and arguments[2] & _WRITES))
    if is_read and not _readers:
        return
    path = arguments[0]
    if isinstance(path, int) or path is None:
        return
    folder = arguments[-1] if event in ("os.remove", "os.rmdir", "os.mkdir") else -1
    text = os.fsdecode(path)
    if isinstance(folder, int) and folder >= 0 and not text.startswith("/"):
        text = f"{os.readlink(f'/proc/self/fd/{folder}')}/{text}"  # noqa: PTH115
    for listener in list(_readers if is_read else _listeners):
        listener("read" if is_read else event.removeprefix("os."), text)
