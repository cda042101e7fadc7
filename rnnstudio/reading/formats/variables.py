"""Named arrays of a file ("variables"), and the series among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.byte_budget import MAX_BYTES, ByteBudget, array_bytes
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.variable_account import VariableAccount
from rnnstudio.reading.file_checks import join_names, shape_text

_RECORDING = re.compile("X([0-9]{1,9})_[A-Z]+_time")  # a signal of a bearing data file, such as X099_DE_time
_TIME_NAME = re.compile(r"t|times?|time_?stamps?|date|date_?times?|zeit|index|steps?")  # never predicted by default


@dataclass(frozen=True)
class Variables:
    """The variables of a file. Their values are read on demand.

    Attributes:
        name: Name of the file in messages.
        shapes: Shape of each variable of real numbers.
        read: Returns the values of a variable.
        others: Descriptions of variables that are no numbers, such as "label (text)".
        rate: Samples per second; 0 if the file does not contain it.
        columns: Column names of matrices, for formats that define them.
        types: NumPy type of each variable, such as "float64".
        beside: Length of each vector of dates or text, which can stand beside a series.
        budget: What they may take in memory.
    """

    name: str
    shapes: Mapping[str, tuple[int, ...]]
    read: Callable[[str], NDArray[Any]]
    others: tuple[str, ...] = ()
    rate: float = 0.0
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, int] = field(default_factory=dict)
    budget: ByteBudget = field(default_factory=lambda: ByteBudget(MAX_BYTES))

    def load(self, variable: str) -> NDArray[Any]:
        """Return the values of a variable.

        Raises:
            DataError: There is no such variable of real numbers, or the file is damaged.
        """
        if variable not in self.shapes:
            raise self._unknown_error(variable)
        self.budget.check_array(f"{variable} in {self.name}", self.shapes[variable])
        values = self.read(variable)
        if values.dtype.kind not in "biuf":
            raise DataError(f"{variable} in {self.name} must contain real numbers; received {values.dtype}.")
        if values.shape != self.shapes[variable]:
            raise DataError(
                f"{variable} in {self.name} must have the shape {shape_text(self.shapes[variable])}, as declared; "
                f"received {shape_text(values.shape)}. The file may be damaged."
            )
        return values

    def contents(self) -> str:
        """Return a sentence that lists the variables, for messages."""
        variables = [f"{name} ({shape_text(shape)})" for name, shape in self.shapes.items()] + list(self.others)
        return f"Its variables: {join_names(variables) or 'none'}."

    def steps(self, variable: str) -> int:
        """Return the length of a variable as a series, or 0 if it is not a series.

        A series is a vector or a matrix. The longer axis of a matrix is time.
        """
        axes = self._axes(variable)
        return max(axes) if len(axes) in (1, 2) and min(axes) > 0 else 0

    def series_accounts(self) -> tuple[VariableAccount, ...]:
        """Return the variables that are series, with their shapes and types."""
        return tuple(
            VariableAccount(name, self.types.get(name, "numbers"), shape)
            for name, shape in self.shapes.items()
            if self.steps(name)
        )

    def default_variable(self) -> str:
        """Return the variable to read if none is chosen.

        In bearing data of Case Western Reserve University it is the drive-end signal, else the longest series. Of
        several recordings in one file, it is the one with the number in the file name: X099_DE_time in 99.mat.

        Raises:
            DataError: No variable is a series.
            SettingError: The file holds several recordings, and none has the number in its name.
        """
        series = [name for name in self.shapes if self.steps(name)]
        if not series:
            raise DataError(f"{self.name} must contain a series of numbers. {self.contents()}")
        series = self._of_one_recording(series)
        series = [name for name in series if not _TIME_NAME.fullmatch(name.lower())] or series
        drive_end = [name for name in series if name.endswith("_DE_time") or name == "DE"]
        return drive_end[0] if drive_end else max(series, key=self.steps)

    def _of_one_recording(self, series: list[str]) -> list[str]:
        """Return the series without those of other recordings than the one with the file's number."""
        numbers = {name: int(found[1]) for name in series if (found := _RECORDING.fullmatch(name))}
        recordings = sorted(set(numbers.values()))
        if len(recordings) < 2:
            return series
        in_name = {int(number) for number in re.findall("[0-9]{1,9}", self.name)}.intersection(recordings)
        if len(in_name) != 1:
            raise SettingError(
                f"{self.name} holds the recordings {join_names([str(number) for number in recordings])}, and its name "
                "does not say which is meant. Set variable to one of "
                f"{join_names(list(numbers))}.",
                "variable",
            )
        return [name for name in series if numbers.get(name) in in_name]

    def series(self, name: str = "") -> tuple[dict[str, NDArray[Any]], str]:
        """Return all columns that have the same length as a variable; dates come first, and text last.

        Args:
            name: A variable, or a column of a variable; the default variable if empty.

        Returns:
            The columns by their names, each `(steps,)`, and the name of the column to predict.

        Raises:
            DataError: There is no such series; the message lists the variables.
        """
        variable = self.holder(name)
        steps = self.steps(variable)
        if not steps:
            raise DataError(
                f"{variable} in {self.name} must be a series of numbers, which is a vector or a matrix; received the "
                f"shape {shape_text(self.shapes[variable])}. {self.contents()}"
            )
        self.budget.check_array(f"{variable} in {self.name}", self.shapes[variable])
        same_length = [other for other in self.shapes if self.steps(other) == steps]
        self.budget.check_array(self.name, (sum(prod(self.shapes[other]) // steps for other in same_length), steps))
        columns: dict[str, NDArray[Any]] = {}
        for source in (variable, *(other for other in same_length if other != variable)):
            values = self._as_matrix(source)
            for column, j in self._columns(source).items():
                columns.setdefault(column, values[:, j])
        target = name if name in columns else next(iter(columns))
        labels = {other: self.read(other) for other, length in self.beside.items() if length == steps}
        dates = {other: values for other, values in labels.items() if values.dtype.kind == "M"}
        in_order = {column: columns[column] for other in same_length for column in self._columns(other)}
        return {**dates, **in_order, **{other: v for other, v in labels.items() if other not in dates}}, target

    def holder(self, name: str = "") -> str:
        """Return the variable with a name, with a column of this name, or beside the text of this name.

        Args:
            name: The name; the default variable if empty.

        Raises:
            DataError: There is no such variable.
        """
        if not name:
            return self.default_variable()
        if name in self.shapes:
            return name
        if name in self.beside:
            same_length = [other for other in self.shapes if self.steps(other) == self.beside[name]]
            return same_length[0] if same_length else self.default_variable()
        # of two variables with the same column, the last one is used
        variables = {column: variable for variable in self.shapes for column in self._columns(variable)}
        if name not in variables:
            raise self._unknown_error(name)
        return variables[name]

    def _unknown_error(self, variable: str) -> DataError:
        return DataError(f"{self.name} has no variable {variable!r} of real numbers. {self.contents()}")

    def _axes(self, variable: str) -> tuple[int, ...]:
        """Return the shape of a variable without axes of length 1."""
        return tuple(n for n in self.shapes[variable] if n != 1)

    def _as_matrix(self, variable: str) -> NDArray[Any]:
        """Return a series as `(steps, columns)`, float64 or true and false."""
        axes = self._axes(variable)
        values = np.squeeze(self.load(variable)).reshape(axes if len(axes) == 2 else (axes[0], 1))
        values = values if len(values) == self.steps(variable) else values.T
        with np.errstate(all="ignore"):  # damaged files may contain signalling NaN
            return values if values.dtype.kind == "b" else values.astype(np.float64)

    def _columns(self, variable: str) -> dict[str, int]:
        """Return the columns of a series and their indices; empty if it is not a series, or too large to be read."""
        steps = self.steps(variable)
        if not steps or array_bytes(self.shapes[variable]) > self.budget.most:
            return {}
        axes = self._axes(variable)
        width = 1 if len(axes) == 1 else axes[1] if axes[0] == steps else axes[0]
        names = self.columns.get(variable) or ((variable,) if width == 1 else ())
        return {name: j for j, name in enumerate(names or (f"{variable}{i + 1}" for i in range(width)))}
