"""What a process writes, reads and imports when it loads TensorFlow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOAD = """
import json, os, sys
from rnnstudio.engine.runtime import keras
import rnnstudio.engine.train, rnnstudio.results.trained_network
print(json.dumps({
    "keras": [keras.config.floatx(), keras.config.epsilon()],
    "KERAS_HOME": os.environ.get("KERAS_HOME"),
    "modules": list(sys.modules),
}))
"""


@pytest.fixture(scope="module")
def user_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder in which Keras has other settings than ours."""
    folder = tmp_path_factory.mktemp("user")
    (folder / ".keras").mkdir()
    (folder / ".keras" / "keras.json").write_text('{"floatx": "float64", "epsilon": 0.5}')
    return folder


@pytest.fixture(scope="module")
def loaded(user_folder: Path) -> dict[str, Any]:
    """What a process prints that has loaded TensorFlow: settings of Keras, modules, and messages on standard error."""
    environment = {k: v for k, v in os.environ.items() if k != "KERAS_HOME"}
    root = str(Path(__file__).resolve().parents[2])
    environment |= {"HOME": str(user_folder), "RNNSTUDIO_HOME": str(user_folder / "home"), "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", LOAD], env=environment, capture_output=True, text=True, check=False, cwd=user_folder
    )
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout), "messages": done.stderr}


def test_loading_tensorflow_writes_nothing(loaded: dict[str, Any]) -> None:
    assert loaded["messages"] == ""


def test_keras_neither_reads_nor_writes_its_global_settings(loaded: dict[str, Any], user_folder: Path) -> None:
    assert loaded["keras"] == ["float32", 1e-07]
    assert loaded["KERAS_HOME"] is None
    assert not list((user_folder / "home").rglob("keras*"))
    assert "float64" in (user_folder / ".keras" / "keras.json").read_text()


def test_what_the_package_leaves_out_is_not_imported(loaded: dict[str, Any]) -> None:
    """`packaging/bundle/contents.py` excludes `scipy.special`."""
    assert "scipy.special" not in loaded["modules"]
