"""Digits row by row: every file format of MNIST gives the same images, resized as in the publication."""

from __future__ import annotations

import gzip
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.experiment import compose
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets import mnist_rows
from rnnstudio.reading.formats.mnist import read_images
from tests.server import serving


def load(seed: int = 0, **settings: Any) -> SequenceData:
    return mnist_rows.load(compose("mnist_rows", settings).data, seed)  # type: ignore[arg-type]


def pixels(real_data: Path, name: str) -> Any:
    return np.frombuffer(gzip.decompress((real_data / "mnist" / name).read_bytes()), np.uint8, offset=16)


def test_the_published_images_are_resized_as_in_the_publication(
    real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNSTUDIO_DATA", str(real_data))
    data = load()
    assert data.inputs.shape == (70_000, 16, 16)
    assert not data.inputs.flags.writeable
    assert (len(data.train), len(data.val), len(data.test)) == (60_000, 0, 10_000)
    kept_rows = [0, 1, 3, 5, 7, 8, 10, 12, 14, 15, 17, 19, 21, 22, 24, 26]
    test = pixels(real_data, "t10k-images-idx3-ubyte.gz").reshape(-1, 28, 28)
    np.testing.assert_array_equal(
        data.inputs[data.test], test[:, kept_rows][:, :, kept_rows].astype(np.float32) / np.float32(255)
    )
    assert np.bincount(data.targets[data.test]).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert data.targets[:5].tolist() == [5, 0, 4, 1, 9]
    assert data.classes == tuple("0123456789")


def images(count: int, seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, 28, 28), np.uint8), rng.integers(0, 10, count).astype(np.uint8)


