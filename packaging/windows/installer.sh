#!/usr/bin/env bash
# Makes the Windows installer with makensis.   packaging/windows/installer.sh [PAYLOAD] [OUTPUT]
# PAYLOAD is the bundle built on Windows, dist/rnnstudio by default. Another folder can be used to test the script.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
payload=${1:-dist/rnnstudio} output=${2:-dist/rnnstudio-$version-windows.exe}
[ -f "$payload/rnnstudio-studio.exe" ] || { echo "$payload must be a bundle for Windows; it has no rnnstudio-studio.exe. Build the bundle on Windows." >&2; exit 1; }
command -v makensis >/dev/null || { echo "makensis is needed. Install it: apt-get install nsis, or nsis.sourceforge.io" >&2; exit 1; }
absolute() { if command -v cygpath >/dev/null; then cygpath -m "$(realpath "$1")"; else realpath "$1"; fi; }
mkdir -p "$(dirname "$output")" && touch "$output"
makensis -V2 "-DVERSION=$version" "-DPAYLOAD=$(absolute "$payload")" "-DOUTPUT=$(absolute "$output")" \
    "-DICONS=$(absolute resources/icons)" "-DLICENCE=$(absolute LICENSE)" packaging/windows/rnnstudio.nsi
echo "$output: $(($(stat -c %s "$output") / 1000)) kB"
