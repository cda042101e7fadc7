"""How a setting is declared: its type, and `setting` with default, description, unit and limits.

Form rows, command-line flags, R's help and the documentation read these declarations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from rnnstudio.core.errors import SettingError
from rnnstudio.core.typed_numbers import typed_number

Task = Literal["classify", "label", "forecast", "regress", "regress_sequence"]
TASKS_PER_SEQUENCE: tuple[Task, ...] = ("classify", "regress_sequence")  # one target for each window
Scale = Literal["none", "standard", "log"]
TestContext = Literal["reach_back", "inside"]


def _refuse_bool(value: object) -> object:
    if isinstance(value, (bool, np.bool_)):
        raise ValueError("a number is expected, not TRUE or FALSE")
    return value


def _whole(value: object) -> object:
    """Return a typed text as the number it is."""
    return typed_number(value, whole=True) if isinstance(value, str) else _refuse_bool(value)


def _real(value: object) -> object:
    return typed_number(value, whole=False) if isinstance(value, str) else _refuse_bool(value)


def _as_list(value: object) -> object:
    """Return a scalar as a list of one and None as an empty list, because R does not distinguish them."""
    if value is None:
        return []
    if isinstance(value, str):
        return [word for word in value.replace(",", " ").split() if word]
    if isinstance(value, (list, tuple, set)):
        return list(value)
    tolist = getattr(value, "tolist", None)  # NumPy arrays and scalars
    plain = tolist() if callable(tolist) else value
    return plain if isinstance(plain, list) else [plain]


def _as_percents(value: object) -> object:
    """Return a list, of the word none an empty one; 80 % as 80."""
    if isinstance(value, str):
        value = "" if value.strip().lower() == "none" else value.replace("%", " ")
    return _as_list(value)


def _absolute(path: str) -> str:
    """Return the absolute path, so that a saved run finds its data from any folder."""
    try:
        return str(Path(path).expanduser().absolute()) if path else ""
    except RuntimeError:  # a user without a home folder; reading the file reports it
        return path


Whole = Annotated[int, BeforeValidator(_whole)]
Real = Annotated[float, BeforeValidator(_real), Field(allow_inf_nan=False)]
Wholes = Annotated[list[Annotated[Whole, Field(ge=1, le=65536)]], BeforeValidator(_as_list)]


def percents(value: Any, name: str) -> list[int]:
    """Return levels in percent that a caller passed, in order.

    Raises:
        SettingError: They are no whole numbers from 1 to 99.

    >>> percents(95.0, "level"), percents("80, 95", "level"), percents("none", "level")
    ([95], [80, 95], [])
    """
    try:
        return TypeAdapter(Percents).validate_python(value)
    except ValidationError:
        raise SettingError(f"{name} must be whole numbers from 1 to 99, or none; received {value!r}.", name) from None


Percents = Annotated[
    list[Annotated[Whole, Field(ge=1, le=99)]], BeforeValidator(_as_percents), AfterValidator(lambda v: sorted(set(v)))
]
FilePath = Annotated[str, AfterValidator(_absolute)]


def setting(
    default: Any,
    description: str,
    *,
    unit: str = "",
    label: str = "",
    advanced: bool = False,
    path: Sequence[str] = (),
    retired: Mapping[str, str] | None = None,
    when_empty: str = "",
    automatic: bool = False,
    **limits: Any,
) -> Any:
    """Declare a setting.

    Args:
        default: Value where the user gives none.
        description: One sentence for the form, the flag, R and the documentation.
        unit: Unit of the value, such as "steps"; empty for pure numbers.
        label: Label in the form; made of the name when empty.
        advanced: Whether the form folds it away, because few users change it.
        path: For the path of a file: the endings it may have, and "/" where it may be a folder.
        retired: Choices of saved experiments that new ones do not have: the sentence that refuses each, by choice.
        when_empty: What is used where the default is empty, such as "found in the file"; empty for nothing.
        automatic: Whether the setting may be `auto`: its value is then chosen from the training data.
        **limits: pydantic's `ge`, `gt`, `le`, `lt`, `max_length` ...
    """
    extra: dict[str, Any] = {"unit": unit, "label": label, "advanced": advanced, "path": list(path)}
    extra["when_empty"], extra["automatic"] = when_empty, automatic
    extra["retired"] = dict(retired or {})
    return Field(default, description=description, json_schema_extra=extra, **limits)


class Settings(BaseModel):
    """Base class of all settings: frozen, without unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
