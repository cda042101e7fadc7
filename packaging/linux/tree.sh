#!/usr/bin/env bash
# Lays the bundle out as Linux expects a program.   packaging/linux/tree.sh FOLDER
# FOLDER then holds bin, lib and share, to go under /usr, /usr/local, ~/.local or into an AppDir.
set -euo pipefail
cd "$(dirname "$0")/../.."
to=$1 from=packaging/linux
[ -x dist/rnnstudio/rnnstudio ] || { echo "There is no bundle in dist/rnnstudio: make bundle" >&2; exit 1; }

rm -rf "$to"
mkdir -p "$to"/bin "$to"/lib
cp -a dist/rnnstudio "$to"/lib/rnnstudio
ln -s ../lib/rnnstudio/rnnstudio "$to"/bin/rnnstudio

give() { install -D -m 644 "$1" "$to/share/$2"; }
give $from/rnnstudio.desktop applications/rnnstudio.desktop
give $from/io.github.rnnstudio.rnnstudio.metainfo.xml metainfo/io.github.rnnstudio.rnnstudio.metainfo.xml
give $from/rnnstudio-mime.xml mime/packages/rnnstudio.xml
give $from/rnnstudio.1 man/man1/rnnstudio.1
gzip -9n "$to"/share/man/man1/rnnstudio.1
for size in 16 22 24 32 48 64 128 256 512; do
    give resources/icons/${size}x$size/rnnstudio.png icons/hicolor/${size}x$size/apps/rnnstudio.png
    give resources/icons/${size}x$size/rnnrun.png icons/hicolor/${size}x$size/mimetypes/rnnrun.png
done
give resources/icons/rnnstudio.svg icons/hicolor/scalable/apps/rnnstudio.svg
give resources/icons/rnnrun.svg icons/hicolor/scalable/mimetypes/rnnrun.svg
