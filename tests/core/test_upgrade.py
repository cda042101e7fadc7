"""Runs of earlier versions and old names of settings keep working."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.catalog import CELLS, DATASETS
from rnnstudio.core.errors import SettingError, StoreError
from rnnstudio.core.experiment import compose, schema
from rnnstudio.core.upgrade import FORMAT_VERSION, RENAMED, recorded, upgrade_experiment, upgrade_settings
from rnnstudio.core.upgrade_sentences import upgrade_sentence
from rnnstudio.engine.divergence import divergence_message
from rnnstudio.results import store
from tests.small_har import write_har

VERSION_4 = Path(__file__).parents[1] / "fixtures" / "runs" / "version4"
VERSION_5 = VERSION_4.parent / "version5"
VERSION_1 = Path(__file__).parents[1] / "fixtures" / "runs" / "version1"
RUNS = sorted(path.name for path in VERSION_1.iterdir() if path.is_dir() or path.suffix == ".rnnrun")

VERSION_2 = VERSION_1.parent / "version2"
RUNS_OF_VERSION_2 = sorted(path.name for path in VERSION_2.iterdir() if path.is_dir())

# Old settings: start, old name and value, new name and value.
OLD_SETTINGS = [
    ("echo", "state", "fresh", "stateful", False),
    ("echo", "state", "carried", "stateful", True),
    ("toy", "readout", "max", "pooling", "max"),
    ("airline", "keep", "best", "restore_best_weights", True),
    ("airline", "keep", "last", "restore_best_weights", False),
    ("toy", "order", "once", "sampling", "shuffle_once"),
    ("toy", "order", "random", "sampling", "random"),
    ("airline", "scale_on", "all", "fit_scaler_on", "all"),
    ("har", "rotate", 10, "rotation_std", 10.0),
    ("airline", "cell_init", "glorot_joint", "cell_initializer", "glorot_joint"),
    ("airline", "head_init", "normal", "head_initializer", "normal"),
    ("airline", "head_init_std", 0.5, "head_initializer_std", 0.5),
    ("airline", "valid_fraction", 0.1, "val_fraction", 0.1),
    ("har", "valid_people", 3, "val_subjects", 3),
]


def expected(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arrays and the metrics that the version of a fixture computed."""
    stem = "forecast" if name == "packed.rnnrun" else name
    arrays = dict(np.load(VERSION_1 / f"{stem}.expected.npz"))
    return arrays, json.loads((VERSION_1 / f"{stem}.expected.json").read_text())


def renamed_metrics(metrics: dict[str, float]) -> dict[str, float]:
    return {name.replace("valid_", "val_"): value for name, value in metrics.items()}


@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_version_1_predicts_the_same_values(name: str) -> None:
    run = rs.load(VERSION_1 / name)
    arrays, _ = expected(name)
    if "classes" in arrays:
        assert run.predict(arrays["x"]).tolist() == arrays["classes"].tolist()
        np.testing.assert_allclose(run.predict(arrays["x"], probabilities=True), arrays["probabilities"], rtol=1e-5)
    else:
        np.testing.assert_allclose(run.predict(arrays["x"]), arrays["values"], rtol=1e-5)
    if "forecast" in arrays:
        np.testing.assert_allclose(run.forecast(9), arrays["forecast"], rtol=1e-5)
    else:
        assert not run.info.autoregressive


@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_version_1_has_its_metrics_under_the_new_names(name: str) -> None:
    run = rs.load(VERSION_1 / name)
    _, values = expected(name)
    baseline = {method: renamed_metrics(metrics) for method, metrics in values["baseline"].items()}
    assert run.metrics == run.summary()["metrics"] == renamed_metrics(values["metrics"])
    assert run.baseline == run.summary()["baseline"] == baseline
    assert (run.info.task, run.record.step, run.summary()["updates"]) == (
        values["task"],
        values["updates"],
        values["updates"],
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("forecast", ["fit_scaler_on all"]),
        ("packed.rnnrun", ["fit_scaler_on all"]),
        ("regress", ["fit_scaler_on all", "val_fraction 0"]),
        ("classify_max", ["larger than the training set"]),
        ("har", ["differ from the publisher's", "cannot be in both training and test set"]),
    ],
)
def test_the_warnings_of_a_run_of_version_1_have_the_new_words(name: str, words: list[str]) -> None:
    sentences = rs.load(VERSION_1 / name).warnings
    assert len(sentences) == len(words)
    assert all(word in sentence for word, sentence in zip(words, sentences, strict=True))


