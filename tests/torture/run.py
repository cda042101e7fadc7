"""`make torture`: what machines and people do to runs. Everything takes hours; `--short` is part of `make test`.

python -m tests.torture.run; python -m tests.torture.run --short; python -m tests.torture.run kills --kills 20
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """A program of this package.

    Attributes:
        whole: Its arguments, one run for each.
        short: Its arguments in `make test`; None where it has no place there.
    """

    whole: tuple[str, ...] = ("",)
    short: str | None = None


TOOLS = {
    "kills": Tool(
        ("--kills 200", "--kills 10 --checkpoint-seconds 30 --length 20"),
        "--kills 3 --case arrays --case score --seed 2",
    ),
    "power_cut": Tool(),
    "disk_faults": Tool(("--most 20",)),
    "fields": Tool(),
    "one_store": Tool(("--minutes 10",)),
    "mutated": Tool(("--count 10000",)),
    "long_run": Tool(),
    "shapes": Tool(("--count 400",)),
    "long_window": Tool(("--minutes 45",)),
}


def main(arguments: list[str]) -> int:
    """Run one tool with its arguments, or all of them, and return 1 where one found a fault."""
    if arguments and arguments[0] in TOOLS:
        return _run(arguments[0], arguments[1:])
    if arguments not in ([], ["--short"]):
        sys.stderr.write(f"Expected nothing, --short, or one of {', '.join(TOOLS)} and its arguments.\n")
        return 2
    failed = []
    for name, tool in TOOLS.items():
        for options in tool.whole if not arguments else () if tool.short is None else (tool.short,):
            if _run(name, options.split()):
                failed.append(name)
    if failed:
        sys.stdout.write(f"faults were found by: {', '.join(failed)}\n")
    return int(bool(failed))


def _run(name: str, options: list[str]) -> int:
    sys.stdout.write(f"== {' '.join([name, *options])}\n")
    sys.stdout.flush()
    began = time.monotonic()
    code = subprocess.run([sys.executable, "-m", f"tests.torture.{name}", *options], check=False).returncode
    sys.stdout.write(f"   {time.monotonic() - began:.0f} s\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
