"""The steps that are forecast, and what is known ahead of them, before the forecast itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.feedback import past_only, planned_columns
from rnnstudio.core.forecast_reach import check_reach, horizon_of
from rnnstudio.core.predictions import Times
from rnnstudio.core.train_command import train_command
from rnnstudio.results.run import Run

_DEFAULT_STEPS = 20
_MAX_NAMED = 3  # columns in a sentence


@dataclass(frozen=True)
class PlannedSteps:
    """The steps of a forecast.

    Attributes:
        names: Names of the series; one empty name for a single series.
        steps: Steps of each.
        times: Their stamps, of each series `(steps,)`; NaT where unknown.
        columns: Names of the columns that are known ahead and that somebody must plan.
        switches: Indices of those whose values are 0 and 1.
        plan: What the data know of them, `(series * steps, K)`; NaN elsewhere.
    """

    names: tuple[str, ...]
    steps: int
    times: list[Times]
    columns: tuple[str, ...]
    switches: frozenset[int]
    plan: NDArray[np.float64]

    @property
    def first_times(self) -> list[np.datetime64]:
        """The stamp of the first step of each series."""
        return [times[0] for times in self.times]

    @property
    def last_time(self) -> np.datetime64 | None:
        """The stamp of the last step; None where unknown."""
        stamp: np.datetime64 = max(times[-1] for times in self.times)
        return None if np.isnat(stamp) else stamp

    @property
    def rows(self) -> list[tuple[str, np.datetime64 | int]]:
        """Series and time of each row; the number of the step where times are unknown."""
        return [
            (name, step if np.isnat(stamp) else stamp)
            for name, times in zip(self.names, self.times, strict=True)
            for step, stamp in enumerate(times)
        ]

    def empty_cells(self, plan: NDArray[np.float64]) -> str:
        """Return a sentence that names the empty cells; an empty text where there is none."""
        empty = np.isnan(plan).sum(axis=0)
        parts = [
            f"{name} is empty in {count:,} of {len(plan):,} rows"
            for name, count in zip(self.columns, empty.tolist(), strict=True)
            if count
        ]
        if not parts:
            return ""
        how = "Tick those that are 1" if len(self.switches) == len(self.columns) else "Enter them in the table"
        return f"{'; '.join(parts[:_MAX_NAMED])}. {how}, or paste a column (Ctrl+V)."

    def argument(self, plan: NDArray[np.float64]) -> Any:
        """Return the plan as `Run.forecast` takes it; None where nobody plans anything."""
        if not self.columns:
            return None
        return plan.reshape(len(self.names), self.steps, -1) if len(self.names) > 1 else plan


class EnteredPlan:
    """What the user has entered into the plan, by series and time, so that other steps or newer data keep it."""

    def __init__(self) -> None:
        self._shown: PlannedSteps | None = None
        self._rows: dict[Any, NDArray[np.float64]] = {}

    def show(self, steps: PlannedSteps) -> NDArray[np.float64]:
        """Return the plan of steps, which the table shows from now on, with what was entered for them before."""
        plan = steps.plan.copy()
        for i, row in enumerate(steps.rows):
            if (entered := self._rows.get(row)) is not None:
                plan[i] = np.where(np.isnan(entered), plan[i], entered)
        self._shown = steps
        return plan

    def remember(self, plan: NDArray[np.float64]) -> None:
        """Remember what the table holds and the data do not know."""
        if self._shown is not None:
            entered = np.where(plan == self._shown.plan, np.nan, plan)
            self._rows |= dict(zip(self._shown.rows, entered, strict=True))

    def begin_newer_data(self) -> None:
        """Forget what was entered for steps without times: in newer data they are others."""
        self._rows = {row: entered for row, entered in self._rows.items() if not isinstance(row[1], int)}


def planned_steps(run: Run, steps: int, newer: str) -> PlannedSteps:
    """Return the steps of a forecast, and what is known of them.

    Args:
        run: The run.
        steps: Number of steps.
        newer: Path of newer data; empty for those of the training.

    Raises:
        RnnStudioError: The newer data cannot be read, or some inputs cannot be known for so many steps.
    """
    check_reach(run.info, steps, train_command(run.requested, horizon=steps))  # before anybody plans these steps
    origin, times, known = run.planned(steps, newer or None)
    columns = planned_columns(run.info)
    at = [run.info.features.index(name) for name in columns]
    before = np.concatenate([values[:, at] for values in origin.values])
    switches = frozenset(i for i in range(len(columns)) if np.isin(before[:, i], (0, 1)).all())
    return PlannedSteps(origin.names or ("",), steps, times, columns, switches, np.concatenate(known))


def default_steps(run: Run) -> int:
    """Return the number of steps that are forecast first: the horizon, but at least 20 where a forecast goes beyond."""
    horizon = horizon_of(run.info)
    return horizon if past_only(run.info) else max(_DEFAULT_STEPS, horizon)
