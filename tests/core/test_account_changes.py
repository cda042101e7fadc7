"""A file that is read in another way than in the training: what has changed, in words."""

from __future__ import annotations

import pytest

from rnnstudio.core.account_changes import account_change, plain_account
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.text.text_table import table_of_text

_TEXT = "day;load\n" + "".join(f"{i:02d}.03.2024;{100 + i},5\n" for i in range(1, 29))


def _account(text=_TEXT, **options):
    return table_of_text("a.csv", text.encode(), ReadOptions(**options)).account


@pytest.mark.parametrize(
    ("text", "options", "change"),
    [
        (_TEXT + "29.03.2024;1,5\n", {}, "28 rows then, 29 rows now"),
        (_TEXT.replace("load", "power"), {}, "column 'load' then, 'power' now"),
        (_TEXT.replace(";", "\t"), {}, "separator 'semicolon' then, 'tab' now"),
        ("a note\n\n" + _TEXT, {}, "header rows 1 then, 3 now"),
        (_TEXT.replace(".03.", ".04."), {}, "first time '2024-03-01' then, '2024-04-01' now"),
        (_TEXT, {"time": "none"}, "time column 'day' then, none now"),
        (_TEXT.replace(",5", ".5"), {}, "in column 'load', way of writing '1234,5' then, none now"),
        (_TEXT.replace("107,5", ""), {}, "in column 'load', number of missing values none then, 1 now"),
        (_TEXT.replace("load", "last é"), {"encoding": "cp1252"}, "column 'load' then, 'last Ã©' now"),
    ],
)
def test_the_first_change_is_named(text, options, change):
    then = plain_account(_account())
    assert account_change(then, _account(text, **options)) == change


def test_the_same_file_has_no_change_and_an_unknown_account_is_not_compared():
    then = plain_account(_account())
    assert account_change(then, _account()) == ""
    assert account_change({}, _account()) == account_change(then, None) == ""
