"""Which settings go together with a stateful network."""

from __future__ import annotations

from rnnstudio.core.errors import SettingError
from rnnstudio.core.settings import DataSettings, ModelSettings, TrainingSettings, WindowSettings


def check_stateful(data: DataSettings, model: ModelSettings, training: TrainingSettings) -> None:
    """Check the settings of an experiment whose state is carried from window to window.

    Args:
        data: Data set and its settings.
        model: Cell and its settings; `stateful` is true.
        training: Settings of the training.

    Raises:
        SettingError: One of them does not go together with `stateful`.
    """
    if model.bidirectional:
        raise SettingError(
            "stateful must be false where bidirectional is true, because the backward layer starts at the end "
            "of each sequence; received true.",
            "stateful",
        )
    if data.task not in ("label", "regress"):
        raise SettingError(
            f"stateful must be false for task {data.task}: it needs a target for each step (task label or "
            "regress); received true.",
            "stateful",
        )
    if not isinstance(data, WindowSettings):
        raise SettingError(
            f"stateful must be false for the data set {data.dataset}, which has separate sequences rather "
            "than one long series; received true.",
            "stateful",
        )
    if data.stride > data.window:
        raise SettingError(
            f"stride must be at most the window ({data.window} steps) where stateful is true; received {data.stride}.",
            "stride",
        )
    if training.batch_size == 0:
        raise SettingError(
            "batch_size must be at least 1 where stateful is true, because the series is split into that many "
            "rows; received 0.",
            "batch_size",
        )
