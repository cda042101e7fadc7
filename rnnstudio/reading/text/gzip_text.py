"""Text packed by gzip (.csv.gz), unpacked in memory within limits."""

from __future__ import annotations

import zlib

from rnnstudio.core.errors import DataError

_MAGIC = b"\x1f\x8b"
_MAX_BYTES = 2 << 30
_MAX_RATIO = 100  # text is packed to about a fifth of its size
_ALWAYS_ALLOWED_BYTES = 100 << 20
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
    most = limit or min(_MAX_BYTES, max(_ALWAYS_ALLOWED_BYTES, _MAX_RATIO * len(raw)))
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
    if size > most:
        raise DataError(
            f"{name} was not opened: a gzip file of {len(raw) / 1e6:,.1f} MB may unpack to at most "
            f"{most / 1e6:,.0f} MB."
        )
    return b"".join(parts)
