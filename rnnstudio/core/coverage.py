"""How many true values of the test set the bands of a forecast held, in numbers and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from rnnstudio.core.bands import Calibration
from rnnstudio.core.chosen_on_test import mark
from rnnstudio.core.wording import enumeration

if TYPE_CHECKING:
    import pandas as pd

_COVERAGE = re.compile(r"test_coverage_(\d+)$")


def coverage_metrics(
    blocks: Iterable[pd.DataFrame], levels: Iterable[int], *, units_differ: bool = False
) -> dict[str, float]:
    """Return share and width of the bands over the true values that are known: `test_coverage_80`, `test_width_80`.

    Args:
        blocks: The predictions of the test set, with the columns `truth`, `lower_LEVEL` and `upper_LEVEL`.
        levels: Levels in percent. A level without a band is left out.
        units_differ: Whether the targets may have different units, so that their bands have no common width.
    """
    sums = dict.fromkeys(levels, (0, 0, 0.0))  # true values, those inside, and the sum of the widths
    for block in blocks:
        truth = block["truth"].to_numpy(np.float64)
        for level, (count, held, width) in sums.items():
            lower, upper = (block[f"{side}_{level}"].to_numpy(np.float64) for side in ("lower", "upper"))
            known = ~np.isnan(truth) & ~np.isnan(lower)
            is_held = (truth >= lower) & (truth <= upper)
            total = width + float((upper - lower)[known].sum())
            sums[level] = count + int(known.sum()), held + int(is_held.sum()), total
    metrics: dict[str, float] = {}
    for level, (count, held, width) in sums.items():
        if count:
            metrics[f"test_coverage_{level}"] = held / count
            if not units_differ:
                metrics[f"test_width_{level}"] = width / count
    return metrics


def coverage_sentences(
    metrics: Mapping[str, float], calibration: Calibration | None, *, chosen_on_test: bool = False
) -> list[str]:
    """Return how many true values of the test set the bands held, and what calibrated them; empty without bands.

    Args:
        metrics: The metrics of a run.
        calibration: Its calibration; None without bands.
        chosen_on_test: Whether early stopping or the best weights used the test set, which is marked then.
    """
    if calibration is None:
        return []
    shares = {match[1]: value for name, value in metrics.items() if (match := _COVERAGE.match(name))}
    if not shares:
        return [calibration.sentence]
    levels, held = (enumeration(list(texts)) for texts in (shares, (f"{100 * share:.3g}" for share in shares.values())))
    of_set = f"the test set{mark('test_coverage', chosen_on_test)}"
    return [f"Bands of {levels} % held {held} % of the true values of {of_set}. {calibration.sentence}"]
