"""Where the windows of a training, validation or test set lie in a series, and what a set must hold for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.setting_types import TestContext
from rnnstudio.core.wording import enumeration

SET_NAMES = {"train": "training set", "val": "validation set", "test": "test set"}


@dataclass(frozen=True)
class WindowLayout:
    """The samples of a window and of its targets, and where the windows of a set begin.

    Training windows lie inside the training set with their targets. So do those of validation and test set where
    `test_context` is inside. Where it is reach_back, only their targets do, and the first target of the first window is
    the first sample of the set, whatever the window. With a target for each step, each sample of the set is then
    the last target of one window, and only the last target of a window counts.

    Attributes:
        window: Steps in each window.
        frame: Samples in a step.
        stride: Samples from one window to the next.
        target_offset: Samples from the start of a window to its first target.
        target_steps: Number of targets of a window.
        return_sequences: Whether the window has a target for each step.
        test_context: Whether windows of validation and test set may begin before their set.

    >>> layout = WindowLayout(3, 1, 1, 3, 1, False, "reach_back")
    >>> layout.starts("test", 8, 10), layout.starts("train", 0, 5)
    (array([5, 6], dtype=int32), array([0, 1], dtype=int32))
    """

    window: int
    frame: int
    stride: int
    target_offset: int
    target_steps: int
    return_sequences: bool
    test_context: TestContext

    @property
    def window_samples(self) -> int:
        """Samples in the inputs of a window."""
        return self.window * self.frame

    @property
    def total_samples(self) -> int:
        """Samples from the start of a window to the end of its inputs and targets."""
        return max(self.window_samples, self.target_offset + self.target_steps)

    def reaches_back(self, split: str) -> bool:
        """Return whether windows of this set may begin before it."""
        return split != "train" and self.test_context == "reach_back"

    def samples_needed(self, split: str) -> int:
        """Return the samples that a set must hold for one window."""
        if not self.reaches_back(split):
            return self.total_samples
        return 1 if self.return_sequences else self.target_steps

    def starts(self, split: str, begin: int, end: int) -> NDArray[np.int32]:
        """Return the positions of the windows of a set.

        Args:
            split: train, val or test.
            begin: First sample of the set.
            end: The sample after its last one.
        """
        first, last, step = begin, end - self.total_samples, self.stride
        if self.reaches_back(split):
            to_last = self.target_offset + self.target_steps - 1
            last = end - 1 - to_last
            first = max(0, begin - (to_last if self.return_sequences else self.target_offset))
            step = 1 if self.return_sequences else self.stride
        return np.arange(first, last + 1, step, dtype=np.int32)


def size_in_words(window: int, frame: int, horizon: int, samples: int) -> str:
    """Return what a window with its targets takes, to stand within a sentence."""
    what = f"a window of {window} {'step' if window == 1 else 'steps'}"
    if frame > 1:
        what += f" of {frame} samples each"
    if horizon > 1:
        return f"{what} and a horizon of {horizon} take {samples} samples"
    return f"{what} takes {samples} samples with its targets"


def too_short(
    longer: str, split: str, samples: int, steps: int, what: str, reducible: Sequence[str], largest: int
) -> SettingError:
    """Return the error for a set that is too short for a window.

    Args:
        longer: The setting that takes most of the training set: window or horizon.
        split: train, val or test.
        samples: Samples of the set.
        steps: Samples of the series.
        what: What takes more than that, as a clause.
        reducible: Settings that can be made smaller.
        largest: The largest window that fits; 0 where none does.
    """
    setting = longer if split == "train" else f"{split}_fraction"
    remedies = [f"a window of at most {largest}"] if largest > 0 and "window" in reducible else []
    others = [name for name in reducible if name != "window" or not remedies]
    remedies += [f"a smaller {enumeration(others, 'or')}"] if others else []
    if split != "train":
        remedies.append(f"a larger {setting}")
    advice = f"Choose {', or '.join(remedies)}." if remedies else "Use a longer series."
    return SettingError(
        f"{setting}: the {SET_NAMES[split]} has {samples} of the {steps} samples, and {what}. {advice}",
        setting,
    )
