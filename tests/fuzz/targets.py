"""What is fuzzed: every kind of file that is read."""

from __future__ import annotations

from pathlib import Path

from tests.reading.test_reader_properties import SEEDS
from tests.samples import KINDS, Kind


def _kind(name: str) -> Kind:
    file, read, seeds = SEEDS[name]
    return Kind("".join(Path(file).suffixes), lambda: seeds, read)


TARGETS = KINDS | {name: _kind(name) for name in SEEDS if name not in ("pickle", "npz")}
