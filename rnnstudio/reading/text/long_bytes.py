"""Bytes of long files, counted and checked in pieces, between which other threads run, such as that of the window."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

import numpy as np

_PIECE = 1 << 22  # bytes; a call on more of them would block other threads for too long
_PAIRS = 1 << 17  # pairs of bytes that are compared at a time, which the cache of a processor holds


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
    return find_bytes(text, sign) >= 0


def find_bytes(text: bytes, sign: bytes, begin: int = 0) -> int:
    r"""Return where bytes occur first from a position on; -1 if they do not.

    >>> find_bytes(b"1;2\n\n3;4\n", b"\n\n"), find_bytes(b"1;2\n\n3;4\n", b"\n\n", 4)
    (3, -1)
    """
    for piece in range(begin, len(text), _PIECE):
        position = text.find(sign, piece, piece + _PIECE + len(sign) - 1)
        if position >= 0:
            return position
    return -1


def has_pair(text: bytes, pair: bytes) -> bool:
    r"""Return whether two bytes occur side by side, which is faster than to find them where each is frequent.

    >>> has_pair(b"1;2\n\n3;4\n", b"\n\n"), has_pair(b"1;2\n", b"\n\n")
    (True, False)
    """
    number = np.frombuffer(pair, np.uint16)[0]
    for odd in (0, 1):
        pairs = np.frombuffer(text, np.uint16, (len(text) - odd) // 2, odd) if len(text) > odd else np.empty(0)
        if any((pairs[i : i + _PAIRS] == number).any() for i in range(0, len(pairs), _PAIRS)):
            return True
    return False


def lines_of(text: bytes) -> Iterator[bytes]:
    r"""Yield the lines of a text without their ends.

    >>> list(lines_of(b"1;2\r\n3;4\n"))
    [b'1;2', b'3;4']
    """
    begin = 0
    while begin < len(text):
        end = text.find(b"\n", begin + _PIECE) + 1 or len(text)
        yield from text[begin:end].splitlines()
        begin = end


def as_utf8(text: bytes, encoding: str) -> bytes:
    r"""Return text in UTF-8, without a byte order mark.

    Args:
        text: The text.
        encoding: Its encoding.

    Raises:
        LookupError: The encoding is unknown.
        UnicodeError: The text has another encoding.

    >>> as_utf8(b"Gr\xf6\xdfe", "cp1252")
    b'Gr\xc3\xb6\xc3\x9fe'
    """
    b"".decode(encoding)  # raises where it is no encoding of text
    decoder, pieces = codecs.getincrementaldecoder(encoding)(), list[bytes]()
    try:
        for begin in range(0, len(text), _PIECE):
            pieces.append(decoder.decode(text[begin : begin + _PIECE]).encode("utf-8"))
        pieces.append(decoder.decode(b"", final=True).encode("utf-8"))
    except UnicodeError:  # at the place in the whole text; or without a byte order mark, which pieces need
        return text.decode(encoding).removeprefix("\ufeff").encode("utf-8")
    return b"".join(pieces).removeprefix(codecs.BOM_UTF8)


def _is_ascii(text: bytes) -> bool:
    values = np.frombuffer(text, np.int8)  # beyond ASCII they are negative
    return all(values[begin : begin + _PIECE].min() >= 0 for begin in range(0, len(values), _PIECE))


def is_utf8(text: bytes) -> bool:
    r"""Return whether bytes are text in UTF-8.

    >>> is_utf8(b"Gr\xc3\xb6\xc3\x9fe"), is_utf8(b"Gr\xf6\xdfe")
    (True, False)
    """
    if _is_ascii(text):
        return True
    decoder, view = codecs.getincrementaldecoder("utf-8")(), memoryview(text)
    try:
        for begin in range(0, len(view), _PIECE):
            decoder.decode(view[begin : begin + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
