"""Data frames as CSV files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rnnstudio.export.writing import write_file

if TYPE_CHECKING:
    import pandas as pd


def write_csv(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a data frame as UTF-8 CSV and return the path.

    Raises:
        StoreError: It cannot be written. An existing file stays unchanged.
    """
    return write_file(path, lambda file: table.to_csv(file, index=False))
