"""The data shown before a training are those of the training; files are read once; splits are recomputed from rows."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from rnnstudio.api import train_experiment
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.events import Started
from rnnstudio.core.experiment import compose
from rnnstudio.core.gaps import EMPTY, LEFT_OUT, NO_ROW
from rnnstudio.core.sequence import SequenceData
from rnnstudio.core.several_series import one_series
from rnnstudio.results import data_reader, read_content
from rnnstudio.results.data_reader import DataReader, file_stamp
from rnnstudio.results.data_summary import (
    SeriesWindows,
    class_counts,
    sequence_lengths,
    split_spans,
    summary,
    used_windows,
)

START = date(2023, 1, 1)

GIVEN = {"val_fraction": 0.0, "calendar": False}  # in place of automatic ones


def write_series(file, rows, *, empty=(), absent=(), columns=1):
    """Write a series of days; row i has the value 100 + i."""
    lines = ["day," + ",".join(f"c{j}" for j in range(columns))]
    for i in range(rows):
        if i not in absent:
            cells = ",".join("" if i in empty and j == 0 else f"{100 + i + 1000 * j}.5" for j in range(columns))
            lines.append(f"{START + timedelta(i)},{cells}")
    file.write_text("\n".join(lines) + "\n")
    return str(file)


def write_sequences(file):
    """Write twelve sequences of two classes and two to four steps."""
    rows = "".join(f"{','.join(str(i * j) for j in range(2 + i % 3))}:{'up' if i % 2 else 'down'}\n" for i in range(12))
    file.write_text(f"@classLabel true up down\n@data\n{rows}")
    return str(file)


def write_trials(file):
    """Write a table of twelve sequences of two classes, whose names are numbers, each with a missing value."""
    rows = [
        f"{100 + n},{n // 2},{'uv'[n % 2]},{'' if i == 2 else n * i % 5},{n + i}"
        for n in range(12)
        for i in range(4 + n % 3)
    ]
    file.write_text("\n".join(["trial,person,class,a,b", *rows]) + "\n")
    return str(file)


def view_of(start, **settings):
    return DataReader().view(compose(start, settings))


# Each row: rows of the file, settings. Expected positions are computed below from these numbers alone.
TABLE = [
    (100, {"window": 10, "horizon": 1, "test_fraction": 0.2}),
    (100, {"window": 10, "horizon": 5, "test_fraction": 0.2}),
    (100, {"window": 10, "horizon": 5, "test_fraction": 0.3, "val_fraction": 0.2}),
    (101, {"window": 7, "horizon": 3, "test_fraction": 0.25, "val_fraction": 0.25}),
    (100, {"window": 10, "horizon": 2, "stride": 7, "test_fraction": 0.2}),
    (200, {"window": 4, "frame": 5, "horizon": 10, "stride": 3, "test_fraction": 0.3, "val_fraction": 0.2}),
    (100, {"window": 12, "test_fraction": 0.0}),
    (100, {"window": 12, "task": "regress", "test_fraction": 0.2, "val_fraction": 0.2}),
]


def expected_starts(begin, end, settings, split="train"):
    """Return the starts of all windows whose targets, or in training all samples, lie between two rows, one by one."""
    window = settings["window"] * settings.get("frame", 1)
    needed = window + settings.get("horizon", 1)  # with task regress the target is the next row
    is_back = split != "train" and settings["test_context"] == "reach_back"
    is_each = is_back and settings.get("task") == "regress"  # each row is the last target of a window
    starts, at = [], begin - (needed - 1 if is_each else window if is_back else 0)
    while at + needed <= end:
        starts.append(at)
        at += 1 if is_each else settings.get("stride", 1)
    return starts


@pytest.mark.parametrize(("rows", "settings"), TABLE)
@pytest.mark.parametrize(("drop", "test_context"), [(0, "reach_back"), (0, "inside"), (9, "reach_back")])
def test_splits_and_windows_are_those_counted_by_hand(tmp_path, rows, settings, drop, test_context):
    settings = {"val_fraction": 0.0, "calendar": False, **settings, "test_context": test_context}
    empty = range(3, 3 + drop)  # dropped rows move all positions
    file = write_series(tmp_path / "a.csv", rows + drop, empty=empty)
    view = view_of("file", file=file, missing="drop", **settings)
    data = view.data
    assert view.problem is None
    test = rows - int(round(rows * settings["test_fraction"], 6))
    val = test - int(round(rows * settings.get("val_fraction", 0.0), 6))
    spans = {span.split: span for span in split_spans(data)}
    windows = SeriesWindows(data)
    index = 0
    for split, begin, end in (("train", 0, val), ("val", val, test), ("test", test, rows)):
        starts = expected_starts(begin, end, settings, split)
        assert used_windows(data)[split] == len(starts)
        if not starts:
            assert split not in spans
            continue
        needed = settings["window"] * settings.get("frame", 1) + settings.get("horizon", 1)
        assert (spans[split].begin, spans[split].end) == (begin, starts[-1] + needed)
        is_each = split != "train" and test_context == "reach_back" and settings.get("task") == "regress"
        for start in starts:
            window = windows[index]
            assert (window.index, window.split, window.begin) == (index, split, start)
            assert window.end == start + settings["window"] * settings.get("frame", 1)
            offset = 1 if settings.get("task") == "regress" else window.end - start
            steps = settings["window"] if settings.get("task") == "regress" else settings.get("horizon", 1)
            if is_each:
                offset, steps = offset + steps - 1, 1
            assert (window.target_begin, window.target_end) == (start + offset, start + offset + steps)
            index += 1
    assert len(windows) == index
    counts = used_windows(data)
    assert summary(view).endswith(
        f"Windows: {counts['train']:,} training, {counts['val']:,} validation, {counts['test']:,} test."
    )


@pytest.mark.parametrize("split_by", ["date", "share"])
@pytest.mark.parametrize("val_fraction", [0.0, 0.2])
@pytest.mark.parametrize("test_context", ["reach_back", "inside"])
def test_several_series_of_unequal_length_are_split_as_counted_by_hand(tmp_path, split_by, val_fraction, test_context):
    first_day = {"north": 0, "south": 40, "east": 80}  # the later a series begins, the shorter it is
    lines = ["day,shop,sales"]
    for i in range(120):
        lines += [f"{START + timedelta(i)},{shop},{i + 0.5}" for shop, first in first_day.items() if i >= first]
    file = tmp_path / "shops.csv"
    file.write_text("\n".join(lines) + "\n")
    settings = {"series": "shop", "window": 5, "horizon": 2, "test_fraction": 0.25, "val_fraction": val_fraction}
    settings["test_context"] = test_context
    view = view_of("file", file=str(file), split_by=split_by, **settings)
    assert view.problem is None
    too_late = split_by == "date" and val_fraction  # nothing of the east is in the training set then
    assert set(view.data.series) == set(first_day) - ({"east"} if too_late else set())
    for n, shop in enumerate(view.data.series):
        length = 120 - first_day[shop]
        if split_by == "date":  # 30 of the 120 days, and 24 before them
            test = 90 - first_day[shop]
            val = test - (24 if val_fraction else 0)
        else:
            test = length - length // 4
            val = test - int(length * val_fraction + 1e-9)
        data = one_series(view.data, n)
        spans = {span.split: (span.begin, span.end) for span in split_spans(data)}
        expected = {"train": (0, max(val, 0)), "val": (max(val, 0), test), "test": (test, length)}
        for split, (begin, end) in expected.items():
            starts = expected_starts(begin, end, settings, split)
            assert len(getattr(data, split)) == len(starts)
            assert spans.get(split) == ((begin, end) if starts else None)


@pytest.mark.parametrize(
    ("start", "settings"),
    [
        ("airline", {}),
        ("airline", {"task": "forecast", "horizon": 3, "window": 12, "val_fraction": 0.3}),
        ("echo", {"series_length": 500}),
        ("machinery", {}),
        ("toy", {}),
        ("sequences", {"test_fraction": 0.3, "val_fraction": 0.2, "frame": 2}),
        ("sequences", {"sequence": "trial", "target": "class", "features": "a,b", "test_fraction": 0.3}),
        ("sequences", {"sequence": "trial", "target": "class", "group": "person", "missing": "mask", "frame": 2}),
        ("file", {"window": 6, "horizon": 2, "missing": "mask"}),
        ("file", {"window": 6, "horizon": 2, "missing": "past", "target": "c1", "features": "c0"}),
    ],
)
def test_the_data_are_those_that_the_training_loads(tmp_path, start, settings):
    if start == "file":
        file = write_series(tmp_path / "a.csv", 90, empty=[5, 6, 30], absent=[50, 51], columns=2)
        settings = {**settings, "file": file, "val_fraction": 0.0, "calendar": False}
    if "sequence" in settings:
        settings = {**settings, "file": write_trials(tmp_path / "trials.csv")}
    elif start == "sequences":
        settings = {**settings, "file": write_sequences(tmp_path / "rise.ts")}
    experiment = compose(start, settings)
    loaded = DATASETS.get(experiment.data.dataset).load(experiment.data, experiment.seed)
    data = DataReader().view(experiment).data
    for field in fields(SequenceData):
        if field.name == "refresh":
            continue
        mine, expected = getattr(data, field.name), getattr(loaded, field.name)
        if isinstance(expected, np.ndarray):
            assert mine.dtype == expected.dtype
            np.testing.assert_array_equal(mine, expected)
        else:
            assert mine == expected, field.name


def test_a_file_is_read_once_for_all_windows_splits_and_columns(tmp_path, monkeypatch):
    file, reads = write_series(tmp_path / "a.csv", 90, columns=2), []
    read = data_reader.read_file
    monkeypatch.setattr(data_reader, "read_file", lambda *a: reads.append(a) or read(*a))
    reader = DataReader()
    changes = [
        {"window": 8},
        {"window": 12},
        {"horizon": 4},
        {"test_fraction": 0.3},
        {"target": "c0"},
        {"missing": "drop"},
    ]
    for settings in changes:
        assert reader.view(compose("file", {"file": file, "window": 9, **GIVEN, **settings})).problem is None
    assert len(reads) == 1
    prepared = []
    prepare = read_content.prepare_series
    monkeypatch.setattr(read_content, "prepare_series", lambda *a: prepared.append(a) or prepare(*a))
    changes = [{"window": 4}, {"window": 5}, {"horizon": 3}, {"stride": 2}, {"frame": 2}, {"test_fraction": 0.4}, {}]
    for settings in changes:
        view = reader.view(compose("file", {"file": file, "window": 6, **GIVEN, **settings}))
        expected = DATASETS.get("file").load(view.experiment.data, 0)
        np.testing.assert_array_equal(view.data.starts, expected.starts)
        assert (view.data.window, view.data.frame, view.data.target_steps, view.data.notes) == (
            expected.window, expected.frame, expected.target_steps, expected.notes,
        )  # fmt: skip
    assert len(prepared) == 1, "other windows are laid over the same series"
    same = reader.view(compose("file", {"file": file, "window": 9, "missing": "drop", "units": 7})).data
    assert (
        same is reader.view(compose("file", {"file": file, "window": 9, "missing": "drop", "learning_rate": 0.5})).data
    )
    reader.view(compose("file", {"file": file, "time": "none"}))
    assert len(reads) == 2, "another way to read needs the file again"


def test_a_table_that_was_read_elsewhere_is_not_read_again_unless_its_file_has_changed(tmp_path, monkeypatch):
    file = write_series(tmp_path / "a.csv", 90)
    stamp = file_stamp(file)
    table = data_reader.read_file(file)
    reader, reads = DataReader(), []
    read = data_reader.read_file
    monkeypatch.setattr(data_reader, "read_file", lambda *a: reads.append(a) or read(*a))
    reader.keep(table, stamp, "file", {"file": file, "target": "c0"})
    assert reader.view(compose("file", {"file": file, "target": "c0"})).data.inputs.shape == (1, 90, 1)
    assert not reads
    write_series(tmp_path / "a.csv", 80)
    assert reader.view(compose("file", {"file": file, "target": "c0"})).data.inputs.shape == (1, 80, 1)
    assert len(reads) == 1
    Path(file).unlink()
    problem = reader.view(compose("file", {"file": file, "target": "c0"})).problem
    assert isinstance(problem, DataError)
    assert "There is no file" in str(problem)


@pytest.mark.parametrize(
    ("settings", "field", "sentence"),
    [
        (
            {"window": 200},
            "window",
            "window must fit into the series: a window of 200 steps takes 201 samples with its",
        ),
        ({"window": 60, "horizon": 30}, "window", "window: the training set has 80 of the 100 samples, and a window"),
        (
            {"window": 20, "test_fraction": 0.1, "test_context": "inside"},
            "test_fraction",
            "test_fraction: the test set has 10 of the 100",
        ),
        (
            {"window": 5, "horizon": 3, "val_fraction": 0.02},
            "val_fraction",
            "val_fraction: the validation set has 2 of the 100 samples, and a horizon of 3 takes 3",
        ),
    ],
)
def test_a_series_too_short_is_shown_with_the_error_that_its_training_raises(tmp_path, settings, field, sentence):
    file = write_series(tmp_path / "a.csv", 100)
    experiment = compose("file", {"file": file, **settings})
    with pytest.raises(SettingError) as error:
        DATASETS.get("file").load(experiment.data, 0)
    view = DataReader().view(experiment)
    assert str(view.problem) == str(error.value)
    assert str(view.problem).startswith(sentence)
    assert (view.problem.field, view.has_windows) == (field, False)
    assert view.data.inputs[0, :, 0].tolist() == [100.5 + i for i in range(100)]
    assert "Windows" not in summary(view)


def test_a_gap_that_is_too_long_is_shown_with_the_question_about_it(tmp_path):
    file = write_series(tmp_path / "a.csv", 100, absent=range(40, 60))
    view = view_of("file", file=file)
    assert view.problem.field == "max_gap"
    assert np.flatnonzero(view.data.gaps[0] == NO_ROW).tolist() == list(range(40, 60))


def test_settings_that_do_not_go_with_the_data_are_the_problem_but_the_windows_are_shown():
    view = view_of("airline", patience=3, test_fraction=0.0)
    assert view.problem.field == "patience"
    assert view.has_windows
    view = view_of("echo", series_length=100, batch_size=50)
    assert view.problem.field == "batch_size"


def test_data_that_must_be_downloaded_are_not_downloaded(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNSTUDIO_DATA", str(tmp_path))
    view = view_of("har")
    assert str(view.problem) == "These data are not on this computer yet. Train downloads them."
    assert view.data is None


MARKS = [
    ("past", [5, 6, 30], [EMPTY] * 3, [50, 51], 90),
    ("mask", [5, 6, 30], [EMPTY] * 3, [50, 51], 90),
    ("drop", [5, 31 - 3], [LEFT_OUT] * 2, [], 85),
]


@pytest.mark.parametrize(("missing", "positions", "marks", "no_row", "length"), MARKS)
def test_missing_cells_and_rows_are_marked_where_they_were(tmp_path, missing, positions, marks, no_row, length):
    file = write_series(tmp_path / "a.csv", 90, empty=[5, 6, 30], absent=[50, 51])
    gaps = view_of("file", file=file, missing=missing, window=5).data.gaps
    expected = np.zeros(length, np.uint8)
    expected[positions] = marks
    expected[no_row] = NO_ROW
    np.testing.assert_array_equal(gaps, expected[None])


def test_a_complete_series_has_no_marks_and_each_of_several_series_has_its_own(tmp_path):
    assert view_of("file", file=write_series(tmp_path / "a.csv", 90)).data.gaps is None
    lines = ["day,shop,sales"]
    lines += [
        f"{START + timedelta(i)},{shop},{'' if (shop, i) == ('south', 7) else i}"
        for i in range(60)
        for shop in ("north", "south")
    ]
    file = tmp_path / "shops.csv"
    file.write_text("\n".join(lines) + "\n")
    data = view_of("file", file=str(file), series="shop", window=5).data
    assert np.argwhere(data.gaps).tolist() == [[data.series.index("south"), 7]]
    assert one_series(data, data.series.index("north")).gaps.any() == np.False_


def test_windows_without_a_known_target_are_not_counted(tmp_path):
    file = write_series(tmp_path / "a.csv", 100, empty=[*range(20, 28), 90])
    view = view_of("file", file=file, window=5, horizon=3, missing="past", **GIVEN)
    known = np.ones(100, bool)
    known[[*range(20, 28), 90]] = False
    counted = {
        "train": sum(known[i + 5 : i + 8].any() for i in range(80 - 8 + 1)),
        "test": sum(known[i : i + 3].any() for i in range(80, 100 - 3 + 1)),
    }
    assert used_windows(view.data) == {**counted, "val": 0}
    assert summary(view).endswith("test. 6 more have no known value to predict and do not count.")


def test_sequences_of_unequal_length_are_counted(tmp_path):
    file = tmp_path / "Rise_TRAIN.ts"
    file.write_text("@classLabel true up down\n@data\n" + "1,2,3:up\n" * 6 + "3,2:down\n" * 3)
    (tmp_path / "Rise_TEST.ts").write_text("@classLabel true up down\n@data\n" + "1,2,3,4,5:up\n" * 2)
    view = view_of("sequences", file=str(file), val_fraction=0.34)
    data = view.data
    counts = {split: number.tolist() for split, number in class_counts(data).items()}
    assert data.classes == ("up", "down")
    assert counts == {"train": [4, 2], "val": [2, 1], "test": [2, 0]}
    assert sorted(sequence_lengths(data).tolist()) == [2] * 3 + [3] * 6 + [5] * 2
    assert summary(view) == (
        "Rise_TRAIN.ts: 11 sequences in 2 classes, 2 to 5 steps each (median 3). Predicted: class. "
        "Input: value.\nSequences: 6 training, 3 validation, 2 test."
    )


def text_of(data, index, noun):
    windows = SeriesWindows(data)
    return windows.text(windows[index], noun)


def test_a_window_is_described_by_its_dates(tmp_path):
    view = view_of("file", file=write_series(tmp_path / "a.csv", 100), window=7, horizon=2)
    text = text_of(view.data, 0, "row")
    assert text == (
        "Training set: the network reads 7 rows, 2023-01-01 to 2023-01-07, and predicts 2 rows, 2023-01-08 to "
        "2023-01-09."
    )
    view = view_of("machinery")
    assert text_of(view.data, 1, "sample") == (
        "Training set: the network reads 1,000 samples (10 steps of 100), 5 to 1,004, and predicts 100 samples, "
        "1,005 to 1,104."
    )


@pytest.mark.parametrize(
    ("bidirectional", "read"), [(False, "2023-03-17 to 2023-03-22"), (True, "2023-03-20 to 2023-03-25")]
)
def test_the_window_of_a_test_row_ends_with_it_or_has_it_in_the_middle(tmp_path, bidirectional, read):
    file = write_series(tmp_path / "a.csv", 100, columns=2)
    view = view_of("file", file=file, target="c0", features="c1", task="regress", window=6)
    windows = SeriesWindows(view.data, bidirectional=bidirectional)
    text = windows.text(windows[75], "row")  # after the 75 of the training set
    assert text == f"Test set: the network reads 6 rows, {read}, and predicts 1 row, 2023-03-22."


@pytest.mark.parametrize("start", ["airline", "echo", "gaps", "shops", "sequences"])
def test_the_numbers_are_those_of_a_real_training(tmp_path, uncompiled, start):
    settings = {"units": 2, "updates": 1, "batch_size": 1}
    if start == "gaps":
        settings |= {
            "file": write_series(tmp_path / "a.csv", 90, empty=[*range(20, 26), 80]),
            "window": 4,
            "horizon": 2,
        }
    elif start == "shops":
        lines = [f"{START + timedelta(i)},{shop},{i % 7}" for i in range(60) for shop in ("north", "south")]
        (tmp_path / "shops.csv").write_text("\n".join(["day,shop,sales", *lines]) + "\n")
        settings |= {"file": str(tmp_path / "shops.csv"), "series": "shop", "window": 6, "val_fraction": 0.2}
    elif start == "sequences":
        settings |= {"file": write_sequences(tmp_path / "rise.ts"), "val_fraction": 0.2}
    elif start == "echo":
        settings |= {"series_length": 300, "stateful": False}
    experiment = compose(start if start in ("airline", "echo", "sequences") else "file", settings)
    view, events = DataReader().view(experiment), []
    run = train_experiment(experiment, events.append, lambda: False, save=False)
    assert run.info.windows == view.data.windows
    started = next(event for event in events if isinstance(event, Started))
    assert started.updates_per_epoch == used_windows(view.data)["train"], "one window in each update"


@pytest.mark.parametrize("test_fraction", [0.1, 0.5, 0.8])
def test_texts_are_learned_from_the_training_windows_of_each_split(tmp_path, test_fraction):
    weather = ["sun"] * 30 + ["rain"] * 30 + ["snow"] * 40
    lines = [f"{START + timedelta(i)},{text},{i}" for i, text in enumerate(weather)]
    (tmp_path / "a.csv").write_text("\n".join(["day,weather,sales", *lines]) + "\n")
    reader, settings = (
        DataReader(),
        {"file": str(tmp_path / "a.csv"), "features": "sales,weather", "window": 5, **GIVEN},
    )
    reader.view(compose("file", {**settings, "test_fraction": 0.3}))
    view = reader.view(compose("file", {**settings, "test_fraction": test_fraction}))
    seen = dict.fromkeys(weather[: round(100 * (1 - test_fraction))])
    assert len(view.data.features) == 1 + len(seen)
    assert view.data.features == DATASETS.get("file").load(view.experiment.data, 0).features


def test_a_window_that_predicts_nothing_known_says_so_and_is_not_shown_first(tmp_path):
    view = view_of("file", file=write_series(tmp_path / "a.csv", 100, empty=range(70, 80)), window=7, **GIVEN)
    windows = SeriesWindows(view.data)
    texts = [windows.text(windows[i], "row") for i in range(len(windows))]
    unknown = [windows[i].target_begin for i, text in enumerate(texts) if text.endswith("does not count.")]
    assert unknown == list(range(70, 80))
    first = windows[windows.last_of_training]
    assert (first.split, first.target_begin) == ("train", 69)
