"""What every picture is: a widget that can draw a run's experiment and history at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QMarginsF, QObject, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPageSize, QPaintDevice, QPainter, QPalette, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from rnnstudio.core.errors import RnnStudioError, SettingError, StoreError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.gui.theme import LIGHT, Theme

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".png", ".svg", ".pdf")


class Plot(QWidget):
    """One question about a run, answered by drawing.

    A subclass lives in a file of its own in this package and names itself with `@picture`. It draws into `canvas` and
    puts its controls, which no file shows, above or below it with `column`.

    Attributes:
        name: What users type after `--kind`.
        title: What its panel is called.
        canvas: The drawing.
        column: The widgets from top to bottom.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.canvas = pg.GraphicsLayoutWidget()
        self.canvas.ci.layout.setContentsMargins(4, 4, 16, 4)
        self.canvas.ci.layout.setSpacing(2)
        self.canvas.setMinimumSize(160, 100)
        self.canvas.setAccessibleName(self.title)
        self.canvas.viewport().installEventFilter(self)
        self._sentence = QLabel()
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        self._sentence.setMargin(12)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.canvas)
        self._pages.addWidget(self._sentence)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self._pages, 1)
        self.setAutoFillBackground(True)

    @classmethod
    def suits(cls, experiment: Experiment) -> bool:
        """Return whether runs of this experiment have such a picture."""
        return True

    def begin(self, experiment: Experiment) -> None:
        """Forget what was drawn and get ready for a run of this experiment."""
        raise NotImplementedError

    def show_history(self, history: History) -> None:
        """Draw the run as it stands; called about 20 times a second while it trains: only what changed, and cheaply."""
        raise NotImplementedError

    def show_baseline(self, baseline: Mapping[str, Mapping[str, float]]) -> None:
        """Draw the naive answers of a finished run, as in `Run.baseline`; most pictures have no place for them."""

    def show_all(self) -> None:
        """Undo what wheel and drag have done; a double-click asks for it."""

    def hide_cursor(self) -> None:
        """Take away what follows the mouse; it has left."""

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers drawn, as a table; without rows where nothing is."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.canvas.setBackground(theme.background)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.background))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.text))
        self.setPalette(palette)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear of double-clicks into the drawing, and of the mouse leaving it."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.show_all()
        elif event.type() == QEvent.Type.Leave:
            self.hide_cursor()
        return super().eventFilter(watched, event)

    @property
    def empty(self) -> str:
        """The sentence shown in place of a drawing; empty where there is something to see."""
        return "" if self._pages.currentWidget() is self.canvas else self._sentence.text()

    def say(self, sentence: str) -> None:
        """Show a sentence instead of the drawing, or with an empty one the drawing again."""
        self._sentence.setText(sentence)
        self._pages.setCurrentWidget(self._sentence if sentence else self.canvas)

    def resize_drawing(self, width: int, height: int) -> None:
        """Make the drawing, without its controls, just so large, and lay it out without showing it."""
        self._pages.setFixedSize(width, height)
        self.adjustSize()
        for _ in range(2):  # an axis knows its width only once its numbers have been drawn
            self.grab()
            QGuiApplication.processEvents()

    def copy(self) -> None:
        """Put the drawing on the clipboard."""
        QGuiApplication.clipboard().setImage(self.image(2.0))

    def image(self, sharpness: float = 1.0) -> QImage:
        """Return the drawing with `sharpness` device pixels per pixel on the screen."""
        size = self._pages.size()
        image = QImage(size * sharpness, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(sharpness)
        self._paint(image)
        return image

    def save(self, path: Path, sharpness: float = 2.0) -> None:
        """Draw into a file, as large as on the screen.

        Args:
            path: A .png, .svg or .pdf file; its folder must be there.
            sharpness: Pixels of a PNG per pixel on the screen.

        Raises:
            SettingError: The path has another ending.
            StoreError: The file cannot be written.
        """
        ending = path.suffix.lower()
        if ending not in ENDINGS:
            raise SettingError(f"A picture is saved as {', '.join(ENDINGS)}; received {path.name!r}.", "path")
        try:
            path.open("ab").close()
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}. Choose another place.") from None
        if ending == ".png":
            if not self.image(sharpness).save(str(path)):
                raise StoreError(f"{path} cannot be written. Is the disk full?")
            return
        self._paint(self._svg(path) if ending == ".svg" else self._pdf(path))

    def _svg(self, path: Path) -> QSvgGenerator:
        svg = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # 1.1 keeps lines inside their axes
        svg.setFileName(str(path))
        svg.setTitle(self.title)
        svg.setSize(self._pages.size())
        svg.setViewBox(QRect(0, 0, self._pages.width(), self._pages.height()))
        svg.setResolution(self.logicalDpiX())
        return svg

    def _pdf(self, path: Path) -> QPdfWriter:
        dpi, size = self.logicalDpiX(), self._pages.size()
        pdf = QPdfWriter(str(path))
        pdf.setTitle(self.title)
        pdf.setResolution(dpi)
        points = QSizeF(size.width() * 72 / dpi, size.height() * 72 / dpi)
        pdf.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
        pdf.setPageMargins(QMarginsF(0, 0, 0, 0))
        return pdf

    def _paint(self, device: QPaintDevice) -> None:
        """Paint canvas or sentence onto a device of the same size."""
        size: QSize = self._pages.size()
        whole = QRectF(0, 0, size.width(), size.height())
        painter = QPainter(device)
        if not painter.isActive():
            raise RnnStudioError("The picture cannot be drawn there.")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(whole, QColor(self.theme.background))
        if self.empty:
            painter.setPen(QColor(self.theme.text))
            painter.drawText(whole.adjusted(12, 12, -12, -12), _CENTRED, self.empty)
        else:
            items = [item for item in self.canvas.scene().items() if isinstance(item, pg.GraphicsItem)]
            for item in items:
                item.setExportMode(True, {"antialias": True})  # there is time for smooth edges now
            self.canvas.ci.layout.activate()  # the key may have grown a row since
            self.canvas.scene().prepareForPaint()
            self.canvas.render(painter, whole, self.canvas.rect())
            for item in items:
                item.setExportMode(False)
        painter.end()


_CENTRED = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
