"""The state of a training between two updates: from it a training goes on as if it had never stopped.

The order of the windows, dropout and rotations are functions of the seed and the number of the update, so that they
need no place here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from rnnstudio.core.automatic import Choice
from rnnstudio.core.events import Continued
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.history import History
from rnnstudio.core.scaling import Scalers
from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.kept_weights import KeptWeights
from rnnstudio.engine.monitor import MonitorState
from rnnstudio.engine.network import Weights


@dataclass(frozen=True)
class TrainingState:
    """What decides how a training goes on.

    Attributes:
        step: Number of updates that are done.
        weights: All weights of the network by name.
        optimizer: The variables of the optimizer, in its order.
        carried: The state of a stateful network before the next window; empty for others.
        monitor: What is known of the evaluations.
        starts_fitted: Whether the initial weights of the training were not random.
    """

    step: int
    weights: Weights
    optimizer: tuple[NDArray[Any], ...]
    carried: tuple[NDArray[Any], ...]
    monitor: MonitorState
    starts_fitted: bool

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return all arrays by name, for a file; `to_dict` has the rest."""
        arrays: dict[str, NDArray[Any]] = {f"weights/{name}": values for name, values in self.weights.items()}
        arrays |= {f"optimizer/{i}": values for i, values in enumerate(self.optimizer)}
        arrays |= {f"carried/{i}": values for i, values in enumerate(self.carried)}
        return arrays | {f"best/{name}": values for name, values in (self.monitor.best_weights or {}).items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the step, and what is known of the evaluations, as plain values."""
        monitor = {name: value for name, value in asdict(self.monitor).items() if name != "best_weights"}
        return {"step": self.step, "starts_fitted": self.starts_fitted, "monitor": monitor}

    @classmethod
    def from_parts(cls, plain: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> TrainingState:
        """Return the state that `to_dict` and `to_arrays` describe."""

        def numbered(part: str) -> tuple[NDArray[Any], ...]:
            names = [name for name in arrays if name.startswith(f"{part}/")]
            return tuple(arrays[f"{part}/{i}"] for i in range(len(names)))

        def named(part: str) -> Weights:
            return {name.partition("/")[2]: arrays[name] for name in arrays if name.startswith(f"{part}/")}

        return cls(
            step=int(plain["step"]),
            weights=named("weights"),
            optimizer=numbered("optimizer"),
            carried=numbered("carried"),
            monitor=MonitorState(**{**plain["monitor"], "best_weights": named("best") or None}),
            starts_fitted=bool(plain["starts_fitted"]),
        )


@dataclass(frozen=True)
class Continuation:
    """Where a training goes on.

    Attributes:
        state: The state to go on from.
        past: What happened before.
        seconds: Time from the start to that state.
        stored: Updates whose weights are kept already, up to that state.
        done: Updates that were done before, also after that state; a stop waits for them, so that it loses none.
    """

    state: TrainingState
    past: Continued
    seconds: float = 0.0
    stored: tuple[int, ...] = ()
    done: int = 0

    @classmethod
    def of(cls, state: TrainingState, history: History, stored: tuple[int, ...] = ()) -> Continuation:
        """Return how a training goes on from a state, given its history and kept weights up to it or beyond it."""
        past = history.until(state.step, state.monitor.step)
        columns = past.loss.values, past.accuracy.values
        before = Continued(*columns, tuple(past.evaluations), past.seconds)
        return cls(state, before, past.wall_seconds, stored, history.step)


@dataclass(frozen=True)
class Beginning:
    """What is known when the first update is about to be computed.

    Attributes:
        experiment: The experiment, without automatic settings.
        data: Its data in original units.
        scalers: Scalers of the data.
        choices: The automatic settings, each with the value that was chosen.
        history: The history, which grows on the thread of the training: columns are only appended to.
        kept: The weights of moments, which grow likewise.
        given: The state before the first update, where its weights were given; None where they follow from the others.
    """

    experiment: Experiment
    data: SequenceData
    scalers: Scalers
    choices: tuple[Choice, ...]
    history: History
    kept: KeptWeights
    given: TrainingState | None = None


class Checkpoints(Protocol):
    """Who keeps states of a training; all functions are called on its thread and must return at once."""

    def begin(self, beginning: Beginning) -> None:
        """Receive what the states belong to, before the first update."""

    def is_due(self, best_step: int) -> bool:
        """Return whether a state is to be taken now; it has the best weights of the update `best_step`."""

    def take(self, state: TrainingState) -> None:
        """Keep a state."""
