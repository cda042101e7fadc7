#!/usr/bin/env bash
# Checks the R package, and the Python package from R without it.   packaging/r/check.sh
#
# Runs R CMD check with Python, and the examples and tests of the installed package twice more: with a Python that has no
# rnnstudio, and with a command that is not Python. Writes nothing into the source tree or the user's folders.
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

# check: run R CMD check with Python. PYTHONPATH: test this checkout, wherever the environment's own rnnstudio comes from.
check() {
    mkdir "$work/check" && cd "$work/check"
    exec env RNNSTUDIO_PYTHON="$python" PYTHONPATH="$root" RNNSTUDIO_TESTS=all \
        R CMD check --no-manual "$work/$tarball" >"$work/check.log" 2>&1
}

# without NAME PYTHON: run examples and tests with a Python that has no rnnstudio.
without() {
    # not in the source tree, where Python would find its rnnstudio
    if (cd "$work" && RETICULATE_PYTHON=$2 R_LIBS=$work/library Rscript "$root/packaging/r/without_python.R" rnnstudio) \
        >"$work/without.log" 2>&1; then
        report "$1:" "$work/without.log"
    else
        say "R, $1:"
        tail -n 60 "$work/without.log"
        return 1
    fi
}

# report WHAT LOG: print the counts of the tests.
report() { printf '  %-28s %s\n' "$1" "$(grep -h '^\[ FAIL' "$2" | tail -n 1)"; }

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
check &
background=$!
# meanwhile the other checks, which together take less time
status=0
mkdir "$work/library"
"$python" -m venv --without-pip "$work/bare"
if tar -xf "$work/$tarball" -C "$work" && R CMD INSTALL --library="$work/library" "$work/rnnstudio" >"$work/install.log" 2>&1; then
    without "without Python" "$work/bare/bin/python" || status=1
    without "broken Python" /bin/false || status=1
else
    cat "$work/install.log"
    status=1
fi
plain_import || status=1
wait "$background" || true
background=
tests=$work/check/rnnstudio.Rcheck/tests
if grep -q '^Status: OK$' "$work/check.log"; then
    report "R CMD check, with Python:" "$tests/testthat.Rout"
else
    say "R CMD check, with Python:"
    tail -n 60 "$work/check.log"
    [ ! -f "$tests/testthat.Rout.fail" ] || tail -n 60 "$tests/testthat.Rout.fail"
    status=1
fi
exit $status
