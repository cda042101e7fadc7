"""`rnnstudio` and `python -m rnnstudio`: the window without arguments, the command line with arguments."""

from __future__ import annotations

from rnnstudio.cli.main import main

if __name__ == "__main__":
    main()
