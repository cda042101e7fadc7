"""Commands on a saved run: predict, forecast, plot, export."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from rnnstudio.api import load
from rnnstudio.cli.run_commands import plot_names

MONTHS = 30


@pytest.fixture
def saved(fresh_airline) -> str:
    run = fresh_airline()
    run.save()
    return run.name


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "months.csv"
    values = 100 + 10 * np.arange(MONTHS)
    pd.DataFrame({"month": np.arange(1, MONTHS + 1), "passengers": values, "rain": 3.5}).to_csv(file, index=False)
    return file


def read(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text))


def test_forecast_writes_the_forecast_of_the_run(invoke, saved, tmp_path):
    result = invoke("forecast", "latest", "--steps", "5")
    forecast = read(result.stdout)
    assert list(forecast.columns) == ["step", "time", "passengers"]
    assert list(forecast["time"]) == ["1961-01-01", "1961-02-01", "1961-03-01", "1961-04-01", "1961-05-01"]
    assert list(forecast["step"]) == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(forecast["passengers"], load(saved).forecast(5), rtol=1e-6)
    out = tmp_path / "out.csv"
    result = invoke("forecast", saved, "--steps", "5", "-o", str(out))
    assert result.stdout == ""
    assert result.stderr == f"Wrote {out}\n"
    pd.testing.assert_frame_equal(pd.read_csv(out), forecast)


def test_tables_are_written_with_decimal_commas(invoke, saved, table, tmp_path):
    out = tmp_path / "history.csv"
    for line in (("forecast", saved), ("predict", saved, "--input", str(table)), ("export", saved, "-o", str(out))):
        points, commas = (
            invoke(*line, "--decimal", mark).stdout if line[0] != "export" else written(invoke, out, *line, mark)
            for mark in ("point", "comma")
        )
        again = pd.read_csv(io.StringIO(commas), sep=";", decimal=",")
        pd.testing.assert_frame_equal(again, read(points))
        assert again.shape[1] > 1
    refused = invoke("forecast", saved, "--decimal", "both")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "decimal must be one of point, comma; received 'both'" in refused.stderr
    script = tmp_path / "run.R"
    assert invoke("export", saved, "-o", str(script), "--decimal", "comma").exit_code == 2
    assert not script.exists()


def written(invoke, file: Path, *line: str) -> str:
    """Return the text of the file that a command writes with a decimal mark, the last argument."""
    assert invoke(*line[:-1], "--decimal", line[-1]).exit_code == 0
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("flag", ["--steps", "--start"])
def test_thousands_marks_in_numbers_of_flags_are_refused(invoke, flag):
    for text in ("1,000", "1.000"):
        result = invoke("forecast", "latest", flag, text)
        assert result.exit_code == 2
        assert "Write it without thousands marks, such as 1000." in " ".join(result.stderr.split())


def test_forecast_from_a_step_of_the_series(invoke, saved):
    forecast = read(invoke("forecast", saved, "--steps", "3", "--start", "100").stdout)
    np.testing.assert_allclose(forecast["passengers"], load(saved).forecast(3, start=100), rtol=1e-6)
    assert list(forecast["time"]) == ["1957-05-01", "1957-06-01", "1957-07-01"]


def test_predict_reads_the_column_named_like_the_feature(invoke, saved, table):
    predictions = read(invoke("predict", saved, "--input", str(table)).stdout)
    values = pd.read_csv(table)["passengers"].to_numpy(np.float32)
    assert list(predictions.columns) == ["step", "prediction"]
    assert list(predictions["step"]) == list(range(1, MONTHS + 1))
    np.testing.assert_allclose(predictions["prediction"], load(saved).predict(values), rtol=1e-6)


def test_predict_forgives_case_and_blanks_in_names_and_says_so(invoke, saved, table):
    pd.read_csv(table).rename(columns={"passengers": " Passengers"}).to_csv(table, index=False)
    result = invoke("predict", saved, "--input", str(table))
    assert result.stderr == "Note: months.csv has no column 'passengers'; the column 'Passengers' is read.\n"
    values = pd.read_csv(table)[" Passengers"].to_numpy(np.float32)
    np.testing.assert_allclose(read(result.stdout)["prediction"], load(saved).predict(values), rtol=1e-6)


def test_predict_never_reads_a_column_of_another_name(invoke, saved, table):
    pd.read_csv(table)[["passengers", "rain"]].rename(columns={"passengers": "sales"}).to_csv(table, index=False)
    result = invoke("predict", saved, "--input", str(table))
    assert result.exit_code == 2
    assert "must have the column that the run was trained on, 'passengers'" in result.stderr
    assert "not found among its columns 'sales', 'rain'" in result.stderr


def test_predict_reads_a_file_without_names_by_position_and_says_so(invoke, saved, table):
    values = pd.read_csv(table)["passengers"]
    values.to_csv(table, index=False, header=False)
    result = invoke("predict", saved, "--input", str(table))
    assert result.stderr == ("Note: The columns of months.csv are read by their position: 'column1' as 'passengers'.\n")
    expected = load(saved).predict(values.to_numpy(np.float32))
    np.testing.assert_allclose(read(result.stdout)["prediction"], expected, rtol=1e-6)
    pd.DataFrame({"a": values, "b": values}).to_csv(table, index=False, header=False)
    assert invoke("predict", saved, "--input", str(table)).exit_code == 2  # two columns for one feature


def test_predict_says_that_all_values_are_of_another_size(invoke, saved, table):
    assert "decimal mark" not in invoke("predict", saved, "--input", str(table)).stderr
    (pd.read_csv(table) * 1000).to_csv(table, index=False)
    result = invoke("predict", saved, "--input", str(table))
    assert result.exit_code == 0
    assert "are far from those of the training set" in result.stderr


def test_probabilities_of_values_are_refused(invoke, saved, table):
    result = invoke("predict", saved, "--input", str(table), "--probabilities")
    assert result.exit_code == 2
    assert "--probabilities needs a run that predicts classes" in result.stderr


def test_export_writes_the_history(invoke, saved, tmp_path):
    out = tmp_path / "history.csv"
    assert invoke("export", saved, "-o", str(out)).exit_code == 0
    assert list(pd.read_csv(out)["update"]) == list(range(61))
    assert invoke("export", saved, "-o", str(tmp_path / "history.xyz")).exit_code == 2


def test_export_writes_all_predictions_on_the_test_set(invoke, saved, tmp_path):
    for name in ("test.csv", "test.parquet"):
        assert invoke("export", saved, "--table", "predictions", "-o", str(tmp_path / name)).exit_code == 0
    expected = load(saved).predictions()
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "test.parquet"), expected)
    assert list(pd.read_csv(tmp_path / "test.csv").columns) == list(expected.columns)
    assert invoke("export", saved, "--table", "metrics", "-o", str(tmp_path / "test.csv")).exit_code == 2


def test_export_writes_a_script_that_trains_again(invoke, saved, tmp_path):
    out = tmp_path / "again.R"
    assert invoke("export", saved, "-o", str(out)).exit_code == 0
    assert 'rnn_train("airline"' in out.read_text().replace("(\n  ", "(")


def test_plot_names_are_known_without_qt():
    from rnnstudio.gui.plots import PLOTS

    assert sorted(plot_names()) == sorted(PLOTS.names())


@pytest.mark.parametrize(("suffix", "begins"), [(".png", b"\x89PNG"), (".svg", b"<?xml")])
def test_plot_draws_a_file(invoke, saved, tmp_path, monkeypatch, suffix, begins, qapp):
    out = tmp_path / f"loss{suffix}"
    result = invoke("plot", saved, "--kind", "loss", "-o", str(out))
    assert result.exit_code == 0, result.stderr
    assert out.read_bytes().startswith(begins)


def test_the_old_kind_ahead_draws_multi_step_with_a_warning(invoke, monkeypatch, qapp):
    drawn = []
    of_one_series = SimpleNamespace(info=SimpleNamespace(drawn_names=()))
    monkeypatch.setattr("rnnstudio.results.store.load", lambda run: of_one_series)
    draw = "rnnstudio.gui.render.draw_file"
    monkeypatch.setattr(draw, lambda run, kind, path, **_: drawn.append((kind, path)) or path)
    result = invoke("plot", "latest", "--kind", "ahead")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.startswith("Warning: `ahead` is now `multi_step`.\n")
    assert drawn == [("multi_step", Path("multi_step.png"))]


def test_plot_names_the_plots_a_run_has(invoke, saved, qapp):
    result = invoke("plot", saved, "--kind", "echo", "-o", "echo.png")
    assert result.exit_code == 1
    assert "has no plot 'echo'. Choose one of: accuracy, forecast, loss." in result.stderr


def test_forecast_to_a_date_after_newer_data_as_a_workbook(invoke, saved, tmp_path):
    rows = pd.date_range("1961-01-01", periods=3, freq="MS")
    pd.DataFrame({"Month": rows, "passengers": [450.0, 430, 470]}).to_csv(tmp_path / "newer.csv", index=False)
    result = invoke(
        "forecast", saved, "--until", "1961-06", "--input", str(tmp_path / "newer.csv"), "-o", str(tmp_path / "n.xlsx")
    )
    assert result.exit_code == 0
    assert "Note: The 3 newer rows follow those of the training" in result.stderr
    table = pd.read_excel(tmp_path / "n.xlsx")
    assert table["time"].dt.strftime("%Y-%m").tolist() == ["1961-04", "1961-05", "1961-06"]
    whole = np.append(load(saved).data().inputs[0, :, 0], [450.0, 430, 470])
    np.testing.assert_allclose(table["passengers"], load(saved).forecast(3, input=whole), rtol=1e-4)
