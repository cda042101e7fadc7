"""TensorFlow, loaded when one of its names is first used.

Cells import `tf` from here: the window lists the cells before TensorFlow is loaded.
"""

from __future__ import annotations

from typing import Any


class _LazyTensorFlow:
    """Passes every name on to TensorFlow."""

    def __getattr__(self, name: str) -> Any:
        import tensorflow

        return getattr(tensorflow, name)


tf: Any = _LazyTensorFlow()
