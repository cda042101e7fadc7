"""Files of every kind are read as they were written, and what cannot be read is refused in a sentence."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy.io import savemat, wavfile

from rnnstudio.core.errors import DataError
from rnnstudio.reading import file_checks
from rnnstudio.reading.excel import read_excel
from rnnstudio.reading.files import ENDINGS, holds_sequences, read_file
from rnnstudio.reading.hdf5 import read_hdf5
from rnnstudio.reading.labelled_npz import read_labelled_npz
from rnnstudio.reading.labelled_table import labelled_from_table
from rnnstudio.reading.labelled_ts import read_labelled_ts
from rnnstudio.reading.large_text_table import read_large_table
from rnnstudio.reading.matlab import read_matlab
from rnnstudio.reading.numpy_files import read_member, read_npy, read_npz
from rnnstudio.reading.parquet import read_parquet
from rnnstudio.reading.text_table import read_table
from rnnstudio.reading.ts_file import read_ts
from rnnstudio.reading.wav import read_wav

WAVE = np.sin(np.arange(300) / 9)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def v73(file: Path, **arrays: Any) -> Path:
    """Write what MATLAB 7.3 would: 512 bytes of its own, axes the other way round."""
    with h5py.File(file, "w", userblock_size=512) as store:
        for name, values in arrays.items():
            store.create_dataset(name, data=np.asarray(values).T).attrs["MATLAB_class"] = np.bytes_("double")
    with file.open("r+b") as stream:
        stream.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64")
    return file


@pytest.mark.parametrize("name", ["105_0.mat", "97_Normal_0.mat", "1797_IR_7_DE12.npz"])
def test_the_drive_end_of_a_bearings_data_is_meant_when_nobody_says(real_data: Path, name: str) -> None:
    table = read_file(real_data / "machinery" / name)
    assert table.default_target() in ("X105_DE_time", "X097_DE_time", "DE")
    assert len(table.cells) in (121_265, 243_938)
    assert read_file(real_data / "machinery" / name, table.columns[-1]).default_target() == table.columns[-1]


@pytest.mark.parametrize("options", [{}, {"do_compression": True}, {"format": "4"}])
def test_matlab_files_are_read_as_they_were_written(tmp_path: Path, options: dict[str, Any]) -> None:
    savemat(tmp_path / "a.mat", {"wave": WAVE[:, None], "pair": np.eye(2), "text": "abc"}, **options)
    found = read_matlab(tmp_path / "a.mat")
    assert set(found.shapes) == {"wave", "pair"}
    np.testing.assert_array_equal(found.load("wave")[:, 0], WAVE)
    assert "text (char" in found.contents()


def test_matlab_7_3_is_read_with_its_axes_the_right_way_round(tmp_path: Path) -> None:
    found = read_matlab(v73(tmp_path / "a.mat", wave=WAVE[:, None], table=np.arange(6).reshape(3, 2)))
    np.testing.assert_array_equal(found.load("wave"), WAVE[:, None])
    np.testing.assert_array_equal(found.load("table"), [[0, 1], [2, 3], [4, 5]])


def test_a_file_without_a_usable_variable_lists_those_it_has(tmp_path: Path) -> None:
    savemat(tmp_path / "a.mat", {"rpm": 1797, "cube": np.zeros((2, 3, 4)), "name": "bearing"})
    with pytest.raises(DataError, match=r"no variable that is a series.*cube \(2 x 3 x 4\).*name \(char"):
        read_file(tmp_path / "a.mat")
    np.savez(tmp_path / "a.npz", wave=WAVE, cube=np.zeros((2, 3, 4)))
    with pytest.raises(DataError, match=r"cube in a.npz must be a series.*received the shape 2 x 3 x 4.*wave \(300\)"):
        read_file(tmp_path / "a.npz", "cube")
    with pytest.raises(DataError, match=r"no variable 'sale' of numbers. It holds wave \(300\)"):
        read_file(tmp_path / "a.npz", "sale")


def test_what_stands_in_groups_of_an_hdf5_file_is_read_by_its_path(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as store:
        store["day/machine/wave"] = WAVE
        store.create_group("empty")
        store["day/again"] = store["day"]  # a group within itself
    found = read_hdf5(tmp_path / "a.h5")
    np.testing.assert_array_equal(found.load("day/machine/wave"), WAVE)
    assert "empty (a group)" in found.contents()
    assert read_file(tmp_path / "a.h5", "day/machine/wave").default_target() == "day/machine/wave"


def test_names_of_columns_cannot_steer_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\x1b[31mred\n1\n2\n3\n")
    assert read_file(tmp_path / "a.csv").columns == ["\N{REPLACEMENT CHARACTER}[31mred"]


def test_what_an_hdf5_file_has_in_other_files_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.bin").write_bytes(WAVE.tobytes())
    with h5py.File(tmp_path / "other.h5", "w") as store:
        store["wave"] = WAVE
    with h5py.File(tmp_path / "a.h5", "w") as store:
        store.create_dataset("raw", (300,), "<f8", external=[(str(tmp_path / "secret.bin"), 0, 2400)])
    with pytest.raises(DataError, match=r"raw in a.h5 has its numbers in another file, which is not read"):
        read_hdf5(tmp_path / "a.h5")
    with h5py.File(tmp_path / "b.h5", "w") as store:
        layout = h5py.VirtualLayout((300,), "<f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "wave", (300,))
        store.create_virtual_dataset("raw", layout)
    with pytest.raises(DataError, match="another file"):
        read_hdf5(tmp_path / "b.h5")
    with h5py.File(tmp_path / "c.h5", "w") as store:
        store["out"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "/wave")
    assert read_hdf5(tmp_path / "c.h5").contents() == "It holds out (a link)."


@pytest.mark.parametrize("rows", [-1, 2**31 - 1])
def test_sizes_that_cannot_be_are_refused_before_room_is_made(tmp_path: Path, rows: int) -> None:
    old = written(tmp_path, "a.mat", struct.pack("<5i", 0, rows, 1, 0, 2) + b"x\0" + bytes(80))
    with pytest.raises(DataError, match="cannot be read as a MATLAB file; it may be damaged"):
        read_matlab(old)
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (abs(rows) * 9,)})
    with pytest.raises(DataError, match=r"cut short|at most"):
        read_npy(written(tmp_path, "a.npy", stream.getvalue()))


def test_objects_in_numpy_files_are_refused_unread(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([1, "a"], object))
    with pytest.raises(DataError, match=r"a.npy must hold real numbers; received an array of objects"):
        read_npy(tmp_path / "a.npy")
    np.savez(tmp_path / "a.npz", things=np.array([1, "a"], object), wave=WAVE)
    assert list(read_npz(tmp_path / "a.npz").shapes) == ["wave"]
    with pytest.raises(DataError, match=r"things in a.npz must hold numbers or text; received an array of objects"):
        read_member(tmp_path / "a.npz", "things")


def test_an_array_that_would_unpack_to_more_than_it_can_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bomb.npz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("x.npy", bytes(8_000_000))
    with pytest.raises(DataError, match=r"bomb.npz claims to unpack to more than it can"):
        read_npz(file)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([0, 128, 255], np.uint8), [-1, 0, 127 / 128]),
        (np.array([-32768, 0, 16384], np.int16), [-1, 0, 0.5]),
        (np.array([-(2**31), 0, 2**30], np.int32), [-1, 0, 0.5]),
        (np.array([-0.25, 0, 0.5], np.float32), [-0.25, 0, 0.5]),
        (np.array([-0.25, 0, 0.5], np.float64), [-0.25, 0, 0.5]),
    ],
)
def test_sound_is_read_at_full_scale_with_its_rate(tmp_path: Path, values: Any, expected: list[float]) -> None:
    wavfile.write(tmp_path / "a.wav", 44_100, values)
    found = read_wav(tmp_path / "a.wav")
    assert found.rate == 44_100
    np.testing.assert_allclose(found.load("sound").ravel(), expected)


def test_sound_of_24_bits_and_two_channels(tmp_path: Path) -> None:
    samples = np.array([[-(2**23), 2**22], [0, 1], [2**22, -(2**22)]])
    data = b"".join(int(v).to_bytes(3, "little", signed=True) for v in samples.ravel())
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + 18, b"WAVE", b"fmt ", 16, 1, 2, 8000, 48_000, 6, 24, b"data", 18
    )
    table = read_file(written(tmp_path, "a.wav", header + data))
    assert table.columns == ["channel1", "channel2"]
    assert table.rate == 8000
    np.testing.assert_allclose(table.numbers(["channel1", "channel2"]), samples / 2**23, atol=1e-7)
    with pytest.raises(DataError, match="cut short"):
        read_wav(written(tmp_path, "b.wav", header + data[:12]))


def test_the_first_sheet_with_numbers_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a note"])
    sheet = book.create_sheet("data")
    for row in ([None], ["day", "sales", "promo"], ["2024-01-01", 1.5, 1], [None], ["2024-01-02", None, 0]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    table = read_excel(tmp_path / "a.xlsx")
    assert table.numeric_columns() == ["promo"]
    np.testing.assert_array_equal(table.numbers(["promo"]), [[1], [0]])
    with pytest.raises(DataError, match=r"a.xlsx, row 5, column 'sales': a number is expected; received an empty cell"):
        table.numbers(["sales"])


def sheet_of(folder: Path, cells: str, size: int = 0) -> Path:
    """Write a workbook whose sheet is this XML."""
    book = openpyxl.Workbook()
    book.active.append([1])
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(folder / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content[: content.index(b"<sheetData")] + (
                    f"<sheetData>{cells}</sheetData></worksheet>".encode() + b" " * size
                )
            new.writestr(name, content)
    return folder / "a.xlsx"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ('<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>', "a sheet has at most 1,048,576 rows"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>', "empty cell"),
    ],
)
def test_a_cell_far_away_does_not_fill_the_memory(tmp_path: Path, cells: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_excel(sheet_of(tmp_path, cells)).numbers(["column1"])


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a.xlsx would unpack from .* too large for a workbook"):
        read_excel(sheet_of(tmp_path, "", size=20_000_000))


def test_parquet_columns_that_are_numbers_text_or_dates_are_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "n": [1.5, None, 3.0], "i": pd.array([1, None, 3], "Int64"), "kind": pd.Categorical(["a", "b", "a"]),
        "day": pd.date_range("2024", periods=3), "many": [[1], [2], []],
    })  # fmt: skip
    frame.to_parquet(tmp_path / "a.parquet")
    table = read_parquet(tmp_path / "a.parquet")
    assert table.columns == ["n", "i", "kind", "day"]
    assert table.numeric_columns() == ["n", "i"]
    assert table.texts("kind").tolist() == ["a", "b", "a"]
    np.testing.assert_array_equal(table.series(["n", "i"], "interpolate").values, [[1.5, 1], [2.25, 2], [3, 3]])


TS = "#a note\n@problemName P\n@timeStamps false\n@univariate true\n@classLabel true up down\n@data\n"


def test_ucr_files_are_read_with_gaps_and_unequal_lengths(tmp_path: Path) -> None:
    found = read_ts(written(tmp_path, "a.ts", TS + "1,?,3:up\n\n4,5:down\n"))
    assert [len(s) for s in found.sequences] == [3, 2]
    np.testing.assert_array_equal(found.sequences[0][:, 0], [1, np.nan, 3])
    assert found.labels == ["up", "down"]
    assert found.classes == ("up", "down")
    two = read_ts(written(tmp_path, "b.ts", "@dimensions 2\n@classLabel true 1 2\n@data\n1,2:3,4:2\n"))
    np.testing.assert_array_equal(two.sequences[0], [[1, 3], [2, 4]])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TS, "holds no sequences"),
        ("@classLabel true a b\n", r"holds no sequences \(there is no line @data\)"),
        (TS + "1,2:left\n", "line 7: the class must be one of up, down as @classLabel says; received 'left'"),
        (TS + "1,2:up\n1,x:up\n", "line 8, dimension 1: a number or . is expected; received 'x'"),
        (TS + "1,2:3:up\n", "line 7: all dimensions of a sequence must be equally long; received 2, 1"),
        (TS + "1,2:3,4:up\n1,2:up\n", "line 8: 2 dimensions are expected; received 1"),
        (TS.replace("@data", "@equalLength true\n@data") + "1,2:up\n1:up\n", "line 9: all sequences are equally long"),
        (TS + "1e300:up\n", "line 7: a number is infinite or too large"),
        (TS.replace("true up", "false up") + "1:up\n", "has no classes"),
        (TS.replace("Stamps false", "Stamps true") + "(0,1):up\n", "has time stamps"),
        ("1,2,3\n", "line 1: a line such as '@classLabel"),
        (b"@data\n\0\1", "holds binary data"),
    ],
)
def test_a_damaged_ucr_file_is_named_by_line(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(DataError, match=rf"^a.ts.*{words}"):
        read_ts(written(tmp_path, "a.ts", text))


def test_the_test_file_beside_a_training_file_is_found_either_way(tmp_path: Path) -> None:
    train = written(tmp_path, "Gun_TRAIN.ts", TS + "1,2:up\n3,4:down\n5,6:up\n")
    test = written(tmp_path, "Gun_TEST.ts", TS + "7,8:down\n")
    for file in (train, test):
        found = read_labelled_ts(file)
        assert found.test is not None
        assert found.test.tolist() == [False, False, False, True]
        assert found.labels.tolist() == ["up", "down", "up", "down"]
        assert "3 training sequences and 1 test sequences" in found.notes[0]
        assert found.where(3, 1, 0) == "Gun_TEST.ts, line 7, dimension 1, value 2"
    assert holds_sequences(train)


def test_labelled_arrays_end_where_their_values_do(tmp_path: Path) -> None:
    x = np.array([[1, 2, 3], [4, 5, np.nan], [6, np.nan, np.nan]])
    np.savez(tmp_path / "a.npz", X=x, y=["a", "b", "a"], groups=[1, 2, 2])
    found = read_labelled_npz(tmp_path / "a.npz")
    assert [s[:, 0].tolist() for s in found.sequences] == [[1, 2, 3], [4, 5], [6]]
    assert found.groups is not None
    assert found.groups.tolist() == [1, 2, 2]
    np.savez(
        tmp_path / "b.npz", x_train=np.ones((3, 4, 2)), y_train=[0, 1, 0], x_test=np.ones((2, 4, 2)), y_test=[1, 0]
    )
    parted = read_labelled_npz(tmp_path / "b.npz")
    assert parted.test is not None
    assert parted.test.tolist() == [False] * 3 + [True] * 2
    assert parted.where(3, 1, 0) == "x_test[0, 1, 0]"


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"wave": WAVE}, "must contain the arrays x and y, .*Its arrays: wave"),
        ({"x": np.ones((3, 2)), "y": [0, 1]}, r"y in a.npz must have one class per sequence, shape \(3,\); received 2"),
        (
            {"x": np.ones(3), "y": [0, 1, 0]},
            r"x in a.npz must be an array of numbers with the shape .*received 3",
        ),
        ({"x": np.full((2, 2), np.inf), "y": [0, 1]}, "x in a.npz must contain finite numbers"),
        ({"x": np.ones((2, 2)), "y": [0, 1], "lengths": [1, 9]}, "lengths in a.npz must be integers from 1"),
        ({"x": np.ones((2, 2)), "y": [0, 1], "groups": [1]}, "groups in a.npz must have one value per sequence"),
    ],
)
def test_labelled_arrays_that_do_not_fit_are_refused(tmp_path: Path, arrays: dict[str, Any], words: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(DataError, match=words):
        read_labelled_npz(tmp_path / "a.npz")


LONG = "id,x,y,who,class\na,1,2,p,up\nb,5,6,q,down\na,2,3,p,up\nb,6,,q,down\nb,7,8,q,down\n"


def test_a_long_table_gives_sequences_in_the_order_of_their_rows(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a.csv", LONG))
    found = labelled_from_table(table, "id", "class", group="who", missing="interpolate")
    assert found.features == ("x", "y")
    np.testing.assert_array_equal(found.sequences[0], [[1, 2], [2, 3]])
    np.testing.assert_array_equal(found.sequences[1], [[5, 6], [6, np.nan], [7, 8]])
    assert found.labels.tolist() == ["up", "down"]
    assert found.groups is not None
    assert found.groups.tolist() == ["p", "q"]
    assert found.where(1, 1, 1) == "row 5, column 'y'"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            LONG.replace("a,2,3,p,up", "a,2,3,p,down"),
            "'class' must .*; id 'a' has 'up' in row 2 and 'down' in row 4",
        ),
        (
            LONG.replace("a,2,3,p,up", "a,2,3,q,up"),
            "'who' must .*; id 'a' has 'p' in row 2 and 'q' in row 4",
        ),
        (LONG.replace("a,2,3,p,up", ",2,3,p,up"), "row 4, column 'id': the name of a sequence is expected"),
        (LONG.replace("a,2,3,p,up", "a,2,3,p,").replace("a,1,2,p,up", "a,1,2,p,"), "row 2, column 'class': a class is"),
    ],
)
def test_a_sequence_that_contradicts_itself_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        labelled_from_table(
            read_table(written(tmp_path, "a.csv", text)), "id", "class", group="who", missing="interpolate"
        )


LARGE = "day,sales\n" + "".join(f"d{i},{i / 4}\n" for i in range(50)) + "Source: the till\n"


@pytest.mark.parametrize(
    "text",
    [
        LARGE,
        LARGE.replace(",", ";").replace(".", ","),
        "".join(f"{i}\t{i}\n" for i in range(50)),
        "\ufeff" + LARGE,
        LARGE.replace("d7,1.75", "d7,many"),
        LARGE.replace("d7,1.75", "d7,"),
    ],
    ids=["note", "decimal commas", "no header", "mark of UTF-8", "text in a column", "gap"],
)
def test_large_tables_are_read_as_small_ones_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("rnnstudio.reading.large_text_table._CHUNK_ROWS", 9)
    file = written(tmp_path, "a.csv", text)
    small, large = read_table(file), read_large_table(file)
    assert large is not None
    assert large.columns == small.columns
    assert (list(large.row_numbers), large.footer_rows) == (list(small.row_numbers), small.footer_rows)
    assert large.numeric_columns() == small.numeric_columns()

    def told(read: Callable[[list[str]], Any]) -> Any:
        try:
            return read(small.numeric_columns()).tolist()
        except DataError as error:
            return str(error)

    assert told(large.numbers) == told(small.numbers)


@pytest.mark.parametrize(
    "text",
    [LARGE.replace("d7,1.75", "d7,1,2"), LARGE.replace("d7", "\n\nd7"), "no numbers\n" * 40, "a,b\n", "\n" + LARGE],
)
def test_a_large_table_that_is_not_plain_is_left_to_the_careful_reader(tmp_path: Path, text: str) -> None:
    assert read_large_table(written(tmp_path, "a.csv", text)) is None


def test_a_large_file_goes_to_the_fast_reader_and_a_huge_one_that_is_not_plain_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnstudio.reading.text_table._LARGE_BYTES", 10)
    assert isinstance(read_table(written(tmp_path, "a.csv", LARGE)).row_numbers, range)
    monkeypatch.setattr("rnnstudio.reading.text_table._MAX_BYTES", 20)
    with pytest.raises(DataError, match=r"must be encoded in UTF-8.*Convert it to .npy or Parquet"):
        read_table(written(tmp_path, "b.csv", "\n" + LARGE))


@pytest.mark.parametrize("ending", [e for e in ENDINGS if e != ".ts"])
@pytest.mark.parametrize(
    "content", [b"", b"\0\1\2 no such file", b"PK\3\4" + bytes(60), b"\x89HDF\r\n\x1a\n" + bytes(90)]
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, ending: str, content: bytes) -> None:
    file = written(tmp_path, f"a{ending}", content)
    with pytest.raises(DataError, match=rf"^a\{ending}"):
        read_file(file)


def test_missing_files_folders_and_devices_are_named(tmp_path: Path) -> None:
    for ending in ENDINGS[:6]:
        with pytest.raises(DataError, match=r"There is no file .*nothing"):
            read_file(tmp_path / f"nothing{ending}")
        (tmp_path / f"folder{ending}").mkdir()
        with pytest.raises(DataError, match="is a folder"):
            read_file(tmp_path / f"folder{ending}")
    with pytest.raises(DataError, match="is not a regular file"):
        file_checks.existing_file("/dev/zero", "a table")
    with pytest.raises(DataError, match="There is no file"):
        file_checks.existing_file("a\0b", "a table")


@pytest.mark.parametrize(("name", "words"), [("a.ts", "separate labelled sequences"), ("a.xls", "Save it as .xlsx")])
def test_files_for_something_else_say_so(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_file(written(tmp_path, name, TS))
