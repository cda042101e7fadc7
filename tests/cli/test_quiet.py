"""TensorFlow's start-up lines stay off the terminal; everything else gets there."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_WRITES = """
import os, sys
from rnnstudio.engine.quiet import quiet_start
with quiet_start():
    os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\\n")
    os.write(2, b"I0000 00:00:1 2 port.cc:153] oneDNN custom operations are on.\\n")
    os.write(2, b"E0000 00:00:1 2 cuda.cc:1] no driver\\n")
    print("a Python warning", file=sys.stderr)
    {inside}
print("after", file=sys.stderr)
"""


def errors_of(inside: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _WRITES.format(inside=inside)], capture_output=True, text=True, check=False
    )
    return done.stderr.splitlines()


def test_chatter_is_held_back_and_the_rest_let_through():
    assert errors_of("pass") == ["E0000 00:00:1 2 cuda.cc:1] no driver", "a Python warning", "after"]


@pytest.mark.parametrize("error", ["raise ImportError('libcuda')", "raise KeyboardInterrupt"])
def test_standard_error_is_back_after_an_error(error):
    lines = errors_of(error)
    assert lines[:2] == ["E0000 00:00:1 2 cuda.cc:1] no driver", "a Python warning"]
    assert lines[2].startswith("Traceback")


def test_nothing_is_needed_where_there_is_no_standard_error():
    program = (
        "import os, sys; os.close(2); sys.stderr = None\n"
        "from rnnstudio.engine.quiet import quiet_start\n"
        "with quiet_start(): print('loaded')"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "loaded\n")


def test_loading_tensorflow_writes_nothing():
    done = subprocess.run(
        [sys.executable, "-c", "import rnnstudio.engine.runtime"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_keras_heeds_no_other_programs_settings_and_writes_none(tmp_path, home):
    theirs = tmp_path / ".keras" / "keras.json"
    theirs.parent.mkdir()
    theirs.write_text('{"floatx": "float64", "epsilon": 0.5}')
    environment = {k: v for k, v in os.environ.items() if k != "KERAS_HOME"} | {"HOME": str(tmp_path)}
    program = (
        "import os; from rnnstudio.engine.runtime import keras; "
        "print(keras.config.floatx(), keras.config.epsilon(), 'KERAS_HOME' in os.environ)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.split() == ["float32", "1e-07", "False"]
    assert not list(home.rglob("keras*"))
    assert "float64" in theirs.read_text()
