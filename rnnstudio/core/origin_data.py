"""The data of a backtest at an origin: training and validation windows of the rows before it, and nothing after it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.rolling_origin import Ends, Origins
from rnnstudio.core.seasons import natural_seasons, period_of_columns
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.settings import DataSettings
from rnnstudio.core.window_layout import WindowLayout
from rnnstudio.core.windows import share_of

_EMPTY = np.empty(0, np.int32)


def settings_before(settings: DataSettings, *, is_automatic: bool) -> DataSettings:
    """Return the settings of a data set for the rows before an origin: no test set, the validation set in proportion.

    Args:
        settings: Settings of a run.
        is_automatic: Whether the share of the validation set is chosen from the rows before the origin.
    """
    test = float(getattr(settings, "test_fraction", 0.0))
    values: dict[str, Any] = {"test_fraction": 0.0} if hasattr(settings, "test_fraction") else {}
    if hasattr(settings, "val_fraction") and not is_automatic:
        values["val_fraction"] = min(float(settings.val_fraction) / (1 - test), 0.9)
    changed = settings.model_copy(update=values)
    changed.model_fields_set.intersection_update(settings.model_fields_set)
    return changed


def before_origin(data: SequenceData, settings: DataSettings, ends: Ends) -> SequenceData:
    """Return training and validation windows of the rows before an origin; later rows are not in the arrays.

    Args:
        data: One or several whole series.
        settings: Their settings with the share of the validation set among these rows; see `settings_before`.
        ends: Rows of each series before the origin, `(N,)`.

    >>> from rnnstudio.core.settings import WindowSettings
    >>> from rnnstudio.core.windows import forecast_windows
    >>> data = forecast_windows(np.arange(40.0)[:, None], window=4, horizon=2, test_fraction=0.25)
    >>> settings = WindowSettings(dataset="", task="forecast", window=4)
    >>> known = before_origin(data, settings, np.array([20]))
    >>> known.inputs.shape, len(known.train)
    ((1, 20, 1), 15)
    """
    layout = layout_of(data, settings)
    length = int(ends.max())
    val_begins = [int(end) - share_of(int(end), float(getattr(settings, "val_fraction", 0.0))) for end in ends]
    starts: dict[str, list[NDArray[np.int32]]] = {"train": [], "val": []}
    for n, (begin, end) in enumerate(zip(val_begins, ends.tolist(), strict=True)):
        starts["train"].append(layout.starts("train", 0, begin) + np.int32(n * length))
        starts["val"].append(layout.starts("val", begin, end) + np.int32(n * length))
    train, val = np.concatenate(starts["train"]), np.concatenate(starts["val"])
    indices = np.arange(len(train) + len(val), dtype=np.int32)
    known = replace(
        _until(data, length),
        lengths=None if data.lengths is None else ends.astype(np.int32),
        starts=np.concatenate([train, val]).astype(np.int32),
        train=indices[: len(train)],
        val=indices[len(train) :],
        test=_EMPTY,
        set_begins=np.stack([val_begins, ends], axis=1).astype(np.int32),
        window=layout.window,
        frame=layout.frame,
        target_offset=layout.target_offset,
        target_steps=layout.target_steps,
        test_context=layout.test_context,
    )
    return replace(known, period=_season(known, data, settings))


def rows_until(data: SequenceData, ends: Ends, share: float) -> Ends:
    """Return the rows of each series in the first share of the rows before `ends`, of series with times up to one date.

    Args:
        data: One or several series.
        ends: Rows of each series, `(N,)`.
        share: The share, above 0 and below 1.
    """
    if not data.series or data.times is None:
        return (ends * share).astype(np.int64)
    times = [own[:end] for own, end in zip(data.times, ends, strict=True)]
    stamps = np.unique(np.concatenate(times))
    date = stamps[int(len(stamps) * share)]
    return np.array([int(np.searchsorted(own, date)) for own in times], np.int64)


def as_long_as(known: SequenceData, data: SequenceData) -> SequenceData:
    """Return the rows before an origin in arrays of the length of all rows, in no window of which the added zeros lie.

    A training program is compiled for one length, so that it then serves the networks of all origins.

    Args:
        known: What `before_origin` returned.
        data: The whole series.
    """

    def longer(values: NDArray[Any]) -> NDArray[Any]:
        padded = np.zeros((len(values), data.inputs.shape[1], *values.shape[2:]), values.dtype)
        padded[:, : values.shape[1]] = values
        return padded

    length = known.inputs.shape[1]
    inputs = longer(known.inputs)
    return replace(
        known,
        inputs=inputs,
        targets=inputs if known.targets is known.inputs else longer(known.targets),
        times=None,
        gaps=None,
        starts=(known.starts // length * data.inputs.shape[1] + known.starts % length).astype(np.int32),
    )


def layout_of(data: SequenceData, settings: DataSettings) -> WindowLayout:
    """Return where the windows of a forecast, or of a network that predicts the next value at each step, lie."""
    frame = int(getattr(settings, "frame", data.frame))
    window = int(getattr(settings, "window", data.window))
    stride = int(getattr(settings, "stride", 1)) or window * frame
    steps = int(getattr(settings, "horizon", data.target_steps))
    context = getattr(settings, "test_context", data.test_context)
    if data.return_sequences:
        return WindowLayout(window, 1, stride, data.target_offset, window, True, context)
    return WindowLayout(window, frame, stride, window * frame, steps, False, context)


def at_origins(data: SequenceData, layout: WindowLayout, ends: Ends, is_forecast: NDArray[np.bool_]) -> SequenceData:
    """Return the whole series with one test window for each origin and series, that ends with the row before it.

    Args:
        data: The series.
        layout: The windows of the network.
        ends: Rows of each series before each origin, `(K, N)`.
        is_forecast: Whether a series is forecast from an origin, `(K, N)`.
    """
    length = data.inputs.shape[1]
    origin, series = np.nonzero(is_forecast)
    starts = series * length + ends[origin, series] - layout.window * layout.frame
    test = np.arange(len(starts), dtype=np.int32)
    first = np.where(is_forecast, ends, data.inputs.shape[1]).min(axis=0)
    return replace(
        data,
        starts=starts.astype(np.int32),
        train=_EMPTY,
        val=_EMPTY,
        test=test,
        calibration=_EMPTY,
        set_begins=np.stack([first, first], axis=1).astype(np.int32),
        window=layout.window,
        frame=layout.frame,
        target_offset=layout.target_offset,
        target_steps=layout.target_steps,
        test_context="reach_back",
    )


def without_later_categories(data: SequenceData, ends: Ends) -> SequenceData:
    """Return the series without the texts that occur in no row before an origin, as a training until it reads them.

    Args:
        data: The series; columns of text are inputs of 0 and 1, named column=value.
        ends: Rows of each series before the first origin, `(N,)`.
    """
    if data.account is None:
        return data
    texts = {c.name for c in data.account.columns if c.kind == "text"}
    of_text = [j for j, name in enumerate(data.features) if name.split("=")[0] in texts - {name}]
    known = np.arange(data.inputs.shape[1]) < ends[:, None]  # (N, T)
    later = [j for j in of_text if not data.inputs[..., j][known].any()]
    if not later:
        return data
    inputs = data.inputs.copy()
    inputs[..., later] = 0
    return replace(data, inputs=inputs)


def rows_of(origins: Origins) -> list[tuple[int, int]]:
    """Return origin and series of each window of `at_origins`, in their order."""
    return [(int(k), int(n)) for k, n in zip(*np.nonzero(origins.is_forecast), strict=True)]


def _until(data: SequenceData, length: int) -> SequenceData:
    """Return the first rows of the series, without windows."""
    inputs, is_same = data.inputs[:, :length].copy(), data.targets is data.inputs
    return replace(
        data,
        inputs=inputs,
        targets=inputs if is_same else data.targets[:, :length].copy(),
        times=None if data.times is None else data.times[:, :length],
        gaps=None if data.gaps is None else data.gaps[:, :length],
        lengths=None if data.lengths is None else np.minimum(data.lengths, length).astype(np.int32),
        plan=None,
        set_begins=None,
        starts=_EMPTY,
        train=_EMPTY,
        val=_EMPTY,
        test=_EMPTY,
        calibration=_EMPTY,
        test_context="inside",
    )


def _season(known: SequenceData, data: SequenceData, settings: DataSettings) -> int:
    """Return the season of the rows before the validation set; that of the settings or of the data set where fixed."""
    given = int(getattr(settings, "period", 0))
    if given or not hasattr(settings, "period"):
        return given or data.period
    assert known.set_begins is not None
    begins = known.set_begins[:, 0]
    longest = int(begins.argmax())
    values = known.targets[longest, : begins[longest]]
    return period_of_columns(values[:, :1] if data.account else values, natural_seasons(data.frequency))
