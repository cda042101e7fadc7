"""Where new data of a prediction come from: a file, or the columns of a data frame."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnnstudio.core.columns import as_columns, as_frame, has_columns, has_named_rows, is_series
from rnnstudio.core.errors import SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.wording import enumeration
from rnnstudio.library.shared.reading_settings import options_of
from rnnstudio.reading.table import Table
from rnnstudio.results.contents import RunContents

if TYPE_CHECKING:
    import pandas as pd

_OF_FRAMES = ("time", "date_order", "doubles", "decimal_mark", "thousands_mark", "missing_values")
_OF_FILES = (*_OF_FRAMES, "variable", "header", "separator", "encoding")


@dataclass(frozen=True)
class NewSource:
    """A file or a data frame with new data, which are read as one table.

    Attributes:
        name: What messages call it.
        path: The file; None for a data frame.
        frame: The data frame; None for a file.
    """

    name: str
    path: Path | None = None
    frame: pd.DataFrame | None = None

    def renamed(self, names: Mapping[Any, str]) -> NewSource:
        """Return a data frame with other names of columns, by their old names."""
        assert self.frame is not None
        return replace(self, frame=self.frame.rename(columns=names).rename_axis(index=dict(names)))

    def read(self, options: ReadOptions, variable: str = "") -> Table:
        """Return its columns; see `read_file` for the arguments and errors."""
        if self.frame is not None:
            from rnnstudio.reading.value_columns import frame_table

            return frame_table(self.name, self.frame, options)
        from rnnstudio.reading.files import read_file

        assert self.path is not None
        return read_file(self.path, variable, options)


def new_source(x: Any, run: RunContents) -> NewSource | None:
    """Return what a caller passed as a source of columns: the path of a file, or a frame; None for arrays and lists.

    A column of pandas with a name or times is a frame, so that its name counts and its times order it.

    Raises:
        DataError: Two columns have the same name, or columns differ in length.
    """
    if isinstance(x, (str, os.PathLike)):
        path = Path(x).expanduser()
        return NewSource(path.name, path=path)
    names, of_sequences = run.info.input_names, getattr(run.experiment.data, "sequence", "")
    if is_series(x) and not of_sequences and (has_named_rows(x) or x.name is not None):
        x = x.to_frame(names[0] if x.name is None and len(names) == 1 else str(x.name))
    x = as_columns(x)
    return NewSource("x", frame=as_frame(x)) if has_columns(x) else None


def chosen_options(x: Any, source: NewSource | None, settings: Mapping[str, Any]) -> ReadOptions | None:
    """Return how new data are to be read where they differ from the training's; None where nothing was chosen.

    Args:
        x: What the caller passed.
        source: The same as a source of columns; None for arrays.
        settings: The settings of reading by name.

    Raises:
        SettingError: A setting is unknown or has an unknown value, or `x` has no columns.
    """
    if not settings:
        return None
    from rnnstudio.core.experiment import compose

    known, kind = (_OF_FILES, "file") if source and source.path else (_OF_FRAMES, "data frame")
    unknown = [name for name in settings if name not in known]
    if unknown or source is None:
        received = f"{unknown[0]}" if unknown else f"{next(iter(settings))} for {type(x).__name__}"
        raise SettingError(
            f"predict takes the settings of reading {enumeration(known)} for a {kind}; received {received}.",
            unknown[0] if unknown else next(iter(settings)),
        )
    return options_of(compose("file", dict(settings)).data)
