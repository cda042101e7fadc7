"""Compiled programs on the disk: a program that was compiled once starts at once in every later process.

TensorFlow writes and reads the files; this module sets the folder. A program is machine code for one processor and one
version of TensorFlow, so each pair has a folder of its own. Compiled or read, the numbers are the same to the last bit.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import platform
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rnnstudio.core.paths import compiled_folder
from rnnstudio.core.processor import processor_lines

_FLAG = "--tf_xla_persistent_cache_directory="
_MAX_BYTES = 200_000_000  # about 400 programs; the oldest are deleted first
_MAX_PROGRAM_BYTES = 2_000_000  # no program is larger
_MIN_FREE_BYTES = 500_000_000  # with less free disk space, no program is stored

_traces: Counter[str] = Counter()


def enable() -> None:
    """Set the folder of programs. TensorFlow must not be loaded yet. Does nothing where there is no usable folder.

    A folder that the variable TF_XLA_FLAGS names already stays as it is.
    """
    flags = os.environ.get("TF_XLA_FLAGS", "")
    if _FLAG in flags:
        return
    folder = compiled_folder() / _machine_name()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < _MIN_FREE_BYTES:
            return
        with tempfile.TemporaryFile(dir=folder) as file:  # a disk quota shows only when something is written
            file.write(bytes(_MAX_PROGRAM_BYTES))
        _delete_oldest(compiled_folder())
    except OSError:
        return
    if any(c.isspace() for c in str(folder)):  # TensorFlow splits its flags at spaces
        return
    os.environ["TF_XLA_FLAGS"] = f"{flags} {_FLAG}{folder}".strip()


def disable_without_names() -> None:
    """Undo `enable` where `reproducible_names` has no effect: programs would be written, and never found again.

    Call it after TensorFlow is loaded, and before the first compilation, at which TensorFlow reads its flags.
    """
    if _function_numbers() is None:
        flags, own = os.environ.get("TF_XLA_FLAGS", "").split(), f"{_FLAG}{compiled_folder()}"
        os.environ["TF_XLA_FLAGS"] = " ".join(flag for flag in flags if not flag.startswith(own))


def clear() -> bool:
    """Delete the programs of this machine, one of which may be damaged; return whether there were any."""
    flags = os.environ.get("TF_XLA_FLAGS", "").split()
    folders = [flag.removeprefix(_FLAG) for flag in flags if flag.startswith(_FLAG)]
    files = [file for folder in folders for file in Path(folder).glob("*.pb")]
    for file in files:
        with suppress(OSError):
            file.unlink()
    return bool(files)


@contextmanager
def reproducible_names(program: str) -> Iterator[None]:
    """Give the functions that this thread traces the same names in every process. Files are found by these names.

    TensorFlow numbers functions in the order in which they are traced, with `ops.uid`, which is private. Inside this
    context, the numbers depend only on `program` and on how often it has been traced in this process, so that no
    number occurs twice. Without `ops.uid` there is no disk cache; everything else works.

    Args:
        program: A text that identifies everything that is compiled in.
    """
    ops = _function_numbers()
    if ops is None:
        yield
        return
    _traces[program] += 1
    first = int.from_bytes(hashlib.sha256(f"{_traces[program]} {program}".encode()).digest()[:6], "big")
    numbers, uid, thread = itertools.count(first << 12), ops.uid, threading.get_ident()
    ops.uid = lambda: next(numbers) if threading.get_ident() == thread else uid()
    try:
        yield
    finally:
        ops.uid = uid


def _function_numbers() -> Any:
    """Return the module of TensorFlow whose `uid` numbers functions; None where this version has none."""
    try:
        from tensorflow.python.framework import ops
    except ImportError:
        return None
    return ops if callable(getattr(ops, "uid", None)) else None


def _machine_name() -> str:
    """Return a name for this processor with this TensorFlow."""
    processor = [line for line in processor_lines() if line.startswith(("model name", "flags", "Features", "CPU part"))]
    spec = find_spec("tensorflow")
    folders = [Path(folder) for folder in (spec.submodule_search_locations if spec else None) or []]
    libraries = [file.stat() for folder in folders for file in (*folder.glob("lib*"), *folder.glob("python/_pywrap_*"))]
    parts = (
        sorted(set(processor)),
        platform.machine(),
        platform.processor(),
        sorted((library.st_size, int(library.st_mtime)) for library in libraries),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _delete_oldest(folder: Path) -> None:
    """Delete the oldest programs where all of them together are too large."""
    files = sorted(((f.stat().st_mtime, f.stat().st_size, f) for f in folder.glob("*/*.pb")), reverse=True)
    total = 0
    for _, size, file in files:
        total += size
        if total > _MAX_BYTES:
            file.unlink(missing_ok=True)
