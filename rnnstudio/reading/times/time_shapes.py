"""Which of the ways to write a date the text of one cell has."""

from __future__ import annotations

from rnnstudio.reading.times.time_patterns import WAYS, YEAR_AND_NEXT, Shape, any_shape

Ways = tuple[tuple[Shape, ...], ...]
_OF_ONE_CELL = tuple(way for way in WAYS if YEAR_AND_NEXT not in way)  # 2023/24 alone can be a number of anything
_LONGEST = 80  # characters of a date
_LIMITS = {"n": (1, 12), "d": (1, 31), "w": (1, 53), "j": (1, 366), "H": (0, 24), "M": (0, 59), "S": (0, 59)}


def is_date(cell: str) -> bool:
    """Return whether a cell, its excess left out, is a date.

    >>> is_date("31.12.2025"), is_date("31.13.2025")
    (True, False)
    """
    return has_shape(cell, _OF_ONE_CELL)


def has_shape(cell: str, ways: Ways) -> bool:
    """Return whether a cell is written in one of some ways.

    >>> from rnnstudio.reading.times.time_patterns import WEEKS
    >>> has_shape("2024-52", WAYS), has_shape("2024-52", WEEKS)
    (False, True)
    """
    return _may_be_date(cell) and any(fits(*shape, cell) for way in ways for shape in _with_marks(way, cell))


def _may_be_date(cell: str) -> bool:
    return len(cell) <= _LONGEST and has_digits(cell) and any_shape().match(cell) is not None


def has_digits(cell: str) -> bool:
    """Return whether a cell has the two digits that each date has."""
    return sum(map(str.isdigit, cell)) >= 2


def _with_marks(way: tuple[Shape, ...], cell: str) -> list[tuple[Shape, str]]:
    """Return the shapes with the marks between their parts that a cell has."""
    return [(shape, mark) for shape in way for mark in shape.marks if mark in cell]


def shapes_of(cell: str, way: tuple[Shape, ...]) -> list[tuple[Shape, str]]:
    """Return the shapes that a cell fits, each with the mark between its parts."""
    return [shape for shape in _with_marks(way, cell) if fits(*shape, cell)] if _may_be_date(cell) else []


def fits(shape: Shape, mark: str, cell: str) -> bool:
    """Return whether a cell has a shape with a mark between its parts, and numbers that such parts can have."""
    match = shape.compiled(mark).match(cell)
    if match is None:
        return False
    if shape is YEAR_AND_NEXT and (int(match["y"]) + 1 - int(match["e"])) % (100 if len(match["e"]) == 2 else 10_000):
        return False
    numbers = ((int(text), _LIMITS[part]) for part, text in match.groupdict().items() if text and part in _LIMITS)
    return all(low <= number <= high for number, (low, high) in numbers)
