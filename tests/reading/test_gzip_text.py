"""Packed text tables are read like unpacked ones, within limits."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from rnnstudio.core import byte_budget
from rnnstudio.core.errors import DataError
from rnnstudio.reading.files import read_file, read_head

TEXT = ("day,a\n" + "".join(f"2024-03-{i:02},{i}.5\n" for i in range(1, 29))).encode()


@pytest.mark.parametrize(
    "raw",
    [gzip.compress(TEXT), gzip.compress(TEXT[:50]) + gzip.compress(TEXT[50:]),
     gzip.compress(TEXT.decode().encode("utf-16"))],
    ids=["one member", "two members", "utf-16"],
)  # fmt: skip
def test_a_packed_table_is_read(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "data.csv.gz"
    file.write_bytes(raw)
    assert read_file(file).numbers(["a"])[:, 0].tolist() == [i + 0.5 for i in range(1, 29)]


def test_the_first_rows_of_a_long_packed_table_are_read(tmp_path: Path) -> None:
    file = tmp_path / "data.csv.gz"
    lines = "".join(f"{(i * 7919) % 1_000_003},{(i * 104_729) % 999_983}\n" for i in range(150_000))
    file.write_bytes(gzip.compress(f"a,b\n{lines}".encode(), 1))
    head, whole = read_head(file), read_file(file)
    assert head is not None
    assert 1_000 < len(head.cells) < len(whole.cells) == 150_000
    assert head.cells.iloc[-1].tolist() == whole.cells.iloc[len(head.cells) - 1].tolist()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (gzip.compress(TEXT)[:-12], "its end is missing"),
        (gzip.compress(TEXT)[:12] + b"\xff" * 40, "cannot be unpacked; it may be damaged"),
        (gzip.compress(b"1,2\n" * 1_000_000), "may take at most 1.0 MB in memory"),
    ],
    ids=["cut off", "damaged", "too large"],
)
def test_other_packed_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes, message: str
) -> None:
    monkeypatch.setattr(byte_budget, "SMALL_BYTES", 1_000_000)
    file = tmp_path / "data.csv.gz"
    file.write_bytes(raw)
    with pytest.raises(DataError, match=f"data.csv.gz .*{message}"):
        read_file(file)
