"""The shapes that a compiled program is built for."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from rnnstudio.core.sequence import SequenceData
from rnnstudio.engine.plan import Plan


@dataclass(frozen=True)
class Layout:
    """Everything about data and plan that is compiled in: shapes and positions, no values.

    Fields are copied from the attributes of the same name of `SequenceData` and `Plan`, except:

    Attributes:
        class_count: Number of classes; 0 for values.
        is_padded: Whether windows reach into the padding of sequences of unequal length.
        input_shape: Shape of the inputs of all sequences, `(N, T, F)`.
        split: Step of a window at which the next window starts, where windows overlap and the network is stateful;
            else 0.
    """

    window: int
    frame: int
    width: int
    outputs: int
    return_sequences: bool
    target_per_sequence: bool
    target_offset: int
    target_steps: int
    autoregressive: bool
    missing_targets: bool
    sensors: tuple[int, ...]
    batch: int
    rows: int
    stateful: bool
    class_count: int
    is_padded: bool
    input_shape: tuple[int, ...]
    split: int
    known_columns: tuple[int, ...]

    @classmethod
    def of(cls, data: SequenceData, plan: Plan) -> Layout:
        """Return the layout of these data under this plan."""
        starts = data.starts[data.train[:2]]
        stride = int(starts[1] - starts[0]) if plan.stateful and len(starts) > 1 else data.window
        values: dict[str, Any] = {
            "class_count": len(data.classes),
            "is_padded": data.lengths is not None and not data.series,
            "input_shape": data.inputs.shape,
            "split": stride if stride < data.window else 0,
        }
        for field in fields(cls):
            if field.name not in values:
                values[field.name] = getattr(data if hasattr(data, field.name) else plan, field.name)
        return cls(**values)
