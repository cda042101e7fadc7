"""Checks of the settings that a data set or a cell declares, made when it is registered."""

from __future__ import annotations

from typing import Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from rnnstudio.core.errors import RegistrationError
from rnnstudio.core.schema import explain, fields_of, fixed_values
from rnnstudio.core.setting_types import Task
from rnnstudio.core.settings import DataSettings, ModelSettings, Settings, TrainingSettings, WindowSettings
from rnnstudio.core.wording import enumeration

# Flags and keywords have one name space, so a data set or cell cannot reuse these names.
_TAKEN: dict[str, dict[str, type[Settings]]] = {
    "data": {"the model": ModelSettings, "the training": TrainingSettings},
    "model": {"the data": WindowSettings, "the training": TrainingSettings},
}


def registered_name(settings: type[Settings], section: Literal["data", "model"]) -> str:
    """Return the name of a data set or cell, which its settings declare.

    Args:
        settings: Class of its settings.
        section: data for a data set, model for a cell.

    Raises:
        RegistrationError: The class has another base class, lacks the name or the task, or has a setting without a
            valid default or with the name of a setting of another section.

    >>> from rnnstudio.core.settings import ModelSettings
    >>> class NewSettings(ModelSettings):
    ...     cell: Literal["new"] = "new"
    >>> registered_name(NewSettings, "model")
    'new'
    """
    base, chooser = (DataSettings, "dataset") if section == "data" else (ModelSettings, "cell")
    if not issubclass(settings, base):
        raise RegistrationError(f"{settings.__name__} must derive from {base.__name__}.")
    fixed = fixed_values(settings)
    if chooser not in fixed or settings.model_fields[chooser].default != fixed[chooser]:
        raise RegistrationError(
            f"{settings.__name__} must declare its name as a field with one value and this value as its default: "
            f'{chooser}: Literal["name"] = "name".'
        )
    if section == "data":
        _check_task(settings)
    _check_names(settings, section)
    _check_defaults(settings, section)
    return str(fixed[chooser])


def _check_task(settings: type[Settings]) -> None:
    field, tasks = settings.model_fields["task"], get_args(Task)
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    if not set(choices) <= set(tasks) or field.default not in choices:
        raise RegistrationError(
            f"{settings.__name__} must declare the tasks of its data ({', '.join(tasks)}) and a default, such as "
            'task: Literal["forecast"] = "forecast".'
        )


def _check_names(settings: type[Settings], section: Literal["data", "model"]) -> None:
    for owner, others in _TAKEN[section].items():
        shared = sorted(settings.model_fields.keys() & others.model_fields.keys())
        if shared:
            plural = "s" if len(shared) > 1 else ""
            raise RegistrationError(
                f"{settings.__name__} must not declare the setting{plural} {enumeration(shared)} of {owner}. "
                "Choose another name."
            )
    own = next((name for name in ("seed", "data_seed") if name in settings.model_fields), None)
    if own is not None:
        raise RegistrationError(
            f"{settings.__name__} must not declare the setting {own} of the experiment. Choose another name."
        )


def _check_defaults(settings: type[Settings], section: Literal["data", "model"]) -> None:
    for name, field in settings.model_fields.items():
        if field.default is PydanticUndefined:
            raise RegistrationError(
                f"{settings.__name__} must give the setting {name} a default, such as "
                f'{name}: Whole = setting(1, "What it does.", ge=1, le=100).'
            )
    try:
        settings()
    except ValidationError as error:
        problem = explain(error, fields_of(settings, section))
        raise RegistrationError(f"The defaults of {settings.__name__} must be allowed values: {problem}") from None
