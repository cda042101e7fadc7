#!/bin/sh
# Uninstalls rnnstudio and keeps runs and preferences.   uninstall [--quiet]
set -eu
program=$(cd "$(dirname "$0")" && pwd)
prefix=$(cd "$program/../.." && pwd)

# Removes a folder and its parents if they are empty, except the standard folders of the system.
remove_empty() {
    folder=$1
    while [ "$folder" != "$prefix" ] && [ "$folder" != /usr/local/share ] && [ "$folder" != /usr/local/bin ] &&
        [ "$folder" != /usr/local/lib ] && rmdir "$folder" 2>/dev/null; do folder=$(dirname "$folder"); done
}
# Updates the databases of menus and file managers, or removes them if no other program uses them.
refresh() {
    if ls "$prefix"/share/applications/*.desktop >/dev/null 2>&1; then
        update-desktop-database -q "$prefix/share/applications" 2>/dev/null || true
    else
        rm -f "$prefix/share/applications/mimeinfo.cache"
        remove_empty "$prefix/share/applications"
    fi
    if [ -d "$prefix/share/mime/packages" ]; then
        update-mime-database "$prefix/share/mime" >/dev/null 2>&1 || true
    else
        rm -rf "$prefix/share/mime"
        remove_empty "$prefix/share"
    fi
}
if [ "${1:-}" = --refresh ]; then refresh; exit; fi

while read -r file; do
    rm -f "$prefix/$file"
    remove_empty "$prefix/$(dirname "$file")"
done <"$program/installed-files"
rm -rf "$program"
remove_empty "$prefix/lib"
refresh
[ "${1:-}" != --quiet ] || exit 0
rm -rf "${XDG_CACHE_HOME:-$HOME/.cache}/rnnstudio" # downloads and compiled programs, which can be created again
echo "rnnstudio is uninstalled. Runs and preferences are still in ${XDG_DATA_HOME:-$HOME/.local/share}/rnnstudio."
