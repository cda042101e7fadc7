"""Settings that several data sets have."""

from __future__ import annotations

from typing import Any

from rnnstudio.core.errors import SettingError
from rnnstudio.core.settings import setting


def missing_setting() -> Any:
    """Declare the setting `missing` of a data set."""
    return setting(
        "error",
        "Missing values: refuse them (error), drop the steps or sequences that have any (drop), or impute them by "
        "linear interpolation in time (interpolate).",
        label="Missing values",
        advanced=True,
    )


def frame_setting(of: str = "samples", tasks: str = "", maximum: int = 100_000) -> Any:
    """Declare the setting `frame` of a data set.

    Args:
        of: What a frame is made of.
        tasks: The tasks that allow frames, to follow the sentence's subject, such as " (task forecast)".
        maximum: The largest frame.
    """
    description = f"Consecutive {of} that form one step{tasks}: a larger frame makes a long sequence fewer steps."
    return setting(1, description, unit=of, ge=1, le=maximum, advanced=True)


def check_frame(frame: int, task: str) -> None:
    """Refuse frames for tasks with a target at each sample.

    Raises:
        SettingError: The task is label or regress.

    >>> check_frame(10, "forecast")
    """
    if frame > 1 and task in ("label", "regress"):
        raise SettingError(
            f"frame must be 1 for task {task}, which has a target at each sample; received {frame}. Larger frames go "
            "with the tasks forecast and classify.",
            "frame",
        )
