"""Size and docks of the window are saved, restored and reset."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QScreen

from tests.gui.driving import button
from tests.gui.scripted import ScriptedTrain

# Written by version 0.1.0 with the experiment dock on the right and the run list closed.
_SAVED_BY_0_1_0 = r"""[General]
scheme=light
size=@Size(1111 666)
state=@ByteArray(\0\0\0\xff\0\0\0\x1\xfd\0\0\0\x2\0\0\0\x1\0\0\x1?\0\0\x2t\xfc\x2\0\0\0\x1\xfb\0\0\0\x14\0\x45\0x\0p\0\x65\0r\0i\0m\0\x65\0n\0t\x1\0\0\0\x13\0\0\x2t\0\0\0\x9a\0\xff\xff\xff\0\0\0\x3\0\0\x1\xe4\0\0\0\x96\xfc\x1\0\0\0\x1\xfb\0\0\0\b\0R\0u\0n\0s\0\0\0\x1<\0\0\x1\xe4\0\0\x1\x88\0\xff\xff\xff\0\0\x3\x12\0\0\x2t\0\0\0\x4\0\0\0\x4\0\0\0\x1\0\0\0\b\xfc\0\0\0\0)
"""


def test_the_size_is_restored(studio):
    window = studio(ScriptedTrain())
    window.resize(1111, 666)
    window.close()
    second = studio(ScriptedTrain())
    assert (second.width(), second.height()) == (1111, 666)


def test_the_layout_of_an_earlier_version_is_restored(studio, tmp_path):
    (tmp_path / "studio.ini").write_text(_SAVED_BY_0_1_0)
    window = studio(ScriptedTrain())
    assert (window.width(), window.height()) == (1111, 666)
    assert window.dockWidgetArea(window.experiment_dock) == Qt.DockWidgetArea.RightDockWidgetArea
    assert not window.runs.isVisible()


def test_the_window_fits_the_screen(studio, monkeypatch):
    window = studio(ScriptedTrain())
    assert (window.width(), window.height()) == (1280, 720)
    window.resize(1366, 732)
    window.close()
    monkeypatch.setattr(QScreen, "availableGeometry", lambda screen: QRect(0, 0, 1092, 614))  # 1366 x 768 at 1.25
    second = studio(ScriptedTrain())
    assert second.width() == 1092
    assert second.height() < 614
    stop = button(second.panel, "Stop")
    assert stop.mapTo(second, stop.rect().bottomLeft()).y() < second.height()


def test_the_layout_can_be_reset(studio):
    window = studio(ScriptedTrain())
    window.runs_dock.close()
    assert not window.runs.isVisible()
    window.menus.reset_layout.trigger()
    assert window.runs.isVisible()
