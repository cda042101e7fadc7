"""Folders and zip archives with the same interface. Archive members are read in memory and never unpacked to disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from rnnstudio.core.errors import DataError

_MAX_BYTES = 2 << 30  # of all members together, unpacked
_MAX_MEMBERS = 10_000
_MAX_RATIO = 100  # text compresses to about a fifth of its size
_ALWAYS_ALLOWED_BYTES = 100 << 20  # small archives may have any compression ratio
_MAX_DEPTH = 2  # an archive within an archive
_OUTSIDE = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\0")


class Folder:
    """The files of a folder, by their paths relative to it.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.title = path, str(path)

    def __contains__(self, name: str) -> bool:
        return (self.path / name).is_file()

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Raises:
            DataError: The file cannot be read.
        """
        try:
            return (self.path / name).read_bytes()
        except OSError as error:
            raise DataError(f"{self.path / name} cannot be read: {error.strerror}.") from None

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

    Raises:
        DataError: The file is not a zip archive, is damaged, has a link or a member outside the archive, or would
            unpack to far more than its own size.
    """

    def __init__(self, source: Path | BinaryIO, title: str, depth: int = 1) -> None:
        self.title, self._depth = title, depth
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
        try:
            self._check_members(source)
        except DataError:
            self._zip.close()
            raise

    def _check_members(self, source: Path | BinaryIO) -> None:
        members = self._zip.infolist()
        for member in members:
            if _OUTSIDE.search(member.filename):
                raise DataError(
                    f"{self.title} was not opened: its member {member.filename[:100]!r} has a path outside the archive."
                )
            if stat.S_ISLNK(member.external_attr >> 16):
                raise DataError(f"{self.title} was not opened: its member {member.filename[:100]!r} is a link.")
        packed = source.stat().st_size if isinstance(source, Path) else source.seek(0, io.SEEK_END)
        unpacked = sum(member.file_size for member in members)
        max_bytes = min(_MAX_BYTES, max(_ALWAYS_ALLOWED_BYTES, _MAX_RATIO * packed))
        if unpacked > max_bytes or len(members) > _MAX_MEMBERS:
            raise DataError(
                f"{self.title} was not opened: an archive of {packed / 1e6:,.1f} MB may unpack to at most "
                f"{max_bytes / 1e6:,.0f} MB in {_MAX_MEMBERS:,} files; this one would unpack to "
                f"{unpacked / 1e6:,.0f} MB in {len(members):,} files."
            )

    @property
    def names(self) -> list[str]:
        """Names of all members without folders."""
        return [member.filename for member in self._zip.infolist() if not member.filename.endswith("/")]

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """Return the content of a member; never more bytes than the archive declares.

        Raises:
            DataError: The member is damaged, encrypted, or compressed with an unsupported method.
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
        return content

    def inner(self, name: str) -> Archive:
        """Return a member that is itself an archive."""
        return Archive(io.BytesIO(self.read(name)), f"{name} in {self.title}", self._depth + 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._zip.close()
