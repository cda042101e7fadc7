#!/usr/bin/env bash
# Opens the window; without a display, trains a recipe in the terminal.
set -euo pipefail
cd "$(dirname "$0")/.."
if .venv/bin/python -c "from rnnstudio.cli.display import has_display as has; raise SystemExit(not has())"; then
    exec .venv/bin/rnnstudio
fi
plots=$PWD/plots
echo "The window cannot open, because there is no display. Training the recipe echo in the terminal instead."
echo "Its plots will be in $plots."
.venv/bin/rnnstudio train echo --plots "$plots"
