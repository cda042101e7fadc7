"""Entry point of the bundle."""

import os
import sys
from pathlib import Path

# Set by other programs for their own libraries and Qt plugins, which would conflict with ours.
_FOREIGN_VARIABLES = ("LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")


def _isolate_libraries() -> None:
    """Remove the library paths of other programs.

    The linker reads them only at the start, so the program restarts if there were any.
    """
    foreign_path = os.environ.get("LD_LIBRARY_PATH_ORIG")  # saved by the loader of the bundle
    for variable in _FOREIGN_VARIABLES:
        os.environ.pop(variable, None)
    if not sys.platform.startswith("linux"):
        return
    # Qt does not find its plugins by itself if the name of the folder contains a comma.
    os.environ["QT_PLUGIN_PATH"] = str(Path(sys.executable).parent / "_internal/PySide6/Qt/plugins")
    if foreign_path:
        os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])


_isolate_libraries()

from rnnstudio.__main__ import main  # noqa: E402 - after the library paths are set

main()