def test_the_warnings_of_version_1_are_todays_sentences() -> None:
    scaling, stopping = rs.load(VERSION_1 / "regress").warnings
    assert scaling == (
        "The scaler was fitted on all data, including the test set (fit_scaler_on all), so test metrics are slightly "
        "too good."
    )
    assert (
        stopping == "Early stopping used the test set (val_fraction 0), so the best test metric is slightly too good."
    )


@pytest.mark.parametrize("keeps_best", [False, True])
@pytest.mark.parametrize("step", [0, 7])
def test_the_error_of_a_diverged_run_of_version_1_is_todays_sentence(step: int, keeps_best: bool) -> None:
    today = divergence_message(compose("airline", {"scale": "none"}), step, keeps_best=keeps_best)
    old = today.replace("Likely causes:", "Likely:").replace("the initial weights", "the first weights")
    assert upgrade_sentence(old) == upgrade_sentence(today) == today


@pytest.mark.parametrize("name", [name for name in RUNS if (VERSION_1 / name).is_dir()])
def test_a_run_of_version_1_has_its_history_and_predictions(name: str) -> None:
    run = rs.load(VERSION_1 / name)
    old = np.load(VERSION_1 / name / "history.npz")
    table = run.history()
    np.testing.assert_array_equal(table["train_loss"].dropna(), old["loss"])
    metrics = [key.removeprefix("eval/") for key in old.files if key.startswith("eval/")]
    for metric in metrics:
        at_steps = table.set_index("update").loc[old[f"eval_step/{metric}"], metric.replace("valid_", "val_")]
        np.testing.assert_array_equal(at_steps, old[f"eval/{metric}"])
    assert not [column for column in table.columns if "valid" in column]
    predictions = run.plot_table()
    assert len(predictions) > 0
    if run.info.task == "classify":
        classes = np.array(run.info.classes)
        assert predictions["truth"].tolist() == classes[old["probe/truth"]].tolist()
        assert predictions["prediction"].tolist() == classes[old["probe/predicted"]].tolist()
    elif run.info.one_series and not run.info.classes:
        one_step = predictions.set_index("step")["one_step"].dropna()
        np.testing.assert_array_equal(one_step.index, old["probe/one_step_at"])
        np.testing.assert_array_equal(one_step, old["probe/one_step"])
        splits = predictions.set_index("step")["split"]
        val_begin, test_begin = old["probe/parts"]
        assert splits[test_begin] == "test"
        assert splits[test_begin - 1] == ("val" if val_begin < test_begin else "train")


def test_a_multi_step_forecast_of_version_1_is_in_the_predictions() -> None:
    old = np.load(VERSION_1 / "forecast" / "history.npz")
    multi_step = rs.load(VERSION_1 / "packed.rnnrun").plot_table().set_index("step")["multi_step"].dropna()
    np.testing.assert_array_equal(multi_step.index, old["probe/ahead_at"])
    np.testing.assert_array_equal(multi_step, old["probe/ahead"])


def test_runs_of_version_1_are_listed_under_the_new_names(home: Path) -> None:
    folders = [name for name in RUNS if (VERSION_1 / name).is_dir()]
    for name in folders:
        shutil.copytree(VERSION_1 / name, home / "runs" / name)
    rows = store.list_runs()
    assert {row["problem"] for row in rows} == {""}
    assert sorted(row["run"] for row in rows) == folders
    for row in rows:
        _, values = expected(row["run"])
        assert row["metrics"] == renamed_metrics(values["metrics"])


