"""Sequences whose names stand in two columns, such as the trial of each person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.errors import SettingError
from rnnstudio.library.datasets.sequences import SequencesSettings
from rnnstudio.library.datasets.sequences import load as load_sequences
from rnnstudio.reading.series.labelled_table import inputs_from_table
from rnnstudio.reading.value_columns import frame_table


def trials(other: str = "person", people: Sequence[object] = ("p0", "p1", "p2"), steps: int = 5) -> pd.DataFrame:
    """Return trials 0, 1, 2 of each person, one after the other."""
    rows = [
        (person, trial, step, 10.0 * n + trial + step / 10, "ab"[trial % 2])
        for n, person in enumerate(people)
        for trial in range(3)
        for step in range(steps)
    ]
    return pd.DataFrame(rows, columns=[other, "trial", "step", "x", "class"])


def loaded(folder: Path, frame: pd.DataFrame, **more: str) -> object:
    frame.to_csv(folder / "trials.csv", index=False)
    return load_sequences(
        SequencesSettings(file=str(folder / "trials.csv"), target="class", test_fraction=0.0, **more), 0
    )


@pytest.mark.parametrize("other", ["person", "subject_id", "Maschine"])
@pytest.mark.parametrize(
    "people", [("p0", "p1", "p2"), (1, 2, 3), ("007", "7", "70")], ids=["text", "numbers", "zeros"]
)
def test_one_name_for_several_recordings_is_asked_about(tmp_path: Path, other: str, people: Sequence[object]) -> None:
    frame = trials(other, people)
    with pytest.raises(SettingError, match=f"Set sequence to {other},trial, which") as asked:
        loaded(tmp_path, frame, sequence="trial")
    assert asked.value.field == "sequence"
    assert f"'{people[0]}' in row 2 and '{people[1]}' in row 17" in str(asked.value)
    for joined in (f"{other},trial", f"{other}, trial"):
        data = loaded(tmp_path, frame, sequence=joined)
        assert data.inputs.shape == (9, 5, 1)  # type: ignore[attr-defined]
        assert data.features == ("x",)  # type: ignore[attr-defined]
        np.testing.assert_allclose(data.inputs[4, :, 0], 11 + np.arange(5) / 10)  # type: ignore[attr-defined]


def test_the_group_may_be_one_of_the_columns(tmp_path: Path) -> None:
    data = loaded(tmp_path, trials(), sequence="person,trial", group="person")
    assert data.groups.tolist() == ["p0"] * 3 + ["p1"] * 3 + ["p2"] * 3  # type: ignore[attr-defined]


def test_blocks_with_another_column_are_said(tmp_path: Path) -> None:
    data = loaded(tmp_path, trials("session"), sequence="trial", features="x")
    assert len(data.inputs) == 3  # type: ignore[attr-defined]
    notes = data.notes  # type: ignore[attr-defined]
    assert any("they are read as one sequence. Set sequence to session,trial" in note for note in notes)


KEPT = {
    "one block each": trials()[lambda f: f["person"] == "p0"],
    "rows mixed": trials().sort_values(["step", "person", "trial"], kind="stable"),
    "names of their own": trials().assign(trial=lambda f: f["person"] + f["trial"].astype(str)),
    "one person twice": pd.concat([trials(people=["p0"]), trials(people=["p0"])]),
}


@pytest.mark.parametrize("frame", KEPT.values(), ids=KEPT)
def test_other_sequences_are_read_as_before(tmp_path: Path, frame: pd.DataFrame) -> None:
    data = loaded(tmp_path, frame, sequence="trial", features="x")
    assert len(data.inputs) == frame["trial"].nunique()  # type: ignore[attr-defined]
    assert not any("Set sequence to" in note for note in data.notes)  # type: ignore[attr-defined]


def test_new_sequences_are_read_by_both_columns() -> None:
    names, sequences = inputs_from_table(frame_table("x", trials()), "person,trial", ["x"])
    assert names[3] == "p1, 0"
    assert [len(sequence) for sequence in sequences] == [5] * 9
    with pytest.raises(SettingError, match="Set sequence to person,trial"):
        inputs_from_table(frame_table("x", trials()), "trial", ["x"])
