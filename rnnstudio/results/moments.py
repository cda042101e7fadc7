"""The weights of moments of a training that a run keeps, in memory or in its folder: `moment-500.npz` and so on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import DataError, StoreError
from rnnstudio.core.plain_arrays import save_arrays
from rnnstudio.results.checked_files import RUN_FILE, RunFiles, read_arrays
from rnnstudio.results.run_archive import is_run_archive, open_run
from rnnstudio.results.run_folder import Write

Weights = dict[str, NDArray[np.float32]]
_FILE = re.compile(r"moment-(0|[1-9][0-9]{0,11})\.npz")


class Moments:
    """The weights of moments of one training, by their number of updates.

    Args:
        weights: The weights; None for those that are among the files of the run.
        best: Number of updates of the best weights; None where they are not known.
        path: Folder or .rnnrun file of the run; None where it is not saved.
        checksums: The SHA-256 of each file, by which those of another run with the same name are refused.
    """

    def __init__(
        self,
        weights: Mapping[int, Weights | None],
        best: int | None = None,
        path: Path | None = None,
        checksums: Mapping[str, str] | None = None,
    ) -> None:
        self._weights, self.best, self.path = dict(weights), best, path
        self._checksums = dict(checksums or {})

    @classmethod
    def of_files(cls, files: RunFiles, best: int | None) -> Moments:
        """Return those among the files of a run."""
        return cls(dict.fromkeys(moment_steps(files.names)), best, files.path, files.checksums)

    @property
    def steps(self) -> list[int]:
        """The numbers of updates."""
        return sorted(self._weights)

    def weights(self, step: int) -> Weights:
        """Return the weights after `step` updates, one of `steps`.

        Raises:
            StoreError: They are in a file that is missing or damaged.
        """
        known = self._weights[step]
        if known is not None:
            return known
        assert self.path is not None
        try:
            with open_run(self.path) as files:
                self._check_same(files, step)
                return read_arrays(files, moment_file(step))
        except (OSError, DataError) as error:
            raise StoreError(f"The weights after {step:,} updates cannot be read from {self.path}: {error}") from None

    def _check_same(self, files: RunFiles, step: int) -> None:
        """Check that the weights of a moment are those of the run: not where its training went on, or it was replaced.

        Raises:
            StoreError: They are not.
        """
        name = moment_file(step)
        if name not in self._checksums or self._is_own(name, files.checksums):
            return
        others = [moment_file(own) for own in moment_steps(self._checksums)]
        if any(self._is_own(other, files.checksums) for other in others):  # such as that before the first update
            raise StoreError(
                f"The run in {files.title} no longer has the weights after {step:,} updates, because its training went "
                "on, or it was saved anew, after it was opened. Use the run that resume returned, or load it again."
            )
        raise StoreError(
            f"The run in {files.title} is no longer the one that was opened, because another one was saved under "
            "its name. Open it again."
        )

    def writers(self, folder: Path) -> dict[str, Write]:
        """Return the functions that write those which are not in this folder, by the names of the files."""
        readable = set() if folder == self.path else self._readable()
        steps = [step for step, own in self._weights.items() if own is not None or step in readable]
        return {moment_file(step): self._writer(step) for step in steps}

    def _readable(self) -> set[int]:
        """Return those whose files are still those of the run; others are left out where the run is saved again."""
        if self.path is None or not (is_run_archive(self.path) or (self.path / RUN_FILE).is_file()):
            return set()
        try:
            with open_run(self.path) as files:
                found = files.checksums
        except (OSError, DataError, StoreError):
            return set()
        names = {step: moment_file(step) for step in self._weights}
        return {step for step, name in names.items() if self._is_own(name, found)}

    def _is_own(self, name: str, found: Mapping[str, str]) -> bool:
        """Return whether a file is among those with these checksums, and as far as known that of this run."""
        return name in found and self._checksums.get(name) in (None, found[name])

    def in_folder(self, folder: Path, stored: Collection[int], others: Mapping[int, Weights]) -> Moments:
        """Return those that a folder can have; those that are nowhere are left out.

        Args:
            folder: The folder.
            stored: Updates whose weights are there.
            others: Weights that are in memory elsewhere, by their number of updates.
        """
        known = {step: w if w is not None else others.get(step) for step, w in self._weights.items()}
        weights = {s: None if s in stored else w for s, w in known.items() if s in stored or w is not None}
        return Moments(weights, self.best, folder)

    def _writer(self, step: int) -> Write:
        return lambda file: save_arrays(file, self.weights(step))

    def saved_at(self, path: Path) -> None:
        """Take those among the files of the run at a path as its own, and release those in memory."""
        with open_run(path) as files:
            self._checksums = files.checksums
        self._weights, self.path = dict.fromkeys(moment_steps(self._checksums)), path


def moment_file(step: int) -> str:
    """Return the name of the file with the weights after `step` updates.

    >>> moment_file(500)
    'moment-500.npz'
    """
    return f"moment-{step}.npz"


def moment_steps(names: Collection[str]) -> list[int]:
    """Return the numbers of updates of the moments among files.

    >>> moment_steps(["weights.npz", "moment-0.npz", "moment-500.npz"])
    [0, 500]
    """
    return sorted(int(found.group(1)) for name in names if (found := _FILE.fullmatch(name)))
