"""Which windows each update sees, as blocks of indices, so that no window is ever stored."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.known_targets import have_targets, with_targets
from rnnstudio.core.sequence import Ints, SequenceData

_MAX_ROWS = 1024
_MAX_INDICES = 1 << 20  # indices in a block, 4 MiB


@dataclass(frozen=True)
class Block:
    """The indices of consecutive updates.

    Attributes:
        epoch: Number of the epoch whose data the updates see; counts only where each epoch has new data.
        starts: First step of each window of each update, `(rows, B)`; rows from `count` on are padding.
        windows: Index of each window, `(rows, B)`.
        resets: Whether the state is reset to zero before each update, `(rows,)`.
        count: Updates in the block.
    """

    epoch: int
    starts: Ints
    windows: Ints
    resets: NDArray[np.bool_]
    count: int


@dataclass(frozen=True)
class Plan:
    """The updates of a run.

    Attributes:
        batch: Sequences per update, B.
        rows: Rows of each block; fixed, because the compiled loop is built for it.
        updates_per_epoch: Updates in one pass over the training set.
        updates: Updates in total.
        stateful: Whether the state passes from window to window.
    """

    batch: int
    rows: int
    updates_per_epoch: int
    updates: int
    stateful: bool
    _sampling: str
    _seed: int
    _data: SequenceData
    _row_starts: Ints | None

    def blocks(self) -> Iterator[Block]:
        """Yield blocks without end; the same blocks at each call."""
        return self._stateful_blocks() if self.stateful else self._stateless_blocks()

    def blocks_from(self, step: int) -> Iterator[tuple[Block, int]]:
        """Yield the block of the update after `step` updates with the row of this update, then the next blocks with 0.

        The blocks before are drawn as well: which windows an update sees depends on all draws before it.
        """
        before = 0
        for block in self.blocks():
            if before + block.count > step:
                yield block, max(0, step - before)
            before += block.count

    def _stateful_blocks(self) -> Iterator[Block]:
        assert self._row_starts is not None
        windows = np.zeros((self.rows, self.batch), np.int32)
        for epoch in itertools.count():
            for first in range(0, self.updates_per_epoch, self.rows):
                starts = self._row_starts[first : first + self.rows]
                resets = np.zeros(self.rows, bool)
                resets[0] = first == 0
                yield Block(epoch, _pad(starts, self.rows), windows, resets, len(starts))

    def _stateless_blocks(self) -> Iterator[Block]:
        samples = _sample(
            with_targets(self._data, self._data.train),
            self._sampling,
            self.batch,
            np.random.default_rng([self._seed, 1]),
        )
        stream = (part[i : i + _MAX_INDICES] for part in samples for i in range(0, len(part), _MAX_INDICES))
        pending = np.empty(0, np.int32)
        epoch = done = 0
        while True:
            count = self.rows
            if self._data.refresh is not None:  # each epoch has new data: a block must not reach into the next one
                count = min(count, self.updates_per_epoch - done)
            drawn, missing = [pending], count * self.batch - len(pending)
            while missing > 0:
                drawn.append(next(stream))
                missing -= len(drawn[-1])
            pending = np.concatenate(drawn)
            windows, pending = pending[: count * self.batch].reshape(count, self.batch), pending[count * self.batch :]
            windows = _pad(windows, self.rows)
            yield Block(epoch, self._data.starts[windows], windows, np.zeros(self.rows, bool), count)
            done += count
            if done >= self.updates_per_epoch:
                epoch, done = epoch + 1, 0


def _sample(train: Ints, sampling: str, batch: int, rng: np.random.Generator) -> Iterator[Ints]:
    """Yield training windows without end in the order of `sampling`, an epoch or a batch at a time."""
    if sampling == "shuffle_once":
        yield from _shuffled_once(rng.permutation(train), batch)
    while True:
        match sampling:
            case "shuffle":
                yield rng.permutation(train)
            case "random":
                yield rng.choice(train, len(train))
            case _:
                yield train


def _shuffled_once(shuffled: Ints, batch: int) -> Iterator[Ints]:
    """Yield batch i from index (i * batch) mod (windows - batch) on.

    A publication draws its batches so; it never sees the last batch of windows.
    """
    for i in itertools.count():
        begin = i * batch % max(1, len(shuffled) - batch)
        yield shuffled[begin : begin + batch]


def _pad(rows: Ints, length: int) -> Ints:
    """Return the rows with rows of zeros up to `length`."""
    if len(rows) == length:
        return rows
    return np.concatenate([rows, np.zeros((length - len(rows), rows.shape[1]), rows.dtype)])


def evaluation_interval(evaluate_every: int, updates_per_epoch: int, updates: int) -> int:
    """Return the number of updates between two evaluations: that of the setting, else an epoch, or a hundredth.

    >>> evaluation_interval(0, updates_per_epoch=20, updates=10_000)
    100
    """
    return evaluate_every or max(updates_per_epoch, -(-updates // 100))


def make_plan(experiment: Experiment, data: SequenceData) -> Plan:
    """Return the plan of an experiment on its data.

    Raises:
        SettingError: The network is stateful, and the data are separate sequences or too short for the batch.
    """
    training, stateful = experiment.training, experiment.model.stateful
    train = with_targets(data, data.train)
    batch, row_starts = training.batch_size or len(train), None
    if stateful:
        if not data.one_series:
            kind = f"{len(data.series):,} series" if data.series else "separate sequences"
            raise SettingError(f"stateful needs one long series; these data are {kind}. Set it to false.", "stateful")
        row_starts = _stateful_starts(data, batch)
        _check_targets(data, row_starts)
        updates_per_epoch = len(row_starts)
    else:
        batch = min(batch, len(train))  # a warning of the run says so
        updates_per_epoch = -(-len(train) // batch)
    max_rows = updates_per_epoch if data.refresh is not None or stateful else _MAX_ROWS
    return Plan(
        batch=batch,
        rows=max(1, min(_MAX_ROWS, _MAX_INDICES // batch, max_rows)),
        updates_per_epoch=updates_per_epoch,
        updates=training.updates or updates_per_epoch * training.epochs,
        stateful=stateful,
        _sampling=training.sampling,
        _seed=experiment.seed,
        _data=data,
        _row_starts=row_starts,
    )


def _stateful_starts(data: SequenceData, batch: int) -> Ints:
    """Return the starts, `(updates, batch)`, of windows that slide in parallel along `batch` rows.

    The rows are `batch` consecutive parts of the training set, of equal length.
    """
    begin, end = int(data.starts[data.train[0]]), int(data.starts[data.train[-1]]) + data.window
    stride = int(data.starts[data.train[1]]) - begin if len(data.train) > 1 else data.window
    # Without a held-out set, the steps after the last whole window belong to the rows as well.
    if not len(data.val) and not len(data.test):
        end = data.inputs.shape[1] - data.target_offset
    row = (end - begin) // batch
    if row < data.window:
        raise SettingError(
            f"batch_size {batch} cuts the {end - begin} training steps into {batch} rows of {row} steps; a stateful "
            f"network needs rows of at least one window, {data.window} steps. Choose a smaller batch_size or window.",
            "batch_size",
        )
    offsets = np.arange(0, row - data.window + 1, stride, dtype=np.int32)
    return (offsets[:, None] + begin + np.arange(batch, dtype=np.int32) * row).astype(np.int32)


def _check_targets(data: SequenceData, row_starts: Ints) -> None:
    """Refuse an update of a stateful network whose targets are all missing: it would have no loss."""
    if not data.missing_targets:
        return
    empty = np.flatnonzero(~have_targets(data, row_starts).any(axis=(1, 2)))
    if len(empty):
        raise SettingError(
            f"stateful must be false, or window or batch_size larger: update {int(empty[0]) + 1} of an epoch has no "
            "value to predict, because all are missing there.",
            "stateful",
        )
