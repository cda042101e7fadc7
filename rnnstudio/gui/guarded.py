"""No exception leaves a function that Qt calls: it is reported, and Qt receives an empty value.

An exception that leaves an override of a function of Qt, such as `data` of a model, is kept until control returns to
Python, and a second one meanwhile ends the process without a message. Classes derived from those of Qt are therefore
changed when they are defined, those of pyqtgraph and of contributors as well.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsItem

_MAX_REPORTED = 100  # a function that paints would report its error again with each frame
_EMPTY: dict[str, Callable[[], Any]] = {
    **dict.fromkeys(("data", "headerData", "paint", "sort", "index", "parent", "createEditor"), lambda: None),
    **dict.fromkeys(("setEditorData", "setModelData", "updateEditorGeometry", "itemChange"), lambda: None),
    **dict.fromkeys(("rowCount", "columnCount", "heightForWidth"), lambda: 0),
    **dict.fromkeys(("event", "eventFilter", "viewportEvent", "setData", "hasHeightForWidth"), lambda: False),
    **dict.fromkeys(("lessThan", "filterAcceptsRow", "filterAcceptsColumn", "dropMimeData"), lambda: False),
    "flags": lambda: Qt.ItemFlag.NoItemFlags,
    "sizeHint": QSize,
    "minimumSizeHint": QSize,
    "boundingRect": QRectF,
    "shape": QPainterPath,
}
_MARK = "_is_guarded"  # attribute of a guarded function
_reported: set[tuple[str, str]] = set()


def guard_overrides() -> None:
    """Guard the overrides of all classes that are derived from those of Qt from now on."""
    for base in (QObject, QGraphicsItem):
        base.__init_subclass__ = _hook(base)  # type: ignore[method-assign]


def _hook(base: Any) -> Any:
    """Return the function that is called with each class derived from `base`; it calls that of the next base, too."""

    def init_subclass(cls: type[Any], /, **options: Any) -> None:
        super(base, cls).__init_subclass__(**options)
        _guard_class(cls)

    return classmethod(init_subclass)


def _guard_class(cls: type) -> None:
    for name, function in list(vars(cls).items()):
        if isinstance(function, FunctionType) and not hasattr(function, _MARK) and _is_called_by_qt(cls, name):
            setattr(cls, name, _guarded(function, name))


def _is_called_by_qt(cls: type, name: str) -> bool:
    if name not in _EMPTY and not name.endswith("Event"):
        return False
    return any(name in vars(base) and not isinstance(vars(base)[name], FunctionType) for base in cls.__mro__[1:])


def _guarded(function: FunctionType, name: str) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except Exception as error:  # whatever it is, it may not reach Qt
            report(error, function.__qualname__)
        return _EMPTY.get(name, lambda: None)()

    setattr(call, _MARK, True)
    return call


def report(error: Exception, where: str) -> None:
    """Pass an error on to `sys.excepthook`, once for each place and message."""
    place = where, f"{type(error).__name__}: {error}"
    if place not in _reported and len(_reported) < _MAX_REPORTED:
        _reported.add(place)
        sys.excepthook(type(error), error, error.__traceback__)
