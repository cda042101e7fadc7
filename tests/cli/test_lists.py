"""`rnnstudio list` and `rnnstudio describe`, without loading unneeded packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from rnnstudio import __version__, api
from rnnstudio.cli.output import print_table
from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES


@pytest.mark.parametrize("what", ["recipes", "datasets", "cells", "optimizers"])
def test_a_list_names_everything(invoke, what):
    rows = getattr(api, what)()
    result = invoke("list", what)
    assert result.exit_code == 0
    names = [line.split()[0] for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert names[1:] == [row["name"] for row in rows]
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    assert json.loads(invoke("list", what, "--json").stdout) == json.loads(json.dumps(rows))


def test_recipes_are_listed_with_task_data_set_published_metric_and_publication(run):
    code, out, _ = run("list", "recipes")
    assert code == 0
    lines = {line.split()[0]: " ".join(line.split()) for line in out.splitlines()}
    assert lines["airline"].startswith("airline regress airline test loss 0.2425 after 100 updates N. Shukla")
    assert lines["har"].startswith("har classify har test accuracy 70.68 % after 4,500 updates A. Taspinar")
    assert lines["har_lstm"] == "har_lstm classify har as har"
    assert lines["etth2"].startswith("etth2 forecast etth2 test scaled mse 0.278 of SegRNN H. Zhou et al., Informer")
    assert lines["mnist_rows"].startswith('mnist_rows classify mnist_rows no metric "R Deep Learning Cookbook"')


def test_each_model_of_a_publication_names_all_of_them(invoke):
    for name in ("har", "har_gru"):
        shown = " ".join(invoke("describe", "recipe", name).stdout.split())
        assert (
            "Models of this publication, each a recipe: har, har_lstm, har_gru, har_bidirectional_lstm, "
            "har_two_layer_lstm, har_multi_layer_lstm"
        ) in shown
    assert "Models of this publication" not in invoke("describe", "recipe", "echo").stdout


def test_no_runs_is_a_sentence_and_an_empty_list(invoke):
    assert "No runs are saved yet" in invoke("list", "runs").stdout
    assert json.loads(invoke("list", "runs", "--json").stdout) == []


def test_runs_are_listed_newest_first_and_json_has_no_nan(invoke, fresh_airline):
    for outcome in (1.5, float("nan")):
        run = fresh_airline()
        run.metrics["test_rmse"] = outcome
        run.save()
    lines = invoke("list", "runs").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["run", "airline-2", "airline-1"]
    assert "Test RMSE 1.5" in lines[2]
    listed = json.loads(invoke("list", "runs", "--json").stdout, parse_constant=pytest.fail)
    assert [row["metrics"]["test_rmse"] for row in listed] == [None, 1.5]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("recipe", r.name) for r in RECIPES]
    + [("dataset", d.name) for d in DATASETS]
    + [("cell", c.name) for c in CELLS]
    + [("optimizer", "adam")],
)
def test_describe_shows_all_settings(invoke, kind, name):
    description = api.describe(kind, name)
    result = invoke("describe", kind, name)
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    assert (description.get("summary") or description["description"]) in shown
    assert all(f" {row['name']} " in shown for row in description["settings"])
    if kind == "recipe":
        assert f"Task: {description['task']}. Data set: {description['dataset']}. Cell: {description['cell']}." in shown
        assert all(f" at {row['update']:,}" in shown for row in description["published"])
        assert all(
            f"of {row['model']} ({row['note']}), horizon {row['settings']['horizon']}: {row['value']}. {row['source']}."
            in shown
            for row in description["published_results"]
        )
    assert json.loads(invoke("describe", kind, name, "--json").stdout) == json.loads(json.dumps(description))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("list recipe", "Did you mean recipes?"),
        ("describe cells lstm", "Did you mean cell?"),
        ("describe cell lst", "Did you mean lstm or minlstm?"),
        ("describe optimizer adm", "Did you mean adam"),
        ("trian", "Did you mean"),
        ("plot latest --kind los", "Did you mean loss?"),
        ("forecast airlin-1", "There is no run called 'airlin-1'"),
    ],
)
def test_an_unknown_name_gives_exit_code_2_and_similar_names(invoke, line, sentence):
    result = invoke(*line.split())
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_version(invoke):
    assert invoke("--version").stdout == f"rnnstudio {__version__}\n"


_LOADED = """
import sys
from rnnstudio.cli.main import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
print("loaded:", *{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.parametrize(
    ("line", "heavy"),
    [
        ("list recipes", "tensorflow keras PySide6 pyqtgraph pandas"),
        ("list runs", "tensorflow keras PySide6 pyqtgraph pandas"),
        ("describe cell lstm", "tensorflow keras PySide6 pyqtgraph pandas"),
        ("train airline --help", "tensorflow keras PySide6 pyqtgraph pandas"),
        ("plot --help", "tensorflow keras PySide6 pyqtgraph pandas numpy"),
        ("--help", "tensorflow keras PySide6 pyqtgraph pandas numpy pydantic rich"),
    ],
)
def test_unneeded_packages_are_not_loaded(line, heavy):
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *line.split()], capture_output=True, text=True, check=True, env=os.environ
    )
    loaded = set(done.stdout.splitlines()[-1].split()[1:])
    assert "click" in loaded
    assert not loaded & set(heavy.split())


def test_a_long_table_is_printed_as_a_short_one_and_at_once(capsys):
    columns, rows = ["run", "time"], [(f"airline-{number}", f"{number}.0 s") for number in range(400)]
    print_table(columns, rows, right=["time"])
    short = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    print_table(columns, rows * 2, right=["time"])
    long = capsys.readouterr().out.splitlines()
    assert long == [short[0], *short[1:], *short[1:]]
    print_table(columns, [*rows * 2, ("\x1b[31mred", "1.0 s")], right=["time"])
    assert "\x1b" not in capsys.readouterr().out
