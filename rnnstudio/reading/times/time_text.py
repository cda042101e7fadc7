"""Dates and clock times in text: how a whole column is written, and the times that it stands for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.reading.times.eras import in_common_years
from rnnstudio.reading.times.time_parts import Stamps, clock_of_parts, parts_of_texts
from rnnstudio.reading.times.time_patterns import (
    BETWEEN_TIMES,
    CLOCK,
    CLOCK_ONLY,
    REWRITES,
    WAYS,
    WEEKS,
    YEAR_AND_NEXT,
)
from rnnstudio.reading.times.time_reading import TimeReading, read_in_shape
from rnnstudio.reading.times.time_shapes import Ways, fits, has_digits, has_shape, is_date, shapes_of

__all__ = ["CLOCK_ONLY", "Stamps", "TimeReading", "clock_times", "is_written_as_time", "time_readings"]

_TO_REWRITE = re.compile("|".join(pattern.removeprefix("(?i)") for pattern, _ in REWRITES), re.IGNORECASE)
_SAMPLE = 1_000  # cells across a column that must fit a way of writing before the whole column is read with it
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z?)?")
_DATE_OF_JSON = r"^\\?/?Date\((?P<ms>-?[0-9]{1,15})(?:[-+][0-9]{4})?\)\\?/?$"
_EVEN = 0.9  # share of the steps that must be equal
_ENOUGH = 3  # times whose order decides in which way they are written


def is_written_as_time(cell: str) -> bool:
    """Return whether the text of a cell is written like a date.

    >>> is_written_as_time("31.12.2025"), is_written_as_time("Dec 2025"), is_written_as_time("1.5")
    (True, True, False)
    """
    if not has_digits(cell):
        return False
    cell = _rewritten(cell.strip())
    return is_date(cell) or bool(_between(cell))


def time_readings(cells: Any, share: float = 1.0, are_weeks: bool = False) -> list[TimeReading]:
    """Return the ways in which the cells of a column can be read as dates; several if day and month are ambiguous.

    Args:
        cells: Distinct texts in the order of the file (a list, or an array of Arrow), without missing ones and blanks
            at the ends.
        share: The share of them that must be dates.
        are_weeks: Whether the column is called weeks, where 2024-01 is the first of them.

    >>> [reading.order for reading in time_readings(["01/02/2024", "01/03/2024"])]
    ['day_first', 'month_first']
    >>> [reading.order for reading in time_readings(["13/02/2024", "01/03/2024"])]
    ['day_first']
    """
    import pyarrow as pa

    texts = cells if isinstance(cells, pa.Array) else pa.array(cells, pa.string())
    if not len(texts):
        return []
    sample = texts.take(np.unique(np.linspace(0, len(texts) - 1, _SAMPLE).astype(np.int64)))
    if iso := _iso(texts, sample[0].as_py()):
        return [iso]
    if epochs := _epochs_in_words(texts, sample[0].as_py()):
        return [epochs]
    texts, note = in_common_years(texts, sample[0].as_py())
    if note:
        sample, _ = in_common_years(sample, sample[0].as_py())
    texts, sample = _all_rewritten(texts, sample)
    ways = (*WEEKS, *WAYS) if are_weeks else WAYS
    examples = sample.to_pylist()
    first = next((cell for cell in examples if has_shape(cell, ways) or _between(cell)), "")
    if mark := _between(first):
        texts = _begins(texts, mark)
        examples = _begins(sample, mark).to_pylist()
        first = first.partition(mark)[0]
        note = f"{note} The cells name periods; the times are their beginnings.".strip()
    found = _fitting(texts, examples, first, ways) if share == 1 else _mostly_fitting(texts, examples, share, ways)
    return [replace(r, note=f"{note} {r.note}".strip(), example=r.example) for r in found]


def clock_times(cells: Any) -> NDArray[np.timedelta64]:
    """Return the times of day of cells such as "07:30 pm", or of their begin in "07:30 - 08:00"; NaT for others.

    >>> clock_times(["07:30 pm", "24:00", "x"]).astype("timedelta64[m]").astype(int)[:2].tolist()
    [1170, 1440]
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.replace_substring_regex(pa.array(cells, pa.string()), "([0-9]) ?[-–] ?[0-9]{1,2}:.*", r"\1")
    matched, parts, _ = parts_of_texts(texts, CLOCK)
    times = clock_of_parts(parts, len(texts)) if matched.any() else np.zeros(len(texts), "timedelta64[ns]")
    times[~matched] = np.timedelta64("NaT")
    return times


def _rewritten(cell: str) -> str:
    if not _TO_REWRITE.search(cell):  # one search instead of all of them, for most cells
        return cell
    for pattern, new in REWRITES:
        cell = re.sub(pattern, new, cell)
    return cell


def _all_rewritten(texts: Any, sample: Any) -> tuple[Any, Any]:
    """Return the cells and the sample without weekdays, blanks in excess and the like."""
    import pyarrow.compute as pc

    for pattern, new in REWRITES:
        if pc.any(pc.match_substring_regex(sample, pattern)).as_py():
            texts, sample = (pc.replace_substring_regex(array, pattern, new) for array in (texts, sample))
    return texts, sample


