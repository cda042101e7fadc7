"""Registries that import every module of a package on the first look-up.

A new data set, cell, recipe or plot is therefore one new file; no other file names it.
"""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from rnnstudio.core.errors import RegistrationError, UnknownNameError

T = TypeVar("T")


def modules_of(package: str) -> list[str]:
    """Return the full names of all modules of a package and its sub-packages, without importing them.

    The registries import these modules. The bundle includes the same ones, because its builder cannot see such imports.

    >>> "rnnstudio.library.datasets.airline" in modules_of("rnnstudio.library.datasets")
    True
    """
    spec = importlib.util.find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or []
    names = []
    for module in pkgutil.iter_modules(folders):
        name = f"{package}.{module.name}"
        names += [name, *(modules_of(name) if module.ispkg else [])]
    return names


class Registry(Generic[T]):
    """The entries of one kind by name; the modules of a package register them.

    Args:
        kind: What an entry is called in messages, such as "cell".
        package: The package whose modules register entries, such as "rnnstudio.library.cells".
    """

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self.package = package
        self._entries: dict[str, T] = {}
        self._imported = False

    def register(self, name: str) -> Callable[[T], T]:
        """Return a decorator that registers its argument.

        Args:
            name: Name of the entry.

        Raises:
            RegistrationError: Another entry has this name.
        """

        def add(entry: T) -> T:
            if name in self._entries and self._entries[name] is not entry:
                raise RegistrationError(
                    f"The name of a {self.kind} must be unique; {name!r} is registered twice. Choose another name for "
                    "one of the two."
                )
            self._entries[name] = entry
            return entry

        return add

    def _import_modules(self) -> None:
        if not self._imported:
            for module in modules_of(self.package):
                if not module.rpartition(".")[2].startswith("_"):
                    importlib.import_module(module)
            self._entries = dict(sorted(self._entries.items()))  # whichever module was imported first
            self._imported = True

    def names(self) -> list[str]:
        """Return all names, sorted."""
        self._import_modules()
        return list(self._entries)

    def get(self, name: str) -> T:
        """Return the entry called `name`.

        Raises:
            UnknownNameError: There is none; the message suggests the closest names.
        """
        self._import_modules()
        try:
            return self._entries[name]
        except (KeyError, TypeError):
            raise UnknownNameError(self.kind, str(name), self._entries) from None

    def __contains__(self, name: object) -> bool:
        self._import_modules()
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        self._import_modules()
        return iter(self._entries.values())
