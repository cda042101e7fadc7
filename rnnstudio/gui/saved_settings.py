"""What the window remembers from one session to the next, such as its size, colours and the form of CSV files."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from rnnstudio.core.paths import home


def saved_settings() -> QSettings:
    """Return the settings in the file `studio.ini` of the user's folder; all callers share its values."""
    return QSettings(str(home() / "studio.ini"), QSettings.Format.IniFormat)
