#!/bin/sh
# Removes rnnstudio; runs and settings stay.   uninstall [--quiet]
set -eu
program=$(cd "$(dirname "$0")" && pwd)
prefix=$(cd "$program/../.." && pwd)

refresh() { # what menus and file managers know; where nobody else has anything there, it goes as well
    ls "$prefix"/share/applications/*.desktop >/dev/null 2>&1 || rm -f "$prefix/share/applications/mimeinfo.cache"
    [ -d "$prefix/share/mime/packages" ] || rm -rf "$prefix/share/mime"
    [ ! -d "$prefix/share/applications" ] || update-desktop-database -q "$prefix/share/applications" 2>/dev/null || true
    [ ! -d "$prefix/share/mime" ] || update-mime-database "$prefix/share/mime" >/dev/null 2>&1 || true
    rmdir "$prefix/share/applications" "$prefix/share" "$prefix/bin" "$prefix/lib" 2>/dev/null || true
}
if [ "${1:-}" = --refresh ]; then refresh; exit; fi

while read -r file; do
    rm -f "$prefix/$file"
    folder=$prefix/$(dirname "$file")
    while [ "$folder" != "$prefix" ] && rmdir "$folder" 2>/dev/null; do folder=$(dirname "$folder"); done
done <"$program/installed-files"
rm -rf "$program"
refresh
[ "${1:-}" != --quiet ] || exit 0
rm -rf "${XDG_CACHE_HOME:-$HOME/.cache}/rnnstudio" # downloads and compiled programs, which can be had again
echo "rnnstudio is removed. Runs and settings stay in ${XDG_DATA_HOME:-$HOME/.local/share}/rnnstudio."
