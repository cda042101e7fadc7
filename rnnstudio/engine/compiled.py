"""Compiled programs on the disk: what was compiled once begins at once ever after, in every process.

TensorFlow writes and reads them itself; what it is told is where. A program is code for one processor and one version
of TensorFlow, so each pair has a folder of its own. The numbers are the same bits, whether compiled or read.
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

from rnnstudio.core.paths import compiled_folder

_FLAG = "--tf_xla_persistent_cache_directory="
_MOST_BYTES = 200_000_000  # some 400 programs; the oldest go first
_PROGRAM = 2_000_000  # more than any of them has
_ROOM = 500_000_000  # on a disk with less there is none for programs

_traced: Counter[str] = Counter()


def keep_on_disk() -> None:
    """Tell TensorFlow, which must not be loaded yet, where programs are kept; nothing where that cannot be done.

    A place that the variable TF_XLA_FLAGS names already is left as it is.
    """
    flags = os.environ.get("TF_XLA_FLAGS", "")
    if _FLAG in flags:
        return
    folder = compiled_folder() / _here()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < _ROOM:
            return
        with tempfile.TemporaryFile(dir=folder) as file:  # a quota shows only when something is written
            file.write(bytes(_PROGRAM))
        _tidy(compiled_folder())
    except OSError:
        return
    if any(c.isspace() for c in str(folder)):  # flags are parted at blanks
        return
    os.environ["TF_XLA_FLAGS"] = f"{flags} {_FLAG}{folder}".strip()


def forget() -> bool:
    """Delete the programs kept for this processor, one of which may be damaged; return whether there were any."""
    places = [flag.removeprefix(_FLAG) for flag in os.environ.get("TF_XLA_FLAGS", "").split() if flag.startswith(_FLAG)]
    files = [file for place in places for file in Path(place).glob("*.pb")]
    for file in files:
        with suppress(OSError):
            file.unlink()
    return bool(files)


@contextmanager
def steady_names(program: str) -> Iterator[None]:
    """Let the functions that this thread traces have the same names in every process, which files are found by.

    TensorFlow numbers functions in the order they are made; within, they are numbered from a number that only
    `program`, a text that says all that is compiled in, decides, and how often it has been traced in this process:
    no number may come twice.
    """
    from tensorflow.python.framework import ops

    _traced[program] += 1
    first = int.from_bytes(hashlib.sha256(f"{_traced[program]} {program}".encode()).digest()[:6], "big")
    numbers, uid, thread = itertools.count(first << 12), ops.uid, threading.get_ident()
    ops.uid = lambda: next(numbers) if threading.get_ident() == thread else uid()
    try:
        yield
    finally:
        ops.uid = uid


def _here() -> str:
    """Return a name for this processor with this TensorFlow."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    processor = [line for line in lines if line.startswith(("model name", "flags", "Features", "CPU part"))]
    found = find_spec("tensorflow")
    folders = [Path(place) for place in (found.submodule_search_locations if found else None) or []]
    libraries = [file.stat() for folder in folders for file in (*folder.glob("lib*"), *folder.glob("python/_pywrap_*"))]
    which = (
        sorted(set(processor)),
        platform.machine(),
        platform.processor(),
        sorted((library.st_size, int(library.st_mtime)) for library in libraries),
    )
    return hashlib.sha256(repr(which).encode()).hexdigest()[:16]


def _tidy(folder: Path) -> None:
    """Delete the oldest programs where all of them take too much room."""
    files = sorted(((f.stat().st_mtime, f.stat().st_size, f) for f in folder.glob("*/*.pb")), reverse=True)
    total = 0
    for _, size, file in files:
        total += size
        if total > _MOST_BYTES:
            file.unlink(missing_ok=True)
