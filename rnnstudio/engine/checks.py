"""What of the settings these data cannot serve, asked before anything is compiled."""

from __future__ import annotations

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.sequence import SequenceData


def check(experiment: Experiment, data: SequenceData) -> None:
    """Refuse settings that these data cannot serve.

    Raises:
        SettingError: Early stopping or the best weights are wanted, and nothing is held out; a sensor shall be
            turned, and there is none; or a bidirectional network would read the answer.
    """
    training = experiment.training
    shifted = data.return_sequences and data.target_offset and set(data.target_names) & set(data.features)
    if experiment.model.bidirectional and shifted:
        raise SettingError(
            f"bidirectional would read what it is to tell: with task {data.task} the target of each step is an input "
            f"{data.target_offset} step(s) later. Choose task forecast, which tells what follows the whole window, or "
            "bidirectional off.",
            "bidirectional",
        )
    if training.rotation_std and not data.sensors:
        raise SettingError(
            "rotation_std rotates three-axis sensors: three features whose names differ only in a final x, y and z. These "
            f"data have none: {', '.join(data.features[:9])}. Set rotation_std 0.",
            "rotation_std",
        )
    if training.label_smoothing and not data.classes:
        raise SettingError(
            f"label_smoothing is for classes; the task {data.task} tells values here. Set label_smoothing 0.",
            "label_smoothing",
        )
    if (training.patience or training.restore_best_weights) and not len(data.val) + len(data.test):
        field = "patience" if training.patience else "restore_best_weights"
        raise SettingError(
            f"{field} needs a validation or test part to look at, and these data have none. Set test_fraction "
            "above 0, or patience 0 and restore_best_weights false.",
            field,
        )