@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_version_1_is_saved_in_the_current_format(name: str, tmp_path: Path) -> None:
    run = rs.load(VERSION_1 / name)
    folder = Path(run.save(tmp_path / "again"))
    again = rs.load(folder)
    for file in ("run.json", "experiment.json"):
        assert json.loads((folder / file).read_text())["schema_version"] == FORMAT_VERSION == 5
    assert (again.experiment, again.info, again.summary()) == (run.experiment, run.info, run.summary())
    assert again.history().equals(run.history())
    assert again.plot_table().equals(run.plot_table())
    arrays, _ = expected(name)
    np.testing.assert_array_equal(again.predict(arrays["x"]), run.predict(arrays["x"]))
    assert '"valid' not in "".join(file.read_text() for file in folder.glob("*.json"))


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_version_1_is_trained_further_from_its_weights(name: str, tmp_path: Path) -> None:
    run = rs.load(VERSION_1 / name)
    settings = {k: v for k, v in run.experiment.flat().items() if k not in ("dataset", "task")}
    start = run.experiment.recipe or run.experiment.data.dataset
    if settings.get("file"):
        fixture = VERSION_1 / Path(settings["file"]).name
        settings["file"] = str(fixture if fixture.is_file() else write_har(tmp_path / "har", subjects=4))
    settings |= {"updates": 1, "learning_rate": 1e-12, "patience": 0, "restore_best_weights": False}
    if start != "echo":
        settings["task"] = run.info.task
    further = rs.train(start, **settings, initial_weights=run, save=False, verbose=0)
    assert further.record.step == 1
    assert further.weights.keys() == run.weights.keys()
    for weight, values in run.weights.items():
        np.testing.assert_allclose(further.weights[weight], values, rtol=1e-5, atol=1e-9)


def test_experiments_of_version_1_have_the_new_settings() -> None:
    settings = rs.load(VERSION_1 / "classify").experiment.flat()
    assert (settings["stateful"], settings["pooling"], settings["restore_best_weights"]) == (False, "mean", True)
    assert (settings["sampling"], settings["fit_scaler_on"], settings["rotation_std"]) == ("shuffle_once", "train", 10)
    assert (settings["cell_initializer"], settings["head_initializer"]) == ("glorot_joint", "truncated_normal")
    assert (settings["head_initializer_std"], settings["val_fraction"]) == (0.5, 0.2)
    assert rs.load(VERSION_1 / "har").experiment.flat()["val_subjects"] == 1
    assert rs.load(VERSION_1 / "regress_stateful").experiment.flat()["stateful"] is True


def test_the_tests_cover_every_old_name() -> None:
    assert {old for _, old, *_ in OLD_SETTINGS} == {renamed.old for renamed in RENAMED}


def test_no_setting_has_an_old_name() -> None:
    for dataset in DATASETS.names():
        for cell in CELLS.names():
            assert not schema(dataset, cell).keys() & {renamed.old for renamed in RENAMED}


@pytest.mark.parametrize(("start", "old", "old_value", "new", "new_value"), OLD_SETTINGS)
def test_an_old_name_is_applied_with_one_warning(
    start: str, old: str, old_value: Any, new: str, new_value: Any
) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        experiment = rs.experiment(start, **{old: old_value})
    assert experiment.flat()[new] == new_value
    assert experiment == rs.experiment(start, **{new: new_value})
    [warning] = caught
    assert warning.category is FutureWarning
    assert str(warning.message) == f"`{old}` is now `{new}`."
    assert warning.filename == __file__  # the line to change is the caller's


@pytest.mark.parametrize(("start", "old", "old_value", "new", "new_value"), OLD_SETTINGS)
def test_an_old_and_a_new_name_together_are_an_error(
    start: str, old: str, old_value: Any, new: str, new_value: Any
) -> None:
    with pytest.raises(SettingError, match=rf"^{new} is given twice: {old} is its old name\. Leave {old} out\.$") as e:
        rs.experiment(start, **{old: old_value, new: new_value})
    assert e.value.field == new


@pytest.mark.parametrize(("start", "old", "new"), sorted({(start, old, new) for start, old, _, new, _ in OLD_SETTINGS}))
def test_a_bad_value_under_an_old_name_names_the_new_one(start: str, old: str, new: str) -> None:
    with pytest.warns(FutureWarning), pytest.raises(SettingError, match=rf"^{new} must be .*; received 'sometimes'"):
        rs.experiment(start, **{old: "sometimes"})


@pytest.mark.usefixtures("uncompiled")
def test_training_with_an_old_name_warns_once() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run = rs.train("toy", order="once", updates=1, verbose=0, save=False)
    assert [str(warning.message) for warning in caught] == ["`order` is now `sampling`."]
    assert run.experiment.training.sampling == "shuffle_once"
    assert run.warnings == []  # the run keeps no trace of how it was called


