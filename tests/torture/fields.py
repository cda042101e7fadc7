"""Every saved field of a run that was interrupted is left out or altered: what goes on then differs, or is refused.

A field that changes nothing must be named here as one that only describes, or that is computed again.

python -m tests.torture.fields; python -m tests.torture.fields --only checkpoint.json
"""

from __future__ import annotations

import argparse
import fnmatch
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import rnnstudio as rs
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.results.checked_files import RunFiles
from rnnstudio.results.file_writers import arrays_writer, json_writer
from tests.altered_runs import rewrite
from tests.interrupted import crashed

# Fields of an interrupted run, or of its files, that change nothing in what goes on, and why.
DESCRIPTIVE = {
    "run.json: created": "when the run began",
    "run.json: process.*": "who trains it",
    "run.json: history.*seconds": "times",
    "run.json: history.device": "the device of the training before; the one that goes on says its own",
    "run.json: history.updates*": "how many are planned, which the settings say",
    "run.json: history.error": "why a training failed, which now goes on",
    "run.json: history.*_step": "which update plots and weights of the last checkpoint are of; others follow",
    "run.json: history.picked": "how weights were picked after a training, which an interrupted one has not ended",
    "run.json: training.best_update": "which moment is the best, which the checkpoint knows",
}
COMPUTED_AGAIN = {
    "checkpoint.json": "without it the training begins anew, and ends the same",
    "checkpoint.json: starts_fitted": "what initial weights count as; those of this training are random",
    "checkpoint.json: monitor.bar": "what the loss must have been below before patience counts; it was",
    "checkpoint.npz: optimizer/1": "the learning rate, which follows from settings and update",
    "checkpoint.json: monitor.metrics.*": "metrics of the last evaluation, for who opens the interrupted run",
    "run.json: warnings": "what was said of the data, which are read again",
    "metrics.json: *": "metrics of the last checkpoint, for who opens the interrupted run",
    "weights.npz: *": "weights of the last checkpoint, likewise",
    "scaler.json: *": "scalers, fitted to the data again",
    "context.npy": "the end of the series",
    "versions.json: *": "the versions that wrote the last checkpoint; those of the training are in run.json",
}
# What is not compared of a run that has ended.
_TIMES = {"created", "seconds", "wall_seconds", "updates_per_second", "process", "device"}
_RNG = np.random.default_rng(2)
_X = _RNG.normal(size=(60, 6, 2))
_Y = _RNG.integers(0, 2, 60)  # noise, so that the best weights are early ones
_AFTER = 40  # updates; the best evaluation is that of update 30, and the training ends early after update 50
_SETTINGS: dict[str, Any] = {
    "task": "classify",
    "units": 8,
    "updates": 100,
    "learning_rate": 0.05,
    "evaluate_every": 10,
    "val_fraction": 0.25,
    "patience": 3,
    "restore_best_weights": True,
    "dropout": 0.1,
    "verbose": 0,
}
_MISSING = object()
Path_ = tuple[str, ...]


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield the place and value of everything in JSON that is no object."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    else:
        yield path, value


def altered(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value * 1.25 + 0.125
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, list) and value:
        return value[:-1]
    if isinstance(value, list):
        return ["x"]
    return {"x": 1.0} if isinstance(value, dict) else 1


def with_leaf(plain: dict[str, Any], path: Path_, value: Any) -> dict[str, Any]:
    """Return JSON with another value at a place, or without it."""
    name, *rest = path
    if rest:
        return {**plain, name: with_leaf(plain[name], tuple(rest), value)}
    return {n: v for n, v in plain.items() if n != name} if value is _MISSING else {**plain, name: value}


