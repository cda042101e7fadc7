"""Whether runs differ by their seed alone, as those of a group must."""

from __future__ import annotations

from collections.abc import Sequence

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import SEEDS
from rnnstudio.results.run import Run


def check_alike(runs: Sequence[Run]) -> None:
    """Check that runs differ by seed alone.

    Raises:
        SettingError: Other settings differ, or the data or their split.
    """
    first = runs[0]
    for run in runs[1:]:
        others = [(name, value) for name, value in run.experiment.flat().items() if name not in SEEDS]
        own = first.experiment.flat()
        differing = [name for name, value in others if own.get(name) != value]
        same_data = run.info == first.info and run.experiment.seed_of_data == first.experiment.seed_of_data
        if differing or not same_data or run.experiment.seed == first.experiment.seed:
            what = ", ".join(differing) or ("the data or their split" if not same_data else "no seed")
            raise SettingError(
                "The runs of a group must differ by their seed alone, on the same split of the same data; "
                f"{run.name or 'one'} and {first.name or 'another'} differ in: {what}."
            )
