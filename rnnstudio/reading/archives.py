"""Folders and zip archives with the same interface. Archive members are read in memory and never unpacked to disk."""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from rnnstudio.core.byte_budget import ByteBudget
from rnnstudio.core.errors import DataError
from rnnstudio.reading.array_headers import check_arrays

_MAX_MEMBERS = 10_000
_MAX_DEPTH = 2  # an archive within an archive
_OUTSIDE = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\0")


class Folder:
    """The files of a folder, by their paths relative to it.

    Args:
        path: The folder.
        follows_links: Whether a symbolic link is the file that it names, as users link their data, or no file.
    """

    def __init__(self, path: Path, *, follows_links: bool = True) -> None:
        self.path, self.title, self._follows = path, str(path), follows_links

    def __contains__(self, name: str) -> bool:
        file = self.path / name
        return file.is_file() and (self._follows or not file.is_symlink())

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Raises:
            DataError: The file cannot be read, is no ordinary file, or holds arrays that would take far more memory
                than its own size.
        """
        file = self.path / name
        try:
            flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            handle = os.open(file, flags if self._follows else flags | getattr(os, "O_NOFOLLOW", 0))
            with open(handle, "rb") as stream:  # noqa: PTH123 - of the file that was opened, whatever its name is now
                status = os.fstat(handle)
                if not stat.S_ISREG(status.st_mode):  # a pipe may never end
                    raise DataError(f"{file} is no ordinary file.")
                budget = ByteBudget(status.st_size)
                budget.take(str(file), status.st_size)
                content = stream.read(status.st_size + 1)
        except OSError as error:
            raise DataError(f"{file} cannot be read: {error.strerror}.") from None
        check_arrays(content, str(file), budget)
        return content

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        """Do nothing: no file is open."""


class Archive:
    """The members of a zip archive, by their names.

    Args:
        source: Path or content of the archive.
        title: Name of the archive in messages.
        depth: Nesting depth: 1 for a file, 2 for an archive within an archive.
        budget: What the outermost archive may take in memory; that of this one where None.

    Raises:
        DataError: The file is not a zip archive, is damaged, has a link or a member outside the archive, or would
            unpack to far more than its own size.
    """

    def __init__(self, source: Path | BinaryIO, title: str, depth: int = 1, budget: ByteBudget | None = None) -> None:
        self.title, self._depth, self._checked = title, depth, set[str]()
        if depth > _MAX_DEPTH:
            raise DataError(
                f"{title}: archives may be nested at most {_MAX_DEPTH} deep; received a third level. Unpack the outer "
                "archive."
            )
        try:
            self._zip = zipfile.ZipFile(source)
        except OSError as error:
            raise DataError(f"{title} cannot be read: {error.strerror}.") from None
        except Exception as error:  # a damaged central directory raises any exception
            raise DataError(f"{title} is not a zip archive, or it is damaged ({str(error)[:200]}).") from None
        packed = source.stat().st_size if isinstance(source, Path) else source.seek(0, io.SEEK_END)
        self._budget = budget or ByteBudget(packed)
        try:
            self._check_members()
        except DataError:
            self._zip.close()
            raise

    def _check_members(self) -> None:
        members, names = self._zip.infolist(), set[str]()
        for member in members:
            if _OUTSIDE.search(member.filename):
                raise DataError(
                    f"{self.title} was not opened: its member {member.filename[:100]!r} has a path outside the archive."
                )
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                what = "a link" if kind == stat.S_IFLNK else "no ordinary file"
                raise DataError(f"{self.title} was not opened: its member {member.filename[:100]!r} is {what}.")
            if member.filename in names:
                raise DataError(f"{self.title} was not opened: it has two members {member.filename[:100]!r}.")
            names.add(member.filename)
        if len(members) > _MAX_MEMBERS:
            raise DataError(
                f"{self.title} was not opened: at most {_MAX_MEMBERS:,} files are expected; received {len(members):,}."
            )
        self._budget.take(self.title, sum(member.file_size for member in members), "its files")

    @property
    def names(self) -> list[str]:
        """Names of all members without folders."""
        return [member.filename for member in self._zip.infolist() if not member.filename.endswith("/")]

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """Return the content of a member; never more bytes than the archive declares.

        Raises:
            DataError: The member is damaged, encrypted, or compressed with an unsupported method, or holds arrays that
                would take more memory than the archive may.
        """
        member = self._zip.getinfo(name)
        title = f"{name} in {self.title}"
        is_encrypted = bool(member.flag_bits & 1)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or is_encrypted:
            reason = "encrypted" if is_encrypted else "compressed with an unsupported method"
            raise DataError(f"{title} is {reason}. Unpack the archive and use the folder instead.")
        try:
            with self._zip.open(member) as stream:
                content = stream.read(member.file_size + 1)
        except Exception as error:  # a damaged member raises any exception
            raise DataError(f"{title} is damaged ({str(error)[:200]}).") from None
        if len(content) != member.file_size:
            raise DataError(f"{title} is damaged: {member.file_size:,} bytes are expected; received {len(content):,}.")
        if name not in self._checked:  # what is read again takes no more
            check_arrays(content, title, self._budget)
            self._checked.add(name)
        return content

    def inner(self, name: str) -> Archive:
        """Return a member that is itself an archive."""
        return Archive(io.BytesIO(self.read(name)), f"{name} in {self.title}", self._depth + 1, self._budget)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._zip.close()
