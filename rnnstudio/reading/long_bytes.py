"""Bytes of long files, counted and checked in pieces, between which other threads run, such as that of the window."""

from __future__ import annotations

import codecs

import numpy as np

_PIECE = 1 << 22  # bytes; a call on more of them would block other threads for too long


def count_bytes(text: bytes | memoryview, sign: bytes) -> int:
    r"""Return how often one byte, or two different bytes side by side, occur.

    >>> count_bytes(b"1;2\r\n3;4\r\n", b"\n"), count_bytes(b"1;2\r\n3;4\r", b"\r\n")
    (2, 1)
    """
    values, count = np.frombuffer(text, np.uint8), 0
    for begin in range(0, len(values), _PIECE):
        piece = values[begin : begin + _PIECE + len(sign) - 1]
        found = piece[: len(piece) - len(sign) + 1] == sign[0]
        if len(sign) == 2:
            found &= piece[1:] == sign[1]
        count += int(np.count_nonzero(found))
    return count


def has_byte(text: bytes, sign: bytes) -> bool:
    r"""Return whether a byte occurs.

    >>> has_byte(b"1;2\n", b"\r")
    False
    """
    return any(text.find(sign, begin, begin + _PIECE) >= 0 for begin in range(0, len(text), _PIECE))


def is_utf8(text: bytes) -> bool:
    r"""Return whether bytes are text in UTF-8.

    >>> is_utf8(b"Gr\xc3\xb6\xc3\x9fe"), is_utf8(b"Gr\xf6\xdfe")
    (True, False)
    """
    decoder, view = codecs.getincrementaldecoder("utf-8")(), memoryview(text)
    try:
        for begin in range(0, len(view), _PIECE):
            decoder.decode(view[begin : begin + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
