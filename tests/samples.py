"""Small valid files of every format that is read, and a function that reads each completely.

The tests of damaged files and `make fuzz` start from these files.
"""

from __future__ import annotations

import datetime
import gzip
import io
import pickle
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rnnstudio.reading.archives import Archive
from rnnstudio.reading.files import read_file, read_variables, table_from_variables
from rnnstudio.reading.formats.har import parse_recordings
from rnnstudio.reading.formats.hdf5 import read_hdf5
from rnnstudio.reading.formats.idx import read_idx
from rnnstudio.reading.formats.labelled_npz import read_labelled_npz
from rnnstudio.reading.formats.pickles import load_pickle
from rnnstudio.reading.sequence_files import read_sequences
from rnnstudio.reading.series.labelled_table import labelled_from_table
from tests.xls_writer import xls_bytes

WAVE = np.sin(np.arange(24) / 3)
_MAX_COLUMNS = 20


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        ending: Ending of the file names.
        samples: Returns the contents of valid files.
        read: Reads a file completely; raises only RnnStudioError.
    """

    ending: str
    samples: Callable[[], list[bytes]]
    read: Callable[[Path], object]


def read_series(path: Path) -> object:
    """Read every column of a file with one series, with NaN for missing values."""
    table = read_file(path)
    return [table.values([name], "past") for name in table.numeric_columns()[:_MAX_COLUMNS]]


def read_arrays(path: Path) -> object:
    """Read every variable of a file, and its default series."""
    variables = read_variables(path)
    assert variables is not None
    arrays = [variables.load(name) for name in list(variables.shapes)[:_MAX_COLUMNS]]
    return arrays, table_from_variables(variables).numeric_columns()


def read_hdf5_arrays(path: Path) -> object:
    """Read every variable of an HDF5 file."""
    variables = read_hdf5(path)
    return [variables.load(name) for name in list(variables.shapes)[:_MAX_COLUMNS]]


def read_long_table(path: Path) -> object:
    """Read labelled sequences from a long table."""
    table = read_file(path)
    columns = table.columns
    return labelled_from_table(table, columns[0], columns[-1], missing="past").labels


def read_members(path: Path) -> object:
    """Read every member of a zip archive."""
    with Archive(path, path.name) as archive:
        return [archive.read(name) for name in archive.names]


def matlab_files() -> list[bytes]:
    """Return files of MATLAB 4, 5 and 7 with numbers of several types, text, cells and structures."""
    from scipy.io import savemat

    variables = {
        "wave": WAVE[:, None], "few": np.arange(6, dtype=np.int16).reshape(2, 3), "flag": np.array([True, False]),
        "text": "abc", "cell": np.array([1, "a"], object), "record": {"a": 1.0},
    }  # fmt: skip
    files = []
    for options in ({}, {"do_compression": True}, {"format": "4"}):
        supported = ("wave", "few", "text") if "format" in options else tuple(variables)
        stream = io.BytesIO()
        savemat(stream, {name: variables[name] for name in supported}, **options)
        files.append(stream.getvalue())
    return files


def hdf5_files() -> list[bytes]:
    """Return files as written by MATLAB 7.3, with and without compression."""
    import h5py

    files = []
    for options in ({}, {"chunks": (1, 8), "compression": "gzip", "shuffle": True}):
        stream = io.BytesIO()
        with h5py.File(stream, "w") as store:
            wave = store.create_dataset("wave", data=WAVE[None], **options)
            wave.attrs["MATLAB_class"] = np.bytes_("double")
            text = store.create_dataset("text", data=np.arange(3, dtype=np.uint16)[None])
            text.attrs["MATLAB_class"] = np.bytes_("char")
            store.create_group("group")
            store["link"] = h5py.SoftLink("/wave")
        files.append(stream.getvalue())
    return files


def pandas_files() -> list[bytes]:
    """Return files that pandas wrote, in each of its formats."""
    folder = Path(__file__).parent / "fixtures" / "pandas"
    return [file.read_bytes() for file in sorted(folder.glob("*.h5")) if file.stem != "levels"]


def wav_files() -> list[bytes]:
    """Return sound files with samples of several types, and with two channels."""
    from scipy.io import wavfile

    files = []
    for samples in (
        (WAVE * 127 + 128).astype(np.uint8), (WAVE * 32767).astype(np.int16), (WAVE * 2e9).astype(np.int32),
        WAVE.astype(np.float32), np.column_stack([WAVE, -WAVE]),
    ):  # fmt: skip
        stream = io.BytesIO()
        wavfile.write(stream, 12_000, samples)
        files.append(stream.getvalue())
    return files


def npy_files() -> list[bytes]:
    """Return .npy files."""
    return [saved(np.save, array) for array in (WAVE, WAVE.astype(">f4"), np.asfortranarray(np.eye(4)), WAVE > 0)]


def npz_files() -> list[bytes]:
    """Return .npz files with numbers and text, with and without compression."""
    return [
        saved(save, DE=WAVE, FE=WAVE.reshape(-1, 1), name=np.array(["a", "b"]))
        for save in (np.savez, np.savez_compressed)
    ]


def labelled_npz_files() -> list[bytes]:
    """Return .npz files of labelled sequences."""
    x, y = np.arange(24.0).reshape(4, 3, 2), np.array([0, 1, 0, 1])
    return [
        saved(np.savez, x=x, y=y, lengths=[3, 2, 1, 3], groups=[1, 1, 2, 2]),
        saved(np.savez, x_train=x, y_train=np.array(list("abab")), x_test=x[:2], y_test=np.array(["a", "b"])),
    ]


def saved(save: Callable[..., Any], *arrays: Any, **named_arrays: Any) -> bytes:
    """Return the file that a function of NumPy writes."""
    stream = io.BytesIO()
    save(stream, *arrays, **named_arrays)
    return stream.getvalue()


MISNAMED = b"day\tsales\n" + b"".join(b"2024-01-0%d\t%d.5\n" % (i, i) for i in range(1, 7))
WEB_PAGE = b"<html><table><tr><th>day<th>sales</tr>" + b"".join(
    b"<tr><td>2024-01-0%d</td><td>%d.5</td></tr>" % (i, i) for i in range(1, 7)
)


def workbooks() -> list[bytes]:
    """Return an Excel workbook with a table in its second sheet, and text that is called a workbook."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["a note"])
    sheet = book.create_sheet("data")
    sheet.append(["day", "sales"])
    for i in range(6):
        sheet.append([f"2024-01-0{i + 1}", None if i == 3 else i * 1.5])
    stream = io.BytesIO()
    book.save(stream)
    return [stream.getvalue(), MISNAMED]


