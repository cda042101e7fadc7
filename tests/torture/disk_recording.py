"""What a program does with the files of a folder, and what a disk may hold after a power cut at each moment.

A hook of the interpreter sees every creation, renaming and deletion before it is done; the folder is compared with how
it was before, so that nothing is taken from what the program says. Only what `fsync` was called for is certain to be on
the disk: of a file its content, of a folder the names in it.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.torture.file_hook import listening

_ROOT = 0  # the folder that is recorded
_LEFT_OUT = {"compiled"}  # TensorFlow's own cache in it, whose writes no hook sees; what is damaged there is made again
Place = tuple[int, str]  # a folder, and a name in it
Tree = dict[str, bytes]  # content by path; folders end with /


@dataclass(frozen=True)
class Operation:
    """A change of a name.

    Attributes:
        before: The place that has no name afterwards; None where a name is created.
        after: The place that gets a name; None where one is deleted.
        node: What has the name.
    """

    before: Place | None
    after: Place | None
    node: int

    @property
    def folder(self) -> int:
        """The folder whose `fsync` makes the change durable; a renaming is one step, wherever it leads."""
        place = self.after or self.before
        assert place is not None
        return place[0]


@dataclass
class Moment:
    """The moment before an operation, or after a call of `fsync`.

    Attributes:
        operations: The operations so far.
        durable: Which of them are on the disk.
        contents: Content of each file now.
        synced: Content that is on the disk of each file that has any.
        promises: What was promised so far; see `promise`.
    """

    operations: int
    durable: frozenset[int]
    contents: dict[int, bytes]
    synced: dict[int, bytes]
    promises: int


@dataclass
class Recording:
    """What happened in a folder.

    Attributes:
        root: The folder.
        operations: The changes of names, in order.
        moments: Every moment at which the power may be cut.
        promises: What was said to be saved, in order.
        missed: How often more than one name changed between two moments.
        syncs: Calls of `fsync`.
    """

    root: Path
    operations: list[Operation] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    promises: list[Any] = field(default_factory=list)
    missed: int = 0
    syncs: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._is_busy = False
        self._nodes: dict[tuple[int, int], int] = {}
        self._count = _ROOT
        self._names: dict[Place, int] = {}
        self._contents: dict[int, bytes] = {}
        self._files: set[int] = set()  # what is no folder
        self._durable: set[int] = set()
        self._synced: dict[int, bytes] = {}
        self._look()
        self.operations.clear()  # what is there at the beginning is on the disk
        self.start = dict(self._names)
        self._synced = dict(self._contents)
        self.missed = 0
        self._add_moment()

    def see(self) -> None:
        """Record what has changed."""
        with self._lock:
            if self._is_busy:
                return
            self._is_busy = True
            try:
                self._look()
                self._add_moment()
            finally:
                self._is_busy = False

    def now(self) -> Tree:
        """Return the files as they are, made of the operations."""
        self.see()
        return self.tree(range(len(self.operations)), self.moments[-1].contents)

    def promise(self, what: Any) -> None:
        """Record that something was said to be saved."""
        self.see()
        with self._lock:
            self.promises.append(what)
            self._add_moment()

    def sync(self, handle: int) -> None:
        """Record a call of `fsync`."""
        self.see()
        status = os.fstat(handle)
        with self._lock:
            self.syncs += 1
            node = self._nodes.get((status.st_dev, status.st_ino))
            if node is None:
                return
            if stat.S_ISDIR(status.st_mode):
                self._durable |= {i for i, operation in enumerate(self.operations) if operation.folder == node}
            else:
                self._synced[node] = self._contents[node]
            self._add_moment()

    def _add_moment(self) -> None:
        parts = frozenset(self._durable), dict(self._contents), dict(self._synced)
        self.moments.append(Moment(len(self.operations), *parts, len(self.promises)))

    def _look(self) -> None:
        """Compare the names with those before."""
        names: dict[Place, int] = {}
        contents = dict(self._contents)  # with those of files that have no name now
        identities: dict[tuple[int, int], int] = {}
        self._walk(self.root, _ROOT, names, contents, identities)
        self._nodes = identities
        gone = {place: node for place, node in self._names.items() if names.get(place) != node}
        new = {place: node for place, node in names.items() if self._names.get(place) != node}
        before = {node: place for place, node in gone.items()}
        # Of what a folder contains nothing changes its place when the folder is renamed: places name the folder.
        added = len(self.operations)
        for place, node in new.items():
            self.operations.append(Operation(before.pop(node, None), place, node))
        replaced = {place for place in new if place in gone}
        for node, place in before.items():
            if place not in replaced:
                self.operations.append(Operation(place, None, node))
        self.missed += len(self.operations) - added > 1
        self._names, self._contents = names, contents
        self._files |= contents.keys()

    def _walk(self, path: Path, folder: int, names: Any, contents: Any, identities: Any) -> None:
        with suppress(FileNotFoundError), os.scandir(path) as entries:
            status = os.stat(path)  # noqa: PTH116
            identities[status.st_dev, status.st_ino] = folder
            for entry in sorted(entries, key=lambda entry: entry.name):
                if folder == _ROOT and entry.name in _LEFT_OUT:
                    continue
                status = os.lstat(entry.path)
                identity = status.st_dev, status.st_ino
                node = self._nodes.get(identity)
                if node is None:
                    self._count += 1
                    node = self._count
                identities[identity] = node
                names[folder, entry.name] = node
                if entry.is_dir(follow_symlinks=False):
                    self._walk(Path(entry.path), node, names, contents, identities)
                else:
                    contents[node] = Path(entry.path).read_bytes()

    def tree(self, included: Iterable[int], contents: dict[int, bytes]) -> Tree:
        """Return the files after some of the operations, with these contents; others are empty."""
        names = dict(self.start)
        for number in included:
            operation = self.operations[number]
            if operation.before is not None:
                names.pop(operation.before, None)  # a new name on the disk names its file, wherever this was created
            if operation.after is not None:
                names[operation.after] = operation.node
        result: Tree = {}

        def add(folder: int, path: str) -> None:
            for (parent, name), node in names.items():
                if parent != folder:
                    continue
                if node in self._files:
                    result[f"{path}{name}"] = contents.get(node, b"")
                else:
                    result[f"{path}{name}/"] = b""
                    add(node, f"{path}{name}/")

        add(_ROOT, "")
        return result

    def states(self, moment: Moment) -> Iterator[tuple[str, Tree]]:
        """Yield the states that a disk may have after a power cut at a moment, each with how it comes about."""
        everything = range(moment.operations)
        durable = sorted(moment.durable)
        pending = [number for number in everything if number not in moment.durable]
        cut = {node: content[: len(content) // 2] for node, content in moment.contents.items()} | moment.synced
        yield "all that was done", self.tree(everything, moment.contents)
        yield "what is durable", self.tree(durable, moment.synced)
        yield "names without contents", self.tree(everything, moment.synced)
        yield "names with halves of contents", self.tree(everything, cut)
        for number in pending:
            yield f"without operation {number}", self.tree((n for n in everything if n != number), moment.contents)
            yield f"durable and operation {number}", self.tree(sorted([*durable, number]), cut)


@contextmanager
def recording(root: Path) -> Iterator[Recording]:
    """Record what happens in a folder."""
    result = Recording(root)
    fsync = os.fsync

    def recorded(handle: int) -> None:
        fsync(handle)
        result.sync(handle)

    os.fsync = recorded
    try:
        with listening(lambda operation, path: result.see()):
            yield result
    finally:
        os.fsync = fsync
        result.see()


def write_tree(tree: Tree, folder: Path) -> None:
    """Write a state into a new folder."""
    folder.mkdir(parents=True)
    for path in sorted(tree):
        if path.endswith("/"):
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(tree[path])


def files_below(folder: Path) -> Tree:
    """Return the files in a folder that are recorded, as `tree` does."""
    return {
        f"{path.relative_to(folder)}{'/' if path.is_dir() else ''}": b"" if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
        if path.relative_to(folder).parts[0] not in _LEFT_OUT
    }
