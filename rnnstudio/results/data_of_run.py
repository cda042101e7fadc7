"""The data of a saved run, loaded again and checked to be read as in the training."""

from __future__ import annotations

from pathlib import Path

from rnnstudio.core.account_changes import account_change
from rnnstudio.core.calibration_windows import with_calibration
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.errors import DataError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.sequence import SequenceData


def data_of_run(experiment: Experiment, info: DataInfo) -> SequenceData:
    """Return the data of a run, loaded again.

    Raises:
        DataError: The data cannot be loaded, or their file is read in another way than in the training.
    """
    settings = experiment.data
    data = DATASETS.get(settings.dataset).load(settings, experiment.seed_of_data)
    if change := account_change(info.account, data.account):
        name = Path(getattr(settings, "file", "")).name
        raise DataError(
            f"{name} is not read as in the training: {change}. Put the file of the training back, or train again."
        )
    return with_calibration(data, experiment.training.levels)
