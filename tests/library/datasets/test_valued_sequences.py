"""Files of sequences with one value each: which files are read so, what is read, and what is asked."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rnnstudio import experiment, inspect, train
from rnnstudio import load as load_run
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.sequence import SequenceData
from tests.library.own_data import load, long_frame, saved, with_sizes

COVID = Path("classify") / "Covid3Month_TRAIN.ts"
VALUES = [0.5, 12.25, -3.0, 7.0, 1e3, 2.0]
TAGS = "@problemName Wear\n@timestamps false\n@univariate false\n@dimensions 2\n"
TAGS += "@equalLength false\n@targetLabel true\n@data\n"


def wear(count: int, rng: np.random.Generator) -> list[tuple[Any, float]]:
    """Sequences `(T, 2)` of unequal length with their wear."""
    x = [rng.normal(5, 2, (int(n), 2)) for n in rng.integers(6, 15, count)]
    return [(s, 100 + 7 * float(s[:, 0].max())) for s in x]


def line(sequence: Any, value: float | str) -> str:
    return (
        ":".join(",".join("?" if np.isnan(v) else repr(float(v)) for v in column) for column in sequence.T)
        + f":{value}"
    )


def written(file: Path, sequences: list[tuple[Any, float]], missing: tuple[int, ...] = ()) -> Path:
    rows = [line(s, "?" if i in missing else repr(value)) for i, (s, value) in enumerate(sequences)]
    file.write_text(TAGS + "\n".join(rows) + "\n")
    return file


def check(data: SequenceData, values: list[float]) -> None:
    assert (data.task, data.classes) == ("regress_sequence", ())
    np.testing.assert_array_equal(data.targets, np.array(values)[:, None])


def test_a_ts_file_with_target_labels_is_read_with_its_values_and_its_test_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    train_set, test_set = wear(9, rng), wear(4, rng)
    file = written(tmp_path / "Wear_TRAIN.ts", train_set, missing=(2,))
    written(tmp_path / "Wear_TEST.ts", test_set)
    data = load(file)
    check(data, [value for i, (_, value) in enumerate([*train_set, *test_set]) if i != 2])
    assert data.windows == {"train": 8, "val": 0, "test": 4}
    assert any(
        "1 sequence of Wear_TRAIN.ts without a value was left out, the first is sequence 3" in n for n in data.notes
    )
    with pytest.raises(DataError, match="must have a value for each sequence"):
        load(file, missing="error")
    with pytest.raises(SettingError, match="Set task to regress_sequence") as refused:
        load(file, task="classify")
    assert refused.value.field == "task"


def test_arff_and_npz_say_that_they_hold_values(tmp_path: Path) -> None:
    relational = tmp_path / "Wear.arff"
    rows = "\n".join(f"'1,2,3\\n4,5,{i}',{value}" for i, value in enumerate(VALUES))
    head = "@relation w\n@attribute s relational\n@attribute t1 numeric\n@attribute t2 numeric\n@attribute t3 numeric\n"
    relational.write_text(f"{head}@end s\n@attribute wear numeric\n@data\n{rows}\n")
    data = load(relational)
    check(data, VALUES)
    assert data.target_names == ("wear",)
    np.savez(tmp_path / "wear.npz", x=np.random.default_rng(0).normal(size=(6, 5)), y=np.array(VALUES))
    check(load(tmp_path / "wear.npz"), VALUES)
    np.savez(tmp_path / "days.npz", x=np.random.default_rng(0).normal(size=(6, 5)), y=np.arange(6) % 3)
    assert load(tmp_path / "days.npz").task == "classify"
    np.savez(tmp_path / "gap.npz", x=np.ones((3, 5)), y=[0, np.nan, 1])
    with pytest.raises(DataError, match="must have a class for every sequence"):
        load(tmp_path / "gap.npz")
    check(load(tmp_path / "days.npz", task="regress_sequence"), [0, 1, 2, 0, 1, 2])


def test_numbered_attributes_with_a_number_are_sequences_where_the_task_says_so(tmp_path: Path) -> None:
    file = tmp_path / "steps.arff"
    names = "".join(f"@attribute att{j} numeric\n" for j in range(1, 15))
    rows = "\n".join(",".join(map(str, [*range(i, i + 14), value])) for i, value in enumerate(VALUES))
    file.write_text(f"@relation w\n{names}@attribute wear numeric\n@data\n{rows}\n")
    assert experiment(str(file)).data.dataset == "file"
    check(load(file, task="regress_sequence"), VALUES)


@pytest.mark.parametrize(("where", "mark"), [("first", "."), ("last", ",")])
def test_rows_of_sequences_have_their_value_first_or_last(where: str, mark: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    file = tmp_path / "Wear_TRAIN.txt"
    rows = []
    for value in VALUES:
        steps = rng.normal(size=15).round(3).tolist()
        rows.append(";".join(map(str, [value, *steps] if where == "first" else [*steps, value])).replace(".", mark))
    file.write_text("\n".join(rows) + "\n")
    with pytest.raises(SettingError, match="Set target to first or last") as asked:
        load(file, task="regress_sequence")
    assert asked.value.field == "target"
    data = load(file, task="regress_sequence", target=where)
    check(data, VALUES)
    assert data.inputs.shape == (6, 15, 1)
    run = train(str(file), task="regress_sequence", target=where, units=2, updates=2, save=False)
    with pytest.warns(UserWarning, match=f"its value is in the {where} column"):
        of_file = run.predict_table(str(file))["prediction"].to_numpy(float)
    np.testing.assert_allclose(of_file, run.predict(data.inputs), rtol=1e-5)
    bare = tmp_path / "new.txt"
    bare.write_text("\n".join(";".join(map(repr, row[:, 0].tolist())) for row in data.inputs) + "\n")
    np.testing.assert_allclose(run.predict_table(str(bare))["prediction"].to_numpy(float), of_file, rtol=1e-5)


def test_a_long_table_has_values_where_the_column_holds_fractions(tmp_path: Path) -> None:
    frame = with_sizes(long_frame())
    data = load(saved(tmp_path, frame), sequence="id", target="size")
    check(data, frame.groupby("id", sort=False)["size"].first().tolist())
    assert data.features == ("x",)
    assert load(saved(tmp_path, frame), sequence="id", target="kind").task == "classify"
    run = train(frame, sequence="id", target="size", features="x", units=2, updates=2, save=False)
    assert (run.info.task, run.predict_table(frame)["prediction"].shape) == ("regress_sequence", (18,))


def test_many_different_whole_numbers_are_asked_about(tmp_path: Path) -> None:
    frame = long_frame()
    days = {name: 10 * i + 7 for i, name in enumerate(frame["id"].unique())}
    file = saved(tmp_path, frame.assign(days=frame["id"].map(days)))
    with pytest.raises(SettingError, match="18 different whole numbers for 18 sequences") as asked:
        load(file, sequence="id", target="days")
    assert asked.value.field == "task"
    (question,) = inspect(str(file), sequence="id", target="days").questions
    assert str(asked.value) == f"{question.sentence} {question.advice}"
    assert inspect(frame.assign(days=frame["id"].map(days)), sequence="id", target="days").questions == (
        replace(question, sentence=question.sentence.replace("sales.csv", "x")),
    )
    assert not inspect(str(file), sequence="id", target="days", task="classify").questions
    check(load(file, sequence="id", target="days", task="regress_sequence"), list(map(float, days.values())))
    assert len(load(file, sequence="id", target="days", task="classify").classes) == 18


def test_a_value_that_is_no_number_or_changes_within_a_sequence_is_refused(tmp_path: Path) -> None:
    frame = with_sizes(long_frame())
    with pytest.raises(DataError, match="needs numbers in column 'kind'"):
        load(saved(tmp_path, frame), sequence="id", target="kind", task="regress_sequence")
    frame.loc[1, "size"] += 1
    with pytest.raises(DataError, match=r"'size' must be the same in all rows.*row 2 and .* in row 3.*task regress"):
        load(saved(tmp_path, frame), sequence="id", target="size")
    file = tmp_path / "Wear_TRAIN.ts"
    file.write_text("@targetLabel true\n@data\n1,2,3:0.5\n3,2,1:much\n")
    with pytest.raises(DataError, match=r"line 4: a number is expected after the last colon.*received 'much'"):
        load(file)


def test_sequences_without_a_value_are_left_out_of_a_table(tmp_path: Path) -> None:
    frame = with_sizes(long_frame())
    frame.loc[frame["id"] == "s3", "size"] = np.nan
    data = load(saved(tmp_path, frame), sequence="id", target="size")
    assert len(data.inputs) == 17
    assert any("1 sequence of sales.csv without a value was left out" in note for note in data.notes)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize(
    "settings",
    [{"missing": "mask", "pooling": "mean", "val_fraction": 0.2}, {"frame": 2, "bidirectional": True, "scale": "none"}],
    ids=str,
)
def test_metrics_follow_from_the_predictions_for_the_raw_test_file(settings: dict[str, Any], tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    train_set, test_set = wear(20, rng), wear(8, rng)
    if "frame" in settings:  # whole steps only
        train_set, test_set = ([(s[: len(s) // 2 * 2], v) for s, v in part] for part in (train_set, test_set))
    else:
        train_set[1][0][2:4, 1] = test_set[3][0][3, 0] = np.nan
    file = written(tmp_path / "Wear_TRAIN.ts", train_set)
    test_file = written(tmp_path / "Wear_TEST.ts", test_set)
    run = train(str(file), **settings, units=3, updates=20, save=False)
    truth = np.array([value for _, value in test_set])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a value is filled
        table = run.predict_table(str(test_file))
    assert list(table.columns) == ["sequence", "prediction"]
    error = table["prediction"].to_numpy(float) - truth
    assert run.metrics["test_rmse"] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-5)
    assert run.metrics["test_mae"] == pytest.approx(np.abs(error).mean(), rel=1e-5)
    of_test = run.predictions()
    np.testing.assert_array_equal(of_test["truth"], truth)
    np.testing.assert_allclose(of_test["prediction"], table["prediction"], rtol=1e-5)


def test_the_deaths_by_country_of_the_archive_are_read(real_data: Path) -> None:
    data = load(real_data / COVID)
    lines = [text for text in (real_data / COVID).read_text().splitlines() if text[:1] not in "@#"]
    assert data.windows == {"train": 140, "val": 0, "test": 61}
    np.testing.assert_array_equal(data.targets[:140, 0], [float(text.rpartition(":")[2]) for text in lines])
    assert pd.Series(data.targets[:, 0]).between(0, 1).all()


def test_a_saved_run_and_its_script_keep_the_values(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    file = written(tmp_path / "Wear_TRAIN.ts", wear(12, rng))
    written(tmp_path / "Wear_TEST.ts", wear(5, rng))
    run = train(str(file), units=2, updates=3, save=tmp_path / "run")
    loaded = load_run(tmp_path / "run")
    pd.testing.assert_frame_equal(loaded.plot_table(), run.plot_table())
    pd.testing.assert_frame_equal(loaded.predictions(), run.predictions())
    np.testing.assert_array_equal(loaded.predictions()["sequence"], np.arange(13, 18))
    assert loaded.experiment.data.task == "regress_sequence"
    script = Path(run.export(tmp_path / "again.py")).read_text()
    assert "regress_sequence" in script
    assert "predicted_true" in script


def test_inspect_says_the_range_of_the_values(tmp_path: Path) -> None:
    file = written(tmp_path / "Wear_TRAIN.ts", wear(12, np.random.default_rng(3)))
    account = inspect(str(file))
    assert account.classes == {}
    assert any(sentence.startswith("Each sequence has a value, ") for sentence in account.assumed)
