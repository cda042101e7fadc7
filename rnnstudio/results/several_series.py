"""Predictions of several series, each with its own scaler or learned vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rnnstudio.core.errors import DataError
from rnnstudio.core.names import names_in
from rnnstudio.core.precision import Floats
from rnnstudio.core.wording import listed
from rnnstudio.results.contents import RunContents
from rnnstudio.results.unknown_series import differs_by_series, of_each_series, settings_for_unknown, unknown_part

if TYPE_CHECKING:
    from rnnstudio.results.trained_network import TrainedNetwork

_MAX_NAMED = 10  # series in a message


def network_of(run: RunContents, network: TrainedNetwork, series: Any = "") -> TrainedNetwork:
    """Return the network for values of one series.

    Args:
        run: The run.
        network: Its network.
        series: Of a run of several series: the one that the values continue; may be None or empty where all have one
            scaler.

    Raises:
        DataError: Each series has a scaler or a learned vector of its own, and none is named.
        SettingError: The run has one series, and one is named.
        UnknownNameError: There is no such series.
    """
    if series not in (None, ""):
        return network.of_series(run.info.index_of_series(series))
    if not differs_by_series(run):
        return network
    if run.info.columns_as_series:
        raise DataError(
            f"x must have a column for each series of the run, {listed([*map(repr, run.info.series)], _MAX_NAMED)}: a "
            "data frame, or a matrix of them in this order. Values of one series can be passed with series set to its "
            "name."
        )
    raise DataError(
        f"x must be a data frame with the column {series_columns(run)[0]!r}, which names the series of each row: "
        f"{of_each_series(run)}. Values of one series can be passed with series set to its name."
    )


def series_columns(run: RunContents) -> list[str]:
    """Return the columns that name the series of a row."""
    return list(run.info.series_columns) or names_in(getattr(run.experiment.data, "series", ""))


def short_note(names: Sequence[str], count: int, source: str, rows: int) -> str:
    """Return a sentence about series that are left out, because they have fewer rows than a window.

    Args:
        names: These series.
        count: Number of all series.
        source: What messages call the data.
        rows: Rows of a window.

    Raises:
        DataError: They are all.
    """
    if len(names) == count:
        raise DataError(f"A series of {source} must have at least {rows:,} rows, the window of this run; none has.")
    are = "series is" if len(names) == 1 else "series are"
    return (
        f"{len(names):,} {are} left out of {source}: fewer than {rows:,} rows, the window of this run. That is "
        f"{listed([*map(repr, names)], _MAX_NAMED)}."
    )


def predict_each(
    run: RunContents,
    network: TrainedNetwork,
    names: Sequence[str],
    values: Sequence[Floats],
    probabilities: bool,
    plans: Sequence[Any],
    before: Sequence[Floats | None],
) -> list[Any]:
    """Return the predictions for each of several series.

    Args:
        run: The run.
        network: Its network.
        names: The series.
        values: Inputs of each, `(T, F)`.
        probabilities: For classes: return probabilities.
        plans: What is known of the steps after the rows of each; None where nothing is.
        before: The rows of the training that each follows; None for none.

    Raises:
        DataError: A series is unknown and would need a scaler or a learned vector of its own.
    """
    known = {name: n for n, name in enumerate(run.info.series)}
    unknown = [name for name in names if name not in known]
    if unknown and differs_by_series(run):
        raise DataError(
            f"The run was not trained on the series {unknown[0]!r}, so that {unknown_part(run)}. Known series: "
            f"{listed([*map(repr, known)], _MAX_NAMED)}. Leave it out, or train with {settings_for_unknown(run)}."
        )
    return [
        network.of_series(known.get(name, 0)).predict(own, probabilities=probabilities, plan=plan, before=rows)
        for name, own, plan, rows in zip(names, values, plans, before, strict=True)
    ]