def old_workbooks() -> list[bytes]:
    """Return an Excel workbook of before 2007 with a table in its second sheet, and a page that is called one."""
    rows = [["day", "sales"], *([datetime.datetime(2024, 1, 1 + i), None if i == 3 else i * 1.5] for i in range(6))]
    return [xls_bytes({"note": [["a note"]], "data": rows}), WEB_PAGE]


def parquet_files() -> list[bytes]:
    """Return Parquet files with numbers, text, dates and lists."""
    import pandas as pd

    frame = pd.DataFrame({
        "n": [1.5, None, 3.0], "i": [1, 2, 3], "t": ["a", "b", None], "d": pd.date_range("2024", periods=3),
        "l": [[1], [2], []],
    })  # fmt: skip
    files = []
    for compression in ("snappy", None):
        stream = io.BytesIO()
        frame.to_parquet(stream, compression=compression)
        files.append(stream.getvalue())
    return files


def pickles() -> list[bytes]:
    """Return pickles of arrays in several protocols."""
    return [pickle.dumps(content, protocol) for content in (WAVE, {"a": WAVE, "b": [1.0, 2]}) for protocol in (0, 2, 5)]


def nested_pickles() -> list[bytes]:
    """Return pickles of nested lists and dicts in all protocols."""
    content = {"x": [np.arange(4.0), (1, None, "a")], 3: np.float32(2)}
    return [pickle.dumps(content, protocol) for protocol in range(6)]


