"""Build the program as a folder that does not need Python, dist/rnnstudio."""

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

# Removing symbols saves 240 MB. The OpenBLAS of NumPy does not work without them.
_STRIPPED_FILES = ("tensorflow/**/*.so*", "pyarrow/*.so*", "libpython3*.so*", "python3*/lib-dynload/*.so")


def main() -> None:
    """Build the bundle, reduce its size, and print the size."""
    log = _build()
    _check_libraries_found(log)
    if sys.platform.startswith("linux"):
        inside = BUNDLE / "_internal"
        _strip(inside)
        _delete_unneeded(inside)
        _check_dependencies(inside)
    _add_licences(BUNDLE / "licenses")
    if shutil.which("dpkg"):
        _add_debian_licences(BUNDLE / "licenses" / "Debian", _top_level_libraries(inside))
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
        result = subprocess.run(
            [sys.executable, "-m", "PyInstaller", *options, str(spec)],
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    output = log.read_text(encoding="utf-8", errors="replace")
    if result.returncode:
        sys.exit(f"{output[-3000:]}\nThe bundle could not be built; the complete log is in {log}.")
    return output


def _add_licences(folder: Path) -> None:
    """Copy the licences of all components, as they require."""
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


def _add_debian_licences(folder: Path, libraries: set[str]) -> None:
    """Copy the copyright files of libraries from Debian packages."""
    for library in sorted(libraries):
        owners = subprocess.run(["dpkg", "-S", f"*/{library}"], capture_output=True, text=True, check=False).stdout
        for package in set(re.findall(r"^([a-z0-9.+-]+)(?::\w+)?: ", owners, re.MULTILINE)):
            copyright_ = Path("/usr/share/doc") / package / "copyright"
            if copyright_.exists():
                (folder / package).mkdir(parents=True, exist_ok=True)
                shutil.copy(copyright_, folder / package)


def _check_libraries_found(log: str) -> None:
    """Exit if this computer lacks a library that Qt needs to open the window and that users may not have."""
    missing = sorted(set(re.findall(r"could not resolve '(lib(?:xcb|xkb|X|wayland)[^']*)'", log)))
    if missing:
        sys.exit(f"The bundle needs {', '.join(missing)}. Install them: packaging/system-libs.sh run")


def _strip(inside: Path) -> None:
    files = [str(f) for pattern in _STRIPPED_FILES for f in inside.glob(pattern) if f.is_file() and not f.is_symlink()]
    subprocess.run(["strip", "--strip-unneeded", *files], check=True)


def _delete_unneeded(inside: Path) -> None:
    """Delete libraries that only excluded files need."""
    while unneeded := _top_level_libraries(inside) - _needed(inside):
        for name in unneeded:
            (inside / name).unlink()


def _top_level_libraries(inside: Path) -> set[str]:
    """Return the names of libraries at the top level: those of the system, and links to those of packages."""
    return {f.name for f in inside.glob("lib*.so*") if not f.name.startswith("libpython")}


def _check_dependencies(inside: Path) -> None:
    """Exit if a needed library is neither in the bundle nor among the libraries that the packages depend on."""
    included = {f.name for f in inside.rglob("*.so*")}
    missing = sorted(name for name in _needed(inside) - included if not contents.is_system_library(name))
    if missing:
        sys.exit(f"The bundle needs {', '.join(missing)}, which is not included and not a dependency of the packages.")


def _needed(inside: Path) -> set[str]:
    files = [str(f) for f in inside.rglob("*") if ".so" in f.name and f.is_file() and not f.is_symlink()]
    output = subprocess.run(["readelf", "-d", *files], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", output))


if __name__ == "__main__":
    main()
