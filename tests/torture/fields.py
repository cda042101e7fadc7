"""Every saved field of a run that was interrupted is left out or altered: what goes on then differs, or is refused.

A field that changes nothing in any of these runs must be named in `field_reasons.py`, with the reason.
A setting must change more than itself.

python -m tests.torture.fields; python -m tests.torture.fields --case early --only "checkpoint.json*"
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
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

import rnnstudio as rs
from rnnstudio.core.errors import RnnStudioError
from rnnstudio.core.experiment import Experiment
from rnnstudio.core.schema import Field, fields_of
from rnnstudio.results.checked_files import RunFiles
from rnnstudio.results.file_writers import arrays_writer, json_writer
from tests.altered_runs import rewrite
from tests.torture.field_cases import CASES, Case
from tests.torture.field_reasons import REASONS

# What is not compared of a run that has ended.
_TIMES = {"created", "seconds", "wall_seconds", "updates_per_second", "process", "device"}
_MISSING = object()
Path_ = tuple[str, ...]


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield the place and value of everything in JSON that is no object."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    else:
        yield path, value


def altered(value: Any, setting: Field | None = None) -> Any:
    """Return another value of the same kind; of a setting one that it may have, as far as its description says."""
    if setting is not None and setting.kind == "choice":
        return next(choice for choice in setting.choices if choice != value)
    if setting is not None and setting.kind == "wholes":
        return [number + 1 for number in value] or [8]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        is_most = setting is not None and setting.maximum is not None and value * 1.25 + 0.125 > setting.maximum
        return value / 2 if is_most else value * 1.25 + 0.125
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
            settings = _settings(content.decode()) if file == "experiment.json" else {}
            for path, value in leaves(plain):
                for way, new in (("left out", _MISSING), ("altered", altered(value, settings.get(path)))):
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


def _settings(text: str) -> dict[Path_, Field]:
    """Return the descriptions of the settings of an experiment by their places."""
    experiment = Experiment.from_json(text)
    parts = {"data": experiment.data, "model": experiment.model, "training": experiment.training}
    fields = {part: fields_of(type(settings), part) for part, settings in parts.items()}
    return {(part, field.name): field for part, own in fields.items() for field in own.values()}


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


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Yield the names of the fields in which two contents differ."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in dict.fromkeys([*one, *other]):
            inner = name if not path else f"{path}{'.' if ': ' in path else ': '}{name}"
            yield from differences(one.get(name, _MISSING), other.get(name, _MISSING), inner)
    elif one is _MISSING or other is _MISSING or one != other:
        yield path


def describe(folder: Path) -> str:
    """Return how the training in a folder ended."""
    record = rs.load(folder).record  # type: ignore[union-attr]
    return f"ended {record.outcome} after update {record.step}, with the weights of update {record.weights_step}"


def is_named(name: str) -> bool:
    """Return whether a field is named as one that changes nothing."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in REASONS)


def outcomes(
    case: Case,
    only: str = "*",
    every: int = 1,
    report: Callable[[str], object] = str,
    shown: Collection[str] = (),
) -> dict[tuple[str, str], str]:
    """Return what became of a run with each field left out or altered: refused, differs, kept (only itself) or same.

    Args:
        case: The run.
        only: Pattern of the names of fields.
        every: Of how many changes one is tried.
        report: Called with a line about each.
        shown: Names of fields that are left out, because another run has shown that they matter.
    """
    result: dict[tuple[str, str], str] = {}
    with tempfile.TemporaryDirectory() as name_of_folder:
        home, work = Path(name_of_folder) / "home", Path(name_of_folder) / "work"
        work.mkdir()
        os.environ["RNNSTUDIO_HOME"] = str(home)
        folder = case.make(work)
        template = home.with_name("template")
        shutil.copytree(folder, template)
        rs.resume(folder, updates=case.more, verbose=0)
        whole = content(folder)
        report(f"the training {describe(folder)}")
        patterns = [only] if only != "*" else case.only
        wanted = [
            change
            for change in changes(template)
            if any(fnmatch.fnmatchcase(change[0], pattern) for pattern in patterns)
            and (change[1] in case.ways or ":" not in change[0])
            and change[0] not in shown
        ]
        for name, way, change in wanted[::every]:
            shutil.rmtree(folder)
            shutil.copytree(template, folder)
            change(folder)
            try:
                rs.resume(folder, updates=case.more, verbose=0)
                others = [
                    field for field in differences(whole, content(folder)) if not f"{field}.".startswith(f"{name}.")
                ]
                is_same = not others and content(folder) == whole
                result[name, way] = "same" if is_same else "differs" if others else "kept"
            except RnnStudioError:
                result[name, way] = "refused"
            except Exception as error:
                result[name, way] = f"{type(error).__name__}: {error}"
            report(f"{name} {way}: {result[name, way]}")
    return result


def faults(found: Mapping[tuple[str, str, str], str]) -> list[str]:
    """Return what is wrong: fields that change nothing and are not named, or the other way round, and other errors.

    Args:
        found: What became of each run, by case, field and way.
    """
    problems = [f"{case}, {name} {way}: {what}" for (case, name, way), what in found.items() if ":" in what]
    by_name: dict[str, list[tuple[str, str]]] = {}
    for (_, name, way), what in found.items():
        by_name.setdefault(name, []).append((way, what))
    for name, ways in by_name.items():
        counted = [what for way, what in ways if way == "altered"] or [what for _, what in ways]
        nothing = {"same", "kept"} if name.startswith("experiment.json") else {"same"}
        if set(counted) <= nothing and not is_named(name):
            problems.append(f"{name} changes nothing: name it in field_reasons.py, or do not save it")
        elif is_named(name) and "differs" in counted:
            problems.append(f"{name} is named as one that changes nothing, and altered it changes what goes on")
    return problems


def main() -> int:
    """Try all fields, print how many changed what, and return 1 where one changes nothing and should."""
    parser = argparse.ArgumentParser(prog="make torture ARGS=fields", description=__doc__.splitlines()[0])
    parser.add_argument("--case", action="append", choices=list(CASES), help="the interrupted run")
    parser.add_argument("--only", default="*", help="pattern of names of fields, such as checkpoint.*")
    parser.add_argument("--every", type=int, default=1, help="of how many changes one is tried")
    options = parser.parse_args()
    found: dict[tuple[str, str, str], str] = {}
    for case in options.case or CASES:
        shown = {name for (_, name, way), what in found.items() if way == "altered" and what in ("refused", "differs")}
        own = outcomes(CASES[case], options.only, options.every, lambda line: sys.stderr.write(f"{line}\n"), shown)
        kinds = [what if ":" not in what else "error" for what in own.values()]
        counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
        sys.stdout.write(f"{case}: {len({name for name, _ in own})} fields, {len(own)} changes: {counts}\n")
        sys.stdout.flush()
        found |= {(case, *key): what for key, what in own.items()}
    problems = faults(found)
    for problem in problems:
        sys.stdout.write(f"    {problem}\n")
    sys.stdout.write(f"{len(problems)} failures\n")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
