"""Flags are generated from the settings, and a bad value gives one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnnstudio.cli.options import Preview, flag_names, flags_without_value, parsed, preview
from rnnstudio.core.catalog import CELLS, DATASETS, RECIPES
from rnnstudio.core.errors import UnknownNameError
from rnnstudio.core.experiment import compose, schema


@pytest.mark.parametrize("recipe", RECIPES.names())
def test_help_of_a_recipe_shows_every_setting_with_its_default_in_the_recipe(invoke, recipe):
    experiment = compose(recipe, {})
    shown = " ".join(invoke("train", recipe, "--help").stdout.split())
    for field in schema(experiment.data.dataset, experiment.model.cell).values():
        flag = f"--[no-]{flag_names(field.name)[0][2:]}" if field.kind == "flag" else flag_names(field.name)[0]
        assert f" {flag} " in shown
        assert "".join(field.description.split()) in "".join(shown.split())  # wrapped at hyphens too
    assert f"One of {', '.join(CELLS.names())}. [default: {experiment.model.cell}]" in shown
    assert f"[default: {experiment.training.learning_rate:g}]" in shown
    assert shown.index("Data:") < shown.index("Model:") < shown.index("Training:") < shown.index("Run:")


def test_an_empty_default_is_shown_as_what_is_used(invoke):
    for data in DATASETS:
        fields = [f for f in schema(data.name, "lstm").values() if f.default == "" and f.section == "data"]
        for field in fields:
            says_more = any(word in field.description.lower() for word in ("when empty", "; none where"))
            assert bool(field.when_empty) == says_more, (data.name, field.name)
    shown = " ".join(invoke("train", "file", "--help").stdout.split())
    for flag, default in [
        ("--time", "found in the file"), ("--header", "found in the file"), ("--series", "found in the file"),
        ("--missing-values", "no further ones"), ("--target", "chosen in the file"),
    ]:  # fmt: skip
        assert shown.split(f" {flag} TEXT")[1].split("[default: ")[1].startswith(f"{default}]"), flag
    assert "--time TEXT" not in invoke("train", "airline", "--help").stdout
    assert " found in the file " in " ".join(invoke("describe", "dataset", "file").stdout.split())


def test_another_cell_has_its_own_flags(invoke):
    assert "--forget-bias" in invoke("train", "airline", "--help").stdout
    assert "--forget-bias" not in invoke("train", "airline", "--cell", "gru", "--help").stdout
    assert "--activation" in invoke("train", "--cell=rnn", "airline", "--help").stdout


def test_another_data_set_has_its_own_flags(invoke):
    assert "--echo-step" not in invoke("train", "airline", "--help").stdout
    assert "--echo-step" in invoke("train", "airline", "--dataset", "echo", "--help").stdout


def test_help_works_for_choices_that_need_further_flags(invoke):
    shown = invoke("train", "echo", "--dataset", "toy", "--help")  # the toy cannot be stateful as the echo is
    assert shown.exit_code == 0
    assert "--learning-rate" in shown.stdout


def test_help_without_a_name_lists_the_recipes(invoke):
    shown = " ".join(invoke("train", "--help").stdout.split())
    for recipe in RECIPES:
        assert f"{recipe.name} {recipe.summary}" in shown


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("echo", Preview("echo")),
        ("--units 5 echo --cell gru", Preview("echo", cell="gru")),
        ("--json --no-bidirectional echo --dataset=toy", Preview("echo", dataset="toy")),
        ("--learning-rate -1 airline", Preview("airline")),
        ("--learning_rate -1 -- airline", Preview("airline")),
        ("airline beer", Preview("airline")),
        ("--units", Preview()),
    ],
)
def test_a_command_line_is_previewed_before_its_flags_are_known(line, request_):
    assert preview(line.split(), {"--json"} | flags_without_value()) == request_


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("units", "64", 64),
        ("units", "5.5", 5.5),
        ("units", "many", "many"),
        ("units", "1.000", "1.000"),
        ("learning_rate", "0,5", 0.5),
        ("learning_rate", "1e-3", 1e-3),
        ("learning_rate", "-1", -1),
        ("dense_units", "64,32", "64,32"),
    ],
)
def test_numbers_are_parsed_and_other_text_is_left_for_the_message(name, text, value):
    assert parsed(schema("airline", "lstm")[name], text) == value


# Everything is validated before TensorFlow is loaded, so these tests are fast.
BAD = {
    "--units 0": "units must be a whole number from 1 to 65536, or auto; received 0.",
    "--units 5.5": "units must be a whole number from 1 to 65536, or auto; received 5.5.",
    "--units many": "units must be a whole number from 1 to 65536, or auto; received 'many'.",
    "--learning-rate -1": "learning_rate must be a number above 0 and up to 1000, or auto; received -1.",
    "--learning_rate nan": "learning_rate must be a number above 0 and up to 1000, or auto; received 'nan'.",
    "--dense-units 64,0": "dense_units must be whole numbers from 1 to 65536; received '0'.",
    "--optimizer adm": "Did you mean adam",
    "--cell lst": "There is no cell called 'lst'. Did you mean lstm or minlstm?",
    "--dataset airlin": "There is no data set called 'airlin'. Did you mean airline?",
    "--window 200": "a window of 200 steps takes 201 samples with its targets, and the series has 144.",
    "--test-fraction 0.02": "test_fraction: the test set has 2 of the 144 samples",
    "--unit 5": "There is no flag --unit. Did you mean --units",
    "--cell gru --forget-bias 2": "--forget-bias is a setting of the cell lstm, which airline does not use here.",
    "--valid-people 2": "--valid-people is now --val-subjects, a setting of the data set har, which airline",
    "--keep best --restore-best-weights": "--restore-best-weights is given twice: --keep is its old name.",
    "--plots here --pictures there": "--plots is given twice: --pictures is its old name. Leave --pictures out.",
    "--initial-weights airline-9": "There is no run called 'airline-9'",
    "--echo_step 2": "--echo_step is a setting of the data set echo, which airline does not use here.",
    "--frame 2": "--frame is a setting of the data sets arrays, etth2, file, har, machinery and sequences, which",
    "--max-seconds 0": "--max-seconds must be a number above 0; received 0.",
    "--max-seconds nan": "Invalid value for '--max-seconds': it must be a number; received 'nan'.",
    "--save here --no-save": "--save and --no-save exclude each other.",
    "beer": "unexpected extra argument (beer)",
}


@pytest.mark.parametrize("flags", BAD)
def test_a_bad_value_gives_one_sentence_and_exit_code_2_and_writes_nothing(invoke, home, flags):
    result = invoke("train", "airline", *flags.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    error = result.stderr[result.stderr.index("Error: ") :]
    assert BAD[flags] in error
    assert error.count("\n") == 1
    assert not home.exists()


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("ehco", "There is no recipe, data set or file called 'ehco'. Did you mean echo?"),
        ("no.csv", "no.csv. Check the path."),
        ("", "Name what to train: a recipe ("),
    ],
)
def test_an_unknown_start_gives_exit_code_2(invoke, start, sentence):
    result = invoke("train", *([start] if start else []))
    assert result.exit_code == 2
    assert sentence in result.stderr


@pytest.mark.parametrize("started", ["train {file}", "train file --file {file}"])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "series.csv: a text table such as a .csv file is expected; received an image",
        ),
        (b"", "series.csv is empty"),
        (b"month,sales\n" + b"1,10\n" * 75 + b"77,ten\n" + b"1,10\n" * 9, "series.csv, row 77, column 'sales'"),
    ],
)
def test_a_file_without_a_series_gives_one_sentence(invoke, home, tmp_path: Path, started, content, sentence):
    file = tmp_path / "series.csv"
    file.write_bytes(content)
    target = ["--target", "sales"] if b"sales" in content else []
    result = invoke(*started.format(file=file).split(), *target)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert file.read_bytes() == content
    assert not home.exists()


def test_arrays_are_not_offered_on_the_command_line(invoke):
    with pytest.raises(UnknownNameError, match=r"Known: airline, .*file.*toy") as caught:
        compose("x", {})
    assert "arrays" not in str(caught.value)
    assert "arrays" not in invoke("train", "--help").stdout