def zip_of(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def har_archives() -> list[bytes]:
    """Return archives of UCI HAR with one window in each split: the folder, and an archive in an archive."""
    signals = [f"{kind}_{axis}" for kind in ("body_acc", "body_gyro", "total_acc") for axis in "xyz"]
    members = {}
    for split, subject in (("train", b"1\n"), ("test", b"2\n")):
        texts = {"y": b"1\n", "subject": subject}
        texts |= {f"Inertial Signals/{signal}": b" 1.0e-1" * 128 + b"\n" for signal in signals}
        members |= {f"UCI HAR Dataset/{split}/{name}_{split}.txt": text for name, text in texts.items()}
    return [zip_of(members), zip_of({"UCI HAR Dataset.zip": zip_of(members)})]


TEXT_TABLES = [
    b"day,sales\n1,2.5\n2,3.5\n3,-1e3\n\nSource: a note\n",
    b"\xef\xbb\xbfn;w\r\n1;10,57\r\n2;11,58\r\n",
    "a\tb\n1\t?\n2\t4\n".encode("utf-16"),
    b'"x, y",z\n"1","2"\n3,4\n',
]
LONG_TABLES = [b"id,x,y,class\na,1,2,up\na,2,3,up\nb,5,,down\nb,6,7,down\nb,7,8,down\n"]
TS_FILES = [
    b"#c\n@problemName P\n@timeStamps false\n@univariate true\n@classLabel true a b\n@data\n1,2,?,4:a\n2,3:b\n",
    b"@timeStamps true\n@classLabel true 1 2\n@data\n(2024-01-01 01:00:00,1),(2024-01-01,2):1\n(0,5),(1,?):2\n",
    b"@problemName Q\n@dimensions 2\n@equalLength true\n@classLabel true 1 2\n@data\n1,2:3,4:1\n5,6:7,8:2\n",
    b"@problemName R\n@univariate true\n@targetLabel true\n@data\n1,2,?,4:0.5\n2,3:?\n4,5,6:-1e3\n",
]
ROWS_OF_SEQUENCES = [
    b"".join(b"%d\t%s\n" % (k % 2, b"\t".join(b"%.2f" % (k + i / 3) for i in range(14))) for k in range(4)),
    b"".join(b"%s;%d\n" % (b";".join(b"%d,5" % i for i in range(13)), k) for k in range(3)),
]
TSF_FILES = [
    b"# c\n@relation r\n@attribute series_name string\n@attribute start_timestamp date\n@frequency monthly\n"
    b"@horizon 2\n@data\nT1:2000-01-31 00-00-00:1,2.5,?,4\nT2:2001-02-01 00-00-00:5,6\n",
    b"@attribute n numeric\n@frequency 10_minutes\n@data\n3:1,2,3,4\n",
]
ARFF_FILES = [
    b"%c\n@relation 'r s'\n@attribute d date 'yyyy-MM-dd'\n@attribute x real\n@attribute c {a, 'b c'}\n"
    b"@attribute s string\n@data\n2024-01-01,1.5,a,'x, y'\n2024-01-02,?,'b c',?\n",
]
ARFF_SEQUENCES = [
    b"".join(b"@attribute att%d numeric\n" % i for i in range(14))
    + b"@attribute c {0,1}\n@data\n"
    + b"".join(b"%s,%d\n" % (b",".join(b"%d.5" % (i * k) for i in range(14)), k % 2) for k in range(4)),
    b"@attribute bag relational\n@attribute t1 numeric\n@end bag\n@attribute c {a,b}\n@data\n"
    b"'1,2\\n3,4',a\n'5,6\\n7,8',b\n",
    b"@attribute bag relational\n@attribute t1 numeric\n@end bag\n@attribute wear numeric\n@data\n"
    b"'1,2\\n3,4',0.5\n'5,6\\n7,8',?\n",
]
IDX_FILES = [b"\0\0\x0d\2" + struct.pack(">2I6f", 2, 3, *range(6))]
COMPRESSED_IDX_FILES = [gzip.compress(b"\0\0\x08\1" + struct.pack(">I", 50) + bytes(range(50)))]
ZIP_ARCHIVES = [zip_of({"a/b.txt": b"text" * 50, "c.txt": b"more"})]

FORMATS = {
    "text table": Format(".csv", lambda: TEXT_TABLES, read_series),
    "long table": Format(".csv", lambda: LONG_TABLES, read_long_table),
    "ts": Format(".ts", lambda: TS_FILES, read_sequences),
    "rows of sequences": Format(".tsv", lambda: ROWS_OF_SEQUENCES, read_sequences),
    "tsf": Format(".tsf", lambda: TSF_FILES, read_series),
    "old excel": Format(".xls", old_workbooks, read_series),
    "arff": Format(".arff", lambda: ARFF_FILES, read_series),
    "arff sequences": Format(".arff", lambda: ARFF_SEQUENCES, read_sequences),
    "excel": Format(".xlsx", workbooks, read_series),
    "parquet": Format(".parquet", parquet_files, read_series),
    "npy": Format(".npy", npy_files, read_arrays),
    "npz": Format(".npz", npz_files, read_arrays),
    "labelled npz": Format(".npz", labelled_npz_files, read_labelled_npz),
    "matlab": Format(".mat", lambda: matlab_files() + hdf5_files(), read_arrays),
    "hdf5": Format(".h5", hdf5_files, read_hdf5_arrays),
    "hdf5 of pandas": Format(".h5", pandas_files, read_series),
    "wav": Format(".wav", wav_files, read_arrays),
    "pickle": Format(".pkl", pickles, read_arrays),
    "nested pickle": Format(".pkl", nested_pickles, load_pickle),
    "idx": Format("-idx", lambda: IDX_FILES, read_idx),
    "compressed idx": Format("-idx.gz", lambda: COMPRESSED_IDX_FILES, read_idx),
    "zip archive": Format(".zip", lambda: ZIP_ARCHIVES, read_members),
    "har archive": Format(".zip", har_archives, parse_recordings),
}
