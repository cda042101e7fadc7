"""Loads TensorFlow and Keras without messages on the user's terminal and without files in the user's home."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# What TensorFlow 2.21 writes while it loads, whatever TF_CPP_MIN_LOG_LEVEL is, because its logging is not set up yet.
# "I0000 ..." marks the severity INFO of a native log line; W, E and F are passed on.
_NOISE = (b"WARNING: All log messages before absl::InitializeLog()", b"I0000 ")


@contextlib.contextmanager
def quiet_start() -> Iterator[None]:
    """Hold back what is written to the process's standard error; at the end, pass on what is not noise.

    Native code writes past `sys.stderr`, so the file descriptor itself is redirected to a temporary file, and always
    restored. Without a standard error (a windowed program) nothing is redirected.
    """
    with contextlib.ExitStack() as cleanup:
        try:
            sys.stderr.flush()
            terminal = os.dup(2)
            cleanup.callback(os.close, terminal)
            captured = cleanup.enter_context(tempfile.TemporaryFile())
        except (AttributeError, OSError, ValueError):
            yield
            return
        os.dup2(captured.fileno(), 2)
        try:
            yield
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.flush()
            os.dup2(terminal, 2)
            captured.seek(0)
            messages = b"".join(line for line in captured if not line.startswith(_NOISE))
            with contextlib.suppress(OSError):
                if messages:
                    os.write(2, messages)


@contextlib.contextmanager
def default_keras() -> Iterator[None]:
    """Make Keras, which is loaded inside, use its default settings and write no file.

    By itself it writes `~/.keras` or `/tmp/.keras`, and reads settings that another program wrote there, such as 64-bit
    floats. A folder that cannot exist is no error for Keras.
    """
    before = os.environ.get("KERAS_HOME")
    os.environ["KERAS_HOME"] = str(Path(os.devnull) / "keras")
    try:
        yield
    finally:
        del os.environ["KERAS_HOME"]
        if before is not None:
            os.environ["KERAS_HOME"] = before
