"""Exports of a run: its history, a script that trains it again, or all of it as one file."""

from __future__ import annotations

from pathlib import Path

from rnnstudio.core.errors import SettingError
from rnnstudio.export.scripts import write_script
from rnnstudio.export.tables import write_csv
from rnnstudio.results.contents import RunContents
from rnnstudio.results.run_archive import RUN_SUFFIX
from rnnstudio.results.saving import write_run_archive


def export_run(run: RunContents, file: Path, decimal: str = "point") -> Path:
    """Write what the suffix of a file selects, and return its path; see `Run.export`.

    Raises:
        SettingError: No export has this suffix, or not this decimal mark.
        StoreError: It cannot be written, or a script is wanted for a run of arrays.
    """
    suffix = file.suffix.lower()
    if suffix == ".csv":
        return write_csv(run.history_table(), file, decimal)
    if decimal != "point":
        raise SettingError(f"decimal applies to .csv files only; received {decimal!r} for {file.name!r}.", "decimal")
    if suffix in (".r", ".py"):
        return write_script(run.experiment, run.record, run.metrics, file, run.footnote)
    if suffix == RUN_SUFFIX:
        return write_run_archive(run, file)
    raise SettingError(
        f"path must end in .csv (history as a table), .R or .py (script that trains the run again) or {RUN_SUFFIX} "
        f"(the run as one file); received {file.name!r}.",
        "path",
    )
