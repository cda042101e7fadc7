"""Settings that several data sets have."""

from __future__ import annotations

from typing import Any, Protocol

from rnnstudio.core.errors import SettingError
from rnnstudio.core.missing import DEFAULT_MAX_GAP, INTERPOLATE_REPLACED, Missing, MissingRule
from rnnstudio.core.settings import setting


def missing_setting() -> Any:
    """Declare the setting `missing` of a data set."""
    return setting(
        "past",
        "Missing inputs: take the last value before (past), also add whether and how long ago it was observed (mask), "
        "drop steps or sequences (drop), or refuse (error); missing values to predict never count.",
        label="Missing values",
        advanced=True,
        retired={"interpolate": INTERPOLATE_REPLACED},
    )


def max_gap_setting() -> Any:
    """Declare the setting `max_gap` of a data set."""
    return setting(
        DEFAULT_MAX_GAP,
        "Missing steps in a row that missing past and mask fill at most; a longer gap is refused.",
        label="Longest gap",
        unit="steps",
        ge=1,
        le=1_000_000,
        advanced=True,
    )


def rule_of(settings: MissingSettings) -> MissingRule:
    """Return what these settings say about missing values."""
    return MissingRule(settings.missing, settings.max_gap)


class MissingSettings(Protocol):
    """The settings about missing values."""

    @property
    def missing(self) -> Missing:
        """What to do about missing values."""

    @property
    def max_gap(self) -> int:
        """The most missing steps in a row that are filled."""


def frame_setting(of: str = "samples", tasks: str = "", maximum: int = 100_000) -> Any:
    """Declare the setting `frame` of a data set.

    Args:
        of: What a frame is made of.
        tasks: The tasks that allow frames, to follow the sentence's subject, such as " (task forecast)".
        maximum: The largest frame.
    """
    description = f"Consecutive {of} that form one step{tasks}: a larger frame makes a long sequence fewer steps."
    return setting(1, description, unit=of, ge=1, le=maximum, advanced=True, automatic=True)


def check_frame(frame: int, task: str) -> None:
    """Refuse frames for tasks with a target at each sample.

    Raises:
        SettingError: The task is label or regress.

    >>> check_frame(10, "forecast")
    """
    if frame > 1 and task in ("label", "regress"):
        raise SettingError(
            f"frame must be 1 for task {task}, which has a target at each sample; received {frame}. Larger frames go "
            "with the tasks forecast, classify and regress_sequence.",
            "frame",
        )
