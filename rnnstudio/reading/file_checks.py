"""Checks that all readers share: the file exists, and its content can be decoded."""

from __future__ import annotations

import stat
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rnnstudio.core.errors import DataError, RnnStudioError
from rnnstudio.core.wording import listed

_MAX_NAMES = 12


def existing_file(path: str | Path, kind: str) -> Path:
    """Return the path of a file after checking that it is a regular file and not empty.

    Args:
        path: The path; `~` is expanded.
        kind: What is expected, for messages, such as "a MATLAB file".

    Raises:
        DataError: There is no such file, it is a folder or a device, or it is empty.
    """
    file = Path(path)
    try:
        file = file.expanduser()
        status = file.stat()
    except PermissionError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    except OSError:
        raise DataError(f"There is no file {file}. Check the path.") from None
    except (ValueError, RuntimeError):  # the path has a zero byte, or the user has no home folder
        raise DataError(f"There is no file {str(file)!r}. Check the path.") from None
    if stat.S_ISDIR(status.st_mode):
        raise DataError(f"{file} is a folder; {kind} is expected.")
    if not stat.S_ISREG(status.st_mode):  # reading a device may never end
        raise DataError(f"{file} is not a regular file; {kind} is expected.")
    if not status.st_size:
        raise DataError(f"{file.name} is empty; {kind} is expected.")
    return file


@contextmanager
def decoding(file: Path, kind: str) -> Iterator[None]:
    """Turn all exceptions of a decoder into one-sentence errors, and suppress its warnings.

    Raises:
        DataError: The decoder failed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except RnnStudioError:
        raise
    except PermissionError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    except Exception as error:  # decoders raise any exception on damaged files
        cause = " ".join((str(error) or type(error).__name__).split())
        raise DataError(f"{file.name} cannot be read as {kind}; it may be damaged ({cause[:150]}).") from None


def shape_text(shape: Sequence[int]) -> str:
    """Return a shape as text.

    Example:
        >>> shape_text((4, 3))
        '4 x 3'
    """
    return " x ".join(map(str, shape)) or "a single value"


def join_names(names: Sequence[str]) -> str:
    """Return names separated by commas, shortened if there are many.

    Example:
        >>> join_names(["day", "sales"])
        'day, sales'
    """
    return listed([name[:60] for name in names], _MAX_NAMES)
