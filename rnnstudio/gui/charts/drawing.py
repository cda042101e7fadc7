"""The drawing of a plot: a canvas, or a message in its place, that is copied and saved as a file."""

from __future__ import annotations

from pathlib import Path

import pyqtgraph as pg
from PySide6.QtCore import QMarginsF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QStackedWidget

from rnnstudio.core.errors import RnnStudioError, SettingError, StoreError
from rnnstudio.gui.plain_text import PlainLabel
from rnnstudio.gui.theme import LIGHT, Theme

SUFFIXES = (".png", ".svg", ".pdf")
_CENTERED = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)


class Drawing(QStackedWidget):
    """A canvas for graphics items, and a message shown instead while there is nothing to draw.

    Args:
        title: Title of exported files, and the canvas' accessible name.

    Attributes:
        canvas: The grid of graphics items.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self._title = title
        self.canvas = pg.GraphicsLayoutWidget()
        self.canvas.ci.layout.setContentsMargins(4, 4, 16, 4)
        self.canvas.ci.layout.setSpacing(2)
        self.canvas.setMinimumSize(160, 100)
        self.canvas.setAccessibleName(title)
        self._label = PlainLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setWordWrap(True)
        self._label.setMargin(12)
        self.addWidget(self.canvas)
        self.addWidget(self._label)

    def set_title(self, title: str) -> None:
        """Change the title of exported files."""
        self._title = title
        self.canvas.setAccessibleName(title)

    @property
    def message(self) -> str:
        """The message shown instead of the canvas; empty while the canvas is shown."""
        return "" if self.currentWidget() is self.canvas else self._label.text()

    def show_message(self, text: str) -> None:
        """Show a message instead of the canvas; an empty text shows the canvas."""
        if text != self.message:
            self._label.setText(text)
            self.setCurrentWidget(self._label if text else self.canvas)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.canvas.setBackground(theme.background)

    def copy(self) -> None:
        """Copy the drawing to the clipboard."""
        QGuiApplication.clipboard().setImage(self.image(2.0))

    def image(self, scale: float = 1.0) -> QImage:
        """Return the drawing as an image with `scale` pixels per pixel on the screen."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        self._render(image)
        return image

    def save(self, path: Path, scale: float = 2.0) -> None:
        """Save the drawing in its size on the screen.

        Args:
            path: A .png, .svg or .pdf file in an existing folder.
            scale: Pixels of a PNG per pixel on the screen.

        Raises:
            SettingError: The path has another suffix.
            StoreError: The file cannot be written.
        """
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            raise SettingError(f"A plot is saved as {', '.join(SUFFIXES)}; received {path.name!r}.", "path")
        try:
            path.open("ab").close()
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}. Choose another folder.") from None
        if suffix == ".png":
            if not self.image(scale).save(str(path)):
                raise StoreError(f"{path} cannot be written. Check that the disk is not full.")
            return
        self._render(self._svg(path) if suffix == ".svg" else self._pdf(path))

    def _svg(self, path: Path) -> QSvgGenerator:
        svg = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # 1.1 clips lines to their axes
        svg.setFileName(str(path))
        svg.setTitle(self._title)
        svg.setSize(self.size())
        svg.setViewBox(QRect(0, 0, self.width(), self.height()))
        svg.setResolution(self.logicalDpiX())
        return svg

    def _pdf(self, path: Path) -> QPdfWriter:
        dpi = self.logicalDpiX()
        pdf = QPdfWriter(str(path))
        pdf.setTitle(self._title)
        pdf.setResolution(dpi)
        points = QSizeF(self.width() * 72 / dpi, self.height() * 72 / dpi)
        pdf.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
        pdf.setPageMargins(QMarginsF(0, 0, 0, 0))
        return pdf

    def _render(self, device: QPaintDevice) -> None:
        """Paint canvas or message onto a device of the same size."""
        area = QRectF(0, 0, self.width(), self.height())
        painter = QPainter(device)
        if not painter.isActive():
            raise RnnStudioError("The plot cannot be drawn: Qt cannot paint on this device.")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(area, QColor(self.theme.background))
        if self.message:
            painter.setPen(QColor(self.theme.text))
            painter.drawText(area.adjusted(12, 12, -12, -12), _CENTERED, self.message)
        else:
            items = [item for item in self.canvas.scene().items() if isinstance(item, pg.GraphicsItem)]
            for item in items:
                item.setExportMode(True, {"antialias": True})  # an export may take longer than a frame
            self.canvas.ci.layout.activate()  # the legend may need another row
            self.canvas.scene().prepareForPaint()
            self.canvas.render(painter, area, self.canvas.rect())
            for item in items:
                item.setExportMode(False)
        painter.end()
