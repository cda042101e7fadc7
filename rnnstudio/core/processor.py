"""What the system says of the processor."""

from __future__ import annotations

from pathlib import Path


def processor_lines() -> list[str]:
    """Return the lines in which Linux describes each processor core, such as `model name: ...`; none elsewhere."""
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
