"""How much memory the content of a file may take: one rule for every format and every level of nesting.

A small file can declare, or unpack to, more than any computer has. A file of N bytes may therefore take 100 N bytes in
memory, any file 64 MB, and none more than 2 GiB. Readers compute what they will take from the sizes that the file
declares, before they allocate it; an archive within an archive takes from the budget of the outer file.
"""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from rnnstudio.core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 2 << 30
SMALL_BYTES = 64 << 20
RATIO = 100  # text compresses to about a fifth of its size, numbers that are mostly 0 to a hundredth
NUMBER_BYTES = 8  # numbers of any type become float64
_TEXT_BYTES = 64  # of a short text as an object, beside its letters
_PADDING_RATIO = 4  # padding may take so many times the memory of the values, however large these are


class ByteBudget:
    """The bytes that the content of one file may take in memory.

    Args:
        size: The size of the file in bytes.

    Attributes:
        size: The size of the file.
        most: How many bytes its content may take.
        taken: How many bytes have been taken.

    >>> budget = ByteBudget(1000)
    >>> budget.take("x in a.npz", 1_000_000)
    >>> budget.check("y in a.npz", 99_000_000)
    Traceback (most recent call last):
    rnnstudio.DataError: y in a.npz was not read: a file of 1.0 kB may take at most 67.1 MB in memory; its content ...
    """

    def __init__(self, size: int) -> None:
        self.size, self.taken = size, 0
        self.most = min(MAX_BYTES, max(SMALL_BYTES, RATIO * size))

    @classmethod
    def of_file(cls, file: Path) -> ByteBudget:
        """Return the budget of a file that exists."""
        return cls(file.stat().st_size)

    def check(self, name: str, count: int, what: str = "its content") -> None:
        """Check that content fits, before memory is allocated for it.

        Args:
            name: What messages name.
            count: Bytes that it takes.
            what: What takes them, for messages.

        Raises:
            DataError: There is no room for it.
        """
        if self.taken + count <= self.most:
            return
        if self.most == MAX_BYTES:
            advice = "Split it into smaller files."
        else:
            advice = "It may be damaged; otherwise save it in a form that is less compressed."
        raise DataError(
            f"{name} was not read: a file of {size_text(self.size)} may take at most {size_text(self.most)} in "
            f"memory; {what} would take {size_text(self.taken + count)}. {advice}"
        )

    def take(self, name: str, count: int, what: str = "its content") -> None:
        """Take bytes for content that is kept while more is read.

        Raises:
            DataError: There is no room for it.
        """
        self.check(name, count, what)
        self.taken += count

    def check_array(self, name: str, shape: Sequence[int], itemsize: int = NUMBER_BYTES, kind: str = "f") -> None:
        """Check that an array fits.

        Args:
            name: What messages name.
            shape: Its shape.
            itemsize: Bytes of a value.
            kind: NumPy's letter for its type.

        Raises:
            DataError: There is no room for it.
        """
        self.check(name, array_bytes(shape, itemsize, kind), f"an array of the shape {' x '.join(map(str, shape))}")


def array_bytes(shape: Sequence[int], itemsize: int = NUMBER_BYTES, kind: str = "f") -> int:
    """Return the bytes that an array takes once it is in use; text becomes objects.

    >>> array_bytes((10, 2), 1), array_bytes((10,), 4, "S")
    (160, 680)
    """
    return prod(shape) * (itemsize + _TEXT_BYTES if kind in "SUO" else max(itemsize, NUMBER_BYTES))


def check_padding(what: str, lengths: Sequence[int], step_bytes: int) -> None:
    """Check that sequences or series fit into one array in which all are as long as the longest.

    Args:
        what: What they are, a plural, such as "sequences".
        lengths: Steps of each of them.
        step_bytes: Bytes of one step.

    Raises:
        DataError: The padding would take many times the memory of the values.
    """
    longest, values = max(lengths), sum(lengths) * step_bytes
    padded = len(lengths) * longest * step_bytes
    most = min(max(MAX_BYTES, _PADDING_RATIO * values), max(SMALL_BYTES, RATIO * values))
    if padded > most:
        raise DataError(
            f"The longest of {len(lengths):,} {what} has {longest:,} steps, their mean is "
            f"{sum(lengths) / len(lengths):,.0f}. Padded to one length they may take at most {size_text(most)} in "
            f"memory; they would take {size_text(padded)}. Cut the longest into shorter ones, or leave them out."
        )


def size_text(count: int) -> str:
    """Return a number of bytes for people.

    >>> size_text(300), size_text(67_108_864), size_text(3_000_000_000)
    ('300 bytes', '67.1 MB', '3.0 GB')
    """
    if count < 1000:
        return f"{count} bytes"
    unit, divisor = ("kB", 1e3) if count < 1e6 else ("MB", 1e6) if count < 1e9 else ("GB", 1e9)
    return f"{count / divisor:,.1f} {unit}"
