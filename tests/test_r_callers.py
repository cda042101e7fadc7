"""Values that R sends, and values that R can use."""

from __future__ import annotations

import datetime
import inspect
import json
import re
import threading
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.errors import RnnStudioError, SettingError

pytestmark = pytest.mark.usefixtures("uncompiled")

NA_INTEGER = -(2**31)
SERIES = np.sin(np.arange(80.0)) + np.arange(80) / 50
TINY: dict[str, Any] = {"window": 5, "units": 2, "updates": 3, "verbose": 0, "save": False}


def tiny(x: Any = SERIES, **settings: Any) -> rs.Run:
    return rs.train(x, **{**TINY, **settings})


def test_only_whole_floats_are_accepted_as_integers() -> None:
    assert rs.experiment("echo", units=64.0, seed=3.0).model.units == 64
    for bad in (2.5, True, NA_INTEGER, float("nan"), "NA"):
        with pytest.raises(SettingError, match="units must be a whole number"):
            rs.experiment("echo", units=bad)


@pytest.mark.parametrize("scalar", [64.0, 64, [64.0], np.array([64.0])], ids=repr)
def test_a_scalar_is_accepted_as_a_list(scalar: Any) -> None:
    assert rs.experiment("echo", dense_units=scalar).model.dense_units == [64]
    assert rs.experiment("echo", dense_units=[64.0, 32.0]).model.dense_units == [64, 32]


def test_missing_numbers_are_refused_by_name() -> None:
    for name in ("learning_rate", "dropout", "epochs", "batch_size"):
        for bad in (float("nan"), True, NA_INTEGER):
            with pytest.raises(SettingError, match=f"^{name} must be"):
                rs.experiment("echo", **{name: bad})
    for bad in (float("nan"), True, NA_INTEGER):
        with pytest.raises(SettingError, match=r"^max_seconds must be"):
            tiny(max_seconds=bad)


def test_read_only_arrays_in_fortran_order_are_accepted_and_unchanged() -> None:
    x = np.asfortranarray(np.random.default_rng(0).normal(size=(12, 6, 2)))
    x.flags.writeable = False
    before = x.copy()
    y = [0.0, 1.0] * 6
    run = rs.train(x, y, task="classify", units=2, updates=2, verbose=0, save=False)
    same = rs.train(np.array(x, order="C"), [0, 1] * 6, task="classify", units=2, updates=2, verbose=0, save=False)
    assert run.metrics == same.metrics
    assert run.predict(x).shape == (12,)
    np.testing.assert_array_equal(x, before)


def test_frames_and_dicts_of_lists_are_the_same_table() -> None:
    frame = pd.DataFrame({"a": SERIES, "b": SERIES**2})
    one, other = (tiny(x, task="regress", features="a", target="b") for x in (frame, frame.to_dict("list")))
    assert one.metrics == other.metrics
    assert one.info.features == other.info.features == ("a",)
    single = {"a": 1.5}  # R sends a data frame of one row as scalars
    assert np.shape(one.predict(single)) == np.shape(one.predict(pd.DataFrame({"a": [1.5]})))


def test_levels_keep_their_order_and_columns_of_dates_are_allowed() -> None:
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=i) for i in range(40)]
    states = ["low", "high"] * 20
    times: dict[str, Any] = {"Date": days, "POSIXct": pd.to_datetime(days), "text": [str(d) for d in days]}
    for when in times.values():
        table = {"day": when, "value": list(SERIES[:40]), "state": states}
        run = tiny(table, task="label", target="state", features="value", classes=["low", "high"])
        assert run.info.classes == ("low", "high")


def test_paths_are_expanded_and_returned_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    run = tiny(save="~/run")
    assert type(run.path) is str
    assert Path(run.path) == tmp_path / "run"
    assert type(run.export("~/history.csv")) is str
    assert (tmp_path / "history.csv").exists()
    assert rs.load("~/run").metrics == run.metrics


def assert_plain(value: Any) -> None:
    """Fail unless R can convert a value and all its parts without loss."""
    if isinstance(value, dict):
        for key, inner in value.items():
            assert type(key) is str
            assert re.fullmatch(r"[A-Za-z]\w*", key), key
            assert_plain(inner)
    elif isinstance(value, list):
        for inner in value:
            assert_plain(inner)
    else:
        assert value is None or type(value) in (str, bool, int, float)
        assert type(value) is not int or abs(value) < 2**31


def test_results_are_plain_values() -> None:
    run = tiny(save=True)
    assert_plain(run.summary())
    for listing in (api.runs(), api.recipes(), api.datasets(), api.cells(), api.optimizers()):
        assert_plain(listing)
    for kind, names in {"recipe": api.recipes(), "dataset": api.datasets(), "cell": api.cells()}.items():
        for row in names:
            assert_plain(api.describe(kind, row["name"]))
    for number in (run.summary()["updates"], run.summary()["parameters"]):
        assert type(number) is float
    json.dumps(run.summary(), allow_nan=False)


