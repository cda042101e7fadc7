"""Columns as they are written in tables, with the values that a person reads in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

NO_BREAK, NARROW, MINUS = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{MINUS SIGN}"
THIN, APOSTROPHE = "\N{THIN SPACE}", "\N{RIGHT SINGLE QUOTATION MARK}"
MARKS = {
    ".": "point", ",": "comma", " ": "blank", NO_BREAK: "blank", NARROW: "blank", THIN: "blank", "'": "apostrophe",
    APOSTROPHE: "apostrophe", "": "none",
}  # fmt: skip
MISSING_MARKS = ["", "NA", "N/A", "n/a", "nan", "NaN", "null", "None", ".", "-", "--", "?", "#N/A", "#NAME?", "-999"]
WORDS = {
    "ascii": ["red", "green", "blue", "Berlin", "walking", "sitting", "Paris", "open", "closed", "idle"],
    "western": ["Köln", "Zürich", "Málaga", "Besançon", "Århus", "Gemüse", "Fußgänger", "élève", "señal", "Übung"],
    "chinese": ["北京", "上海市", "广州", "温度", "湿度", "销售额", "天津", "重庆", "正常", "故障"],
    "japanese": ["東京", "大阪府", "気温", "湿度", "売上", "なし", "カタカナ", "ひらがな", "正常", "異常"],
    "polish": ["Łódź", "żółty", "sprzedaż", "Kraków", "ciepło", "święto", "źródło", "miesiąc", "dzień", "włączony"],
    "greek": ["Αθήνα", "θερμοκρασία", "πωλήσεις", "ημέρα", "νύχτα", "ανοιχτό", "κλειστό", "Πάτρα", "ζέστη", "κρύο"],
    "korean": ["서울", "부산", "온도", "습도", "판매량", "정상", "고장", "대구", "인천", "없음"],
    "taiwanese": ["臺北", "高雄市", "溫度", "濕度", "銷售額", "正常", "故障", "臺中", "開啟", "關閉"],
    "cyrillic": ["Москва", "Казань", "температура", "влажность", "продажи", "Омск", "обычный", "сбой", "день", "ночь"],
}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        kind: "number", "yes/no", "text", "time", "clock", "index" or "empty".
        cells: Its cells as they are written, without quotes, in the order of the file.
        values: What they stand for: floats, text, or nanoseconds since 1970; None where missing.
        name: Its name.
        answers: The right answer to each question that a careful reader may ask about it, by setting.
        missing_values: Marks of missing values that must be set.
        unread: Rows of a column of numbers whose cell is no number.
        is_local: Whether a column of times shows a clock that is changed, so that its rows must stay in their order.
    """

    kind: str
    cells: tuple[str, ...]
    values: tuple[Any, ...]
    name: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    missing_values: tuple[str, ...] = ()
    unread: tuple[int, ...] = ()
    is_local: bool = False

    def in_order(self, order: Sequence[int]) -> Column:
        """Return the column with its rows in another order."""
        cells, values = tuple(self.cells[i] for i in order), tuple(self.values[i] for i in order)
        unread = set(self.unread)
        return replace(
            self, cells=cells, values=values, unread=tuple(i for i, row in enumerate(order) if row in unread)
        )


_SHAPES = {  # how a column's numbers come about: one of them, and its number of decimals
    "small integers": lambda r, i: (r.randint(-50, 50), 0),
    "counts": lambda r, i: (r.randint(0, 30_000), 0),
    "around a thousand": lambda r, i: (r.randint(900, 1_100), 0),
    "counter": lambda r, i: (987_654_321 + 7 * i, 0),
    "like years": lambda r, i: (r.randint(1_950, 2_050), 0),
    "like Excel dates": lambda r, i: (r.randint(40_000, 50_000), 0),
    "like seconds since 1970": lambda r, i: (r.randint(1_400_000_000, 1_800_000_000), 0),
    "one decimal": lambda r, i: (r.gauss(20, 8), 1),
    "two decimals": lambda r, i: (r.gauss(0, 3_000), 2),
    "three decimals": lambda r, i: (r.uniform(1, 40), 3),
    "three decimals, large": lambda r, i: (r.uniform(1, 40_000), 3),
    "six decimals": lambda r, i: (r.gauss(0, 1), 6),
    "like clock times": lambda r, i: (r.randint(0, 23) + r.randint(0, 59) / 100, 2),
    "money": lambda r, i: (r.uniform(-2e6, 2e6), 2),
    "constant": lambda r, i: (7, 0),
    "17 digits": lambda r, i: (r.uniform(-1, 1), -1),
    "exponents": lambda r, i: (r.gauss(0, 1) * 10.0 ** r.randint(-12, 12), -2),
    "log-uniform counts": lambda r, i: (int(10 ** r.uniform(0, 6)), 0),
    "large integers": lambda r, i: (r.randint(10**15, 10**18), 0),
}
_SIGNS = [
    ("$", ""), ("€", ""), ("€ ", ""), ("", " €"), ("", "€"), ("£", ""), ("", " EUR"), ("USD ", ""), ("", "%"),
    ("", " %"), ("CHF ", ""), ("R$ ", ""), ("¥", ""), ("", " zł"), ("", " kr"), ("", "\N{PER MILLE SIGN}"), ("", " °C"),
]  # fmt: skip
_BLANKS = [" ", NO_BREAK, NARROW, THIN, "'", APOSTROPHE]
_THOUSANDS = {",": [".", ".", *_BLANKS], ".": [",", ",", *_BLANKS]}


