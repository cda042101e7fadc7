"""Text packed by gzip (.csv.gz), unpacked in memory within limits."""

from __future__ import annotations

import zlib

from rnnstudio.core.byte_budget import NUMBER_BYTES, ByteBudget
from rnnstudio.core.errors import DataError

_MAGIC = b"\x1f\x8b"
_SEPARATORS = (b",", b";", b"\t", b"|", b" ")
_GZIP = zlib.MAX_WBITS | 16  # the window, and that a header of gzip stands before the data


def unpacked(name: str, raw: bytes, limit: int = 0) -> bytes:
    """Return the content of a gzip file, and other bytes as they are.

    Args:
        name: Name of the file in messages.
        raw: Its bytes, of which only the first may be given where there is a limit.
        limit: Number of bytes from which on no more are unpacked; 0 for all.

    Raises:
        DataError: The file is damaged, or would unpack to far more than its own size.

    >>> import gzip
    >>> unpacked("a.csv.gz", gzip.compress(b"day,sales")), unpacked("a.csv", b"day,sales")
    (b'day,sales', b'day,sales')
    """
    if not raw.startswith(_MAGIC):
        return raw
    budget = ByteBudget(len(raw))
    most = limit or budget.most
    parts: list[bytes] = []
    size, rest = 0, raw
    while rest.startswith(_MAGIC) and size <= most:
        stream = zlib.decompressobj(_GZIP)
        try:
            parts.append(stream.decompress(rest, most + 1 - size))
        except zlib.error as error:
            raise DataError(f"{name} cannot be unpacked; it may be damaged ({error}).") from None
        size += len(parts[-1])
        rest = stream.unused_data
        if not limit and not stream.eof and size <= most:
            raise DataError(f"{name} cannot be unpacked; its end is missing.")
    if limit:
        return b"".join(parts)[:limit]
    budget.check(name, size, "its text")
    text = b"".join(parts)
    cells = text.count(b"\n") + max(text.count(mark) for mark in _SEPARATORS)
    budget.check(name, NUMBER_BYTES * cells, f"its {cells:,} cells")
    return text
