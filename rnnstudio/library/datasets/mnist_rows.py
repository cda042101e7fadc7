"""Handwritten digits (MNIST; LeCun, Cortes & Burges), each image read as a sequence of its rows."""

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
from rnnstudio.reading import downloads
from rnnstudio.reading.mnist import CLASSES, SIDE, Images, find_images, read_images

DOWNLOAD = downloads.DownloadSource(
    name="mnist",
    files={
        "train-images-idx3-ubyte.gz": "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "train-labels-idx1-ubyte.gz": "md5:d53e105ee54ea40749a09fcbcd1e9432",
        "t10k-images-idx3-ubyte.gz": "md5:9fb629c4189551a2d022fa330f9573f3",
        "t10k-labels-idx1-ubyte.gz": "md5:ec29112dd5afa0611ce80d1b7f02629c",
    },
    urls=(
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    size=11_600_000,
)


class MnistRowsSettings(DataSettings):
    """Handwritten digits from 0 to 9, told from the rows of the image, which are read one after the other."""

    dataset: Literal["mnist_rows"] = "mnist_rows"
    task: Literal["classify"] = "classify"
    file: FilePath = setting(
        "",
        "Folder of the four IDX files, or mnist.npz; when empty it is looked for on this computer, then downloaded.",
        advanced=True,
        path=("/", ".npz"),
    )
    image_size: Whole = setting(
        28,
        "Rows and columns of each image: 28 as they are, fewer by taking the nearest pixel.",
        unit="pixels",
        ge=4,
        le=28,
    )
    val_fraction: Real = setting(
        0.0,
        "Share of the 60,000 training images, chosen by the seed, on which early stopping decides.",
        ge=0.0,
        lt=1.0,
    )


def fetch() -> Path:
    """Make sure that the images are on this computer and whole, and return where."""
    return _read("")[0]


@dataset(MnistRowsSettings, "Digits, row by row", usual={"batch_size": 100}, fetch=fetch)
def load(settings: MnistRowsSettings, seed: int) -> SequenceData:
    """Return the 60,000 images to train on and the 10,000 to test on, pixels from 0 to 1."""
    _, images, notes = _read(settings.file)
    side, first_test = settings.image_size, len(images.train)
    count = first_test + len(images.test)
    inputs = np.empty((count, side, side), np.float32)
    for part, rows in ((images.train, inputs[:first_test]), (images.test, inputs[first_test:])):
        np.divide(shrunk(part, side), np.float32(255), out=rows)
    inputs.flags.writeable = False
    order = np.random.default_rng([seed, 7]).permutation(first_test).astype(np.int32)
    held = round(first_test * settings.val_fraction)
    if held >= first_test:
        raise SettingError(
            f"val_fraction must leave something to train on; received {settings.val_fraction:g}.", "val_fraction"
        )
    return SequenceData(
        task=settings.task,
        inputs=inputs,
        targets=np.concatenate([images.train_digits, images.test_digits]),
        starts=np.arange(0, count * side, side, dtype=np.int32),
        window=side,
        train=np.sort(order[held:]),
        val=np.sort(order[:held]),
        test=np.arange(first_test, count, dtype=np.int32),
        notes=notes,
        classes=tuple(str(digit) for digit in range(CLASSES)),
        features=tuple(f"column{i}" for i in range(1, side + 1)),
        target_names=("digit",),
        step_name="row",
    )


def shrunk(images: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Return images of `side` x `side` pixels, each the nearest of the original's at or before its place."""
    if side == SIDE:
        return images
    places = np.arange(side) * SIDE // side
    return images[:, places[:, None], places]


def _read(file: str) -> tuple[Path, Images, tuple[str, ...]]:
    """Return where the images are, what they are, and what was mended."""
    path, notes = _find(file)
    try:
        return path, read_images(path), notes
    except DataError as error:
        raise downloads.local_data_error(DOWNLOAD, path, error, chosen=bool(file)) from None


def _find(file: str) -> tuple[Path, tuple[str, ...]]:
    """Return where the images are, after a download if need be, and what was mended by it."""
    if file:
        path = existing(file)
        return (find_images(path) or path), ()
    folder = DOWNLOAD.folder
    for place in data_folders(DOWNLOAD.name):
        found = find_images(place)
        if found is not None and not (place == folder and any((folder / name).exists() for name in DOWNLOAD.files)):
            return found, ()
    return folder, downloads.fetch(DOWNLOAD)  # what is there of it is looked at
