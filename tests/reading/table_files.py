"""Tables as files, as people have them: separators, marks, encodings, headers, titles, totals, dates and orders.

The values that a person reads in each file are known. Nothing here knows how rnnstudio reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from rnnstudio.core.read_options import ReadOptions
from tests.reading import table_columns as columns_of
from tests.reading.table_columns import WORDS, Column
from tests.reading.table_dates import time_columns

_NAMES = {
    "ascii": ["sales", "temp", "load", "x1", "price", "Umsatz", "count", "speed kmh", "accX", "kWh", "y", "wind (m/s)"],
    "western": ["Größe", "température", "Stückzahl", "altura", "Höhe über NN", "Menge", "prix", "Länge"],
    "chinese": ["温度", "湿度", "销售额", "数量", "价格", "城市"],
    "japanese": ["気温", "湿度", "売上高", "数量", "価格", "都市"],
    "cyrillic": ["температура", "влажность", "продажи", "количество", "цена", "город"],
}
_ENCODINGS = {
    "ascii": ["utf-8", "utf-8-sig", "utf-16"],
    "western": ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"],
    "chinese": ["utf-8", "utf-8-sig", "utf-16", "gbk"],
    "japanese": ["utf-8", "shift_jis"],
    "cyrillic": ["utf-8", "utf-16", "cp1251"],
}
_MIN_LETTERS = 60  # beyond ASCII, from which on an encoding can be found
_UNITS = ["°C", "%", "(m/s)", "[kWh]", "kg", "EUR", ""]
_TOTALS = ["Total", "Summe", "Sum", "TOTAL", "Mean", "Average", "Grand total"]
_NOTES = [
    ["Source: national statistics office"], ["(c) 2024 The shop"], ["* preliminary values", "** revised"],
    ["Quelle: eigene Erhebung, 2024"], ["Generated 2024-01-31 12:00"], ["Notes:", "1) since 2020", "2) estimated"],
]  # fmt: skip
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
    script = r.choice(["ascii", "ascii", "western", "western", "chinese", "japanese", "cyrillic"])
    if separator == " ":
        script = "ascii"
    columns, order = _columns(r, rows, separator, decimal, script)
    header = r.choice(["names"] * 9 + ["none", "none", "years", "index", "duplicates", "odd", "R"])
    if len(columns) == 1 and (header != "none" or any("," in cell or " " in cell for cell in columns[0].cells)):
        header = "names"  # without it, 1,5 could be two columns
    columns, header = _named(r, columns, header, script, separator)
    always, padding = r.random() < 0.1, " " if separator in ",;|" and r.random() < 0.1 else ""
    rows = len(columns[0].cells)
    has_trailing = len(columns) > 1 and separator != " " and r.random() < 0.08
    trailing = separator if has_trailing else ""
    widths = [max(len(_quoted(cell, separator, always)) for cell in (*c.cells, c.name)) for c in columns]
    is_aligned = separator == " " and r.random() < 0.5

    def line(cells: Sequence[str]) -> str:
        written = [_quoted(cell, separator, always) for cell in cells]
        if written == [""]:
            written = ['""']  # an empty line is no row
        if is_aligned:
            return "  " + "  ".join(cell.rjust(width) for cell, width in zip(written, widths, strict=True))
        return (separator + padding).join(written) + trailing

    names = [column.name for column in columns]
    above = [] if header == "none" else [line(names[1:] if header == "R" else names)]
    extra = r.choice(["none"] * 4 + ["title", "filled title", "comments", "units", "three rows", "sep="])
    above, extra = _above(r, extra, above, columns, header, separator, script, line)
    body = [line([column.cells[i] for column in columns]) for i in range(rows)]
    below, footer = _below(r, columns, separator, line)
    if len(columns) > 1 and r.random() < 0.1:
        body.insert(r.randint(0, rows), "")
    text = "\n".join((*above, *body, *below))
    encoding = r.choice([e for e in _ENCODINGS[script] if _can_encode(text, e)])
    letters = sum(ord(letter) > 127 and letter.isalpha() for letter in text)
    is_clear = encoding.startswith("utf") or text.isascii() or letters >= _MIN_LETTERS
    is_known = is_clear or r.random() < 0.5
    marks = tuple(sorted({mark for column in columns for mark in column.missing_values}))
    style = {
        "separator": separator, "decimal": decimal, "script": script, "header": header, "above": extra, "below": footer,
        "order": order, "last line": r.choice(["ended", "ended", "open"]), "trailing": trailing, "padding": padding,
        "quotes": "all" if always else "where needed",
        "encoding": "set" if not is_known else "clear" if is_clear else "few letters",
    }  # fmt: skip
    time = next((column.name for column in columns if column.kind == "time"), "none")
    answers = {"time": time, "doubles": "keep"} | next(
        (dict(column.answers) for column in columns if column.kind == "time"), {}
    )
    return TableFile(
        tuple(above), tuple(body), tuple(below), tuple(columns),
        ReadOptions(missing_values=marks, encoding="" if is_known else encoding, series=""), encoding,
        r.choice(["\n", "\n", "\r\n", "\r\n", "\r"]), style, answers, header != "none",
    )  # fmt: skip


def _columns(r: Random, rows: int, separator: str, decimal: str, script: str) -> tuple[list[Column], str]:
    """Return the columns with the rows in the order of the file, and that order."""
    count = r.choice([1, 2, 3, 3, 4, 5]) if r.random() < 0.99 else 2_000 // max(rows, 4)
    is_mixed = r.random() < 0.08
    columns = []
    for kind in r.choices(["number", "yes/no", "text", "id", "empty"], [12, 2, 4, 0.5, 0.5], k=count):
        if kind == "number":
            mark = r.choice(".,") if is_mixed else decimal
            columns.append(columns_of.number_column(r, rows, mark, separator, is_mixed))
        elif kind == "text":
            columns.append(columns_of.text_column(r, rows, script))
        else:
            make = {"yes/no": columns_of.yes_no_column, "id": columns_of.id_column, "empty": columns_of.empty_column}
            columns.append(make[kind](r, rows))
    times = time_columns(r, rows, script) if r.random() < 0.6 else []
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
    if (header == "years" and not (numeric and len(columns) > 1)) or (header in ("index", "R") and separator == " "):
        header = "names"
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
    if header == "years":
        names = [str(2004 + i) for i in range(len(columns))]
    elif header == "duplicates" and len(columns) > 1 and columns[-1].kind == columns[-2].kind == "number":
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


def _above(
    r: Random, extra: str, header: list[str], columns: list[Column], style: str, separator: str, script: str,
    line: Callable[[Sequence[str]], str],
) -> tuple[list[str], str]:  # fmt: skip
    """Return the lines above the rows and what they are: titles, comments, a header of several rows, units."""
    count = len(columns)
    numbers = [i for i, column in enumerate(columns) if column.kind == "number"]
    names = [column.name for column in columns]
    is_named = style != "R" and len(set(names)) == count and separator != " "
    if extra == "units" and header and numbers and is_named:
        units = [r.choice(_UNITS) if column.kind == "number" else "" for column in columns]
        units[numbers[0]] = "kg"
        return [*header, line(units)], extra
    has_parts = any(column.kind in ("text", "clock") or column.name == "Year" for column in columns)
    if extra == "three rows" and style == "names" and count > 2 and is_named and all(names) and not has_parts:
        return [line(["scorer", *["net"] * (count - 1)]), line([f"part{i // 2}" for i in range(count)]), *header], extra
    if extra in ("title", "filled title") and count > 2 and separator != " " and style not in ("R", "none"):
        word = WORDS[script][0]
        stations, created = ["Station: Berlin", f"Operator: {word}", ""], [f"Created{separator}2024-01-31", ""]
        titles = r.choice([["Monthly report"], ["Report", ""], stations, [f"{word} 2024"], created])
        fill = separator * (count - 1) if extra == "filled title" else ""
        titles = [title + fill[title.count(separator) :] if title or fill else title for title in titles]
        return [*titles, *header], extra
    if extra == "comments":
        return ["# exported by the logger", "# 2024-01-31", *header], extra
    if extra == "sep=" and separator in ",;\t|":
        return [f"sep={separator}", *header], extra
    return header, "none"


def _below(
    r: Random, columns: list[Column], separator: str, line: Callable[[Sequence[str]], str]
) -> tuple[list[str], str]:
    """Return the lines below the rows and what they are: a total, notes, or rows without cells."""
    footer = r.choice(["none"] * 6 + ["total", "notes", "empty rows"])
    if len(columns) < 2 or separator == " " or len(columns[0].cells) < 4:
        return [], "none"
    if footer == "notes":
        return ["", *r.choice(_NOTES)] if r.random() < 0.7 else list(r.choice(_NOTES)), footer
    if footer == "empty rows":
        return [line([""] * len(columns)).replace('"', "")] * r.randint(1, 3), footer
    filled = [_largest(column) if column.kind == "number" else "" for column in columns[1:]]
    if footer == "total" and any(filled):
        return [line([r.choice(_TOTALS), *filled])], footer
    return [], "none"


def _largest(column: Column) -> str:
    """Return the cell with the largest number, which can be a total or mean."""
    known = [(value, cell) for value, cell in zip(column.values, column.cells, strict=True) if value is not None]
    return max(known)[1] if known else ""


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
