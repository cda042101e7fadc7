#!/bin/sh
# Installs rnnstudio for this user, or for all users if run as root.   rnnstudio-VERSION.run [-- --prefix FOLDER]
set -eu
umask 022
source=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" = 0 ] && prefix=/usr/local || prefix=$HOME/.local
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=${2:?--prefix needs a folder}; shift 2 ;;
        *) echo "The only option of the installer is --prefix FOLDER; received $1." >&2; exit 2 ;;
    esac
done
case $prefix in /*) ;; *) prefix=${USER_PWD:-$PWD}/$prefix ;; esac # makeself starts the installer in a temporary folder

fail() { echo "$1 Nothing was changed." >&2; exit 1; }
libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)
newest=$(printf '2.36\n%s\n' "${libc:-0}" | sort -V | tail -n 1)
[ "$newest" = "${libc:-0}" ] || fail "rnnstudio needs glibc 2.36 or newer (Debian 12, Ubuntu 22.10, Fedora 37); this system has ${libc:-none}."
[ ! -e "$prefix/lib/rnnstudio" ] || [ -f "$prefix/lib/rnnstudio/installed-files" ] ||
    fail "$prefix/lib/rnnstudio exists and was not created by this installer. Choose another folder: -- --prefix FOLDER."
mkdir -p "$prefix/lib" 2>/dev/null && [ -w "$prefix/lib" ] || fail "$prefix/lib is not writable. Choose another folder: -- --prefix FOLDER."
needed=$(du -sk "$source/lib" | cut -f 1)
free=$(df -Pk "$prefix/lib" | awk 'NR == 2 { print $4 }')
[ "$free" -gt "$needed" ] || fail "rnnstudio needs $((needed / 1000)) MB in $prefix; $((free / 1000)) MB are free. Free more space or choose another folder: -- --prefix FOLDER."

# First copied to a temporary folder, so that an interrupted installation does not damage an older version.
new=$prefix/lib/.rnnstudio-new
rm -rf "$new"
cp -a --no-preserve=ownership "$source/lib/rnnstudio" "$new" || { rm -rf "$new"; fail "The program could not be copied to $prefix/lib."; }
[ ! -x "$prefix/lib/rnnstudio/uninstall" ] || "$prefix/lib/rnnstudio/uninstall" --quiet
rm -rf "$prefix/lib/rnnstudio"
mv "$new" "$prefix/lib/rnnstudio"
installed=$prefix/lib/rnnstudio/installed-files
(cd "$source" && find bin share ! -type d) >"$installed"
while read -r file; do
    mkdir -p "$prefix/$(dirname "$file")"
    cp -a --no-preserve=ownership "$source/$file" "$prefix/$file"
done <"$installed"
install -m 755 "$source/uninstall.sh" "$prefix/lib/rnnstudio/uninstall"
# Menus search PATH for programs, which may not contain ~/.local/bin.
sed -i "s|^Exec=rnnstudio |Exec=\"$prefix/bin/rnnstudio\" |; s|^TryExec=.*|TryExec=$prefix/bin/rnnstudio|" \
    "$prefix/share/applications/rnnstudio.desktop"
sh "$prefix/lib/rnnstudio/uninstall" --refresh

echo "rnnstudio is installed in $prefix/lib/rnnstudio. Open it from the menu, or run $prefix/bin/rnnstudio in a terminal."
echo "To uninstall it, run: $prefix/lib/rnnstudio/uninstall"
case :$PATH: in *":$prefix/bin:"*) ;; *) echo "$prefix/bin is not in your PATH." ;; esac
