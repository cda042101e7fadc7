#!/usr/bin/env bash
# Creates .venv from the lock files, with an editable install of the project.   packaging/setup.sh run|test|bundle
#
# .venv/made-from contains copies of the files that .venv was created from. If they are unchanged, nothing is done. If a
# lock file has changed, .venv is created anew, because an update in place can leave two TensorFlows in conflict.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.venv
python=$venv/bin/python
made=$venv/made-from
packaging=packaging

same() { cmp -s "$1" "$made/$(basename "$1")"; }
note() { mkdir -p "$made" && cp "$1" "$made/"; }
say() { printf '== %s\n' "$*"; }

find_python() {
    local name
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "rnnstudio needs Python 3.11, 3.12 or 3.13, and none was found. Install one, then run: make PYTHON=/path/to/python" >&2
    return 1
}

install() { "$python" -m pip --disable-pip-version-check install -qq --no-input "$@"; }

# pip compiles on one processor core, this on all.
compile_packages() {
    "$python" -m compileall -q -j 0 "$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" >/dev/null 2>&1 ||
        true # packages contain files that are not meant to compile
}

make_venv() {
    local base
    base=$(find_python)
    say "creating $venv with $("$base" --version)"
    rm -rf "$venv"
    # Debian has the part of venv that installs pip in a separate package; the pip of the system can be used instead.
    if ! "$base" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        if ! { "$base" -m venv --without-pip "$venv" && "$base" -m pip --python "$python" install -qq pip; }; then
            rm -rf "$venv"
            echo "Python's venv and pip are needed. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2
            return 1
        fi
    fi
}

lock() {
    same "$1" && return
    say "installing $1 (hundreds of megabytes the first time)"
    install --require-hashes --only-binary :all: --no-compile -r "$1"
    compile_packages
    note "$1"
}

# A folder that was not created by this script has no made-from and is replaced.
same $packaging/requirements.txt && [ -x $python ] || make_venv
for more in dev bundle; do # the lock file has changed
    [ ! -e $made/requirements-$more.txt ] || same $packaging/requirements-$more.txt || make_venv
done
lock $packaging/requirements.txt
[ "$1" != test ] || lock $packaging/requirements-dev.txt
[ "$1" != bundle ] || lock $packaging/requirements-bundle.txt
if ! same pyproject.toml; then
    install --no-deps --no-build-isolation --editable .
    note pyproject.toml
fi
