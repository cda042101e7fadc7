"""`rnnstudio train FILE` and `predict --input FILE` with every kind of file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.usefixtures("uncompiled")

HEAD = "@problemName Rise\n@univariate true\n@classLabel true up down\n@data\n"
ROWS = "1,2,3:up\n3,2,1:down\n2,4,6,8:up\n9,7,5,4:down\n"


@pytest.fixture
def rise(tmp_path: Path) -> Path:
    """A training file in UCR format, with its test file in the same folder."""
    (tmp_path / "Rise_TEST.ts").write_text(HEAD + ROWS)
    file = tmp_path / "Rise_TRAIN.ts"
    file.write_text(HEAD + ROWS * 4)
    return file


@pytest.fixture
def long_table(tmp_path: Path) -> Path:
    """A table with one row per step of each sequence."""
    rows = [
        f"s{i},{(1 if i % 2 else -1) * t + i % 3},p{i % 5},{'up' if i % 2 else 'down'}"
        for i in range(20)
        for t in range(3 + i % 4)
    ]
    file = tmp_path / "steps.csv"
    file.write_text("id,x,who,kind\n" + "\n".join(rows))
    return file


def read(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text))


def test_a_ucr_file_trains_without_flags_and_predicts_each_sequence_of_another(invoke, rise, tmp_path):
    run = str(tmp_path / "run")
    flags = "--units 8 --updates 20 --learning-rate 0.1 --batch-size 8 --seed 1"
    result = invoke("train", str(rise), *flags.split(), "--save", run)
    assert result.exit_code == 0, result.stderr
    report = " ".join(result.stdout.split())
    assert report.startswith("Rise_TRAIN.ts: bidirectional lstm, 8 units")
    assert "predicting the class of 20 sequences of 3 to 4 steps in Rise_TRAIN.ts; 2 classes: up, down; from " in report
    assert "Rise_TEST.ts was read together with Rise_TRAIN.ts: 16 training sequences and 4 test sequences" in report
    predictions = read(invoke("predict", run, "--input", str(tmp_path / "Rise_TEST.ts")).stdout)
    assert predictions["sequence"].tolist() == [1, 2, 3, 4]
    assert predictions["prediction"].tolist() == ["up", "down", "up", "down"]
    np.savez(tmp_path / "new.npz", x=[[2, 3, 4, np.nan], [4, 3, 2, 1]])
    result = invoke("predict", run, "--input", str(tmp_path / "new.npz"), "--probabilities")
    probabilities = read(result.stdout)
    assert list(probabilities) == ["sequence", "probability_up", "probability_down"]
    assert (probabilities["probability_up"] > 0.5).tolist() == [True, False]


def test_a_long_table_trains_with_the_names_of_its_columns(invoke, long_table, tmp_path):
    run = str(tmp_path / "run")
    flags = "--sequence id --target kind --group who --units 4 --updates 4 --batch-size 8"
    result = invoke("train", str(long_table), *flags.split(), "--save", run)
    assert result.exit_code == 0, result.stderr
    assert "20 sequences of 3 to 6 steps in steps.csv; 2 classes: down, up" in " ".join(result.stdout.split())
    predictions = read(invoke("predict", run, "--input", str(long_table)).stdout)
    assert predictions["sequence"].tolist() == [f"s{i}" for i in range(20)]
    (tmp_path / "one.csv").write_text("x\n1\n2\n3\n")
    assert len(read(invoke("predict", run, "--input", str(tmp_path / "one.csv")).stdout)) == 1


def test_the_flags_depend_on_how_a_file_is_read(invoke, rise, long_table):
    assert "--sequence" not in invoke("train", str(long_table), "--help").stdout
    for words in ([str(long_table), "--sequence", "id"], [str(long_table), "--task", "classify"], [str(rise)]):
        shown = invoke("train", *words, "--help").stdout
        assert "--group" in shown
        assert "--window" not in shown
    refused = invoke("train", str(long_table), "--group", "who")
    assert refused.exit_code == 2
    assert "--group is a setting of the data set" in refused.stderr


def test_machinery_trains_on_a_measured_file(invoke, real_data, tmp_path):
    file = real_data / "machinery" / "105_0.mat"
    flags = "--units 4 --layers 1 --dense-units 4 --updates 2 --stride 500 --evaluate-every 2 --no-save"
    result = invoke("train", "machinery", "--file", str(file), *flags.split())
    assert result.exit_code == 0, result.stderr
    report = " ".join(result.stdout.split())
    assert (
        "predicting 'X105_DE_time' of 105_0.mat from its own past; others that can be predicted: X105_FE_time" in report
    )
    assert "(--variable X105_FE_time)" in report


@pytest.mark.parametrize("ending", [".wav", ".npy", ".parquet", ".xlsx", ".mat"])
def test_a_series_in_any_file_format_trains_and_predicts(invoke, tmp_path, ending):
    from scipy.io import savemat, wavfile

    wave, file, run = np.sin(np.arange(60) / 3), tmp_path / f"wave{ending}", str(tmp_path / "run")
    match ending:
        case ".wav":
            wavfile.write(file, 8000, wave)
        case ".npy":
            np.save(file, wave)
        case ".mat":
            savemat(file, {"wave": wave})
        case ".parquet":
            pd.DataFrame({"wave": wave}).to_parquet(file)
        case _:
            pd.DataFrame({"wave": wave}).to_excel(file, index=False)
    flags = f"--window 6 --units 4 --updates 2 --batch-size 8 --save {run}"
    result = invoke("train", str(file), *flags.split())
    assert result.exit_code == 0, result.stderr
    assert f"of wave{ending}" in result.stdout
    result = invoke("predict", run, "--input", str(file))
    assert result.exit_code == 0, result.stderr
    assert read(result.stdout)["step"].tolist() == list(range(6, 61))


def test_filled_values_are_a_note(invoke, tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text("day,sales\n" + "".join(f"{i},{'' if i == 9 else i % 7}\n" for i in range(60)))
    flags = "--target sales --window 6 --units 4 --updates 2 --batch-size 8 --no-save"
    refused = invoke("train", str(file), *flags.split(), "--missing", "error")
    assert refused.exit_code == 2
    assert "sales.csv, row 11, column 'sales': a number is expected; received an empty cell" in refused.stderr
    filled = invoke("train", str(file), *flags.split())
    assert filled.exit_code == 0, filled.stderr
    assert "1 missing value of sales.csv was filled with the last value before" in " ".join(filled.stdout.split())


def test_the_differences_of_a_meter_are_kept_from_the_file_to_the_predictions(invoke, tmp_path):
    readings = 987_654_321 + np.cumsum(np.random.default_rng(0).integers(0, 7, 300))
    file, run = tmp_path / "meter.csv", str(tmp_path / "run")
    pd.DataFrame({"hour": [f"h{i}" for i in range(300)], "Wh": readings}).to_csv(file, index=False)
    flags = f"--window 8 --units 4 --updates 2 --batch-size 8 --save {run} --json"
    result = invoke("train", str(file), *flags.split())
    assert result.exit_code == 0, result.stderr
    last_value = json.loads(result.stdout)["baseline"]["last_value"]["test_rmse"]
    assert last_value == pytest.approx(np.sqrt(np.mean(np.diff(readings[239:]) ** 2)), rel=0.02)
    predictions = read(invoke("predict", run, "--input", str(file)).stdout)
    shifted = file.with_name("shifted.csv")
    pd.DataFrame({"Wh": readings + 3}).to_csv(shifted, index=False)
    assert (read(invoke("predict", run, "--input", str(shifted)).stdout) != predictions)["prediction"].all()
    assert read(invoke("forecast", run, "--steps", "5").stdout).iloc[:, -1].nunique() == 5
