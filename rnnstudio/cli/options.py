"""The flags of `train`, read from the settings of the recipe, data set and cell that the command line names.

A new setting of a data set or cell is a flag by being there; nothing here has to know it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.output import meaning, with_unit

if TYPE_CHECKING:
    from rnnstudio.core.schema import Field

SECTIONS = {"data": "Data", "model": "Model", "training": "Training"}
_METAVARS = {"whole": "N", "real": "X", "text": "TEXT", "wholes": "N,N,...", "choice": "NAME"}
_CHOOSERS = ("dataset", "cell")  # they decide which other settings there are
_FILE_CHOOSERS = ("sequence", "task")  # they decide how a file is read


@dataclass(frozen=True)
class Peek:
    """What the command line is about, before its flags are known; empty where nothing was said."""

    start: str = ""
    dataset: str = ""
    cell: str = ""
    sequence: str = ""
    task: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """The settings that decide which other settings there are."""
        from rnnstudio.results.source import is_path

        names = (*_CHOOSERS, *(_FILE_CHOOSERS if is_path(self.start) else ()))
        return {name: value for name in names if (value := getattr(self, name))}


def peek(args: Sequence[str], without_value: set[str]) -> Peek:
    """Return what is to be trained, and on which data set and cell, without knowing the flags.

    Args:
        args: The command line after `train`.
        without_value: Flags that stand alone.
    """
    found: dict[str, str] = {}
    waiting = iter(args)
    for arg in waiting:
        if arg == "--":
            found.setdefault("start", next(waiting, ""))
        elif not arg.startswith("-") or arg == "-":
            found.setdefault("start", arg)
        elif arg not in without_value:
            flag, equals, value = arg.partition("=")
            name = flag.lstrip("-")
            value = value if equals else next(waiting, "")
            if name in (*_CHOOSERS, *_FILE_CHOOSERS):
                found[name] = value
    return Peek(**found)


def flag_names(name: str) -> list[str]:
    """Return the flags of a setting: with hyphens, and as it is called everywhere else."""
    return list(dict.fromkeys((f"--{name.replace('_', '-')}", f"--{name}")))


def _all_fields() -> Iterator[tuple[str, str, Field]]:
    """Yield "dataset" or "cell", the name of each, and each of its settings."""
    from rnnstudio.core.catalog import CELLS, DATASETS
    from rnnstudio.core.schema import fields_of

    for data in DATASETS:
        yield from (("dataset", data.name, field) for field in fields_of(data.settings, "data").values())
    for cell in CELLS:
        yield from (("cell", cell.name, field) for field in fields_of(cell.settings, "model").values())


def switches() -> set[str]:
    """Return the flags of any data set or cell that take no value."""
    names = {name for _, _, field in _all_fields() if field.kind == "flag" for name in flag_names(field.name)}
    return names | {_negated(name) for name in names}


def _negated(flag: str) -> str:
    return f"--no-{flag.removeprefix('--')}"


class SettingOption(click.Option):
    """One setting as a flag; its value is judged where all settings are, so that every front end says the same."""

    def __init__(self, field: Field, default: Any) -> None:
        names = flag_names(field.name)
        if field.kind == "flag":
            names = [f"{name}/{_negated(name)}" for name in names]
        super().__init__([*names, field.name], default=None)
        self.field, self.usual = field, default

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the number that was typed; what is none stays text, for the message."""
        return parsed(self.field, value) if isinstance(value, str) else super().type_cast_value(ctx, value)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return flag and sentence, with the value it has in this recipe."""
        field = self.field
        flag = flag_names(field.name)[0]
        left = f"--[no-]{flag[2:]}" if field.kind == "flag" else f"{flag} {_METAVARS[field.kind]}"
        sentence = meaning(field.kind, field.description, field.allowed)
        return left, f"{sentence} [default: {with_unit(self.usual, field.unit)}]"


def parsed(field: Field, text: str) -> Any:
    """Return the number in `text` for a setting that is a number, else the text."""
    for kind in (int, float) if field.kind in ("whole", "real") else ():
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def options_for(seen: Peek) -> list[SettingOption]:
    """Return a flag for everything that can be set, with the values it has when nobody says otherwise.

    Raises:
        UnknownNameError: No such recipe, data set or cell.
    """
    from rnnstudio.api import experiment
    from rnnstudio.core.catalog import CELLS, DATASETS
    from rnnstudio.core.errors import SettingError
    from rnnstudio.core.experiment import schema
    from rnnstudio.core.schema import Field

    start = experiment(seen.start, **{k: v for k, v in seen.chosen.items() if k not in _CHOOSERS})
    dataset, cell = seen.dataset or start.data.dataset, seen.cell or start.model.cell
    fields = schema(dataset, cell)
    if "task" in seen.chosen and "task" not in fields:  # a file that was named as what it is: nothing to choose
        fields = {"task": Field("task", "data", "choice", seen.task, "What is told.", choices=(seen.task,)), **fields}
    try:
        usual = experiment(seen.start, **seen.chosen).flat()
    except SettingError:  # they only go together with further flags, which are not known yet
        usual = {"dataset": dataset, "cell": cell, **{field.name: field.default for field in fields.values()}}
    chooser = {
        "data": Field("dataset", "data", "choice", "", "What is learned.", choices=tuple(DATASETS.names())),
        "model": Field("cell", "model", "choice", "", "The recurrent cell.", choices=tuple(CELLS.names())),
    }
    found = []
    for section in SECTIONS:
        found += [chooser[section]] if section in chooser else []
        found += [field for field in fields.values() if field.section == section]
    return [SettingOption(field, usual[field.name]) for field in found]


def elsewhere(flag: str, seen: Peek) -> str:
    """Return a sentence about a flag that is a setting of another data set or cell; empty where it is none."""
    name = flag.lstrip("-").removeprefix("no-").replace("-", "_")
    owners = [(kind, owner) for kind, owner, field in _all_fields() if field.name == name]
    if not owners:
        return ""
    kind = owners[0][0]
    names = ", ".join(owner for of, owner in owners if of == kind)
    what = "data set" if kind == "dataset" else kind
    return f"{flag} is a setting of the {what} {names}, which {seen.start} does not use here."
