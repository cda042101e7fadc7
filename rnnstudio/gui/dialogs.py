"""The dialogs of the window: how to use it, about the program, and the question before it closes."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from rnnstudio import __version__
from rnnstudio.core.paths import home, why_unwritable
from rnnstudio.gui.plain_text import shown

_HOW_TO = (
    "<p><b>Choose</b> a published recipe or a file of your own. Change any setting on the left, then press "
    "<b>Train</b> (F5).</p>"
    "<p><b>See</b> the data first: the splits, and what one window reads and predicts.</p>"
    "<p><b>Watch</b> the loss, and compare the predictions with the true values. The mouse wheel zooms; a "
    "double-click follows the newest updates again.</p>"
    "<p><b>Pause</b> with F6. <b>Stop</b> with Shift+F5; the run is saved.</p>"
    "<p>Every run is saved and listed at the bottom. Double-click one to open it and to compare it with the baselines."
    "</p>"
)


def show_how_to(parent: QWidget) -> None:
    """Show how to use the window."""
    QMessageBox.information(parent, "How to use the Studio", _HOW_TO)


def show_about(parent: QWidget) -> None:
    """Show the version and the folder of the runs."""
    text = (
        f"<b>rnnstudio {__version__}</b><p>Recurrent neural networks on sequence data.</p>"
        f"<p>Runs and settings are in {shown(str(home()))}</p>"
    )
    QMessageBox.about(parent, "About rnnstudio", text)


def confirm_stop(parent: QWidget) -> bool:
    """Ask whether to stop the training before the window closes; return whether to stop it."""
    box = QMessageBox(parent)
    box.setWindowTitle("An experiment is training")
    box.setText("An experiment is training. Stop it and save the run?")
    stop = box.addButton("Stop and save", QMessageBox.ButtonRole.AcceptRole)
    box.addButton("Continue training", QMessageBox.ButtonRole.RejectRole)
    box.exec()
    return box.clickedButton() is stop


def unwritable_home() -> str:
    """Return why nothing can be saved in the folder of runs and settings; an empty text where it can."""
    reason = why_unwritable(home())
    if not reason:
        return ""
    return (
        f"Nothing can be saved in {home()}: {reason}. You can train, but runs and settings are lost when the window "
        "closes. Save runs elsewhere with File, Save run as …."
    )
