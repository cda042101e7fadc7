"""The name and the note of a saved run or group, as Python has them."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from rnnstudio.core.errors import SettingError
from rnnstudio.results.run_notes import notes_at


class Noted:
    """What a user calls a saved run or group, and says about it."""

    __slots__ = ()

    path: str

    def rename(self, name: str) -> None:
        """Give this saved run or group a name, by which `load` finds it; see `rnnstudio.rename`."""
        import_module("rnnstudio").rename(self, name)

    @property
    def note(self) -> str:
        """A text about this saved run or group, which can be set; see `rnnstudio.note`."""
        return str(import_module("rnnstudio").note(self))

    @note.setter
    def note(self, text: str) -> None:
        import_module("rnnstudio").note(self, text)

    @property
    def given_name(self) -> str:
        """What `rename` has set; empty for none. `name` is that of the folder."""
        if not self.path:
            raise SettingError("run must be a saved run or group; this one is not saved.", "run")
        return notes_at(Path(self.path)).name