@pytest.mark.usefixtures("uncompiled")
def test_own_files_with_classes_and_an_old_name_warn_once() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rs.train(
            VERSION_1 / "activities.csv", sequence="id", target="activity", classes=["c", "b", "a"],
            readout="mean", updates=1, verbose=0, save=False,
        )  # fmt: skip
    assert [str(warning.message) for warning in caught] == ["`readout` is now `pooling`."]


def test_the_flat_settings_of_a_run_of_version_1_can_be_passed_with_their_fixed_values() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        experiment = rs.experiment("toy", scale="none", scale_on="train", order="random")
    assert experiment == rs.experiment("toy", sampling="random")
    assert [str(w.message) for w in caught] == ["`scale_on` is now `fit_scaler_on`.", "`order` is now `sampling`."]
    with pytest.warns(FutureWarning), pytest.raises(SettingError, match=r"^fit_scaler_on must be train"):
        rs.experiment("toy", scale_on="all")


@pytest.mark.parametrize(
    ("start", "settings", "old", "message"),
    [
        (
            "toy",
            {},
            "valid_fraction",
            r"^valid_fraction is now val_fraction, a setting of the data sets airline, .*toy",
        ),
        (
            "airline",
            {},
            "valid_people",
            "^valid_people is now val_subjects, a setting of the data set har; .* airline ",
        ),
        ("airline", {"dataset": "har"}, "valid_fraction", r"^valid_fraction is now val_fraction, .* har does not"),
    ],
)
def test_an_old_name_of_another_data_set_names_the_new_one(
    start: str, settings: dict[str, Any], old: str, message: str
) -> None:
    with pytest.raises(SettingError, match=message):
        rs.experiment(start, **settings, **{old: 0.1})


def version_1_experiment() -> dict[str, Any]:
    plain: dict[str, Any] = json.loads((VERSION_1 / "classify" / "experiment.json").read_text())
    return plain


def test_an_experiment_of_version_1_is_validated_from_json_and_from_a_dictionary() -> None:
    plain = version_1_experiment()
    experiment = rs.load(VERSION_1 / "classify").experiment
    assert rs.Experiment.from_json(json.dumps(plain)) == rs.Experiment.model_validate(plain) == experiment
    assert plain == version_1_experiment()  # unchanged by the call


def test_an_experiment_of_version_1_with_an_old_and_a_new_name_is_an_error() -> None:
    plain = version_1_experiment()
    plain["model"]["pooling"] = "last"
    with pytest.raises(SettingError, match="pooling is given twice: readout is its old name"):
        rs.Experiment.from_json(json.dumps(plain))


def test_a_run_of_version_1_with_an_old_and_a_new_name_is_damaged(home: Path) -> None:
    folder = home / "runs" / "twice"
    shutil.copytree(VERSION_1 / "classify", folder)
    plain = version_1_experiment()
    plain["model"]["pooling"] = "last"
    (folder / "experiment.json").write_text(json.dumps(plain))
    with pytest.raises(StoreError, match="damaged"):
        rs.load(folder)
    [row] = store.list_runs()
    assert (row["run"], row["outcome"], row["created"][:4].isdigit()) == ("twice", "damaged", True)
    assert "pooling is given twice" in row["problem"]


@pytest.mark.parametrize("version", [True, False, 0, 6, "2", None])
def test_an_experiment_of_an_unknown_version_is_refused(version: Any) -> None:
    with pytest.raises(SettingError, match="schema_version"):
        rs.Experiment.from_json(json.dumps({**version_1_experiment(), "schema_version": version}))


def test_an_old_kind_of_plot_is_drawn_under_its_new_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnstudio.results.run.draw", lambda run, kind, path, *_: f"{kind} in {path}")
    with pytest.warns(FutureWarning, match="^`ahead` is now `multi_step`[.]$") as caught:
        assert rs.load(VERSION_1 / "forecast").plot("ahead") == "multi_step in multi_step.png"
    assert caught[0].filename == __file__


