"""Saved runs whose files are altered as another program would: with the checksums of the altered files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rnnstudio.reading.archives import Folder
from rnnstudio.results.run_files import json_writer
from rnnstudio.results.run_folder import RunFiles, commit


def alter(folder: Path, changes: dict[str, dict[str, Any]]) -> None:
    """Change values of JSON files of a run, by the name of the file; nested values are given as nested dicts."""
    files = RunFiles(Folder(folder))
    rest = {name: value for name, value in files.rest.items() if name != "files"}
    rest |= changes.pop("run.json", {})
    writers = {name: json_writer(merged(json.loads(files.read(name)), change)) for name, change in changes.items()}
    commit(folder, writers, rest, files.rest["files"])


def merged(plain: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return plain | {
        name: merged(plain[name], value) if isinstance(value, dict) and isinstance(plain.get(name), dict) else value
        for name, value in change.items()
    }
