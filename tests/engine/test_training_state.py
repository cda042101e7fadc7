"""A training goes on from any of its states with the bits that it would have had without a stop."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnstudio.core.events import Event, Finished
from rnnstudio.core.experiment import Experiment, compose
from rnnstudio.core.history import History
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.train import TrainingResult, train
from rnnstudio.engine.training_state import Beginning, Continuation, TrainingState
from tests.engine.training import prepared

RNG = np.random.default_rng(8)
SERIES = np.cumsum(RNG.normal(size=(160, 2)), axis=0).astype(np.float32)
SEQUENCES = RNG.normal(size=(48, 12, 3)).astype(np.float32)
CLASSES = (SEQUENCES.sum(axis=(1, 2)) > 0).astype(int)
STEPS = (np.cumsum(SEQUENCES[..., 0], axis=1) > 0).astype(int)

FORECAST = {"task": "forecast", "window": 8, "test_fraction": 0.2, "val_fraction": 0.2, "batch_size": 16}
CLASSIFY = {"task": "classify", "test_fraction": 0.2, "val_fraction": 0.2, "batch_size": 8}
CASES: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "classes, dropout, best weights": (
        SEQUENCES,
        CLASSES,
        {**CLASSIFY, "dropout": 0.3, "sampling": "shuffle", "restore_best_weights": True, "patience": 50},
    ),
    "classes, early stopping, threshold": (
        SEQUENCES,
        CLASSES,
        {**CLASSIFY, "patience": 2, "learning_rate": 0.05, "evaluate_every": 2, "decision_threshold": "validation"},
    ),
    "classes, weights of classes, two directions": (
        SEQUENCES,
        CLASSES,
        {**CLASSIFY, "class_weight": "balanced", "label_smoothing": 0.1, "bidirectional": True, "layers": 2},
    ),
    "labels, stateful": (
        SERIES[:, 0],
        (SERIES[:, 0] > 0).astype(int),
        {"task": "label", "window": 5, "stateful": True, "batch_size": 3, "optimizer": "rmsprop"},
    ),
    "labels": (SEQUENCES, STEPS, {"task": "label", "batch_size": 4, "optimizer": "adagrad"}),
    "values": (SEQUENCES, SEQUENCES[..., :1] * 2, {"task": "regress", "batch_size": 8, "sampling": "random"}),
    "a value per sequence": (SEQUENCES, CLASSES * 1.5, {"task": "regress_sequence", "batch_size": 8}),
    "forecast, cosine": (
        SERIES,
        None,
        {**FORECAST, "sampling": "shuffle_once", "schedule": "cosine", "clip_norm": 1.0, "optimizer": "nesterov"},
    ),
    "forecast, frozen linear part": (
        SERIES,
        None,
        {**FORECAST, "linear_skip": True, "freeze_linear_skip": True, "restore_best_weights": True},
    ),
    "forecast, fed back": (SERIES, None, {**FORECAST, "horizon": 3, "multi_step": "recursive", "l2": 0.001}),
    "forecast, quantiles": (SERIES, None, {**FORECAST, "loss": "pinball", "levels": [80], "horizon": 2}),
}


class Kept:
    """Keeps every state as its file would, with the length of the history."""

    def __init__(self) -> None:
        self.files: list[tuple[str, bytes]] = []
        self.history = History()

    def begin(self, beginning: Beginning) -> None:
        self.history = beginning.history

    def is_due(self, best_step: int) -> bool:
        return True

    def take(self, state: TrainingState) -> None:
        file = io.BytesIO()
        np.savez(file, **state.to_arrays())  # type: ignore[arg-type]
        self.files.append((json.dumps(state.to_dict()), file.getvalue()))

    def states(self) -> list[TrainingState]:
        return [self._read(*file) for file in self.files]

    @staticmethod
    def _read(plain: str, arrays: bytes) -> TrainingState:
        with np.load(io.BytesIO(arrays)) as loaded:
            return TrainingState.from_parts(json.loads(plain), {name: loaded[name] for name in loaded.files})


def history_of(events: list[Event]) -> History:
    history = History()
    for event in events:
        history.apply(event)
    return history


def trained(
    experiment: Experiment, data: SequenceData | None, continuation: Continuation | None = None
) -> tuple[TrainingResult, list[Event], Kept]:
    events: list[Event] = []
    kept = Kept()
    result = train(experiment, events.append, data=data, continuation=continuation, checkpoints=kept)
    return result, events, kept


def bits(result: TrainingResult) -> dict[str, Any]:
    """What must not depend on a stop."""
    record = result.history
    return {
        "weights": {name: values.tobytes() for name, values in result.weights.items()},
        "loss": record.loss.values.tobytes(),
        "accuracy": record.accuracy.values.tobytes(),
        "evaluations": [sorted(e.items()) for e in record.evaluations],
        "metrics": result.metrics,
        "outcome": (record.outcome, record.weights_step),
        "rows": (result.class_rows, result.by_series, result.by_target, result.lag),
    }


def assert_goes_on_from_every_state(experiment: Experiment, data: SequenceData | None, count: int = 2) -> None:
    whole, events, kept = trained(experiment, data)
    states = kept.states()
    for state in [states[i] for i in sorted({0, *np.linspace(0, len(states) - 1, count, dtype=int)})]:
        resumed, resumed_events, _ = trained(experiment, data, Continuation.of(state, whole.history))
        assert str(bits(resumed)) == str(bits(whole)), state.step  # as texts, because NaN is not equal to itself
        live = history_of(resumed_events)
        assert live.loss.values.tobytes() == whole.history.loss.values.tobytes()
        assert sum(isinstance(event, Finished) for event in resumed_events) == 1
    assert sum(isinstance(event, Finished) for event in events) == 1


@pytest.mark.parametrize("case", CASES)
def test_a_training_goes_on_with_the_same_bits(case: str) -> None:
    x, y, settings = CASES[case]
    defaults = {"cell": "gru", "units": 4, "updates": 30, "evaluate_every": 7, "seed": 3}
    assert_goes_on_from_every_state(*prepared(x, y, **{**defaults, **settings}))


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [
        ("echo", {"epochs": 3, "updates": 0}),  # new data each epoch, and a state that is carried
        ("toy", {"updates": 20}),
        ("airline", {"updates": 60}),
        ("etth2", {"updates": 6, "units": 4}),
    ],
)
def test_recipes_go_on_with_the_same_bits(recipe: str, settings: dict[str, Any]) -> None:
    assert_goes_on_from_every_state(compose(recipe, settings), None, count=2)


def test_a_training_that_diverges_after_a_stop_ends_with_the_same_weights() -> None:
    huge = {"cell": "rnn", "units": 4, "updates": 60, "optimizer": "sgd", "learning_rate": 300.0, "task": "forecast"}
    experiment, data = prepared(SERIES * 1e3, None, **huge, window=8, batch_size=16, evaluate_every=7)
    whole, _, kept = trained(experiment, data)
    assert whole.history.outcome == "diverged"
    assert_goes_on_from_every_state(experiment, data, count=9)
    assert kept.states()[-1].step < whole.history.step


def test_each_part_of_a_state_decides_how_the_training_goes_on() -> None:
    """Altering any array, or what is known of evaluations, changes what follows: no part is kept for nothing."""
    settings = {**CLASSIFY, "dropout": 0.2, "optimizer": "adam", "cell": "gru", "units": 4, "updates": 24}
    settings |= {"evaluate_every": 6, "restore_best_weights": True, "patience": 50, "seed": 3}
    experiment, data = prepared(SEQUENCES, CLASSES, **settings)
    whole, _, kept = trained(experiment, data)
    state = next(s for s in kept.states() if s.step >= 12 and s.monitor.best_weights is not None)
    past = Continuation.of(state, whole.history)

    def differs(altered: TrainingState) -> bool:
        return str(bits(trained(experiment, data, replace(past, state=altered))[0])) != str(bits(whole))

    assert not differs(state)
    for name, values in state.weights.items():
        assert differs(replace(state, weights={**state.weights, name: values + np.float32(0.01)})), name
    for i, values in enumerate(state.optimizer):
        others = list(state.optimizer)
        others[i] = values + np.asarray(1 if values.dtype.kind in "iu" else 0.01, values.dtype)
        assert differs(replace(state, optimizer=tuple(others))), i
    assert differs(replace(state, step=state.step - 1))
