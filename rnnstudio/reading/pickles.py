"""Pickles of plain NumPy arrays, and of nothing else: a pickle is a program, and this one machine runs none of it.

The names a pickle asks for are never imported. Those that stand for arrays are answered by stand-ins of our own, which
keep what they are told; real arrays are made from them at the end, after everything has been checked.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError

_DEPTH = 20  # lists in lists in lists ...
_SHARED = 16  # how many times its own size a pickle may unpack to by naming the same part again and again
_NUMBERS = "biufcSU"  # kinds of arrays that hold their values themselves


def read_pickle(path: str | Path) -> Any:
    """Return what a pickle holds: an array, or lists, tuples and dicts of arrays, numbers and texts.

    Protocols 0 to 5 are read, those of Python 2 included. Nothing that the file asks for is imported or run.

    Raises:
        DataError: It asks for anything but plain arrays (the message names what), holds arrays of objects, is
            damaged, or cannot be read.
    """
    file = Path(path).expanduser()
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise DataError(f"There is no file {file}. Check the path.") from None
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None
    machine = _Unpickler(raw, file.name)
    try:
        return machine.plain(machine.load(), 0)
    except DataError:
        raise
    except Exception as error:  # a damaged pickle fails in any way
        what = str(error) or type(error).__name__
        raise DataError(
            f"{file.name} is no pickle of plain NumPy arrays, or it is damaged ({what[:200]}). "
            "Save the array with numpy.save instead."
        ) from None


class _StandIn:
    """Stands for something a pickle may call."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make

    def __call__(self, *args: Any) -> Any:
        return self._make(*args)

    def __setstate__(self, state: object) -> None:
        """Refuse: else a pickle could set attributes of what it is handed."""
        raise pickle.UnpicklingError("it changes what it calls")


class _Dtype:
    """Stands for `numpy.dtype`."""

    __slots__ = ("dtype",)

    def __init__(self, code: str, align: object = False, copy: object = False) -> None:
        if not isinstance(code, str) or code[:1] not in (*_NUMBERS, "O", "V", "M", "m") or not code[1:].isdigit():
            raise pickle.UnpicklingError("a type of numbers that is not known")
        self.dtype: np.dtype[Any] = np.dtype(code)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Take in the byte order; whatever else a type may have belongs to kinds that are refused."""
        if state[1] in ("<", ">"):
            self.dtype = self.dtype.newbyteorder(state[1])


class _Array:
    """Stands for an array; kept as it was told until the whole pickle has been read."""

    __slots__ = ("data", "dtype", "order", "shape")

    def __init__(self, data: Any = b"", dtype: Any = None, shape: Any = (0,), order: str = "C") -> None:
        self.data, self.dtype, self.shape, self.order = data, dtype, shape, order

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Take in shape, type, order and values as `ndarray.__reduce__` gives them."""
        _, self.shape, self.dtype, fortran, self.data = state
        self.order = "F" if fortran else "C"


