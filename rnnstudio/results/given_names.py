"""Finding runs and groups by the names that their users gave them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rnnstudio.core.catalog import DATASETS, RECIPES
from rnnstudio.core.errors import SettingError, StoreError
from rnnstudio.core.wording import enumeration
from rnnstudio.results.run_archive import is_run_archive
from rnnstudio.results.run_notes import checked_name, notes_at
from rnnstudio.results.store_entries import Entry, store_entries

_MAX_NAMED = 10  # runs in a message
_NUMBERED = re.compile(r"(.+)-[0-9]+")  # how folders of runs are called


def entry_named(name: str, entries: Sequence[Entry]) -> Entry | None:
    """Return the run or group with a given name; None where there is none.

    Args:
        name: The name.
        entries: The runs and groups.

    Raises:
        StoreError: Several have this name.
    """
    if not name.strip():
        return None
    wanted = unicodedata.normalize("NFC", name).strip()
    found = [entry for entry in entries if notes_at(entry.folder).name == wanted]
    if len(found) > 1:
        folders = enumeration([entry.folder.name for entry in found], most=_MAX_NAMED)
        raise StoreError(f"{len(found)} runs have the name {name!r}: {folders}. Use one of these names instead.")
    return found[0] if found else None


def free_name(name: str, folder: Path) -> str:
    """Return a name as it is saved, "" for that of the folder, if nothing else is found by it.

    Args:
        name: The name.
        folder: The run that gets it.

    Raises:
        SettingError: It is no name, or something else is found by it, or may be later.
    """
    checked = checked_name(name)
    if checked == folder.name:
        return ""
    others: list[str] = []
    with suppress(StoreError):  # the run may be elsewhere
        others = [entry.folder.name for entry in store_entries() if entry.folder != folder]
    plain = checked.casefold()
    taken = {"latest": "the newest run"} | dict.fromkeys(
        [*RECIPES.names(), *DATASETS.names()], "a recipe or a data set"
    )
    taken |= dict.fromkeys([other.casefold() for other in others], "another run")
    if plain in taken:
        raise SettingError(
            f"name must not be {checked!r}, by which {taken[plain]} is found. Choose another one.", "name"
        )
    if _is_path(checked):
        raise SettingError(f"name must be a name, not a path; received {checked!r}.", "name")
    numbered = _NUMBERED.fullmatch(plain)
    if numbered and {numbered[1], numbered[1].removesuffix("-seeds")} & {"run", *taken, *map(_stem, taken)}:
        raise SettingError(
            f"name must not be {checked!r}, as the folder of a new run may be called. Choose another one.", "name"
        )
    return checked


def _is_path(name: str) -> bool:
    """Return whether a name has the form of a path; "GRU / LSTM" has not."""
    return bool(re.match(r"[.~/\\]|[A-Za-z]:[/\\]", name)) or is_run_archive(Path(name))


def _stem(folder: str) -> str:
    """Return the name of a folder without its number."""
    numbered = _NUMBERED.fullmatch(folder)
    return numbered[1] if numbered else folder
