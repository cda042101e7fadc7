"""Descriptions of settings for form, flags, R and documentation, and the error messages for values not allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, get_args, get_origin

import annotated_types
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticUndefined

from rnnstudio.core.errors import SettingError, UnknownNameError
from rnnstudio.core.optimizers import OPTIMIZERS
from rnnstudio.core.settings import Settings
from rnnstudio.core.typed_numbers import TypedNumberError
from rnnstudio.core.wording import setting_label

Kind = Literal["whole", "real", "flag", "choice", "text", "wholes"]
Section = Literal["data", "model", "training"]


@dataclass(frozen=True)
class Field:
    """A setting as the front ends show it.

    Attributes:
        name: Flat name in flags, Python and R.
        section: data, model or training.
        kind: whole, real, flag, choice, text or wholes (a list of whole numbers).
        default: Value where the user gives none.
        description: One sentence.
        unit: Unit of the value; empty for pure numbers.
        label: Label in a form.
        advanced: Whether a form folds it away.
        path: Endings that a path may have, with "/" for a folder; empty for other settings.
        choices: Values of a choice.
        retired: Choices of saved experiments that new ones do not have: the sentence that refuses each, by choice.
        minimum: Lower bound; excluded where `above` is true.
        maximum: Upper bound; excluded where `below` is true.
        when_empty: What is used where the value is empty, such as "found in the file"; empty for nothing.
        automatic: Whether it may be `auto`: its value is then chosen from the training data.
    """

    name: str
    section: Section
    kind: Kind
    default: Any
    description: str
    unit: str = ""
    label: str = ""
    advanced: bool = False
    path: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    retired: Mapping[str, str] = dataclass_field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    above: bool = False
    below: bool = False
    when_empty: str = ""
    automatic: bool = False

    @property
    def allowed(self) -> str:
        """Description of the allowed values, to follow "must be"."""
        return f"{self._allowed_value}, or auto" if self.automatic else self._allowed_value

    @property
    def _allowed_value(self) -> str:
        if self.kind == "flag":
            return "true or false"
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        if self.kind == "text":
            return "text"
        if self.kind == "wholes":
            numbers = f"whole numbers from {_plain(self.minimum or 1)} to {_plain(self.maximum or 65536)}"
            return f"{numbers}, or none" if self.automatic else numbers
        noun = "a whole number" if self.kind == "whole" else "a number"
        low = "" if self.minimum is None else f"{'above' if self.above else 'from'} {_plain(self.minimum)}"
        high = "" if self.maximum is None else f"{'below' if self.below else 'up to'} {_plain(self.maximum)}"
        if low.startswith("from") and high.startswith("up to"):
            return f"{noun} {low} to {high.removeprefix('up to ')}"
        if low.startswith("from") and high:
            return f"{noun} {low} to {high}"
        return " ".join(part for part in (noun, low, "and" if low and high else "", high) if part)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for R and JSON."""
        return {
            "name": self.name,
            "section": self.section,
            "kind": self.kind,
            "default": self.default,
            "when_empty": self.when_empty,
            "automatic": self.automatic,
            "description": self.description,
            "unit": self.unit,
            "choices": list(self.choices),
            "allowed": self.allowed,
        }


def _plain(value: float) -> str:
    return f"{int(value)}" if float(value).is_integer() else f"{value:g}"


def _kind(info: FieldInfo, choices: tuple[str, ...]) -> Kind:
    if choices:
        return "choice"
    annotation = info.annotation
    kinds: dict[Any, Kind] = {bool: "flag", int: "whole", float: "real", str: "text"}
    return kinds.get(annotation, "wholes" if get_origin(annotation) is list else "text")


def _metadata(info: FieldInfo) -> list[Any]:
    """Return what limits the values of a setting, or each value of a list."""
    if get_origin(info.annotation) is not list:
        return info.metadata
    of_values = getattr(get_args(info.annotation)[0], "__metadata__", ())
    return [limit for own in of_values if isinstance(own, FieldInfo) for limit in own.metadata]


def one_field(name: str, info: FieldInfo, section: Section) -> Field:
    """Return the description of one pydantic field."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    choices = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
    if name == "optimizer":
        choices = tuple(OPTIMIZERS)
    retired = {k: str(v) for k, v in texts.items()} if isinstance(texts := extra.get("retired"), dict) else {}
    limits: dict[str, Any] = {}
    for limit in _metadata(info):
        if isinstance(limit, (annotated_types.Ge, annotated_types.Gt)):
            limits["minimum"] = float(getattr(limit, "ge", getattr(limit, "gt", None)))  # type: ignore[arg-type]
            limits["above"] = isinstance(limit, annotated_types.Gt)
        if isinstance(limit, (annotated_types.Le, annotated_types.Lt)):
            limits["maximum"] = float(getattr(limit, "le", getattr(limit, "lt", None)))  # type: ignore[arg-type]
            limits["below"] = isinstance(limit, annotated_types.Lt)
    return Field(
        name=name,
        section=section,
        kind=_kind(info, choices),
        default=info.default,
        description=info.description or "",
        unit=str(extra.get("unit", "")),
        label=str(extra.get("label", "")) or setting_label(name),
        advanced=bool(extra.get("advanced", False)),
        path=tuple(str(ending) for ending in endings) if isinstance(endings := extra.get("path"), list) else (),
        choices=tuple(str(c) for c in choices if c not in retired),
        retired=retired,
        when_empty=str(extra.get("when_empty", "")),
        automatic=bool(extra.get("automatic", False)),
        **limits,
    )


@cache
def fields_of(settings: type[Settings], section: Section) -> Mapping[str, Field]:
    """Return the settings of a class by name, without those that have one allowed value only."""
    fixed = fixed_values(settings)
    return {
        name: one_field(name, info, section)
        for name, info in settings.model_fields.items()
        if name not in fixed and info.default is not PydanticUndefined
    }


@cache
def fixed_values(settings: type[Settings]) -> Mapping[str, Any]:
    """Return the values of the settings that have one allowed value only."""
    return {
        name: get_args(info.annotation)[0]
        for name, info in settings.model_fields.items()
        if get_origin(info.annotation) is Literal and len(get_args(info.annotation)) == 1
    }


def explain(error: ValidationError, fields: Mapping[str, Field]) -> SettingError | UnknownNameError:
    """Return the error for the first problem that pydantic reports."""
    return explain_all(error, fields)[0]


def explain_all(error: ValidationError, fields: Mapping[str, Field]) -> list[SettingError | UnknownNameError]:
    """Return an error for each problem that pydantic reports."""
    return [_explained(problem, fields) for problem in error.errors(include_url=False)]


def _explained(problem: ErrorDetails, fields: Mapping[str, Field]) -> SettingError | UnknownNameError:
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, (SettingError, UnknownNameError)):
        return cause
    name = next((str(part) for part in problem["loc"] if str(part) in fields), "")
    if not name:
        where = ".".join(str(part) for part in problem["loc"])
        return SettingError(f"{where or 'the experiment'} is not as expected: {problem['msg']}.", "")
    received = problem["input"]
    field = fields[name]
    near = get_close_matches(str(received), field.choices, n=1, cutoff=0.5) if field.choices else []
    hint = f" Did you mean {near[0]}?" if near else f" {cause}" if isinstance(cause, TypedNumberError) else ""
    return SettingError(f"{name} must be {field.allowed}; received {_short(received)}.{hint}", name)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