def number_column(r: Random, rows: int, decimal: str, separator: str, is_certain: bool = False) -> Column:
    """Return a column of numbers with a decimal mark, and perhaps a thousands mark, a sign and missing cells.

    Args:
        r: Draws what is left open.
        rows: Number of rows.
        decimal: The decimal mark.
        separator: What stands between the columns of the file.
        is_certain: Whether the column alone must leave no doubt about its decimal mark.
    """
    shape = r.choice(list(_SHAPES))
    thousands = r.choice(["", "", "", *_THOUSANDS[decimal]])
    if separator == " " and thousands == ".":
        thousands = ""  # a point in a file separated by blanks is a decimal mark
    minus = r.choice(["-", "-", "-", MINUS, "()"])
    before, after = r.choice([("", "")] * 6 + list(_SIGNS))
    plus = r.choice([""] * 9 + ["+"])
    short = r.choice([""] * 8 + ["no leading zero", "no trailing zeros"])
    is_indian, is_behind = thousands == "," and r.random() < 0.15, r.random() < 0.05  # 1,23,456 and 12.50-
    if shape in ("17 digits", "exponents"):
        before = after = short = ""
        minus = "-"
    cells, values = [], []
    for i in range(rows):
        value, decimals = _SHAPES[shape](r, i)
        text = f"{abs(value):.{max(decimals, 0)}f}"
        text = {-1: repr(abs(float(value))), -2: f"{abs(value):.5{'eE'[i % 2]}}"}.get(decimals, text)
        if short == "no trailing zeros" and "." in text:
            text = text.rstrip("0").rstrip(".")
        elif short == "no leading zero" and text.startswith("0."):
            text = text[1:]
        values.append(float(f"-{text}" if value < 0 else text))
        whole, point, rest = text.partition(".")
        if thousands and len(whole) > 3:
            whole = f"{int(whole):,}".replace(",", thousands) if not is_indian else _in_lakhs(whole)
        text = whole + (decimal if point else "") + rest
        if minus == "()" and value < 0:
            cells.append(f"({before}{text}{after})")
        elif is_behind and value < 0 and point and not before + after and "e" not in text.lower():
            cells.append(f"{text}-")
        else:
            sign = minus if value < 0 else plus
            is_inside = before.endswith(" ")  # -$5, but EUR -5
            cells.append(f"{before}{sign}{text}{after}" if is_inside else f"{sign}{before}{text}{after}")
    if (separator, thousands) == (",", ".") and not _has_both(cells):
        return number_column(r, rows, decimal, separator, is_certain)  # where all have a point, it is a decimal mark
    if is_certain or (separator, decimal) == (",", ","):
        is_certain = True
        cells[0], values[0] = f"{before}5{decimal}25{after}", 5.25
    column = Column("number", tuple(cells), tuple(values))
    has_words = r.random() < 0.05 and rows >= 20
    column = _with_words(r, column) if has_words else _with_missing(r, column, int(is_certain))
    answers = {
        "thousands_mark": MARKS[
            thousands if any(re.search(rf"\d{re.escape(thousands)}\d{{3}}", c) for c in column.cells) else ""
        ],
        "decimal_mark": MARKS[decimal],
        "missing_values": ("-", "--", "-999"),
    }
    return replace(column, answers=answers)


def _in_lakhs(whole: str) -> str:
    """Return a whole number in groups of two digits before the last three, as in India."""
    rest = whole[:-3]
    odd = len(rest) % 2
    return ",".join([*filter(None, [rest[:odd]]), *re.findall("..", rest[odd:]), whole[-3:]])


def _has_both(cells: Sequence[str]) -> bool:
    """Return whether some numbers have a point, and others are too small for one."""
    return 0 < sum("." in cell for cell in cells) < len(cells)


