"""Loading TensorFlow and Keras without chatter on the user's terminal and without a trace in the user's home."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# What TensorFlow 2.21 writes while it loads, whatever TF_CPP_MIN_LOG_LEVEL says (its logging is not set up by then).
# "I0000 ..." is the severity INFO of a native log line; W, E and F are let through.
_CHATTER = (b"WARNING: All log messages before absl::InitializeLog()", b"I0000 ")


@contextlib.contextmanager
def quiet_start() -> Iterator[None]:
    """Hold back what is written to the process's standard error, and let through what is no chatter at the end.

    Native code writes past `sys.stderr`, so the file descriptor itself is turned to a temporary file and always back.
    Where there is no standard error (a windowed program), nothing is done.
    """
    with contextlib.ExitStack() as cleanup:
        try:
            sys.stderr.flush()
            terminal = os.dup(2)
            cleanup.callback(os.close, terminal)
            held = cleanup.enter_context(tempfile.TemporaryFile())
        except (AttributeError, OSError, ValueError):
            yield
            return
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.flush()
            os.dup2(terminal, 2)
            held.seek(0)
            told = b"".join(line for line in held if not line.startswith(_CHATTER))
            with contextlib.suppress(OSError):
                if told:
                    os.write(2, told)


@contextlib.contextmanager
def usual_keras() -> Iterator[None]:
    """Let Keras, which loads meanwhile, have its usual settings, and keep none.

    By itself it writes `~/.keras`, or `/tmp/.keras`, and heeds what another program has set there, such as 64 bits. A
    place that cannot be is no error to it.
    """
    before = os.environ.get("KERAS_HOME")
    os.environ["KERAS_HOME"] = str(Path(os.devnull) / "keras")
    try:
        yield
    finally:
        del os.environ["KERAS_HOME"]
        if before is not None:
            os.environ["KERAS_HOME"] = before
