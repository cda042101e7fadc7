#!/bin/sh
# Installs rnnstudio for this user, or for everybody when run as root.   rnnstudio-VERSION.run [-- --prefix FOLDER]
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" = 0 ] && prefix=/usr/local || prefix=$HOME/.local
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=${2:?--prefix needs a folder}; shift 2 ;;
        *) echo "The installer knows --prefix FOLDER; received $1." >&2; exit 2 ;;
    esac
done
case $prefix in /*) ;; *) prefix=${USER_PWD:-$PWD}/$prefix ;; esac # makeself begins in a folder that it deletes

fail() { echo "$1 Nothing was changed." >&2; exit 1; }
libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)
newest=$(printf '2.36\n%s\n' "${libc:-0}" | sort -V | tail -n 1)
[ "$newest" = "${libc:-0}" ] || fail "rnnstudio needs glibc 2.36 or newer (Debian 12, Ubuntu 22.10, Fedora 37); here is ${libc:-none}."
[ ! -e "$prefix/lib/rnnstudio" ] || [ -f "$prefix/lib/rnnstudio/installed-files" ] ||
    fail "$prefix/lib/rnnstudio is there already and was not made by this installer. Choose another folder: -- --prefix FOLDER."
mkdir -p "$prefix/lib" 2>/dev/null && [ -w "$prefix/lib" ] || fail "$prefix/lib cannot be written. Choose another folder: -- --prefix FOLDER."
needed=$(du -sk "$here/lib" | cut -f 1)
free=$(df -Pk "$prefix/lib" | awk 'NR == 2 { print $4 }')
[ "$free" -gt "$needed" ] || fail "rnnstudio needs $((needed / 1000)) MB in $prefix, and $((free / 1000)) MB are free. Make room, or choose another folder: -- --prefix FOLDER."

# Copied beside the place first: an installation that breaks off leaves the old program as it was.
new=$prefix/lib/.rnnstudio-new
rm -rf "$new"
cp -a --no-preserve=ownership "$here/lib/rnnstudio" "$new" || { rm -rf "$new"; fail "The program could not be copied to $prefix/lib."; }
[ ! -x "$prefix/lib/rnnstudio/uninstall" ] || "$prefix/lib/rnnstudio/uninstall" --quiet
rm -rf "$prefix/lib/rnnstudio"
mv "$new" "$prefix/lib/rnnstudio"
installed=$prefix/lib/rnnstudio/installed-files
(cd "$here" && find bin share ! -type d) >"$installed"
while read -r file; do
    mkdir -p "$prefix/$(dirname "$file")"
    cp -a --no-preserve=ownership "$here/$file" "$prefix/$file"
done <"$installed"
install -m 755 "$here/uninstall.sh" "$prefix/lib/rnnstudio/uninstall"
# A menu finds programs by PATH, in which ~/.local/bin need not be.
sed -i "s|^Exec=rnnstudio |Exec=\"$prefix/bin/rnnstudio\" |; s|^TryExec=.*|TryExec=$prefix/bin/rnnstudio|" \
    "$prefix/share/applications/rnnstudio.desktop"
sh "$prefix/lib/rnnstudio/uninstall" --refresh

echo "rnnstudio is installed in $prefix/lib/rnnstudio: it is in the menu, and in a terminal it is $prefix/bin/rnnstudio."
echo "To remove it: $prefix/lib/rnnstudio/uninstall"
case :$PATH: in *":$prefix/bin:"*) ;; *) echo "$prefix/bin is not in your PATH yet." ;; esac
