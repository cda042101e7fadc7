"""The progress of a training and the report at its end."""

from __future__ import annotations

import time
from copy import copy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rnnstudio.cli.progress import Lines
from rnnstudio.cli.report import evenly_spaced, headline, metrics_table, print_run, published_table
from rnnstudio.cli.target import target_column_description, target_description
from rnnstudio.core.catalog import DATASETS
from rnnstudio.core.data_info import DataInfo
from rnnstudio.core.events import Evaluated, Started, StepsDone
from rnnstudio.core.experiment import compose
from rnnstudio.core.published import differences_from_publication
from rnnstudio.reading.text.text_table import read_table
from rnnstudio.results.data_reader import DataView
from rnnstudio.results.data_summary import summary


@pytest.fixture
def report(airline_run, capsys, monkeypatch):
    """The lines of the report of the airline run, 80 columns wide."""
    monkeypatch.setenv("COLUMNS", "80")
    print_run(airline_run, ["Something to know."])
    return capsys.readouterr().out.splitlines()


def test_metrics_are_in_one_row_with_those_of_the_baselines(airline_run, report):
    assert all(len(line) <= 80 for line in report)
    row = next(line.split() for line in report if line.startswith("Test RMSE"))
    baselines = [f"{metrics['test_rmse']:.4g}" for metrics in airline_run.baseline.values()]
    assert row[: 3 + len(baselines)] == ["Test", "RMSE", f"{airline_run.metrics['test_rmse']:.4g}", *baselines]
    assert row[3 + len(baselines) :] == ["thousand", "passengers"]
    assert any("Something to know." in line for line in report)
    assert any("not saved" in line for line in report)


def test_published_values_are_in_one_row_with_the_runs_at_the_same_update(airline_run, report):
    first = next(line.split() for line in report if line.split()[:1] == ["0"])
    loss, test_loss = airline_run.record.loss.values[0], airline_run.record.evaluations[0]["test_loss"]
    assert first == ["0", f"{loss:.4g}", "1.163", f"{test_loss:.4g}", "3.131"]
    assert ["400", "-", "0.0375", "-", "0.2427"] in [line.split() for line in report]  # after the run's 60 updates


def test_settings_that_differ_from_the_publication_are_above_its_values(report):
    heading = report.index("Compared with the publication")
    assert report[heading + 1].startswith("Settings differ: units 100 -> 8")
    assert "publication" in next(line for line in report[heading + 2 :] if "this run" in line)


@pytest.mark.parametrize(
    ("start", "settings", "differences"),
    [
        ("echo", {"window": 3, "seed": 5, "epochs": 1}, ["window 15 -> 3"]),
        ("airline", {"cell": "gru"}, ["cell lstm -> gru"]),
        ("airline", {"seed": 9, "updates": 3, "patience": 0}, []),
        ("file", {"file": "x.csv"}, []),
    ],
)
def test_seed_and_length_of_the_training_are_no_differences_from_the_publication(start, settings, differences):
    assert [str(d) for d in differences_from_publication(compose(start, settings))] == differences


