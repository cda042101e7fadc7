"""The name and the note that a user gives a run or group: `notes.json` beside its other files, outside all checksums.

So they can be changed at any time, also while the run trains, or where it is damaged, and no result changes with them.
Of two processes that change them at once the last one wins; the file is replaced in one step.
"""

from __future__ import annotations

import json
import stat
import unicodedata
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from rnnstudio.core.bounded_json import bounded_json
from rnnstudio.core.disk_remedies import remedy
from rnnstudio.core.durable import sync_folder
from rnnstudio.core.errors import DataError, SettingError, StoreError
from rnnstudio.core.visible_text import visible
from rnnstudio.export.writing import write_file
from rnnstudio.reading.archives import Archive, Folder
from rnnstudio.results.checked_files import NOTES_FILE
from rnnstudio.results.run_archive import is_run_archive
from rnnstudio.results.run_folder import replace_file
from rnnstudio.results.validation.value_types import Stored, validated

MAX_NAME, MAX_NOTE = 120, 10_000  # characters
_MAX_BYTES = 256 << 10  # of the file; a note of control characters has six bytes for each
_SHOWN = 300  # characters of a note in a list
_TRIES = 5  # a save of the run deletes files that nothing names


class StoredNotes(Stored):
    """`notes.json`; fields of later versions stay in it."""

    name: Annotated[str, Field(max_length=MAX_NAME)] = ""
    note: Annotated[str, Field(max_length=MAX_NOTE)] = ""


@dataclass(frozen=True)
class RunNotes:
    """What a user has said about a run.

    Attributes:
        name: Its given name; empty for none.
        note: A text; empty for none.
        problem: Why they cannot be read, a sentence; empty where they can.
    """

    name: str = ""
    note: str = ""
    problem: str = ""

    def to_row(self) -> dict[str, str]:
        """Return the fields of a row of the run list: `name`, the beginning of the `note`, and `note_problem`."""
        return {"name": self.name, "note": self.beginning, "note_problem": self.problem}

    @property
    def beginning(self) -> str:
        """The note, of a long one its beginning."""
        return self.note if len(self.note) <= _SHOWN else f"{self.note[:_SHOWN].rstrip()} …"


def notes_at(path: Path) -> RunNotes:
    """Return the name and note of the run or group in a folder, or in a .rnnrun file."""
    plain, problem = _read(path)
    return RunNotes(problem=problem) if problem else RunNotes(plain.get("name", ""), plain.get("note", ""))


def write_notes(path: Path, *, name: str | None = None, note: str | None = None) -> None:
    """Change the name or the note of the run or group in a folder, or in a .rnnrun file.

    Args:
        path: Its folder or file.
        name: The name, "" for none; None leaves it as it is.
        note: The note, "" for none; None leaves it as it is.

    Raises:
        SettingError: The name or note is too long, or no text.
        StoreError: It cannot be written.
    """
    new = {} if name is None else {"name": checked_name(name)}
    new |= {} if note is None else {"note": checked_note(note)}
    plain = {**_read(path)[0], **new}
    text = json.dumps(plain, indent=2, ensure_ascii=False) + "\n" if any(plain.values()) else ""
    try:
        if is_run_archive(path) and path.is_file():
            write_file(path, lambda part: _write_archive(path, part, text))
        else:
            _write_in_folder(path, text)
    except (OSError, DataError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"The name and note of {path.name} cannot be written: {reason}. {remedy(error)}.") from None


def copy_notes(source: Path, folder: Path) -> None:
    """Give a copy of a run in a new folder the name and note of the run; nothing where they cannot be read or written.

    Args:
        source: Folder or .rnnrun file of the run.
        folder: The folder of the copy.
    """
    restore_notes(notes_to_restore(source), folder)


def notes_to_restore(path: Path) -> dict[str, Any]:
    """Return all that is noted of a run, for `restore_notes`; empty where nothing is, or it cannot be read."""
    return _read(path)[0]


def restore_notes(notes: dict[str, Any], folder: Path) -> None:
    """Write what was noted of a run into a folder, where that is anything and can be done."""
    if notes:
        with suppress(OSError):
            _write_in_folder(folder, json.dumps(notes, indent=2, ensure_ascii=False) + "\n")


def checked_name(name: str) -> str:
    """Return a name as it is saved, without spaces around it; a letter with its accent is one character.

    Raises:
        SettingError: It is too long, has several lines or control characters, has nothing to see, or is no text.

    >>> checked_name("  GRU, no dropout ")
    'GRU, no dropout'
    """
    text = unicodedata.normalize("NFC", _text(name, "name", MAX_NAME)).strip()
    if "\n" in text or "\t" in text or visible(text) != text:
        raise SettingError(f"name must be one line without control characters; received {text!r:.80}.", "name")
    if text and all(unicodedata.category(character)[0] in "CZ" for character in text):
        raise SettingError(f"name must have a character that can be seen; received {text!a:.80}.", "name")
    return text


def checked_note(note: str) -> str:
    """Return a note as it is saved, without line ends behind it.

    Raises:
        SettingError: It is too long, or no text.
    """
    return _text(note, "note", MAX_NOTE).replace("\r\n", "\n").rstrip("\n")


def _text(value: Any, argument: str, most: int) -> str:
    if not isinstance(value, str):
        raise SettingError(f"{argument} must be a text; received {value!r:.80}.", argument)
    if len(value) > most:
        raise SettingError(f"{argument} may have {most:,} characters; received {len(value):,}.", argument)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise SettingError(f"{argument} must be Unicode text; received {value!r:.80}.", argument) from None
    return value


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Return what the file holds, and what is wrong with it: a sentence, empty for nothing."""
    try:
        content = _content(path)
        if content is None:
            return {}, ""
        if len(content) > _MAX_BYTES:
            raise ValueError(f"it has {len(content):,} bytes, and {_MAX_BYTES:,} are expected at most")
        plain = bounded_json(content)
        validated(StoredNotes, plain, NOTES_FILE)
        return dict(plain), ""
    except OSError as error:
        return {}, f"The name and note of {path.name} cannot be read ({error.strerror or error}). {remedy(error)}."
    except Exception as error:  # what is read is not known before it is validated
        advice = f"Give them again: rnnstudio rename {path.name} NAME"
        return {}, f"The name and note of {path.name} cannot be read ({str(error)[:300]}). {advice}."


def _content(path: Path) -> bytes | None:
    """Return the content of the file; None where there is none."""
    if is_run_archive(path) and path.is_file():
        with Archive(path, str(path)) as archive:
            return archive.read(NOTES_FILE) if NOTES_FILE in archive else None
    file = path / NOTES_FILE
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            raise ValueError("it is no ordinary file")
        return Folder(path, follows_links=False).read(NOTES_FILE)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except DataError:
        if not file.exists():  # another process has removed it meanwhile
            return None
        raise


def _write_in_folder(folder: Path, text: str) -> None:
    """Replace the file in a folder, or delete it where the text is empty."""
    file = folder / NOTES_FILE
    if not text:
        file.unlink(missing_ok=True)
        sync_folder(folder)
        return
    for is_last in [False] * (_TRIES - 1) + [True]:
        try:
            replace_file(file, text.encode())
            return
        except FileNotFoundError:
            if is_last or not folder.is_dir():
                raise


def _write_archive(source: Path, file: Path, text: str) -> None:
    """Write a copy of a .rnnrun file with another name and note."""
    with Archive(source, str(source)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.names:
            if member != NOTES_FILE:
                new.writestr(member, old.read(member))
        if text:
            new.writestr(NOTES_FILE, text)
