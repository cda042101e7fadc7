"""HDF5 files: groups, links and data in other files."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file
from rnnstudio.reading.formats.hdf5 import read_hdf5

WAVE = np.sin(np.arange(300) / 9)


def test_arrays_in_groups_are_read_by_their_paths(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as store:
        store["day/machine/wave"] = WAVE
        store.create_group("empty")
        store["day/again"] = store["day"]  # a group that contains itself
    variables = read_hdf5(tmp_path / "a.h5")
    np.testing.assert_array_equal(variables.load("day/machine/wave"), WAVE)
    assert "empty (a group)" in variables.contents()
    assert read_file(tmp_path / "a.h5", "day/machine/wave").default_target() == "day/machine/wave"


def test_numbers_stored_in_an_external_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.bin").write_bytes(WAVE.tobytes())
    with h5py.File(tmp_path / "a.h5", "w") as store:
        store.create_dataset("raw", (300,), "<f8", external=[(str(tmp_path / "secret.bin"), 0, 2400)])
    with pytest.raises(DataError, match=r"raw in a.h5 must be stored in the file itself.*which is not read"):
        read_hdf5(tmp_path / "a.h5")


def test_a_virtual_dataset_of_another_file_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as store:
        store["wave"] = WAVE
    with h5py.File(tmp_path / "a.h5", "w") as store:
        layout = h5py.VirtualLayout((300,), "<f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "wave", (300,))
        store.create_virtual_dataset("raw", layout)
    with pytest.raises(DataError, match="another file"):
        read_hdf5(tmp_path / "a.h5")


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as store:
        store["wave"] = WAVE
    with h5py.File(tmp_path / "a.h5", "w") as store:
        store["out"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "/wave")
    assert read_hdf5(tmp_path / "a.h5").contents() == "Its variables: out (a link)."
