#!/usr/bin/env bash
# Tests installation, upgrade and removal with the Windows installer, under Wine and with a small payload.
# Needs makensis, wine and xvfb-run. The program itself is not run, because its bundle can only be built on Windows.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'WINEPREFIX=$work/wine wineserver -k 2>/dev/null || true; rm -rf "$work"' EXIT
export WINEPREFIX=$work/wine WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
wine() { xvfb-run -a wine "$@" 2>/dev/null; }

payload=$work/payload
mkdir -p "$payload/_internal/deep/er" "$payload/licenses"
for file in rnnstudio.exe rnnstudio-studio.exe _internal/old.dll "_internal/deep/er/two words.txt" licenses/LICENSE.txt; do
    echo "$file" >"$payload/$file"
done
packaging/windows/installer.sh "$payload" "$work/rnnstudio-installer.exe"
wine wineboot -i >/dev/null
home=$(echo "$WINEPREFIX"/drive_c/users/*/AppData/Local | tr ' ' '\n' | grep -v Public | head -n 1)
program=$home/Programs/rnnstudio
key='HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\rnnstudio'
value() { wine reg query "$1" ${2:+/v "$2"} | tr -d '\r'; }

wine "$work/rnnstudio-installer.exe" /S
cmp "$payload/_internal/deep/er/two words.txt" "$program/_internal/deep/er/two words.txt"
value "$key" DisplayVersion | grep -q "$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)"
value 'HKCU\Software\Classes\rnnstudio.run\shell\open\command' | grep -qF 'rnnstudio-studio.exe" open "%1"'
value 'HKCU\Software\Classes\.rnnrun' | grep -q rnnstudio.run
find "$WINEPREFIX" -name rnnstudio.lnk | grep -q .
echo "-- silent installation: files, menu entry, file type and registry entries exist"

rm "$payload/_internal/old.dll" && echo new >"$payload/_internal/new.dll"
packaging/windows/installer.sh "$payload" "$work/rnnstudio-installer.exe" >/dev/null
echo mine >"$program/my notes.txt"
wine "$work/rnnstudio-installer.exe" /S
[ -f "$program/_internal/new.dll" ]
[ ! -e "$program/_internal/old.dll" ]
[ -f "$program/my notes.txt" ]
echo "-- upgrade: new files exist, old files are removed"

other=$home/Programs/other
mkdir -p "$other/_internal" && echo theirs >"$other/_internal/theirs.dll"
wine "$work/rnnstudio-installer.exe" /S "/D=$(wine winepath -w "$other" | tr -d '\r')" || true
[ -f "$other/_internal/theirs.dll" ]
[ ! -e "$other/rnnstudio.exe" ]
echo "-- the folder of another program is unchanged"

wine "$program/uninstall.exe" /S "_?=$(wine winepath -w "$program" | tr -d '\r')"
rm -f "$program/uninstall.exe" # with _?= it waits and cannot delete itself
[ "$(find "$program" -type f)" = "$program/my notes.txt" ]
for removed in "$key" 'HKCU\Software\Classes\.rnnrun' 'HKCU\Software\Classes\rnnstudio.run'; do
    if value "$removed" >/dev/null; then echo "the removal left $removed" >&2; exit 1; fi
done
[ -z "$(find "$WINEPREFIX" -name rnnstudio.lnk)" ]
echo "-- removal: only the user's own file is left"
