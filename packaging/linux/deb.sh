#!/usr/bin/env bash
# Packs the bundle as rnnstudio_VERSION_ARCH.deb in dist, or in OUT.   make deb
# COMPRESSION=zstd is faster but makes a larger file. VERSION replaces the version of the project, to test upgrades.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=${VERSION:-$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)}
arch=$(dpkg --print-architecture)
root=build/deb deb=${OUT:-dist}/rnnstudio_${version}_$arch.deb

packaging/linux/tree.sh $root/usr
doc=$root/usr/share/doc/rnnstudio
mkdir -p $root/DEBIAN $doc
cp packaging/linux/copyright $doc/copyright
gzip -9nc CHANGELOG.md >$doc/NEWS.md.gz
released=$(sed -n 's/.*<release version=.* date="\(.*\)".*/\1/p' packaging/linux/*.metainfo.xml | head -n 1)
gzip -9nc >$doc/changelog.gz <<CHANGES
rnnstudio ($version) stable; urgency=medium

  * Of rnnstudio $version; NEWS.md.gz says what changed.

 -- The rnnstudio developers <noreply@rnnstudio.invalid>  $(LC_ALL=C date -u -d "$released" "+%a, %d %b %Y 12:00:00 +0000")
CHANGES
install -D -m 644 packaging/linux/lintian-overrides $root/usr/share/lintian/overrides/rnnstudio
cat >$root/DEBIAN/control <<CONTROL
Package: rnnstudio
Version: $version
Architecture: $arch
Maintainer: The rnnstudio developers <noreply@rnnstudio.invalid>
Installed-Size: $(du -sk --exclude=DEBIAN $root | cut -f 1)
Depends: libc6 (>= 2.36), libstdc++6 (>= 12), libgcc-s1, libegl1, libgl1, libxcb1, libwayland-client0, libwayland-cursor0, libwayland-egl1, xkb-data, fontconfig-config
Section: science
Priority: optional
Description: train recurrent neural networks on sequence data
 rnnstudio trains recurrent neural networks on sequence data. Choose a data set,
 a cell and other settings in its window. TensorFlow trains in the background,
 and plots show the loss and the predictions during training. All functions are
 also available in a terminal.
 .
 Recipes reproduce five publications and compare the results with the published
 ones. You can also train on your own time series and labelled sequences in CSV,
 Excel, Parquet, MATLAB, HDF5, NumPy and sound files. The package includes Python
 and TensorFlow.
CONTROL
(cd $root && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find $root -type d -exec chmod 755 {} +
case ${COMPRESSION:-xz} in
    xz) options=(-Zxz -z9) ;;
    zstd) options=(-Zzstd -z9) ;;
    *) echo "COMPRESSION must be xz or zstd; received $COMPRESSION." >&2; exit 1 ;;
esac
dpkg-deb --root-owner-group "${options[@]}" --build $root "$deb" >/dev/null
rm -rf $root
echo "$deb: $(($(stat -c %s "$deb") / 1000000)) MB"
