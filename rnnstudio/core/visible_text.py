"""Text of files and runs for people: control characters are shown, so that they cannot act.

A terminal obeys escape sequences in what is printed: they move the cursor, change the title, or write over other lines.
Marks for the direction of writing let a name appear as another one.
"""

from __future__ import annotations

import re

# Of Unicode: C0 without tab and line feed, DEL and C1, marks of direction, line and paragraph separators, and
# halves of a pair without the other half.
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""Return a text whose control characters are escaped as Python writes them; tabs and line ends stay.

    >>> visible("sales\x1b[2J\x07"), visible("two\nlines"), visible("cod\u202efdp.exe")
    ('sales\\x1b[2J\\x07', 'two\nlines', 'cod\\u202efdp.exe')
    """
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
