"""One rule for missing values: for series, several series and sequences, files and frames, training and prediction.

The inputs are recomputed in loops over the raw rows.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import rnnstudio as rs
from rnnstudio.cli.main import studio
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays
from tests.without_xla import in_python

pytestmark = pytest.mark.usefixtures("in_python")

MAX_GAP = 3
FIRST = pd.Timestamp("2024-01-01")
FEATURES = ["a", "b"]
QUICK = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
RULES = ["past", "mask", "drop", "error"]
LAYOUTS = ["series", "several", "sequences"]


def gappy(seed: int, layout: str, steps: int = 24) -> pd.DataFrame:
    """Return rows by day with missing cells, missing days, and gaps at both ends; of sequences also their class."""
    rng = np.random.default_rng(seed)
    parts = []
    for n in range({"series": 1, "several": 3, "sequences": 8}[layout]):
        length = steps + int(rng.integers(0, 5))
        part = pd.DataFrame({
            "day": FIRST + pd.to_timedelta(np.arange(length), "D"), "name": f"n{n}",
            "a": rng.normal(size=length).round(3), "b": rng.normal(size=length).round(3), "kind": ["up", "down"][n % 2],
        })  # fmt: skip
        parts.append(part)
        if layout == "sequences" and rng.random() < 0.4:
            continue
        for column in FEATURES:
            for _ in range(int(rng.integers(0, 3))):
                at = int(rng.integers(0, length))
                part.loc[at : at + int(rng.integers(0, MAX_GAP + (rng.random() < 0.1))), column] = np.nan
            part.loc[: int(rng.integers(0, 3)) - 1, column] = np.nan
            part.loc[length - int(rng.integers(0, 3)) :, column] = np.nan
        if rng.random() < 0.5:
            at = int(rng.integers(2, length - 4))
            parts[-1] = part.drop(index=range(at, at + int(rng.integers(1, MAX_GAP + (rng.random() < 0.1)))))
    return pd.concat(parts, ignore_index=True)


def raw_rows(rows: pd.DataFrame, rule: str) -> Any:
    """Return the values of one series or sequence, `(T, 2)`, with a row for each day unless rows are dropped."""
    values = {row.day: (row.a, row.b) for row in rows.itertuples()}
    days = list(values)
    if rule != "drop":
        days = list(pd.date_range(days[0], days[-1]))
    return np.array([values.get(day, (np.nan, np.nan)) for day in days]), days


def filled(values: Any) -> tuple[Any, Any]:
    """Return values filled from the past, and the steps since each was observed."""
    values, since = values.copy(), np.zeros(values.shape, int)
    for i in range(1, len(values)):
        for j in range(values.shape[1]):
            if np.isnan(values[i, j]):
                values[i, j], since[i, j] = values[i - 1, j], since[i - 1, j] + 1
    return values, since


class RefusedError(Exception):
    """The rule refuses the data."""


def expected_of(values: Any, days: list[Any], rule: str, of_sequence: bool) -> tuple[Any, Any, Any, list[Any]]:
    """Return inputs, steps since, targets (column b) and days of one series or sequence; raise `RefusedError`."""
    gaps = np.isnan(values)
    if rule == "error" and gaps.any():
        raise RefusedError
    if rule in ("drop", "error"):
        kept = [i for i in range(len(values)) if not gaps[i].any()]
        return values[kept], np.zeros((len(kept), 2), int), values[kept, 1], [days[i] for i in kept]
    if gaps.all(axis=0).any():
        raise RefusedError
    inputs, since = filled(values)
    firsts = [int(np.flatnonzero(~gaps[:, j])[0]) for j in range(2)]
    observed = np.flatnonzero(~gaps.all(axis=1))
    begin, end = max(firsts), int(observed[-1]) + 1
    if begin - observed[0] > MAX_GAP:
        raise RefusedError
    if not of_sequence:  # column b is predicted: its first and last value are the first and last target
        known = np.flatnonzero(~gaps[:, 1])
        begin, end = max(begin, int(known[0])), min(end, int(known[-1]) + 1)
    if begin >= end or since[begin:end].max() > MAX_GAP:
        raise RefusedError
    return inputs[begin:end], since[begin:end], values[begin:end, 1], days[begin:end]


def expected_data(frame: pd.DataFrame, layout: str, rule: str) -> tuple[dict[str, Any], list[int]]:
    """Return inputs with further features, targets and days by name, and the masked columns."""
    raw = {name: raw_rows(rows, rule) for name, rows in frame.groupby("name")}
    if layout == "sequences" and rule == "drop":
        raw = {name: (values, days) for name, (values, days) in raw.items() if not np.isnan(values).any()}
        if frame[frame["name"].isin(raw)]["kind"].nunique() < 2:
            raise RefusedError
    parts = {name: expected_of(values, days, rule, layout == "sequences") for name, (values, days) in raw.items()}
    masked = [j for j in range(2) if rule == "mask" and any(since[:, j].any() for _, since, _, _ in parts.values())]
    return {
        name: (with_masks(inputs, since, masked), targets, days)
        for name, (inputs, since, targets, days) in parts.items()
    }, masked


def with_masks(inputs: Any, since: Any, masked: list[int]) -> Any:
    return np.column_stack([inputs, *(f for j in masked for f in ((since[:, j] == 0).astype(float), since[:, j]))])


def chosen(layout: str, rule: str) -> dict[str, Any]:
    about: dict[str, Any] = {"missing": rule, "max_gap": MAX_GAP, "features": "a,b", "test_fraction": 0.0}
    if layout == "sequences":
        return about | {"sequence": "name", "target": "kind", "task": "classify"}
    return about | {"target": "b", "window": 2} | ({"series": "name"} if layout == "several" else {})


def as_r_passes_it(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a data frame of R: dates and factors as text, numbers with R's missing number."""
    missing = np.frombuffer(np.uint64(0x7FF00000000007A2).tobytes(), np.float64)[0]
    passed: dict[str, Any] = {}
    for name, column in frame.items():
        if name in FEATURES:
            passed[name] = np.where(column.isna(), missing, column)
        else:
            passed[name] = (column.dt.strftime("%Y-%m-%d") if name == "day" else column).tolist()
    return passed


