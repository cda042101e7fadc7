"""`rnnstudio` and `python -m rnnstudio`: the window without arguments, the command line with arguments."""

from __future__ import annotations

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # the current folder, whose files could have the names of modules that are imported

from rnnstudio.cli.main import main

if __name__ == "__main__":
    main()