def test_the_history_has_columns_of_one_length() -> None:
    run = tiny(updates=30, evaluate_every=10)
    table = run.history()
    assert len(table) == run.record.step + 1 or len(table) == run.record.step
    assert table["test_loss"].isna().any()
    assert all(re.fullmatch(r"[a-z]\w*", name) for name in table.columns)
    assert {str(t) for t in table.dtypes} <= {"float64", "float32", "int64"}


def test_messages_are_short(tmp_path: Path) -> None:
    long = "x" * 5000
    frame = pd.DataFrame({f"{'c' * 90}{i}": SERIES for i in range(300)})
    mistakes: list[Any] = [
        lambda: rs.train(long),
        lambda: rs.experiment("echo", **{long: 1}),
        lambda: rs.experiment("echo", cell=long),
        lambda: rs.load(long),
        lambda: tiny(frame, task="regress", target="nothing"),
        lambda: tiny(frame, target="c", features=[f"{'d' * 90}{i}" for i in range(300)], task="regress"),
        lambda: rs.experiment("echo", units=long),
        lambda: rs.experiment("echo", units=list(range(5000))),
        lambda: tiny([long] * 50),
        lambda: rs.train(SERIES, [long + str(i) for i in range(80)], task="label", classes=[long], **TINY),
        lambda: tiny().plot(long, tmp_path / "x.png"),
        lambda: rs.describe("cell", long),
        lambda: rs.describe(long, "lstm"),
        lambda: tiny(save=long),
    ]
    for mistake in mistakes:
        with pytest.raises(RnnStudioError) as caught:
            mistake()
        assert 10 < len(str(caught.value)) < 900, str(caught.value)[:200]


def test_notes_on_the_data_are_in_the_run_and_are_not_warnings(recwarn: pytest.WarningsRecorder) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = tiny(np.column_stack([SERIES, np.ones(80)]))
    assert any("is constant" in sentence for sentence in run.warnings)
    assert all(type(sentence) is str for sentence in run.warnings)


def test_verbose_0_is_silent_and_1_writes_plain_lines(capfd: pytest.CaptureFixture[str]) -> None:
    tiny()
    assert capfd.readouterr() == ("", "")
    tiny(verbose=1.0)
    out, err = capfd.readouterr()
    assert err == ""
    assert out.count("\n") >= 1
    assert not re.search(r"[\r\x1b]", out)


def test_callbacks_run_on_the_calling_thread_and_false_stops_after_the_chunk() -> None:
    threads, calls = set(), []

    def callback(updates: float, metrics: dict[str, float]) -> bool:
        threads.add(threading.get_ident())
        calls.append(updates)
        assert_plain(metrics)
        return len(calls) < 3

    run = rs.train("echo", callback=callback, verbose=0, save=False)
    assert threads == {threading.get_ident()}
    assert all(type(updates) is float for updates in calls)
    assert run.outcome == "stopped"
    assert len(calls) == 3


def test_an_error_of_a_callback_is_raised_after_the_run_is_saved() -> None:
    def callback(updates: float, metrics: dict[str, float]) -> None:
        raise ValueError("an error of the caller")

    with pytest.raises(ValueError, match="an error of the caller"):
        rs.train("echo", callback=callback, verbose=0, units=3)
    assert [run["outcome"] for run in api.runs()] == ["stopped"]


def test_max_seconds_ends_the_training() -> None:
    run = rs.train("echo", epochs=100_000, max_seconds=0.5, verbose=0, save=False)
    assert run.outcome == "stopped"
    assert run.record.step > 0


def test_a_mistyped_attribute_is_refused() -> None:
    run: Any = tiny()
    with pytest.raises(AttributeError):
        run.warning = "x"
    with pytest.raises(ValueError, match="frozen"):
        run.experiment.units = 3


def test_public_classes_name_the_package_as_their_module() -> None:
    classes = [value for name in rs.__all__ if inspect.isclass(value := getattr(rs, name))]
    assert len(classes) >= 7
    assert {c.__module__ for c in classes} == {"rnnstudio"}


def test_the_window_opens_in_another_process_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, Any]] = []

    class Popen:
        pid = 4711

        def __init__(self, command: list[str], **options: Any) -> None:
            started.append({"command": command, **options})

    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/R/lib")
    monkeypatch.setattr("subprocess.Popen", Popen)
    assert rs.open_studio() == 4711
    [process] = started
    assert process["command"][1:] == ["-P", "-m", "rnnstudio"]  # nothing of the current folder is imported
    assert process["start_new_session"]
    assert "LD_LIBRARY_PATH" not in process["env"]


def test_nothing_forks() -> None:
    package = Path(rs.__file__).parent
    files = [
        p for p in package.rglob("*.py") if re.search(r"\bos\.fork|multiprocessing|ProcessPool", p.read_text("utf-8"))
    ]
    assert not files
