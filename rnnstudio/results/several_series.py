"""Predictions of several series, each with its own scaler."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from rnnstudio.core.columns import as_columns, as_frame, has_columns
from rnnstudio.core.errors import DataError
from rnnstudio.core.input_columns import input_columns, similar_column
from rnnstudio.core.missing import Where
from rnnstudio.core.names import names_in, text_of
from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import Times
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.core.settings import DataSettings
from rnnstudio.core.wording import listed
from rnnstudio.library.shared.notes import few_notes
from rnnstudio.library.shared.reading_settings import options_of
from rnnstudio.library.shared.series_columns import place_in
from rnnstudio.reading.categories import with_categories
from rnnstudio.reading.series.missing_rows import with_missing_rows
from rnnstudio.reading.series.series_columns import tables_of_series
from rnnstudio.reading.table import Table
from rnnstudio.results.contents import RunContents
from rnnstudio.results.far_inputs import far_inputs_notes
from rnnstudio.results.frames import from_frame
from rnnstudio.results.new_inputs import NewInputs
from rnnstudio.results.other_units import other_units_notes

if TYPE_CHECKING:
    from rnnstudio.results.trained_network import TrainedNetwork

_MAX_NAMED = 10  # series in a message


def predict_series(
    run: RunContents,
    network: TrainedNetwork,
    x: Any,
    probabilities: bool,
    series: Any = "",
    changed: ReadOptions | None = None,
) -> Any:
    """Return the predictions for each series in a data frame, in the order of their names; of one series for that one.

    Args:
        run: The run.
        network: Its network.
        x: A data frame or dict of columns with the columns that name the series; with one scaler for all series also
            what a run of one series takes.
        probabilities: For classes: return probabilities.
        series: The series that `x` continues, where `x` does not name it.
        changed: How a data frame is read where it differs from the training's.

    Raises:
        DataError: A column is missing, or a series is unknown and would need a scaler of its own.
        UnknownNameError: There is no such series.
    """
    if series not in (None, ""):
        own = network.of_series(run.info.index_of_series(series))
        inputs = from_frame(x, run.info, one_series(run.experiment.data), changed)
        return own.predict(inputs, probabilities=probabilities)
    x, columns = as_columns(x), series_columns(run)
    frame = as_frame(x) if has_columns(x) else None
    renamed = {} if frame is None else {similar_column(name, list(frame.columns)): name for name in columns}
    renamed.pop("", None)
    if frame is not None and renamed:
        frame = frame.rename(columns=renamed)
        for similar, name in renamed.items():
            warnings.warn(f"x has no column {name!r}; the column {similar!r} is read.", UserWarning, stacklevel=3)
    missing = [name for name in columns if frame is None or name not in {*frame.columns, *map(str, frame.index.names)}]
    if frame is not None and not missing:
        from rnnstudio.reading.value_columns import frame_table

        options = options_of_series(run, changed)
        own_series, notes = series_values(frame_table("x", frame, options), run, options)
        for note in notes:
            warnings.warn(note, UserWarning, stacklevel=3)
        values = {name: inputs for name, (inputs, _) in own_series.items()}
        return list(predict_each(run, network, values, probabilities).values())
    if run.scalers.inputs.mean.ndim == 1:
        inputs = from_frame(x, run.info, one_series(run.experiment.data), changed)
        return network.predict(inputs, probabilities=probabilities)
    raise DataError(
        f"x must be a data frame with the column {(missing or columns)[0]!r}, which names the series of each row: "
        "each series is scaled on its own. Values of one series can be passed with series set to its name."
    )


def series_columns(run: RunContents) -> list[str]:
    """Return the columns that name the series of a row."""
    return list(run.info.series_columns) or names_in(getattr(run.experiment.data, "series", ""))


def options_of_series(run: RunContents, changed: ReadOptions | None = None) -> ReadOptions:
    """Return how new data with several series are to be read; see `options_of`."""
    series = changed.series if changed and changed.series else text_of(series_columns(run))
    return replace(options_of(run.experiment.data, changed), series=series, frequency=run.info.frequency)


def one_series(settings: DataSettings) -> DataSettings:
    """Return data settings by which the rows of new data are one series."""
    return settings.model_copy(update={"series": "none"})


def series_values(
    table: Table, run: RunContents, options: ReadOptions
) -> tuple[dict[str, tuple[Floats, Times | None]], list[str]]:
    """Return inputs and times of each series in a table by name, and what was assumed.

    The inputs are `(T, F)` with NaN where missing, the times `(T,)`, or None where there are none.

    Args:
        table: The table.
        run: The run that predicts.
        options: How it was read, with the columns that name the series.

    Raises:
        DataError: A column is missing, a row has no series, a cell is not a number, or a value is missing that the run
            does not fill.
        SettingError: A gap is longer than `max_gap`.
    """
    settings: Any = run.experiment.data
    names = names_in(options.series or "")
    table, unknown = with_categories(table, run.info.input_names)
    inputs = [column for column in table.columns if column not in names]
    columns, assumed = input_columns(run.info.input_names, inputs, inputs, table.name, has_names=table.has_names)
    units = other_units_notes(table, columns, run.info)
    values: dict[str, tuple[Floats, Times | None]] = {}
    filled = []
    known = {name: n for n, name in enumerate(run.info.series)}
    for name, part in tables_of_series(table, names).items():
        whole = with_missing_rows(part) if settings.missing in ("past", "mask", "error") else part
        own = whole.values(columns, "past")
        values[name] = own, whole.times
        scalers = run.scalers.of_series(known.get(name, 0))
        if name in known:
            filled += far_inputs_notes([own], run.info.input_names, scalers.inputs, f"series {name!r} of {table.name}")
        new = NewInputs.of(run.experiment, run.info, scalers)
        place = partial(_place, place_in(whole, columns))
        _, note = new.complete([own], place, f"Series {name!r} of {table.name}")
        filled.append(note)
    notes = [assumed, *units, *unknown, *(table.account.assumed if table.account else ())]
    return values, [*filter(None, notes), *few_notes([*filter(None, filled)])]


def _place(where: Where, sequence: int, step: int, feature: int) -> str:
    """Return where a value of the only sequence stands."""
    return where(step, feature)


def predict_each(
    run: RunContents, network: TrainedNetwork, values: Mapping[str, Floats], probabilities: bool
) -> dict[str, Any]:
    """Return the predictions for each series by its name.

    Args:
        run: The run.
        network: Its network.
        values: Inputs of each series by name, `(T, F)`.
        probabilities: For classes: return probabilities.

    Raises:
        DataError: A series is unknown and would need a scaler of its own.
    """
    known = {name: n for n, name in enumerate(run.info.series)}
    unknown = [name for name in values if name not in known]
    if unknown and run.scalers.inputs.mean.ndim == 2:
        raise DataError(
            f"The run was not trained on the series {unknown[0]!r}, so that its mean and scale are unknown. Known "
            f"series: {listed([*map(repr, known)], _MAX_NAMED)}. Leave it out, or train with scale_each false."
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # filled values were reported with their places
        return {
            name: network.of_series(known.get(name, 0)).predict(own, probabilities=probabilities)
            for name, own in values.items()
        }
