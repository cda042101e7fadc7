"""History and predictions as CSV."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rnnstudio.core.errors import StoreError

if TYPE_CHECKING:
    import pandas as pd


def write_csv(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a data frame as UTF-8 CSV, to a temporary name first, and return the path.

    Raises:
        StoreError: It cannot be written; a file of that name stays as it was.
    """
    file = Path(path).expanduser()
    temporary = file.with_name(f".{file.name}.part")
    try:
        table.to_csv(temporary, index=False)
        temporary.replace(file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StoreError(f"{file} cannot be written: {error.strerror or error}. Choose another place.") from None
    return file
