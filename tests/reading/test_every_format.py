"""The same content gives the same table, or the same sequences, whatever the format of the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.columns import as_frame
from rnnstudio.library.datasets.arrays import ArraySettings, from_arrays
from rnnstudio.reading.files import read_file
from rnnstudio.reading.table import Table
from rnnstudio.reading.value_columns import frame_table
from tests.xls_writer import xls_bytes

DAYS = pd.date_range("2024-01-01", periods=40, freq="D")
FRAME = pd.DataFrame({
    "day": DAYS, "sales": (np.arange(40) * 7.25 % 31).round(2), "promo": np.arange(40) % 3 == 0,
    "what": ["a", "b"] * 20,
}).assign(sales=lambda frame: frame["sales"].where(frame.index != 5))  # fmt: skip


def days_as(pattern: str) -> pd.DataFrame:
    return FRAME.assign(day=FRAME["day"].dt.strftime(pattern))


def write_xls(file: Path) -> None:
    cells = [[None if pd.isna(cell) else cell for cell in row] for row in FRAME.itertuples(index=False)]
    rows = [[day.to_pydatetime(), *others] for day, *others in cells]
    file.write_bytes(xls_bytes({"data": [[*FRAME.columns], *rows]}))


def write_arff(file: Path) -> None:
    declared = '@attribute day date "yyyy-MM-dd"\n@attribute sales numeric\n@attribute promo {True,False}\n'
    rows = days_as("%Y-%m-%d").to_csv(index=False, header=False, na_rep="?", lineterminator="\n")
    file.write_text(f"@relation shop\n{declared}@attribute what {{a,b}}\n@data\n{rows}")


def write_npz(file: Path) -> None:
    arrays = {name: FRAME[name].to_numpy() for name in FRAME}
    np.savez(file, **{**arrays, "day": arrays["day"].astype("datetime64[D]"), "what": arrays["what"].astype(str)})


WRITERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "semicolon": ("csv", lambda file: days_as("%d.%m.%Y").to_csv(file, index=False, sep=";", decimal=",")),
    "bar": ("csv", lambda file: FRAME.to_csv(file, index=False, sep="|", na_rep="NA", encoding="utf-16")),
    "month first": ("csv", lambda file: days_as("%m/%d/%Y").to_csv(file, index=False, lineterminator="\r\n")),
    "tab": ("tsv", lambda file: FRAME.to_csv(file, index=False, sep="\t")),
    "Excel": ("xlsx", lambda file: FRAME.to_excel(file, index=False)),
    "old Excel": ("xls", write_xls),
    "Parquet": ("parquet", FRAME.to_parquet),
    "Parquet with an index": ("parquet", lambda file: FRAME.set_index("day").to_parquet(file)),
    "arff": ("arff", write_arff),
    "npz": ("npz", write_npz),
}


def check_same(table: Table, expected: Table) -> None:
    for name in ("sales", "promo"):
        np.testing.assert_array_equal(table.values([name], "drop"), expected.values([name], "drop"))
    np.testing.assert_array_equal(table.times, DAYS.to_numpy("datetime64[ns]"))
    assert table.texts("what").tolist() == FRAME["what"].tolist()
    assert table.account.time == expected.account.time
    about = [(c.name, c.kind, c.missing, c.distinct) for c in table.account.columns]
    assert about == [(c.name, c.kind, c.missing, c.distinct) for c in expected.account.columns]
    assert table.account.target == "sales"
    assert not table.account.questions


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_table(tmp_path, name):
    FRAME.to_csv(tmp_path / "expected.csv", index=False)
    ending, write = WRITERS[name]
    write(tmp_path / f"a.{ending}")
    check_same(read_file(tmp_path / f"a.{ending}"), read_file(tmp_path / "expected.csv"))


@pytest.mark.parametrize("frame", [FRAME, FRAME.set_index("day"), FRAME.convert_dtypes(dtype_backend="pyarrow")])
def test_data_frames_give_the_table_of_a_file(tmp_path, frame):
    FRAME.to_csv(tmp_path / "expected.csv", index=False)
    check_same(frame_table("x", frame), read_file(tmp_path / "expected.csv"))


def as_r_passes_it(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the columns of a data frame of R: dates and factors as text, R's missing number, TRUE and FALSE."""
    missing = np.frombuffer(np.uint64(0x7FF00000000007A2).tobytes(), np.float64)[0]  # a signalling NaN
    return {
        "day": frame["day"].dt.strftime("%Y-%m-%d").tolist(),
        "sales": np.where(frame["sales"].isna(), missing, frame["sales"]),
        "promo": frame["promo"].tolist() if frame["promo"].isna().any() else frame["promo"].to_numpy(bool),
        "what": [None if pd.isna(text) else text for text in frame["what"]],
    }


