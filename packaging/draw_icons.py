"""Draws the icons of all sizes and systems from the drawings in resources/icons.

Run it from the checkout after a change of a drawing: `.venv/bin/python packaging/draw_icons.py`.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "icons"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_MAX_SMALL = 24  # pixels of icons with fewer and thicker lines
_WINDOWS = (16, 24, 32, 48, 64, 256)
_MACOS = {b"icp4": 16, b"icp5": 32, b"icp6": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512}


def main() -> None:
    """Draw and write."""
    application = QGuiApplication([])
    for name in ("rnnstudio", "rnnrun"):
        images = {size: _draw(name, size) for size in SIZES}
        for size, png in images.items():
            folder = FOLDER / f"{size}x{size}"
            folder.mkdir(exist_ok=True)
            (folder / f"{name}.png").write_bytes(png)
        (FOLDER / f"{name}.ico").write_bytes(_ico({size: images[size] for size in _WINDOWS}))
        (FOLDER / f"{name}.icns").write_bytes(_icns({kind: images[size] for kind, size in _MACOS.items()}))
    del application


def _draw(name: str, size: int) -> bytes:
    """Return a PNG file's content."""
    small = FOLDER / f"{name}-small.svg"
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(small if size <= _MAX_SMALL and small.exists() else FOLDER / f"{name}.svg")).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(content.data())


def _ico(images: dict[int, bytes]) -> bytes:
    """Return Windows' icon file: a directory and PNG files; a size of 256 is written as 0."""
    head, body = struct.pack("<HHH", 0, 1, len(images)), b""
    start = len(head) + 16 * len(images)
    for size, png in images.items():
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), start + len(body))
        body += png
    return head + body


def _icns(images: dict[bytes, bytes]) -> bytes:
    """Return macOS' icon file: chunks with a name and a length in big-endian order."""
    body = b"".join(kind + struct.pack(">I", 8 + len(png)) + png for kind, png in images.items())
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


if __name__ == "__main__":
    main()
