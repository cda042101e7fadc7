"""Runs as one file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import rnnstudio as rs
from rnnstudio.core.errors import StoreError
from rnnstudio.results.run import Run

Copies = Callable[[], Run]


def test_a_run_archive_is_the_run(fresh_airline: Copies, tmp_path: Path) -> None:
    run = fresh_airline()
    x = run.data().inputs[0, :30, 0]
    file = tmp_path / "to send.rnnrun"
    assert run.save(file) == run.path == str(file)
    assert run.name == "to send"
    assert [p.name for p in tmp_path.glob("*") if p.name != "home"] == [file.name]
    again = rs.load(file)
    assert (again.name, again.path, again.experiment) == ("to send", str(file), run.experiment)
    assert again.history().equals(run.history())
    np.testing.assert_array_equal(again.predict(x), run.predict(x))
    again.save()
    assert rs.load("airline-1").metrics == run.metrics


def test_an_exported_run_archive_does_not_change_the_run(fresh_airline: Copies, tmp_path: Path) -> None:
    run = fresh_airline()
    run.save()
    name, path = run.name, run.path
    assert run.export(tmp_path / "copy.rnnrun") == str(tmp_path / "copy.rnnrun")
    assert (run.name, run.path) == (name, path)
    assert rs.load(tmp_path / "copy.rnnrun").metrics == run.metrics
    with pytest.raises(StoreError, match="cannot be written"):
        run.export(tmp_path / "nowhere" / "copy.rnnrun")


def test_a_run_archive_replaces_only_a_run_and_only_with_overwrite(fresh_airline: Copies, tmp_path: Path) -> None:
    run, other, file = fresh_airline(), fresh_airline(), tmp_path / "run.rnnrun"
    run.save(file)
    before = file.read_bytes()
    with pytest.raises(StoreError, match="holds a run already"):
        other.save(file)
    assert file.read_bytes() == before
    other.metrics["test_loss"] = 7.0
    other.save(file, overwrite=True)
    assert rs.load(file).metrics["test_loss"] == 7.0
    file.write_bytes(b"somebody's thesis")
    with pytest.raises(StoreError, match="exists and is not a run"):
        fresh_airline().save(file, overwrite=True)
    assert file.read_bytes() == b"somebody's thesis"


def _write_escaping_member(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../run.json", "{}")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "not an archive": lambda f: f.write_bytes(b"hello"),
    "empty": lambda f: f.write_bytes(b""),
    "truncated": lambda f: f.write_bytes(f.read_bytes()[:-200]),
    "archive of something else": lambda f: zipfile.ZipFile(f, "w").close(),
    "member outside the archive": _write_escaping_member,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_archive_is_named(fresh_airline: Copies, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "run.rnnrun"
    fresh_airline().save(file)
    DAMAGES[damage](file)
    with pytest.raises(StoreError) as caught:
        rs.load(file)
    assert str(file) in str(caught.value)
    assert len(str(caught.value)) < 900
