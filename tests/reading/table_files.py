"""Tables as files, as people have them: separators, marks, encodings, headers, titles, totals, dates and orders.

The values that a person reads in each file are known. Nothing here knows how rnnstudio reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from rnnstudio.core.read_options import ReadOptions
from tests.reading import table_columns as columns_of
from tests.reading.table_columns import Column
from tests.reading.table_dates import HOURS, SERIES, series_columns, time_columns
from tests.reading.table_lines import lines_above, lines_below, lines_between

_NAMES = {
    "ascii": ["sales", "temp", "load", "x1", "price", "Umsatz", "count", "speed kmh", "accX", "kWh", "y", "wind (m/s)"],
    "western": ["Größe", "température", "Stückzahl", "altura", "Höhe über NN", "Menge", "prix", "Länge"],
    "chinese": ["温度", "湿度", "销售额", "数量", "价格", "城市"],
    "japanese": ["気温", "湿度", "売上高", "数量", "価格", "都市"],
    "cyrillic": ["температура", "влажность", "продажи", "количество", "цена", "город"],
    "polish": ["sprzedaż", "ilość", "wilgotność", "wartość", "napięcie", "prędkość"],
    "greek": ["θερμοκρασία", "υγρασία", "πωλήσεις", "ποσότητα", "τιμή", "πόλη"],
    "korean": ["온도", "습도", "판매량", "수량", "가격", "도시"],
    "taiwanese": ["溫度", "濕度", "銷售額", "數量", "價格", "城市"],
}
_ENCODINGS = {
    "ascii": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"],
    "western": ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"],
    "chinese": ["utf-8", "utf-8-sig", "utf-16", "gbk"],
    "japanese": ["utf-8", "shift_jis"],
    "cyrillic": ["utf-8", "utf-16", "cp1251", "koi8-r"],
    "polish": ["utf-8", "cp1250"],
    "greek": ["utf-8", "cp1253"],
    "korean": ["utf-8", "cp949"],
    "taiwanese": ["utf-8", "big5"],
}
_SCRIPTS = ["ascii", "ascii", "ascii", "western", "western", "western", *_NAMES]
_NUMBERED = {  # names that are numbers
    "years": lambda n: [str(2004 + i) for i in range(n)],
    "channels": lambda n: [str(i) for i in range(n)],
    "depths": lambda n: [str(10 * 2**i) for i in range(n)],
}
_MIN_LETTERS = 60  # beyond ASCII, from which on an encoding can be found
_MIN_SERIES = 40  # rows of a table of several series
_MIN_CODES = 12  # rows of a column with a code of missing values
_SPLIT = re.compile(r'[^"\n]*[0-9],[0-9][^"\n]*')
_MIN_SPLIT = 4  # rows of a table whose commas separate cells and decimals
_ODD_NAMES = ["a, b; c", " padded ", 'so "called"', "two\nlines", "2nd", "x|y", "humidity %", "a long name " * 40]


@dataclass(frozen=True)
class TableFile:
    """A table as a file.

    Attributes:
        above: The lines above the rows.
        rows: The lines of the rows.
        below: The lines below them.
        columns: Its columns, with what is right.
        options: What must be set to read it.
        encoding: Its encoding.
        end: What ends a line.
        style: How it was written: the choices of the writer by name.
        answers: The right answer to each question that a careful reader may ask about the file, by setting.
        is_named: Whether it names the columns.
        is_split: Whether the commas in its numbers, which are not quoted, also separate its columns. Nobody can read
            such a file for sure.
    """

    above: tuple[str, ...]
    rows: tuple[str, ...]
    below: tuple[str, ...]
    columns: tuple[Column, ...]
    options: ReadOptions
    encoding: str
    end: str
    style: Mapping[str, str]
    answers: Mapping[str, str] = field(default_factory=dict)
    is_named: bool = True
    is_split: bool = False

    def raw(self, repeats: int = 1) -> bytes:
        """Return its bytes, with the rows so many times."""
        lines = (*self.above, *self.rows * repeats, *self.below)
        text = self.end.join(lines) + (self.end if self.style["last line"] == "ended" else "")
        return text.encode(self.encoding)


def table_file(r: Random) -> TableFile:
    """Return a table as a file: each choice of its writer is drawn at random."""
    rows = r.choice([r.randint(1, 3), *[r.randint(4, 40)] * 7, r.randint(3, 400)])
    separator = r.choice([",", ",", ",", ";", ";", "\t", "|", " "])
    decimal = r.choice("....,") if separator == "," else r.choice(".,")
    script = r.choice(_SCRIPTS)
    if separator == " ":
        script = "ascii"
    columns, order = _columns(r, rows, separator, decimal, script)
    header = r.choice(["names"] * 9 + ["none", "none", "index", "duplicates", "odd", "R", *_NUMBERED])
    if len(columns) == 1 and (header != "none" or any("," in cell or " " in cell for cell in columns[0].cells)):
        header = "names"  # without it, 1,5 could be two columns
    columns, header = _named(r, columns, header, script, separator)
    always, padding = r.random() < 0.1, " " if separator in ",;|" and r.random() < 0.1 else ""
    rows = len(columns[0].cells)
    has_trailing = len(columns) > 1 and separator != " " and r.random() < 0.08
    trailing = separator if has_trailing else ""
    widths = [max(len(_quoted(cell, separator, always)) for cell in (*c.cells, c.name)) for c in columns]
    is_aligned = separator == " " and r.random() < 0.5
    aside = Random()  # whose choices do not change the others
    aside.setstate(r.getstate())
    is_split = separator == decimal == "," and not always and rows >= _MIN_SPLIT and aside.random() < 0.4

    def line(cells: Sequence[str]) -> str:
        written = [cell if is_split and _SPLIT.fullmatch(cell) else _quoted(cell, separator, always) for cell in cells]
        if written == [""]:
            written = ['""']  # an empty line is no row
        if is_aligned:
            return "  " + "  ".join(cell.rjust(width) for cell, width in zip(written, widths, strict=True))
        return (separator + padding).join(written) + trailing

    names = [column.name for column in columns]
    above = [] if header == "none" else [line(names[1:] if header == "R" else names)]
    extra = r.choice(["none"] * 4 + ["title", "filled title", "comments", "units", "three rows", "sep=", "rule"])
    above, extra = lines_above(r, extra, above, columns, header, separator, script, line)
    body = [line([column.cells[i] for column in columns]) for i in range(rows)]
    below, footer = lines_below(r, columns, separator, line)
    body, between = lines_between(r, body, columns, separator, trailing)
    text = "\n".join((*above, *body, *below))
    encoding = r.choice([e for e in _ENCODINGS[script] if _can_encode(text, e)])
    letters = sum(ord(letter) > 127 and letter.isalpha() for letter in text)
    is_clear = encoding.startswith("utf") or text.isascii() or letters >= _MIN_LETTERS
    is_known = is_clear or r.random() < 0.5
    marks = tuple(sorted({mark for column in columns for mark in column.missing_values}))
    style = {
        "separator": separator, "decimal": decimal, "script": script, "header": header, "above": extra, "below": footer,
        "order": order, "last line": r.choice(["ended", "ended", "open"]), "trailing": trailing, "padding": padding,
        "quotes": "all" if always else "where needed", "between": between,
        "encoding": "set" if not is_known else "clear" if is_clear else "few letters",
    }  # fmt: skip
    time = next((column.name for column in columns if column.kind == "time"), "") or "none"
    signs = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
    series = next((column.name for column in columns if column.name in SERIES), "none")
    answers = {"time": time, "doubles": "keep", "series": series, "separator": signs[separator]} | next(
        (dict(column.answers) for column in columns if column.kind == "time"), {}
    )
    if header in ("R", "duplicates"):
        answers["header"] = str(len(above))
    return TableFile(
        tuple(above), tuple(body), tuple(below), tuple(columns),
        ReadOptions(missing_values=marks, encoding="" if is_known else encoding, series=""), encoding,
        r.choice(["\n", "\n", "\r\n", "\r\n", "\r"]), style, answers, header != "none",
        is_split and any(_SPLIT.fullmatch(cell) for column in columns for cell in column.cells),
    )  # fmt: skip


def _columns(r: Random, rows: int, separator: str, decimal: str, script: str) -> tuple[list[Column], str]:
    """Return the columns with the rows in the order of the file, and that order."""
    count = r.choice([1, 2, 3, 3, 4, 5]) if r.random() < 0.99 else 2_000 // max(rows, 4)
    is_mixed = r.random() < 0.08
    columns = []
    for kind in r.choices(["number", "yes/no", "text", "id", "empty"], [12, 2, 4, 0.5, 0.5], k=count):
        if kind == "number" and not is_mixed and rows >= _MIN_CODES and r.random() < 0.03:
            columns.append(columns_of.code_column(r, rows, decimal))
        elif kind == "number":
            mark = r.choice(".,") if is_mixed else decimal
            columns.append(columns_of.number_column(r, rows, mark, separator, is_mixed))
        elif kind == "text":
            columns.append(columns_of.text_column(r, rows, script))
        else:
            make = {"yes/no": columns_of.yes_no_column, "id": columns_of.id_column, "empty": columns_of.empty_column}
            columns.append(make[kind](r, rows))
    if rows >= _MIN_SERIES and r.random() < 0.05:
        times, columns = series_columns(r, rows, script), columns[:2]
        rows = len(times[0].cells)
        columns = [columns_of.number_column(r, rows, decimal, separator) for _ in columns]
        return [*times, *columns], "sorted"
    times = time_columns(r, rows, script, decimal) if r.random() < 0.6 else []
    order = r.choice(["sorted", "sorted", "newest first", "shuffled"]) if times else "sorted"
    if order == "shuffled" and times[0].is_local:
        order = "sorted"
    columns = [*times, *columns] if r.random() < 0.8 else [*columns, *times]
    if not any(column.kind in ("number", "time") for column in columns):
        columns.append(columns_of.number_column(r, rows, decimal, separator))
    rows_in_order = [i for i in range(rows) if any(column.cells[i] for column in columns) or len(columns) == 1]
    if order == "shuffled":
        r.shuffle(rows_in_order)
    elif order == "newest first":
        rows_in_order.reverse()
    if times and not times[0].is_local and rows >= 6 and r.random() < 0.08:  # copies of rows
        at = r.randint(1, len(rows_in_order) - 1)
        rows_in_order[at:at] = rows_in_order[max(0, at - r.randint(1, 2)) : at]
    return [column.in_order(rows_in_order) for column in columns], order


def _named(r: Random, columns: list[Column], header: str, script: str, separator: str) -> tuple[list[Column], str]:
    """Give the columns names; return them and the style of the header."""
    numeric = all(column.kind == "number" for column in columns)
    is_beside_time = columns[0].kind == "time" and all(column.kind == "number" for column in columns[1:])
    if header in _NUMBERED and not (
        len(columns) > 2 and ((numeric and header != "depths") or (is_beside_time and header != "channels"))
    ):
        header = "names"
    if (header in ("index", "R") and separator == " ") or (
        header == "none" and any(column.name in ("year", "Jahr", *HOURS, *SERIES) for column in columns)
    ):
        header = "names"  # without which parts of times are any numbers, and series cannot be named
    if header == "R" and columns[-1].kind == "empty":  # R writes NA for missing cells
        columns = [*columns[:-1], replace(columns[-1], cells=("NA",) * len(columns[-1].cells))]
    rows = len(columns[0].cells)
    if header in ("index", "R"):
        columns = [columns_of.index_column(rows, int(header == "R")), *columns]
    pool = r.sample(_NAMES[script], len(_NAMES[script]))
    if separator == " ":
        pool = [name for name in pool if " " not in name]
    names = [column.name or (pool[i] if i < len(pool) else f"{pool[0]}{i}") for i, column in enumerate(columns)]
    unnamed = [i for i, column in enumerate(columns) if column.kind in ("index", "empty")]
    for i in unnamed:
        names[i] = "" if columns[i].kind == "index" or (r.random() < 0.7 and separator != " ") else names[i]
    if header in _NUMBERED:
        numbered = _NUMBERED[header](sum(column.kind == "number" for column in columns))
        names = [*names[: len(columns) - len(numbered)], *numbered]
    elif (
        header == "duplicates"
        and len(columns) > 1
        and all(c.kind == "number" and c.name not in SERIES for c in columns[-2:])
    ):
        names[-1] = names[-2]
    elif header == "odd" and separator != " " and columns[-1].kind == "number":
        names[-1] = r.choice(_ODD_NAMES)
    elif header == "none":
        names = [""] * len(columns)
    return [replace(column, name=name) for column, name in zip(columns, names, strict=True)], header


def _quoted(cell: str, separator: str, always: bool) -> str:
    needs = any(mark in cell for mark in (separator, '"', "\n", "\r")) or cell != cell.strip(" ")
    needs = needs or (not cell and separator == " ")
    return '"' + cell.replace('"', '""') + '"' if needs or always else cell


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
