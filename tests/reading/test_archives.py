"""Zip archives and IDX files: what is whole is read, what is damaged or hostile is refused in a sentence."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading import archives
from rnnstudio.reading.archives import Archive, Folder
from rnnstudio.reading.idx import read_idx, read_npz

TEXT = b" 1.0e-1 2.0e-1\n" * 1000


def zip_of(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def link(name: str, target: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return out.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], Path]:
    def to_file(content: bytes) -> Path:
        file = tmp_path / "data.zip"
        file.write_bytes(content)
        return file

    return to_file


def test_members_are_read_by_their_names(write: Any) -> None:
    path = write(zip_of({"a/": b"", "a/one.txt": TEXT, "two.txt": b""}))
    with Archive(path, "data.zip") as archive:
        assert archive.names == ["a/one.txt", "two.txt"]
        assert (archive.read("a/one.txt"), archive.read("two.txt")) == (TEXT, b"")
        assert "a/one.txt" in archive
        assert "one.txt" not in archive


def test_an_archive_in_an_archive_is_read_and_one_deeper_is_not(write: Any) -> None:
    deepest = zip_of({"deep.txt": TEXT})
    inner = zip_of({"in.zip": deepest, "in.txt": TEXT})
    with Archive(write(zip_of({"inner.zip": inner})), "data.zip") as archive, archive.inner("inner.zip") as second:
        assert second.read("in.txt") == TEXT
        with pytest.raises(DataError, match="at most 2 are opened"):
            second.inner("in.zip")


def test_a_folder_is_read_alike(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.txt").write_bytes(TEXT)
    with Folder(tmp_path) as folder:
        assert "a/one.txt" in folder
        assert "a" not in folder
        assert folder.read("a/one.txt") == TEXT
        with pytest.raises(DataError, match=r"none\.txt cannot be read"):
            folder.read("none.txt")


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "a\\..\\..\\out.txt", "\\out.txt", "C:\\out.txt", "C:out"]
)
def test_names_that_lead_out_of_the_archive_are_refused_and_nothing_is_written(
    write: Any, tmp_path: Path, name: str
) -> None:
    path = write(zip_of({"fine.txt": TEXT, name: b"out"}))
    with pytest.raises(DataError, match="leads out of the archive; it was not opened"):
        Archive(path, "data.zip")
    assert [file.name for file in tmp_path.rglob("*")] == ["data.zip"]


def test_dots_within_a_name_are_fine(write: Any) -> None:
    with Archive(write(zip_of({"a..b/c...txt": TEXT, "..c": TEXT})), "data.zip") as archive:
        assert archive.read("a..b/c...txt") == TEXT


def test_links_are_refused(write: Any) -> None:
    with pytest.raises(DataError, match="is a link"):
        Archive(write(link("link", "/etc/passwd")), "data.zip")


def test_a_bomb_is_refused_before_anything_is_unpacked(write: Any) -> None:
    with pytest.raises(DataError, match=r"would unpack to 210 MB in 2 files, though it has only 0\.2 MB itself"):
        Archive(write(zip_of({"a": bytes(105_000_000), "b": bytes(105_000_000)})), "data.zip")


def test_a_member_that_unpacks_to_more_than_it_says_is_cut_off(write: Any) -> None:
    content = zip_of({"a.txt": bytes(1_000_000)})
    said = content.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 1_000))
    with Archive(write(said), "data.zip") as archive, pytest.raises(DataError, match="is damaged"):
        archive.read("a.txt")


def test_too_many_members_are_refused(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_MEMBERS", 3)
    with pytest.raises(DataError, match="in 4 files"):
        Archive(write(zip_of({str(i): b"" for i in range(4)})), "data.zip")


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100, zip_of({"a.txt": TEXT})[:-30]])
def test_what_is_no_zip_archive_is_told(write: Any, content: bytes) -> None:
    with pytest.raises(DataError, match=r"data\.zip is no zip archive, or it is damaged"):
        Archive(write(content), "data.zip")


def test_a_missing_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read: No such file"):
        Archive(tmp_path / "none.zip", "none.zip")


@pytest.mark.parametrize("place", [40, 50, 60])
def test_a_flipped_bit_in_a_member_is_found(write: Any, place: int) -> None:
    content = bytearray(zip_of({"a.txt": TEXT}))
    content[place] ^= 16
    with Archive(write(bytes(content)), "data.zip") as archive, pytest.raises(DataError, match=r"a\.txt in data\.zip"):
        archive.read("a.txt")


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_of_packing_are_refused(write: Any, how: int) -> None:
    with (
        Archive(write(zip_of({"a.txt": TEXT}, how)), "data.zip") as archive,
        pytest.raises(DataError, match="packed by a method that is not known here"),
    ):
        archive.read("a.txt")


def idx(array: Any, kind: int = 8) -> bytes:
    shape = np.shape(array)
    return bytes([0, 0, kind, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + np.asarray(array).tobytes()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("kind", "dtype"), [(8, "u1"), (9, "i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")])
def test_idx_files_of_every_type_are_read(tmp_path: Path, kind: int, dtype: str, packed: bool) -> None:
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    file = tmp_path / ("data-idx3.gz" if packed else "data-idx3")
    file.write_bytes(gzip.compress(idx(array, kind)) if packed else idx(array, kind))
    found = read_idx(file)
    assert found.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(found, array)


GOOD = idx(np.arange(12, dtype=np.uint8).reshape(3, 4))
PACKED = gzip.compress(GOOD, mtime=0)  # no time of day: test workers must agree on the names of the cases below


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (GOOD[:-1], "is truncated: 12 bytes of values should follow its header, 11 do"),
        (GOOD + b"x", "is longer than its header says"),
        (GOOD[:9], "ends within its header"),
        (b"", "is no IDX file"),
        (b"\0\0\x07\1" + GOOD[4:], "is no IDX file"),
        (b"\0\0\x08\0" + GOOD[4:], "is no IDX file"),
        (b"\0\0\x08\3" + struct.pack(">3I", 60_000, 28, 28), "more than it has room for|is truncated"),
        (b"\0\0\x08\3" + b"\xff" * 12, "more than it has room for"),
        (b"\0\0\x08\3" + bytes(4) + b"\xff" * 8, "more than it has room for"),
    ],
)
def test_damaged_idx_files_are_told(tmp_path: Path, content: bytes, sentence: str, packed: bool) -> None:
    file = tmp_path / ("digits.gz" if packed else "digits")
    file.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(DataError, match=f"{file.name} .*({sentence})"):
        read_idx(file)


def test_a_gzip_bomb_is_not_unpacked_beyond_its_header(tmp_path: Path) -> None:
    file = tmp_path / "digits.gz"
    file.write_bytes(gzip.compress(GOOD + bytes(200_000_000)))
    with pytest.raises(DataError, match="longer than its header says"):
        read_idx(file)


@pytest.mark.parametrize("content", [PACKED[:-8], PACKED[:-20], b"\x1f\x8b\x08nothing", GOOD])
def test_a_damaged_gzip_file_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "digits.gz"
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"digits\.gz is (damaged|truncated)"):
        read_idx(file)


def test_a_missing_idx_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        read_idx(tmp_path / "none.gz")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz_files_are_read(tmp_path: Path, save: Any) -> None:
    save(tmp_path / "a.npz", x=np.arange(6).reshape(2, 3), y=np.array(["a"]))
    found = read_npz(tmp_path / "a.npz")
    assert list(found) == ["x", "y"]
    np.testing.assert_array_equal(found["x"], [[0, 1, 2], [3, 4, 5]])


def test_npz_files_are_never_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([1, None], object))
    with pytest.raises(DataError, match=r"x\.npy in a\.npz is no array of plain numbers"):
        read_npz(tmp_path / "a.npz")


def test_an_npy_header_that_announces_too_much_is_told(tmp_path: Path) -> None:
    out = io.BytesIO()
    np.save(out, np.zeros(4))
    huge = out.getvalue().replace(b"(4,)", b"(9999999999999,)"[:16])
    (tmp_path / "a.npz").write_bytes(zip_of({"x.npy": huge}))
    with pytest.raises(DataError, match=r"x\.npy in a\.npz"):
        read_npz(tmp_path / "a.npz")
