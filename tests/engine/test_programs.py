"""Compiled programs serve later runs of the same shapes."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from tensorflow.python.eager import context

from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.events import StepsDone
from rnnstudio.engine import programs
from rnnstudio.engine.pacing import Pacer
from rnnstudio.engine.runtime import tf
from tests.engine.training import prepared, run

X = np.random.default_rng(8).normal(size=(5, 7, 3)).astype(np.float32)


def small(seed: int, **settings: Any) -> Any:
    defaults = {"task": "classify", "cell": "gru", "units": 3, "batch_size": 5, "updates": 3, "sampling": "shuffle"}
    return prepared(X, [0, 1, 0, 1, 1], **{**defaults, "seed": seed, **settings})


def test_a_run_of_the_same_shapes_uses_the_same_program_and_has_its_own_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    build = programs.Chunk.__init__
    monkeypatch.setattr(programs.Chunk, "__init__", lambda self, *args: [built.append(self), build(self, *args)][1])
    first, other, again = (run(*small(seed, clip_norm=0.987))[0] for seed in (1, 2, 1))
    slower, _ = run(*small(1, clip_norm=0.987, learning_rate=1e-9))
    assert len(built) == 1
    for name, weight in first.weights.items():
        assert weight.tobytes() == again.weights[name].tobytes()
        assert not np.array_equal(weight, slower.weights[name]) or not weight.any()
    assert any(not np.array_equal(w, other.weights[name]) for name, w in first.weights.items())


@pytest.mark.usefixtures("uncompiled")
def test_other_settings_have_their_own_programs() -> None:
    run(*small(1, clip_norm=0.876))
    first = programs._pool[-1]
    run(*small(1, clip_norm=0.765))
    assert programs._pool[-1] is not first


@pytest.mark.usefixtures("uncompiled")
def test_the_pool_holds_the_latest_eight_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs._Counts, "built", 0)  # so that those of other tests do not make it release them here
    for units in range(1, 11):
        run(*small(1, units=units, updates=1))
    assert len(programs._pool) == 8
    assert programs._pool[-1][1].network.settings.units == 10


linux = pytest.mark.skipif(not programs.program_memory.memory_maps()[1], reason="memory maps are counted on Linux")


@linux
def test_released_programs_give_their_memory_maps_back_and_can_be_built_again() -> None:
    first, _ = run(*small(1, units=5, clip_norm=0.871))
    run(*small(1, units=6, clip_norm=0.871))
    before, _ = programs.program_memory.memory_maps()
    programs._pool.clear()
    programs.program_memory.release()
    assert programs.program_memory.memory_maps()[0] < before - 100
    again, _ = run(*small(1, units=5, clip_norm=0.871))
    assert all(weight.tobytes() == again.weights[name].tobytes() for name, weight in first.weights.items())


def test_a_pooled_program_runs_after_a_release() -> None:
    first, _ = run(*small(1, clip_norm=0.872))
    programs.program_memory.release()
    again, _ = run(*small(1, clip_norm=0.872))
    assert all(weight.tobytes() == again.weights[name].tobytes() for name, weight in first.weights.items())


@pytest.mark.usefixtures("uncompiled")
def test_programs_are_released_after_many_were_built_and_only_while_none_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released: list[int] = []
    monkeypatch.setattr(programs, "_MAX_KEPT", 3)
    monkeypatch.setattr(programs._Counts, "built", 0)
    monkeypatch.setattr(programs.program_memory, "release", lambda: released.append(programs._Counts.in_use))
    for units in range(1, 5):
        run(*small(1, units=units, clip_norm=0.873))
    assert released == [1]  # that of the fourth, which is not built yet
    assert len(programs._pool) == 1
    monkeypatch.setattr(programs._Counts, "built", 3)
    programs._Counts.in_use += 1  # another training uses its program
    run(*small(1, units=9, clip_norm=0.873))
    programs._Counts.in_use -= 1
    assert released == [1]
    assert programs._Counts.in_use == 0


def test_the_graph_of_a_program_that_is_not_pooled_does_not_stay() -> None:
    def graphs() -> int:
        gc.collect()
        return sum(type(each).__name__ == "FuncGraph" for each in gc.get_objects())

    programs._pool.clear()
    before = graphs()
    run(*small(1, cell="lstm", units=4, clip_norm=0.874))
    programs._pool.clear()
    assert graphs() == before


def test_operations_of_a_program_do_not_keep_the_stacks_that_made_them() -> None:
    run(*small(1, clip_norm=0.872))
    traced = programs._pool[-1][1].chunk._compiled._list_all_concrete_functions()
    stacks = [operation.traceback for each in traced for operation in each.graph.get_operations()]
    assert len(stacks) > 10
    assert {(len(stack), stack[0].filename) for stack in stacks} == {(1, programs.program_memory.__file__)}


def test_a_release_forgets_prepared_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    cleared: list[bool] = []
    monkeypatch.setattr(context.context(), "clear_kernel_cache", lambda: cleared.append(True))
    programs.program_memory.release()
    assert cleared == [True]


def test_operations_made_by_other_threads_have_stacks_of_their_own() -> None:
    def is_named() -> bool:
        with tf.Graph().as_default():
            return __file__ in {frame.filename for frame in tf.constant(1.0).op.traceback}

    assert is_named()
    with programs.program_memory.brief_stacks(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(is_named).result()
        assert not is_named()
    assert is_named()


@pytest.mark.usefixtures("uncompiled")
def test_a_program_is_refused_well_before_the_process_has_too_many_memory_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs.program_memory, "memory_maps", lambda: (60_000, 65_530))
    with pytest.raises(RnnStudioError, match=r"60,000 of the 65,530 memory maps .* Start rnnstudio"):
        run(*small(1, units=2, clip_norm=0.875))
    assert programs._Counts.in_use == 0


def test_no_number_of_each_chunk_stays_on_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    # TensorFlow keeps every different number of Python that becomes a tensor, 1 kB each.
    numbers: set[float] = set()
    constant = tf.constant

    def noted(value: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(value, int | float):
            numbers.add(value)
        return constant(value, *arguments, **options)

    monkeypatch.setattr(tf, "constant", noted)
    monkeypatch.setattr(Pacer, "done", lambda *_: None)  # each chunk is one update
    _, events = run(*small(1, updates=60))
    assert sum(isinstance(event, StepsDone) for event in events) == 60
    assert len(numbers) < 20
