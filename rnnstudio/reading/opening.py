"""Opening files: what is said where there is none, and one sentence for whatever a decoder makes of a damaged one."""

from __future__ import annotations

import stat
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod
from pathlib import Path

from rnnstudio.core.errors import DataError, RnnStudioError

MOST_VALUES = 1 << 28  # numbers read from one file; 2 GiB of doubles
_MOST_NAMED = 12


def existing(path: str | Path, kind: str) -> Path:
    """Return the path of a file that is there and not empty.

    Args:
        path: Where it is; `~` is the user's home.
        kind: What is expected, such as "a MATLAB file".

    Raises:
        DataError: There is none, it is a folder or a device, or it is empty.
    """
    file = Path(path)
    try:
        file = file.expanduser()
        mode, size = (found := file.stat()).st_mode, found.st_size
    except OSError as error:
        if isinstance(error, PermissionError):
            raise DataError(f"{file} cannot be read: {error.strerror}.") from None
        raise DataError(f"There is no file {file}. Check the path.") from None
    except (ValueError, RuntimeError):  # a zero byte in a path, or a user without a home
        raise DataError(f"There is no file {str(file)!r}. Check the path.") from None
    if stat.S_ISDIR(mode):
        raise DataError(f"{file} is a folder; {kind} is expected.")
    if not stat.S_ISREG(mode):  # reading a device may never end
        raise DataError(f"{file} is no ordinary file; {kind} is expected.")
    if not size:
        raise DataError(f"{file.name} is empty; {kind} is expected.")
    return file


@contextmanager
def decoding(file: Path, kind: str) -> Iterator[None]:
    """Turn whatever a decoder raises about a damaged file into one sentence, and keep its warnings to ourselves."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except RnnStudioError:
        raise
    except PermissionError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    except Exception as error:  # decoders of damaged files fail in any way
        what = " ".join((str(error) or type(error).__name__).split())
        raise DataError(f"{file.name} cannot be read as {kind}; it may be damaged ({what[:150]}).") from None


def check_size(name: str, shape: Sequence[int], most: int = MOST_VALUES) -> None:
    """Refuse more numbers than can be read.

    Raises:
        DataError: The shape holds more than `most` values.
    """
    if prod(shape) > most:
        raise DataError(
            f"{name} claims {prod(shape):,} values (shape {shaped(shape)}); at most {most:,} can be read here. "
            "The file may be damaged."
        )


def shaped(shape: Sequence[int]) -> str:
    """Return a shape as "4 x 3"."""
    return " x ".join(map(str, shape)) or "a single value"


def listed(names: Sequence[str]) -> str:
    """Return names as text, not too many of them."""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(name[:60] for name in names[:_MOST_NAMED]) + more
