"""Text files with a sequence and its class in each row: read as sequences, asked about, or known to be a series."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.reading.formats.labelled_rows import holds_rows, inputs_of_rows, read_rows
from rnnstudio.reading.sequence_files import read_new_sequences, read_sequences
from rnnstudio.reading.text.text_table import read_table

RNG = np.random.default_rng(0)
WAVES = np.sin(np.arange(20) / 3 + RNG.uniform(0, 6, (12, 1))).round(4)  # (12, 20)
CLASSES = ["1", "2", "3"] * 4


def written(folder: Path, rows: list[list[str]], separator: str, name: str) -> Path:
    file = folder / name
    file.write_text("".join(f"{separator.join(row)}\n" for row in rows))
    return file


def rows_of(
    labels: list[str], values: np.ndarray[Any, Any], last: bool = False, comma: bool = False
) -> list[list[str]]:
    cells = [[repr(float(cell)).replace(".", "," if comma else ".") for cell in row] for row in values]
    return [[*row, label] if last else [label, *row] for label, row in zip(labels, cells, strict=True)]


@pytest.mark.parametrize("last", [False, True], ids=["class first", "class last"])
@pytest.mark.parametrize(
    ("separator", "ending", "comma"),
    [("\t", ".tsv", False), ("  ", ".txt", False), (",", ".csv", False), (";", ".csv", True), ("\t", ".txt", True)],
)
@pytest.mark.parametrize("labels", [CLASSES, ["-1", "1"] * 6, ["up", "down"] * 6, ["1.0000e+00", "2.0000e+00"] * 6])
def test_rows_with_a_class_are_sequences(tmp_path, last, separator, ending, comma, labels):
    file = written(tmp_path, rows_of(labels, WAVES, last, comma), separator, f"Waves_TRAIN{ending}")
    assert rs.experiment(file).data.dataset == "sequences"
    content = read_rows(file)
    np.testing.assert_array_equal(np.stack(content.sequences)[..., 0], WAVES)
    assert content.labels == [label.replace(".0000e+00", "") for label in labels]
    assert content.lines == list(range(1, 13))


def test_the_file_of_the_test_set_is_found_and_the_account_says_so(tmp_path):
    train = written(tmp_path, rows_of(CLASSES[:8], WAVES[:8]), "\t", "Waves_TRAIN.tsv")
    test = written(tmp_path, rows_of(CLASSES[8:], WAVES[8:]), "\t", "Waves_TEST.tsv")
    for file in (train, test):
        labelled = read_sequences(file)
        assert labelled.test.tolist() == [False] * 8 + [True] * 4
        assert labelled.where(9, 2, 0) == "Waves_TEST.tsv, line 2, value 3"
    account = rs.inspect(train)
    assert (account.format, account.separator, account.sequences) == ("rows of sequences", "tab", 12)
    assert account.lengths == (20, 20)
    assert account.classes == {"1": 4, "2": 4, "3": 4}
    assert not account.target_note
    assert "its class is in the first column" in " ".join(account.assumed)


def test_missing_values_at_the_end_of_a_row_are_padding(tmp_path):
    rows = rows_of(CLASSES, WAVES)
    rows[3][15:] = ["NaN"] * 6
    rows[5][4] = "NaN"
    sequences = read_rows(written(tmp_path, rows, "\t", "Waves_TRAIN.tsv")).sequences
    assert [len(sequence) for sequence in sequences] == [20] * 3 + [14] + [20] * 8
    np.testing.assert_array_equal(sequences[5][:4, 0], [*WAVES[5, :3], np.nan])
    rows[5][1:] = ["NaN"] * 20
    with pytest.raises(DataError, match="row 6: a class and at least one number are expected"):
        read_rows(written(tmp_path, rows, "\t", "Waves_TRAIN.tsv"))


def test_two_columns_that_could_be_the_class_are_asked_about(tmp_path):
    rows = [[*row, str(i % 4)] for i, row in enumerate(rows_of(CLASSES, WAVES))]
    file = written(tmp_path, rows, "\t", "Waves_TRAIN.tsv")
    with pytest.raises(SettingError, match="Set target to column1 or column22") as raised:
        read_rows(file)
    assert raised.value.field == "target"
    assert read_rows(file, "column1").labels == CLASSES
    assert read_rows(file, "column22").labels == [str(i % 4) for i in range(12)]
    whole = [[label, *(f"{cell:.0f}" for cell in row)] for label, row in zip(CLASSES, WAVES * 40, strict=True)]
    assert read_rows(written(tmp_path, whole, "\t", "Counts_TRAIN.tsv")).labels == CLASSES  # as in the archive


def machines(columns: int) -> list[list[str]]:
    """Return rows of three machines: the machine, its cycle, settings, and sensors with scales of their own."""
    level = RNG.uniform(1, 2000, columns - 2)
    return [
        [str(unit), str(cycle), *(f"{mean + RNG.normal():.2f}" for mean in level)]
        for unit in (1, 2, 3)
        for cycle in range(1, 31)
    ]


@pytest.mark.parametrize("columns", [14, 26])
@pytest.mark.parametrize("name", ["train_FD001.txt", "FD001_TRAIN.txt", "FD001_TEST.csv"])
def test_machines_and_their_cycles_are_no_rows_of_sequences(tmp_path, columns, name):
    file = written(tmp_path, machines(columns), " ", name)
    assert rs.experiment(file).data.dataset == "file"
    table = read_table(file)
    assert not table.account.questions
    assert table.values(["column1", "column2"]).shape == (90, 2)


@pytest.mark.parametrize("last", [False, True], ids=["class first", "class last"])
def test_rows_of_sequences_in_a_file_of_another_name_are_asked_about(tmp_path, last):
    file = written(tmp_path, rows_of(CLASSES, WAVES, last), ",", "waves.csv")
    with pytest.raises(
        SettingError, match=r"sequence of 20 steps with its class.*data set sequences.*Set time to none"
    ):
        read_table(file).numbers(["column5"])
    assert "data set sequences" in rs.inspect(file).questions[0].sentence
    assert read_table(file, ReadOptions(time="none")).numbers(["column5"]).shape == (12, 1)
    assert rs.inspect(file, task="classify").sequences == 12


@pytest.mark.parametrize("header", [True, False])
def test_columns_with_scales_of_their_own_or_with_names_are_one_series(tmp_path, header):
    level = RNG.permutation(14) * 100
    sensors = [[*(f"{mean + RNG.normal():.3f}" for mean in level), str(i // 20)] for i in range(60)]
    waves = rows_of(CLASSES, WAVES)
    rows = [["class", *"abcdefghijklmnopqrst"], *waves] if header else sensors
    table = read_table(written(tmp_path, rows, ",", "data.csv"))
    assert not table.account.questions


def test_new_sequences_are_read_with_and_without_classes(tmp_path):
    with_classes = written(tmp_path, rows_of(CLASSES, WAVES), "\t", "new.tsv")
    without = written(tmp_path, [row[1:] for row in rows_of(CLASSES, WAVES)], "\t", "bare.tsv")
    for file in (with_classes, without):
        np.testing.assert_array_equal(np.stack(inputs_of_rows(file).sequences)[..., 0], WAVES)


@pytest.mark.parametrize("class_at", ["none", "first", "last"])
def test_new_sequences_of_whole_numbers_keep_their_first_step_where_they_are_as_long_as_in_the_training(
    tmp_path, class_at
):
    pixels = RNG.integers(0, 9, size=(30, 20))
    classes = RNG.integers(0, 2, size=(30, 1))
    parts = {"none": [pixels], "first": [classes, pixels], "last": [pixels, classes]}[class_at]
    file = written(tmp_path, np.hstack(parts).astype(str).tolist(), ",", "new.csv")
    expected = pixels if class_at != "last" else np.hstack(parts)[:, 1:]  # the first column is taken where both fit
    np.testing.assert_array_equal(np.stack(read_new_sequences(file, steps=20)[0])[..., 0], expected)


def test_of_whole_numbers_the_column_that_repeats_holds_the_classes(tmp_path):
    values = np.stack([RNG.permutation(30) for _ in range(20)], axis=1)
    rows = np.hstack([values, np.arange(30)[:, None] % 3]).astype(str).tolist()
    sequences = read_rows(written(tmp_path, rows, ",", "waves_TRAIN.csv"))
    assert sequences.labels == [row[-1] for row in rows]
    np.testing.assert_array_equal(np.stack(sequences.sequences)[..., 0], values)


def test_other_files_are_no_rows(tmp_path):
    file = written(tmp_path, rows_of(CLASSES, WAVES), ",", "waves_TRAIN.csv")
    assert holds_rows(file)
    assert not holds_rows(tmp_path / "none_TRAIN.csv")
    assert not holds_rows(written(tmp_path, [["day", "x"], ["1", "2"]], ",", "few_TRAIN.csv"))
    with pytest.raises(DataError, match="each with at least 12 numbers and, first or last, a class"):
        read_rows(written(tmp_path, [["1", "2.5"], ["2", "3.5"]], ",", "few_TEST.csv"))


def test_notes_about_single_steps_are_few_and_none_is_about_the_classes(tmp_path):
    values = RNG.uniform(1, 9, size=(12, 20)).round(3) + 0.0001
    rows = [[["1", "-1"][n % 2], *(f"{value:.3f}" for value in row)] for n, row in enumerate(values)]
    notes = read_rows(written(tmp_path, rows, ",", "waves_TRAIN.csv")).account.assumed
    assert len(notes) == 4
    assert "like these about other steps" in notes[2]
    assert not any("column1'" in note for note in notes)


@pytest.mark.parametrize("last", [False, True], ids=["class first", "class last"])
def test_the_classes_of_a_test_file_stand_where_those_of_the_training_do(tmp_path, last):
    values = np.stack(
        [RNG.permutation(1_000)[:40] for _ in range(20)], axis=1
    )  # 2 rows do not say which column holds the classes
    rows = rows_of([str(n % 3) for n in range(40)], values, last)
    rows = [[cell.removesuffix(".0") for cell in row] for row in rows]
    written(tmp_path, rows[:38], ",", "waves_TRAIN.csv")
    test = written(tmp_path, [row[: 18 if last else 19] + row[-1:] * last for row in rows[38:]], ",", "waves_TEST.csv")
    for file in (test, tmp_path / "waves_TRAIN.csv"):
        labelled = read_sequences(file)
        assert labelled.labels.tolist() == [str(n % 3) for n in range(40)]
        assert [len(sequence) for sequence in labelled.sequences] == [20] * 38 + [18] * 2


def test_a_step_without_any_value_is_a_step_all_the_same(tmp_path):
    """Else the steps after it would be read one step too early, and a class as a step where the file is as wide."""
    rows = [[label, *map(str, values)] for label, values in zip(CLASSES[:3], WAVES[:3], strict=True)]
    for row in rows:
        row[5] = row[-1] = "NaN"
    expected = WAVES[:3, :-1].copy()
    expected[:, 4] = np.nan
    file = written(tmp_path, rows, "\t", "waves_TEST.tsv")
    np.testing.assert_array_equal(np.stack(read_rows(file, "first").sequences)[..., 0], expected)
    width = WAVES.shape[1]
    for steps in (width - 1, width):
        np.testing.assert_array_equal(np.stack(inputs_of_rows(file, steps=steps).sequences)[..., 0], expected)
    numbers = written(tmp_path, [["57.5", *row[1:]] for row in rows], "\t", "values_TEST.tsv")
    received = inputs_of_rows(numbers, None, width, "first", has_values=True)
    np.testing.assert_array_equal(np.stack(received.sequences)[..., 0], expected)


def test_a_separator_at_the_end_of_a_line_is_no_step(tmp_path):
    bare = written(tmp_path, [[*map(str, values), ""] for values in WAVES], ",", "bare.csv")
    received = inputs_of_rows(bare, None, WAVES.shape[1], "first", has_values=True)
    np.testing.assert_array_equal(np.stack(received.sequences)[..., 0], WAVES)


def test_rows_with_few_steps_are_sequences_where_the_target_says_so(tmp_path):
    rows = [["up" if n % 2 else "down", *(f"{v:.3f}" for v in WAVES[n % 12, :6])] for n in range(30)]
    file = written(tmp_path, rows, "\t", "short_TRAIN.tsv")
    options = {"task": "classify", "target": "first", "units": 2, "updates": 1, "batch_size": 8, "verbose": 0}
    run = rs.train(str(file), save=False, **options)
    assert run.info.classes == ("down", "up")
    assert run.info.longest_sequence == 6
    with pytest.warns(UserWarning, match="Each row is a sequence"):
        assert len(run.predict(str(file))) == 30
