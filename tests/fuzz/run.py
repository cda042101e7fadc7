"""`make fuzz`: every reader is fed mutated files, guided by what code they reach.

    python -m tests.fuzz.run --seconds 30 [--only matlab]

Needs atheris, which `make fuzz` installs. What was found lies in the folder that is named at the end.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.fuzz.targets import TARGETS

_TIMEOUT, _MEMORY = 20, 4096  # seconds for one file; MiB
_RAM = Path("/dev/shm")


def fuzz(name: str, seconds: int, found: Path) -> tuple[int, int]:
    """Return how many files one reader was fed, and the exit code: not 0 where something was found.

    Args:
        name: Kind of file.
        seconds: For how long.
        found: Where findings are kept.
    """
    kind = TARGETS[name]
    with tempfile.TemporaryDirectory(dir=_RAM if _RAM.is_dir() else None) as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for i, raw in enumerate(kind.samples()):
            (corpus / str(i)).write_bytes(raw)
        command = [
            sys.executable, "-m", "tests.fuzz.one", name, folder, str(corpus), f"-max_total_time={seconds}",
            f"-timeout={_TIMEOUT}", f"-rss_limit_mb={_MEMORY}", f"-malloc_limit_mb={_MEMORY}", "-max_len=8192",
            "-print_final_stats=1", "-verbosity=1", f"-artifact_prefix={found / name.replace(' ', '-')}-",
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, env={**os.environ, "HOME": folder}
        )
    count = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    if done.returncode:
        (found / f"{name.replace(' ', '-')}.log").write_text(done.stdout[-5000:] + done.stderr[-20_000:])
    return int(count[1]) if count else 0, done.returncode


def main() -> int:
    """Fuzz every reader and print how many files each was fed; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=30, help="for each reader")
    parser.add_argument("--only", metavar="KIND", choices=list(TARGETS), help="one of: " + ", ".join(TARGETS))
    given = parser.parse_args()
    found = Path(tempfile.mkdtemp(prefix="fuzz-"))
    table = Table("reader", "files", "finding")
    bad = 0
    for name in [given.only] if given.only else TARGETS:
        count, code = fuzz(name, given.seconds, found)
        bad += code != 0
        table.add_row(name, f"{count:,}", "none" if not code else f"exit code {code}")
        Console(stderr=True).print(f"{name}: {count:,} files{', SOMETHING WAS FOUND' if code else ''}")
    Console().print(table)
    if bad:
        Console().print(f"What was found lies in {found}")
    else:
        found.rmdir()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
