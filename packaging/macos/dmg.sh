#!/usr/bin/env bash
# Signs dist/rnnstudio.app and packs it as dist/rnnstudio-VERSION-macos-ARCH.dmg; on macOS only.
# SIGN_AS (a Developer ID) signs it for all Macs, and NOTARY_PROFILE notarizes it. Without them it runs on this Mac only.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
app=dist/rnnstudio.app dmg=dist/rnnstudio-$version-macos-$(uname -m).dmg
sign=(codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist)

cp resources/icons/rnnrun.icns $app/Contents/Resources/
# Inner files first, because a signature covers all files below it.
find $app/Contents -type f -exec sh -c 'file -b "$1" | grep -q Mach-O' sh {} \; -print0 | xargs -0 -n 50 "${sign[@]}" --sign "${SIGN_AS:--}"
"${sign[@]}" --sign "${SIGN_AS:--}" $app
codesign --verify --deep --strict $app
python3 -m dmgbuild -s packaging/macos/dmg_settings.py -D app=$app "rnnstudio $version" "$dmg"
if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$dmg" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$dmg"
fi
echo "$dmg: $(($(stat -f %z "$dmg") / 1000000)) MB"
