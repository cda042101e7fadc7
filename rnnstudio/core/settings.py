"""What a setting is: a pydantic field with default, range, unit and one sentence.

Form rows, command-line flags, R's descriptions and the documentation are all read from these fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Task = Literal["classify", "label", "forecast", "regress"]


def _refuse_bool(value: object) -> object:
    if isinstance(value, (bool, np.bool_)):
        raise ValueError("a number is expected, not TRUE or FALSE")
    return value


def _as_list(value: object) -> object:
    """Take a scalar for a list of one, and nothing for an empty list: R knows no difference."""
    if value is None:
        return []
    if isinstance(value, str):
        return [part for part in value.replace(",", " ").split() if part]
    return list(value) if isinstance(value, (list, tuple, set)) else _iterable_or_one(value)


def _iterable_or_one(value: object) -> list[object]:
    tolist = getattr(value, "tolist", None)  # NumPy arrays and scalars
    plain = tolist() if callable(tolist) else value
    return plain if isinstance(plain, list) else [plain]


Whole = Annotated[int, BeforeValidator(_refuse_bool)]
Real = Annotated[float, BeforeValidator(_refuse_bool), Field(allow_inf_nan=False)]
Wholes = Annotated[list[Annotated[Whole, Field(ge=1, le=65536)]], BeforeValidator(_as_list)]


def _absolute(path: str) -> str:
    """Return a path that means the same from any folder, so that a saved run finds its data again."""
    try:
        return str(Path(path).expanduser().absolute()) if path else ""
    except RuntimeError:  # a user without a home; whoever reads the file says so
        return path


FilePath = Annotated[str, AfterValidator(_absolute)]


def setting(
    default: Any,
    description: str,
    *,
    unit: str = "",
    label: str = "",
    advanced: bool = False,
    path: Sequence[str] = (),
    **limits: Any,
) -> Any:
    """Declare one setting.

    Args:
        default: The value when nobody says otherwise.
        description: One sentence for form, flag, R and documentation.
        unit: Unit of the value, such as "steps"; empty for pure numbers.
        label: What the form writes beside it; the name with spaces when empty.
        advanced: Folded away in the form, because few people change it.
        path: For the path of a file: endings it may have, and "/" where it may be a folder.
        **limits: pydantic's `ge`, `gt`, `le`, `lt`, `max_length` ...
    """
    extra: dict[str, Any] = {"unit": unit, "label": label, "advanced": advanced, "path": list(path)}
    return Field(default, description=description, json_schema_extra=extra, **limits)


class Settings(BaseModel):
    """Base of all settings: frozen, and no unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class DataSettings(Settings):
    """What every data set has; a data set's own settings derive from this."""

    dataset: str
    task: Task
    scale: Literal["none", "standard"] = setting(
        "none", "Scale each feature to mean 0 and standard deviation 1, or leave it as it is."
    )
    fit_scaler_on: Literal["train", "all"] = setting(
        "train",
        "Which part the scaler is fitted on: the training part, or all the data, which leaks the test part.",
        advanced=True,
    )


class WindowSettings(DataSettings):
    """Settings of a data set that is one long series, cut into windows."""

    window: Whole = setting(24, "How many steps the network sees at once.", unit="steps", ge=1, le=1_000_000)
    stride: Whole = setting(
        1, "How far the window moves from one example to the next.", unit="steps", ge=1, le=1_000_000
    )
    test_fraction: Real = setting(
        0.2, "The last part of the series, never trained on, that the test figures are from.", ge=0.0, lt=1.0
    )
    val_fraction: Real = setting(
        0.0, "A part just before the test part, on which early stopping decides.", ge=0.0, lt=1.0, advanced=True
    )


