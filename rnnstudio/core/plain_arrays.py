"""Arrays in .npz files without pickle, written by every version of NumPy alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

# NumPy before 2.3 has no keyword of this name in `savez`, and saved it as an array.
SAVED_KEYWORD = "allow_pickle"


def save_arrays(file: IO[bytes], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays by name.

    Raises:
        ValueError: One holds Python objects.

    >>> import io
    >>> file = io.BytesIO()
    >>> save_arrays(file, {"loss": np.zeros(2)})
    >>> np.load(io.BytesIO(file.getvalue())).files
    ['loss']
    """
    for name, values in arrays.items():
        if values.dtype.hasobject:
            raise ValueError(f"The array {name} holds Python objects, which are not saved.")
    np.savez(file, **arrays)  # type: ignore[arg-type]
