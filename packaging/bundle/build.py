"""Builds the program as a folder that needs no Python, dist/rnnstudio."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import contents

ROOT = Path(__file__).resolve().parents[2]
DIST, WORK = ROOT / "dist", ROOT / "build" / "bundle"
BUNDLE = DIST / "rnnstudio"

# Symbols of a stripped library cost 240 MB. Not of all: NumPy's OpenBLAS does not survive it.
_STRIPPED = ("tensorflow/**/*.so*", "pyarrow/*.so*", "libpython3*.so*", "python3*/lib-dynload/*.so")


def main() -> None:
    """Build, make smaller, say how large."""
    log = _build()
    _refuse_missing(log)
    if sys.platform.startswith("linux"):
        inside = BUNDLE / "_internal"
        _strip(inside)
        _drop_unneeded(inside)
        _refuse_strangers(inside)
    _add_licences(BUNDLE / "licenses")
    if shutil.which("dpkg"):
        _add_debians_licences(BUNDLE / "licenses" / "Debian", _loose(inside))
    if sys.platform == "darwin":
        shutil.copytree(BUNDLE / "licenses", DIST / "rnnstudio.app" / "Contents" / "Resources" / "licenses")
    size = sum(file.stat().st_size for file in BUNDLE.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"{BUNDLE.relative_to(ROOT)}: {size / 1e6:,.0f} MB")


def _build() -> str:
    WORK.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(BUNDLE, ignore_errors=True)
    spec = Path(__file__).with_name("rnnstudio.spec")
    options = ["--noconfirm", "--distpath", str(DIST), "--workpath", str(WORK)]
    log = WORK / "build.log"
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            [sys.executable, "-m", "PyInstaller", *options, str(spec)],
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    told = log.read_text(encoding="utf-8", errors="replace")
    if done.returncode:
        sys.exit(f"{told[-3000:]}\nThe bundle could not be built; the whole log is in {log}.")
    return told


def _add_licences(folder: Path) -> None:
    """Copy the licences of all parts, as these ask for."""
    shutil.copytree(Path(__file__).with_name("licenses"), folder)
    (folder / "Python").mkdir()
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    shutil.copy(next(p / "LICENSE.txt" for p in places if (p / "LICENSE.txt").exists()), folder / "Python")
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE.txt")
    lock = (ROOT / "packaging" / "requirements.txt").read_text(encoding="utf-8")
    for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE):
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:  # for another system
            continue
        for file in files:
            if re.search(r"dist-info/.*(licen[cs]e|copying|notice)", str(file), re.IGNORECASE):
                to = folder / name / re.sub(r"^.*dist-info/(licenses/)?", "", file.as_posix())
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), to)


def _add_debians_licences(folder: Path, libraries: set[str]) -> None:
    """Copy what Debian says of the libraries that come from it."""
    for library in sorted(libraries):
        told = subprocess.run(["dpkg", "-S", f"*/{library}"], capture_output=True, text=True, check=False).stdout
        for package in set(re.findall(r"^([a-z0-9.+-]+)(?::\w+)?: ", told, re.MULTILINE)):
            copyright_ = Path("/usr/share/doc") / package / "copyright"
            if copyright_.exists():
                (folder / package).mkdir(parents=True, exist_ok=True)
                shutil.copy(copyright_, folder / package)


def _refuse_missing(log: str) -> None:
    """End where this computer lacks a library of Qt's that users cannot be asked for: the window would not open."""
    missing = sorted(set(re.findall(r"could not resolve '(lib(?:xcb|xkb|X|wayland)[^']*)'", log)))
    if missing:
        sys.exit(f"The bundle would lack {', '.join(missing)}: install them here (packaging/system-libs.sh run).")


def _strip(inside: Path) -> None:
    files = [str(f) for pattern in _STRIPPED for f in inside.glob(pattern) if f.is_file() and not f.is_symlink()]
    subprocess.run(["strip", "--strip-unneeded", *files], check=True)


def _drop_unneeded(inside: Path) -> None:
    """Delete libraries that only what was left out needed: nothing that is there names them any more."""
    while unneeded := _loose(inside) - _needed(inside):
        for name in unneeded:
            (inside / name).unlink()


def _loose(inside: Path) -> set[str]:
    """Names of the system's libraries, which lie, and of links to packages' own, at the top."""
    return {f.name for f in inside.glob("lib*.so*") if not f.name.startswith("libpython")}


def _refuse_strangers(inside: Path) -> None:
    """End where a library is needed that is neither here nor one of those that the packages ask the system for."""
    here = {f.name for f in inside.rglob("*.so*")}
    strangers = sorted(name for name in _needed(inside) - here if not contents.is_systems(name))
    if strangers:
        sys.exit(f"The bundle needs {', '.join(strangers)}, which no package asks the system for.")


def _needed(inside: Path) -> set[str]:
    files = [str(f) for f in inside.rglob("*") if ".so" in f.name and f.is_file() and not f.is_symlink()]
    told = subprocess.run(["readelf", "-d", *files], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", told))


if __name__ == "__main__":
    main()
