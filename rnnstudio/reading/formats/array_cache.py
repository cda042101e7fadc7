"""Cache of arrays that take long to parse from text."""

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
from rnnstudio.core.plain_arrays import save_arrays

Arrays = dict[str, NDArray[Any]]

_VERSION = 2  # raised when the names of cached arrays change


def cached_arrays(name: str, sources: Iterable[Path], parse: Callable[[], Arrays]) -> Arrays:
    """Return the arrays that `parse` returns, from the cache if the source files have not changed.

    Args:
        name: Name of the cache file; arrays cached under the same name before are replaced.
        sources: The files that `parse` reads. A cached array is valid while their paths, sizes and times of change stay
            the same.
        parse: Reads the source files and returns the arrays by name.
    """
    cache = downloads_folder() / f"{name}.parsed.npz"
    key = json.dumps([_VERSION, *((str(path.resolve()), s.st_size, s.st_mtime_ns) for path, s in _stats(sources))])
    with suppress(Exception), cache.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
        # after any error, because the cache is missing, outdated or damaged, the sources are parsed
        if str(file["key"]) == key:
            return {member: file[member] for member in file.files if member != "key"}
    arrays = parse()
    with suppress(OSError):  # the cache is optional
        _write(cache, {"key": np.array(key), **arrays})
    return arrays


def _stats(sources: Iterable[Path]) -> Iterable[tuple[Path, os.stat_result]]:
    for path in sources:
        with suppress(OSError):  # `parse` reports missing files
            yield path, path.stat()


def _write(cache: Path, arrays: Arrays) -> None:
    """Write the cache file in one step, so that an interrupted write leaves no damaged file."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=cache.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            save_arrays(file, arrays)
        Path(temporary).replace(cache)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
