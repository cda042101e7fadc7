"""The flags of `train`, generated from the settings of the recipe, data set and cell on the command line.

A new setting of a data set or cell is a flag without any change here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from rnnstudio.cli.output import setting_help, with_unit

if TYPE_CHECKING:
    from rnnstudio.core.schema import Field
    from rnnstudio.core.upgrade import Renamed

SECTIONS = {"data": "Data", "model": "Model", "training": "Training"}
_METAVARS = {"whole": "N", "real": "X", "text": "TEXT", "wholes": "N,N,...", "choice": "NAME"}
_CHOOSERS = ("dataset", "cell")  # they decide which other settings exist
_FILE_CHOOSERS = ("sequence", "task")  # they decide how a file is read


@dataclass(frozen=True)
class Preview:
    """The arguments that decide which flags exist, read before the flags are known; empty where they are not given."""

    start: str = ""
    dataset: str = ""
    cell: str = ""
    sequence: str = ""
    task: str = ""

    @property
    def choosers(self) -> dict[str, str]:
        """The settings that decide which other settings exist."""
        from rnnstudio.results.source import is_path

        names = (*_CHOOSERS, *(_FILE_CHOOSERS if is_path(self.start) else ()))
        return {name: value for name in names if (value := getattr(self, name))}


def preview(args: Sequence[str], without_value: set[str]) -> Preview:
    """Return what is to be trained, on which data set and with which cell, without knowing the flags.

    Args:
        args: The command line after `train`.
        without_value: Flags that take no value.

    >>> preview(["echo", "--units", "5", "--cell", "gru"], set())
    Preview(start='echo', dataset='', cell='gru', sequence='', task='')
    """
    values: dict[str, str] = {}
    remaining = iter(args)
    for arg in remaining:
        if arg == "--":
            values.setdefault("start", next(remaining, ""))
        elif not arg.startswith("-") or arg == "-":
            values.setdefault("start", arg)
        elif arg not in without_value:
            flag, equals, value = arg.partition("=")
            name = flag.lstrip("-")
            value = value if equals else next(remaining, "")
            if name in (*_CHOOSERS, *_FILE_CHOOSERS):
                values[name] = value
    return Preview(**values)


def flag_names(name: str) -> list[str]:
    """Return the flags of a setting: with hyphens, and with its flat name.

    >>> flag_names("learning_rate")
    ['--learning-rate', '--learning_rate']
    """
    return list(dict.fromkeys((f"--{name.replace('_', '-')}", f"--{name}")))


def flag_text(name: str, value: Any) -> str:
    """Return a setting with its value as it stands on the command line.

    >>> flag_text("val_fraction", 0.1), flag_text("restore_best_weights", True)
    ('--val-fraction 0.1', '--restore-best-weights')
    """
    from rnnstudio.core.differences import value_text

    flag = flag_names(name)[0]
    if isinstance(value, bool):
        return flag if value else _negated(flag)
    return f"{flag} {value_text(value)}"


def flags_without_value() -> set[str]:
    """Return the flags of all data sets and cells that take no value."""
    names = {name for _, _, field in _all_fields() if field.kind == "flag" for name in flag_names(field.name)}
    return names | {_negated(name) for name in names}


class SettingOption(click.Option):
    """A setting as a flag. Its value is validated with all other settings, with the same messages as elsewhere.

    Args:
        field: The setting.
        default: Its default in the recipe or data set.
    """

    def __init__(self, field: Field, default: Any) -> None:
        names = flag_names(field.name)
        if field.kind == "flag":
            names = [f"{name}/{_negated(name)}" for name in names]
        super().__init__([*names, field.name], default=None)
        self.field, self.start_value = field, default

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the number that was typed; other text unchanged, for the message."""
        return parsed(self.field, value) if isinstance(value, str) else super().type_cast_value(ctx, value)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return flag and description, with the default in this recipe."""
        field = self.field
        flag = flag_names(field.name)[0]
        left = f"--[no-]{flag[2:]}" if field.kind == "flag" else f"{flag} {_METAVARS[field.kind]}"
        description = setting_help(field.kind, field.description, field.allowed)
        return left, f"{description} [default: {with_unit(self.start_value, field.unit, field.when_empty)}]"


class OldSettingOption(click.Option):
    """A setting under its old name: accepted with a warning, and hidden in the help.

    Args:
        renamed: The old and the new name.
        field: The setting under its new name.
    """

    def __init__(self, renamed: Renamed, field: Field) -> None:
        super().__init__([*flag_names(renamed.old), renamed.old], default=None, hidden=True)
        self.field = field

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the number that was typed; other text unchanged."""
        return parsed(self.field, value) if isinstance(value, str) else value


