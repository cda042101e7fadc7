"""Small valid files of every kind that is read, and how each is read in full: what the fuzzing starts from."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rnnstudio.reading.files import columns_of, read_file, read_variables
from rnnstudio.reading.hdf5 import read_hdf5
from rnnstudio.reading.labelled_npz import read_labelled_npz
from rnnstudio.reading.labelled_table import labelled_from_table
from rnnstudio.reading.labelled_ts import read_labelled_ts
from rnnstudio.reading.large_text_table import read_large_table

WAVE = np.sin(np.arange(24) / 3)


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        ending: How its names end.
        samples: Makes the contents of some valid files.
        read: Reads a file in full; raises nothing but RnnStudioError.
    """

    ending: str
    samples: Callable[[], list[bytes]]
    read: Callable[[Path], object]


def series(path: Path) -> object:
    """Read every column of a file that is one series, with gaps filled."""
    table = read_file(path)
    return [table.series([name], "interpolate").values for name in table.numeric_columns()[:20]]


def variables(path: Path) -> object:
    """Read every variable of a file of arrays, and its usual series."""
    found = read_variables(path)
    assert found is not None
    loaded = [found.load(name) for name in list(found.shapes)[:20]]
    return loaded, columns_of(found).numeric_columns()


def hdf5(path: Path) -> object:
    """Read every variable of an HDF5 file."""
    found = read_hdf5(path)
    return [found.load(name) for name in list(found.shapes)[:20]]


def large(path: Path) -> object:
    """Read a table as large ones are."""
    table = read_large_table(path)
    return table and [table.series([name], "interpolate").values for name in table.numeric_columns()]


def long_table(path: Path) -> object:
    """Read labelled sequences from a long table."""
    table = read_file(path)
    columns = table.columns
    return labelled_from_table(table, columns[0], columns[-1], missing="interpolate").labels


def matlab_files() -> list[bytes]:
    """Return files of MATLAB 4, 5 and 7, with numbers of several types, text, cells and structures."""
    from scipy.io import savemat

    things = {
        "wave": WAVE[:, None], "few": np.arange(6, dtype=np.int16).reshape(2, 3), "flag": np.array([True, False]),
        "text": "abc", "cell": np.array([1, "a"], object), "record": {"a": 1.0},
    }  # fmt: skip
    made = []
    for options in ({}, {"do_compression": True}, {"format": "4"}):
        plain = {k: v for k, v in things.items() if k in ("wave", "few", "text") or "format" not in options}
        stream = io.BytesIO()
        savemat(stream, plain, **options)
        made.append(stream.getvalue())
    return made


def hdf5_files() -> list[bytes]:
    """Return files as MATLAB 7.3 writes them, plain and packed."""
    import h5py

    made = []
    for options in ({}, {"chunks": (1, 8), "compression": "gzip", "shuffle": True}):
        stream = io.BytesIO()
        with h5py.File(stream, "w") as store:
            wave = store.create_dataset("wave", data=WAVE[None], **options)
            wave.attrs["MATLAB_class"] = np.bytes_("double")
            text = store.create_dataset("text", data=np.arange(3, dtype=np.uint16)[None])
            text.attrs["MATLAB_class"] = np.bytes_("char")
            store.create_group("group")
            store["link"] = h5py.SoftLink("/wave")
        made.append(stream.getvalue())
    return made


def sounds() -> list[bytes]:
    """Return sounds of several widths, and of two channels."""
    from scipy.io import wavfile

    made = []
    for values in (
        (WAVE * 127 + 128).astype(np.uint8), (WAVE * 32767).astype(np.int16), (WAVE * 2e9).astype(np.int32),
        WAVE.astype(np.float32), np.column_stack([WAVE, -WAVE]),
    ):  # fmt: skip
        stream = io.BytesIO()
        wavfile.write(stream, 12_000, values)
        made.append(stream.getvalue())
    return made


def numpy_files() -> list[bytes]:
    """Return .npy files."""
    return [saved(np.save, array) for array in (WAVE, WAVE.astype(">f4"), np.asfortranarray(np.eye(4)), WAVE > 0)]


