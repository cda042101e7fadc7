"""The tables of a backtest: its long table, scores of every method, and the sentence that compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnstudio.core.backtest_scores import Scales, compare_methods, levels_of, methods_of, score_table
from rnnstudio.core.plain import without_nan
from rnnstudio.core.visible_text import visible
from rnnstudio.core.wording import baseline_label, score_label

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("predictions", "metrics", "by_step", "by_origin")


@dataclass(frozen=True, repr=False)
class BacktestTables:
    """Forecasts from several origins in the past, of a network and of baselines, with their scores.

    Attributes:
        steps: Steps ahead.
        origins: Number of origins.
        every: Rows from one origin to the next.
        refit: Whether the network was trained again at each origin; else once, on the rows before the first one.
        period: Rows in the season that the baselines repeat and MASE is scaled by; 0 where none is known.
        scales: Mean absolute error of the seasonal naive forecast on the rows before the first origin, which MASE
            divides by, by names of series and target; each is empty where there is one.
        settings: The settings of the network by flat name, without automatic ones.
        notes: What a reader should know, one sentence each.
        run: Name of the run; empty where it was not saved.
    """

    steps: int
    origins: int
    every: int
    refit: bool
    period: int
    scales: Scales
    table: pd.DataFrame
    settings: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    run: str = ""

    def __repr__(self) -> str:
        """Return the comparison, what was evaluated, and the scores of each method."""
        return visible(f"{self.conclusion}\n{self.description}\n{self.metrics().to_string(index=False, na_rep='')}")

    def predictions(self) -> pd.DataFrame:
        """Return the long table: a row for each origin, step ahead, series and target.

        Columns: `series` and `target` (of several); `origin_number`, from 1; `origin`, the last row that is read, and
        its `origin_time` where known; `step_ahead`, from 1; `step` and `time` of the target; `truth`; a column for each
        method; and the band of the network for each level, `lower_80` and `upper_80`.
        """
        return self.table.copy()

    def metrics(self) -> pd.DataFrame:
        """Return a row for each method: `rmse`, `mae`, `mase`, `smape`; of the network with bands also `crps`, `wql`
        and `coverage_LEVEL`.
        """  # noqa: D205
        return score_table(self.table, self.scales)

    def by_step(self) -> pd.DataFrame:
        """Return the scores of each method at each step ahead."""
        return score_table(self.table, self.scales, ("step_ahead",))

    def by_origin(self) -> pd.DataFrame:
        """Return the scores of each method at each origin, from the first to the last."""
        keys = [name for name in ("origin_number", "origin", "origin_time") if name in self.table]
        if "series" in self.table:
            keys = [name for name in keys if name != "origin"]  # it counts the rows of one series
        return score_table(self.table, self.scales, keys)

    def by_series(self) -> pd.DataFrame:
        """Return the scores of each method for each of several series or targets; else those of `metrics`."""
        return score_table(self.table, self.scales, [name for name in ("series", "target") if name in self.table])

    @property
    def methods(self) -> list[str]:
        """The methods, the network first."""
        return methods_of(self.table)

    @property
    def levels(self) -> list[str]:
        """The levels of the network's bands in percent; empty without bands."""
        return levels_of(self.table)

    @property
    def better(self) -> str:
        """The best baseline where it beats the network, such as "ets"; else empty."""
        _, name, network, baseline = compare_methods(self.metrics())
        return name if baseline < network else ""

    @property
    def conclusion(self) -> str:
        """Whether the best baseline beats the network, in one sentence."""
        measure, name, network, baseline = compare_methods(self.metrics())
        label = score_label(measure)
        if not name:
            return f"The network has {label} {network:.3g}."
        best = baseline_label(name)
        if baseline < network:
            return (
                f"{best[0].upper()}{best[1:]} is better: {label} {baseline:.3g} against {network:.3g} of the network."
            )
        if baseline == network:
            return f"The network is as good as {best}: {label} {network:.3g}."
        return f"The network is best: {label} {network:.3g} against {baseline:.3g} of {best}."

    @property
    def description(self) -> str:
        """What was evaluated, in one sentence."""
        steps = f"{self.steps:,} {'step' if self.steps == 1 else 'steps'} ahead"
        origins = f"{self.origins:,} {'origin' if self.origins == 1 else 'origins'}"
        apart = f", {self.every:,} {'row' if self.every == 1 else 'rows'} apart" if self.origins > 1 else ""
        how = "trained again at each" if self.refit else "trained once, on rows before the first"
        return f"Forecasts of {steps} from {origins}{apart}; the network was {how}."

    def summary(self) -> dict[str, Any]:
        """Return the result as plain numbers, texts, lists and dicts; what `--json` prints."""
        plain = {
            "conclusion": self.conclusion,
            "better": self.better,
            "run": self.run,
            "steps": self.steps,
            "origins": self.origins,
            "every": self.every,
            "refit": self.refit,
            "period": self.period,
            "scales": [{"series": s, "target": t, "error": scale} for (s, t), scale in self.scales.items()],
            "notes": list(self.notes),
        }
        for name in TABLES[1:]:
            plain[name] = [_plain_row(row) for row in self.table_of(name).to_dict("records")]
        result: dict[str, Any] = without_nan(plain)
        return result

    def table_of(self, name: str) -> pd.DataFrame:
        """Return one of `TABLES`."""
        tables = (self.predictions, self.metrics, self.by_step, self.by_origin)
        return dict(zip(TABLES, tables, strict=True))[name]()


def _plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row of a table as plain numbers and texts; stamps as ISO 8601."""
    plain = {}
    for name, value in row.items():
        if hasattr(value, "isoformat"):
            plain[str(name)] = value.isoformat()
        else:
            plain[str(name)] = value.item() if isinstance(value, np.generic) else value
    return plain
