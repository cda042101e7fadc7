"""A safe unpickler for plain NumPy arrays.

A pickle is a program that can call any function. This unpickler imports nothing: the few names that NumPy's pickles
use are replaced by placeholders that only store their arguments. The arrays are made from the placeholders at the end,
after everything has been checked.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError

_MAX_DEPTH = 20  # of nested lists
_MAX_RATIO = 16  # size of the content relative to the pickle; a pickle may repeat a part by reference
_ARRAY_KINDS = "biufcSU"  # arrays that store their values themselves


def unpickle(raw: bytes, name: str) -> Any:
    """Return the content of a pickle of plain arrays.

    Args:
        raw: The pickle.
        name: Name of the file in messages.

    Raises:
        DataError: It refers to anything but plain arrays, or contains arrays of objects.
        Exception: It is damaged.

    Example:
        >>> import pickle
        >>> unpickle(pickle.dumps({"signal": np.arange(3)}), "signal.pkl")
        {'signal': array([0, 1, 2])}
    """
    unpickler = _Unpickler(raw, name)
    return unpickler.resolve(unpickler.load(), 0)


class _Callable:
    """Placeholder for a function or class that a pickle may call."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        return self._function(*args)

    def __setstate__(self, state: object) -> None:
        """Refuse, because otherwise a pickle could set attributes of a placeholder."""
        raise pickle.UnpicklingError("it sets attributes of a function")


class _Dtype:
    """Placeholder for `numpy.dtype`."""

    __slots__ = ("dtype",)

    def __init__(self, code: str, *_align_and_copy: object) -> None:
        if not isinstance(code, str) or code[:1] not in (*_ARRAY_KINDS, "O", "V", "M", "m") or not code[1:].isdigit():
            raise pickle.UnpicklingError("an array has an unknown type")
        self.dtype: np.dtype[Any] = np.dtype(code)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Set the byte order; the other attributes belong to types that are refused later."""
        if state[1] in ("<", ">"):
            self.dtype = self.dtype.newbyteorder(state[1])


class _Array:
    """Placeholder for `numpy.ndarray`; stores its arguments unchecked."""

    __slots__ = ("data", "dtype", "order", "shape")

    def __init__(self, data: Any = b"", dtype: Any = None, shape: Any = (0,), order: str = "C") -> None:
        self.data, self.dtype, self.shape, self.order = data, dtype, shape, order

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Set shape, type, order and values from the state that `ndarray.__reduce__` returns."""
        _, self.shape, self.dtype, is_fortran, self.data = state
        self.order = "F" if is_fortran else "C"


