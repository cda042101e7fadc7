"""A file is written completely or not at all, onto the disk, and nowhere else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from rnnstudio.core.errors import StoreError
from rnnstudio.export.writing import write_file

posix = pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")


@posix
@pytest.mark.parametrize("name", [".a.csv.part", ".part-a.csv", ".part-", "a.csv.part"])
def test_links_with_names_of_temporary_files_are_not_followed(tmp_path: Path, name: str) -> None:
    (tmp_path / "valuable").write_text("mine")
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / name).symlink_to(tmp_path / "valuable")
    write_file(folder / "a.csv", lambda file: file.write_text("text"))
    assert (tmp_path / "valuable").read_text() == "mine"
    assert (folder / "a.csv").read_text() == "text"
    assert {file.name for file in folder.iterdir()} == {"a.csv", name}


@posix
def test_the_file_is_written_where_no_one_else_can_put_a_link(tmp_path: Path) -> None:
    paths = []

    def write(file: Path) -> None:
        paths.append(file)
        assert file.parent.stat().st_mode & 0o777 == 0o700
        assert [path.name for path in file.parent.iterdir()] == [".lock"]  # of the process that writes
        assert file.parent.parent == tmp_path
        file.write_text("text")

    for _ in range(3):
        write_file(tmp_path / "a.csv", write)
    assert len({file.parent for file in paths}) == 3
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_bytes_are_on_the_disk_before_the_file_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, rename = os.fsync, Path.replace

    def recorded_fsync(handle: int) -> None:
        steps.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")  # noqa: PTH112
        fsync(handle)

    def recorded_rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(Path, "replace", recorded_rename)
    write_file(tmp_path / "a.csv", lambda file: file.write_text("text"))
    assert steps == (["file", "rename", "folder"] if Path("/proc/self/fd").is_dir() else steps)


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), UnicodeError("no letter"), KeyboardInterrupt()]
)
def test_an_existing_file_stays_and_nothing_is_left_after_a_failure(tmp_path: Path, error: BaseException) -> None:
    (tmp_path / "a.csv").write_text("before")

    def write(file: Path) -> None:
        file.write_text("half")
        raise error

    with pytest.raises(StoreError if isinstance(error, Exception) else KeyboardInterrupt):
        write_file(tmp_path / "a.csv", write)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a.csv": "before"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"absent.a.csv cannot be written: No such file or directory"):
        write_file(tmp_path / "absent" / "a.csv", lambda file: file.write_text("text"))


@posix
def test_a_file_that_is_replaced_keeps_its_rights_and_a_protected_one_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("before")
    file.chmod(0o640)
    write_file(file, lambda part: part.write_text("after"))
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("after", 0o640)
    file.chmod(0o440)
    with pytest.raises(StoreError, match="It is protected from writing"):
        write_file(file, lambda part: part.write_text("never"))
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("after", 0o440)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
