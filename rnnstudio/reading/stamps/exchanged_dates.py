"""Dates of a workbook whose day and month a spreadsheet program may have exchanged."""

from __future__ import annotations

import numpy as np

from rnnstudio.core.account import Question
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.cells.column import Column
from rnnstudio.reading.times.time_parts import Stamps, Whole, date_in_words, stamps_of_parts

_OTHER_ORDER = {"day_first": "month_first", "month_first": "day_first"}
_MOST_MONTHS = 12


def dates_beside_texts(name: str, dates: Stamps, texts: Column, options: ReadOptions) -> tuple[Stamps, Question | None]:
    """Return the dates in a column that also holds dates as text, and the question whether they are exchanged.

    What is open about the texts themselves is asked first.

    A program that reads 02/01/2024 as 1 February leaves 13/01/2024 as text. So the dates are asked about where all
    texts have days above 12, and no date has one. With the order of the texts in `date_order`, they are exchanged back.

    Args:
        name: Name of the column.
        dates: Its dates, `(dates,)`.
        texts: Its texts, read as dates.
        options: How the caller wants it to be read.
    """
    if len(texts.readings) > 1:
        return dates, _order_question(name, texts)
    order = texts.readings[0].order if texts.readings else ""
    known = texts.values[~np.isnat(texts.values)]
    if order not in _OTHER_ORDER or not len(dates) or not len(known):
        return dates, None
    _, month, day = _parts(dates)
    if (_parts(known)[2] <= _MOST_MONTHS).any() or (day > _MOST_MONTHS).any() or (day == month).all():
        return dates, None
    exchanged = _exchanged(dates)
    if options.date_order == order:
        return exchanged, None
    if options.date_order != "auto":
        return dates, None
    example = int(np.flatnonzero(day != month)[0])
    choices = {order: date_in_words(exchanged[example]), _OTHER_ORDER[order]: date_in_words(dates[example])}
    sentence = (
        f"Column {name!r} holds dates up to the 12th day of a month, and text for later days, such as "
        f"{date_in_words(known[0])}: a program may have exchanged day and month of the dates, such as "
        f"{date_in_words(dates[example])}."
    )
    return dates, Question("date_order", choices, sentence, name)


def _order_question(name: str, texts: Column) -> Question:
    first, second = (reading.stamps for reading in texts.readings[:2])
    example = int(np.flatnonzero((first != second) & ~np.isnat(first))[0])
    choices = {reading.order: date_in_words(reading.stamps[example]) for reading in texts.readings}
    sentence = (
        f"Column {name!r} holds dates, and text that can be read as dates in {len(choices)} ways; nothing in the "
        f"column decides what {texts.readings[0].example!r} is."
    )
    return Question("date_order", choices, sentence, name)


def _parts(stamps: Stamps) -> tuple[Whole, Whole, Whole]:
    """Return year, month and day."""
    months = stamps.astype("datetime64[M]")
    day = (stamps.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1
    count = months.astype(np.int64)
    return count // 12 + 1970, count % 12 + 1, day


def _exchanged(stamps: Stamps) -> Stamps:
    year, month, day = _parts(stamps)
    of_day = stamps - stamps.astype("datetime64[D]")
    exchanged: Stamps = stamps_of_parts({"y": year, "n": day, "d": month}, len(stamps)) + of_day
    return exchanged