def loaded(frame: pd.DataFrame, source: str, about: dict[str, Any], folder: Path) -> SequenceData:
    columns = ["day", "a", "b"] if "series" not in about and "sequence" not in about else list(frame.columns)
    frame = frame[columns] if about.get("sequence") else frame[[c for c in columns if c != "kind"]]
    if source == "file":
        file = folder / "a.csv"
        frame.to_csv(file, index=False)
        dataset = "sequences" if "sequence" in about else "file"
        experiment = rs.experiment(dataset, file=str(file), **{k: v for k, v in about.items() if k != "task"})
        return DATASETS.get(dataset).load(experiment.data, 0)
    x: Any = frame
    if source == "R":
        x = as_r_passes_it(frame)
    return from_arrays(x, None, ArraySettings(**about), 0)


@pytest.mark.parametrize("source", ["file", "frame", "R"])
@pytest.mark.parametrize("layout", LAYOUTS)
@given(seed=st.integers(0, 10_000), rule=st.sampled_from(RULES))
@QUICK
def test_data_of_a_training(tmp_path: Path, source: str, layout: str, seed: int, rule: str) -> None:
    frame = gappy(seed, layout)
    about = chosen(layout, rule)
    try:
        parts, masked = expected_data(frame, layout, rule)
    except RefusedError:
        with pytest.raises(RnnStudioError, match=r"max_gap|missing|no value|no step|empty cell|two classes"):
            loaded(frame, source, about, tmp_path)
        return
    data = loaded(frame, source, about, tmp_path)
    assert data.masked_features == tuple(FEATURES[j] for j in masked)
    assert data.inputs.shape[0] == len(parts)
    assert data.times is not None
    for n, (inputs, targets, days) in enumerate(parts.values()):
        length = len(inputs)
        assert data.lengths is None or data.lengths[n] == length
        np.testing.assert_array_equal(data.inputs[n, :length], inputs)
        np.testing.assert_array_equal(data.times[n, :length], np.array(days, "datetime64[ns]"))
        if layout != "sequences":
            np.testing.assert_array_equal(data.targets[n, :length, 0], targets)
    if layout != "sequences":
        assert data.missing_targets == any(np.isnan(targets).any() for _, targets, _ in parts.values())


# -- predictions -------------------------------------------------------------------------------------------------------


def expected_new(values: Any, rule: str, masked: list[int], mean: Any, of_sequence: bool) -> Any:
    """Return the inputs of the network for new values of one series or sequence; raise `RefusedError`."""
    gaps = np.isnan(values)
    if rule in ("drop", "error"):
        if gaps.any():
            raise RefusedError
        return values
    if gaps.all(axis=0).any():
        raise RefusedError
    if of_sequence:
        inputs, since, _, _ = expected_of(values, list(range(len(values))), rule, True)
        return with_masks(inputs, since, masked)
    inputs, since = filled(np.vstack([mean, values]))
    if since.max() > MAX_GAP:
        raise RefusedError
    return with_masks(inputs[1:], since[1:], masked)


