"""Columns of text and of yes and no as inputs of labelled sequences, learned from the training set."""

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

import rnnstudio as rs
from rnnstudio.cli.main import studio
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.sequence import SequenceData
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays

pytestmark = pytest.mark.usefixtures("uncompiled")

COLUMNS = {"sequence": "id", "target": "kind", "features": "x,sky,open"}
SKIES = ["fog", "rain", "sun"]


def steps(gaps: bool = False) -> pd.DataFrame:
    """Return thirty sequences of six steps with a number, a text and a yes/no column; the sky decides the class."""
    rng = np.random.default_rng(0)
    rows = [
        (f"s{n}", float(rng.normal()), "sun" if n % 2 and t > 3 else SKIES[int(rng.integers(2))], n % 3 == 0, n % 2)
        for n in range(30)
        for t in range(6)
    ]
    frame = pd.DataFrame(rows, columns=["id", "x", "sky", "open", "kind"])
    frame["kind"] = frame["kind"].map({0: "dull", 1: "bright"})
    if gaps:
        frame.loc[[8, 27, 50], "sky"] = None
    return frame


def from_file(frame: pd.DataFrame, folder: Path, **more: Any) -> SequenceData:
    frame.to_csv(folder / "steps.csv", index=False)
    settings = rs.experiment("sequences", file=str(folder / "steps.csv"), **{**COLUMNS, **more}).data
    return DATASETS.get("sequences").load(settings, 0)


def from_frame(frame: pd.DataFrame, folder: Path, **more: Any) -> SequenceData:
    return from_arrays(frame, None, ArraySettings(task="classify", **{**COLUMNS, **more}), 0)


@pytest.mark.parametrize("load", [from_file, from_frame])
@pytest.mark.parametrize("missing", ["past", "mask", "drop"])
def test_each_text_is_an_input_of_0_and_1(tmp_path: Path, load: Callable[..., SequenceData], missing: str) -> None:
    frame = steps(gaps=True)
    data = load(frame, tmp_path, missing=missing)
    assert data.features[:5] == ("x", "sky=fog", "sky=rain", "sky=sun", "open")
    parts = dict(list(frame.groupby("id", sort=False)))
    if missing == "drop":
        parts = {name: rows for name, rows in parts.items() if rows["sky"].notna().all()}
    assert len(data.inputs) == len(parts)
    for values, rows in zip(data.inputs, parts.values(), strict=True):
        sky = rows["sky"].ffill()
        expected = [rows["x"], *(sky == text for text in SKIES), rows["open"]]
        np.testing.assert_array_equal(values[:, :5], np.column_stack(expected).astype(float))


@pytest.mark.parametrize("load", [from_file, from_frame])
def test_texts_of_held_out_sequences_are_unknown_and_said(tmp_path: Path, load: Callable[..., SequenceData]) -> None:
    frame = steps()
    data = load(frame, tmp_path, val_fraction=0.1)
    names = frame["id"].unique()
    held_out = frame["id"].isin(names[np.concatenate([data.val, data.test])])
    changed = load(frame.assign(sky=frame["sky"].where(~held_out, "storm")), tmp_path, val_fraction=0.1)
    assert changed.features == data.features
    np.testing.assert_array_equal(changed.inputs[data.train], data.inputs[data.train])
    assert (changed.inputs[data.test][..., 1:4] == 0).all()
    count = int(held_out.sum())
    assert any(f"has no 'storm' in column 'sky'; {count} rows of" in note for note in changed.notes)
    trained = load(frame.assign(sky=frame["sky"].where(held_out, "storm")), tmp_path, val_fraction=0.1)
    assert trained.features == ("x", "sky=storm", "open")


def test_new_sequences_are_predicted_from_their_texts(tmp_path: Path) -> None:
    frame = steps()
    run = rs.train(
        frame, **COLUMNS, task="classify", units=6, epochs=20, learning_rate=0.1, batch_size=8, verbose=0,
        save=tmp_path / "run",
    )  # fmt: skip
    assert run.metrics["test_accuracy"] == 1.0
    new = steps().drop(columns="kind")
    truth = frame.groupby("id", sort=False)["kind"].first().to_numpy()
    np.testing.assert_array_equal(run.predict(new), truth)
    new.to_csv(tmp_path / "new.csv", index=False)
    result = CliRunner().invoke(studio, ["predict", run.path, "--input", str(tmp_path / "new.csv")])
    assert result.exit_code == 0, result.stderr
    table = pd.read_csv(io.StringIO(result.stdout))
    assert table["prediction"].tolist() == truth.tolist()
    renamed = new.rename(columns={"id": "ID ", "sky": "Sky", "x": "X"})
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        np.testing.assert_array_equal(run.predict(renamed), truth)
    notes = " ".join(str(warning.message) for warning in said)
    assert all(f"the column {name!r} is read" in notes for name in ("ID ", "Sky", "X"))
    renamed.to_csv(tmp_path / "renamed.csv", index=False)
    result = CliRunner().invoke(studio, ["predict", run.path, "--input", str(tmp_path / "renamed.csv")])
    assert "has no column 'id'; the column 'ID' is read." in result.stderr
    assert pd.read_csv(io.StringIO(result.stdout))["prediction"].tolist() == truth.tolist()
    new.loc[3, "sky"] = "storm"
    with pytest.warns(UserWarning, match=r"no 'storm' in column 'sky'; 1 row of x with such a value has 0"):
        run.predict(new)
