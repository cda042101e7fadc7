"""The ways in which dates, clock times and zones are written, as patterns that Python and Arrow both understand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rnnstudio.reading.times.month_names import MONTH_NUMBERS

# Groups: y year, e the year after it, n month as a number, b month as a word, d day, j day of the year, q quarter,
# s half-year, w week, u day of the week, H hour, M minute, S second, f fraction of a second, p a.m. or p.m., z zone,
# v name of the zone.
_DAY, _YEAR, _FULL_YEAR = "[0-9]{1,2}", "(?:1[6-9]|2[0-2])[0-9]{2}|[0-9]{2}", "(?:1[6-9]|2[0-2])[0-9]{2}"
_MONTH_WORDS = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_MONTH = rf"(?P<b>(?:{_MONTH_WORDS}))\.?"
_ANY_WORD = "[^-0-9 .,/:_']+"
_WEEKDAYS = (
    "monday|mon|mo|montag|lundi|lun|lunes|lunedì|tuesday|tues|tue|dienstag|di|mardi|martes|martedì|wednesday|wed|"
    "mittwoch|mi|mercredi|mer|miércoles|mié|mercoledì|thursday|thurs|thur|thu|donnerstag|do|jeudi|jeu|jueves|jue|giovedì|"
    "gio|friday|fri|freitag|fr|vendredi|ven|viernes|vie|venerdì|saturday|sat|samstag|sa|samedi|sam|sábado|sáb|sabato|sab|"
    "sunday|sun|sonntag|so|dimanche|dim|domingo|dom|domenica|måndag|mån|mandag|man|maandag|ma|tisdag|tis|tirsdag|tir|"
    "dinsdag|onsdag|ons|woensdag|wo|torsdag|tors|tor|donderdag|fredag|fre|vrijdag|vr|lördag|lör|lørdag|lør|zaterdag|za|"
    "söndag|sön|søndag|søn|zondag|zo"
)
ZONES: dict[str, int | None] = {  # minutes east of Greenwich; None where a name stands for several zones
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "BST": 60, "IST": None, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420,
    "MDT": -360, "PST": -480, "PDT": -420, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
}  # fmt: skip
_CLOCK = (
    "(?P<H>[0-9]{1,2})(?:[:.h](?P<M>[0-9]{2})(?:[:.](?P<S>[0-9]{2})(?P<f>[.,:][0-9]{1,12})?)?)?"
    r"(?: ?(?P<p>[ap])\.?m\b\.?)?(?: ?uhr)?"
)
_SHORT_CLOCK = "(?P<H>[0-9]{2})(?P<M>[0-9]{2})(?P<S>[0-9]{2})?(?P<f>[.,][0-9]{1,12})?"
_ZONE = (
    rf"(?: ?(?P<z>(?:UTC|GMT)?[-+][0-9]{{1,2}}(?::?[0-9]{{2}})?|{'|'.join(sorted(ZONES, key=len, reverse=True))}))?"
    r"(?: ?[\[(](?P<v>[A-Z_/ ]+)[\])])?"
)
_AFTER_DATE = rf"(?:(?:T| |, ?| - |:|_| at | um ){_CLOCK}{_ZONE})?"
CLOCK_ONLY = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp]\.?[Mm]\.?)?")
CLOCK = f"(?i)^{_CLOCK}{_ZONE}$"


@dataclass(frozen=True)
class Shape:
    """One way to write a date.

    Attributes:
        date: Pattern of the date; MARK stands for what separates its parts.
        written: How it is written in words, likewise.
        order: day_first, month_first or year_first, where the order of the parts can be mistaken; else empty.
        marks: What may separate the parts.
        rest: Pattern of what may follow the date.
    """

    date: str
    written: str
    order: str = ""
    marks: tuple[str, ...] = ("",)
    rest: str = ""

    def pattern(self, mark: str) -> str:
        """Return the pattern of the whole cell with one mark between the parts of the date."""
        return f"(?i)^{self.date.replace('MARK', re.escape(mark))}{self.rest}$"

    def quick(self, mark: str) -> str:
        """Return the pattern for a column whose sample fits it: any word may be a month, four times as fast."""
        return self.pattern(mark).replace(f"(?:{_MONTH_WORDS})", _ANY_WORD)

    def compiled(self, mark: str) -> re.Pattern[str]:
        """Return the pattern for Python."""
        return _compiled(self, mark)


@lru_cache(maxsize=512)
def _compiled(shape: Shape, mark: str) -> re.Pattern[str]:
    return re.compile(shape.pattern(mark))


def _numeric(first: str, second: str, third: str, order: str, rest: str = _AFTER_DATE) -> Shape:
    words = {"d": "day", "n": "month", "y": "year"}
    sizes = {"d": _DAY, "n": _DAY, "y": _FULL_YEAR if order == "year_day" else _YEAR}
    date = "MARK".join(f"(?P<{part}>{sizes[part]})" for part in (first, second, third))
    written = "MARK".join(words[part] for part in (first, second, third))
    return Shape(date, written, order.replace("year_day", "year_first"), ("-", "/", "."), rest)


_NUMERIC = (
    _numeric("d", "n", "y", "day_first"),
    _numeric("n", "d", "y", "month_first"),
    _numeric("y", "n", "d", "year_first"),
)
YEAR_DAY_MONTH = _numeric("y", "d", "n", "year_day")
MONTH_SHORT_YEAR = Shape(rf"{_MONTH}[-/ .,']+(?P<y>[0-9]{{2}})", "month by name, year")
YEAR_AND_NEXT = Shape(rf"(?P<y>{_FULL_YEAR})MARK(?P<e>{_FULL_YEAR}|[0-9]{{2}})", "yearMARKyear", "", ("-", "/", "–"))
_OTHERS = (
    YEAR_AND_NEXT,
    Shape(rf"(?P<y>{_FULL_YEAR})MARK(?P<n>{_DAY})", "yearMARKmonth", "", ("-", "/")),
    Shape(rf"(?P<n>{_DAY})MARK(?P<y>{_FULL_YEAR})", "monthMARKyear", "", ("-", "/")),
    Shape(rf"(?P<y>{_FULL_YEAR}):(?P<n>[0-9]{{2}})", "year:month"),
    Shape(rf"(?P<y>{_FULL_YEAR}):(?P<q>[1-4])", "year:quarter"),
    Shape(rf"FY[- ]?'?(?P<y>{_YEAR})", "FY and year"),
    Shape(rf"(?P<y>{_FULL_YEAR})[-_ ]?M(?P<n>[0-9]{{1,2}})", "year and month"),
    Shape(
        rf"(?P<d>{_DAY})(?:st|nd|rd|th|\.|º)?[-/ .]*(?:of |de )?{_MONTH}(?:[-/ .,']| de | del )*(?P<y>{_YEAR})",
        "day, month by name, year", rest=_AFTER_DATE,
    ),
    Shape(
        rf"{_MONTH}[-/ .]*(?P<d>{_DAY})(?:st|nd|rd|th)?(?:, ?|[-/ ])(?P<y>{_FULL_YEAR})", "month by name, day, year",
        rest=_AFTER_DATE,
    ),
    Shape(rf"(?P<y>{_FULL_YEAR})[-/ .,]*{_MONTH}[-/ .]*(?P<d>{_DAY})", "year, month by name, day", rest=_AFTER_DATE),
    Shape(rf"{_MONTH} (?P<d>{_DAY}),? {_CLOCK}{_ZONE} (?P<y>{_FULL_YEAR})", "month by name, day, clock, year"),
    Shape(rf"{_MONTH}(?:[-/ .,_']| de | del )*(?P<y>{_FULL_YEAR})", "month by name, year"),
    MONTH_SHORT_YEAR,
    Shape(rf"(?P<y>{_FULL_YEAR})[-/ .,_]*{_MONTH}", "year, month by name"),
    Shape(rf"(?P<y>{_FULL_YEAR})[-_ /.]?[QT](?P<q>[1-4])", "year and quarter"),
    Shape(rf"Q(?P<q>[1-4])(?:[-_/.]|, ?| ?')?(?P<y>{_FULL_YEAR})", "quarter and year"),
    Shape(rf"[QT](?P<q>[1-4])[ /'](?P<y>{_YEAR})", "quarter and year"),
    Shape(rf"Q(?P<q>[1-4])-(?P<y>{_YEAR})", "quarter and year"),
    Shape(rf"(?P<q>[1-4])(?:\. ?| )?(?:Q|Quartal|Trimestre|Quarter)[-_ /.']*(?P<y>{_YEAR})", "quarter and year"),
    Shape(rf"(?P<y>{_FULL_YEAR})[-_ /]?[HS](?P<s>[12])", "year and half-year"),
    Shape(rf"[HS](?P<s>[12])[-_ /](?P<y>{_FULL_YEAR})", "half-year and year"),
    Shape(rf"(?P<y>{_FULL_YEAR})[-_ /]?(?:W|KW|CW|Week)[- ]?(?P<w>{_DAY})(?:-?(?P<u>[1-7]))?", "year and week"),
    Shape(rf"(?:W|KW|CW|Week)[- .]*(?P<w>{_DAY})[-_ /,]+(?P<y>{_YEAR})", "week and year"),
    Shape(rf"(?P<y>{_FULL_YEAR})-(?P<j>[0-9]{{3}})", "year-day of the year", rest=_AFTER_DATE),
    Shape(rf"(?P<y>{_FULL_YEAR})(?P<n>[0-9]{{2}})(?P<d>[0-9]{{2}})[T _:-]{_SHORT_CLOCK}{_ZONE}", "yearmonthday, clock"),
    Shape(rf"(?P<y>{_FULL_YEAR})(?P<n>[0-9]{{2}})(?P<d>[0-9]{{2}})(?:T| |, ?|_){_CLOCK}{_ZONE}", "yearmonthday, clock"),
)  # fmt: skip
WEEKS = (  # in a column that is called so
    (Shape(rf"(?P<y>{_FULL_YEAR})MARK(?P<w>{_DAY})", "yearMARKweek", "", ("-", "/", ".", " ")),),
    (Shape(rf"(?P<w>{_DAY})MARK(?P<y>{_YEAR})", "weekMARKyear", "", ("-", "/", ".", " ")),),
)
_CLOCK_FIRST = f"{_CLOCK}(?: |, ?)"
_BEHIND_CLOCK = [
    Shape(_CLOCK_FIRST + shape.date, f"clock, {shape.written}", shape.order, shape.marks)
    for shape in (*_NUMERIC, *_OTHERS)
    if shape.rest
]
WAYS: tuple[
    tuple[Shape, ...], ...
] = (  # tried one after the other; the shapes of one way differ in the order of the parts
    _NUMERIC,
    (YEAR_DAY_MONTH,),
    *((shape,) for shape in _OTHERS),
    tuple(shape for shape in _BEHIND_CLOCK if shape.order),
    *((shape,) for shape in _BEHIND_CLOCK if not shape.order),
)


@lru_cache(maxsize=1)
def any_shape() -> re.Pattern[str]:
    """Return a pattern that fits every cell that one of the shapes fits: it alone rules out most other cells."""
    shapes = [shape for way in (*WEEKS, *WAYS) for shape in way]
    patterns = [
        shape.date.replace("MARK", f"(?:{'|'.join(map(re.escape, shape.marks))})") + shape.rest for shape in shapes
    ]
    return re.compile(re.sub(r"\(\?P<\w+>", "(?:", f"(?i)^(?:{'|'.join(patterns)})$"))


REWRITES = (  # what is replaced before a cell is compared with the shapes
    (r"^\[(.*)\]$", r"\1"),  # as in the logs of web servers
    (r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[_ ]([0-9]{2})-([0-9]{2})-([0-9]{2})$", r"\1 \2:\3:\4"),
    (r"([0-9]{4}) ?г\.?", r"\1"),
    ("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", ""),  # marks without a width
    ("[\\t\u00a0\u202f]| {2,}", " "),
    (rf"(?i)^(?:{_WEEKDAYS})\.?,? +", ""),
    (r"(?i)^mar\.?,? +([0-9]{1,2}[-/.][0-9]{1,2}[-/.]|[0-9]{1,2} [a-zé]{3})", r"\1"),  # mardi or martes, no month
    (r"([0-9日일])\.? ?(?:上午|午前|오전) ?([0-9]{1,2}:[0-9:.]+)", r"\1 \2 am"),
    (r"([0-9日일])\.? ?(?:下午|午後|오후) ?([0-9]{1,2}:[0-9:.]+)", r"\1 \2 pm"),
    ("([0-9]) ?[年년] ?", r"\1-"),
    ("([0-9]) ?[月월] ?", r"\1-"),
    ("([0-9]) ?[日일][,T]? ?", r"\1 "),
    ("([0-9]) ?[时時시点點] ?", r"\1:"),
    ("([0-9]) ?[分분] ?", r"\1:"),
    ("([0-9]) ?[秒초]", r"\1"),
    ("[-: ]+$", ""),
    (r"([0-9])\. ([0-9])", r"\1.\2"),
    (r"([0-9])\. ([0-9])", r"\1.\2"),
    (r"([0-9])\.$", r"\1"),
)
BETWEEN_TIMES = (" - ", " – ", " — ", " to ", " bis ", "/")  # the begin and the end of a period