class _Unpickler(pickle._Unpickler):
    """The pure Python unpickler, which allocates no memory before it has read the bytes for it."""

    read: Callable[[int], bytes]
    stack: list[Any]
    append: Callable[[Any], None]
    pop_mark: Callable[[], list[Any]]
    dispatch: ClassVar[dict[int, Callable[..., Any]]] = dict(pickle._Unpickler.dispatch)

    def __init__(self, raw: bytes, name: str) -> None:
        super().__init__(io.BytesIO(raw), encoding="latin1")
        self._name = name
        self._budget = _MAX_RATIO * len(raw) + 1000  # bytes and items that may still be created
        self._known = {
            ("numpy", "dtype"): _Callable(_Dtype),
            ("numpy", "ndarray"): _Callable(lambda *args: self._refuse("numpy.ndarray")),
            ("_codecs", "encode"): _Callable(self._encode),
        }
        for core in ("numpy.core", "numpy._core"):
            self._known[f"{core}.multiarray", "_reconstruct"] = _Callable(lambda kind, shape, code: _Array())
            self._known[f"{core}.multiarray", "scalar"] = _Callable(self._scalar)
            self._known[f"{core}.numeric", "_frombuffer"] = _Callable(_Array)
        for builtins in ("builtins", "__builtin__"):
            self._known[builtins, "bytes"] = _Callable(lambda: b"")  # how old protocols write empty bytes
        for copyreg in ("copyreg", "copy_reg"):  # known only so that the message names the class it is called with
            self._known[copyreg, "_reconstructor"] = _Callable(lambda *args: self._refuse("copyreg._reconstructor"))

    def find_class(self, module: str, name: str) -> Any:
        """Return the placeholder for a name in the pickle.

        Raises:
            DataError: There is no placeholder for it.
        """
        try:
            return self._known[module, name]
        except KeyError:
            self._refuse(f"{module}.{name}")

    def resolve(self, item: Any, depth: int) -> Any:
        """Return an item with all placeholders replaced by arrays, also within lists, tuples and dicts."""
        self._spend(1)
        if isinstance(item, _Array):
            return self._array(item)
        if item is None or isinstance(item, (bool, int, float, complex, str, bytes)):
            return item
        if depth >= _MAX_DEPTH:
            raise pickle.UnpicklingError(f"it has more than {_MAX_DEPTH} nested lists")
        if isinstance(item, (list, tuple)):
            return type(item)(self.resolve(part, depth + 1) for part in item)
        if isinstance(item, dict):
            return {self.resolve(key, _MAX_DEPTH): self.resolve(part, depth + 1) for key, part in item.items()}
        raise pickle.UnpicklingError("it contains no arrays")

    def _array(self, placeholder: _Array) -> NDArray[Any]:
        if not isinstance(placeholder.dtype, _Dtype):
            raise pickle.UnpicklingError("an array has no type")
        dtype = placeholder.dtype.dtype
        if dtype.kind not in _ARRAY_KINDS:
            raise DataError(
                f"{self._name}: arrays of numbers or text are expected; received an array of "
                f"{'objects' if dtype.kind == 'O' else f'type {dtype.str}'}. Save only the numbers, with numpy.save."
            )
        data = placeholder.data
        if isinstance(data, str):  # bytes in pickles of Python 2
            data = data.encode("latin1")
        self._spend(len(data))
        order: Any = "F" if placeholder.order == "F" else "C"
        values = np.frombuffer(data, dtype).reshape(placeholder.shape, order=order)
        return values.astype(dtype.newbyteorder("="))

    def _scalar(self, dtype: _Dtype, data: Any = b"") -> Any:
        return self._array(_Array(data, dtype, ())).item()

    def _encode(self, text: str, encoding: str) -> bytes:
        """Return bytes from text, as old protocols write them."""
        self._spend(len(text))
        if encoding != "latin1":
            raise pickle.UnpicklingError("bytes have an unexpected encoding")
        return str.encode(text, "latin1")

    def _spend(self, amount: int) -> None:
        """Limit the memory, so that a small file cannot fill it by repeating a part of itself."""
        self._budget -= amount
        if self._budget < 0:
            raise pickle.UnpicklingError(f"its content is more than {_MAX_RATIO} times as large as the file")

    def _refuse(self, name: str) -> NoReturn:
        raise DataError(
            f"{self._name} was not read: it refers to {ascii(name)[1:-1][:100]}, which may run code. Nothing of it was "
            "run. A pickle may contain only plain NumPy arrays, and lists and dicts of them. Save the numbers with "
            "numpy.save instead."
        )

    def _set_items(self, keys_and_values: list[Any]) -> None:
        """Put keys and values, which alternate, into the dict on top of the stack."""
        target = self.stack[-1]
        keys = keys_and_values[::2]
        # hashing a deeply nested tuple crashes Python
        if not isinstance(target, dict) or not all(isinstance(key, (str, bytes, int, float)) for key in keys):
            raise pickle.UnpicklingError("the keys of a dict must be text or numbers")
        target.update(zip(keys, keys_and_values[1::2], strict=True))

    def _load_dict(self) -> None:
        keys_and_values = self.pop_mark()
        self.append({})
        self._set_items(keys_and_values)

    def _load_setitem(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._set_items([key, value])

    def _load_setitems(self) -> None:
        self._set_items(self.pop_mark())

    def _load_bytearray8(self) -> None:
        """Read a bytearray. Python's own method allocates the declared length before it reads."""
        count = int.from_bytes(self.read(8), "little")
        self.append(bytearray(self.read(count)))

    def _load_set(self) -> NoReturn:
        raise pickle.UnpicklingError("it contains a set")

    dispatch[pickle.EMPTY_SET[0]] = dispatch[pickle.FROZENSET[0]] = _load_set
    dispatch[pickle.DICT[0]] = _load_dict
    dispatch[pickle.SETITEM[0]] = _load_setitem
    dispatch[pickle.SETITEMS[0]] = _load_setitems
    dispatch[pickle.BYTEARRAY8[0]] = _load_bytearray8
