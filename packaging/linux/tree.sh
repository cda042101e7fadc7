#!/usr/bin/env bash
# Arranges the bundle in the standard folders of Linux.   packaging/linux/tree.sh FOLDER
# FOLDER then contains bin, lib and share, to be copied to /usr, /usr/local, ~/.local or an AppDir.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1 source=packaging/linux
[ -x dist/rnnstudio/rnnstudio ] || { echo "There is no bundle in dist/rnnstudio. Run: make bundle" >&2; exit 1; }

rm -rf "$target"
mkdir -p "$target"/bin "$target"/lib
cp -a dist/rnnstudio "$target"/lib/rnnstudio
ln -s ../lib/rnnstudio/rnnstudio "$target"/bin/rnnstudio

copy_share() { install -D -m 644 "$1" "$target/share/$2"; }
copy_share $source/rnnstudio.desktop applications/rnnstudio.desktop
copy_share $source/io.github.rnnstudio.rnnstudio.metainfo.xml metainfo/io.github.rnnstudio.rnnstudio.metainfo.xml
copy_share $source/rnnstudio-mime.xml mime/packages/rnnstudio.xml
copy_share $source/rnnstudio.1 man/man1/rnnstudio.1
gzip -9n "$target"/share/man/man1/rnnstudio.1
for size in 16 22 24 32 48 64 128 256 512; do
    copy_share resources/icons/${size}x$size/rnnstudio.png icons/hicolor/${size}x$size/apps/rnnstudio.png
    copy_share resources/icons/${size}x$size/rnnrun.png icons/hicolor/${size}x$size/mimetypes/rnnrun.png
done
copy_share resources/icons/rnnstudio.svg icons/hicolor/scalable/apps/rnnstudio.svg
copy_share resources/icons/rnnrun.svg icons/hicolor/scalable/mimetypes/rnnrun.svg
