"""Compiled programs on the disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rnnstudio.engine import disk_cache
from rnnstudio.engine.runtime import tf

TRAIN = """
import json, os, pathlib, sys
import rnnstudio as rs
for units in map(int, sys.argv[1:]):
    run = rs.train("toy", units=units, updates=4, save=False, verbose=0)
    stored = pathlib.Path(os.environ["RNNSTUDIO_HOME"], "compiled").glob("*/*.pb")
    losses = [float(v).hex() for v in run.record.loss.values]
    print(json.dumps([losses, {str(file): file.stat().st_mtime_ns for file in stored}]))
"""
WITHOUT_NAMES = """
from rnnstudio.engine import disk_cache
disk_cache._function_numbers = lambda: None
"""


def train_in_a_process(home: Path, *units: int, code: str = TRAIN) -> tuple[list[Any], list[dict[str, int]]]:
    """For each training in turn, its losses, and the programs that are then on the disk, with their times."""
    environment = {k: v for k, v in os.environ.items() if k != "TF_XLA_FLAGS"} | {"RNNSTUDIO_HOME": str(home)}
    command = [sys.executable, "-c", code, *map(str, units)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    losses, stored = zip(*map(json.loads, done.stdout.splitlines()), strict=True)
    return list(losses), list(stored)


@pytest.mark.timeout(600)  # several processes load TensorFlow
def test_a_program_is_stored_and_read_or_compiled_again_to_the_same_bits(home: Path) -> None:
    losses, (one, both) = train_in_a_process(home, 3, 2)
    assert len(one) == 1
    (damaged,) = map(Path, both.keys() - one.keys())
    content = damaged.read_bytes()
    damaged.write_bytes(content[: len(content) // 2])
    again, (read, compiled) = train_in_a_process(home, 3, 2)
    assert again == losses
    assert read.items() >= one.items()  # read, not written again
    assert str(damaged) not in compiled
    without_names, stored = train_in_a_process(home / "other", 3, code=WITHOUT_NAMES + TRAIN)
    assert without_names == losses[:1]
    assert stored == [{}]  # without TensorFlow's private function there is no cache


def test_tensorflow_has_the_private_function_that_numbers_functions() -> None:
    """If this fails, a new TensorFlow numbers functions in another way: every process compiles anew."""
    assert disk_cache._function_numbers() is not None


@pytest.mark.parametrize("program", ["one", "two"])
def test_functions_have_the_same_names_in_every_process(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def name() -> str:
        monkeypatch.setattr(disk_cache, "_traces", type(disk_cache._traces)())  # as in a new process
        with disk_cache.reproducible_names(program):
            traced = tf.function(lambda x: x + 1).get_concrete_function(tf.TensorSpec([]))
            return str(traced.function_def.signature.name)

    name()  # the first trace of a process may use more numbers
    first = name()
    tf.function(lambda x: x + 2)(tf.constant(1.0))  # uses up numbers of TensorFlow's own
    assert name() == first
    with disk_cache.reproducible_names("three"):
        assert str(tf.function(lambda x: x).get_concrete_function(1).function_def.signature.name) != first


def test_the_oldest_programs_are_deleted_when_all_are_too_large(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_XLA_FLAGS", "--tf_xla_clustering_debug")
    monkeypatch.setattr(disk_cache, "_MAX_BYTES", 250)
    folder = home / "compiled" / "another processor"
    folder.mkdir(parents=True)
    for age in range(4):
        file = folder / f"{age}.pb"
        file.write_bytes(bytes(100))
        os.utime(file, (1e9 - age, 1e9 - age))
    disk_cache.enable()
    assert sorted(file.name for file in folder.iterdir()) == ["0.pb", "1.pb"]
    first, second = os.environ["TF_XLA_FLAGS"].split()
    assert first == "--tf_xla_clustering_debug"
    programs = Path(second.removeprefix("--tf_xla_persistent_cache_directory="))
    assert programs.is_dir()
    (programs / "a.pb").write_bytes(b"damaged")
    assert disk_cache.clear()
    assert not disk_cache.clear()


def test_a_folder_that_the_user_chose_stays_and_an_unusable_one_is_not_set(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = "--tf_xla_persistent_cache_directory=/chosen"
    monkeypatch.setenv("TF_XLA_FLAGS", chosen)
    disk_cache.enable()
    assert os.environ["TF_XLA_FLAGS"] == chosen
    monkeypatch.delenv("TF_XLA_FLAGS")
    monkeypatch.setenv("RNNSTUDIO_HOME", str(home / "with spaces"))
    disk_cache.enable()
    assert "TF_XLA_FLAGS" not in os.environ
    monkeypatch.setenv("RNNSTUDIO_HOME", str(home / "file"))
    (home / "file").write_text("no folder")
    disk_cache.enable()
    assert "TF_XLA_FLAGS" not in os.environ
