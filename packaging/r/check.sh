#!/usr/bin/env bash
# Checks the R package, and rnnstudio from R without it.   packaging/r/check.sh
#
# R CMD check runs three times: with Python, which runs tests and examples; with a Python that has no rnnstudio; and with
# something that is no Python at all. Nothing is written into the source tree or the user's folders.
# Without R it prints a line and goes on, but fails where CI is true.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
python=$root/.venv/bin/python
overlay=$root/.venv/numpy1
say() { printf '== %s\n' "$*"; }

if ! Rscript -e 'library(reticulate); library(testthat)' >/dev/null 2>&1; then
    echo "== the R package is not checked: that needs R with the packages reticulate and testthat"
    [ "${CI:-}" != true ] || exit 1
    exit 0
fi

work=$(mktemp -d)
first=
trap '[ -z "$first" ] || kill "$first" 2>/dev/null; rm -rf "$work"' EXIT

export LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen RNNSTUDIO_HOME=$work/home
export _R_CHECK_FORCE_SUGGESTS_=false _R_CHECK_SYSTEM_CLOCK_=0
# R asks its repository about dependencies, over the net: here is one, and it is empty.
mkdir -p "$work/none/src/contrib"
touch "$work/none/src/contrib/PACKAGES"
echo "options(repos = c(CRAN = 'file://$work/none'))" >"$work/Rprofile"
export R_PROFILE_USER=$work/Rprofile
unset RNNSTUDIO_PYTHON RETICULATE_PYTHON RETICULATE_PYTHON_ENV VIRTUAL_ENV PYTHONPATH

# check NAME VARIABLE=VALUE ...: R CMD check in a folder of its own, with variables set. Meant for a subshell.
check() {
    mkdir "$work/$1" && cd "$work/$1"
    exec env "${@:2}" R CMD check --no-manual "$work/$tarball" >"$work/$1.log" 2>&1
}

# report NAME: what came of it.
report() {
    local log=$work/$1.log tests=$work/$1/rnnstudio.Rcheck/tests
    if ! grep -q '^Status: OK$' "$log"; then
        say "R CMD check, $1:"
        tail -n 60 "$log"
        [ ! -f "$tests/testthat.Rout.fail" ] || tail -n 60 "$tests/testthat.Rout.fail"
        return 1
    fi
    printf '  R CMD check, %-15s %s\n' "$1:" "$(grep -h '^\[ FAIL' "$tests/testthat.Rout" | tail -n 1)"
}

# reticulate 1.28, which Debian has, cannot convert the arrays of NumPy 2; the R package does without, a plain import not.
ready_overlay() {
    local list=packaging/r/numpy1.txt made=$root/.venv/made-from
    cmp -s $list "$made/numpy1.txt" && return
    rm -rf "$overlay"
    "$python" -m pip --disable-pip-version-check install -qq --no-input --no-deps --require-hashes --only-binary :all: \
        --target "$overlay" -r $list 2>"$work/pip.log" || { cat "$work/pip.log" >&2; return 1; }
    cp $list "$made/"
}

plain_import() {
    say "import(\"rnnstudio\") in R, without the R package"
    if ! "$python" -c 'import sys; sys.exit(sys.version_info >= (3, 13))'; then
        echo "  not checked: there is no NumPy 1.26 for $("$python" --version)"
        return
    fi
    ready_overlay || return 1
    (cd "$work" && PYTHONPATH=$overlay PYTHONWARNINGS=ignore::FutureWarning RETICULATE_PYTHON=$python \
        Rscript "$root/packaging/r/plain_import.R")
}

say "the R package"
(cd "$work" && R CMD build "$root/packaging/r/rnnstudio") >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
tarball=$(basename "$work"/rnnstudio_*.tar.gz)
"$python" -m venv --without-pip "$work/bare"

check "with Python" RNNSTUDIO_PYTHON="$python" RNNSTUDIO_TESTS=all &
first=$!
# beside it, as it takes as long as the others together
(check "without Python" RETICULATE_PYTHON="$work/bare/bin/python") || true
(check "broken Python" RNNSTUDIO_PYTHON=/bin/false) || true
wrong=0
plain_import || wrong=1
wait "$first" || true
first=
for name in "with Python" "without Python" "broken Python"; do
    report "$name" || wrong=1
done
exit $wrong
