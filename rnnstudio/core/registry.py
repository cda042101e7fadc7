"""Registries that fill themselves: every module of a package is imported once, on the first look-up.

A new data set, cell, recipe or picture is therefore one new file; nothing else has to name it.
"""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from rnnstudio.core.errors import UnknownNameError

T = TypeVar("T")


def modules_of(package: str) -> list[str]:
    """Return the full names of all modules of a package and its sub-packages, none of which is imported.

    The registries import what they find here; the packaged program, whose builder sees no such imports, holds the same.
    """
    found = importlib.util.find_spec(package)
    places = (found.submodule_search_locations if found else None) or []
    names = []
    for module in pkgutil.iter_modules(places):
        name = f"{package}.{module.name}"
        names += [name, *(modules_of(name) if module.ispkg else [])]
    return names


class Registry(Generic[T]):
    """Names of one kind of thing, found by importing the modules of one package.

    Args:
        kind: What an entry is called in messages, such as "cell".
        package: The package whose modules register entries, such as "rnnstudio.library.cells".
    """

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self.package = package
        self._entries: dict[str, T] = {}
        self._walked = False

    def register(self, name: str) -> Callable[[T], T]:
        """Return a decorator that files its argument under `name`; a name taken twice is a programming error."""

        def keep(entry: T) -> T:
            if name in self._entries and self._entries[name] is not entry:
                raise ValueError(f"two things want to be the {self.kind} {name!r}")
            self._entries[name] = entry
            return entry

        return keep

    def _walk(self) -> None:
        if not self._walked:
            for module in modules_of(self.package):
                if not module.rpartition(".")[2].startswith("_"):
                    importlib.import_module(module)
            self._entries = dict(sorted(self._entries.items()))  # whoever was imported first
            self._walked = True

    def names(self) -> list[str]:
        """Return all names, sorted."""
        self._walk()
        return list(self._entries)

    def get(self, name: str) -> T:
        """Return the entry called `name`.

        Raises:
            UnknownNameError: There is none; the message offers the nearest names.
        """
        self._walk()
        try:
            return self._entries[name]
        except (KeyError, TypeError):
            raise UnknownNameError(self.kind, str(name), self._entries) from None

    def __contains__(self, name: object) -> bool:
        self._walk()
        return name in self._entries

    def __iter__(self) -> Iterator[T]:
        self._walk()
        return iter(self._entries.values())