def test_callers_without_warnings_get_the_sentences() -> None:
    experiment, sentences = recorded(rs.experiment, "airline", keep="best", order="once")
    assert experiment == rs.experiment("airline", restore_best_weights=True, sampling="shuffle_once")
    assert sentences == ["`keep` is now `restore_best_weights`.", "`order` is now `sampling`."]
    assert recorded(rs.experiment, "airline")[1] == []


def test_a_setting_that_has_a_former_name_of_another_keeps_its_own_meaning() -> None:
    assert upgrade_settings({"order": "once"}, {"order", "sampling"}) == {"order": "once"}
    assert upgrade_settings({"order": "once"}, {"units"}) == {"order": "once"}


def of_version_2(name: str) -> tuple[rs.Run, dict[str, Any], dict[str, Any]]:
    """Return a run of version 2, and the arrays and values that this version computed."""
    values = json.loads((VERSION_2 / f"{name}.expected.json").read_text())
    return rs.load(VERSION_2 / name), dict(np.load(VERSION_2 / f"{name}.expected.npz")), values


@pytest.mark.filterwarnings("ignore:.*read by their position")
@pytest.mark.parametrize("name", RUNS_OF_VERSION_2)
def test_a_run_of_version_2_keeps_its_metrics_and_predicts_the_same_values(name: str) -> None:
    run, arrays, values = of_version_2(name)
    assert (run.metrics, run.baseline, run.info.windows) == (values["metrics"], values["baseline"], values["windows"])
    assert (run.experiment.flat()["test_context"], run.info.test_context) == ("inside", "inside")
    options: dict[str, Any] = {"series": "B"} if run.info.series else {}
    kind = "probabilities" if run.info.classes else "values"
    predicted = run.predict(arrays["x"], probabilities=bool(run.info.classes), **options)
    np.testing.assert_allclose(predicted, arrays[kind], rtol=1e-5)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("name", RUNS_OF_VERSION_2)
def test_a_run_of_version_2_has_the_same_windows_and_metrics_when_it_is_trained_further(name: str) -> None:
    run, _, values = of_version_2(name)
    experiment = run.experiment
    if file := getattr(experiment.data, "file", ""):
        data = experiment.data.model_copy(update={"file": str(VERSION_2 / Path(file).name)})
        experiment = experiment.model_copy(update={"data": data})
    # A learning rate that moves no weight: the metrics are those of the saved weights.
    training = experiment.training.model_copy(update={"updates": 1, "learning_rate": 1e-12})
    further = rs.train(experiment.model_copy(update={"training": training}), initial_weights=run, save=False, verbose=0)
    assert further.info.windows == values["windows"]
    compared = [metric for metric in values["metrics"] if metric.startswith(("test_", "val_"))]
    assert compared
    for metric in compared:
        assert further.metrics[metric] == pytest.approx(values["metrics"][metric], rel=1e-5)
    for method, metrics in values["baseline"].items():  # later versions have more
        assert {name: further.baseline[method][name] for name in metrics} == metrics


@pytest.mark.parametrize("dataset", ["airline", "arrays", "echo", "file", "machinery", "another_with_windows"])
def test_experiments_of_version_2_have_windows_inside_their_set(dataset: str) -> None:
    data = {"dataset": dataset, **({"window": 5, "stride": 1} if dataset.startswith("another") else {})}
    upgraded = upgrade_experiment({"schema_version": 2, "data": data})
    assert upgraded == {"schema_version": 5, "data": {**data, "test_context": "inside"}}
    assert upgrade_experiment({"schema_version": 2, "data": {"dataset": "har"}})["data"] == {"dataset": "har"}


@pytest.mark.parametrize(
    ("data", "use_past"),
    [
        ({"target": "sales", "features": "promo"}, False),
        ({"features": "promo"}, False),
        ({"target": "sales", "features": "promo,sales"}, None),
        ({"target": "sales"}, None),
        ({"target": "sales", "features": "promo", "use_past": True}, True),
    ],
)
def test_experiments_of_version_3_read_the_inputs_that_they_name(data: dict[str, Any], use_past: bool | None) -> None:
    for dataset in ("file", "arrays"):
        plain = {"schema_version": 3, "data": {"dataset": dataset, **data}}
        assert upgrade_experiment(plain)["data"].get("use_past") is use_past
    assert upgrade_experiment({"schema_version": 4, "data": {"dataset": "file", **data}})["data"].get("use_past") in (
        True,
        None,
    )


