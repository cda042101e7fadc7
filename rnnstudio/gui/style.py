"""Palette and style sheet for light and dark: not every desktop tells Qt's Fusion style to be dark."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from rnnstudio.core.paths import resource
from rnnstudio.gui.theme import BLUE, ORANGE, RED, SKY, Theme


def palette(theme: Theme) -> QPalette:
    """Return the colours of ordinary widgets."""
    role, window, base, button, faded = QPalette.ColorRole, "#f0f0f0", "#ffffff", "#f4f4f4", "#8a8a8a"
    if theme.dark:
        window, base, button, faded = "#2b2d31", "#1e1f22", "#383a40", "#84878e"
    made = QPalette(QColor(button), QColor(window))
    text = QColor(theme.text)
    for which, colour in (
        (role.Window, window),
        (role.Base, base),
        (role.AlternateBase, "#26282c" if theme.dark else "#f6f6f6"),
        (role.Button, button),
        (role.ToolTipBase, base),
        (role.Highlight, BLUE),
        (role.Link, SKY if theme.dark else BLUE),
    ):
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.ToolTipText):
        made.setColor(which, text)
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(faded))
    made.setColor(role.HighlightedText, QColor("#ffffff"))
    made.setColor(role.PlaceholderText, QColor(faded))
    return made


def sheet(theme: Theme) -> str:
    """Return the style sheet of a theme; everything it leaves out is Qt's Fusion style."""
    surface = "#26282c" if theme.dark else "#fafafa"
    line = "#44474d" if theme.dark else "#d4d4d4"
    banner = "#4a3b17" if theme.dark else "#fff4d6"
    # Fusion draws the edges of inputs darker than the window, which on a dark one cannot be seen.
    edges = f"""
        QLineEdit {{ border: 1px solid {line}; border-radius: 3px; padding: 1px 2px; }}
        QLineEdit:focus {{ border-color: {SKY}; }}
        QCheckBox::indicator {{ border: 1px solid #84878e; border-radius: 2px; background: #1e1f22; }}
        QCheckBox::indicator:checked {{ background: {BLUE}; image: url("{resource("icons/check.svg").as_posix()}"); }}
    """
    return f"""{edges if theme.dark else ""}
        QFrame#card, QFrame#panel {{ background: {surface}; border: 1px solid {line}; border-radius: 6px; }}
        QFrame#banner {{ background: {banner}; border-bottom: 1px solid {ORANGE}; }}
        QLineEdit[wrong="true"], QComboBox[wrong="true"] {{
            border: 2px solid {RED}; border-radius: 3px; padding: 1px;
        }}
        QLabel#problem {{ color: {"#ff9a66" if theme.dark else "#a83c00"}; }}
    """
