"""Series that a run was not trained on: whether it can predict them, and what it does not know of them."""

from __future__ import annotations

from collections.abc import Collection

from rnnstudio.core.wording import listed
from rnnstudio.results.contents import RunContents

_MAX_NAMED = 10  # series in a message


def differs_by_series(run: RunContents) -> bool:
    """Return whether a run scales each series on its own, or has a learned vector of each."""
    return run.scalers.inputs.mean.ndim > 1 or _has_vectors(run)


def of_each_series(run: RunContents) -> str:
    """Return what differs from series to series, as a clause."""
    if run.scalers.inputs.mean.ndim == 1:
        return "each series has a learned vector (series_embedding)"
    return "each series is scaled on its own" + (" and has a learned vector" if _has_vectors(run) else "")


def unknown_part(run: RunContents, its: str = "its") -> str:
    """Return what is unknown of a series that a run was not trained on, as a clause."""
    if run.scalers.inputs.mean.ndim == 1:
        return f"{its} learned vector (series_embedding) is unknown"
    return f"{its} mean{', scale and learned vector' if _has_vectors(run) else ' and scale'} are unknown"


def settings_for_unknown(run: RunContents) -> str:
    """Return the settings of a training whose run predicts series that it was not trained on."""
    scaled = ["scale_each false"] if run.scalers.inputs.mean.ndim > 1 else []
    return " and ".join([*scaled, *(["series_embedding 0"] if _has_vectors(run) else [])])


def _has_vectors(run: RunContents) -> bool:
    return bool(run.info.series and run.experiment.model.series_embedding)


def unpredicted_series(run: RunContents, names: Collection[str], source: str) -> tuple[list[str], list[str]]:
    """Return those of several series that the run cannot predict, and a sentence about it.

    It cannot predict those that it was not trained on, unless it treats all series alike; where these are all,
    `predict_each` refuses them.

    Args:
        run: The run.
        names: Names of series.
        source: What messages call the data.
    """
    unknown = [name for name in names if name not in run.info.series]
    if not run.info.series or not differs_by_series(run) or len(unknown) in (0, len(names)):
        return [], []
    is_one = len(unknown) == 1
    return unknown, [
        f"{len(unknown):,} series {'is' if is_one else 'are'} left out of {source}: the run was not trained on "
        f"{listed([*map(repr, unknown)], _MAX_NAMED)}, so that {unknown_part(run, 'its' if is_one else 'their')}."
    ]
