"""Small files that declare, or unpack to, more than any computer has are refused in one sentence, in little memory."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnstudio.core.byte_budget import MAX_BYTES, RATIO, SMALL_BYTES, ByteBudget, check_padding
from rnnstudio.core.errors import DataError
from rnnstudio.reading.archives import Archive, Folder

MAX_GROWTH = 300  # MB
Write = Callable[[Path], object]


def npy(shape: tuple[int, ...], descr: str = "<f4", content: bytes = b"") -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": descr, "fortran_order": False, "shape": shape})
    return stream.getvalue() + content


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def matlab(shape: tuple[int, ...], content: bytes) -> bytes:
    def element(kind: int, data: bytes) -> bytes:
        return struct.pack("<2I", kind, len(data)) + data + bytes(-len(data) % 8)

    parts = element(6, struct.pack("<2I", 9, 0)) + element(5, struct.pack("<2i", *shape)) + element(1, b"a")
    packed = zlib.compress(element(14, parts + element(2, content)))
    return b"MATLAB 5.0".ljust(124) + struct.pack("<H", 0x100) + b"IM" + struct.pack("<2I", 15, len(packed)) + packed


def hdf5(file: Path, **options: Any) -> None:
    with h5py.File(file, "w") as store:
        store.create_dataset("a", **options)


def parquet(file: Path, columns: dict[str, Any], **options: Any) -> None:
    pq.write_table(pa.table(columns), file, compression="zstd", **options)


def workbook(file: Path, cell: Callable[[Any, int], None], count: int) -> None:
    book = openpyxl.Workbook()
    for i in range(1, count + 1):
        cell(book.active, i)
    book.save(file)


def distant(sheet: Any, i: int) -> None:
    sheet.cell(i, 16_384, 1)


def shared(sheet: Any, i: int) -> None:
    sheet.cell(i, 1, i)
    sheet.cell(i, 2, "x" * 30_000)


def with_styles(file: Path) -> None:
    workbook(file, lambda sheet, i: sheet.cell(i, 1, i), 3)
    with zipfile.ZipFile(file) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"</cellXfs>", b"<xf/>" * 2_000_000 + b"</cellXfs>")
    file.write_bytes(zipped(parts))


IDX = gzip.compress(struct.pack(">4B3I", 0, 0, 8, 3, 100_000, 28, 28) + bytes(78_400_000))
TAGS = "@attribute series_name string\n@attribute start_timestamp date\n@frequency daily\n@data\n"
SMALL: dict[str, Write] = {  # file name and what writes it; "read" by the ending
    "shape.npy": lambda file: file.write_bytes(npy((2**32, 2**32))),
    "shape.npz": lambda file: file.write_bytes(zipped({"a.npy": npy((2**32, 2**32))}, zipfile.ZIP_STORED)),
    "zeros.npz": lambda file: file.write_bytes(zipped({"a.npy": npy((40_000_000,), "|u1", bytes(40_000_000))})),
    "many.npz": lambda file: file.write_bytes(zipped({f"{i}.npy": npy((99,)) + bytes(396) for i in range(10_001)})),
    "x.npz": lambda file: file.write_bytes(
        zipped({"x.npy": npy((30_000, 1000), "|u1", bytes(30_000_000)), "y.npy": npy((30_000,), "|u1", bytes(30_000))})
    ),
    "zeros.mat": lambda file: file.write_bytes(matlab((60_000_000, 1), bytes(60_000_000))),
    "fill.h5": lambda file: hdf5(file, shape=(60_000_000,), dtype="f8", chunks=(1000,)),
    "zeros.h5": lambda file: hdf5(file, data=np.zeros(30_000_000, "u1"), compression="gzip"),
    "chunk.h5": lambda file: hdf5(file, shape=(9,), dtype="u1", maxshape=(None,), chunks=(90_000_000,), compression=1),
    "same.parquet": lambda file: parquet(file, {"a": np.zeros(20_000_000, np.int8)}),
    "text.parquet": lambda file: parquet(file, {"a": np.arange(200.0), "t": ["x" * 5_000_000] * 200}),
    "category.parquet": lambda file: parquet(
        file, {"a": np.arange(200.0), "t": pa.array(["x" * 5_000_000] * 200).dictionary_encode()}
    ),
    "ends.parquet": lambda file: parquet(
        file, {"t": [f"{'x' * 200_000}{i}" for i in range(1000)], "a": np.arange(1000.0)}, use_dictionary=False,
        column_encoding={"t": "DELTA_BYTE_ARRAY", "a": "PLAIN"},
    ),
    "decimals.parquet": lambda file: parquet(file, {"a": pa.array([Decimal(0)] * 2_000_000, pa.decimal128(38, 2))}),
    "dates.parquet": lambda file: parquet(file, {"a": pa.array([datetime.date(2024, 1, 1)] * 2_000_000)}),
    "distant.xlsx": lambda file: workbook(file, distant, 400),
    "shared.xlsx": lambda file: workbook(file, shared, 3000),
    "styles.xlsx": with_styles,
    "text.csv.gz": lambda file: file.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 25_000_000)),
    "cells.csv.gz": lambda file: file.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 9_000_000)),
    "attribute.tsf": lambda file: file.write_text(f"{TAGS}{'x' * 50_000}:2024-01-01 00-00-00:{'1,' * 99_999}1\n"),
    "train-images-idx3-ubyte.gz": lambda file: file.write_bytes(IDX),
    "long.ts": lambda file: file.write_text(
        "@classLabel true a b\n@data\n" + "1,2:a\n1,2:b\n" * 2000 + "1," * 250_000 + "1:a\n"
    ),
    "long.csv": lambda file: file.write_text(
        "rec,v,cls\n" + "".join(f"{i},1,a\n{i},2,a\n" for i in range(4000)) + "L,1,b\n" * 100_000
    ),
}  # fmt: skip
_READ = """
import json, resource, sys
from pathlib import Path
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file
from rnnstudio.reading.formats.idx import read_idx
import numpy, pandas, pyarrow.parquet, openpyxl, h5py
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
def read(path):
    if path.name.endswith("ubyte.gz"):
        return read_idx(path)
    if path.name in ("x.npz", "long.ts", "long.csv"):
        source = DATASETS.get("sequences")
        columns = dict(sequence="rec", target="cls", features="v") if path.name == "long.csv" else {}
        return source.load(source.settings(file=str(path), **columns), 0)
    return read_file(path)
