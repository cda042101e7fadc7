"""Names that are written like numbers: as names of series, classes and sequences they stay as they are in the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rnnstudio.core.account import ColumnAccount
from rnnstudio.core.column_roles import possible_roles
from rnnstudio.core.errors import DataError
from rnnstudio.core.read_options import ReadOptions
from rnnstudio.library.datasets.file import FileSettings
from rnnstudio.library.datasets.file import load as load_file
from rnnstudio.library.datasets.sequences import SequencesSettings
from rnnstudio.library.datasets.sequences import load as load_sequences
from rnnstudio.reading.files import read_file
from rnnstudio.reading.preview import preview_of
from rnnstudio.reading.series.labelled_table import labelled_from_table
from rnnstudio.reading.series.missing_rows import with_missing_rows
from rnnstudio.reading.text.text_table import read_table
from rnnstudio.reading.value_columns import frame_table

IDS = ("007", "00123", "42")


def write(folder: Path, head: str, rows: list[str]) -> Path:
    file = folder / "data.csv"
    file.write_text("\n".join([head, *rows]) + "\n")
    return file


def shops(folder: Path) -> Path:
    days = np.arange("2024-01-01", "2024-02-10", dtype="datetime64[D]")
    rows = [f"{day},{shop},{i * i % 11}.5" for shop in IDS for i, day in enumerate(days)]
    return write(folder, "day,shop,sales", rows)


def test_series_keep_their_names(tmp_path: Path) -> None:
    data = load_file(FileSettings(file=str(shops(tmp_path)), series="shop", target="sales", window=4), 0)
    assert data.series == tuple(sorted(IDS))


def test_classes_keep_their_names(tmp_path: Path) -> None:
    file = write(tmp_path, "x,code", [f"{i % 7}.5,{IDS[i // 5 % 3]}" for i in range(90)])
    data = load_file(FileSettings(file=str(file), task="label", target="code", features="x", window=4), 0)
    assert set(data.classes) == set(IDS)


def test_sequences_and_their_classes_keep_their_names(tmp_path: Path) -> None:
    rows = [f"{i // 5:03d},{'01' if i // 5 % 2 else '02'},{i % 7}.5" for i in range(100)]
    file = write(tmp_path, "id,kind,x", rows)
    data = load_sequences(SequencesSettings(file=str(file), sequence="id", target="kind", features="x"), 0)
    assert data.classes == ("01", "02")


@pytest.mark.parametrize("marks", ["", "99999"])
def test_they_stay_numbers_and_the_preview_shows_their_zeros(tmp_path: Path, marks: str) -> None:
    options = ReadOptions(missing_values=(marks,) if marks else ())
    table = read_table(write(tmp_path, "id,x", [f"{i:05d},{i % 3}.5" for i in (3, 1, 2)] * 9), options)
    assert table.account is not None
    assert (table.account.column("id").kind, table.account.column("id").written) == ("number", "00003")
    assert table.numbers(["id"])[:3, 0].tolist() == [3.0, 1.0, 2.0]
    assert preview_of(table).texts[0] == ("00003", "0.5")


def test_two_ways_to_write_one_number_are_said(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "id,x", ["007,1.5", "8,2.5", "7,0.5"] * 9))
    assert table.account is not None
    assert "Column 'id' holds 007 and 7: one number, but two names of series or classes." in table.account.assumed
    assert set(table.texts("id")) == {"007", "7", "8"}
    assert set(table.numbers(["id"])[:, 0]) == {7.0, 8.0}


NAMES = {  # a number in float64 is the same for two of these, or is written in another way
    "zeros": ("007", "7", "0070"),
    "long": ("9223372036854775801", "9223372036854775802", "9223372036854775803"),
    "17 digits": ("90071992547409931", "90071992547409932", "90071992547409933"),
    "exponents": ("2E4", "20000", "2E5"),
    "with letters": ("12", "A7", "007", "7", "B7"),
    "signs": ("+5", "5", "-5"),
    "groups": ("1.024", "1024", "1.0240"),
    "dates": ("2024-01-01", "2024-02-01", "2024-03-01"),
}


def saved(folder: Path, ending: str, frame: pd.DataFrame) -> str:
    """Return the path of a file with the cells of a data frame, whose names are text."""
    file = folder / f"data.{ending}"
    if ending == "xlsx":
        frame.to_excel(file, index=False)
    elif ending == "parquet":
        frame.to_parquet(file)
    else:
        frame.to_csv(file, index=False)
    return str(file)


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_each_name_of_a_series_is_a_series(tmp_path: Path, ending: str, names: tuple[str, ...]) -> None:
    days = pd.date_range("2024-01-01", periods=40)
    frame = pd.DataFrame(
        [
            (f"{day:%Y-%m-%d}", name, (7 * i + n) % 11 + 0.5)
            for n, name in enumerate(names)
            for i, day in enumerate(days)
        ],
        columns=["time", "shop", "sales"],
    )
    file = saved(tmp_path, ending, frame)
    data = load_file(FileSettings(file=file, series="shop", time="time", target="sales", window=4), 0)
    assert set(data.series) == set(names)
    for n, name in enumerate(names):
        own = data.targets[data.series.index(name)][:, 0]
        assert own[0] == n % 11 + 0.5


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_each_name_of_a_sequence_is_a_sequence(tmp_path: Path, ending: str, names: tuple[str, ...]) -> None:
    rows = [(name, step, step % 3 + 0.5, "ab"[n % 2], name) for n, name in enumerate(names) for step in range(6)]
    file = saved(tmp_path, ending, pd.DataFrame(rows, columns=["id", "step", "x", "class", "person"]))
    chosen = SequencesSettings(file=file, sequence="id", target="class", group="person")
    table = read_file(file, "", chosen.read_options())
    labelled = labelled_from_table(table, "id", "class", ["x"], "person")
    assert labelled.groups is not None
    assert labelled.groups.tolist() == list(names)
    assert [len(sequence) for sequence in labelled.sequences] == [6] * len(names)


def test_an_error_names_a_sequence_as_it_stands_in_the_file(tmp_path: Path) -> None:
    rows = [f"{name},{i}.5,{'ab'[i // 4]}" for name in NAMES["long"] for i in range(8)]
    file = write(tmp_path, "id,x,class", rows)
    with pytest.raises(DataError, match="id '9223372036854775801' has 'a' in row 2 and 'b' in row 6"):
        load_sequences(SequencesSettings(file=str(file), sequence="id", target="class"), 0)


@pytest.mark.parametrize("dtype", ["int64", "Int64", "category", "string"])
def test_long_numbers_of_data_frames_are_names(dtype: str) -> None:
    ids = pd.Series([9007199254740992 + i % 3 for i in range(30)]).astype("str" if dtype == "string" else "int64")
    frame = pd.DataFrame({"id": ids.astype(dtype), "x": np.arange(30.0) % 7})  # type: ignore[call-overload]
    named = frame_table("x", frame, ReadOptions(names=("id",)))
    assert len(set(named.texts("id"))) == 3
    table = frame_table("x", frame)
    assert len(set(table.texts("id"))) == 3
    assert table.account is not None
    assert any("beyond the 15th" in sentence for sentence in table.account.assumed)
    assert not any("beyond the 15th" in sentence for sentence in named.account.assumed)  # type: ignore[union-attr]


def test_whole_numbers_with_decimals_are_the_same_names(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "id,x", ["1.0,1.5", "2.0,2.5", ",0.5"] * 9), ReadOptions(names=("id",)))
    assert set(table.texts("id")) == {"1", "2", ""}


def test_names_stay_with_their_rows(tmp_path: Path) -> None:
    days = np.arange("2024-01-01", "2024-01-31", dtype="datetime64[D]")[::-1]
    rows = [f"{day},{int(day.astype(int)) % 3:03d},{i % 5}.5" for i, day in enumerate(days) if i != 7]
    table = with_missing_rows(read_table(write(tmp_path, "day,code,x", rows)))
    assert table.times is not None
    texts = table.texts("code")
    assert list(np.flatnonzero(texts == "")) == [22]
    assert all(
        int(t) == int(s.astype("datetime64[D]").astype(int)) % 3 for t, s in zip(texts, table.times, strict=True) if t
    )


def test_decimals_and_plain_numbers_have_no_leading_zeros(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a,b,c", ["0.5,0,10", "1.5,1,20"] * 15))
    assert not table.written


MARKS = ["None", "NA", "nan", "null", "-", "?", "n/a"]


def sequences_of_classes(classes: list[str]) -> pd.DataFrame:
    """Return 20 sequences of 3 steps, whose classes take turns."""
    of_row = [classes[i // 3 % len(classes)] for i in range(60)]
    return pd.DataFrame({"rec": [f"r{i // 3}" for i in range(60)], "x": np.arange(60.0) ** 1.5, "cls": of_row})


def classes_read(frame: pd.DataFrame, source: str, folder: Path, options: ReadOptions) -> list[str]:
    if source == "frame":
        table = frame_table("x", frame, options)
    else:
        path = folder / f"a.{source}"
        frame.to_csv(path, index=False) if source == "csv" else frame.to_excel(path, index=False)
        table = read_file(str(path), "cls", options)
    return table.texts("cls").tolist()


@pytest.mark.parametrize("source", ["csv", "xlsx", "frame"])
@pytest.mark.parametrize("classes", [MARKS[i : i + 2] for i in range(6)] + [MARKS, ["run", "NA"], ["None", "TRUE"]])
def test_marks_of_missing_values_are_classes_where_hardly_anything_else_is(
    tmp_path: Path, source: str, classes: list[str]
) -> None:
    frame = sequences_of_classes(classes)
    assert classes_read(frame, source, tmp_path, ReadOptions(names=("cls",))) == frame["cls"].tolist()


@pytest.mark.parametrize("source", ["csv", "xlsx", "frame"])
@pytest.mark.parametrize(("classes", "further"), [(["1", "NA"], ()), (["run", "NA"], ("NA",))])
def test_marks_are_no_classes_beside_a_number_or_where_the_caller_says_so(
    tmp_path: Path, source: str, classes: list[str], further: tuple[str, ...]
) -> None:
    frame = sequences_of_classes(classes)
    read = classes_read(frame, source, tmp_path, ReadOptions(names=("cls",), missing_values=further))
    assert read == ["" if name == "NA" else name for name in frame["cls"]]


def test_what_is_read_as_a_class_is_said_and_can_be_chosen() -> None:
    frame = sequences_of_classes(["None", "NA"])
    account = frame_table("x", frame, ReadOptions(names=("cls",))).account
    assert account is not None
    assert "'None' and 'NA' in column 'cls' are read as names." in account.assumed
    found = frame_table("x", frame, ReadOptions()).account
    assert found is not None
    assert possible_roles(found.column("cls")) == ("class", "ignore")
    assert possible_roles(ColumnAccount("x", "empty", missing_marks={"": 4, "NA": 2})) == ("ignore",)
