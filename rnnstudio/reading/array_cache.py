"""Numbers that took long to read from text, kept as arrays for the next time."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.paths import downloads_folder

Arrays = dict[str, NDArray[Any]]


def cached_arrays(name: str, sources: Iterable[Path], read: Callable[[], Arrays]) -> Arrays:
    """Return what `read` gives, from the last time if the files it reads are still the same.

    Args:
        name: Of the file that keeps the arrays; the last ones kept under it are replaced.
        sources: The files that are read; another path, size or time of change means another content.
        read: Reads them; must always give the same names.
    """
    kept = downloads_folder() / f"{name}.parsed.npz"
    key = json.dumps([(str(path.resolve()), stat.st_size, stat.st_mtime_ns) for path, stat in _stats(sources)])
    with suppress(Exception), kept.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        # an error: it is missing, of another time, or damaged, and all is read anew
        if str(file["key"]) == key:
            return {part: file[part] for part in file.files if part != "key"}
    arrays = read()
    with suppress(OSError):  # a convenience only
        _keep(kept, {"key": np.array(key), **arrays})
    return arrays


def _stats(sources: Iterable[Path]) -> Iterable[tuple[Path, os.stat_result]]:
    for path in sources:
        with suppress(OSError):  # what is missing is told by who reads it
            yield path, path.stat()


def _keep(kept: Path, arrays: Arrays) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=kept.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(temporary).replace(kept)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
