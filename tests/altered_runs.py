"""Saved runs whose files are altered as another program would: with the checksums of the altered files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rnnstudio.results.checked_files import RunFiles
from rnnstudio.results.file_writers import json_writer
from rnnstudio.results.run_folder import Write, commit


def alter(folder: Path, changes: dict[str, dict[str, Any]]) -> None:
    """Change values of JSON files of a run, by the name of the file; nested values are given as nested dicts."""
    files = RunFiles.of_folder(folder)
    rewrite(
        folder, {name: json_writer(merged(json.loads(files.read(name)), values)) for name, values in changes.items()}
    )


def rewrite(
    folder: Path,
    files: Mapping[str, Write] | None = None,
    change: Callable[[dict[str, Any]], Any] = lambda rest: None,
    leave_out: str = "",
) -> None:
    """Write files of a run or leave one out, and change the contents of its `run.json`."""
    rest = RunFiles.of_folder(folder).rest
    keep = [name for name in rest.pop("files") if name != leave_out]
    change(rest)
    commit(folder, files or {}, rest, keep)


def merged(plain: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return plain | {
        name: merged(plain[name], value) if isinstance(value, dict) and isinstance(plain.get(name), dict) else value
        for name, value in change.items()
    }