def _iso(texts: Any, first: str) -> TimeReading | None:
    """Return the times of a column written as ISO 8601 has it, which need no pattern."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not _ISO.fullmatch(first):
        return None
    zone = "UTC" if first.endswith("Z") else ""
    if zone and not pc.all(pc.ends_with(texts, "Z")).as_py():
        return None  # offsets that differ are spoken of
    try:
        stamps = texts.cast(pa.timestamp("ns", zone or None)).cast("int64").to_numpy()
    except pa.ArrowInvalid:
        return None
    written = "year-month-day, clock" if len(first) > len("2024-01-31") else "year-month-day"
    return TimeReading(stamps.view("datetime64[ns]").copy(), f"{written}, zone" if zone else written, zone=zone)


def _epochs_in_words(texts: Any, first: str) -> TimeReading | None:
    """Return the times of cells such as /Date(1704067200000)/, in milliseconds since 1970."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not re.match(_DATE_OF_JSON, first):
        return None
    extracted = pc.extract_regex(texts, _DATE_OF_JSON)
    if extracted.null_count:
        return None
    stamps = pc.struct_field(extracted, "ms").cast(pa.int64()).to_numpy().astype("datetime64[ms]")
    return TimeReading(stamps.astype("datetime64[ns]"), "ms since 1970", zone="UTC")


def _between(cell: str) -> str:
    """Return what stands between the two times of a period; empty where a cell is no period."""
    for mark in BETWEEN_TIMES:
        begin, found, end = cell.partition(mark)
        if found and mark not in end and is_date(begin) and is_date(end):
            return mark
    return ""


def _begins(texts: Any, mark: str) -> Any:
    """Return the begins of periods; a zone in brackets is kept."""
    import pyarrow.compute as pc

    return pc.replace_substring_regex(texts, f"{mark}[^(]*", "")


def _mostly_fitting(texts: Any, sample: list[str], share: float, ways: Ways) -> list[TimeReading]:
    """Return the readings of the shapes that fit at least a share of a column."""
    dates = [cell for cell in sample if has_shape(cell, ways)]
    while dates and len(dates) >= share * len(sample):
        if found := _fitting(texts, sample, dates[0], ways, share):
            return found
        tried = [shape for way in ways for shape in shapes_of(dates[0], way)]
        dates = [cell for cell in dates if not any(fits(shape, mark, cell) for shape, mark in tried)]
    return []


def _fitting(texts: Any, sample: list[str], first: str, ways: Ways, share: float = 1.0) -> list[TimeReading]:
    """Return the readings of the shapes that fit the whole column, or at least a share of it."""
    import pyarrow.compute as pc

    readings: list[TimeReading] = []
    for way in ways:
        for shape, mark in shapes_of(first, way):
            if shape is YEAR_AND_NEXT and len(sample) < _ENOUGH:
                continue  # 2001-02 can be a month
            do_fit = (
                all(fits(shape, mark, cell) for cell in sample)
                if share == 1
                else sum(fits(shape, mark, cell) for cell in sample) >= share * len(sample)
            )
            reading = read_in_shape(texts, shape, mark, share) if do_fit else None
            if reading is not None and np.isnat(reading.stamps).sum() <= (1 - share) * len(texts):
                readings.append(reading)
        if readings:
            break
    if any(reading.order == "day_first" and "." in reading.written for reading in readings):
        readings = [
            reading for reading in readings if reading.order != "month_first"
        ]  # no country writes that with points
    readings = _ranked(_different(readings))
    if len(readings) > 1:
        differs = readings[0].stamps != readings[1].stamps
        example = pc.take(texts, [int(np.flatnonzero(differs & ~np.isnat(readings[0].stamps))[0])])[0].as_py()
        readings = [replace(reading, example=example) for reading in readings]
    return readings


def _different(readings: list[TimeReading]) -> list[TimeReading]:
    """Return the readings that give different times; where all give the same, the order does not matter."""
    different: list[TimeReading] = []
    for reading in readings:
        if not any(np.array_equal(reading.stamps.view(np.int64), other.stamps.view(np.int64)) for other in different):
            different.append(reading)
    return [replace(different[0], order="")] if len(different) == 1 < len(readings) else different


def _ranked(readings: list[TimeReading]) -> list[TimeReading]:
    """Return the readings, the most likely first: the order of the times decides where a year of two digits stands."""
    if len(readings) < 2:
        return readings
    runs = [_runs(reading.stamps) for reading in readings]
    ranked = [reading for _, reading in sorted(zip(runs, readings, strict=True), key=lambda pair: not pair[0])]
    of_year = {run for run, reading in zip(runs, readings, strict=True) if reading.order == "year_first"}
    of_others = {run for run, reading in zip(runs, readings, strict=True) if reading.order != "year_first"}
    if of_year and of_others and len(readings[0].stamps) >= _ENOUGH and (True in of_year) != (True in of_others):
        return [reading for reading in ranked if (reading.order == "year_first") == (True in of_year)]
    return ranked


def _runs(stamps: Stamps) -> bool:
    """Return whether times stand in order, or are evenly spaced once they are sorted."""
    known = stamps[~np.isnat(stamps)]
    steps = np.diff(known)
    if (steps > np.timedelta64(0)).all() or (steps < np.timedelta64(0)).all():
        return True
    _, counts = np.unique(np.diff(np.sort(known)), return_counts=True)
    return bool(counts.max() >= _EVEN * counts.sum())
