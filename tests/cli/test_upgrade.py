"""Old names of flags are accepted with one warning, and are not in the help."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from rnnstudio.cli import train
from rnnstudio.cli.main import studio
from rnnstudio.cli.options import flag_names
from rnnstudio.core.errors import DataError
from rnnstudio.core.upgrade import RENAMED

OLD_FLAGS = {
    "echo --state fresh": "--state is now --stateful.",
    "echo --state carried": "--state is now --stateful.",
    "toy --readout max": "--readout is now --pooling.",
    "airline --keep best": "--keep is now --restore-best-weights.",
    "airline --keep last": "--keep is now --restore-best-weights.",
    "toy --order once": "--order is now --sampling.",
    "airline --scale-on all": "--scale-on is now --fit-scaler-on.",
    "airline --scale_on all": "--scale-on is now --fit-scaler-on.",
    "har --rotate 10": "--rotate is now --rotation-std.",
    "airline --cell-init glorot_joint": "--cell-init is now --cell-initializer.",
    "airline --head-init normal": "--head-init is now --head-initializer.",
    "airline --head-init-std 0.5": "--head-init-std is now --head-initializer-std.",
    "airline --valid-fraction 0.1": "--valid-fraction is now --val-fraction.",
    "har --valid-people 3": "--valid-people is now --val-subjects.",
}


@pytest.mark.parametrize("line", OLD_FLAGS)
def test_an_old_flag_is_applied_with_one_warning(monkeypatch, line):
    start, flag, value = line.split()
    experiments = []

    def compose_and_stop(*args):
        experiments.append(experiment_of(*args))
        raise DataError("composed")

    experiment_of = train._experiment
    monkeypatch.setattr(train, "_experiment", compose_and_stop)
    result = CliRunner().invoke(studio, ["train", start, flag, value])
    assert result.stdout == ""
    assert result.stderr == f"Warning: {OLD_FLAGS[line]}\nError: composed\n"
    renamed = next(renamed for renamed in RENAMED if flag_names(renamed.old)[0] == flag.replace("_", "-"))
    new_value = experiments[0].flat()[renamed.new]
    assert new_value == renamed.value(value) or new_value == float(value)


@pytest.mark.parametrize("recipe", ["airline", "har", "echo"])
def test_old_flags_are_not_in_the_help(invoke, recipe):
    words = invoke("train", recipe, "--help").stdout.split()
    assert not set(words) & {"--pictures", *(flag for line in OLD_FLAGS for flag in line.split()[1:2])}


def test_a_bad_value_of_an_old_flag_names_the_new_setting(invoke):
    result = invoke("train", "airline", "--keep", "sometimes")
    assert result.exit_code == 2
    assert result.stderr == (
        "Warning: --keep is now --restore-best-weights.\n"
        "Error: restore_best_weights must be true or false, or auto; received 'sometimes'.\n"
    )


@pytest.mark.parametrize("new", ["--restore-best-weights", "--no-restore-best-weights"])
def test_an_old_and_a_new_flag_together_are_an_error_with_both_flags(invoke, new):
    result = invoke("train", "airline", "--keep", "best", new)
    assert result.exit_code == 2
    assert "--restore-best-weights is given twice: --keep is its old name. Leave --keep out." in result.stderr


def test_an_unknown_flag_does_not_suggest_an_old_one(invoke):
    assert "Did you mean --readout" not in invoke("train", "toy", "--readuot", "max").stderr