@pytest.mark.parametrize("gaps", [False, True])
def test_a_data_frame_of_r_gives_the_table_and_the_training_of_a_file(tmp_path, gaps):
    frame = FRAME.copy()
    if gaps:
        frame["promo"] = frame["promo"].astype(object).where(frame.index != 7, None)
        frame["what"] = frame["what"].astype(object).where(frame.index != 9, None)
    frame.to_csv(tmp_path / "expected.csv", index=False)
    passed = as_r_passes_it(frame)
    table, expected = frame_table("x", as_frame(passed)), read_file(tmp_path / "expected.csv")
    for name in ("sales", "promo"):
        np.testing.assert_array_equal(table.values([name], "drop"), expected.values([name], "drop"))
    assert table.texts("what").tolist() == expected.texts("what").tolist()
    assert table.account.time == expected.account.time
    about = [(c.name, c.kind, c.missing, c.distinct) for c in expected.account.columns]
    assert [(c.name, c.kind, c.missing, c.distinct) for c in table.account.columns] == about
    chosen = {"target": "sales", "features": "sales,promo,what", "window": 4}
    one = from_arrays(passed, None, ArraySettings(**chosen), 0)
    experiment = rs.experiment(tmp_path / "expected.csv", **chosen)
    other = DATASETS.get("file").load(experiment.data, 0)
    for name in ("inputs", "targets", "times", "starts", "train", "test"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("features", "target_names", "frequency", "period", "missing_targets"):
        assert getattr(one, name) == getattr(other, name)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "Asia/Kolkata", "America/St_Johns", "Etc/GMT+3"])
@pytest.mark.parametrize(("start", "frequency"), [("2024-03-30", "h"), ("2024-05-01", "h"), ("2024-03-01", "D")])
def test_time_zones_are_read_as_in_text(tmp_path, zone, start, frequency):
    times = pd.date_range(start, periods=60, freq=frequency, tz=zone, name="when")
    frame = pd.DataFrame({"a": np.arange(60.0) % 7}, index=times)
    frame.to_csv(tmp_path / "a.csv")
    frame.to_parquet(tmp_path / "a.parquet")
    values = frame.reset_index()
    objects = values.assign(when=values["when"].map(lambda stamp: stamp.to_pydatetime()).astype(object))
    expected = read_file(tmp_path / "a.csv")
    wall = frequency == "D" or expected.account.time.zone != "UTC"
    naive = times.tz_localize(None) if wall else times.tz_convert("UTC").tz_localize(None)
    np.testing.assert_array_equal(expected.times, naive.to_numpy("datetime64[ns]"))
    for table in (read_file(tmp_path / "a.parquet"), *(frame_table("x", x) for x in (frame, values, objects))):
        np.testing.assert_array_equal(table.times, expected.times)
        assert table.account.time == expected.account.time
        assert table.account.assumed == expected.account.assumed


def test_times_of_which_only_some_have_a_zone_are_asked_about():
    some = [pd.Timestamp("2024-01-01"), *pd.date_range("2024-01-02", periods=5, tz="UTC")]
    (question,) = frame_table("x", pd.DataFrame({"t": some, "a": np.arange(6.0) % 4})).account.questions
    assert (question.setting, list(question.choices)) == ("time", ["t", "none"])
    assert "'2024-01-01 00:00:00' in row 1" in question.sentence