class ModelSettings(Settings):
    """What every cell has; a cell's own settings derive from this.

    Attributes:
        joined: Widths, in units, of the cell's matrices from [input, state] to its gates, as they stand side by side
            in its weights; (1,) for a simple cell.
    """

    joined: ClassVar[tuple[int, ...]] = (1,)

    cell: str
    units: Whole = setting(32, "Hidden units of each recurrent layer.", ge=1, le=65536)
    layers: Whole = setting(1, "How many recurrent layers are stacked.", ge=1, le=32)
    bidirectional: bool = setting(False, "Read each sequence forwards and backwards.")
    dense_units: Wholes = setting(
        [], "Sizes of dense ReLU layers between the recurrent layers and the output.", advanced=True
    )
    stateful: bool = setting(
        False,
        "Start each window from the last state of the window before it (truncated back-propagation: the gradient is "
        "cut between windows) rather than from a zero state.",
    )
    pooling: Literal["last", "mean", "max"] = setting(
        "last",
        "How the steps of the last recurrent layer become one vector where a sequence has one target: the last step, "
        "or the mean or maximum over all steps.",
        label="Pooling over steps",
        advanced=True,
    )
    dropout: Real = setting(
        0.0,
        "Share of each layer's inputs dropped while training; one mask per sequence (Gal & Ghahramani 2016).",
        ge=0.0,
        lt=1.0,
    )
    cell_initializer: Literal["keras", "glorot_joint", "uniform_0_1"] = setting(
        "keras",
        "First weights of the cells: Keras' own, Glorot over the joint matrix of input and state (TensorFlow 1), "
        "or uniform between 0 and 1.",
        advanced=True,
    )
    head_initializer: Literal["glorot", "normal", "truncated_normal", "uniform_0_1"] = setting(
        "glorot", "First weights of the dense layers; the normal ones also draw the biases.", advanced=True
    )
    head_initializer_std: Real = setting(
        1.0, "Standard deviation of the normal first weights of the dense layers.", gt=0.0, le=100.0, advanced=True
    )


class TrainingSettings(Settings):
    """How the network learns."""

    optimizer: str = setting("adam", "The rule that turns gradients into updates.")
    learning_rate: Real = setting(0.001, "Size of the updates.", gt=0.0, le=1000.0)
    schedule: Literal["constant", "cosine"] = setting(
        "constant",
        "Keep the learning rate, or let it fall to zero along half a cosine over the run (Loshchilov & Hutter 2017).",
        advanced=True,
    )
    momentum: Real = setting(
        0.0, "Share of the last update kept in the next (sgd, momentum and rmsprop).", ge=0.0, lt=1.0
    )
    batch_size: Whole = setting(
        32, "Sequences per update; 0 takes the whole training part at once.", unit="sequences", ge=0, le=1_000_000
    )
    epochs: Whole = setting(10, "Passes over the training part.", ge=1, le=10_000_000)
    updates: Whole = setting(
        0, "Train exactly this many updates, whatever epochs says; 0 leaves it to epochs.", ge=0, le=2_000_000_000
    )
    sampling: Literal["shuffle", "sequential", "random", "shuffle_once"] = setting(
        "shuffle",
        "How batches are drawn from the training windows: shuffled every epoch, in their order, at random with "
        "replacement, or shuffled once.",
        advanced=True,
    )
    l2: Real = setting(0.0, "Weight of the sum of all squared variables / 2 added to the loss.", ge=0.0, le=1000.0)
    clip_norm: Real = setting(0.0, "Largest norm of the whole gradient; 0 does not clip.", ge=0.0, le=1e6)
    label_smoothing: Real = setting(
        0.0,
        "Share of the truth spread over all classes, so that the network does not grow too sure of itself.",
        ge=0.0,
        lt=1.0,
        advanced=True,
    )
    rotation_std: Real = setting(
        0.0,
        "Standard deviation of the angle by which three-axis sensors are turned at random while training, each "
        "sequence about an axis of its own.",
        unit="degrees",
        ge=0.0,
        le=180.0,
        advanced=True,
    )
    evaluate_every: Whole = setting(
        0,
        "Updates between two looks at the test part; 0 looks once an epoch, at most a hundred times in all.",
        unit="updates",
        ge=0,
        le=1_000_000_000,
    )
    patience: Whole = setting(
        0, "Stop after this many looks in a row without a better result; 0 never stops early.", ge=0, le=1_000_000
    )
    restore_best_weights: bool = setting(
        False,
        "End with the weights of the best evaluation on the validation set (else the test set) rather than those of "
        "the last update.",
        label="Final weights",
        advanced=True,
    )
