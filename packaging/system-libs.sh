#!/usr/bin/env bash
# Installs missing system packages if the user may do that.   packaging/system-libs.sh run|test|bundle|r
#   run     libraries that the wheels of Qt need
#   test    the same, and a display server for the tests
#   bundle  libraries of run, and tools that analyse binaries
#   r       R, and R packages that the checks need
# If the user may not, it prints the command and continues: training in the terminal needs none of them.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(uname -s)" = Linux ] || exit 0

# What is needed, and the Debian package that contains it.
run="libglib-2.0.so.0=libglib2.0-0 libEGL.so.1=libegl1 libGL.so.1=libgl1 libxkbcommon.so.0=libxkbcommon0
     libdbus-1.so.3=libdbus-1-3 libfontconfig.so.1=libfontconfig1 libxcb-cursor.so.0=libxcb-cursor0
     libxkbcommon-x11.so.0=libxkbcommon-x11-0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-keysyms.so.1=libxcb-keysyms1
     libxcb-shape.so.0=libxcb-shape0 fonts=fonts-dejavu-core"
test="xvfb-run=xvfb xauth=xauth"
bundle="readelf=binutils strip=binutils"
# A bundle needs the shared library of Python, which the Python of the system does not include.
python=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2] if sys.base_prefix == "/usr" else "")' 2>/dev/null || true)
[ -z "$python" ] || bundle+=" libpython$python.so.1.0=libpython$python"
r="R=r-base-core r:reticulate=r-cran-reticulate r:testthat=r-cran-testthat r:ggplot2=r-cran-ggplot2"

PATH=$PATH:/sbin:/usr/sbin
libraries=$(ldconfig -p 2>/dev/null || true)
exists() {
    case $1 in
        lib*) [[ $libraries == *"$1"* ]] ;;
        r:*) Rscript -e "quit(status = !requireNamespace('${1#r:}', quietly = TRUE))" >/dev/null 2>&1 ;;
        fonts) [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' -print -quit 2>/dev/null)" ] ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

case $1 in
    run) needed=$run purpose="The window needs libraries" ;;
    test) needed="$run $test" purpose="The window and its tests need libraries" ;;
    bundle) needed="$run $bundle" purpose="The bundle needs libraries and tools" ;;
    r) needed=$r purpose="The checks of the R package need packages" ;;
esac
missing=()
for pair in $needed; do
    exists "${pair%%=*}" || missing+=("${pair#*=}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null; }

if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    printf '== installing system libraries: %s\n' "${missing[*]}"
    output=$( (apt update && apt install -y --no-install-recommends "${missing[@]}") 2>&1) && exit 0
    printf '%s\nThe installation failed; see the lines above.\n' "$output"
fi
echo "$purpose that are missing. On Debian and Ubuntu:"
echo "    sudo apt-get install ${missing[*]}"