def write_idx(file: Path, array: Any) -> None:
    content = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with four small compressed IDX files."""
    for stem, seed, count in (("train", 0, 20), ("t10k", 1, 6)):
        x, y = images(count, seed)
        write_idx(tmp_path / "mnist" / f"{stem}-images-idx3-ubyte.gz", x)
        write_idx(tmp_path / "mnist" / f"{stem}-labels-idx1-ubyte.gz", y)
    return tmp_path / "mnist"


def test_all_file_formats_give_the_same_images(folder: Path, tmp_path: Path) -> None:
    expected = load(file=str(folder))
    plain = tmp_path / "plain"
    plain.mkdir()
    for i, file in enumerate(folder.iterdir()):
        name = file.stem if i % 2 else file.stem.replace("-idx", ".idx")
        (plain / name).write_bytes(gzip.decompress(file.read_bytes()))
    (x, y), (x_test, y_test) = images(20, 0), images(6, 1)
    keras = tmp_path / "keras"
    keras.mkdir()
    np.savez_compressed(keras / "mnist.npz", x_train=x, y_train=y, x_test=x_test, y_test=y_test)
    for path in (plain, keras, keras / "mnist.npz"):
        data = load(file=str(path))
        np.testing.assert_array_equal(data.inputs, expected.inputs)
        np.testing.assert_array_equal(data.targets, expected.targets)
    assert (len(expected.train), len(expected.test)) == (20, 6)


def test_full_images_have_28_rows_of_28_pixels_from_0_to_1(folder: Path) -> None:
    data = load(file=str(folder), image_size=28)
    np.testing.assert_array_equal(data.inputs[:20], images(20, 0)[0] / np.float32(255))
    assert data.window == 28
    assert data.inputs.max() == 1


def test_validation_images_are_training_images_drawn_by_seed(folder: Path) -> None:
    first, same_seed, other_seed = (load(seed, file=str(folder), val_fraction=0.25) for seed in (0, 0, 1))
    for data in (first, same_seed, other_seed):
        assert (len(data.train), len(data.val), len(data.test)) == (15, 5, 6)
        assert sorted([*data.train, *data.val]) == list(range(20))
        assert data.test.tolist() == list(range(20, 26))
    np.testing.assert_array_equal(first.val, same_seed.val)
    assert first.val.tolist() != other_seed.val.tolist()


def test_an_empty_training_set_is_refused(folder: Path) -> None:
    with pytest.raises(SettingError, match="val_fraction must leave images for the training set"):
        load(file=str(folder), val_fraction=0.99)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"It has no file t10k-labels-idx1-ubyte\.gz"):
        load(file=str(folder))


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("train-images-idx3-ubyte.gz", np.zeros((20, 27, 28), np.uint8), "images of 28 x 28 pixels"),
        ("train-images-idx3-ubyte.gz", np.zeros((0, 28, 28), np.uint8), "images of 28 x 28 pixels"),
        ("train-images-idx3-ubyte.gz", np.zeros(20, np.uint8), "images of 28 x 28 pixels"),
        ("train-labels-idx1-ubyte.gz", np.zeros(19, np.uint8), "one digit for each of the 20 images"),
        ("t10k-labels-idx1-ubyte.gz", np.full(6, 10, np.uint8), "digits from 0 to 9 are expected; received 10"),
    ],
)
def test_files_with_other_content_are_refused(folder: Path, name: str, array: Any, message: str) -> None:
    write_idx(folder / name, array)
    with pytest.raises(DataError, match=message):
        load(file=str(folder))


def test_an_npz_file_with_other_content_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "mnist.npz", x=np.zeros(3))
    with pytest.raises(
        DataError, match="must contain the arrays of numbers x_train, y_train, x_test, y_test; x_train is missing"
    ):
        load(file=str(tmp_path))
    (x, y), (x_test, _) = images(20, 0), images(6, 1)
    np.savez(tmp_path / "mnist.npz", x_train=x, y_train=y, x_test=x_test, y_test=np.full(6, -1))
    with pytest.raises(DataError, match="digits from 0 to 9 are expected; received -1"):
        load(file=str(tmp_path))


def test_the_four_files_are_downloaded_and_an_altered_one_again(
    real_data: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("RNNSTUDIO_DATA", raising=False)
    downloads = home / "downloads" / "mnist"
    downloads.mkdir(parents=True)
    for file in (real_data / "mnist").glob("*.gz"):
        shutil.copy(file, downloads)
    labels = downloads / "t10k-labels-idx1-ubyte.gz"
    with serving(content=labels.read_bytes()) as server:
        monkeypatch.setattr(
            mnist_rows,
            "DOWNLOAD",
            mnist_rows.downloads.DownloadSource("mnist", mnist_rows.DOWNLOAD.files, (server.address,), 10_000_000),
        )
        assert mnist_rows.fetch() == downloads
        assert server.requested_ranges == []
        labels.write_bytes(labels.read_bytes()[:-100])
        assert load().notes == (
            "t10k-labels-idx1-ubyte.gz was truncated or altered (its checksum is different); it was deleted and "
            "downloaded again.",
        )
        labels.unlink()
        assert mnist_rows.fetch() == downloads
    assert len(server.requested_ranges) == 2


def test_offline_the_error_names_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RNNSTUDIO_DATA", raising=False)
    monkeypatch.setattr("rnnstudio.reading.http_download._PAUSE", 0.01)
    files, size = mnist_rows.DOWNLOAD.files, mnist_rows.DOWNLOAD.size
    offline = mnist_rows.downloads.DownloadSource("mnist", files, ("http://127.0.0.1:1/",), size)
    monkeypatch.setattr(mnist_rows, "DOWNLOAD", offline)
    with pytest.raises(DataError) as caught:
        load()
    for file in files:
        assert file in str(caught.value)
    assert "http://127.0.0.1:1/ and put them into" in str(caught.value)


def test_images_are_read_again_only_after_a_file_has_changed(folder: Path) -> None:
    first = read_images(folder)
    assert read_images(folder) is first
    x, _ = images(20, 5)
    write_idx(folder / "train-images-idx3-ubyte.gz", x)
    np.testing.assert_array_equal(read_images(folder).train, x)
