"""Pages of Parquet files are measured before they are unpacked."""

from __future__ import annotations

import resource
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file
from rnnstudio.reading.formats.parquet_pages import page_bytes

RNG = np.random.default_rng(0)
ROWS = 5000
TABLE = pa.table(
    {
        "number": RNG.normal(size=ROWS),
        "count": np.arange(ROWS),
        "text": [f"x{i % 70}" for i in range(ROWS)],
        "missing": [None if i % 3 else i for i in range(ROWS)],
        "long": ["é" * 40_000 if i == 0 else "a" for i in range(ROWS)],  # statistics longer than a block
        "lists": [[1, 2]] * ROWS,
    }
)


def varint(number: int) -> bytes:
    encoded = bytearray()
    number *= 2  # zigzag
    while number > 127:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])


@pytest.mark.parametrize(
    ("compression", "version", "has_dictionary", "page"),
    list(product(["none", "snappy", "gzip", "zstd"], ["1.0", "2.0"], [True, False], [500, 1 << 20])),
)
def test_pages_of_all_kinds_are_found(
    tmp_path: Path, compression: str, version: str, has_dictionary: bool, page: int
) -> None:
    file = tmp_path / "a.parquet"
    pq.write_table(
        TABLE,
        file,
        compression=compression,
        data_page_version=version,
        use_dictionary=has_dictionary,
        data_page_size=page,
        row_group_size=2000,
        write_page_checksum=has_dictionary,
    )
    metadata = pq.ParquetFile(file).metadata
    unpacked = page_bytes(file, metadata, TABLE.column_names, ByteBudget.of_file(file))
    for j, name in enumerate(TABLE.column_names[:5]):
        declared = sum(metadata.row_group(g).column(j).total_uncompressed_size for g in range(3))
        assert 0 < unpacked[name] <= declared  # which includes the headers


def lying_file(file: Path, size: int) -> None:
    """Write a Parquet file with one page that declares another size."""
    table = pa.table({"a": np.zeros(3000)})
    pq.write_table(table, file, compression="gzip", use_dictionary=False, write_statistics=False)
    content, before = file.read_bytes(), _column(file).total_compressed_size
    unpacked = _column(file).total_uncompressed_size
    header = content[4:40]
    old = next(n for n in range(24_000, 24_100) if header[3:].startswith(varint(n)))
    begin = 4 + header.index(varint(old))
    lying = content[:begin] + varint(size) + content[begin + len(varint(old)) :]
    more = len(varint(size)) - len(varint(old))
    declared = varint(unpacked) + b"\x16" + varint(before)  # the next field is another whole number
    lying = lying.replace(declared, varint(unpacked) + b"\x16" + varint(before + more))
    file.write_bytes(lying)
    assert _column(file).total_compressed_size == before + more


def _column(file: Path) -> Any:
    return pq.ParquetFile(file).metadata.row_group(0).column(0)


def test_a_page_that_declares_much_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "lying.parquet"
    lying_file(file, 24_007)  # the true one
    assert len(read_file(file).values(["a"], "error")) == 3000
    lying_file(file, 1_900_000_000)
    with pytest.raises(DataError, match=r"the pages of column 'a' would take 1\.9 GB"):
        read_file(file)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are those of Linux")
def test_a_lying_page_is_refused_where_memory_is_limited(tmp_path: Path) -> None:
    file = tmp_path / "lying.parquet"
    lying_file(file, 1_900_000_000)
    code = (
        f"from rnnstudio.reading.files import read_file\ntry: read_file({str(file)!r})\nexcept Exception as e: print(e)"
    )
    limit = 1_500_000_000
    process = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
    )
    assert "would take 1.9 GB" in process.stdout, process.stderr[-500:]


def test_a_column_without_its_pages_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": np.zeros(3000)}), file, compression="gzip")
    content = file.read_bytes()
    file.write_bytes(content[:4] + b"\xff" * 20 + content[24:])
    with pytest.raises(DataError, match="column 'a' is damaged"):
        read_file(file)
