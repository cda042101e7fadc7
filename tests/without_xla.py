"""Training without XLA or in plain Python, for tests of anything but that program; the numbers differ by rounding."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def without_xla() -> Iterator[None]:
    """Train without XLA, which saves a second or two for each network."""
    from rnnstudio.engine import programs
    from rnnstudio.engine.runtime import tf

    function = tf.function

    def uncompiled(body: Any, jit_compile: bool = False, **options: Any) -> Any:
        return body if jit_compile else function(body, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programs, "_pool", [])  # a program with XLA rounds differently
        patch.setattr(tf, "function", uncompiled)
        yield


@contextmanager
def in_python() -> Iterator[None]:
    """Run everything as Python, nothing traced or compiled: a tenth of the time where little is computed."""
    from rnnstudio.engine.runtime import tf

    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)
