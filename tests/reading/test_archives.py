"""Zip archives and folders: intact ones are read, damaged and hostile ones are refused."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnstudio.core.errors import DataError
from rnnstudio.reading import archives
from rnnstudio.reading.archives import Archive, Folder
from tests.samples import zip_of

TEXT = b" 1.0e-1 2.0e-1\n" * 1000

Write = Callable[[bytes], Path]


def zip_with_link(name: str, target: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return stream.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: bytes) -> Path:
        file = tmp_path / "data.zip"
        file.write_bytes(content)
        return file

    return to_file


def test_members_are_read_by_name(write: Write) -> None:
    path = write(zip_of({"a/": b"", "a/one.txt": TEXT, "two.txt": b""}))
    with Archive(path, "data.zip") as archive:
        assert archive.names == ["a/one.txt", "two.txt"]
        assert (archive.read("a/one.txt"), archive.read("two.txt")) == (TEXT, b"")
        assert "a/one.txt" in archive
        assert "one.txt" not in archive


def test_archives_are_read_two_levels_deep(write: Write) -> None:
    inner = zip_of({"in.zip": zip_of({"deep.txt": TEXT}), "in.txt": TEXT})
    with Archive(write(zip_of({"inner.zip": inner})), "data.zip") as archive, archive.inner("inner.zip") as second:
        assert second.read("in.txt") == TEXT
        with pytest.raises(DataError, match="nested at most 2 deep; received a third level"):
            second.inner("in.zip")


def test_a_folder_has_the_same_interface(tmp_path: Path) -> None:
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
def test_members_outside_the_archive_are_refused_and_nothing_is_written(
    write: Write, tmp_path: Path, name: str
) -> None:
    path = write(zip_of({"fine.txt": TEXT, name: b"out"}))
    with pytest.raises(DataError, match=r"was not opened.*has a path outside the archive"):
        Archive(path, "data.zip")
    assert [file.name for file in tmp_path.rglob("*")] == ["data.zip"]


def test_dots_within_a_name_are_allowed(write: Write) -> None:
    with Archive(write(zip_of({"a..b/c...txt": TEXT, "..c": TEXT})), "data.zip") as archive:
        assert archive.read("a..b/c...txt") == TEXT


NAME_PARTS = st.sampled_from(["..", ".", "a", "b.txt", "", "C:", "~"])


@given(st.lists(NAME_PARTS, min_size=1, max_size=4), st.sampled_from("/\\"))
@settings(max_examples=100, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_accepted_name_is_inside_the_folder(tmp_path: Path, parts: list[str], slash: str) -> None:
    name = slash.join(parts)
    file = tmp_path / "a.zip"
    file.write_bytes(zip_of({name: b"x"}) if name else zip_of({}))
    folder = Path("/somewhere/deep")
    try:
        with Archive(file, "a.zip") as archive:
            accepted = archive.names
    except DataError:
        return
    for member in accepted:
        path = Path(*folder.parts, *member.replace("\\", "/").split("/"))
        depth = 0
        for part in member.replace("\\", "/").split("/"):
            depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
            assert depth >= 0
        assert folder in (path, *path.parents)


def test_links_are_refused(write: Write) -> None:
    with pytest.raises(DataError, match="is a link"):
        Archive(write(zip_with_link("link", "/etc/passwd")), "data.zip")


def test_a_zip_bomb_is_refused_before_anything_is_unpacked(write: Write) -> None:
    with pytest.raises(DataError, match=r"204\.3 kB may take at most 67\.1 MB in memory; its files would take 210"):
        Archive(write(zip_of({"a": bytes(105_000_000), "b": bytes(105_000_000)})), "data.zip")


def test_no_more_bytes_are_unpacked_than_declared(write: Write) -> None:
    content = zip_of({"a.txt": bytes(1_000_000)})
    understated = content.replace(struct.pack("<I", 1_000_000), struct.pack("<I", 1_000))
    with Archive(write(understated), "data.zip") as archive, pytest.raises(DataError, match="is damaged"):
        archive.read("a.txt")


def test_too_many_members_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MAX_MEMBERS", 3)
    with pytest.raises(DataError, match="at most 3 files are expected; received 4"):
        Archive(write(zip_of({str(i): b"" for i in range(4)})), "data.zip")


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100, zip_of({"a.txt": TEXT})[:-30]])
def test_other_files_are_refused(write: Write, content: bytes) -> None:
    with pytest.raises(DataError, match=r"data\.zip is not a zip archive, or it is damaged"):
        Archive(write(content), "data.zip")


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none.zip cannot be read: No such file"):
        Archive(tmp_path / "none.zip", "none.zip")


@pytest.mark.parametrize("position", [40, 50, 60])
def test_a_flipped_bit_in_a_member_is_detected(write: Write, position: int) -> None:
    content = bytearray(zip_of({"a.txt": TEXT}))
    content[position] ^= 16
    with Archive(write(bytes(content)), "data.zip") as archive, pytest.raises(DataError, match=r"a\.txt in data\.zip"):
        archive.read("a.txt")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_methods_are_refused(write: Write, method: int) -> None:
    with (
        Archive(write(zip_of({"a.txt": TEXT}, method)), "data.zip") as archive,
        pytest.raises(DataError, match="compressed with an unsupported method"),
    ):
        archive.read("a.txt")
