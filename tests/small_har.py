"""A small version of UCI HAR with random windows, in every form of the published data."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

FOLDER = "UCI HAR Dataset"
SIGNALS = [f"{kind}_{axis}" for kind in ("body_acc", "body_gyro", "total_acc") for axis in "xyz"]
_MACOS_COPY = b"\0\5\x16\7 of macOS"

Change = Callable[[str], str | None]


def write_har(root: Path, subjects: int = 2, changes: Mapping[str, Change] | None = None) -> Path:
    """Write two windows of each subject, and return the folder.

    Args:
        root: The folder.
        subjects: Number of subjects in the training set. The test set has two more.
        changes: By a file's name within its split, a function that returns a changed text, or None to leave out the
            file.
    """
    rng = np.random.default_rng(0)
    for split, numbers in (("train", range(1, subjects + 1)), ("test", range(subjects + 1, subjects + 3))):
        texts = {
            f"y_{split}.txt": "".join(f"{1 + i % 6}\n" for i in range(2 * len(numbers))),
            f"subject_{split}.txt": "".join(f"{number}\n" * 2 for number in numbers),
        }
        for signal in SIGNALS:
            rows = rng.normal(size=(2 * len(numbers), 128))
            texts[f"Inertial Signals/{signal}_{split}.txt"] = "".join(
                "".join(f" {value: .7e}" for value in row) + "\r\n" for row in rows
            )
        for name, text in texts.items():
            file = root / split / name
            file.parent.mkdir(parents=True, exist_ok=True)
            changed = (changes or {}).get(name, lambda unchanged: unchanged)(text)
            file.unlink(missing_ok=True)
            if changed is not None:
                file.write_bytes(changed.encode("latin-1"))
    return root


def zip_folder(root: Path) -> bytes:
    """Return the folder as a zip archive, with the second copy of each name that macOS adds."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(root.rglob("*.txt")):
            name = f"{FOLDER}/{file.relative_to(root).as_posix()}"
            archive.writestr(f"__MACOSX/{name}", _MACOS_COPY)
            archive.write(file, name)
    return stream.getvalue()


def outer_zip(inner: bytes) -> bytes:
    """Return a zip archive that contains the given one, as published."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"__MACOSX/{FOLDER}.zip", _MACOS_COPY)
        archive.writestr(f"{FOLDER}.zip", inner)
        archive.writestr(f"{FOLDER}.names", b"about it")
    return stream.getvalue()