before = peak()
try:
    said = f"read: {read(Path(sys.argv[1]))!r:.100}"
except DataError as error:
    said = str(error)
print(json.dumps([said, peak() - before]))
"""


@pytest.mark.parametrize("name", SMALL)
def test_a_small_file_that_would_fill_the_memory_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    SMALL[name](file)
    assert file.stat().st_size < 4_000_000
    result = subprocess.run(
        [sys.executable, "-c", _READ, str(file)], capture_output=True, text=True, check=True, timeout=60,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    said, growth = json.loads(result.stdout.splitlines()[-1])
    assert "may take at most" in said or "at most 10,000 arrays can be read; received 10,001" in said
    assert len(said) < 900
    assert growth < MAX_GROWTH


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**10), max_size=6))
def test_a_budget_is_proportional_to_the_file_between_two_limits(size: int, counts: list[int]) -> None:
    budget = ByteBudget(size)
    assert budget.most == min(MAX_BYTES, max(SMALL_BYTES, RATIO * size))
    taken = 0
    for count in counts:
        if taken + count > budget.most:
            with pytest.raises(DataError, match="may take at most"):
                budget.take("a", count)
            with pytest.raises(DataError, match="may take at most"):
                budget.check("a", count)
        else:
            budget.check("a", count)
            budget.take("a", count)
            taken += count
        assert budget.taken == taken


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=50))
def test_equally_long_series_of_any_size_are_never_refused_for_padding(lengths: list[int]) -> None:
    check_padding("series", [max(lengths)] * len(lengths), 8)
    if len(lengths) * max(lengths) > 4 * sum(lengths) and len(lengths) * max(lengths) * 8 > MAX_BYTES:
        with pytest.raises(DataError, match="The longest of"):
            check_padding("series", lengths, 8)


@pytest.mark.parametrize("array", [npy((4_000_000_000,)), npy((2**50,), "|S0"), npy((10**7,), "|u1", bytes(10**7))])
@pytest.mark.parametrize("depth", ["array", "file of arrays", "archive of files of arrays"])
def test_arrays_are_checked_at_every_level_of_an_archive(tmp_path: Path, array: bytes, depth: str) -> None:
    content = {"context.npy": array}
    if depth != "array":
        content = {"weights.npz": zipped({"w.npy": array})}
    if depth == "archive of files of arrays":
        content = {"inner.zip": zipped(content)}
    (tmp_path / "a.rnnrun").write_bytes(zipped(content))
    name = next(iter(content))
    with Archive(tmp_path / "a.rnnrun", "a") as archive, pytest.raises(DataError, match="may take at most"):
        _read(archive, name)


def _read(archive: Archive, name: str) -> None:
    if name != "inner.zip":
        archive.read(name)
        return
    with archive.inner(name) as inner:
        inner.read("weights.npz")


def test_a_member_may_be_read_any_number_of_times(tmp_path: Path) -> None:
    values = np.random.default_rng(0).bytes(8_000_000)
    (tmp_path / "a.rnnrun").write_bytes(zipped({"context.npy": npy((2_000_000,), content=values)}))
    with Archive(tmp_path / "a.rnnrun", "a") as archive:
        assert len({archive.read("context.npy") for _ in range(100)}) == 1


def test_the_arrays_of_a_folder_are_checked_and_pipes_in_it_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.npz").write_bytes(zipped({"w.npy": npy((4_000_000_000,))}))
    with pytest.raises(DataError, match="may take at most"):
        Folder(tmp_path).read("weights.npz")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "run.json")
        with pytest.raises(DataError, match="is no ordinary file"):
            Folder(tmp_path).read("run.json")


@pytest.mark.parametrize("kind", [0o010000, 0o120000, 0o020000, 0o060000, 0o140000])
def test_members_that_are_no_files_are_refused(tmp_path: Path, kind: int) -> None:
    member = zipfile.ZipInfo("run.json")
    member.external_attr = (kind | 0o644) << 16
    with zipfile.ZipFile(tmp_path / "a.rnnrun", "w") as archive:
        archive.writestr(member, "{}")
    with pytest.raises(DataError, match=r"'run.json' is (a link|no ordinary file)"):
        Archive(tmp_path / "a.rnnrun", "a")


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.rnnrun", "w") as archive:
        archive.writestr("run.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("run.json", "[]")
    with pytest.raises(DataError, match=r"two members 'run.json'"):
        Archive(tmp_path / "a.rnnrun", "a")
