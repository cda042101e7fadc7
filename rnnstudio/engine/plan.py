"""Which windows each update sees: index arrays made in blocks, so that no window is materialised."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.errors import SettingError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.sequence import Ints, SequenceData

_MOST_ROWS = 1024
_MOST_INDICES = 1 << 20  # 4 MiB of indices a block


@dataclass(frozen=True)
class Block:
    """A run of updates.

    Attributes:
        epoch: Number of the epoch whose data they see; differs only for data made anew each epoch.
        starts: First step of each window of each update, `(rows, B)`; rows past `count` are padding.
        which: Number of each window, `(rows, B)`, for targets per window.
        resets: Whether the state is zero before each update, `(rows,)`.
        count: Updates in the block.
    """

    epoch: int
    starts: Ints
    which: Ints
    resets: NDArray[np.bool_]
    count: int


@dataclass(frozen=True)
class Plan:
    """The updates of a whole run.

    Attributes:
        batch: Sequences per update.
        rows: Rows of every block, a fixed number because the compiled loop is made for it.
        updates_per_epoch: Updates in one pass over the training part.
        updates: Updates in all.
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
        """Yield blocks without end; the same ones every time."""
        return self._stateful_blocks() if self.stateful else self._stateless_blocks()

    def _stateful_blocks(self) -> Iterator[Block]:
        assert self._row_starts is not None
        epoch = 0
        while True:
            for first in range(0, self.updates_per_epoch, self.rows):
                starts = self._row_starts[first : first + self.rows]
                resets = np.zeros(self.rows, bool)
                resets[0] = first == 0
                yield Block(
                    epoch, _pad(starts, self.rows), np.zeros((self.rows, self.batch), np.int32), resets, len(starts)
                )
            epoch += 1

    def _stateless_blocks(self) -> Iterator[Block]:
        epochs = _stream(self._data.train, self._sampling, self.batch, np.random.default_rng([self._seed, 1]))
        stream = (some[i : i + _MOST_INDICES] for some in epochs for i in range(0, len(some), _MOST_INDICES))
        pending = np.empty(0, np.int32)
        epoch = done = 0
        while True:
            count = self.rows
            if self._data.refresh is not None:  # data made anew: a block must not reach into the next epoch
                count = min(count, self.updates_per_epoch - done)
            drawn, missing = [pending], count * self.batch - len(pending)
            while missing > 0:
                drawn.append(next(stream))
                missing -= len(drawn[-1])
            pending = np.concatenate(drawn)
            which, pending = pending[: count * self.batch].reshape(count, self.batch), pending[count * self.batch :]
            which = _pad(which, self.rows)
            yield Block(epoch, self._data.starts[which], which, np.zeros(self.rows, bool), count)
            done += count
            if done >= self.updates_per_epoch:
                epoch, done = epoch + 1, 0


def _stream(train: Ints, sampling: str, batch: int, rng: np.random.Generator) -> Iterator[Ints]:
    """Yield windows without end in the order wanted, an epoch or a batch at a time."""
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
    """Yield batch i from place (i * batch) mod (windows - batch) on, as a work does, which never sees the last one."""
    for i in itertools.count():
        begin = i * batch % max(1, len(shuffled) - batch)
        yield shuffled[begin : begin + batch]


def _pad(rows: Ints, length: int) -> Ints:
    return (
        rows
        if len(rows) == length
        else np.concatenate([rows, np.zeros((length - len(rows), rows.shape[1]), rows.dtype)])
    )


def make_plan(experiment: Experiment, data: SequenceData) -> Plan:
    """Return the plan of an experiment on its data.

    Raises:
        SettingError: The series is too short for the batch's rows.
    """
    training, stateful = experiment.training, experiment.model.stateful
    batch, row_starts = training.batch_size or len(data.train), None
    if stateful:
        if not data.one_series:
            raise SettingError("stateful needs one long series; these data are separate sequences.", "stateful")
        row_starts = _stateful_starts(data, batch)
        per_epoch = len(row_starts)
    else:
        batch = min(batch, len(data.train))  # the run says so
        per_epoch = -(-len(data.train) // batch)
    rows = max(
        1, min(_MOST_ROWS, _MOST_INDICES // batch, per_epoch if data.refresh is not None or stateful else _MOST_ROWS)
    )
    return Plan(
        batch=batch,
        rows=rows,
        updates_per_epoch=per_epoch,
        updates=training.updates or per_epoch * training.epochs,
        stateful=stateful,
        _sampling=training.sampling,
        _seed=experiment.seed,
        _data=data,
        _row_starts=row_starts,
    )


def _stateful_starts(data: SequenceData, batch: int) -> Ints:
    """Lay the training part out in `batch` rows and slide the window along all of them at once: `(updates, batch)`."""
    begin, end = int(data.starts[data.train[0]]), int(data.starts[data.train[-1]]) + data.window
    stride = int(data.starts[data.train[1]]) - begin if len(data.train) > 1 else data.window
    # The steps after the last whole window belong to a row as well, where there is no test part behind them.
    if not len(data.val) and not len(data.test):
        end = data.inputs.shape[1] - data.target_offset
    row = (end - begin) // batch
    if row < data.window:
        raise SettingError(
            f"batch_size: {end - begin} training steps laid out in {batch} rows leave {row} a row, less than "
            "the window "
            f"of {data.window}. Choose fewer rows or a shorter window.",
            "batch_size",
        )
    along = np.arange(0, row - data.window + 1, stride, dtype=np.int32)
    return (along[:, None] + begin + np.arange(batch, dtype=np.int32) * row).astype(np.int32)
