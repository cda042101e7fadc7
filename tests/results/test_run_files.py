"""The files of a run: nothing in them is executed, and damage is reported."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio import api
from rnnstudio.core.errors import StoreError
from rnnstudio.results.run import Run
from tests.altered_runs import alter

Copies = Callable[[], Run]


def test_a_loaded_run_equals_the_saved_one(fresh_airline: Copies) -> None:
    run = fresh_airline()
    x = run.data().inputs[0, :30, 0]
    predictions, forecast, history = run.predict(x), run.forecast(15), run.history()
    run.save()
    again = rs.load(run.path)
    assert (again.name, again.path) == (run.name, run.path) == ("airline-1", run.path)
    np.testing.assert_array_equal(again.predict(x), predictions)
    np.testing.assert_array_equal(again.forecast(15), forecast)
    np.testing.assert_array_equal(again.forecast(5, start=50), run.forecast(5, start=50))
    assert again.history().equals(history)
    assert again.summary() == run.summary()
    assert again.experiment == run.experiment
    assert again.info == run.info
    assert repr(again) == repr(run)
    assert again.record.predictions.kind == run.record.predictions.kind
    for name, values in run.record.predictions.to_arrays().items():
        np.testing.assert_array_equal(again.record.predictions.to_arrays()[name], values)


def test_nothing_is_pickled(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    folder = Path(run.path)
    assert {p.suffix for p in folder.iterdir()} - {".lock"} == {".json", ".npz", ".npy"}
    for file in folder.glob("*.np[yz]"):
        loaded = np.load(file, allow_pickle=False)
        for array in loaded.values() if file.suffix == ".npz" else [loaded]:
            assert array.dtype.kind != "O"
    for file in folder.glob("*.json"):
        json.loads(file.read_text(encoding="utf-8"))


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "empty run.json": lambda f: (f / "run.json").write_text(""),
    "list in run.json": lambda f: (f / "run.json").write_text("[]"),
    "no fields in run.json": lambda f: (f / "run.json").write_text("{}"),
    "deeply nested run.json": lambda f: (f / "run.json").write_text("[" * 100_000),
    "deeply nested data": lambda f: (f / "data.json").write_text('{"a":' * 100_000),
    "no experiment": lambda f: (f / "experiment.json").unlink(),
    "experiment of another program": lambda f: (f / "experiment.json").write_text('{"a": 1}'),
    "truncated metrics": lambda f: (f / "metrics.json").write_text('{"outcome": '),
    "no weights": lambda f: (f / "weights.npz").unlink(),
    "truncated weights": lambda f: (f / "weights.npz").write_bytes((f / "weights.npz").read_bytes()[:200]),
    "empty weights": lambda f: (f / "weights.npz").write_bytes(b""),
    "weights are text": lambda f: (f / "weights.npz").write_text("hello, this is no archive"),
    "history without losses": lambda f: zipfile.ZipFile(f / "history.npz", "w").close(),
    "empty context": lambda f: (f / "context.npy").write_bytes(b""),
    "scaler of another layout": lambda f: (f / "scaler.json").write_text('{"inputs": 3}'),
    "data of another layout": lambda f: (f / "data.json").write_text('{"what": 3}'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_is_named_and_not_listed(fresh_airline: Copies, damage: str) -> None:
    good, bad = fresh_airline(), fresh_airline()
    good.save()
    bad.save()
    DAMAGES[damage](Path(bad.path))
    with pytest.raises(StoreError, match="damaged") as caught:
        rs.load(bad.path)
    assert bad.path in str(caught.value)
    assert good.name in [r["run"] for r in api.runs()]


def test_a_pickle_instead_of_an_array_is_not_executed(fresh_airline: Copies, tmp_path: Path) -> None:
    class Pickle:
        def __reduce__(self) -> Any:
            return (open, (str(tmp_path / "executed"), "w"))

    run = fresh_airline()
    run.save()
    np.save(Path(run.path) / "context.npy", np.array([Pickle()], object), allow_pickle=True)
    with pytest.raises(StoreError, match="damaged"):
        rs.load(run.path)
    assert not (tmp_path / "executed").exists()


def test_an_unknown_cell_is_named(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    alter(Path(run.path), {"experiment.json": {"model": {"cell": "quantum"}}})
    with pytest.raises(StoreError, match="no cell called 'quantum'"):
        rs.load(run.path)


def test_weights_of_another_network_are_refused(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.weights = {**run.weights, "head/kernel": np.zeros((3, 1), np.float32)}
    run.save()
    with pytest.raises(StoreError, match=r"head/kernel with the shape \(8, 1\), received \(3, 1\)"):
        rs.load(run.path).forecast(3)


def test_a_run_of_a_newer_version_asks_for_an_update(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    file = Path(run.path) / "run.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "schema_version": 99}))
    with pytest.raises(StoreError, match="newer rnnstudio"):
        rs.load(run.path)


def test_unreadable_files_of_a_newer_version_ask_for_an_update(fresh_airline: Copies) -> None:
    run = fresh_airline()
    run.save()
    alter(Path(run.path), {"versions.json": {"rnnstudio": "9.10.0"}, "data.json": {"of_tomorrow": 1}})
    with pytest.raises(StoreError, match=r"saved by rnnstudio 9\.10\.0.*Update") as caught:
        rs.load(run.path)
    assert "damaged" not in str(caught.value)


def test_every_altered_file_is_noticed(fresh_airline: Copies) -> None:
    """Each file with one bit changed, cut, longer or replaced by another one of the run."""
    run = fresh_airline()
    run.save()
    folder = Path(run.path)
    files = [file for file in sorted(folder.iterdir()) if file.suffix != ".lock"]
    for file in files:
        content = file.read_bytes()
        other = next(f for f in files if f != file).read_bytes()
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        for altered in (flipped, content[:-1], content + b" ", other, b""):
            if file.name == "run.json" and altered.strip() == content.strip():  # the same JSON
                continue
            file.write_bytes(altered)
            with pytest.raises(StoreError, match=r"damaged|newer rnnstudio"):
                rs.load(folder)
        file.write_bytes(content)
    assert rs.load(folder).metrics == run.metrics


def test_files_of_a_run_lie_in_its_folder(fresh_airline: Copies, tmp_path: Path) -> None:
    run = fresh_airline()
    run.save()
    file = Path(run.path) / "run.json"
    plain = json.loads(file.read_text())
    for name in ("../weights.npz", str(tmp_path / "weights.npz"), "weights.npz/..", "a/b.npz", "weights.py", ""):
        plain["files"]["weights.npz"]["stored"] = name
        unsigned = {key: value for key, value in plain.items() if key != "sha256"}
        signature = hashlib.sha256(json.dumps(unsigned, sort_keys=True).encode()).hexdigest()
        file.write_text(json.dumps({**unsigned, "sha256": signature}))
        with pytest.raises(StoreError, match="damaged"):
            rs.load(run.path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows needs rights for links")
def test_a_link_is_no_file_of_a_run(fresh_airline: Copies, tmp_path: Path) -> None:
    run = fresh_airline()
    run.save()
    for name in ("run.json", "weights.npz", "metrics.json"):
        file, moved = Path(run.path) / name, tmp_path / name
        file.rename(moved)
        file.symlink_to(moved)
        with pytest.raises(StoreError, match=f"{name} is missing"):
            rs.load(run.path)
        file.unlink()
        moved.rename(file)
    assert rs.load(run.path).metrics == run.metrics
