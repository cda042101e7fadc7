"""Frames: consecutive samples side by side that form one step of the network, as in the machinery work."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.errors import SettingError
from rnnstudio.core.settings import setting


def frame_setting(
    of: str = "samples", when: str = "", gain: str = "a long sequence is fewer steps", most: int = 100_000
) -> Any:
    """Declare the setting `frame` of a data set.

    Args:
        of: What a frame is made of.
        when: Words on when it goes.
        gain: What it does.
        most: The largest frame.
    """
    words = f"Consecutive {of} side by side that form one step{when}: {gain}."
    return setting(1, words, unit=of, ge=1, le=most, advanced=True)


def check_frame(frame: int, task: str) -> None:
    """Refuse frames where there is an answer at every step.

    Raises:
        SettingError: The task is label or regress.
    """
    if frame > 1 and task in ("label", "regress"):
        raise SettingError(
            f"frame groups samples into steps for the tasks forecast and classify; received {frame} with task {task}. "
            "Choose frame 1.",
            "frame",
        )
