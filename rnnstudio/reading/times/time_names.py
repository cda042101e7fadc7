"""Names of columns that say that they hold times, in the languages of the tables that people have."""

from __future__ import annotations

import re

_DATES = (
    "[mqwh]?dates?|datum|fecha|data|days?|tag|datetime|dato|dag|d[ií]a|jour|giorno|päivä|päivämäärä|pvm|tarih|dátum|kuupäev|"
    "дата|день|日付|日期|年月日|날짜|created|updated|modified|opened|closed"
)
_CLOCKS = (
    "time|zeit|uhrzeit|clock|uhr|tid|tidspunkt|aika|czas|čas|idő|saat|время|hora|heure|ora|tiempo|tempo|temps|tijd|"
    "hour|hours|stunde|时间|時間|時刻|시간"
)
_STAMPS = (
    "jd|mjd|datenum|julian[ _]?date|timestamps?|time[ _]?stamp|stamp|zeitstempel|zeitpunkt|epoch|unix\\w*|when|utc|ts|"
    "ds|dt"
)
_PERIODS = "period|periode|yyyymm(?:dd)?|decimal[ _]?(?:date|year|time)"
_ORDERED = (
    "fecha|weeks?|woche|kw|wk|semaine|semana|settimana|vecka|uke|uge|viikko|tydzień|hafta|неделя|week[ _]of|"
    "months?|monat|mois|mese|m[eê]s|måned|månad|maand|kuukausi|miesiąc|měsíc|ay|месяц|"
    "quarters?|quartal|trimestre|years?|jahr|ann[ée]e|a[ñn]o|anno|rok|vuosi|год|year_?month|year_?week|年月"
)
_BEFORE, _BEHIND = r"(?:.*[_ .-])?", r"(?:[_ -](?:utc|gmt|local|at|on|s|ms|us|ns|sec|seconds))?"
_BIRTHS = re.compile(
    r"(?:.*[_ .-])?(?:dob|births?|birth[_ ]?(?:date|day)|date[_ ]of[_ ]birth|geb(?:urtsdatum|urtstag|oren|\.? ?datum)|"
    r"naissance|nacimiento|nascimento|nascita|geboortedatum|födelsedatum|fødselsdato|urodzenia|narození|рождения)",
    re.IGNORECASE,
)
_WEEK = re.compile(
    r"(?:.*(?:_|\b))?(?:weeks?|year_?week|yyyyww|woche|kalenderwoche|kw|semaine|semana|settimana|vecka|uke|uge|viikko)"
    r"(?:[_ ]of|[_ ]no\.?)?",
    re.IGNORECASE,
)
_DATE = re.compile(rf"{_BEFORE}(?:{_DATES}){_BEHIND}", re.IGNORECASE)
_TIME = re.compile(rf"{_BEFORE}(?:{_DATES}|{_CLOCKS}|{_STAMPS}|{_PERIODS}){_BEHIND}", re.IGNORECASE)
_CLOCK = re.compile(
    rf"{_BEFORE}(?:{_CLOCKS}|{_STAMPS}|von|from|start|begin|beginn|beginning)(?:[_ (-].*)?", re.IGNORECASE
)
_ANY = re.compile(rf"{_BEFORE}(?:{_DATES}|{_CLOCKS}|{_STAMPS}|{_PERIODS}|{_ORDERED}){_BEHIND}", re.IGNORECASE)
_STEPS = re.compile(
    r"(?:round|runde|lap|trial|iteration|epoch|elapsed|seconds?|sec|secs|millis(?:econds)?|minutes?|hours?|t|steps?|idx|index|row|nr|no\.?|#|number|"
    r"lfd\.? ?nr\.?)"
    r"(?:[_ (\[-](?:s|ms|us|sec|seconds?|h|min|minutes?|hours?|time)[)\]]?)?",
    re.IGNORECASE,
)
_PAST = re.compile(r"(?:^|[\W_])(?:BP|[Aa]go|[Bb]efore[ _][Pp]resent|ka|kyr|Ma)(?:$|[\W_])")
_NUMBERS = re.compile(
    r"(?:.*[_ ])?(?:id|no|nr|number|nummer|num|order|orders|invoice|index|idx|row|count|ticket|item|case|"
    r"sample|step)s?",
    re.IGNORECASE,
)


def plain_name(name: str) -> str:
    """Return a name without blanks and brackets around it.

    >>> plain_name(" <DATE>")
    'DATE'
    """
    return name.strip().strip("<>[]()").strip()


def says_birth(name: str) -> bool:
    """Return whether a name says that a column holds dates of birth, which order no rows.

    >>> says_birth("birth_date"), says_birth("Geburtsdatum"), says_birth("date")
    (True, True, False)
    """
    return _BIRTHS.fullmatch(plain_name(name)) is not None


def says_date(name: str) -> bool:
    """Return whether a name says that a column holds dates.

    >>> says_date("order_date"), says_date("time")
    (True, False)
    """
    return _DATE.fullmatch(plain_name(name)) is not None


def says_time(name: str) -> bool:
    """Return whether a name says that a column holds dates, clock times or stamps.

    >>> says_time("created_at"), says_time("lifetime")
    (True, False)
    """
    return _TIME.fullmatch(plain_name(name)) is not None


def says_week(name: str) -> bool:
    """Return whether a name says that a column holds weeks.

    >>> says_week("KW"), says_week("weekday")
    (True, False)
    """
    return _WEEK.fullmatch(plain_name(name)) is not None


def says_clock(name: str) -> bool:
    """Return whether a name says that a column holds the time of day of a row, and no other one.

    >>> says_clock("Uhrzeit"), says_clock("Sunrise")
    (True, False)
    """
    return _CLOCK.fullmatch(plain_name(name)) is not None


def says_order(name: str) -> bool:
    """Return whether a name says that a column orders the rows in time: dates, clock times, weeks, years and so on.

    >>> says_order("Week of"), says_order("months since start")
    (True, False)
    """
    return _ANY.fullmatch(plain_name(name)) is not None


def says_steps(name: str) -> bool:
    """Return whether a name says that a column counts the rows, or the time since the first one.

    >>> says_steps("elapsed_s"), says_steps("no"), says_steps("distance")
    (True, True, False)
    """
    return _STEPS.fullmatch(plain_name(name)) is not None


def says_past(name: str) -> bool:
    """Return whether a name or unit says that numbers count from the present into the past.

    >>> says_past("Age (cal yr BP)"), says_past("days_ago"), says_past("age")
    (True, True, False)
    """
    return _PAST.search(name) is not None


def says_number(name: str) -> bool:
    """Return whether a name says that a column numbers things, such as orders.

    >>> says_number("order"), says_number("season")
    (True, False)
    """
    return _NUMBERS.fullmatch(plain_name(name)) is not None
