"""What the command line predicts and trains, beside Python."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from click.testing import CliRunner

from rnnstudio.cli.main import studio
from tests.combinations.compared import arrays_equal


def check_command_line(saved: str, path: Path, expected: pd.DataFrame) -> None:
    """Compare the CSV of `rnnstudio predict` with `Run.predict_table`."""
    result = CliRunner().invoke(studio, ["predict", saved, "--input", str(path)], prog_name="rnnstudio")
    assert result.exit_code == 0, result.stderr
    table = pd.read_csv(io.StringIO(result.stdout), dtype={"series": str}, keep_default_na=False)
    assert list(table.columns) == list(expected.columns)
    for column in table:
        if str(column).startswith(("prediction", "step")):
            is_number = pd.api.types.is_numeric_dtype(expected[column])
            own = pd.to_numeric(table[column]) if is_number else table[column]
            arrays_equal(f"command line: {column}", own, expected[column].to_numpy())


def check_training_flags(path: Path, settings: Mapping[str, Any], metrics: Mapping[str, float]) -> None:
    """Compare the metrics of `rnnstudio train` with the same settings as flags."""
    flags = []
    for name, value in settings.items():
        flag = f"-{name.replace('_', '-')}"
        if isinstance(value, bool):
            flags.append(f"-{flag}" if value else f"--no{flag}")
        else:
            flags += [f"-{flag}", ",".join(map(str, value)) if isinstance(value, list) else str(value)]
    result = CliRunner().invoke(studio, ["train", str(path), *flags, "--json", "--no-save"], prog_name="rnnstudio")
    assert result.exit_code == 0, result.stderr
    received = json.loads(result.stdout)["metrics"]
    np.testing.assert_equal({name: np.nan if value is None else value for name, value in received.items()}, metrics)
