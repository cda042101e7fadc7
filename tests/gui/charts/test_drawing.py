"""Drawings saved as files."""

import pytest

from rnnstudio.core.errors import SettingError, StoreError
from tests.gui.histories import finished_history


def test_an_error_says_why_a_path_cannot_be_used(draw_plot, tmp_path):
    drawing = draw_plot("loss", "echo", finished_history("echo", 20)).drawing
    with pytest.raises(SettingError, match=r"\.png, \.svg"):
        drawing.save(tmp_path / "plot.bmp")
    with pytest.raises(StoreError, match="cannot be written"):
        drawing.save(tmp_path / "missing" / "plot.png")


def test_a_message_stands_in_the_exported_file_too(draw_plot, tmp_path):
    plot = draw_plot("loss", "echo")
    plot.save(tmp_path / "plot.svg")
    written = (tmp_path / "plot.svg").read_text(encoding="utf-8")
    assert "No updates yet." in written


def test_copy_puts_the_drawing_on_the_clipboard(draw_plot, qapp):
    plot = draw_plot("loss", "echo", finished_history("echo", 20))
    plot.drawing.copy()
    image = qapp.clipboard().image()
    assert (image.width(), image.height()) == (2 * plot.drawing.width(), 2 * plot.drawing.height())
