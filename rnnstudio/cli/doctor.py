"""`rnnstudio doctor`: a check of all saved runs, and versions, device and folders of this computer for a bug report."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from rnnstudio.cli.output import echo, json_text

_PACKAGES = ("keras", "numpy", "pandas", "pydantic", "pyqtgraph")
_VARIABLES = ("RNNSTUDIO_HOME", "RNNSTUDIO_DATA", "CUDA_VISIBLE_DEVICES", "QT_QPA_PLATFORM", "LD_LIBRARY_PATH")


@click.command(short_help="Check and repair the saved runs; print versions and device for a bug report.")
@click.option("--no-repair", is_flag=True, help="Check the saved runs, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def doctor(no_repair: bool, as_json: bool) -> None:
    """Check and repair the saved runs, and print device, versions and folders for a bug report.

    Each file of each run is compared with its checksum. What can be repaired is repaired, and what saves that did not
    end have left is deleted after a day. The exit code is 1 where damage remains.
    """
    lines = list(_lines())
    if not as_json:
        for name, value in lines:
            echo(f"{name:<12}{value}")
    from rnnstudio.results.store_check import check_store

    count, findings = check_store(repair=not no_repair, report=_report_progress)
    if as_json:
        system = {name: value for name, value in lines if name != "variable"}
        variables = dict(value.split("=", 1) for name, value in lines if name == "variable")
        rows = [finding.to_dict() for finding in findings]
        echo(json_text({"system": {**system, "variables": variables}, "checked": count, "findings": rows}))
    else:
        for finding in findings:
            advice = f" {finding.advice}" if finding.advice else ""
            echo(f"{finding.run or 'leftovers'}: {finding.found} {finding.done}{advice}")
        damaged = len({finding.path for finding in findings if finding.is_damaged})
        noun = "1 run or group" if count == 1 else f"{count:,} runs and groups"
        echo(f"{'checked':<12}{noun}, {f'{damaged:,} damaged' if damaged else 'none damaged'}")
    if any(finding.is_damaged for finding in findings):
        raise click.exceptions.Exit(1)


def _report_progress(done: int, count: int) -> None:
    """Say how many runs are checked, where there are so many that it takes a while."""
    if done and done % 500 == 0 and sys.stderr.isatty():
        echo(f"{done:,} of {count:,} runs are checked", err=True)


def _lines() -> Iterator[tuple[str, str]]:
    from rnnstudio import __version__
    from rnnstudio.cli.display import has_display
    from rnnstudio.core.paths import compiled_folder, downloads_folder, home, runs_folder
    from rnnstudio.results.machine import machine
    from rnnstudio.results.store_entries import run_folders

    yield "rnnstudio", f"{__version__}, in {Path(__file__).parents[1]}"
    yield "python", f"{platform.python_version()}, {_interpreter()}"
    yield "system", f"{platform.platform()}, {_cores()}, {_memory()}"
    found = machine()
    yield "processor", f"{found['processor']}; instructions: {found['instructions'] or 'unknown'}"
    yield "tensorflow", _version("tensorflow", "tensorflow-cpu")
    yield "device", _device()
    for package in _PACKAGES:
        yield package, _version(package)
    yield "qt", _qt()
    yield "display", "yes" if has_display() else "none, so only the command line works here"
    yield "home", f"{home()} ({_access(home())})"
    yield "runs", f"{len(run_folders())}, in {runs_folder()}"
    yield "programs", f"{compiled_folder()} ({_access(compiled_folder())})"
    yield "downloads", f"{downloads_folder()} ({_access(downloads_folder())})"
    for variable in _VARIABLES:
        if os.environ.get(variable):
            yield "variable", f"{variable}={os.environ[variable]}"


def _interpreter() -> str:
    is_packaged = getattr(sys, "frozen", False)  # it has its own Python, in which nothing can be installed
    return f"of the packaged program (a bundle), {sys.executable}" if is_packaged else sys.executable


def _version(*names: str) -> str:
    for name in names:
        try:
            return f"{version(name)}{'' if name == names[0] else f' ({name})'}"
        except PackageNotFoundError:
            continue
    return "not installed"


def _device() -> str:
    try:
        kind, reason = import_module("rnnstudio.engine.runtime").device()
    except Exception as error:  # the report is for whatever keeps TensorFlow from loading
        return f"none, TensorFlow cannot be loaded: {_first_line(error)}"
    return f"{kind}: {reason}"


def _qt() -> str:
    try:
        import_module("PySide6.QtWidgets")
    except Exception as error:  # usually a missing system library
        return f"cannot be loaded: {_first_line(error)}"
    return f"PySide6 {_version('PySide6-Essentials', 'PySide6')}"


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _access(folder: Path) -> str:
    from rnnstudio.core.paths import is_there, why_unwritable

    if reason := why_unwritable(folder):
        return f"cannot be written: {reason}"
    return "can be written" if is_there(folder) else "does not exist yet, can be created"


def _cores() -> str:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{usable} of {os.cpu_count()} cores"


def _memory() -> str:
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        return "memory unknown"
    return f"{total / 2**30:.1f} GiB of memory"
