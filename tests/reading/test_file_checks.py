"""Checks that all readers share, and files that no reader can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import existing_file
from rnnstudio.reading.files import ENDINGS, read_file


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending != ".ts"])
@pytest.mark.parametrize(
    "content", [b"", b"\0\1\2 no such file", b"PK\3\4" + bytes(60), b"\x89HDF\r\n\x1a\n" + bytes(90)]
)
def test_a_file_of_another_format_is_refused(tmp_path: Path, ending: str, content: bytes) -> None:
    file = tmp_path / f"a{ending}"
    file.write_bytes(content)
    with pytest.raises(DataError, match=rf"^a\{ending}"):
        read_file(file)


@pytest.mark.parametrize("ending", ENDINGS[:6])
def test_missing_files_and_folders_are_named(tmp_path: Path, ending: str) -> None:
    with pytest.raises(DataError, match=r"There is no file .*missing"):
        read_file(tmp_path / f"missing{ending}")
    (tmp_path / f"folder{ending}").mkdir()
    with pytest.raises(DataError, match="is a folder"):
        read_file(tmp_path / f"folder{ending}")


def test_devices_and_invalid_paths_are_refused() -> None:
    with pytest.raises(DataError, match="is not a regular file; a table is expected"):
        existing_file("/dev/zero", "a table")
    with pytest.raises(DataError, match="There is no file"):
        existing_file("a\0b", "a table")
