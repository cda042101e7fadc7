#!/usr/bin/env bash
# Makes build/rnnstudio.AppDir from the bundle, and an AppImage from it if APPIMAGETOOL and RUNTIME are files.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=${VERSION:-$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)}
dir=build/rnnstudio.AppDir image=dist/rnnstudio-$version-$(uname -m).AppImage

rm -rf $dir
packaging/linux/tree.sh $dir/usr
ln -s usr/bin/rnnstudio $dir/AppRun
ln -s usr/share/applications/rnnstudio.desktop $dir/rnnstudio.desktop
cp resources/icons/256x256/rnnstudio.png $dir/rnnstudio.png
ln -s rnnstudio.png $dir/.DirIcon
if [ -z "${APPIMAGETOOL:-}" ]; then
    echo "$dir is ready. To make $image, set APPIMAGETOOL and RUNTIME to the files that the release workflow downloads."
    exit
fi
"$APPIMAGETOOL" --appimage-extract-and-run --runtime-file "$RUNTIME" --comp zstd $dir "$image"
echo "$image: $(($(stat -c %s "$image") / 1000000)) MB"