def changes(folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Yield the fields of a run: name, way (left out or altered), and the function that changes the folder."""
    files = RunFiles.of_folder(folder)
    rest = {name: value for name, value in files.rest.items() if name != "files"}
    for path, value in leaves(rest):
        for way, new in (("left out", _MISSING), ("altered", altered(value))):
            yield f"run.json: {'.'.join(path)}", way, _run_change(path, new)
    for file in files.names:
        content = files.read(file)
        yield file, "left out", lambda where, file=file: rewrite(where, leave_out=file)
        if file.endswith(".json"):
            plain = json.loads(content)
            for path, value in leaves(plain):
                for way, new in (("left out", _MISSING), ("altered", altered(value))):
                    writer = json_writer(with_leaf(plain, path, new))
                    yield (
                        f"{file}: {'.'.join(path)}",
                        way,
                        lambda where, file=file, writer=writer: rewrite(where, {file: writer}),
                    )
        elif file.endswith(".npz"):
            arrays = dict(np.load(io.BytesIO(content), allow_pickle=False))
            for name, array in arrays.items():
                without = {n: a for n, a in arrays.items() if n != name}
                for way, new_arrays in (("left out", without), ("altered", {**arrays, name: _other(array)})):
                    writer = arrays_writer(new_arrays)
                    yield (
                        f"{file}: {name}",
                        way,
                        lambda where, file=file, writer=writer: rewrite(where, {file: writer}),
                    )


def _run_change(path: Path_, new: Any) -> Any:
    def change(where: Path) -> None:
        def apply(rest: dict[str, Any]) -> None:
            result = with_leaf(rest, path, new)
            rest.clear()
            rest.update(result)

        rewrite(where, change=apply)

    return change


def _other(array: Any) -> Any:
    changed = np.array(array)
    if not changed.size:
        return np.ones(1, changed.dtype)
    flat = changed.reshape(-1)
    if changed.dtype.kind == "U":
        return np.char.add(changed, "x")
    flat[0] = not flat[0] if changed.dtype == bool else flat[0] + 1
    return changed


def content(folder: Path) -> dict[str, Any]:
    """Return all that a run holds but for times."""
    files = RunFiles.of_folder(folder)
    result: dict[str, Any] = {"run.json": _timeless({n: v for n, v in files.rest.items() if n != "files"})}
    for file in files.names:
        if file.startswith("checkpoint."):
            continue  # of the state before the last chunk, which is as long as it takes
        data = files.read(file)
        result[file] = _timeless(json.loads(data)) if file.endswith(".json") else data
        if file.endswith(".npz"):
            arrays = np.load(io.BytesIO(data), allow_pickle=False)
            result[file] = {name: arrays[name].tobytes() for name in arrays.files}
    return result


def _timeless(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _timeless(inner) for name, inner in value.items() if name not in _TIMES}
    return value


def describe(folder: Path) -> str:
    """Return how the training in a folder ended."""
    record = rs.load(folder).record  # type: ignore[union-attr]
    return f"ended {record.outcome} after update {record.step}, with the weights of update {record.weights_step}"


def is_named(name: str) -> bool:
    """Return whether a field is named as one that changes nothing."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in {**DESCRIPTIVE, **COMPUTED_AGAIN})


def outcomes(only: str = "*", every: int = 1, report: Callable[[str], object] = str) -> dict[tuple[str, str], str]:
    """Return what became of the run with each field left out or altered: refused, differs or same.

    Args:
        only: Pattern of the names of fields.
        every: Of how many changes one is tried.
        report: Called with a line about each.
    """
    result: dict[tuple[str, str], str] = {}
    with tempfile.TemporaryDirectory() as name_of_folder:
        home = Path(name_of_folder) / "home"
        os.environ["RNNSTUDIO_HOME"] = str(home)
        folder = crashed(_X, _Y, after=_AFTER, **{n: v for n, v in _SETTINGS.items() if n != "verbose"})
        template = home.with_name("template")
        shutil.copytree(folder, template)
        rs.resume(folder, verbose=0)
        whole = content(folder)
        report(f"the training {describe(folder)}")
        wanted = [change for change in changes(template) if fnmatch.fnmatchcase(change[0], only)]
        for name, way, change in wanted[::every]:
            shutil.rmtree(folder)
            shutil.copytree(template, folder)
            change(folder)
            try:
                rs.resume(folder, verbose=0)
                result[name, way] = "same" if content(folder) == whole else "differs"
            except RnnStudioError:
                result[name, way] = "refused"
            except Exception as error:
                result[name, way] = f"{type(error).__name__}: {error}"
            report(f"{name} {way}: {result[name, way]}")
    return result


def faults(found: Mapping[tuple[str, str], str]) -> list[str]:
    """Return what is wrong: fields that change nothing and are not named, or the other way round, and other errors."""
    problems = [f"{name} {way}: {what}" for (name, way), what in found.items() if ":" in what]
    names = dict.fromkeys(name for name, _ in found)
    for name in names:
        ways = {way: what for (own, way), what in found.items() if own == name}
        if ways.get("altered", ways.get("left out")) == "same" and not is_named(name):
            problems.append(f"{name} changes nothing: name it in this module, or do not save it")
        elif is_named(name) and found.get((name, "altered")) == "differs":
            problems.append(f"{name} is named as one that changes nothing, and altered it changes what goes on")
    return problems


def main() -> int:
    """Try all fields, print how many changed what, and return 1 where one changes nothing and should."""
    parser = argparse.ArgumentParser(prog="make torture ARGS=fields", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="*", help="pattern of names of fields, such as checkpoint.*")
    parser.add_argument("--every", type=int, default=1, help="of how many changes one is tried")
    options = parser.parse_args()
    found = outcomes(options.only, options.every, lambda line: sys.stderr.write(f"{line}\n"))
    kinds = [what if what in ("refused", "differs", "same") else "error" for what in found.values()]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    sys.stdout.write(f"{len({name for name, _ in found})} fields, {len(found)} changes: {counts}\n")
    problems = faults(found)
    for problem in problems:
        sys.stdout.write(f"    {problem}\n")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
