#!/bin/sh
# Removes rnnstudio; runs and settings stay.   uninstall [--quiet]
set -eu
program=$(cd "$(dirname "$0")" && pwd)
prefix=$(cd "$program/../.." && pwd)

# A folder goes where it is empty, but those that systems have anyway stay.
tidy() {
    folder=$1
    while [ "$folder" != "$prefix" ] && [ "$folder" != /usr/local/share ] && [ "$folder" != /usr/local/bin ] &&
        [ "$folder" != /usr/local/lib ] && rmdir "$folder" 2>/dev/null; do folder=$(dirname "$folder"); done
}
# What menus and file managers know; where nobody else has anything there, it goes as well.
refresh() {
    if ls "$prefix"/share/applications/*.desktop >/dev/null 2>&1; then
        update-desktop-database -q "$prefix/share/applications" 2>/dev/null || true
    else
        rm -f "$prefix/share/applications/mimeinfo.cache"
        tidy "$prefix/share/applications"
    fi
    if [ -d "$prefix/share/mime/packages" ]; then
        update-mime-database "$prefix/share/mime" >/dev/null 2>&1 || true
    else
        rm -rf "$prefix/share/mime"
        tidy "$prefix/share"
    fi
}
if [ "${1:-}" = --refresh ]; then refresh; exit; fi

while read -r file; do
    rm -f "$prefix/$file"
    tidy "$prefix/$(dirname "$file")"
done <"$program/installed-files"
rm -rf "$program"
tidy "$prefix/lib"
refresh
[ "${1:-}" != --quiet ] || exit 0
rm -rf "${XDG_CACHE_HOME:-$HOME/.cache}/rnnstudio" # downloads and compiled programs, which can be had again
echo "rnnstudio is removed. Runs and settings stay in ${XDG_DATA_HOME:-$HOME/.local/share}/rnnstudio."
