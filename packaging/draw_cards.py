"""Draws the plots on the start page's cards: each recipe is trained as published and drawn in light and dark.

Run it from the checkout after a change of the plots: `.venv/bin/python packaging/draw_cards.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

import rnnstudio as rs
from rnnstudio.core.catalog import sorted_recipes
from rnnstudio.gui.plots import PLOTS
from rnnstudio.gui.theme import DARK, LIGHT

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "cards"


def main() -> None:
    """Train and draw."""
    application = QApplication([])
    FOLDER.mkdir(parents=True, exist_ok=True)
    for recipe in (recipe for recipe in sorted_recipes() if not recipe.model_of):
        run = rs.train(recipe.name, save=False, verbose=0)
        for theme, name in ((LIGHT, f"{recipe.name}.png"), (DARK, f"{recipe.name}-dark.png")):
            plot = PLOTS.get(recipe.plot)(theme)
            plot.begin(run.experiment)
            plot.show_history(run.record)
            plot.lay_out(420, 236)
            plot.save(FOLDER / name, 1.5)
            plot.deleteLater()
            application.processEvents()


if __name__ == "__main__":
    main()