def test_the_predicted_column_and_the_others_are_named(tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text("month,stock,promo,sales\nm1,1,1,5\nm2,3,0,6\nm3,2,0,7\nSource: the till,,,\n")
    account = read_table(file).account
    assert target_column_description(account, ["sales"]) == (
        "predicting 'sales' of sales.csv; others that can be predicted: stock (--target stock)"
    )
    assert target_column_description(account, ["promo"], flag="variable").startswith(
        "predicting 'promo' of sales.csv; others that can be predicted: sales, stock (--variable sales)"
    )


def test_the_columns_are_named_as_the_training_read_them(tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text("a,b\npromo,sales\n" + "".join(f"{i % 3},{i % 5}\n" for i in range(40)))
    experiment = compose("file", {"file": str(file), "target": "sales", "header": "2", "window": 2})
    data = DATASETS.get("file").load(experiment.data, 0)
    file.unlink()  # it is not read again
    described = target_description(data, experiment.data)
    others = "others that can be predicted: promo (--target promo)"
    assert described == f"predicting 'sales' of sales.csv from its own past; {others}"


@pytest.mark.parametrize(("recipe", "roles"), [("echo", "echo from bit"), ("airline", "passengers from its own past")])
def test_what_a_recipe_predicts_is_named_with_its_inputs(recipe, roles):
    experiment = compose(recipe, {})
    data = DATASETS.get(experiment.data.dataset).load(experiment.data, 0)
    assert target_description(data, experiment.data) == f"predicting {roles}"
    assert DataInfo.of(data).roles_text == roles


def test_further_features_of_masked_columns_are_named_behind_the_inputs(tmp_path):
    file = tmp_path / "sales.csv"
    file.write_text("promo,sales\n" + "".join(f"{'' if i % 9 == 4 else i % 4},{i % 5}\n" for i in range(60)))
    settings = {"file": str(file), "target": "sales", "features": "promo,sales", "missing": "mask", "window": 2}
    experiment = compose("file", settings)
    data = DATASETS.get("file").load(experiment.data, 0)
    assert len(data.features) == 4
    inputs = "promo, sales, with promo observed, promo steps since observed"
    assert target_description(data, experiment.data) == f"predicting 'sales' of sales.csv from {inputs}"
    assert DataInfo.of(data).roles_text == f"sales from {inputs}"


@pytest.mark.parametrize(("ending", "column"), [("csv", "trend"), ("xlsx", "trend"), ("arff", "cls"), ("ts", "class")])
@pytest.mark.parametrize("missing", ["past", "mask"])
def test_the_column_of_classes_of_sequences_is_named_where_the_file_names_it(tmp_path, ending, column, missing):
    file = tmp_path / f"a.{ending}"
    rows = [(f"s{i}", "up" if i % 2 else "down", [i, "?" if i % 3 == 1 else i + 1, i * 2]) for i in range(12)]
    if ending == "arff":
        names = "".join(f"@attribute a{k} numeric\n" for k in range(1, 13))
        lines = "".join(f"{x},{y}" + f",{z}" * 10 + f",{name}\n" for _, name, (x, y, z) in rows)
        file.write_text(f"@relation r\n{names}@attribute cls {{up,down}}\n@data\n{lines}")
    elif ending == "ts":
        file.write_text("@classLabel true up down\n@data\n" + "".join(f"{x},{y},{z}:{c}\n" for _, c, (x, y, z) in rows))
    else:
        steps = [{"part": part, "x": x, "trend": name} for part, name, values in rows for x in values]
        frame = pd.DataFrame(steps).replace("?", None)
        frame.to_csv(file, index=False) if ending == "csv" else frame.to_excel(file, index=False)
    columns = {"sequence": "part", "target": "trend"} if ending in ("csv", "xlsx") else {}
    experiment = compose("sequences", {"file": str(file), "missing": missing, **columns})
    data = DATASETS.get("sequences").load(experiment.data, 0)
    feature = "x" if columns else "value"
    masks = f", with {feature} observed, {feature} steps since observed" if missing == "mask" else ""
    assert DataInfo.of(data).roles_text == f"{column} from {feature}{masks}"
    assert f"Predicted: {column}. " in summary(DataView(experiment, data, None))
    described = target_description(data, experiment.data)
    assert described.startswith(f"predicting {'the class' if column == 'class' else f'{column}, the class,'} of 12 ")
    assert described.endswith(f"; from {feature}{masks}")


def test_an_input_column_is_not_among_the_other_columns(tmp_path):
    file = tmp_path / "series.csv"
    file.write_text("c,a,b\n3,1,5\n2,0,6\n4,3,2\n")
    account = read_table(file).account
    assert target_column_description(account, ["a"], ("b",)) == (
        "predicting 'a' of series.csv from b; others that can be predicted: c (--target c)"
    )
    assert target_column_description(account, ["a"], ("c", "b")) == "predicting 'a' of series.csv from c, b"


def test_published_results_are_listed_with_the_run_where_its_error_puts_it(airline_run, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    run = copy(airline_run)
    run.experiment, run.metrics = compose("etth2", {"horizon": 336}), {"test_scaled_mse": 0.39, "test_scaled_mae": 0.42}
    print_run(run, [])
    lines = capsys.readouterr().out.splitlines()
    begin = lines.index("Compared with published results on the same test set") + 2
    shown = [line.split() for line in lines[begin:] if line and not line.startswith(" ")]
    assert shown[0][:3] == ["NLinear", "0.357", "0.4"]
    assert shown[1] == ["this", "run", "0.39", "0.42"]
    assert shown[2][:3] == ["SegRNN", "0.421", "0.436"]
    run.experiment = compose("etth2", {"horizon": 24})
    print_run(run, [])
    assert "There are published results for horizon 96, 192, 336 and 720" in " ".join(capsys.readouterr().out.split())


def test_up_to_twelve_published_points_are_shown_including_the_first_and_the_last():
    assert evenly_spaced(range(12), 12) == list(range(12))
    values = evenly_spaced(range(0, 1000, 10), 12)
    assert len(values) == len(set(values)) == 12
    assert (values[0], values[-1]) == (0, 990)
    assert values == sorted(values)
    rows = [{"metric": "train_loss", "update": u, "published": 1.0, "run": float(u)} for u in range(100)]
    assert published_table(rows).row_count == 12
    assert published_table(rows[:12]).row_count == 12


def test_the_report_ends_with_the_conclusions_and_with_flags_that_may_help(fresh_airline, capsys):
    run = fresh_airline()
    run.metrics = {"test_rmse": 80.0, "best_test_loss": 0.18, "best_update": 40.0}
    run.baseline = {"seasonal_last_value": {"test_rmse": 60.0}, "last_value": {"test_rmse": 50.0}}
    run.info = replace(run.info, windows={"train": 900, "val": 0, "test": 100})
    print_run(run, [])
    text = " ".join(capsys.readouterr().out.split())
    assert "Test RMSE 80 thousand passengers is 1.6 times the error of repeating the last value (50)." in text
    assert "Best test loss: 0.18, at update 40." in text
    assert "Try --val-fraction 0.1 --restore-best-weights --patience 10: hold out 10% of the rows before" in text
    assert "Try --window 24: read two whole seasons, a year each, in each window." in text


def test_the_headline_says_what_was_trained_and_how_it_ended(airline_run):
    assert headline(airline_run).startswith("airline: lstm, 8 units, ")
    assert headline(airline_run).endswith("completed after 60 updates")
    assert metrics_table(airline_run).row_count == 4


@pytest.fixture
def followed(airline_run):
    """Progress lines of a run after a fifth of its updates: 200 of them in the last second."""
    lines = Lines()
    lines.handle(Started(2000, 100, 10, "CPU", airline_run.info))
    lines.handle(Evaluated(0, {"test_loss": 3.0}))
    lines.handle(StepsDone(0, np.full(200, 0.5, np.float32)))
    lines._first_chunk = time.monotonic() - 1.0, 200
    lines.handle(StepsDone(200, np.full(200, 0.25, np.float32)))
    return lines


def test_a_line_has_update_epoch_metrics_speed_and_time_left(followed, capsys):
    followed._last = 0.0
    followed.draw()
    line = capsys.readouterr().err
    assert line.startswith("update 400 of 2,000  epoch 5 of 20  Training loss 0.25  Test loss 3  ")
    speed = float(line.split("Test loss 3  ")[1].split()[0])
    assert 150 <= speed <= 200
    assert line.endswith(" left\n")
    minutes, seconds = line.split()[-2].split(":")
    assert 8 <= int(minutes) * 60 + int(seconds) <= 11


def test_lines_are_at_least_two_seconds_apart(followed, capsys):
    followed.draw()
    followed.draw()
    assert capsys.readouterr().err == ""  # the fixture is less than two seconds old
