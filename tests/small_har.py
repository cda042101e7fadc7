"""UCI HAR with a few made-up windows, in every form the publisher's comes in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

FOLDER = "UCI HAR Dataset"
SIGNALS = [f"{kind}_{axis}" for kind in ("body_acc", "body_gyro", "total_acc") for axis in "xyz"]


def write_har(root: Path, people: int = 2, spoil: dict[str, Callable[[str], str | None]] | None = None) -> Path:
    """Write two windows of each person, and of two more for testing; return the folder.

    Args:
        root: The folder.
        people: In the training part.
        spoil: From a file's name within its part to a function that changes its text, or drops it by None.
    """
    rng = np.random.default_rng(0)
    for part, those in (("train", range(1, people + 1)), ("test", range(people + 1, people + 3))):
        texts = {
            f"y_{part}.txt": "".join(f"{1 + i % 6}\n" for i in range(2 * len(those))),
            f"subject_{part}.txt": "".join(f"{person}\n" * 2 for person in those),
        }
        for signal in SIGNALS:
            rows = rng.normal(size=(2 * len(those), 128))
            texts[f"Inertial Signals/{signal}_{part}.txt"] = "".join(
                "".join(f" {value: .7e}" for value in row) + "\r\n" for row in rows
            )
        for name, text in texts.items():
            file = root / part / name
            file.parent.mkdir(parents=True, exist_ok=True)
            spoiled = (spoil or {}).get(name, lambda same: same)(text)
            file.unlink(missing_ok=True)
            if spoiled is not None:
                file.write_bytes(spoiled.encode("latin-1"))
    return root


def zip_folder(root: Path) -> bytes:
    """Return the folder as an archive, with the twin that macOS leaves."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(root.rglob("*.txt")):
            name = f"{FOLDER}/{file.relative_to(root).as_posix()}"
            archive.writestr(f"__MACOSX/{name}", b"\0\5\x16\7 of macOS")
            archive.write(file, name)
    return out.getvalue()


def outer_zip(inner: bytes) -> bytes:
    """Return the archive that holds that archive, as the publisher has it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"__MACOSX/{FOLDER}.zip", b"\0\5\x16\7 of macOS")
        archive.writestr(f"{FOLDER}.zip", inner)
        archive.writestr(f"{FOLDER}.names", b"about it")
    return out.getvalue()
