"""Folders and zip archives, read alike: members are read in memory, and nothing is ever unpacked to the disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from rnnstudio.core.errors import DataError

_MOST_BYTES = 2 << 30  # all members together, unpacked
_MOST_MEMBERS = 10_000
_HARMLESS_BYTES, _MOST_RATIO = 100 << 20, 100  # text packs to about a fifth; what is small may pack to less
_DEPTH = 2  # archives in archives
_OUTSIDE = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\0")


class Folder:
    """The files of a folder, by their paths within it."""

    def __init__(self, path: Path) -> None:
        self.path, self.title = path, str(path)

    def __contains__(self, name: str) -> bool:
        return (self.path / name).is_file()

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Raises:
            DataError: It cannot be read.
        """
        try:
            return (self.path / name).read_bytes()
        except OSError as error:
            raise DataError(f"{self.path / name} cannot be read: {error.strerror}.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        """Leave; nothing is held open."""


class Archive:
    """The members of a zip archive, by their names.

    Args:
        source: The file, or its content.
        title: What messages call it.
        depth: How many archives it is within, itself counted.

    Raises:
        DataError: It is no zip archive, it is damaged, a member's name leads out of it or is a link, or it would
            unpack to far more than it is.
    """

    def __init__(self, source: Path | BinaryIO, title: str, depth: int = 1) -> None:
        self.title, self._depth = title, depth
        if depth > _DEPTH:
            raise DataError(f"{title} holds archives within archives within archives; at most {_DEPTH} are opened.")
        try:
            self._zip = zipfile.ZipFile(source)
        except OSError as error:
            raise DataError(f"{title} cannot be read: {error.strerror}.") from None
        except Exception as error:  # a damaged directory of members fails in any way
            raise DataError(f"{title} is no zip archive, or it is damaged ({str(error)[:200]}).") from None
        try:
            self._check(source)
        except DataError:
            self._zip.close()
            raise

    def _check(self, source: Path | BinaryIO) -> None:
        members = self._zip.infolist()
        for member in members:
            if _OUTSIDE.search(member.filename):
                raise DataError(
                    f"{self.title} has a member called {member.filename[:100]!r}, which leads out of the archive; "
                    "it was not opened."
                )
            if stat.S_ISLNK(member.external_attr >> 16):
                raise DataError(
                    f"{self.title} has a member {member.filename[:100]!r} that is a link; it was not opened."
                )
        packed = source.stat().st_size if isinstance(source, Path) else source.seek(0, io.SEEK_END)
        unpacked = sum(member.file_size for member in members)
        most = min(_MOST_BYTES, max(_HARMLESS_BYTES, _MOST_RATIO * packed))
        if unpacked > most or len(members) > _MOST_MEMBERS:
            raise DataError(
                f"{self.title} would unpack to {unpacked / 1e6:,.0f} MB in {len(members):,} files, though it has only "
                f"{packed / 1e6:,.1f} MB itself; it was not opened. At most {most / 1e6:,.0f} MB and {_MOST_MEMBERS:,} "
                "files are."
            )

    @property
    def names(self) -> list[str]:
        """Names of all members, folders left out."""
        return [member.filename for member in self._zip.infolist() if not member.filename.endswith("/")]

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """Return the content of a member, never more than was announced.

        Raises:
            DataError: It is damaged, or packed in a way that is not known here.
        """
        member = self._zip.getinfo(name)
        where = f"{name} in {self.title}"
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or member.flag_bits & 1:
            how = "encrypted" if member.flag_bits & 1 else "packed by a method that is not known here"
            raise DataError(f"{where} is {how}; unpack the archive and name the folder instead.")
        try:
            with self._zip.open(member) as stream:
                content = stream.read(member.file_size + 1)
        except Exception as error:  # a damaged member fails in any way
            raise DataError(f"{where} is damaged ({str(error)[:200]}).") from None
        if len(content) != member.file_size:
            raise DataError(f"{where} is damaged (it should have {member.file_size:,} bytes).")
        return content

    def inner(self, name: str) -> Archive:
        """Return a member that is an archive itself."""
        return Archive(io.BytesIO(self.read(name)), f"{name} in {self.title}", self._depth + 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._zip.close()