def is_usable(frame: pd.DataFrame, layout: str) -> bool:
    """Return whether no rule refuses these data, and a feature is masked."""
    try:
        return [bool(expected_data(frame, layout, rule)[1]) for rule in ("past", "drop", "mask")] == [
            False,
            False,
            True,
        ]
    except RefusedError:
        return False


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], rs.Run]:
    """A run of each layout and rule, trained on data for which the rule makes a difference where it can."""
    made = {}
    for layout in LAYOUTS:
        for rule in RULES:
            frame = next(frame for seed in range(100) if is_usable(frame := gappy(seed, layout), layout))
            if rule == "error":
                frame[FEATURES] = frame[FEATURES].fillna(0.5)
                days = [rows.set_index("day").asfreq("D").ffill().reset_index() for _, rows in frame.groupby("name")]
                frame = pd.concat(days, ignore_index=True)
            about = {**chosen(layout, rule), "max_gap": MAX_GAP}
            if layout == "series":
                frame = frame[["day", "a", "b"]]
            elif layout == "several":
                frame = frame.drop(columns="kind")
            with warnings.catch_warnings(), in_python():
                warnings.simplefilter("ignore")
                tiny = {"units": 2, "updates": 1, "verbose": 0}
                folder = tmp_path_factory.mktemp("runs") / f"{layout}-{rule}"
                made[layout, rule] = rs.train(frame, save=folder, **about, **tiny)
    return lambda layout, rule: made[layout, rule]


def predictions_of(run: rs.Run, inputs: list[Any]) -> list[Any]:
    """Return the last output of each window in original units, or the shares of the classes of each sequence."""
    trained, window = run._trained_network(), run.info.window
    results = []
    for n, values in enumerate(inputs):
        own = trained.of_series(n)
        scaled = own._scalers.inputs.apply(values)
        if run.info.classes:
            logits = own._predictor.outputs(scaled[None])[0]
            results.append(np.exp(logits) / np.exp(logits).sum())
            continue
        outputs = [own._predictor.outputs(scaled[None, i : i + window])[0] for i in range(len(values) - window + 1)]
        results.append(own._scalers.targets.invert(np.array(outputs))[:, 0])
    return results


@pytest.mark.parametrize("source", ["file", "frame", "R"])
@pytest.mark.parametrize("layout", LAYOUTS)
@given(seed=st.integers(0, 10_000), rule=st.sampled_from(RULES))
@example(seed=294, rule="past")  # days without a weekend
@QUICK
def test_new_data_of_a_prediction(
    tmp_path: Path,
    runs: Callable[[str, str], rs.Run],
    source: str,
    layout: str,
    seed: int,
    rule: str,
) -> None:
    run, frame = runs(layout, rule), gappy(seed, layout, steps=12)
    columns = {"series": ["day", "a", "b"], "several": ["day", "name", "a", "b"]}.get(layout, list(frame.columns))
    frame = frame[columns + [c for c in ("name",) if c not in columns]]
    masked = [FEATURES.index(name) for name in run.info.masked_features]
    names = {"several": list(run.info.series)}.get(layout, sorted(frame["name"].unique()))
    inputs = []
    try:
        for n, name in enumerate(names):
            mean = run.scalers.inputs.of_series(n).mean[:2]
            values, _ = raw_rows(frame[frame["name"] == name], rule)
            inputs.append(expected_new(values, rule, masked, mean, layout == "sequences"))
    except RefusedError:
        inputs = []
    if layout == "series":
        frame = frame.drop(columns="name")
    probabilities = layout == "sequences"
    if source == "file":
        file = tmp_path / "new.csv"
        frame.to_csv(file, index=False)
        flags = ["--probabilities"] if probabilities else []
        result = CliRunner().invoke(studio, ["predict", run.path, "--input", str(file), *flags])
        if not inputs:
            assert result.exit_code == 2, result.stdout
            return
        assert result.exit_code == 0, result.stderr
        table = pd.read_csv(io.StringIO(result.stdout))
        numbers = table.select_dtypes("number").drop(columns="step", errors="ignore")
        received = [part.to_numpy() for _, part in numbers.groupby(table["series"])] if layout == "several" else [
            numbers.to_numpy()
        ]  # fmt: skip
        if layout == "sequences":
            assert table["sequence"].tolist() == names
            received = list(numbers.to_numpy())
    else:
        x: Any = frame
        if source == "R":
            x = as_r_passes_it(frame)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not inputs:
                with pytest.raises(RnnStudioError, match=r"max_gap|missing|without any|NaN|finite"):
                    run.predict(x, probabilities=probabilities)
                return
            received = run.predict(x, probabilities=probabilities)
        received = [received] if layout == "series" else list(received)
    for one, other in zip(received, predictions_of(run, inputs), strict=True):
        np.testing.assert_allclose(np.ravel(one), np.ravel(other), rtol=2e-5, atol=1e-6)
