"""The public functions that window, command line, Python and R use."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import DataError, RnnStudioError, SettingError, UnknownNameError
from rnnstudio.results.run import Run

pytestmark = pytest.mark.usefixtures("uncompiled")

QUICK: dict[str, Any] = {"units": 3, "updates": 3, "verbose": 0}
IN_MEMORY: dict[str, Any] = {"save": False, "verbose": 0}
RNG = np.random.default_rng(3)
X, Y = RNG.normal(size=(12, 4, 2)), ["up", "down"] * 6


@pytest.fixture(scope="module")
def classifier() -> Run:
    return rs.train(X, Y, task="classify", batch_size=4, save=False, **QUICK)


def fresh(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_batch_larger_than_the_training_set_uses_all_of_it_with_a_warning() -> None:
    run = rs.train(X, Y, task="classify", batch_size=100, save=False, **QUICK)
    assert run.outcome == "completed"
    assert run.warnings == ["batch_size 100 is larger than the training set; each update uses all 10 training windows."]


def test_a_bidirectional_network_may_predict_values_after_its_window() -> None:
    assert rs.train("airline", task="forecast", bidirectional=True, save=False, **QUICK).outcome == "completed"


@pytest.mark.parametrize("cell_initializer", ["keras", "glorot_joint", "uniform_0_1"])
def test_peepholes_have_initial_weights_of_their_own(cell_initializer: str) -> None:
    run = rs.train("toy", peephole=True, cell_initializer=cell_initializer, save=False, units=3, updates=1, verbose=0)
    assert run.weights["lstm1/peepholes"].shape == (3, 3)
    assert len(np.unique(run.weights["lstm1/peepholes"])) == 9


def test_a_saved_run_finds_its_file_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wave.csv").write_text("\n".join(str(round(float(v), 3)) for v in np.sin(np.arange(80))))
    monkeypatch.chdir(tmp_path)
    saved = rs.train("wave.csv", window=5, save=tmp_path / "run", **QUICK).path
    monkeypatch.chdir("/")
    assert len(rs.load(saved).forecast(2, start=50)) == 2


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder; a file, a recipe or a data set is expected"):
        rs.train(tmp_path, verbose=0)


def test_importing_loads_neither_qt_nor_tensorflow_nor_pandas() -> None:
    heavy = "[m for m in ('tensorflow', 'keras', 'PySide6', 'pyqtgraph', 'pandas', 'matplotlib') if m in sys.modules]"
    assert fresh(f"import sys, rnnstudio; rnnstudio.__version__; print({heavy})") == "[]"
    names = "rnnstudio.recipes(), rnnstudio.cells(), rnnstudio.experiment('airline'), rnnstudio.runs(), rnnstudio.Run"
    assert fresh(f"import sys, rnnstudio; {names}; print({heavy})") == "[]"


def test_the_window_is_painted_before_tensorflow_is_loaded() -> None:
    assert fresh("import sys, rnnstudio.gui.main_window; print('tensorflow' in sys.modules)") == "False"


def test_every_public_name_exists_and_names_the_package() -> None:
    for name in rs.__all__:
        assert getattr(rs, name) is not None
    for public in (rs.Run, rs.Experiment, rs.RnnStudioError, rs.SettingError, rs.DataError, rs.StoreError):
        assert public.__module__ == "rnnstudio"
    assert set(rs.__all__) <= set(dir(rs))
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        _ = rs.trian


def test_a_recipe_trains_calls_back_and_is_saved(home: Path) -> None:
    calls: list[tuple[float, dict[str, float]]] = []
    run = rs.train("toy", callback=lambda updates, metrics: calls.append((updates, metrics)), verbose=0, updates=5)
    assert calls[-1][0] == 5.0
    assert isinstance(calls[-1][0], float)
    assert "train_loss" in calls[-1][1]
    assert run.outcome == "completed"
    assert Path(run.path) == home / "runs" / "toy-1"
    assert [r["run"] for r in rs.runs()] == ["toy-1"]


def test_a_callback_that_returns_false_stops_the_training() -> None:
    run = rs.train("toy", callback=lambda updates, metrics: False, verbose=0, save=False)
    assert run.outcome == "stopped"
    assert 0 < run.record.step < 1000


def test_max_seconds_stops_the_training() -> None:
    assert rs.train("toy", max_seconds=1e-9, verbose=0, save=False).outcome == "stopped"


def test_a_run_that_cannot_be_saved_is_returned_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    run = rs.train("toy", verbose=0, updates=2, save=tmp_path / "file" / "below")
    assert run.path == ""
    assert any("could not be saved" in w for w in run.warnings)
    assert len(run.history()) == 3


def test_verbose_0_prints_nothing_and_1_prints_lines(capsys: pytest.CaptureFixture[str]) -> None:
    rs.train("toy", verbose=0, updates=2, save=False)
    assert capsys.readouterr().out == ""
    rs.train("toy", verbose=1, updates=2, save=False)
    assert "update 2 of 2" in capsys.readouterr().out


def test_a_file_is_trained_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "beer.csv"
    pd.DataFrame({"month": [f"m{i}" for i in range(60)], "sales": np.sin(np.arange(60.0))}).to_csv(file, index=False)
    run = rs.train(str(file), target="sales", window=6, horizon=2, save=False, batch_size=8, **QUICK)
    assert run.info.target_names == ("sales",)
    assert run.forecast(5).shape == (5,)
    with pytest.raises(DataError, match="There is no file"):
        rs.train(str(tmp_path / "wine.csv"), verbose=0)


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "words"),
    [
        (("airlin",), {}, UnknownNameError, "Did you mean airline"),
        (("airline",), {"unit": 3}, UnknownNameError, "Did you mean units"),
        (("airline",), {"units": 2.5}, SettingError, "units must be a whole number"),
        (("airline", [1, 2]), {}, DataError, "y can be passed with your own arrays"),
        ((X, Y), {}, SettingError, "task must be one of"),
        ((X,), {"task": "classify"}, DataError, "y is needed"),
        (("airline",), {"classes": ["a", "b"]}, SettingError, "classes can be set for your own arrays"),
        (
            ("airline",),
            {"bidirectional": True},
            SettingError,
            "bidirectional true would let the network read its target",
        ),
        (("echo",), {"window": 60_000}, SettingError, "window must fit into the series"),
        (("echo",), {"echo_step": 50_000}, SettingError, "echo_step must be below series_length"),
        (("echo",), {"batch_size": 5000}, SettingError, "Choose a smaller batch_size"),
        (("airline",), {"test_fraction": 0.01}, SettingError, "test_fraction"),
    ],
)
def test_mistakes_are_explained_in_one_sentence(
    arguments: Any, settings: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        rs.train(*arguments, verbose=0, save=False, **settings)
    assert isinstance(caught.value, RnnStudioError)
    assert len(str(caught.value)) < 900


def test_an_experiment_takes_no_further_settings() -> None:
    experiment = rs.experiment("toy", updates=2)
    assert rs.train(experiment, verbose=0, save=False).record.step == 2
    with pytest.raises(SettingError, match="An experiment contains all settings"):
        rs.train(experiment, units=3)


def test_classes_are_predicted_by_name(classifier: Run) -> None:
    predicted = classifier.predict(X)
    assert predicted.shape == (12,)
    assert set(predicted) <= {"up", "down"}
    probabilities = classifier.predict(X, probabilities=True)
    assert probabilities.shape == (12, 2)
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-6)
    assert (np.array(classifier.info.classes)[probabilities.argmax(1)] == predicted).all()
    assert str(classifier.predict(X[0])) == predicted[0]
    np.testing.assert_array_equal(classifier.predict(np.asfortranarray(X)), predicted)
    np.testing.assert_array_equal(classifier.predict(X.tolist()), predicted)


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (np.ones((3, 4, 3)), r"2 columns, in the order of the training .*received 3 columns, shape \(3, 4, 3\)"),
        (np.ones(5), r"received the shape \(5,\)"),
        (np.ones((0, 4, 2)), r"received the shape \(0, 4, 2\)"),
        (np.ones((2, 0, 2)), r"received the shape \(2, 0, 2\)"),
        (np.full((1, 4, 2), np.nan), r"first at index \[0, 0, 0\]"),
        ("text", "There is no file text"),
    ],
)
def test_predict_refuses_other_shapes(classifier: Run, x: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        classifier.predict(x)


def test_predict_finds_features_by_name_and_sequences_by_their_column() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "who": np.repeat([7, 3, 5, 9], 6),
            "a": rng.normal(size=24),
            "b": rng.normal(size=24),
            "kind": ["u"] * 12 + ["v"] * 12,
        }
    )
    run = rs.train(frame, sequence="who", target="kind", units=3, updates=3, verbose=0, save=False)
    expected = run.predict(frame, probabilities=True)
    assert expected.shape == (4, 2)
    reordered = frame[["kind", "b", "who", "a"]]
    np.testing.assert_array_equal(run.predict(reordered, probabilities=True), expected)
    np.testing.assert_array_equal(run.predict(reordered.to_dict("list"), probabilities=True), expected)
    single = frame[frame["who"] == 3]
    np.testing.assert_array_equal(run.predict(single, probabilities=True), expected[1:2])
    with pytest.warns(UserWarning, match="are read by their position: 'a', 'b'"):
        np.testing.assert_array_equal(run.predict(single[["a", "b"]].to_numpy(), probabilities=True), expected[1])
    with pytest.warns(UserWarning, match="x has no column 'who'; its rows are read as one sequence"):
        np.testing.assert_array_equal(run.predict(single[["a", "b"]], probabilities=True), expected[1])
    ragged = run.predict(frame.iloc[:-2], probabilities=True)
    np.testing.assert_allclose(ragged[:3], expected[:3], rtol=1e-5)
    mistakes = {
        "'b' was not found": frame[["a", "who"]],
        "received an empty cell": frame.assign(who=[None, *frame["who"][1:]]),
        "a occurs twice": frame[["who", "a", "b", "a"]],
    }
    for words, x in mistakes.items():
        with pytest.raises(DataError, match=words):
            run.predict(x)


def test_predict_takes_frames_and_dicts(airline_run: Run) -> None:
    values = [112.0, 118, 132, 129, 121, 135]
    expected = airline_run.predict(values)
    assert expected.shape == (6,)
    for form in (pd.DataFrame({"passengers": values}), {"passengers": values}, np.array(values)[:, None]):
        np.testing.assert_array_equal(airline_run.predict(form), expected)
    # Not to the last bit: the product of two rows may be summed in another order than that of one.
    with pytest.warns(UserWarning, match="is read as 2 sequences of 6 steps"):
        np.testing.assert_allclose(airline_run.predict([values, values]), [expected, expected], rtol=1e-5)


@pytest.mark.parametrize("steps", [0, -1, 2.5, True, float("nan"), float("inf"), -(2**31), "five"], ids=repr)
def test_forecast_refuses_steps_that_are_not_whole_numbers(airline_run: Run, steps: Any) -> None:
    with pytest.raises(SettingError, match="steps must be a whole number"):
        airline_run.forecast(steps)


def test_forecast_takes_whole_floats_and_a_start(airline_run: Run) -> None:
    assert airline_run.forecast(3.0).shape == (3,)
    np.testing.assert_array_equal(airline_run.forecast(3, start=144.0), airline_run.forecast(3))
    with pytest.raises(SettingError, match="start must be a whole number from 5 to 144"):
        airline_run.forecast(3, start=2)


def test_a_run_of_arrays_does_not_save_them(classifier: Run, tmp_path: Path) -> None:
    loaded = rs.load(classifier.save(tmp_path / "run"))
    np.testing.assert_array_equal(loaded.predict(X), classifier.predict(X))
    with pytest.raises(DataError, match="not stored"):
        loaded.data()


def test_summaries_are_plain_values_without_nan(airline_run: Run) -> None:
    import json

    summary = airline_run.summary()
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert isinstance(summary["updates"], float)
    assert summary["target"] == summary["inputs"] == ["passengers"]


def test_a_mistyped_attribute_is_refused(classifier: Run) -> None:
    with pytest.raises(AttributeError):
        classifier.metrix = 3  # type: ignore[attr-defined]


def test_network_after_network_in_one_process_logs_no_warning() -> None:
    from rnnstudio.core.experiment import compose
    from rnnstudio.engine.network import Network
    from rnnstudio.engine.predict import Predictor
    from rnnstudio.engine.runtime import tf
    from rnnstudio.engine.shape import Shape

    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    tf.get_logger().addHandler(handler)
    for seed in range(7):  # TensorFlow warns from the fifth on
        network = Network(compose("toy", {"units": 1, "cell": "rnn"}).model, Shape(1, 1, return_sequences=True), seed)
        Predictor(network).outputs(np.zeros((1, 2, 1), np.float32))
    tf.get_logger().removeHandler(handler)
    assert records == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("max_seconds", value) for value in (0, -1, float("nan"), "5", True)),
        ("callback", "print"),
        *(("save", value) for value in (None, 1, "", ["a"])),
    ],
)
def test_invalid_arguments_of_train_are_refused_first(name: str, value: Any) -> None:
    with pytest.raises(SettingError, match=f"^{name} must be .*; received ") as caught:
        rs.train("toy", **{name: value})
    assert caught.value.field == name


def test_a_run_is_loaded_by_name_or_path_only() -> None:
    nothing: Any = None
    with pytest.raises(SettingError, match=r"^run must be a run's name, its folder or 'latest'; received None"):
        rs.load(nothing)


def test_training_starts_from_the_weights_of_a_run_of_its_name_or_of_its_path(tmp_path: Path) -> None:
    first = rs.train("toy", updates=30, learning_rate=0.1, save=tmp_path / "first", verbose=0)
    by_run, by_path = (
        rs.train("toy", updates=1, initial_weights=run, save=False, verbose=0) for run in (first, first.path)
    )
    first.save()
    by_name = rs.train("toy", updates=1, initial_weights=first.name, save=False, verbose=0)
    assert by_run.metrics == by_path.metrics == by_name.metrics
    assert by_run.record.loss.values[0] < first.record.loss.values[0]
    assert "started from the weights of first," in by_path.warnings[-1]


@pytest.mark.parametrize(
    ("weights", "error", "words"),
    [
        (3, SettingError, r"^initial_weights must be a run, its name or its path; received 3\.$"),
        ("toy-9", UnknownNameError, "There is no run called 'toy-9'"),
        ("units", SettingError, "^initial_weights "),
        ("cell", SettingError, "^initial_weights "),
    ],
)
def test_initial_weights_of_another_network_are_refused(weights: Any, error: type[Exception], words: str) -> None:
    if weights in ("units", "cell"):
        weights = rs.train(
            "toy", **{"units": 4, "updates": 1, weights: {"units": 5, "cell": "gru"}[weights]}, **IN_MEMORY
        )
    with pytest.raises(error, match=words) as caught:
        rs.train("toy", units=4, updates=1, initial_weights=weights, **IN_MEMORY)
    assert len(str(caught.value)) < 900


def test_a_data_frame_is_read_at_predict_as_it_was_in_training():
    days = pd.date_range("2024-01-01", periods=60, freq="D")
    frame = pd.DataFrame({"day": days.strftime("%d.%m.%Y"), "sales": [f"{i % 7},5" for i in range(60)]})
    run = rs.train(frame, target="sales", window=6, units=4, updates=2, calendar=False, verbose=0, save=False)
    expected = run.predict(np.arange(60.0) % 7 + 0.5)
    with pytest.warns(UserWarning, match="sorted by column day"):
        predicted = run.predict(frame.sample(frac=1, random_state=0))
    np.testing.assert_array_equal(predicted, expected)


def test_an_array_has_no_times_for_a_run_that_reads_the_calendar() -> None:
    days = pd.date_range("2024-01-01", periods=60, freq="D")
    sales = pd.Series(np.arange(60.0) % 7, days, name="sales")
    run = rs.train(sales, window=6, units=4, updates=2, calendar=True, verbose=0, save=False)
    assert len(run.predict(sales)) == 55
    with pytest.raises(DataError, match=r"column of dates or times.*received the shape \(60,\)"):
        run.predict(sales.to_numpy())


def test_a_column_is_read_at_predict_by_its_name_and_its_times() -> None:
    days = pd.date_range("2024-01-01", periods=60, freq="D")
    sales = pd.Series(np.arange(60.0) % 7, days, name="sales")
    run = rs.train(sales, window=6, units=4, updates=2, calendar=False, verbose=0, save=False)
    expected = run.predict(sales.to_frame())
    np.testing.assert_array_equal(run.predict(sales), expected)
    with pytest.warns(UserWarning, match="newest first"):
        np.testing.assert_array_equal(run.predict(sales[::-1]), expected)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert run.predict(sales.drop(days[10])).shape == expected.shape
    assert "filled with the last value before" in str(said[-1].message)
    np.testing.assert_array_equal(run.predict(sales.reset_index(drop=True)), expected)
    with pytest.raises(DataError, match=r"'sales' was not found among its columns 'temp'"):
        run.predict(sales.reset_index(drop=True).rename("temp"))


@pytest.mark.parametrize("index", [False, True])
def test_several_series_are_refused_at_predict_by_a_run_of_one(index: bool) -> None:
    days = pd.date_range("2024-01-01", periods=60, freq="D")
    one = pd.DataFrame({"day": days, "sales": np.arange(60.0) % 7})
    run = rs.train(one, target="sales", window=6, units=4, updates=2, verbose=0, save=False)
    shops = pd.concat([one.assign(shop=shop) for shop in "AB"])
    with pytest.raises(DataError, match="x holds several series, one for each value of shop"):
        run.predict(shops.set_index(["shop", "day"]) if index else shops)
