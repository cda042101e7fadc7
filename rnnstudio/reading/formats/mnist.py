"""Images of MNIST, from the four IDX files, compressed or not, or from Keras' `mnist.npz`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.sequence import Ints
from rnnstudio.reading.formats.idx import read_idx
from rnnstudio.reading.formats.numpy_files import read_npz

NPZ = "mnist.npz"
SIDE = 28
CLASSES = 10
_IDX_NAMES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
_NPZ_ARRAYS = ("x_train", "y_train", "x_test", "y_test")


@dataclass(frozen=True)
class Images:
    """Images of digits in the training set and the test set.

    Attributes:
        train: Images of the training set, `(N, 28, 28)` uint8.
        train_digits: Digit in each of them, 0 to 9, `(N,)`.
        test: Images of the test set, `(N, 28, 28)` uint8.
        test_digits: Digit in each of them, 0 to 9, `(N,)`.
    """

    train: NDArray[np.uint8]
    train_digits: Ints
    test: NDArray[np.uint8]
    test_digits: Ints


def find_images(folder: Path) -> Path | None:
    """Return the folder if it contains an IDX file of MNIST, else the `mnist.npz` in it, or None."""
    if any(_idx_file(folder, name) for name in _IDX_NAMES):
        return folder
    return folder / NPZ if (folder / NPZ).is_file() else None


def read_images(path: Path) -> Images:
    """Return all images. Files that have not changed since the last call are not read again.

    Args:
        path: Folder of the four IDX files, or a `.npz` file with the arrays x_train, y_train, x_test and y_test.

    Raises:
        DataError: A file is missing, damaged or not as expected; the message names the file.
    """
    files = [_idx_file(path, name) for name in _IDX_NAMES] if path.is_dir() else [path]
    return _read(path, tuple(_file_state(file) for file in files))


def _file_state(file: Path | None) -> tuple[str, int, int]:
    """Return what changes if the file changes."""
    if file is None or not file.is_file():
        return "", 0, 0
    status = file.stat()
    return file.name, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=1)  # decompression takes longer than everything else at the start of a second run
def _read(path: Path, states: tuple[tuple[str, int, int], ...]) -> Images:
    names, arrays = _read_idx_files(path) if path.is_dir() else _read_npz_arrays(path)
    for i in (0, 2):
        _check(arrays[i], names[i], arrays[i + 1], names[i + 1])
    for i in (1, 3):
        arrays[i] = arrays[i].astype(np.int32)
    for array in arrays:
        array.flags.writeable = False  # several runs share it
    return Images(*arrays)


def _read_idx_files(folder: Path) -> tuple[list[str], list[NDArray[Any]]]:
    files = [_idx_file(folder, name) for name in _IDX_NAMES]
    missing = [f"{name}-ubyte.gz" for name, file in zip(_IDX_NAMES, files, strict=True) if file is None]
    if missing:
        raise DataError(
            f"{folder} must contain the four IDX files of MNIST, with or without the ending .gz: "
            f"{', '.join(f'{name}-ubyte' for name in _IDX_NAMES)}. It has no file {missing[0]}."
        )
    existing = [file for file in files if file is not None]
    return [file.name for file in existing], [read_idx(file) for file in existing]


def _read_npz_arrays(path: Path) -> tuple[list[str], list[NDArray[Any]]]:
    variables = read_npz(path)
    missing = [name for name in _NPZ_ARRAYS if name not in variables.shapes]
    if missing:
        raise DataError(
            f"{path.name} must contain the arrays of numbers {', '.join(_NPZ_ARRAYS)}; {missing[0]} is missing. "
            f"{variables.contents()}"
        )
    return [f"{name} in {path.name}" for name in _NPZ_ARRAYS], [variables.load(name) for name in _NPZ_ARRAYS]


def _idx_file(folder: Path, name: str) -> Path | None:
    """Return the file of this name, with or without `.gz`; some copies have a dot before `idx`."""
    stems = (f"{name}-ubyte", f"{name.replace('-idx', '.idx')}-ubyte")
    candidates = [folder / f"{stem}{ending}" for stem in stems for ending in ("", ".gz")]
    return next((file for file in candidates if file.is_file()), None)


def _check(images: NDArray[Any], name: str, digits: NDArray[Any], digits_name: str) -> None:
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (SIDE, SIDE) or not len(images):
        raise DataError(
            f"{name} must be images of {SIDE} x {SIDE} pixels from 0 to 255; received the shape {images.shape} of "
            f"{images.dtype}."
        )
    if digits.ndim != 1 or digits.dtype.kind not in "iu" or len(digits) != len(images):
        raise DataError(
            f"{digits_name} must be one digit for each of the {len(images):,} images of {name}; received the shape "
            f"{digits.shape} of {digits.dtype}."
        )
    invalid = np.flatnonzero((digits < 0) | (digits >= CLASSES))
    if len(invalid):
        raise DataError(
            f"{digits_name}: digits from 0 to 9 are expected; received {digits[invalid[0]]} for image "
            f"{invalid[0] + 1:,}."
        )
