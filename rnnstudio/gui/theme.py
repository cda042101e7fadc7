"""Colours that are safe for colour blindness (Okabe & Ito 2008), for light and dark."""

from __future__ import annotations

from dataclasses import dataclass

BLUE = "#0072B2"
SKY = "#56B4E9"
GREEN = "#009E73"
RED = "#D55E00"  # vermillion
ORANGE = "#E69F00"
PURPLE = "#CC79A7"
YELLOW = "#F0E442"


@dataclass(frozen=True)
class Theme:
    """Colours of the light or the dark appearance.

    Attributes:
        dark: Whether the text is light on a dark background.
        background: Colour behind plots.
        text: Colour of titles, labels and numbers.
        faint: Colour of axes, grids and epoch lines.
    """

    dark: bool
    background: str
    text: str
    faint: str

    @property
    def blue(self) -> str:
        """The blue that contrasts with the background."""
        return SKY if self.dark else BLUE

    @property
    def best(self) -> str:
        """The colour of the best evaluation."""
        return YELLOW if self.dark else ORANGE


LIGHT = Theme(False, "#ffffff", "#202020", "#b8b8b8")
DARK = Theme(True, "#1e1f22", "#e6e6e6", "#5a5d63")
