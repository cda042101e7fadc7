"""Years of other eras in dates: of Buddhists (2567), Japanese emperors (Reiwa 6) and the Republic of China (113)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_FIRST_YEARS = {"令和": 2019, "平成": 1989, "昭和": 1926, "大正": 1912, "明治": 1868}


@dataclass(frozen=True)
class _Era:
    """Dates with the years of an era.

    Attributes:
        name: Its name in a note.
        pattern: Pattern of a date: what stands before the year (a), its era (e) and number (y), and what follows (z).
        begin: The year 0, where the cells do not name the era.
    """

    name: str
    pattern: str
    begin: int = 0


_ERAS = (
    _Era("Japanese eras", rf"^(?P<a>)(?P<e>{'|'.join(_FIRST_YEARS)}) ?(?P<y>元|[0-9]{{1,2}})(?P<z> ?年.*)$"),
    _Era("the Republic of China", "^(?P<a>)(?:民國|民国) ?(?P<y>[0-9]{1,3})(?P<z> ?年.*)$", 1911),
    _Era("the Republic of China", "^(?P<a>)(?P<y>1[0-2][0-9])(?P<z>/(?:0[1-9]|1[0-2])/[0-3][0-9])$", 1911),
    _Era("the Buddhist era", r"^(?P<a>)(?P<y>2[4-6][0-9]{2})(?P<z>[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[T ,].*)?)$", -543),
    _Era(
        "the Buddhist era",
        r"^(?P<a>[0-9]{1,2}[-/. ]+(?:[0-9]{1,2}|[^-/0-9 ]{2,20})[-/. ]+)(?P<y>2[4-6][0-9]{2})(?P<z>(?:[T ,].*)?)$",
        -543,
    ),
)


def in_common_years(texts: Any, first: str) -> tuple[Any, str]:
    """Return dates with the years of another era as dates of the common one, and what to say; other cells stay.

    Args:
        texts: The cells of a column (pyarrow).
        first: The first of them.

    >>> import pyarrow as pa
    >>> dates, note = in_common_years(pa.array(["31/12/2566", "01/01/2567"]), "31/12/2566")
    >>> dates.to_pylist(), note
    (['31/12/2023', '01/01/2024'], 'Years of the Buddhist era, such as 2566, are read as 2023.')
    >>> in_common_years(pa.array(["令和元年5月1日"]), "令和元年5月1日")[0].to_pylist()
    ['2019年5月1日']
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    found = next(((era, match) for era in _ERAS if (match := re.match(era.pattern, first))), None)
    if found is None:
        return texts, ""
    era, written = found[0], found[1].groupdict()
    parts = pc.extract_regex(texts, era.pattern)
    year = pc.replace_substring(pc.struct_field(parts, "y"), "元", "1").cast(pa.int64())
    if era.begin:
        begin: Any = era.begin
    else:
        index = pc.index_in(pc.struct_field(parts, "e"), pa.array(list(_FIRST_YEARS)))
        begin = pc.subtract(pc.take(pa.array(list(_FIRST_YEARS.values())), index), 1)
    common = pc.add(year, begin).cast(pa.string())
    before, behind = (pc.struct_field(parts, part) for part in "az")
    dates = pc.coalesce(pc.binary_join_element_wise(before, common, behind, ""), texts)
    shown = f"{written.get('e', '')}{written['y']}"
    return dates, f"Years of {era.name}, such as {shown}, are read as {common[0].as_py()}."