@pytest.mark.parametrize(
    ("index", "column"),
    [
        (pd.Index(DAYS, name="day"), "day"),
        (pd.Index(DAYS), "time"),
        (pd.Index([f"r{i}" for i in range(40)]), "index"),
        (pd.Index([f"r{i}" for i in range(40)], name="who"), "who"),
        (pd.Index(range(40)), None),
        (pd.Index(range(3, 43)), None),
        (pd.Index([i for i in range(41) if i != 7]), None),  # after dropna
        (pd.Index(np.arange(40) * 10, name="step"), "step"),
        (pd.MultiIndex.from_product([["x", "y"], DAYS[:20]], names=["shop", "day"]), "shop"),
    ],
)
def test_the_index_of_a_frame_is_its_first_column_unless_it_numbers_the_rows(tmp_path, index, column):
    frame = pd.DataFrame({"load": np.sin(np.arange(40.0))}, index=index)
    frame.to_parquet(tmp_path / "a.parquet")
    for table in (read_file(tmp_path / "a.parquet"), frame_table("x", frame)):
        assert table.columns[0] == (column or "load")
        assert len(table.columns) == 1 + (index.nlevels if column else 0)
        assert table.account.target == "load"
        assert (table.times is None) == (column not in ("day", "time", "shop"))


def test_the_times_of_arrays_are_not_predicted(tmp_path):
    wave = np.sin(np.arange(40) / 3)
    for name, times in {"time": np.arange(40) * 0.5, "t": np.arange(40), "date": DAYS.to_numpy()}.items():
        np.savez(tmp_path / "a.npz", **{name: times, "wave": wave})
        table = read_file(tmp_path / "a.npz")
        assert table.default_target() == "wave"
        np.testing.assert_array_equal(table.values(["wave"])[:, 0], wave)
        assert (table.times is not None) == (name == "date")


# -- sequences ---------------------------------------------------------------------------------------------------------

WAVES = np.sin(np.arange(20) / 3 + np.arange(12)[:, None]).round(4)  # (12, 20)
LABELS = ["down", "up"] * 6


def write_rows(file: Path, separator: str) -> None:
    rows = [[label, *map(str, row)] for label, row in zip(LABELS, WAVES.tolist(), strict=True)]
    file.write_text("".join(f"{separator.join(row)}\n" for row in rows))


def write_ts(file: Path, stamped: bool) -> None:
    rows = [
        ",".join(f"({i},{cell})" if stamped else str(cell) for i, cell in enumerate(row)) + f":{label}\n"
        for label, row in zip(LABELS, WAVES.tolist(), strict=True)
    ]
    file.write_text(f"@timeStamps {str(stamped).lower()}\n@classLabel true down up\n@data\n" + "".join(rows))


def write_arff_rows(file: Path) -> None:
    names = "".join(f"@attribute att{i} numeric\n" for i in range(20))
    rows = "".join(f"{','.join(map(str, row))},{label}\n" for label, row in zip(LABELS, WAVES.tolist(), strict=True))
    file.write_text(f"{names}@attribute class {{down,up}}\n@data\n{rows}")


SEQUENCE_WRITERS: dict[str, Callable[[Path], Any]] = {
    "Waves_TRAIN.tsv": lambda file: write_rows(file, "\t"),
    "Waves_TRAIN.csv": lambda file: write_rows(file, ","),
    "Waves_TRAIN.txt": lambda file: write_rows(file, "   "),
    "Waves.ts": lambda file: write_ts(file, False),
    "Stamped.ts": lambda file: write_ts(file, True),
    "Waves.arff": write_arff_rows,
    "Waves.npz": lambda file: np.savez(file, x=WAVES[..., None], y=LABELS),
}


@pytest.mark.parametrize("name", SEQUENCE_WRITERS)
def test_every_format_gives_the_same_sequences(tmp_path, name):
    SEQUENCE_WRITERS[name](tmp_path / name)
    experiment = rs.experiment(tmp_path / name)
    data = DATASETS.get("sequences").load(experiment.data, 0)
    np.testing.assert_array_equal(data.inputs[..., 0], WAVES)
    assert [data.classes[i] for i in data.targets.ravel()] == LABELS
    account = rs.inspect(tmp_path / name)
    assert (account.sequences, account.lengths, account.classes) == (12, (20, 20), {"down": 6, "up": 6})
    assert not account.questions
