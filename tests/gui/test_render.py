"""Plots of a run as files."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from rnnstudio.core.errors import EmptyPlotError, RnnStudioError
from rnnstudio.core.experiment import compose
from rnnstudio.core.history import History
from rnnstudio.gui.render import draw_file
from tests.gui.histories import finished_history, started_history


class FakeRun:
    """What `draw_file` reads of a run."""

    def __init__(self, recipe: str, record: History) -> None:
        self.experiment, self.record, self.baseline = compose(recipe, {}), record, {"last_value": {"test_rmse": 45.0}}
        self.info = record.info


def test_a_png_has_1200_by_800_pixels_and_an_svg_the_same_shape(qapp, tmp_path):
    run = FakeRun("airline", finished_history("airline", 100))
    for kind in ("loss", "accuracy", "forecast"):
        image = QImage(str(draw_file(run, kind, tmp_path / f"{kind}.png")))
        assert (image.width(), image.height()) == (1200, 800)
        root = ET.parse(draw_file(run, kind, tmp_path / f"{kind}.SVG")).getroot()
        assert root.get("viewBox") == "0 0 900 600"


def test_a_program_without_qt_draws_several_plots_and_ends_without_a_crash(tmp_path):
    script = "; ".join(
        [
            "import sys, pathlib; sys.path.insert(0, sys.argv[1])",
            "from tests.gui.test_render import FakeRun, draw_file, finished_history",
            "run, folder = FakeRun('airline', finished_history('airline', 50)), pathlib.Path(sys.argv[2])",
            "[draw_file(run, kind, folder / f'{kind}.png') for kind in ('loss', 'forecast', 'loss', 'accuracy')]",
        ]
    )
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", script, root, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix) == ["accuracy.png", "forecast.png", "loss.png"]


def test_errors_name_the_plots_that_a_run_has(qapp, tmp_path):
    run = FakeRun("airline", finished_history("airline", 100))
    with pytest.raises(RnnStudioError, match=r"has no plot 'echo'. Choose one of: accuracy, forecast, loss\."):
        draw_file(run, "echo", tmp_path / "x.png")
    three_classes = FakeRun("har", finished_history("classes", 10))
    with pytest.raises(RnnStudioError, match=r"3 classes and a held-out set has no plot 'roc'. Choose .*confusion"):
        draw_file(three_classes, "roc", tmp_path / "x.png")
    with pytest.raises(RnnStudioError, match=r"There is no plot called 'los'. Did you mean loss"):
        draw_file(run, "los", tmp_path / "x.png")
    with pytest.raises(RnnStudioError, match=r"\.png or \.svg"):
        draw_file(run, "loss", tmp_path / "x.jpg")
    with pytest.raises(EmptyPlotError, match="No prediction yet"):
        draw_file(FakeRun("airline", started_history("airline", 100)), "forecast", tmp_path / "x.png")
    assert not list(tmp_path.glob("x.*"))