class _Unpickler(pickle._Unpickler):
    """Python's own machine, written in Python, which allots nothing before it has seen the bytes for it."""

    read: Callable[[int], bytes]
    stack: list[Any]
    append: Callable[[Any], None]
    pop_mark: Callable[[], list[Any]]
    dispatch: ClassVar[dict[int, Callable[..., Any]]] = dict(pickle._Unpickler.dispatch)

    def __init__(self, raw: bytes, name: str) -> None:
        super().__init__(io.BytesIO(raw), encoding="latin1")
        self._name = name
        self._left = _SHARED * len(raw) + 1000  # bytes and parts that may still be made
        array, encode = _StandIn(lambda *args: self._refuse("numpy.ndarray")), _StandIn(self._encode)
        self._known = {("numpy", "dtype"): _StandIn(_Dtype), ("numpy", "ndarray"): array, ("_codecs", "encode"): encode}
        for core in ("numpy.core", "numpy._core"):
            self._known[f"{core}.multiarray", "_reconstruct"] = _StandIn(lambda kind, shape, code: _Array())
            self._known[f"{core}.multiarray", "scalar"] = _StandIn(self._scalar)
            self._known[f"{core}.numeric", "_frombuffer"] = _StandIn(_Array)
        for builtins in ("builtins", "__builtin__"):
            self._known[builtins, "bytes"] = _StandIn(lambda: b"")  # how old protocols write no bytes
        for copyreg in ("copyreg", "copy_reg"):  # only so that the class it is called with is refused by its own name
            self._known[copyreg, "_reconstructor"] = _StandIn(lambda *args: self._refuse("copyreg._reconstructor"))

    def find_class(self, module: str, name: str) -> Any:
        """Return the stand-in of what a pickle asks for; refuse whatever has none."""
        try:
            return self._known[module, name]
        except KeyError:
            self._refuse(f"{module}.{name}")

    def plain(self, found: Any, depth: int) -> Any:
        """Return the array a stand-in tells of, and the same within lists, tuples and dicts."""
        self._spend(1)
        if isinstance(found, _Array):
            return self._array(found)
        if found is None or isinstance(found, (bool, int, float, complex, str, bytes)):
            return found
        if depth >= _DEPTH:
            raise pickle.UnpicklingError(f"more than {_DEPTH} lists within each other")
        if isinstance(found, (list, tuple)):
            return type(found)(self.plain(part, depth + 1) for part in found)
        if isinstance(found, dict):
            return {self.plain(key, _DEPTH): self.plain(part, depth + 1) for key, part in found.items()}
        raise pickle.UnpicklingError("it holds no arrays")

    def _array(self, told: _Array) -> NDArray[Any]:
        if not isinstance(told.dtype, _Dtype):
            raise pickle.UnpicklingError("an array without a type")
        dtype = told.dtype.dtype
        if dtype.kind not in _NUMBERS:
            raise DataError(
                f"{self._name} holds an array of {'objects' if dtype.kind == 'O' else f'type {dtype.str}'}; only "
                "arrays of numbers or text are read from a pickle. Save the numbers alone, with numpy.save."
            )
        data = told.data.encode("latin1") if isinstance(told.data, str) else told.data  # text of Python 2
        self._spend(len(data))
        values = np.frombuffer(data, dtype).reshape(told.shape, order="F" if told.order == "F" else "C")
        return values.astype(dtype.newbyteorder("="))

    def _scalar(self, dtype: _Dtype, data: Any = b"") -> Any:
        return self._array(_Array(data, dtype, ())).item()

    def _encode(self, text: str, encoding: str) -> bytes:
        """Do what old protocols call to write bytes."""
        self._spend(len(text))
        if encoding != "latin1":
            raise pickle.UnpicklingError("bytes in an encoding that is not expected")
        return str.encode(text, "latin1")

    def _spend(self, amount: int) -> None:
        """Take note of what is made; refuse a small file that would fill the memory by repeating itself."""
        self._left -= amount
        if self._left < 0:
            raise pickle.UnpicklingError(f"it unpacks to more than {_SHARED} times its size")

    def _refuse(self, asked: str) -> NoReturn:
        raise DataError(
            f"{self._name} asks for {ascii(asked)[1:-1][:100]}, which may run code, so it was not read and nothing of "
            "it was run. Only plain NumPy arrays, and lists and dicts of them, are read from a pickle; save the "
            "numbers with numpy.save instead."
        )

    def _set_items(self, pairs: list[Any]) -> None:
        """Put keys and values into the dict on top of the stack."""
        target = self.stack[-1]
        keys = pairs[::2]
        if not isinstance(target, dict) or not all(isinstance(k, (str, bytes, int, float)) for k in keys):
            raise pickle.UnpicklingError("a dict whose keys are no texts or numbers")  # deep tuples crash when hashed
        target.update(zip(keys, pairs[1::2], strict=True))

    def _load_dict(self) -> None:
        pairs = self.pop_mark()
        self.append({})
        self._set_items(pairs)

    def _load_setitem(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._set_items([key, value])

    def _load_setitems(self) -> None:
        self._set_items(self.pop_mark())

    def _load_bytearray8(self) -> None:
        """Read bytes as they are there; Python's own makes room for as many as are announced."""
        count = int.from_bytes(self.read(8), "little")
        data = self.read(count)
        self.append(bytearray(data))

    def _load_set(self) -> NoReturn:
        raise pickle.UnpicklingError("a set")

    dispatch[pickle.EMPTY_SET[0]] = dispatch[pickle.FROZENSET[0]] = _load_set
    dispatch[pickle.DICT[0]] = _load_dict
    dispatch[pickle.SETITEM[0]] = _load_setitem
    dispatch[pickle.SETITEMS[0]] = _load_setitems
    dispatch[pickle.BYTEARRAY8[0]] = _load_bytearray8
