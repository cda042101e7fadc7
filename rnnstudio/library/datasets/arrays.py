"""The caller's own arrays, data frames and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.catalog import dataset
from rnnstudio.core.errors import DataError, SettingError
from rnnstudio.core.sequence import SequenceData, as_floats, as_matrix
from rnnstudio.core.settings import Task, Whole, WindowSettings, setting
from rnnstudio.core.windows import cut_series


class ArraySettings(WindowSettings):
    """Arrays handed over in Python or R; the experiment's file holds their settings, not their numbers."""

    dataset: Literal["arrays"] = "arrays"
    task: Task = setting(
        "forecast", "What is told: a class or the next values of each sequence, or a class or value at each step."
    )
    scale: Literal["none", "standard"] = setting(
        "standard", "Scale each feature to mean 0 and standard deviation 1, or leave it."
    )
    horizon: Whole = setting(1, "Values told after the window (task forecast).", unit="steps", ge=1, le=10_000)


@dataset(ArraySettings, "Arrays")
def load(settings: ArraySettings, seed: int) -> SequenceData:
    """Refuse: the numbers of such a run are not in its file."""
    raise DataError(
        "This experiment was made from arrays, whose numbers are not stored with it. Call train(x, y, ...) "
        "with them again."
    )


def from_arrays(x: Any, y: Any | None, settings: ArraySettings, seed: int, classes: Sequence[str] = ()) -> SequenceData:
    """Return the sequences of the caller's arrays.

    Args:
        x: `(N, T, F)` or `(N, T)` sequences for classify; for the other tasks also one series, `(T,)` or `(T, F)`.
        y: Classes `(N,)` for classify; one per step for label and regress; None where a series predicts itself
            (forecast).
        settings: Windows, parts and task.
        seed: Decides which sequences are tested on; a series is always parted in time.
        classes: Names of the classes in the order wanted; sorted when empty.

    Raises:
        DataError: Wrong shapes, unequal lengths, text or NaN; the message names x or y.
        SettingError: A setting of windows was given for separate sequences, which are read whole.
    """
    features = tuple(str(c) for c in getattr(x, "columns", ()))
    inputs = as_floats(x, "x")
    if not inputs.size:
        raise DataError(f"x must hold at least one sequence of one step; received the shape {inputs.shape}.")
    if inputs.ndim == 0:
        raise DataError("x must be a series or sequences; received a single number.")
    if settings.task == "forecast":
        return _self_series(inputs, y, settings, features)
    if y is None:
        raise DataError(
            f"y is needed for task {settings.task}: one target per "
            f"{'sequence' if settings.task == 'classify' else 'step'}."
        )
    targets, names = _targets(y, settings.task, classes, column=settings.task == "classify" or inputs.ndim <= 2)
    about: dict[str, Any] = {"classes": names}
    if (
        settings.task != "classify"
        and inputs.ndim <= 2
        and targets.shape[0] == inputs.shape[0]
        and targets.ndim - (not names) == 1
    ):
        series = inputs.reshape(len(inputs), -1)
        return cut_series(
            series,
            targets,
            task=settings.task,
            window=settings.window,
            stride=settings.stride,
            test_fraction=settings.test_fraction,
            valid_fraction=settings.valid_fraction,
            features=_names(features, series.shape[1]),
            target_names=_target_names(targets, names),
            **about,
        )
    if settings.task != "classify" and inputs.ndim == 1:
        raise DataError(
            f"x and y must have the same length; received {len(inputs)} steps in x and {len(targets)} targets in y."
        )
    inputs = inputs[..., None] if inputs.ndim == 2 else inputs
    if inputs.ndim != 3:
        raise DataError(f"x must have the shape (sequences, steps, features); received {tuple(inputs.shape)}.")
    n, steps, width = inputs.shape
    if len(targets) != n:
        raise DataError(
            f"x and y must have the same length; received {n} sequences in x and {len(targets)} targets in y."
        )
    if settings.task != "classify":
        given = np.shape(as_matrix(y, "y"))
        if given[:2] != (n, steps):
            raise DataError(
                f"y must have one target per step, shape ({n}, {steps}), for task {settings.task}; received "
                f"{given}. For one class per sequence use task classify; one value per sequence must be repeated "
                "at each of its steps."
            )
        targets = targets[..., None] if targets.ndim == 2 and not names else targets
    for name in ("window", "stride"):
        if getattr(settings, name) != type(settings).model_fields[name].default:
            raise SettingError(
                f"{name} cuts one long series; x holds {n} sequences of {steps} steps, which are read whole. "
                f"Leave {name} out.",
                name,
            )
    order = np.random.default_rng([seed, 7]).permutation(n).astype(np.int32)
    n_test, n_valid = round(n * settings.test_fraction), round(n * settings.valid_fraction)
    if n - n_test - n_valid < 1:
        raise SettingError(
            f"test_fraction and valid_fraction leave none of the {n} sequences to train on; received "
            f"{settings.test_fraction:g} and {settings.valid_fraction:g}.",
            "test_fraction",
        )
    return SequenceData(
        task=settings.task,
        inputs=inputs,
        targets=targets,
        starts=np.arange(0, n * steps, steps, dtype=np.int32),
        window=steps,
        train=np.sort(order[n_test + n_valid :]),
        valid=np.sort(order[n_test : n_test + n_valid]),
        test=np.sort(order[:n_test]),
        target_steps=1 if settings.task == "classify" else steps,
        features=_names(features, width),
        target_names=_target_names(targets, names),
        **about,
    )


