"""New data give the same predictions and notes from a file, a path in Python and a data frame, in every format."""

from __future__ import annotations

import io
import re
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
from rnnstudio.core.errors import DataError, RnnStudioError, SettingError
from tests.without_xla import without_xla

DAYS = pd.date_range("2024-01-01", periods=60)
TINY: dict[str, Any] = {"units": 3, "updates": 2, "batch_size": 8, "verbose": 0, "learning_rate": 0.01}


def series(seed: int = 0, days: pd.DatetimeIndex = DAYS) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        "day": days, "sales": (1000 + rng.normal(0, 300, len(days))).round(2),
        "sky": rng.choice(["sun", "rain"], len(days)),
    })  # fmt: skip


def shops(seed: int = 0, days: pd.DatetimeIndex = DAYS) -> pd.DataFrame:
    return pd.concat([series(seed + n, days).assign(shop=shop) for n, shop in enumerate(["north", "south"])])


def trials(seed: int = 0, count: int = 12) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    steps = rng.integers(4, 7, count)
    return pd.DataFrame({
        "trial": np.repeat([f"t{i:02}" for i in range(count)], steps), "x": rng.normal(0, 1, steps.sum()).round(3),
        "class": np.repeat(["up", "down"] * (count // 2), steps),
    })  # fmt: skip


CONTENTS: dict[str, tuple[Callable[..., pd.DataFrame], dict[str, Any]]] = {
    "series": (series, {"target": "sales", "features": "sales,sky", "window": 5}),
    "several": (shops, {"target": "sales", "series": "shop", "window": 5}),
    "sequences": (trials, {"target": "class", "sequence": "trial"}),
}


def write_npz(frame: pd.DataFrame, file: Path) -> None:
    arrays = {name: frame[name].to_numpy() for name in frame}
    text = {name: array.astype(str) for name, array in arrays.items() if array.dtype.kind not in "Mf"}
    np.savez(file, **{**arrays, **text})


def written(frame: pd.DataFrame, days: str, **how: Any) -> str:
    frame = frame.assign(day=frame["day"].dt.strftime(days)) if "day" in frame else frame
    return str(frame.to_csv(index=False, **how))


WRITERS: dict[str, Callable[[pd.DataFrame, Path], Any]] = {
    "comma.csv": lambda frame, file: file.write_text(written(frame, "%Y-%m-%d")),
    "semicolon.csv": lambda frame, file: file.write_text(written(frame, "%d.%m.%Y", sep=";", decimal=",")),
    "month_first.csv": lambda frame, file: file.write_text(written(frame, "%m/%d/%Y")),
    "tab.tsv": lambda frame, file: file.write_text(written(frame, "%Y%m%d", sep="\t")),
    "utf16.csv": lambda frame, file: file.write_bytes(written(frame, "%Y-%m-%d", sep="|").encode("utf-16")),
    "book.xlsx": lambda frame, file: frame.to_excel(file, index=False),
    "table.parquet": lambda frame, file: frame.to_parquet(file, index=False),
    "arrays.npz": write_npz,
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, rs.Run]:
    folder, trained = tmp_path_factory.mktemp("runs"), {}
    with without_xla(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, (content, chosen) in CONTENTS.items():
            content().to_csv(folder / f"{kind}.csv", index=False)
            trained[kind] = rs.train(folder / f"{kind}.csv", **chosen, **TINY, save=folder / kind)
    return trained


def from_python(run: rs.Run, x: Any, **reading: Any) -> tuple[list[float], list[str]]:
    """Return all probabilities or values that a call predicts, and its warnings."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        predicted = run.predict(x, probabilities=bool(run.info.classes), **reading)
    values = np.concatenate([np.ravel(own) for own in predicted]) if isinstance(predicted, list) else predicted
    return np.ravel(values).tolist(), [str(warning.message) for warning in said]


def from_terminal(run: rs.Run, file: Path, *flags: str) -> tuple[list[float], list[str]]:
    """Return all probabilities or values that the command prints, and its notes."""
    more = ["--probabilities"] if run.info.classes else []
    result = CliRunner().invoke(studio, ["predict", run.path, "--input", str(file), *more, *flags])
    if result.exit_code:
        raise DataError(result.stderr)
    table = pd.read_csv(io.StringIO(result.stdout))
    numbers = table[[name for name in table if name.startswith("pr")]].to_numpy(np.float64)
    return numbers.ravel().tolist(), [line[6:] for line in result.stderr.splitlines() if line.startswith("Note: ")]


def without_places(notes: list[str], name: str) -> list[str]:
    return [re.sub(r"rows? \d+", "row", note.replace(name, "x").replace(" '", "'")) for note in notes]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("kind", CONTENTS)
def test_every_front_end_and_format_predicts_the_same(runs, tmp_path, kind, writer):
    if (kind, writer) == ("sequences", "arrays.npz"):
        pytest.skip("an npz file is a table of series, or holds sequences as x and y")
    run, frame = runs[kind], CONTENTS[kind][0](7)
    gaps = frame.reset_index(drop=True)
    gaps.loc[3, "sales" if "sales" in frame else "x"] = np.nan
    for new in (frame.reset_index(drop=True), gaps):
        file = tmp_path / writer
        WRITERS[writer](new, file)
        expected, notes = from_python(run, new)
        assert len(expected) >= 24
        values, said = from_python(run, file)
        np.testing.assert_allclose(values, expected, rtol=1e-12)
        printed, shown = from_terminal(run, file)
        np.testing.assert_allclose(printed, expected, rtol=1e-6)
        assert said == shown
        assert any("filled" in note for note in said) == (new is gaps)
        of_format = [note for note in said if "read as times" in note]  # 20240131 is a number in text
        assert without_places([n for n in said if n not in of_format], file.name) == without_places(notes, "x")


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_front_end_refuses_and_assumes_alike(runs, tmp_path, kind):
    run, frame = runs[kind], CONTENTS[kind][0](3).reset_index(drop=True)
    value = "sales" if "sales" in frame else "x"
    variants = {
        "renamed": frame.rename(columns=lambda name: f"{name.title()} "),
        "without its column": frame.rename(columns={value: "other"}),
        "of another size": frame.assign(**{value: frame[value] * 1e6}),
        "with text": frame.assign(**{value: [*frame[value].astype(str)[:-1], "broken"]}),
        "without names of parts": frame.drop(columns=[c for c in ("shop", "trial") if c in frame]).iloc[:6],
        "newest first": frame[::-1],
        "of another text": frame.assign(sky="storm"),
    }
    for what, new in variants.items():
        file = tmp_path / "new.csv"
        new.to_csv(file, index=False)
        results = []
        for call in (lambda: from_python(run, new), lambda: from_python(run, file), lambda: from_terminal(run, file)):  # noqa: B023
            try:
                values, notes = call()
                results.append((values, without_places(notes, file.name)))
            except RnnStudioError as error:
                text = str(error).removeprefix("error: ").removeprefix("Error: ").strip()
                results.append(without_places([text], file.name)[0])
        if isinstance(results[0], str):
            assert results[2].endswith(results[1]), what
            assert results[1].replace(" ", "") == results[0].replace(" ", ""), what
        else:
            for values, notes in results[1:]:
                np.testing.assert_allclose(values, results[0][0], rtol=1e-5, err_msg=what)
                assert notes == results[0][1], what


def test_files_of_sequences_are_predicted_as_their_arrays(tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.normal(0, 1, (20, 12)).round(3), np.arange(20) % 2
    rows = "\n".join(",".join(map(str, [c, *values])) for c, values in zip(y, x, strict=True))
    ts = "\n".join(",".join(map(str, values)) + f":{c}" for c, values in zip(y, x, strict=True))
    (tmp_path / "a_TRAIN.csv").write_text(rows + "\n")
    (tmp_path / "new.csv").write_text(rows + "\n")
    (tmp_path / "new.ts").write_text(f"@classLabel true 0 1\n@data\n{ts}\n")
    np.savez(tmp_path / "new.npz", x=x[..., None])
    with without_xla():
        run = rs.train(tmp_path / "a_TRAIN.csv", task="classify", **TINY, save=tmp_path / "run")
    expected = run.predict(x[..., None], probabilities=True)
    for ending in ("csv", "ts", "npz"):
        values, notes = from_python(run, tmp_path / f"new.{ending}")
        np.testing.assert_array_equal(np.reshape(values, (20, 2)), expected)
        assert any("its class is in the first column" in note for note in notes) == (ending == "csv")
        printed, _ = from_terminal(run, tmp_path / f"new.{ending}")
        np.testing.assert_allclose(np.reshape(printed, (20, 2)), expected, rtol=1e-5)


def test_a_path_may_be_text_and_its_reading_can_be_chosen(runs, tmp_path, monkeypatch):
    frame, monkeypatch_home = series(5), tmp_path
    monkeypatch.setenv("HOME", str(monkeypatch_home))
    (tmp_path / "new.csv").write_text(written(frame, "%d/%m/%y", sep=";", decimal=",", encoding="utf-8"))
    expected, _ = from_python(runs["series"], frame)
    for path in ("~/new.csv", str(tmp_path / "new.csv")):
        values, _ = from_python(runs["series"], path, date_order="day_first", separator="semicolon")
        assert values == expected
    with pytest.raises(DataError, match=r"There is no file nothing\.csv"):
        runs["series"].predict("nothing.csv")
    with pytest.raises(SettingError, match=r"settings of reading time, .* and encoding for a file; received decimal\."):
        runs["series"].predict("~/new.csv", decimal="comma")


WRITTEN: dict[str, tuple[str, str, str]] = {  # pattern of the dates, separator and decimal mark of the training
    "German": ("%d/%m/%Y", ";", ","),
    "American": ("%m/%d/%Y", ",", "."),
    "American tabs": ("%m/%d/%Y", "\t", "."),
}


def as_texts(frame: pd.DataFrame, dates: str, decimal: str) -> pd.DataFrame:
    """Return dates and numbers as people write them, thousands with marks, and missing values as -999."""
    marks = str.maketrans(",.", ".,") if decimal == "," else {}
    texts = [f"{v:,.{0 if v == round(v) else 2}f}".translate(marks) for v in frame["sales"].fillna(0)]
    numbers = np.where(frame["sales"].isna(), "-999", texts)
    return frame.assign(day=frame["day"].dt.strftime(dates), sales=numbers)


@pytest.mark.parametrize("how", WRITTEN)
@pytest.mark.parametrize("from_frame", [False, True])
def test_what_new_data_leave_open_is_read_as_in_the_training(tmp_path, how, from_frame):
    dates, separator, decimal = WRITTEN[how]
    trained = as_texts(series(), dates, decimal)
    trained.to_csv(tmp_path / "trained.csv", index=False, sep=separator)
    with without_xla():
        run = rs.train(
            trained if from_frame else tmp_path / "trained.csv", target="sales", features="sales", window=5,
            missing_values="-999", save=tmp_path / "run", calendar=False, **TINY,
        )  # fmt: skip
    new = series(5, pd.date_range("2024-02-02", periods=11)).drop(columns="sky")  # 02/02 to 12/02
    new["sales"] = new["sales"].round() + 1000
    new.loc[4, "sales"] = np.nan
    expected, _ = from_python(run, new)
    texts = as_texts(new, dates, decimal)
    texts.to_csv(tmp_path / "new.csv", index=False, sep=separator)
    texts.to_excel(tmp_path / "new.xlsx", index=False)
    calls = [from_python(run, texts), from_python(run, texts.to_dict("list"))]
    for file in ("new.csv", "new.xlsx"):
        calls += [from_python(run, tmp_path / file), from_terminal(run, tmp_path / file)]
    for values, notes in calls:
        np.testing.assert_allclose(values, expected, rtol=1e-6)
        assert sum("as in the training" in note or "so in the training" in note for note in notes) == 2
        assert any("1 missing value" in note for note in notes)
    other, order = ("%m/%d/%Y", "month_first") if how == "German" else ("%d/%m/%Y", "day_first")
    changed = texts.assign(day=new["day"].dt.strftime(other))
    assert from_python(run, changed, date_order=order)[0] == expected
    later = changed.assign(day=(new["day"] + pd.Timedelta("20D")).dt.strftime(other))
    values, notes = from_python(run, later)  # 22 February to 3 March: the order is in the data
    assert values == expected
    assert any("those of the training" in note for note in notes)


def test_rows_of_sequences_have_the_marks_of_the_training(tmp_path):
    rng = np.random.default_rng(2)
    x, y = rng.integers(1001, 9999, (24, 12)) / 1000, np.arange(24) % 2
    x[0, :] += 0.00005
    lines = [f"c{c};" + ";".join(f"{v:.5g}".replace(".", ",") for v in row) for c, row in zip(y, x, strict=True)]
    (tmp_path / "a_TRAIN.csv").write_text("\n".join(lines) + "\n")
    with without_xla():
        run = rs.train(tmp_path / "a_TRAIN.csv", **TINY, save=tmp_path / "run")
    new = ["c0;" + ";".join(f"{v:.3f}".replace(".", ",") for v in values) for values in x[1:9]]
    (tmp_path / "new.csv").write_text("\n".join(new) + "\n")
    expected = run.predict(x[1:9, :, None], probabilities=True)
    values, notes = from_python(run, tmp_path / "new.csv")
    np.testing.assert_allclose(np.reshape(values, (8, 2)), expected, rtol=1e-5)
    assert any("so in the training" in note for note in notes)


def test_rows_of_whole_numbers_keep_their_first_step_whatever_the_frame_leaves_over(tmp_path):
    """Rows as long as the sequences of the training have no class, although 4 does not divide their 15 samples."""
    rng = np.random.default_rng(2)
    x, y = rng.integers(0, 9, (24, 15)), np.arange(24) % 2
    lines = [",".join([f"c{c}", *(f"{v}.5" for v in row)]) for c, row in zip(y, x, strict=True)]
    (tmp_path / "a_TRAIN.csv").write_text("\n".join(lines) + "\n")
    with without_xla():
        run = rs.train(tmp_path / "a_TRAIN.csv", **TINY, frame=4, save=tmp_path / "run")
    (tmp_path / "new.csv").write_text("\n".join(",".join(map(str, row)) for row in x) + "\n")
    values, _ = from_python(rs.load(run.path), tmp_path / "new.csv")
    np.testing.assert_allclose(np.reshape(values, (24, 2)), run.predict(x[..., None], probabilities=True), rtol=1e-5)


def test_marks_of_missing_values_of_the_training_are_those_of_new_arrays():
    x = np.sin(np.arange(60.0))
    x[7] = -999
    with without_xla(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = rs.train(x, missing_values="-999", window=5, **TINY, save=False)
    new = np.sin(np.arange(12.0))
    gaps = np.where(np.arange(12) == 4, np.nan, new)
    marked = np.where(np.arange(12) == 4, -999, new)
    expected, notes = from_python(run, gaps)
    for same in (marked, marked.tolist(), {"feature1": marked}, pd.DataFrame({"feature1": marked})):
        values, said = from_python(run, same)
        assert values == expected
        assert len(said) == len(notes) == 1
    assert from_python(run, [marked, marked[:9]]) == from_python(run, [gaps, gaps[:9]])


@pytest.mark.parametrize("content", list(CONTENTS))
def test_a_gap_that_is_too_long_is_refused_with_what_can_be_done_about_new_data(
    runs: dict[str, rs.Run], content: str, tmp_path: Path
) -> None:
    make, _ = CONTENTS[content]
    frame = make(seed=9).reset_index(drop=True)
    rows = slice(5, 25)
    if content == "sequences":
        frame = pd.DataFrame({"trial": "t", "x": np.arange(40.0), "class": "up"})
    frame.loc[rows, "x" if "x" in frame else "sales"] = np.nan
    frame.to_csv(tmp_path / "new.csv", index=False)
    for new in (frame, tmp_path / "new.csv"):
        with pytest.raises(DataError, match=r"Fill them, or pass the rows after them; a run .* max_gap 21 fills them"):
            runs[content].predict(new)


@pytest.mark.parametrize("scale_each", [True, False])
def test_series_that_the_training_left_out_do_not_keep_the_others_from_being_predicted(
    tmp_path: Path, scale_each: bool
) -> None:
    rng = np.random.default_rng(0)
    lengths = {"north": 60, "south": 50, "tiny": 4}
    parts = [
        pd.DataFrame({"shop": shop, "day": pd.date_range("2024-05-01", periods=n), "sales": rng.normal(size=n) + 50})
        for shop, n in lengths.items()
    ]
    pd.concat(parts).to_csv(tmp_path / "shops.csv", index=False)
    chosen = {"series": "shop", "target": "sales", "window": 6, "horizon": 2, "scale_each": scale_each}
    run = rs.train(
        tmp_path / "shops.csv", task="forecast", calendar=False, units=3, updates=1, verbose=0, save=False, **chosen
    )
    assert run.info.series == ("north", "south")
    known = pd.concat(parts[:2])
    with pytest.warns(UserWarning, match="1 series .*left out.* 'tiny'"):
        table = run.predict_table(tmp_path / "shops.csv")
    pd.testing.assert_frame_equal(table, run.predict_table(known))
    evaluation = run.evaluate(tmp_path / "shops.csv")
    assert "left out" in " ".join(evaluation.notes)
    assert evaluation.metrics == run.evaluate(known).metrics
    with pytest.warns(UserWarning, match="left out"):
        received = run.forecast_table(2, input=tmp_path / "shops.csv")
    pd.testing.assert_frame_equal(received, run.forecast_table(2, input=known))
    if scale_each:
        with pytest.raises(DataError, match="was not trained on the series 'tiny'"):
            run.predict_table(parts[0].assign(shop="tiny"))
