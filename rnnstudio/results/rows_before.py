"""The rows of the training that newer data follow: a window that begins before these data reads them."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnstudio.core.precision import Floats
from rnnstudio.core.predictions import Times
from rnnstudio.core.times import times_after, times_before
from rnnstudio.results.contents import RunContents


def rows_before(run: RunContents, name: str, times: Times | None, *, forecasts: bool) -> Floats | None:
    """Return the rows of the training right before newer ones, `(n, F)`, at most those of a window; None for none.

    They are as the network reads them: filled, with the further columns of masked features.

    Args:
        run: The run.
        name: Name of one of several series.
        times: Times of the newer rows; None where unknown.
        forecasts: Whether the rows are continued, rather than predicted each.
    """
    info, settings = run.info, run.experiment
    data: Any = settings.data
    reads_windows = info.task == "forecast" and not settings.model.stateful
    is_known = not info.series or name in info.series
    if not (reads_windows or forecasts) or times is None or not len(times) or not is_known:
        return None
    if not len(run.context) or np.isnat(times[0]) or getattr(data, "missing", "error") == "interpolate":
        return None
    index = info.series.index(name) if info.series else 0
    context = run.context[index] if info.series else run.context
    stamp = info.last_times[index] if info.series and info.last_times else info.last_time
    if not stamp:
        return None
    stamps = times_before(np.datetime64(stamp, "ns"), len(context), info.frequency)
    count = int((stamps < times[0]).sum())
    if not count or times_after(stamps[count - 1], 1, info.frequency)[0] != times[0]:
        return None
    samples = info.window * info.frame
    is_enough = count == len(context) or (count + len(times) >= samples > len(times) and data.missing != "drop")
    return context[:count][-samples:] if is_enough else None


def follows_note(series: str, count: int, before: int) -> str:
    """Return a sentence about newer rows that follow those of the training.

    Args:
        series: Name of the series; empty for one.
        count: Number of newer rows.
        before: Number of rows of the training that are read before them.
    """
    follow = "row follows" if count == 1 else "rows follow"
    read = "last row is" if before == 1 else f"last {before:,} rows are"
    the = f"Series {series}: the" if series else "The"
    return f"{the} {count:,} newer {follow} those of the training, whose {read} read before."
