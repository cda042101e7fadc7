"""The application's style sheet, for light and dark."""

from __future__ import annotations

from rnnstudio.gui.theme import ORANGE, RED, Theme


def sheet(theme: Theme) -> str:
    """Return the style sheet of a theme; everything it leaves out is Qt's Fusion style."""
    surface = "#26282c" if theme.dark else "#fafafa"
    line = "#44474d" if theme.dark else "#d4d4d4"
    banner = "#4a3b17" if theme.dark else "#fff4d6"
    return f"""
        QFrame#card, QFrame#panel {{ background: {surface}; border: 1px solid {line}; border-radius: 6px; }}
        QFrame#banner {{ background: {banner}; border-bottom: 1px solid {ORANGE}; }}
        QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 2px solid {RED}; border-radius: 3px; padding: 1px; }}
        QLabel#problem {{ color: {"#ff9a66" if theme.dark else "#a83c00"}; }}
    """
