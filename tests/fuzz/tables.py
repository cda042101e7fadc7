"""Read thousands of generated tables and count what comes of them: `make fuzz ARGS="--only tables --tables 5000"`."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from tests.reading.table_check import FAILURES, compare
from tests.reading.table_files import table_file


def read_tables(count: int, seed: int, findings: Path) -> tuple[Counter[str], int]:
    """Generate tables, read each, and return how many had each outcome, and how many are read wrong.

    Args:
        count: Number of tables.
        seed: Seed of the first; the next have the next ones.
        findings: Folder for the files that are read wrong, and how.
    """
    outcomes: Counter[str] = Counter()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(seed, seed + count):
            file = table_file(Random(number))
            outcome = compare(file, Path(folder))
            outcomes[f"{outcome.kind}: {outcome.cause}" if outcome.cause else outcome.kind] += 1
            if outcome.kind in FAILURES:
                failed += 1
                (findings / f"table{number}.csv").write_bytes(file.raw())
                story = f"{outcome.kind}: {outcome.sentence}\n{file.options}\n{file.style}\n"
                (findings / f"table{number}.log").write_text(story, "utf-8")
    return outcomes, failed
