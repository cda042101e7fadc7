"""JSON of others: its size, depth and numbers are bounded before it is parsed, so that parsing it cannot fail oddly.

Python's parser recurses once for each level, takes about twenty bytes of memory for each byte of `[[],[],...]`, and
makes whole numbers of any length, which are no float.
"""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from rnnstudio.core.byte_budget import size_text

MAX_BYTES = 32 << 20
MAX_DEPTH = 40  # a saved run has about eight levels
MAX_VALUES = 5_000_000
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)  # also one that never ends; linear in time
_LONG_NUMBER = re.compile(rb"\d{300}")  # a float has at most 309 digits
_STEPS = np.zeros(256, np.int8)
_STEPS[[ord("["), ord("{")]], _STEPS[[ord("]"), ord("}")]] = 1, -1


def bounded_json(content: bytes | str) -> Any:
    """Return the value of a JSON text.

    Args:
        content: The text, or its bytes in UTF-8.

    Raises:
        ValueError: It is no JSON, or larger, deeper or of longer numbers than any file of rnnstudio.

    >>> bounded_json('{"seed": 3}')
    {'seed': 3}
    >>> bounded_json("[" * 100)
    Traceback (most recent call last):
    ValueError: it is nested more than 40 levels deep
    """
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if len(raw) > MAX_BYTES:
        raise ValueError(f"it has {size_text(len(raw))} of JSON, at most {size_text(MAX_BYTES)} are read")
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH or len(raw) > MAX_VALUES or _LONG_NUMBER.search(raw):
        _check(_STRING.sub(b"", raw))
    return json.loads(raw)


def _check(structure: bytes) -> None:
    """Refuse JSON, of which the texts are left out, that is too deep, too long, or has too long numbers."""
    codes = np.frombuffer(structure, np.uint8)
    changes = _STEPS[codes]
    changes = changes[changes != 0]
    if len(changes) and np.cumsum(changes, dtype=np.int32).max() > MAX_DEPTH:
        raise ValueError(f"it is nested more than {MAX_DEPTH} levels deep")
    if len(changes) + structure.count(b",") > MAX_VALUES:
        raise ValueError(f"it has more than {MAX_VALUES:,} values")
    if _LONG_NUMBER.search(structure):
        raise ValueError("it has a number of more than 300 digits")
