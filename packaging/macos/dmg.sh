#!/usr/bin/env bash
# Signs dist/rnnstudio.app and makes dist/rnnstudio-VERSION-macos-ARCH.dmg of it; on macOS only.
# With SIGN_AS (a Developer ID) it is signed for everybody, and with NOTARY_PROFILE notarised; without, for this Mac only.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
app=dist/rnnstudio.app dmg=dist/rnnstudio-$version-macos-$(uname -m).dmg
sign=(codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist)

cp resources/icons/rnnrun.icns $app/Contents/Resources/
# From within to without, as a signature covers what lies below it.
find $app/Contents -type f -exec sh -c 'file -b "$1" | grep -q Mach-O' sh {} \; -print0 | xargs -0 -n 50 "${sign[@]}" --sign "${SIGN_AS:--}"
"${sign[@]}" --sign "${SIGN_AS:--}" $app
codesign --verify --deep --strict $app
python3 -m dmgbuild -s packaging/macos/dmg_settings.py -D app=$app "rnnstudio $version" "$dmg"
if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$dmg" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$dmg"
fi
echo "$dmg: $(($(stat -f %z "$dmg") / 1000000)) MB"
