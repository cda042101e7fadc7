"""TensorFlow's start-up messages are not shown; everything else is."""

from __future__ import annotations

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


def test_start_up_messages_are_removed_and_others_shown():
    assert errors_of("pass") == ["E0000 00:00:1 2 cuda.cc:1] no driver", "a Python warning", "after"]


@pytest.mark.parametrize("error", ["raise ImportError('libcuda')", "raise KeyboardInterrupt"])
def test_standard_error_works_after_an_error(error):
    lines = errors_of(error)
    assert lines[:2] == ["E0000 00:00:1 2 cuda.cc:1] no driver", "a Python warning"]
    assert lines[2].startswith("Traceback")


def test_a_process_without_standard_error_works():
    program = (
        "import os, sys; os.close(2); sys.stderr = None\n"
        "from rnnstudio.engine.quiet import quiet_start\n"
        "with quiet_start(): print('loaded')"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "loaded\n")
