"""What a training would do with a file: its problems with their remedies, what is filled in and left out, and notes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.automatic import resolve
from rnnstudio.core.catalog import load_data
from rnnstudio.core.errors import SettingError, StoppedError
from rnnstudio.core.experiment import compose
from rnnstudio.library.datasets.file import load
from rnnstudio.reading.files import read_file
from rnnstudio.reading.reading_progress import reading_reported_to
from rnnstudio.results.import_check import check_import
from rnnstudio.results.import_file import read_whole

HOURS = np.datetime_as_string(np.datetime64("2024-01-01T00", "h") + np.arange(240), unit="m")


@pytest.fixture
def write(tmp_path):
    """Return a function that writes loads by the hour, some cells replaced and some rows left out."""

    def write_file(cells, left_out=()):
        file = tmp_path / "load.csv"
        rows = [f"{HOURS[i]},{cells.get(i, i % 24)}" for i in range(240) if i not in left_out]
        file.write_text("time,load\n" + "\n".join(rows) + "\n")
        return str(file)

    return write_file


def checked(path, **settings):
    return check_import(read_whole(path, settings), "file", {"file": path, "target": "load", "window": 5, **settings})


def chosen(check):
    return {remedy.label: remedy.is_chosen for problem in check.problems for remedy in problem.remedies}


def apply(check, label):
    """Return the settings of the remedy with a label."""
    [remedy] = [remedy for problem in check.problems for remedy in problem.remedies if remedy.label == label]
    return {name: value for name, value in remedy.settings.items() if value}


def test_a_file_without_problems_has_none(write):
    check = checked(write({}))
    assert (check.problem, check.problems) == (None, ())


def test_missing_values_are_filled_by_default_and_stand_in_the_preview_with_the_value_of_the_training(write):
    path = write({50: "", 51: "n/a", 100: ""})
    check = checked(path)
    [problem] = check.problems
    assert problem.sentence == "Values are missing: column 'load' (3, first in row 52). "
    assert chosen(check) == {"Fill": True, "Drop": False}
    assert not problem.is_open
    at = check.preview.row_numbers.index(52)
    assert check.preview.row_numbers[at - 1 : at + 2] == (51, 52, 53)
    trained = load(compose("file", {"file": path, "target": "load", "window": 5}).data, 0)
    for row in (50, 51):
        i = check.preview.positions.index(row)
        assert float(check.preview.filled[i, 1]) == trained.inputs[0, row, 0] == 1.0
    assert any("were filled with the last value before" in note for note in check.notes)


def test_dropped_rows_are_those_that_a_training_leaves_out(write):
    path = write({50: "", 51: "", 100: ""})
    check = checked(path, **apply(checked(path), "Drop"))
    assert chosen(check) == {"Fill": False, "Drop": True}
    assert {check.preview.positions[i] for i in check.preview.left_out} == {50, 51}  # row 100 is not shown
    assert check.preview.filled == {}
    trained = load(compose("file", {"file": path, "target": "load", "window": 5, "missing": "drop"}).data, 0)
    assert trained.inputs.shape[1] == 240 - 3


def test_rows_at_both_ends_without_values_are_left_out(write):
    check = checked(write({0: "", 1: "", 239: ""}))
    assert {check.preview.positions[i] for i in check.preview.left_out} == {0, 1, 239}
    assert any("3 steps" in note or "2 steps at the start and 1 step at the end" in note for note in check.notes)


def test_a_long_gap_is_open_and_fill_names_and_sets_how_long_it_may_be(write):
    path = write(dict.fromkeys((*range(20, 35), *range(60, 100)), ""))
    check = checked(path)
    [problem] = check.problems
    assert isinstance(check.problem, SettingError)
    assert check.problem.field == "max_gap"
    assert problem.is_open
    assert "The longest gap has 40 steps; Fill sets max_gap to 40." in problem.sentence
    assert apply(check, "Fill") == {"missing": "past", "max_gap": "40"}
    check = checked(path, **apply(check, "Fill"))
    assert check.problem is None
    assert chosen(check) == {"Fill": True, "Drop": False}
    assert "Gaps of up to 40 steps are filled." in check.problems[0].sentence


def test_rows_that_the_clock_lacks_are_a_problem_with_its_place(write):
    path = write({}, left_out=range(100, 103))
    check = checked(path)
    [problem] = check.problems
    assert problem.sentence == "3 rows of one hour are missing, at most 3 in a row, the first after row 101. "
    assert [place.row for place in problem.places] == [99]
    assert checked(path, missing="drop").problem is None


def test_gaps_of_several_series_are_filled_from_their_own_series(tmp_path):
    file = tmp_path / "stores.csv"
    cells = {("B", 3): "", ("A", 150): ""}
    rows = [f"{HOURS[i]},{s},{cells.get((s, i), i + 1000 * (s == 'B'))}" for s in "AB" for i in range(200)]
    file.write_text("time,store,load\n" + "\n".join(rows) + "\n")
    check = checked(str(file), series="store")
    assert check.problem is None
    filled = {
        (check.preview.texts[i][1], check.preview.row_numbers[i]): value
        for (i, j), value in check.preview.filled.items()
    }
    assert filled[("B", 205)] == "1002"


@pytest.mark.parametrize("marks", ["", "-999"])
def test_cells_that_are_no_numbers_can_be_missing_and_that_can_be_taken_back(write, marks):
    path = write({4: "about 6", 9: "broken", 12: "broken"})
    settings = {"missing_values": marks} if marks else {}
    check = checked(path, **settings)
    [problem] = check.problems
    assert problem.sentence == (
        "Column 'load' holds 3 cells that are no numbers: 'about 6' and 'broken', first in row 6."
    )
    assert "row 6, column 'load'" in str(check.problem)
    check = checked(path, **apply(check, "Treat as missing"))
    assert check.problem is None
    assert [problem.sentence for problem in check.problems] == [
        "Column 'load': 3 cells with 'about 6' and 'broken' count as missing.",
        "Values are missing: column 'load' (3, first in row 6). ",
    ]
    assert apply(check, "Treat as missing") == settings


def test_a_column_of_few_values_can_hold_classes(write):
    path = write({4: "off"})
    [problem] = checked(path).problems
    [remedy] = [remedy for remedy in problem.remedies if remedy.label == "Treat as class"]
    assert (remedy.column, remedy.role) == ("load", "class")
    path = write({4: "off", **{i: i * 1.01 for i in range(5, 240)}})
    [problem] = checked(path).problems
    assert [remedy.label for remedy in problem.remedies] == ["Treat as missing"]


def test_missing_values_of_labelled_sequences_are_counted_and_can_be_dropped(tmp_path):
    file = tmp_path / "Rise_TRAIN.ts"
    file.write_text("@classLabel true up down\n@data\n" + "1,2,3:up\n3,?,1:down\n3,2,1:down\n" * 6)
    settings = {"file": str(file)}
    check = check_import(read_whole(str(file), {}), "sequences", settings)
    [problem] = check.problems
    assert problem.sentence.startswith("Values are missing in 6 sequences of 18, the first at ")
    assert chosen(check) == {"Fill": True, "Drop": False}
    check = check_import(read_whole(str(file), {}), "sequences", {**settings, **apply(check, "Drop")})
    assert check.problem is None
    assert any("were dropped" in note for note in check.notes)


def test_a_check_stops_when_nobody_wants_to_know_its_result(write):
    path = write({50: ""})
    file = read_whole(path, {})
    with reading_reported_to(lambda progress: None, lambda: True), pytest.raises(StoppedError):
        check_import(file, "file", {"file": path, "target": "load", "window": 5})


@pytest.fixture
def readings(monkeypatch):
    """Counts how often a check reads its file."""
    import rnnstudio.results.import_file as import_file

    read: list[str] = []

    def counted(path, *arguments):
        read.append(path)
        return read_file(path, *arguments)

    monkeypatch.setattr(import_file, "read_file", counted)
    return read


def write_walks(file, first="1"):
    rows = [f"{name},{step * 0.5},{kind}" for name, kind in ((first, 4), ("2", 5)) * 3 for step in range(6)]
    file.write_text("walk,x,kind\n" + "\n".join(rows) + "\n")


def test_columns_of_names_are_read_once_for_all_checks_and_again_when_the_file_has_changed(tmp_path, readings):
    path = tmp_path / "walks.csv"
    write_walks(path)
    file = read_whole(str(path), {})
    settings = {"file": str(path), "sequence": "walk", "target": "kind", "features": "x", "frame": 1}
    readings.clear()
    check = check_import(file, "sequences", settings)
    assert readings == [str(path)]
    assert set(check.file.table.texts("walk")) == {"1", "2"}
    again = check_import(file, "sequences", {**settings, "frame": 2}, check.file)
    assert len(readings) == 1
    assert again.file is check.file
    new = check_import(file, "sequences", {**settings, "frame": 2})
    assert (again.problem, again.problems, again.notes, again.preview) == (
        new.problem,
        new.problems,
        new.notes,
        new.preview,
    )
    readings.clear()
    write_walks(path, first="3")
    changed = check_import(file, "sequences", settings, again.file)
    assert readings == [str(path)]
    assert set(changed.file.table.texts("walk")) == {"3", "2"}
    check_import(file, "sequences", {**settings, "missing_values": "0.5"}, changed.file)
    assert len(readings) == 2


def test_a_file_without_columns_of_names_is_not_read_by_a_check(write, readings):
    path = write({})
    file = read_whole(path, {})
    readings.clear()
    assert check_import(file, "file", {"file": path, "target": "load", "window": 5}).file is file
    assert readings == []


@pytest.mark.parametrize(
    ("rows", "step", "inside"),
    [
        (60, "MS", True),
        (96, "MS", True),
        (144, "MS", True),
        (40, "D", True),
        (30, "YS", True),
        (60, "MS", False),
        (24, "MS", False),
        (30, "YS", False),
    ],
)
def test_a_short_series_can_be_trained_on_as_it_is(tmp_path, rows, step, inside):
    file = tmp_path / "sales.csv"
    times = pd.date_range("1990-01-01", periods=rows, freq=step)
    file.write_text("time,sales\n" + "".join(f"{time:%Y-%m-%d},{i * i % 31}\n" for i, time in enumerate(times)))
    given = {"file": str(file), "target": "sales"} | ({"test_context": "inside"} if inside else {})
    assert check_import(read_whole(str(file), {}), "file", given).problem is None
    assert len(resolve(compose("file", given), load_data).data.test) > 0


def test_a_series_that_no_window_fits_keeps_its_error(tmp_path):
    file = tmp_path / "few.csv"
    file.write_text("time,sales\n" + "".join(f"2024-01-{i + 1:02},{i * i % 31}\n" for i in range(9)))
    given = {"file": str(file), "target": "sales", "test_context": "inside"}
    check = check_import(read_whole(str(file), {}), "file", given)
    assert isinstance(check.problem, SettingError)
