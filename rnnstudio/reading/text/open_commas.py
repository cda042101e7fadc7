"""Whether the comma in each line of a file without names separates columns or decimals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rnnstudio.core.account import Question
from rnnstudio.reading.cells.number_signs import SIGNS

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