def parsed(field: Field, text: str) -> Any:
    """Return the number in `text` where the setting is a number, else the text."""
    if field.kind not in ("whole", "real"):
        return text
    from rnnstudio.core.typed_numbers import TypedNumberError, typed_number

    try:
        return typed_number(text, whole=field.kind == "whole")
    except TypedNumberError:  # the schema refuses it
        return text


def options_for(request: Preview) -> list[SettingOption | OldSettingOption]:
    """Return a flag for every setting, and a hidden one for every old name.

    Raises:
        UnknownNameError: No such recipe, data set or cell.
    """
    from rnnstudio.api import experiment
    from rnnstudio.core.catalog import CELLS, DATASETS
    from rnnstudio.core.errors import SettingError
    from rnnstudio.core.experiment import schema
    from rnnstudio.core.schema import Field
    from rnnstudio.core.upgrade import renamed_settings

    start = experiment(request.start, **{k: v for k, v in request.choosers.items() if k not in _CHOOSERS})
    dataset, cell = request.dataset or start.data.dataset, request.cell or start.model.cell
    fields = schema(dataset, cell)
    if "task" in request.choosers and "task" not in fields:  # accept the only task of these files as well
        task = Field("task", "data", "choice", request.task, "What is predicted.", choices=(request.task,))
        fields = {"task": task, **fields}
    try:
        defaults = experiment(request.start, **request.choosers).flat()
    except SettingError:  # they need further flags, which are not known yet
        defaults = {"dataset": dataset, "cell": cell, **{field.name: field.default for field in fields.values()}}
    choosers = {
        "data": Field("dataset", "data", "choice", "", "The data set.", choices=tuple(DATASETS.names())),
        "model": Field("cell", "model", "choice", "", "The recurrent cell.", choices=tuple(CELLS.names())),
    }
    in_order = []
    for section in SECTIONS:
        in_order += [choosers[section]] if section in choosers else []
        in_order += [field for field in fields.values() if field.section == section]
    old = [OldSettingOption(renamed, fields[renamed.new]) for renamed in renamed_settings(fields).values()]
    return [*(SettingOption(field, defaults[field.name]) for field in in_order), *old]


def setting_of_another(flag: str, request: Preview) -> str:
    """Return a sentence about a flag that belongs to another data set or cell; empty for an unknown flag."""
    from rnnstudio.core.upgrade import RENAMED
    from rnnstudio.core.wording import enumeration

    name = flag.lstrip("-").removeprefix("no-").replace("-", "_")
    new = next((renamed.new for renamed in RENAMED if renamed.old == name), "")
    owners = [(kind, owner) for kind, owner, field in _all_fields() if field.name == (new or name)]
    if not owners:
        return ""
    kind = owners[0][0]
    names = [owner for owner_kind, owner in owners if owner_kind == kind]
    kind_label = f"{'data set' if kind == 'dataset' else kind}{'s' if len(names) > 1 else ''}"
    is_now = f"is now {flag_names(new)[0]}," if new else "is"
    return (
        f"{flag} {is_now} a setting of the {kind_label} {enumeration(names)}, which {request.start} does not use here."
    )


def _all_fields() -> Iterator[tuple[str, str, Field]]:
    """Yield "dataset" or "cell", the name of each, and each of its settings."""
    from rnnstudio.core.catalog import CELLS, DATASETS
    from rnnstudio.core.schema import fields_of

    for data in DATASETS:
        yield from (("dataset", data.name, field) for field in fields_of(data.settings, "data").values())
    for cell in CELLS:
        yield from (("cell", cell.name, field) for field in fields_of(cell.settings, "model").values())


def _negated(flag: str) -> str:
    return f"--no-{flag.removeprefix('--')}"
