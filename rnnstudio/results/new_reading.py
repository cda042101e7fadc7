"""How new data are read for a run: as its training read them, but for what the caller chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rnnstudio.core.errors import DataError
from rnnstudio.core.precision import Floats
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.trained_columns import TrainedColumn, trained_columns
from rnnstudio.library.shared.reading_settings import options_of
from rnnstudio.reading.table import Table
from rnnstudio.results.contents import RunContents
from rnnstudio.results.new_source import NewSource

EndOf = Callable[[Floats], int]


@dataclass(frozen=True)
class NewReading:
    """New data, and how they are read.

    Attributes:
        source: The file or data frame.
        run: The run that predicts.
        changed: How they are read where that differs from the training's; None for nowhere.
        end_of: From values `(T, F)`, NaN where missing, to the number of rows that are read; None for all rows.
    """

    source: NewSource
    run: RunContents
    changed: ReadOptions | None
    end_of: EndOf | None = None

    def table(self, options: ReadOptions, variable: str = "") -> Table:
        """Return the table; what the training names but the new data lack, a time column or an array, is found."""
        try:
            return self.source.read(options, variable)
        except DataError:
            own = self.changed or ReadOptions()
            other = replace(options, time=own.time, variable=own.variable)
            if other == options and not variable:
                raise
            return self.source.read(other)

    def options(self, **chosen: Any) -> ReadOptions:
        """Return how they are read, with what is chosen here."""
        trained = trained_columns(self.run.info.account)
        if self.changed is not None:  # what the caller chooses is not asked of the training
            no_order = self.changed.date_order != "auto"
            no_mark = self.changed.decimal_mark != "auto" or self.changed.thousands_mark != "auto"
            trained = {
                name: TrainedColumn("" if no_order else column.date_order, "" if no_mark else column.decimal_mark)
                for name, column in trained.items()
            }
        return replace(options_of(self.run.experiment.data, self.changed), trained=trained, **chosen)