def numpy_archives() -> list[bytes]:
    """Return .npz files, packed and not, with text among the numbers."""
    return [
        saved(save, DE=WAVE, FE=WAVE.reshape(-1, 1), name=np.array(["a", "b"]))
        for save in (np.savez, np.savez_compressed)
    ]


def labelled_archives() -> list[bytes]:
    """Return .npz files of labelled sequences."""
    x, y = np.arange(24.0).reshape(4, 3, 2), np.array([0, 1, 0, 1])
    return [
        saved(np.savez, x=x, y=y, lengths=[3, 2, 1, 3], groups=[1, 1, 2, 2]),
        saved(np.savez, x_train=x, y_train=np.array(list("abab")), x_test=x[:2], y_test=np.array(["a", "b"])),
    ]


def saved(save: Callable[..., Any], *arrays: Any, **named: Any) -> bytes:
    """Return what NumPy writes."""
    stream = io.BytesIO()
    save(stream, *arrays, **named)
    return stream.getvalue()


def workbooks() -> list[bytes]:
    """Return an Excel workbook whose second sheet holds a table."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["a note"])
    sheet = book.create_sheet("data")
    sheet.append(["day", "sales"])
    for i in range(6):
        sheet.append([f"2024-01-0{i + 1}", None if i == 3 else i * 1.5])
    stream = io.BytesIO()
    book.save(stream)
    return [stream.getvalue()]


def parquets() -> list[bytes]:
    """Return Parquet files with numbers, text, dates and a list."""
    import pandas as pd

    frame = pd.DataFrame({
        "n": [1.5, None, 3.0], "i": [1, 2, 3], "t": ["a", "b", None], "d": pd.date_range("2024", periods=3),
        "l": [[1], [2], []],
    })  # fmt: skip
    made = []
    for packing in ("snappy", None):
        stream = io.BytesIO()
        frame.to_parquet(stream, compression=packing)
        made.append(stream.getvalue())
    return made


def pickles() -> list[bytes]:
    """Return pickles of arrays in several protocols."""
    return [pickle.dumps(thing, protocol) for thing in (WAVE, {"a": WAVE, "b": [1.0, 2]}) for protocol in (0, 2, 5)]


TEXTS = [
    b"day,sales\n1,2.5\n2,3.5\n3,-1e3\n\nSource: a note\n",
    b"\xef\xbb\xbfn;w\r\n1;10,57\r\n2;11,58\r\n",
    "a\tb\n1\t?\n2\t4\n".encode("utf-16"),
    b'"x, y",z\n"1","2"\n3,4\n',
]
LONG = [b"id,x,y,class\na,1,2,up\na,2,3,up\nb,5,,down\nb,6,7,down\nb,7,8,down\n"]
UCR = [
    b"#c\n@problemName P\n@timeStamps false\n@univariate true\n@classLabel true a b\n@data\n1,2,?,4:a\n2,3:b\n",
    b"@problemName Q\n@dimensions 2\n@equalLength true\n@classLabel true 1 2\n@data\n1,2:3,4:1\n5,6:7,8:2\n",
]

KINDS = {
    "text table": Kind(".csv", lambda: TEXTS, series),
    "large text table": Kind(".csv", lambda: TEXTS, large),
    "long table": Kind(".csv", lambda: LONG, long_table),
    "ucr": Kind(".ts", lambda: UCR, read_labelled_ts),
    "excel": Kind(".xlsx", workbooks, series),
    "parquet": Kind(".parquet", parquets, series),
    "npy": Kind(".npy", numpy_files, variables),
    "npz": Kind(".npz", numpy_archives, variables),
    "labelled npz": Kind(".npz", labelled_archives, read_labelled_npz),
    "matlab": Kind(".mat", lambda: matlab_files() + hdf5_files(), variables),
    "hdf5": Kind(".h5", hdf5_files, hdf5),
    "sound": Kind(".wav", sounds, variables),
    "pickle": Kind(".pkl", pickles, variables),
}
