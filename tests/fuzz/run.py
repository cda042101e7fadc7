"""`make fuzz`: give every reader mutated files; the code they reach guides the mutations.

    python -m tests.fuzz.run --seconds 30 [--only matlab]
    python -m tests.fuzz.run --only tables --tables 5000

Needs atheris, which `make fuzz` installs. The folder with the findings is printed at the end.
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

from tests.fuzz.tables import read_tables
from tests.samples import FORMATS

_TIMEOUT, _MEMORY = 20, 4096  # seconds for one file; MiB
_RAM = Path("/dev/shm")
_TABLES = "tables"


def fuzz(name: str, seconds: int, findings: Path) -> tuple[int, int]:
    """Fuzz one reader, and return the number of files and the exit code, which is not 0 after a finding.

    Args:
        name: Name of the file format.
        seconds: Duration.
        findings: Folder for the findings.
    """
    file_format = FORMATS[name]
    with tempfile.TemporaryDirectory(dir=_RAM if _RAM.is_dir() else None) as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for i, raw in enumerate(file_format.samples()):
            (corpus / str(i)).write_bytes(raw)
        command = [
            sys.executable, "-m", "tests.fuzz.one", name, folder, str(corpus), f"-max_total_time={seconds}",
            f"-timeout={_TIMEOUT}", f"-rss_limit_mb={_MEMORY}", f"-malloc_limit_mb={_MEMORY}", "-max_len=8192",
            "-print_final_stats=1", "-verbosity=1", f"-artifact_prefix={findings / name.replace(' ', '-')}-",
        ]  # fmt: skip
        result = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, env={**os.environ, "HOME": folder}
        )
    count = re.search(r"number_of_executed_units: (\d+)", result.stderr)
    if result.returncode:
        log = findings / f"{name.replace(' ', '-')}.log"
        log.write_text(result.stdout[-5000:] + result.stderr[-20_000:])
    return int(count[1]) if count else 0, result.returncode


def main() -> int:
    """Fuzz every reader and print a table; return 1 after a finding."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=30, help="for each reader")
    choices = [*FORMATS, _TABLES]
    parser.add_argument("--only", metavar="FORMAT", choices=choices, help="one of: " + ", ".join(choices))
    parser.add_argument(
        "--tables", type=int, default=500, help="number of generated tables that are compared with their truth"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the generated tables")
    options = parser.parse_args()
    findings = Path(tempfile.mkdtemp(prefix="fuzz-"))
    table = Table("reader", "files", "finding")
    failed = 0
    for name in [options.only] if options.only else choices:
        if name == _TABLES:
            outcomes, wrong = read_tables(options.tables, options.seed, findings)
            failed += wrong > 0
            listed = ", ".join(f"{kind} {number:,}" for kind, number in sorted(outcomes.items()))
            table.add_row(name, f"{outcomes.total():,}", listed)
            continue
        count, code = fuzz(name, options.seconds, findings)
        failed += code != 0
        table.add_row(name, f"{count:,}", "none" if not code else f"exit code {code}")
        Console(stderr=True).print(f"{name}: {count:,} files{', with a finding' if code else ''}")
    Console().print(table)
    if failed:
        Console().print(f"The findings are in {findings}")
    else:
        findings.rmdir()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
