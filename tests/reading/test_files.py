"""The file name ending decides the format of a data file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file
from rnnstudio.reading.sequence_files import holds_sequences
from tests.samples import TS_FILES

WAVE = np.sin(np.arange(300) / 9)


@pytest.mark.parametrize("name", ["105_0.mat", "97_Normal_0.mat", "1797_IR_7_DE12.npz"])
def test_the_default_series_of_bearing_data_is_the_drive_end(real_data: Path, name: str) -> None:
    table = read_file(real_data / "machinery" / name)
    assert table.default_target() in ("X105_DE_time", "X097_DE_time", "DE")
    assert len(table.cells) in (121_265, 243_938)
    assert read_file(real_data / "machinery" / name, table.columns[-1]).default_target() == table.columns[-1]


def test_a_file_without_a_series_lists_its_variables(tmp_path: Path) -> None:
    savemat(tmp_path / "a.mat", {"rpm": 1797, "cube": np.zeros((2, 3, 4)), "name": "bearing"})
    with pytest.raises(DataError, match=r"must contain a series of numbers.*cube \(2 x 3 x 4\).*name \(char"):
        read_file(tmp_path / "a.mat")
    np.savez(tmp_path / "a.npz", wave=WAVE, cube=np.zeros((2, 3, 4)))
    with pytest.raises(DataError, match=r"cube in a.npz must be a series.*received the shape 2 x 3 x 4.*wave \(300\)"):
        read_file(tmp_path / "a.npz", "cube")
    with pytest.raises(DataError, match=r"no variable 'sale' of real numbers. Its variables: wave \(300\)"):
        read_file(tmp_path / "a.npz", "sale")


def test_column_names_have_no_control_characters(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\x1b[31mred\n1\n2\n3\n")
    assert read_file(tmp_path / "a.csv").columns == ["\N{REPLACEMENT CHARACTER}[31mred"]


@pytest.mark.parametrize(
    ("name", "message"), [("a.ts", "received separate labelled sequences"), ("a.mp3", "Save it as .wav")]
)
def test_unsupported_formats_are_refused_with_advice(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / name).write_bytes(TS_FILES[0])
    with pytest.raises(DataError, match=message):
        read_file(tmp_path / name)


def test_files_of_labelled_sequences_are_recognized(tmp_path: Path) -> None:
    np.savez(tmp_path / "labelled.npz", X=np.ones((2, 3)), y=[0, 1])
    np.savez(tmp_path / "series.npz", wave=WAVE)
    assert holds_sequences("any.ts")
    assert holds_sequences(tmp_path / "labelled.npz")
    assert not holds_sequences(tmp_path / "series.npz")
    assert not holds_sequences("any.csv")
