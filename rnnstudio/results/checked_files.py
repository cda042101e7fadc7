"""The files of a run by their names, compared with the checksums in its `run.json`."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.bounded_json import bounded_json
from rnnstudio.core.errors import DataError, NewerVersionError, StoreError
from rnnstudio.core.paths import is_there
from rnnstudio.core.plain_arrays import SAVED_KEYWORD
from rnnstudio.core.upgrade import FORMAT_VERSION
from rnnstudio.reading.archives import Archive, Folder

RUN_FILE = "run.json"  # a folder with this file is a run
NOTES_FILE = "notes.json"  # what its user calls it and says about it, which no other file names
CHECKED_VERSION = 5  # the first format whose files are named with their checksums


def are_stored(files: Any) -> bool:
    """Return whether a value names files in the folder itself, with size and checksum."""
    return isinstance(files, dict) and all(
        isinstance(entry, dict)
        and entry.keys() == {"stored", "bytes", "sha256"}
        and isinstance(entry["bytes"], int)
        and isinstance(entry["sha256"], str)
        and isinstance(entry["stored"], str)
        and re.fullmatch(r"[A-Za-z0-9_-]+\.(json|npz|npy)", entry["stored"]) is not None
        for entry in files.values()
    )


def checksum(plain: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the contents of `run.json`."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def manifest(rest: Mapping[str, Any], stored: Mapping[str, Any]) -> str:
    """Return the text of `run.json`.

    Args:
        rest: Its contents but for the files.
        stored: The files.
    """
    plain = {**rest, "files": stored}
    return json.dumps({**plain, "sha256": checksum(plain)}, indent=2) + "\n"


class Files(Protocol):
    """Files by name: those of a run, of a folder, or of an archive."""

    @property
    def title(self) -> str:
        """Where they are, for messages."""

    def __contains__(self, name: str, /) -> bool:
        """Return whether there is such a file."""

    def read(self, name: str) -> bytes:
        """Return its content."""


class RunFiles:
    """The files of a run by their names, each compared with the size and checksum that `run.json` names.

    Files of formats without checksums are read as they are. `run.json` is read when it is first needed.

    Args:
        files: The folder or archive of the run.
        path: Where it is.
    """

    def __init__(self, files: Folder | Archive, path: Path) -> None:
        self.title, self.path, self._files = files.title, path, files
        self._checked: set[str] = set()

    @classmethod
    def of_folder(cls, folder: Path) -> Self:
        """Return the files of a run in a folder, where a symbolic link is no file of the run."""
        return cls(Folder(folder, follows_links=False), folder)

    @cached_property
    def rest(self) -> dict[str, Any]:
        """The contents of `run.json`.

        Raises:
            StoreError: It is missing, damaged, or of no or of a newer format.
        """
        if RUN_FILE not in self._files and not is_there(self.path):
            raise StoreError(f"There is no run in {self.path} any more. Check that the folder and its disk are there.")
        plain = read_json(self._files, RUN_FILE)
        version = plain.get("schema_version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise self.damaged(f"{RUN_FILE} has no format version")
        if version > FORMAT_VERSION:
            raise NewerVersionError(
                f"{self.title} was saved by a newer rnnstudio (format {version}); update to open it."
            )
        if version >= CHECKED_VERSION:
            if plain.pop("sha256", None) != checksum(plain):
                raise self.damaged(f"{RUN_FILE} does not match its checksum")
            if not are_stored(plain.get("files")):
                raise self.damaged(f"{RUN_FILE} names no files")
        return plain

    def damaged(self, reason: str) -> StoreError:
        """Return the error for a damaged run."""
        return StoreError(f"The run in {self.title} is damaged: {reason}.")

    @property
    def version(self) -> int:
        """The format of the run."""
        return int(self.rest["schema_version"])

    @property
    def names(self) -> list[str]:
        """The names of all files; none of a format that does not name them."""
        return list(self.rest.get("files", {}))

    @property
    def checksums(self) -> dict[str, str]:
        """The SHA-256 of each file; empty for a format that does not name them."""
        return {name: entry["sha256"] for name, entry in self.rest.get("files", {}).items()}

    def __contains__(self, name: str) -> bool:
        if self.version < CHECKED_VERSION:
            return name in self._files
        return name in self.rest["files"]

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Raises:
            DataError: It cannot be read.
            StoreError: It is missing, or not the file that was saved.
        """
        if name not in self:
            raise self.damaged(f"{name} is missing")
        if self.version < CHECKED_VERSION:
            return self._files.read(name)
        entry = self.rest["files"][name]
        if entry["stored"] not in self._files:
            raise self.damaged(f"{name} is missing")
        content = self._files.read(entry["stored"])
        if len(content) != entry["bytes"] or hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise self.damaged(f"{name} is not as it was saved")
        self._checked.add(name)
        return content

    def stored_name(self, name: str) -> str:
        """Return the name that a file has in the folder, or in the archive."""
        return name if self.version < CHECKED_VERSION else str(self.rest["files"][name]["stored"])

    def check_others(self) -> None:
        """Compare the files that were not read with their checksums, too.

        Raises:
            StoreError: One is not the file that was saved.
        """
        for name in self.rest.get("files", {}):
            if name not in self._checked:
                self.read(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        """Close the archive."""
        self._files.__exit__(*error)


def read_json(files: Files, name: str) -> dict[str, Any]:
    """Return the object in a JSON file of a run.

    Raises:
        StoreError: The file is missing or damaged.
    """
    if name not in files:
        raise StoreError(f"The run in {files.title} is damaged: {name} is missing.")
    try:
        value = bounded_json(files.read(name))
    except (DataError, ValueError) as error:
        raise StoreError(f"The run in {files.title} is damaged: {name} cannot be read ({error}).") from None
    if not isinstance(value, dict):
        raise StoreError(f"The run in {files.title} is damaged: {name} must hold a JSON object.")
    return value


def read_arrays(files: Files, name: str) -> dict[str, NDArray[Any]]:
    """Return the arrays in a file, by their names, without pickle.

    Raises:
        DataError, StoreError: The file cannot be read, or is not as it was saved, or holds no arrays.
    """
    content = files.read(name)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
            arrays = {array: loaded[array] for array in loaded.files if array != SAVED_KEYWORD}
    except Exception as error:  # a damaged archive or header raises any exception
        raise no_arrays(files, name, error) from None
    if not all(isinstance(values, np.ndarray) for values in arrays.values()):
        raise no_arrays(files, name, "a member is no array")
    return arrays


def read_array(files: Files, name: str) -> NDArray[Any]:
    """Return the array in a file, without pickle.

    Raises:
        DataError, StoreError: The file cannot be read, or is not as it was saved, or holds no array.
    """
    content = files.read(name)
    try:
        array: NDArray[Any] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except Exception as error:  # a damaged header raises any exception
        raise no_arrays(files, name, error) from None
    return array


def no_arrays(files: Files, name: str, reason: object) -> StoreError:
    """Return the error for a file whose arrays cannot be read."""
    return StoreError(f"The run in {files.title} is damaged: {name} cannot be read ({str(reason)[:200]}).")
