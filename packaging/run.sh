#!/usr/bin/env bash
# Opens the Studio; on a machine without a display, shows in the terminal what it does.
set -euo pipefail
cd "$(dirname "$0")/.."
if .venv/bin/python -c "from rnnstudio.cli.display import has_display as has; raise SystemExit(not has())"; then
    exec .venv/bin/rnnstudio
fi
pictures=$PWD/pictures
echo "There is no display here, so the window cannot open. Training the echo in the terminal instead;"
echo "its pictures will be in $pictures"
.venv/bin/rnnstudio train echo --pictures "$pictures"
