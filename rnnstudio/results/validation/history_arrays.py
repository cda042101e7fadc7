"""The arrays of a run's history: columns of updates and evaluations, predictions, operating points, errors by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnstudio.core.data_info import DataInfo
from rnnstudio.results.validation.array_forms import Arrays, Form, Sizes, check_form, check_forms

_SPLITS = ("train", "val", "test")
_TIMES = "M"
_MAX_POSITION = 2**40

_OF_SEQUENCES = {
    "shown": Form("i", ("shown",), below="predictions"),
    "inputs": Form("f", ("shown", "steps", "features")),
    "lengths": Form("i", ("shown",), below="more than the steps"),
    "times": Form(_TIMES, ("shown", "steps"), optional=True),
}
_FED_BACK = {
    "free_at": Form("i", ("free",), optional=True),
    "free": Form("f", ("free",), optional=True),
}
_FORMS: dict[str, dict[str, Form]] = {
    "label": {
        "inputs": Form("f", ("rows", "steps")),
        "truth": Form("i", ("rows", "steps"), low=-1, below="classes"),
        "predicted": Form("i", ("rows", "steps"), low=-1, below="classes"),
        "times": Form(_TIMES, ("rows", "steps"), optional=True),
    },
    "classify": {
        "truth": Form("i", ("predictions",), below="classes"),
        "predicted": Form("i", ("predictions",), below="classes"),
        "probabilities": Form("f", ("predictions", "classes")),
        **_OF_SEQUENCES,
    },
    "regress_sequence": {
        "sequence": Form("i", ("predictions",)),
        "truth": Form("f", ("predictions",)),
        "predicted": Form("f", ("predictions",)),
        "baseline": Form("f", ("predictions",)),
        **_OF_SEQUENCES,
    },
    "sequences": {
        "inputs": Form("f", ("rows", "steps")),
        "truth": Form("f", ("rows", "steps")),
        "predicted": Form("f", ("rows", "steps")),
        "times": Form(_TIMES, ("rows", "steps"), optional=True),
    },
    "series": {
        "first": Form("i", ()),
        "truth": Form("f", ("rows",)),
        "val_begin": Form("i", ()),
        "test_begin": Form("i", ()),
        "one_step_at": Form("i", ("predictions",)),
        "one_step": Form("f", ("predictions",)),
        "naive": Form("f", ("predictions",), optional=True),
        **_FED_BACK,
        "multi_step_at": Form("i", ("horizon",), optional=True),
        "multi_step": Form("f", ("horizon",), optional=True),
        "times": Form(_TIMES, ("rows",), optional=True),
    },
    "several": {
        "series": Form("i", ("rows",), below="series"),
        "step": Form("i", ("rows",)),
        "truth": Form("f", ("rows",)),
        "one_step": Form("f", ("rows",)),
        "val_begin": Form("i", ("series",)),
        "test_begin": Form("i", ("series",)),
        "naive": Form("f", ("rows",), optional=True),
        "times": Form(_TIMES, ("rows",), optional=True),
        "free_series": Form("i", ("free",), below="series", optional=True),
        **_FED_BACK,
        "multi_step": Form("f", ("series", "horizon"), optional=True),
    },
}
_TOGETHER = (("free_at", "free"), ("multi_step_at", "multi_step"), ("free_series", "free"))
_TASKS = {  # kinds of predictions of each task
    "label": ("label",),
    "classify": ("classify",),
    "regress_sequence": ("regress_sequence",),
    "regress": ("sequences", "series", "several"),
    "forecast": ("series", "several", "sequences"),
}
_POINTS = {
    "split": Form("U", ()),
    **{name: Form("i", ()) for name in ("positive", "positives", "negatives", "decided_true", "decided_false")},
    **{name: Form("f", ()) for name in ("roc_auc", "average_precision", "threshold")},
    "is_chosen": Form("b", ()),
    "scores": Form("f", ("thresholds",)),
    "true_positives": Form("i", ("thresholds",)),
    "false_positives": Form("i", ("thresholds",)),
}


def check_history_arrays(arrays: Arrays, plain: Mapping[str, Any], info: DataInfo) -> None:
    """Check the arrays of `history.npz`.

    Args:
        arrays: The arrays, in the newest format.
        plain: The history in `run.json`, in the newest format and validated.
        info: Names and sizes of the data.

    Raises:
        ValueError: An array is missing, unknown or of another form, or has values that it cannot have.
    """
    own: dict[str, dict[str, NDArray[Any]]] = {
        part: {} for part in ("", "eval", "eval_step", "predictions", "points", "step_errors")
    }
    for name, values in arrays.items():
        part, _, column = name.partition("/") if "/" in name else ("", "", name)
        if part not in own:
            raise ValueError(f"the array {name[:100]!r} is not expected")
        own[part][column] = values
    sizes: Sizes = {}
    check_forms(own[""], {"loss": Form("f", ("updates",)), "accuracy": Form("f", ("accuracies",))}, sizes)
    if sizes["accuracies"] not in (0, sizes["updates"]):
        raise ValueError(f"accuracy has {sizes['accuracies']:,} values, and loss {sizes['updates']:,}")
    _check_evaluations(own["eval"], own["eval_step"], sizes["updates"])
    if plain["predictions_kind"]:
        _check_predictions(plain["predictions_kind"], own["predictions"], info)
    elif own["predictions"]:
        raise ValueError("there are predictions of no kind")
    if own["points"]:
        _check_points(own["points"], info)
    if own["step_errors"]:
        _check_step_errors(own["step_errors"])


def _check_evaluations(values: Arrays, steps: Arrays, updates: int) -> None:
    """Check that each metric has a value for each of its updates, which rise."""
    for name in values.keys() | steps.keys():
        if name not in values or name not in steps:
            raise ValueError(f"eval/{name[:60]} or eval_step/{name[:60]} is missing")
        sizes: dict[str, int] = {}
        check_form(steps[name], Form("f", ("evaluations",)), f"eval_step/{name[:60]}", sizes)
        check_form(values[name], Form("f", ("evaluations",)), f"eval/{name[:60]}", sizes)
        own = steps[name]
        if own.size and not ((own >= 0) & (own <= updates) & (own == np.floor(own))).all():
            raise ValueError(f"eval_step/{name[:60]} must hold numbers of updates up to {updates:,}")
        if (np.diff(own) <= 0).any():
            raise ValueError(f"eval_step/{name[:60]} must rise")


def _check_predictions(kind: str, arrays: Arrays, info: DataInfo) -> None:
    if kind not in _TASKS[info.task]:
        raise ValueError(f"task {info.task} has no predictions of the kind {kind}")
    sizes = {"classes": len(info.classes), "features": len(info.features)}
    if kind == "several":
        sizes["series"] = len(info.drawn_names)
    if "lengths" in _FORMS[kind] and getattr(arrays.get("inputs"), "ndim", 0) == 3:
        sizes["more than the steps"] = arrays["inputs"].shape[1] + 1
    check_forms(arrays, _FORMS[kind], sizes)
    for first, second in _TOGETHER:
        if first in _FORMS[kind] and (first in arrays) != (second in arrays):
            raise ValueError(f"one of {first} and {second} is missing")
    if kind == "series":
        _check_series(arrays)
    if kind == "several":
        _check_several(arrays, sizes["series"])


def _check_series(arrays: Arrays) -> None:
    first, rows = int(arrays["first"]), len(arrays["truth"])
    if max(first, *(int(arrays[name]) for name in ("val_begin", "test_begin"))) > _MAX_POSITION:
        raise ValueError("positions in the series are too large")
    for name in ("one_step_at", "free_at", "multi_step_at"):
        at = arrays.get(name, np.empty(0, np.int64))
        after = 0 if name == "one_step_at" else at.size
        if at.size and not first <= int(at.min()) <= int(at.max()) < first + rows + after:
            raise ValueError(f"{name} must hold positions in the series, or after its end")
        if len(np.unique(at)) < at.size:
            raise ValueError(f"{name} holds a position twice")


def _check_several(arrays: Arrays, count: int) -> None:
    series, steps = arrays["series"], arrays["step"]
    if len(np.unique(series)) < count:
        raise ValueError("a series has no rows")
    same = np.diff(series) == 0
    if (np.diff(series) < 0).any() or (np.diff(steps)[same] != 1).any():
        raise ValueError("the rows of a series must follow each other")
    if max(int(arrays[name].max()) for name in ("step", "val_begin", "test_begin")) > _MAX_POSITION:
        raise ValueError("positions in the series are too large")
    if (at := arrays.get("free_at")) is None or not at.size:
        return
    if int(at.max()) > int(steps.max()) + at.size:
        raise ValueError("free_at must hold positions in the series, or after its end")
    if len(np.unique(np.stack([arrays["free_series"], at]).astype(np.int64), axis=1).T) < at.size:
        raise ValueError("free_at holds a position of a series twice")


def _check_points(arrays: Arrays, info: DataInfo) -> None:
    sizes: Sizes = {}
    check_forms(arrays, _POINTS, sizes)
    if len(info.classes) != 2 or int(arrays["positive"]) > 1 or str(arrays["split"]) not in _SPLITS:
        raise ValueError("operating points must be those of one of two classes on one of the sets")
    positives, negatives = int(arrays["positives"]), int(arrays["negatives"])
    true, false = arrays["true_positives"], arrays["false_positives"]
    if not sizes["thresholds"] or not positives or not negatives:
        raise ValueError("operating points need a threshold, and members of both classes")
    if true.max() > positives or false.max() > negatives or (true + false).min() < 1:
        raise ValueError("operating points must count members of both classes")
    shares = [arrays["scores"], *(arrays[name] for name in ("roc_auc", "average_precision", "threshold"))]
    if not all(((share >= 0) & (share <= 1.0001)).all() for share in shares):
        raise ValueError("scores and areas of operating points must lie between 0 and 1")
    if int(arrays["decided_true"]) > positives or int(arrays["decided_false"]) > negatives:
        raise ValueError("operating points must count members of both classes")


def _check_step_errors(arrays: Arrays) -> None:
    forms = {"split": Form("U", ()), "scaled": Form("b", ()), "counts": Form("i", ("steps",))}
    errors = [name for name in arrays if name == "run" or name.startswith("baseline_")]
    sizes: Sizes = {}
    check_forms(arrays, forms | dict.fromkeys(["run", *errors], Form("f", (2, "steps"))), sizes)
    if not sizes["steps"] or str(arrays["split"]) not in _SPLITS:
        raise ValueError("errors at each step ahead must be those of one of the sets")
