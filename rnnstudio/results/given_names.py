"""Finding runs and groups by the names that their users gave them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rnnstudio.core.catalog import DATASETS, RECIPES
from rnnstudio.core.errors import SettingError, StoreError
from rnnstudio.core.wording import enumeration
from rnnstudio.results.run_notes import checked_name, notes_at
from rnnstudio.results.store_entries import Entry, store_entries

_MAX_NAMED = 10  # runs in a message


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
    found = [entry for entry in entries if notes_at(entry.folder).name == name.strip()]
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
        SettingError: It is no name, or another run, a recipe or a data set is found by it.
    """
    checked = checked_name(name)
    if checked == folder.name:
        return ""
    others: list[str] = []
    with suppress(StoreError):  # the run may be elsewhere
        others = [entry.folder.name for entry in store_entries() if entry.folder != folder]
    if checked == "latest" or checked in others or checked in RECIPES or checked in DATASETS:
        what = "the newest run" if checked == "latest" else "another run, a recipe or a data set"
        raise SettingError(f"name must not be {checked!r}, by which {what} is found. Choose another one.", "name")
    return checked
