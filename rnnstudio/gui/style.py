"""Palette and style sheet for light and dark; not every desktop makes Qt's Fusion style dark."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from rnnstudio.core.paths import resource
from rnnstudio.gui.theme import BLUE, ORANGE, RED, SKY, Theme


def palette(theme: Theme) -> QPalette:
    """Return the palette of a theme."""
    role, window, base, button, disabled = QPalette.ColorRole, "#f0f0f0", "#ffffff", "#f4f4f4", "#8a8a8a"
    if theme.dark:
        window, base, button, disabled = "#2b2d31", "#1e1f22", "#383a40", "#84878e"
    colors = QPalette(QColor(button), QColor(window))
    text = QColor(theme.text)
    for color_role, color in (
        (role.Window, window),
        (role.Base, base),
        (role.AlternateBase, "#26282c" if theme.dark else "#f6f6f6"),
        (role.Button, button),
        (role.ToolTipBase, base),
        (role.Highlight, BLUE),
        (role.Link, SKY if theme.dark else BLUE),
    ):
        colors.setColor(color_role, QColor(color))
    for color_role in (role.WindowText, role.Text, role.ButtonText, role.ToolTipText):
        colors.setColor(color_role, text)
        colors.setColor(QPalette.ColorGroup.Disabled, color_role, QColor(disabled))
    colors.setColor(role.HighlightedText, QColor("#ffffff"))
    colors.setColor(role.PlaceholderText, QColor(disabled))
    return colors


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of a theme, which adds to Qt's Fusion style."""
    surface = "#26282c" if theme.dark else "#fafafa"
    line = "#44474d" if theme.dark else "#d4d4d4"
    banner = "#4a3b17" if theme.dark else "#fff4d6"
    # Fusion draws the borders of inputs darker than the window, which is invisible on a dark one.
    borders = f"""
        QLineEdit {{ border: 1px solid {line}; border-radius: 3px; padding: 1px 2px; }}
        QLineEdit:focus {{ border-color: {SKY}; }}
        QCheckBox::indicator, QTableView::indicator {{
            border: 1px solid #84878e; border-radius: 2px; background: #1e1f22;
        }}
        QCheckBox::indicator:checked, QTableView::indicator:checked {{
            background: {BLUE}; image: url("{resource("icons/check.svg").as_posix()}");
        }}
    """
    return f"""{borders if theme.dark else ""}
        QFrame#card, QFrame#panel {{ background: {surface}; border: 1px solid {line}; border-radius: 6px; }}
        QFrame#banner {{ background: {banner}; border-bottom: 1px solid {ORANGE}; }}
        QFrame#banner QPushButton:checked {{
            background: {BLUE}; color: #ffffff; border: 1px solid {BLUE}; border-radius: 3px; padding: 3px 8px;
        }}
        QLineEdit[invalid="true"], QComboBox[invalid="true"] {{
            border: 2px solid {RED}; border-radius: 3px; padding: 1px;
        }}
        QLabel#problem {{ color: {"#ff9a66" if theme.dark else "#a83c00"}; }}
    """
