"""Handwritten digits (MNIST; LeCun, Cortes & Burges); each image is a sequence of its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.paths import data_folders, existing
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings, FilePath, Real, Whole, setting
from rnnstudio.core.windows import whole_sequences
from rnnstudio.reading import downloads
from rnnstudio.reading.formats.mnist import CLASSES, SIDE, Images, find_images, read_images

DOWNLOAD = downloads.DownloadSource(
    name="mnist",
    files={
        "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
    urls=(
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    size=11_600_000,
)


class MnistRowsSettings(DataSettings):
    """Images of handwritten digits from 0 to 9, read row by row; the network predicts the digit."""

    dataset: Literal["mnist_rows"] = "mnist_rows"
    task: Literal["classify"] = "classify"
    file: FilePath = setting(
        "",
        "Folder of the four IDX files, or mnist.npz; when empty, files on this computer are used or downloaded.",
        advanced=True,
        path=("/", ".npz"),
        when_empty="found on this computer, or downloaded",
    )
    image_size: Whole = setting(
        28,
        "Rows and columns of each image: 28 is the original size, smaller images take the nearest pixels.",
        unit="pixels",
        ge=4,
        le=28,
    )
    val_fraction: Real = setting(
        0.0,
        "Share of the 60,000 training images, drawn by seed, for the validation set, which early stopping monitors.",
        label="Validation fraction",
        ge=0.0,
        lt=1.0,
        automatic=True,
    )


def fetch() -> Path:
    """Return the folder or file of the images on this computer, after a download where they are missing."""
    return _read("")[0]


@dataset(MnistRowsSettings, "Digits, row by row", fetch=fetch)
def load(settings: MnistRowsSettings, seed: int) -> SequenceData:
    """Return the 60,000 training and 10,000 test images, with pixels from 0 to 1.

    >>> data = load(MnistRowsSettings(image_size=16), seed=0)
    >>> data.inputs.shape, len(data.train), len(data.test)
    ((70000, 16, 16), 60000, 10000)
    """
    _, images, notes = _read(settings.file)
    side, first_test = settings.image_size, len(images.train)
    count = first_test + len(images.test)
    inputs = np.empty((count, side, side), np.float32)
    for pixels, rows in ((images.train, inputs[:first_test]), (images.test, inputs[first_test:])):
        np.divide(resized(pixels, side), np.float32(255), out=rows)
    inputs.flags.writeable = False
    order = np.random.default_rng([seed, 7]).permutation(first_test).astype(np.int32)
    val_size = round(first_test * settings.val_fraction)
    if val_size >= first_test:
        raise SettingError(
            f"val_fraction must leave images for the training set; received {settings.val_fraction:g}.", "val_fraction"
        )
    return SequenceData(
        task=settings.task,
        inputs=inputs,
        targets=np.concatenate([images.train_digits, images.test_digits]),
        train=np.sort(order[val_size:]),
        val=np.sort(order[:val_size]),
        test=np.arange(first_test, count, dtype=np.int32),
        notes=notes,
        classes=tuple(str(digit) for digit in range(CLASSES)),
        features=tuple(f"column{i}" for i in range(1, side + 1)),
        target_names=("digit",),
        step_name="row",
        **whole_sequences(inputs),
    )


def resized(images: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Return images of `side` x `side` pixels; each pixel is the nearest original one, above and to the left.

    Args:
        images: `(N, 28, 28)`.
        side: Rows and columns of the result.

    >>> resized(np.zeros((2, 28, 28), np.uint8), 14).shape
    (2, 14, 14)
    """
    if side == SIDE:
        return images
    indices = np.arange(side) * SIDE // side
    return images[:, indices[:, None], indices]


def _read(file: str) -> tuple[Path, Images, tuple[str, ...]]:
    """Return the path of the images, the images, and notes about the download."""
    path, notes = _find(file)
    try:
        return path, read_images(path), notes
    except DataError as error:
        raise downloads.local_data_error(DOWNLOAD, path, error, chosen=bool(file)) from None


def _find(file: str) -> tuple[Path, tuple[str, ...]]:
    """Return the path of the images, after a download where they are missing, and notes about the download."""
    if file:
        path = existing(file)
        return (find_images(path) or path), ()
    downloaded = DOWNLOAD.folder
    for folder in data_folders(DOWNLOAD.name):
        images = find_images(folder)
        has_original = any((downloaded / name).exists() for name in DOWNLOAD.files)
        if images is not None and not (folder == downloaded and has_original):
            return images, ()
    return downloaded, downloads.fetch(DOWNLOAD)  # verifies the files that exist