def _names(found: tuple[str, ...], width: int) -> tuple[str, ...]:
    return found if len(found) == width else tuple(f"feature{i}" for i in range(1, width + 1))


def _target_names(targets: NDArray[Any], classes: tuple[str, ...]) -> tuple[str, ...]:
    return ("class",) if classes else tuple(f"target{i}" for i in range(1, targets.shape[-1] + 1))


def _self_series(
    inputs: NDArray[np.float32], y: Any | None, settings: ArraySettings, features: tuple[str, ...]
) -> SequenceData:
    if y is not None:
        raise DataError(
            "task forecast tells the next values of x itself, so y must be left out. For targets of their own "
            "use task regress."
        )
    if inputs.ndim not in (1, 2):
        raise DataError(
            "x must be one series, shape (steps,) or (steps, features), for task forecast; received "
            f"{tuple(inputs.shape)}."
        )
    series = inputs.reshape(len(inputs), -1)
    names = _names(features, series.shape[1])
    return cut_series(
        series,
        series,
        task="forecast",
        window=settings.window,
        stride=settings.stride,
        target_offset=settings.window,
        target_steps=settings.horizon,
        test_fraction=settings.test_fraction,
        valid_fraction=settings.valid_fraction,
        features=names,
        target_names=names,
        feeds_back=True,
    )


def _targets(y: Any, task: Task, classes: Sequence[Any], *, column: bool) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return targets and class names; values of regress get an axis for their components.

    Args:
        y: The caller's targets.
        task: What they are for.
        classes: Names in the order wanted.
        column: Whether a matrix of one column is meant as a vector of classes.
    """
    if task == "regress":
        values = as_floats(y, "y")
        if values.ndim == 0:
            raise DataError(f"y must hold one value per step for task regress; received the single number {y}.")
        return (values[:, None] if values.ndim == 1 else values), ()
    raw = np.asarray(as_matrix(y, "y"))
    if raw.ndim == 0:
        raise DataError(f"y must name a class for each sequence or step; received a single value, {raw.item()!r}.")
    if raw.ndim == 2 and raw.shape[1] == 1 and column:
        raw = raw[:, 0]
    if raw.ndim > (1 if task == "classify" else 2):
        what = "one row of 0 and 1 per class" if _is_one_hot(raw) else "more than one value"
        raise DataError(
            f"y must hold one class per {'sequence' if task == 'classify' else 'step'}; received {what} for each, "
            f"shape {raw.shape}. Pass class numbers or names"
            + (", such as y.argmax(axis=-1)." if _is_one_hot(raw) else ".")
        )
    missing = _missing(raw if raw.dtype.kind == "f" else np.asarray(as_matrix(y, "y"), object))
    if missing:
        raise DataError(f"y must name a class everywhere; received {missing} missing value(s).")
    if raw.dtype.kind == "f" and not (raw == np.round(raw)).all():
        raise DataError(
            "y must hold classes (text or whole numbers) for this task; received fractions. For values use task "
            "regress."
        )
    texts = np.vectorize(_class_name, otypes=[object])(raw).astype(str)
    firsts = np.unique(raw if raw.dtype.kind in "biuf" else texts)
    names = tuple(_class_name(c) for c in (classes if len(classes) else firsts))
    lookup = {name: i for i, name in enumerate(names)}
    strangers = sorted(set(texts.ravel().tolist()) - set(lookup))
    if strangers:
        raise DataError(f"y names the class {strangers[0]!r}, which is not among classes: {', '.join(names)}.")
    if len(lookup) < 2:
        raise DataError(f"y must name at least two classes; received {len(lookup)}.")
    if len(lookup) < len(names):
        raise DataError(f"classes must name each class once; received {', '.join(names)}.")
    return np.vectorize(lookup.__getitem__, otypes=[np.int32])(texts), names


def _is_one_hot(values: NDArray[Any]) -> bool:
    numeric = values.dtype.kind in "biuf"
    return numeric and bool(((values == 0) | (values == 1)).all() and (values.sum(axis=-1) == 1).all())


def _missing(values: NDArray[Any]) -> int:
    """Return how many values are NaN, infinite or None."""
    if values.dtype.kind == "f":
        return int((~np.isfinite(values)).sum())
    import pandas as pd

    return int(pd.isna(values).sum())


def _class_name(value: Any) -> str:
    """Return a class's name; R sends whole numbers as 1.0."""
    return str(int(value)) if isinstance(value, (float, np.floating)) and float(value).is_integer() else str(value)
