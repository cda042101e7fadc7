#!/usr/bin/env bash
# Checks the R package, and the Python package from R without it.   packaging/r/check.sh
#
# Runs R CMD check three times: with Python, which runs tests and examples; with a Python that has no rnnstudio; and with a
# command that is not Python. Writes nothing into the source tree or the user's folders.
# Without R it prints a line and succeeds, but fails if CI is true.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
python=$root/.venv/bin/python
numpy1=$root/.venv/numpy1
say() { printf '== %s\n' "$*"; }

if ! Rscript -e 'library(reticulate); library(testthat)' >/dev/null 2>&1; then
    echo "== the R package is not checked: this needs R with the packages reticulate and testthat"
    [ "${CI:-}" != true ] || exit 1
    exit 0
fi

work=$(mktemp -d)
background=
trap '[ -z "$background" ] || kill "$background" 2>/dev/null; rm -rf "$work"' EXIT

export LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen RNNSTUDIO_HOME=$work/home
export _R_CHECK_FORCE_SUGGESTS_=false _R_CHECK_SYSTEM_CLOCK_=0
# R CMD check asks its repository about dependencies. An empty local repository avoids the network.
mkdir -p "$work/repository/src/contrib"
touch "$work/repository/src/contrib/PACKAGES"
echo "options(repos = c(CRAN = 'file://$work/repository'))" >"$work/Rprofile"
export R_PROFILE_USER=$work/Rprofile
unset RNNSTUDIO_PYTHON RETICULATE_PYTHON RETICULATE_PYTHON_ENV VIRTUAL_ENV PYTHONPATH

# check NAME VARIABLE=VALUE ...: run R CMD check in a folder of its own with these variables. Call it in a subshell.
check() {
    mkdir "$work/$1" && cd "$work/$1"
    exec env "${@:2}" R CMD check --no-manual "$work/$tarball" >"$work/$1.log" 2>&1
}

# report NAME: print the result, and the log if the check failed.
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

# Debian's reticulate 1.28 cannot convert NumPy 2 arrays. The R package works without this conversion, a plain import
# does not: install NumPy 1 into a folder of its own.
install_numpy1() {
    local list=packaging/r/numpy1.txt stamp=$root/.venv/made-from
    cmp -s $list "$stamp/numpy1.txt" && return
    rm -rf "$numpy1"
    "$python" -m pip --disable-pip-version-check install -qq --no-input --no-deps --require-hashes --only-binary :all: \
        --target "$numpy1" -r $list 2>"$work/pip.log" || { cat "$work/pip.log" >&2; return 1; }
    cp $list "$stamp/"
}

plain_import() {
    say "import(\"rnnstudio\") in R, without the R package"
    if ! "$python" -c 'import sys; sys.exit(sys.version_info >= (3, 13))'; then
        echo "  not checked: there is no NumPy 1.26 for $("$python" --version)"
        return
    fi
    install_numpy1 || return 1
    (cd "$work" && PYTHONPATH=$numpy1:$root PYTHONWARNINGS=ignore::FutureWarning RETICULATE_PYTHON=$python \
        Rscript "$root/packaging/r/plain_import.R")
}

say "the R package"
(cd "$work" && R CMD build "$root/packaging/r/rnnstudio") >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
tarball=$(basename "$work"/rnnstudio_*.tar.gz)
"$python" -m venv --without-pip "$work/bare"

# PYTHONPATH: test this checkout, wherever the environment's own rnnstudio comes from
check "with Python" RNNSTUDIO_PYTHON="$python" PYTHONPATH="$root" RNNSTUDIO_TESTS=all &
background=$!
# meanwhile the other checks, which together take as long
(check "without Python" RETICULATE_PYTHON="$work/bare/bin/python") || true
(check "broken Python" RNNSTUDIO_PYTHON=/bin/false) || true
status=0
plain_import || status=1
wait "$background" || true
background=
for name in "with Python" "without Python" "broken Python"; do
    report "$name" || status=1
done
exit $status
