#!/usr/bin/env bash
# Packs the bundle as rnnstudio-VERSION-ARCH.run, an installer that does not need root, in dist, or in OUT.   make installer
set -euo pipefail
cd "$(dirname "$0")/../.."
version=${VERSION:-$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)}
tree=build/run run=${OUT:-dist}/rnnstudio-$version-$(uname -m).run

packaging/linux/tree.sh $tree
cp packaging/linux/install.sh packaging/linux/uninstall.sh $tree/
case ${COMPRESSION:-xz} in
    xz) options=(--xz --complevel 9 --threads 0) ;;
    zstd) options=(--zstd --complevel 9) ;;
    *) echo "COMPRESSION must be xz or zstd; received $COMPRESSION." >&2; exit 1 ;;
esac
makeself --quiet --sha256 --nox11 --tar-quietly "${options[@]}" $tree "$run" "rnnstudio $version" ./install.sh
rm -rf $tree
echo "$run: $(($(stat -c %s "$run") / 1000000)) MB"