def _with_words(r: Random, column: Column) -> Column:
    """Return a column of numbers with a word in a few cells."""
    rows = sorted(r.sample(range(1, len(column.cells) - 1), r.randint(1, len(column.cells) // 10)))
    word = r.choice(["broken", "see note", "12a", "> 500", "1.2.3", "offline", "1 or 2", "0x1F"])
    cells = [word if i in rows else cell for i, cell in enumerate(column.cells)]
    return replace(column, cells=tuple(cells), unread=tuple(rows))


def _with_missing(r: Random, column: Column, begin: int = 0) -> Column:
    """Return the column with some cells emptied or marked as missing: anywhere from a row on, or the first ones."""
    rows = len(column.cells)
    share = r.choice([0.0, 0.0, 0.0, 0.1, 0.4])
    if not share or rows < 3:
        return column
    marks = r.sample(MISSING_MARKS, r.randint(1, 2))
    first = r.choice([0, 0, 0, rows // 3])
    gone = {i for i in range(1, rows) if r.random() < share} if not first else set(range(begin, first))
    if len(gone) >= rows - 1:
        return column
    cells = [r.choice(marks) if i in gone else cell for i, cell in enumerate(column.cells)]
    values = [None if i in gone else value for i, value in enumerate(column.values)]
    further = ("-999",) if "-999" in cells else ()
    return replace(column, cells=tuple(cells), values=tuple(values), missing_values=further)


def code_column(r: Random, rows: int, decimal: str) -> Column:
    """Return a column of shares in which a number far from them stands for missing values, as is to be asked."""
    code = r.choice(["-9999", "-999", "9999", "-9999.0", "32767"])
    decimals = r.randint(0, 1)
    values = [round(r.uniform(0, 100), decimals) for _ in range(rows)]
    gone = set(r.sample(range(rows), r.randint(1, rows // 4)))
    cells = [code if i in gone else f"{value:.{decimals}f}" for i, value in enumerate(values)]
    answers = {"missing_values": (str(int(float(code))),), "decimal_mark": MARKS[decimal]}
    known = tuple(None if i in gone else value for i, value in enumerate(values))
    return Column("number", tuple(cell.replace(".", decimal) for cell in cells), known, answers=answers)


_YES_NO = ["True False", "true false", "TRUE FALSE", "yes no", "Yes No", "ja nein", "1 0", "oui non", "y n", "T F"]


def yes_no_column(r: Random, rows: int) -> Column:
    """Return a column of yes and no."""
    yes, no = r.choice(_YES_NO).split()
    flags = [r.random() < 0.5 for _ in range(rows)]
    cells = tuple(yes if flag else no for flag in flags)
    if r.random() < 0.2:  # typed by several people
        cells = tuple(r.choice([cell, cell.lower(), cell.capitalize(), cell.upper()]) for cell in cells)
    return _with_missing(r, Column("yes/no", cells, tuple(map(float, flags))))


_CODES = [
    ["None", "mild", "severe"], ["NA", "EU", "ASIA"], ["nan", "roti", "rice"], ["NULL", "low", "high"], ["A-1", "B-1"],
    ["TRUE", "FALSE", "UNSURE"], ["3-4", "4-4-2", "5-3"], ["1/2", "1/3", "3/4"], ["10.0.0.1", "10.0.0.2"], ["v1.2.3"],
    ["5 kg bag", "7 lb bag"], ["<5", "5-10", ">10"], ["1st", "2nd", "3rd"], ["a", "b", "c"], ["x", "y"], ["n", "s"],
    ["0x1F", "0xA0"], ["#1", "#2"], ["May", "June"], ["Mon", "Tue"], ["e5", "E6"], ["1.5 or 2", "3"], ["inf", "sup"],
    ["B0101", "B0102"], ["-", "ok"], ["?", "known"],
]  # fmt: skip


def text_column(r: Random, rows: int, script: str) -> Column:
    """Return a column of text: classes, codes that resemble something else, or sentences."""
    kind = r.choice(["classes", "classes", "codes", "codes", "sentence", "separators", "line breaks", "padded"])
    if kind == "codes":
        words = r.choice(_CODES)
        texts = [words[i % len(words)] for i in range(rows)]
        r.shuffle(texts)
    elif kind == "classes":
        words = r.sample(WORDS[script], r.randint(2, 4))
        texts = [r.choice(words) for _ in range(rows)]
    else:
        joint = {"separators": ", ", "line breaks": "\n"}.get(kind, " ")
        texts = [joint.join(r.sample(WORDS[script], r.randint(1, 4))) for _ in range(rows)]
        if kind == "separators":
            texts = [text + '; "so" | said' if r.random() < 0.3 else text for text in texts]
        if kind == "padded":
            texts = [f" {text} " if r.random() < 0.5 else text for text in texts]
    if rows > 5 and r.random() < 0.3:
        texts = ["" if i and r.random() < 0.2 else text for i, text in enumerate(texts)]
    if {text.lower() for text in texts} <= {mark.lower() for mark in MISSING_MARKS}:
        return Column("empty", tuple(texts), (None,) * rows)
    return Column("text", tuple(texts), tuple(re.sub(r"^ +| +$", "", text) or None for text in texts))


def id_column(r: Random, rows: int) -> Column:
    """Return a column of names made of digits, with leading zeros."""
    width, ids = r.choice([3, 5, 8]), r.randint(2, 5)
    texts = [f"{r.randint(1, ids):0{width}d}" for _ in range(rows)]
    return Column("id", tuple(texts), tuple(map(float, texts)))


def index_column(rows: int, start: int) -> Column:
    """Return a column without a name that counts the rows."""
    numbers = range(start, start + rows)
    return Column("index", tuple(map(str, numbers)), tuple(map(float, numbers)))


def empty_column(r: Random, rows: int) -> Column:
    """Return a column without values."""
    return Column("empty", (r.choice(["", "", "NA"]),) * rows, (None,) * rows)
