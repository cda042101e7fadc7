"""Where the packaged program begins."""

import os
import sys
from pathlib import Path

# What other programs tell the programs they start: their own libraries and Qt plugins, which ours would be mixed with.
_THEIRS = ("LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")


def _alone() -> None:
    """Begin once more where another program's libraries were named: the linker reads the path only at the start."""
    theirs = os.environ.get("LD_LIBRARY_PATH_ORIG")  # the bundle's own loader has put its folder before it
    for variable in _THEIRS:
        os.environ.pop(variable, None)
    if not sys.platform.startswith("linux"):
        return
    # By itself Qt looks for its plugins in vain where the folder's name has a comma.
    os.environ["QT_PLUGIN_PATH"] = str(Path(sys.executable).parent / "_internal/PySide6/Qt/plugins")
    if theirs:
        os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])


_alone()

from rnnstudio.__main__ import main  # noqa: E402 - first the surroundings, then the program

main()
