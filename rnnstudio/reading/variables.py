"""What files of named arrays hold, and the columns of a series among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError
from rnnstudio.reading.file_checks import check_size, join_names, shape_text

Columns = dict[str, tuple[str, int]]  # name of a column -> variable, and place in it


@dataclass(frozen=True)
class Variables:
    """The variables of a file; their values are read when asked for.

    Attributes:
        name: What messages call the file.
        shapes: Shape of each variable that holds real numbers.
        read: Returns the values of one of them.
        others: What else is there, such as "label (text)".
        rate: Samples per second; 0 where the file does not say.
        columns: What the columns of a matrix are called, where the file gives it no name of its own.
    """

    name: str
    shapes: Mapping[str, tuple[int, ...]]
    read: Callable[[str], NDArray[Any]]
    others: tuple[str, ...] = ()
    rate: float = 0.0
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def load(self, variable: str) -> NDArray[Any]:
        """Return the values of one variable.

        Raises:
            DataError: There is none of this name, it holds no real numbers, or the file is damaged.
        """
        if variable not in self.shapes:
            raise DataError(f"{self.name} has no variable {variable!r} of numbers. {self.contents()}")
        check_size(f"{variable} in {self.name}", self.shapes[variable])
        values = self.read(variable)
        if values.dtype.kind not in "biuf":
            raise DataError(f"{variable} in {self.name} must hold real numbers; received {values.dtype}.")
        if values.shape != self.shapes[variable]:
            raise DataError(f"{variable} in {self.name} is not as its header says; the file may be damaged.")
        return values

    def contents(self) -> str:
        """Return what the file holds, for messages."""
        found = [f"{name} ({shape_text(shape)})" for name, shape in self.shapes.items()] + list(self.others)
        return f"It holds {join_names(found)}." if found else "It holds no variables."

    def steps(self, variable: str) -> int:
        """Return the length of a variable as a series; 0 where it is none: the longer axis of a matrix is time."""
        shape = tuple(n for n in self.shapes[variable] if n != 1)
        return max(shape) if len(shape) in (1, 2) and min(shape) > 0 else 0

    def default_variable(self) -> str:
        """Return the variable meant when nobody says: the drive end of a bearing's data, else the longest vector.

        Raises:
            DataError: No variable is a series.
        """
        usable = [name for name in self.shapes if self.steps(name)]
        if not usable:
            raise DataError(f"{self.name} has no variable that is a series of numbers. {self.contents()}")
        drive = [name for name in usable if name.endswith("_DE_time") or name == "DE"]  # Case Western Reserve's names
        return drive[0] if drive else max(usable, key=self.steps)

    def series(self, wanted: str = "") -> tuple[dict[str, NDArray[np.float64]], str]:
        """Return columns of one length, and which of them is meant.

        Args:
            wanted: A variable or a column of one; the usual one when empty.

        Raises:
            DataError: There is no such series; the message lists what there is.
        """
        variable = wanted or self.default_variable()
        if variable not in self.shapes:
            places = {name: place for v in self.shapes for name, place in self._columns(v).items()}
            if variable not in places:
                raise DataError(f"{self.name} has no variable {variable!r} of numbers. {self.contents()}")
            variable = places[variable][0]
        steps = self.steps(variable)
        if not steps:
            raise DataError(
                f"{variable} in {self.name} must be a series of numbers; received the shape "
                f"{shape_text(self.shapes[variable])}. {self.contents()}"
            )
        alike = [name for name in self.shapes if self.steps(name) == steps]
        check_size(f"{self.name}", (sum(len(self._columns(name)) for name in alike), steps))
        found: dict[str, NDArray[np.float64]] = {}
        for name in (variable, *(other for other in alike if other != variable)):
            values = np.squeeze(self.load(name)).reshape(self.shapes_as_series(name))
            values = values if len(values) == steps else values.T
            with np.errstate(all="ignore"):  # damaged files hold strange NaN
                values = values.astype(np.float64)
            for column, (_, j) in self._columns(name).items():
                found.setdefault(column, values[:, j])
        return found, wanted if wanted in found else next(iter(found))

    def shapes_as_series(self, variable: str) -> tuple[int, int]:
        """Return the two axes of a variable that is a series."""
        shape = tuple(n for n in self.shapes[variable] if n != 1)
        return (shape[0], shape[1]) if len(shape) == 2 else (shape[0], 1)

    def _columns(self, variable: str) -> Columns:
        """Return the columns of a variable as a series; none where it is none."""
        steps = self.steps(variable)
        if not steps:
            return {}
        axes = self.shapes_as_series(variable)
        width = axes[1] if axes[0] == steps else axes[0]
        names = self.columns.get(variable) or ((variable,) if width == 1 else ())
        return {name: (variable, j) for j, name in enumerate(names or (f"{variable}{i + 1}" for i in range(width)))}
