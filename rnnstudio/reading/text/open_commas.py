"""Whether the commas in the lines of a file without names separate columns or decimals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rnnstudio.core.account import Question
from rnnstudio.reading.cells.number_signs import SIGNS
from rnnstudio.reading.text.split_decimals import is_counted, is_whole_numbers, likely_split_numbers, most_apart
from rnnstudio.reading.text.text_layout import Row

_MIN_ROWS = 3  # of which the digits say something
_SHOWN = 60  # characters of a row in a question
_SIGN = f"(?P<sign>{'|'.join(map(re.escape, SIGNS))})?"
_BEFORE, _AFTER = _SIGN.replace("sign", "before"), _SIGN.replace("sign", "after")
_ONE_COMMA = re.compile(rf"[-+]?{_BEFORE} ?[-+]?(?P<whole>[0-9]*),(?P<rest>[0-9]+) ?{_AFTER}")


def open_comma_question(name: str, lines: Sequence[str]) -> Question | None:
    """Return the question about the comma between digits in all lines of a file without names; None where it is clear.

    It is open where it begins all lines, and where a currency or percent sign stands beside the digits: 5,25 € can be
    two columns. A number of a column does not begin with 0, so 5,05 € is one. Without signs it separates columns.

    >>> question = open_comma_question("a.csv", [",25", ",5"])
    >>> question.choices["semicolon"]
    'one column, ,25 is 0.25'
    >>> open_comma_question("a.csv", ["5,05 €", "5,25 €"]) is None
    True
    """
    body = [line.strip() for line in lines if line.strip()]
    matches = [match for line in body if (match := _ONE_COMMA.fullmatch(line))]
    if not matches or len(matches) < len(body):
        return None
    begins = not any(match["whole"] for match in matches)
    has_sign = any(match["before"] or match["after"] for match in matches)
    are_decimals = any(re.match("0[0-9]", match["rest"]) for match in matches)
    if not begins and (not has_sign or are_decimals):
        return None
    whole, rest = matches[0]["whole"], matches[0]["rest"]
    columns = f"the first one empty, then {rest}" if begins else f"{whole} and {rest}"
    return Question(
        "separator",
        {"comma": f"two columns, {columns}", "semicolon": f"one column, {body[0]} is {whole or 0}.{rest}"},
        f"The comma in the rows of {name}, such as {body[0]!r}, can separate columns or decimals.",
    )


def open_decimals_question(name: str, rows: Sequence[Row]) -> Question | None:
    """Return the question about the commas in rows without names, which can stand within numbers; None where not.

    They can where all columns of numbers are pairs of whole numbers and digits that can be decimals, but for one that
    counts the rows and one other, or where such digits begin with 0, as in 5,05. Columns of single digits are columns.

    Args:
        name: Name of the file in messages.
        rows: Its first rows, which commas separate.

    >>> rows = [(1, ["16", "3"]), (2, ["17", "6"]), (3, ["19", "9"])]
    >>> open_decimals_question("a.csv", rows).choices
    {'comma': '2 columns', 'semicolon': 'one column, 16,3 is 16.3'}
    """
    cells = [row for _, row in rows]
    if len(cells) < _MIN_ROWS:
        return None
    columns = list(zip(*cells, strict=True))
    begin = int(is_counted(columns[0]))
    numbers = [column for column in columns[begin:] if is_whole_numbers(column)]
    found = likely_split_numbers(cells, begin)
    is_certain = any(len(cell) > 1 and cell.startswith("0") for j in found for cell in columns[j + 1])
    are_single = len(numbers) > 2 and all(len(cell) < 2 for column in numbers for cell in column)
    if not found or ((2 * most_apart(found) < len(numbers) - 1 or are_single) and not is_certain):
        return None
    choices, row = {"comma": f"{len(columns)} columns"}, ",".join(cells[0])[:_SHOWN]
    if len(columns) == 2:
        choices["semicolon"] = f"one column, {row} is {row.replace(',', '.')}"
    return Question(
        "separator",
        choices,
        f"The commas in the rows of {name}, such as {row!r}, can separate columns or decimals. If they do both, save "
        "the table with another separator.",
    )


def quotes_numbers(line: str) -> bool:
    """Return whether a row begins with a number in quotation marks, as where none of its commas is within a number."""
    return re.match('"[0-9]+"', line) is not None
