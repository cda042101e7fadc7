"""The images of MNIST from its four IDX files, gzipped or not, or from Keras' `mnist.npz`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.core.sequence import Ints
from rnnstudio.reading.idx import read_idx, read_npz

NPZ = "mnist.npz"
SIDE = 28
CLASSES = 10
_STEMS = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
_KEYS = ("x_train", "y_train", "x_test", "y_test")


@dataclass(frozen=True)
class Images:
    """Images of digits, `(n, 28, 28)` uint8, and the digits, `(n,)`, of the training and the test part."""

    train: NDArray[np.uint8]
    train_digits: Ints
    test: NDArray[np.uint8]
    test_digits: Ints


def find_images(folder: Path) -> Path | None:
    """Return the folder itself where it holds an IDX file, the `mnist.npz` in it, or None."""
    if any(_idx(folder, stem) for stem in _STEMS):
        return folder
    return folder / NPZ if (folder / NPZ).is_file() else None


def read_images(path: Path) -> Images:
    """Return all images; files that have not changed since they were last read are not unpacked again.

    Args:
        path: The folder of the four IDX files, or an `.npz` file with x_train, y_train, x_test and y_test.

    Raises:
        DataError: A file is missing, damaged, or holds something else; the message names it.
    """
    return _read(path, tuple(_stamp(file) for file in ([_idx(path, s) for s in _STEMS] if path.is_dir() else [path])))


def _stamp(file: Path | None) -> tuple[str, int, int]:
    """Return what tells a file from what it was before."""
    if file is None or not file.is_file():
        return "", 0, 0
    about = file.stat()
    return file.name, about.st_mtime_ns, about.st_size


@lru_cache(maxsize=1)  # unpacking takes longer than all else that a second run waits for
def _read(path: Path, stamps: tuple[tuple[str, int, int], ...]) -> Images:
    if path.is_dir():
        files = [_idx(path, stem) for stem in _STEMS]
        missing = [f"{stem}-ubyte.gz" for stem, file in zip(_STEMS, files, strict=True) if file is None]
        if missing:
            raise DataError(
                f"{path} has no file {missing[0]} (gzipped or not). The four IDX files of MNIST are expected: "
                f"{', '.join(f'{stem}-ubyte' for stem in _STEMS)}."
            )
        names = [file.name for file in files if file is not None]
        arrays = [read_idx(file) for file in files if file is not None]
    else:
        found = read_npz(path)
        lacking = [key for key in _KEYS if key not in found]
        if lacking:
            raise DataError(
                f"{path.name} has no array {lacking[0]!r}; {', '.join(_KEYS)} are expected. "
                f"It has {', '.join(list(found)[:10]) or 'none'}."
            )
        names, arrays = [f"{key} in {path.name}" for key in _KEYS], [found[key] for key in _KEYS]
    for i in (0, 2):
        _check(arrays[i], names[i], arrays[i + 1], names[i + 1])
    for i in (1, 3):
        arrays[i] = arrays[i].astype(np.int32)
    for array in arrays:
        array.flags.writeable = False  # it may serve several runs
    return Images(*arrays)


def _idx(folder: Path, stem: str) -> Path | None:
    """Return the file of this stem; some copies have a point before idx."""
    names = [name + end for name in (f"{stem}-ubyte", f"{stem.replace('-idx', '.idx')}-ubyte") for end in ("", ".gz")]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _check(images: NDArray[Any], name: str, digits: NDArray[Any], digits_name: str) -> None:
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (SIDE, SIDE) or not len(images):
        raise DataError(
            f"{name} must hold images of {SIDE} x {SIDE} pixels from 0 to 255; received the shape {images.shape} of "
            f"{images.dtype}."
        )
    if digits.ndim != 1 or digits.dtype.kind not in "iu" or len(digits) != len(images):
        raise DataError(
            f"{digits_name} must name a digit for each of the {len(images):,} images of {name}; received the shape "
            f"{digits.shape} of {digits.dtype}."
        )
    bad = np.flatnonzero((digits < 0) | (digits >= CLASSES))
    if len(bad):
        raise DataError(
            f"{digits_name}: digits from 0 to 9 are expected; received {digits[bad[0]]} for image {bad[0] + 1:,}."
        )
