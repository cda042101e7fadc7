#!/usr/bin/env bash
# Tests the .deb and the .run on new, minimal Debian systems, as root.   make test-install  (SUITES="trixie" TIMES=3)
#
# For each suite: debootstrap, installation of an older version with apt, --smoke on a virtual display, an upgrade that
# keeps the runs, --smoke repeated TIMES times, closing the window during compilation, removal, a list of remaining files.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "Run this as root, which chroot and debootstrap need." >&2; exit 1; }
for tool in debootstrap makeself; do
    command -v $tool >/dev/null || { echo "$tool is needed. Install it: apt-get install debootstrap makeself" >&2; exit 1; }
done
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
arch=$(dpkg --print-architecture)
export COMPRESSION=${COMPRESSION:-zstd}
work=$(mktemp -d /var/tmp/rnnstudio-install-XXXXXX)
trap 'clear_mounts; rm -rf "$work"' EXIT
clear_mounts() { for root in "$work"/*/; do for at in dev/shm proc; do umount -q "$root$at" 2>/dev/null || true; done; done; }

echo "== packages"
export OUT=$work
packaging/linux/deb.sh && mv "$work"/rnnstudio_"${version}"_"$arch".deb "$work"/new.deb
VERSION=0.0.9 packaging/linux/deb.sh && mv "$work"/rnnstudio_0.0.9_"$arch".deb "$work"/old.deb
COMPRESSION=xz packaging/linux/run.sh && mv "$work"/rnnstudio-"$version"-"$(uname -m)".run "$work"/rnnstudio.run

for suite in ${SUITES:-bookworm trixie}; do
    echo "== $suite"
    root=$work/$suite
    debootstrap --variant=minbase "$suite" "$root" "${MIRROR:-http://deb.debian.org/debian}" >"$work/$suite.log" 2>&1 ||
        { tail -n 20 "$work/$suite.log"; exit 1; }
    mount -t proc proc "$root/proc"
    mkdir -p "$root/dev/shm" && mount -t tmpfs tmpfs "$root/dev/shm"
    mv "$work"/{new.deb,old.deb,rnnstudio.run} "$root/root/"
    install -m 755 tests/install/inside.sh tests/install/quit_while_compiling.sh "$root/tmp/"
    chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TIMES="${TIMES:-20}" /tmp/inside.sh
    mv "$root"/root/{new.deb,old.deb,rnnstudio.run} "$work/"
    umount "$root/dev/shm" "$root/proc"
    rm -rf "$root"
done
echo "== installation tests: all passed"