@pytest.mark.parametrize("name", ["features", "no_target", "both"])
def test_a_run_of_version_3_has_its_inputs_and_predictions(name: str) -> None:
    folder = VERSION_1.parent / "version3"
    values = json.loads((folder / f"{name}.expected.json").read_text())
    run = rs.load(folder / name)
    data = run.experiment.data.model_copy(update={"file": str(folder / "promo.csv")})
    run.experiment = run.experiment.model_copy(update={"data": data})
    assert run.metrics == values["metrics"]
    assert run.data().features == tuple(values["features"]) == run.info.features
    np.testing.assert_allclose(run.predictions()["prediction"], values["predictions"], rtol=1e-5)
    assert len(run.forecast(2)) == 2


def test_the_script_of_a_run_of_version_2_states_where_its_windows_lie(tmp_path: Path) -> None:
    run = rs.load(VERSION_2 / "forecast")
    assert 'test_context="inside"' in Path(run.export(tmp_path / "again.py")).read_text()
    assert 'test_context = "inside"' in Path(run.export(tmp_path / "again.R")).read_text()
    of_a_recipe = rs.load(VERSION_2 / "regress")  # the recipe has its windows inside, as the publication
    assert "test_context" not in Path(of_a_recipe.export(tmp_path / "recipe.py")).read_text()


@pytest.mark.usefixtures("uncompiled")
def test_a_run_of_version_4_keeps_its_forecast_bands_backtest_and_refit(tmp_path: Path) -> None:
    folder = shutil.copytree(VERSION_4 / "bands", tmp_path / "bands")
    values = json.loads((VERSION_4 / "bands.expected.json").read_text())
    plan = pd.DataFrame({"promo": [0, 1, 0, 0]})
    for _ in range(2):  # as it was saved, and saved again
        run = rs.load(folder)
        assert (run.metrics, run.outcome) == (values["metrics"], values["outcome"])
        table = run.forecast_table(4, known=plan)
        for column, numbers in values["forecast"].items():
            np.testing.assert_allclose(table[column], numbers, rtol=1e-5)
        assert len(run.last_backtest.table) == values["backtest_rows"]
        assert (run.refitted.updates, list(run.experiment.training.levels)) == (values["refit_updates"], [80])
        run.save(folder)
        assert json.loads((folder / "run.json").read_text())["schema_version"] == FORMAT_VERSION


def test_a_run_of_version_5_has_its_name_its_note_and_the_state_of_its_training(tmp_path: Path) -> None:
    folder = shutil.copytree(VERSION_5 / "noted", tmp_path / "noted")
    values = json.loads((VERSION_5 / "noted.expected.json").read_text())
    for _ in range(2):  # as it was saved, and saved again
        run = rs.load(folder)
        assert (run.metrics, run.outcome, list(run.kept_updates)) == (
            values["metrics"],
            values["outcome"],
            values["kept_updates"],
        )
        assert run.record.loss.values.tolist() == values["loss"]
        assert (run.given_name, run.note.splitlines()[0]) == ("Six updates", "Saved with a name and a note,")
        run.save(folder)
    resumed = rs.resume(folder, updates=2, verbose=0)
    np.testing.assert_allclose(resumed.record.loss.values[:6], values["loss"])
    assert (resumed.record.step, resumed.given_name) == (8, "Six updates")


def test_runs_of_all_versions_have_names_and_notes_without_a_change(home: Path) -> None:
    for version in (VERSION_1, VERSION_2, VERSION_4.parent / "version3", VERSION_4, VERSION_5):
        name = next(path.name for path in sorted(version.iterdir()) if (path / "run.json").exists())
        folder = home / "runs" / f"{name}-{version.name}"
        shutil.copytree(version / name, folder)
        before = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "notes.json"}
        rs.rename(folder.name, f"of {version.name}")
        rs.note(f"of {version.name}", "old")
        rows = {row["name"]: row for row in rs.runs()}
        assert (rows[f"of {version.name}"]["note"], rows[f"of {version.name}"]["problem"]) == ("old", "")
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "notes.json"} == before
